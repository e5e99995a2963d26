# SPDX-License-Identifier: MIT
"""python3 -m tests.bench.lists: what reading the catalogue takes of a service that answers slowly.

The plugin is that of S2C_PLUGIN_DIR, or the one that was built here.
"""

import argparse
import time

from .. import conftest
from ..backend.process import LocalSen2Cube


def seconds(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def works(gdal):
    """(title, what is done) of each line."""
    def rows(where=None, box=None):
        def read():
            opened = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
            layer = opened.GetLayer("inference")
            layer.SetAttributeFilter(where)
            if box:
                layer.SetSpatialFilterRect(*box)
                layer.GetFeatureCount()
                layer.GetExtent()
            for _ in layer:
                pass
        return read
    return [("all rows, all attributes", rows()), ("a filter of the server's", rows("fid < 10425")),
            ("count, extent and rows of a place", rows(box=(13, 47.7, 13.1, 47.8))),
            ("/vsis2c/ entry by entry", lambda: list(gdal.listdir("/vsis2c/")))]


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.bench.lists", description=__doc__)
    parser.add_argument("--inferences", type=int, default=5000)
    parser.add_argument("--delay", type=float, default=0.3, metavar="SECONDS")
    options = parser.parse_args()
    from osgeo import gdal
    gdal.UseExceptions()
    print(f"{options.inferences} inferences, {options.delay} s an answer, {conftest.PLUGIN_DIR}")
    with LocalSen2Cube("--inferences", options.inferences - 59) as server:
        for name, value in server.environment().items():
            gdal.SetConfigOption(name, value)
        gdal.SetConfigOption("S2C_TOKEN_CACHE", "NO")
        server.fault(server="api", count=None, delay=options.delay)
        for title, work in works(gdal):
            server.forget()
            taken = seconds(work)
            print(f"{title:36} {len(server.requests('api')):4} requests {taken:7.2f} s")


if __name__ == "__main__":
    main()
