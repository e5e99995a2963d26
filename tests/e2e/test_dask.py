# SPDX-License-Identifier: MIT
"""Many processes at once: dask.distributed's workers, and the pools of Python's multiprocessing."""

import collections
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from .rasters import noise, publish, write
from .support import ROOT, SECONDS

PROGRAM = os.path.join(ROOT, "tests", "e2e", "dask_program.py")
WORKERS, RESULTS, SIDE = 4, 24, 96
POOL = """
import json, multiprocessing, sys

def rasterio_sum(name):
    import rasterio
    with rasterio.open(name) as raster:
        return int(raster.read(1).sum())

def osgeo_sum(name):
    from osgeo import gdal
    gdal.UseExceptions()
    return int(gdal.Open(name).ReadAsArray().sum())

if __name__ == "__main__":
    start, library, *names = sys.argv[1:]
    work = {"rasterio": rasterio_sum, "osgeo": osgeo_sum}[library]
    # A pool is often made by a program that has opened something.
    first = work(names[0])
    with multiprocessing.get_context(start).Pool(3) as pool:
        print(json.dumps([first, pool.map(work, names, chunksize=2)]))
"""


@pytest.fixture
def stack(machine, sen2cube):
    """Names of many inferences' results, and their pixels."""
    found = {}
    for number in range(8301, 8301 + RESULTS):
        pixels = noise(number, bands=1, width=SIDE, height=SIDE, kind=np.float32)
        path = write(machine.folder / f"{number}.tif", pixels, "GTiff", ["COMPRESS=LZW"])
        publish(sen2cube, number, {"count": path})
        found[f"S2C:{number}:count"] = pixels[0]
    sen2cube.forget()
    return found


def test_dask_workers_share_one_login(machine, sen2cube, stack):
    done = subprocess.run([sys.executable, PROGRAM, str(WORKERS), *stack], cwd=machine.work,
                          env=machine.environment(), capture_output=True, text=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["processes"] == WORKERS
    assert np.allclose(found["mean"], np.mean([*stack.values()], axis=0, dtype=np.float64))
    table = collections.Counter((entry["user_agent"], entry["server"], entry["grant"] or "")
                                for entry in sen2cube.requests())
    for (program, server, grant), count in sorted(table.items()):
        print(f"{program}: {count} {server} {grant}")
    assert [entry["grant"] for entry in sen2cube.requests("auth")] == ["password"]
    workers = {name for name, server, _ in table if name.startswith("worker ")}
    assert len(workers) > 1
    for server in ("api", "files"):
        asked = [entry for entry in sen2cube.requests(server)
                 if entry["user_agent"].startswith("worker ")]
        assert len(asked) == RESULTS, "one for each result, whichever worker reads it"


@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("library", ["rasterio", "osgeo"])
def test_a_pool_of_processes_reads_with_one_login(machine, sen2cube, stack, start, library):
    program = machine.folder / "pool.py"
    program.write_text(POOL)
    names = [*stack][:8]
    first, sums = json.loads(machine.succeed(sys.executable, program, start, library, *names))
    assert sums == [int(stack[name].sum()) for name in names] and first == sums[0]
    assert [entry["grant"] for entry in sen2cube.requests("auth")] == ["password"]
    # The parent's one, and each child's own.
    assert len(sen2cube.requests("files")) <= 1 + len(names)
