# SPDX-License-Identifier: MIT
"""Processes that a program starts find the plugin as it does."""

import os

import pytest

from .conftest import CHROOT

POOL = """
import json, multiprocessing, sys
import rasterio

def mean(name):
    with rasterio.open(name) as dataset:
        return float(dataset.read(masked=True).mean())

if __name__ == "__main__":
    names = ["S2C:10424:Cloud_free_composite", sys.argv[2]] * 4
    if sys.argv[3] == "used":
        mean(names[0])
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        print(json.dumps(pool.map(mean, names, chunksize=1)))
"""
# What another program has is its own affair; that of the system is not a package of this Python.
GDALINFO = """
import json, subprocess
import rasterio
done = subprocess.run(["gdalinfo", "-json", "S2C:10424:Cloud_free_composite"],
                      capture_output=True, text=True)
print(json.dumps([json.loads(done.stdout)["driverShortName"], done.stderr]))
"""


@pytest.mark.parametrize("parent", ["unused", "used"])
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(current, method, parent):
    means, lines = current.python(POOL, method, current.sample("Cloud_free_composite.tiff"), parent)
    assert (len(set(means)), lines) == (1, [])


if not CHROOT and os.path.exists("/usr/bin/gdalinfo"):
    def test_a_program_of_the_systems_gdal_started_by_python_opens_it_too(current):
        assert current.python(GDALINFO) == (["S2C", ""], [])
