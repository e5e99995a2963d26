# SPDX-License-Identifier: MIT
"""Run by test_dask.py: dask_program.py WORKERS NAME...; prints the mean of the results as JSON.

The workers are processes of their own, as on a cluster; they know the names, and nothing else.
"""

import json
import os
import sys

import dask
import dask.array
import distributed
import rasterio


@dask.delayed
def read(name):
    with rasterio.open(name) as raster:
        return raster.read(1)


def call_myself(dask_worker):
    """So that the server's journal tells the workers from each other."""
    os.environ["GDAL_HTTP_USERAGENT"] = f"worker {dask_worker.name}"
    return os.getpid()


def main(workers, *names):
    with distributed.LocalCluster(n_workers=int(workers), threads_per_worker=2, processes=True,
                                  host="127.0.0.1", dashboard_address=None) as cluster, \
            distributed.Client(cluster) as client:
        processes = {*client.run(call_myself).values()}
        with rasterio.open(names[0]) as first:
            shape, kind = first.shape, first.dtypes[0]
        stack = dask.array.stack([dask.array.from_delayed(read(name), shape, kind)
                                  for name in names])
        mean = stack.astype("float64").mean(axis=0).compute()
    print(json.dumps({"processes": len(processes), "mean": mean.tolist()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
