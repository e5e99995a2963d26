# SPDX-License-Identifier: MIT
"""Ten thousand opens leave nothing behind, neither memory nor descriptors (issue 15)."""

import itertools
import os

import pytest
from osgeo import gdal

from .support import config_options

ROUNDS = 10_000
# After so many everything that is kept once has come, and the allocator has its pools.
SETTLED = 2_000
# A leak of 200 bytes an open; what the allocator does between two looks is below a megabyte.
MOST_BYTES = 200 * (ROUNDS - SETTLED)


def raster():
    assert gdal.Open("S2C:10424:Cloud_free_composite").RasterCount == 3


def pixels():
    assert gdal.Open("S2C:10424:water_count").ReadAsArray(0, 0, 1, 1) is not None


def table():
    assert gdal.OpenEx("S2C:10424:water_time_series", gdal.OF_VECTOR).GetLayerCount() == 1


def file():
    assert gdal.VSIStatL("/vsis2c/10424/water_count.tiff").size > 0


def mosaic():
    assert gdal.Open("S2C:mosaic(10424):water_count").RasterCount == 1


def nothing():
    with pytest.raises(RuntimeError, match="has no output 'nothing'"):
        gdal.Open("S2C:10424:nothing")


def refused():
    with config_options(S2C_API_URL="http://127.0.0.1:1/v1"), pytest.raises(RuntimeError):
        gdal.Open("S2C:10424:water_count")


SESSIONS = itertools.count(1)


def session():
    with config_options(GDAL_HTTP_USERAGENT=f"many {next(SESSIONS)}", S2C_CACHE_SIZE="1"):
        raster()


def used():
    """(bytes that are this process's own, descriptors)"""
    with open("/proc/self/smaps_rollup", encoding="ascii") as lines:
        kib = next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))
    return kib << 10, len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("open_it", [raster, pixels, table, file, mosaic, nothing, refused,
                                     session])
def test_ten_thousand_opens_leave_nothing_behind(sen2cube, open_it):
    for _ in range(SETTLED):
        open_it()
    bytes_before, descriptors_before = used()
    sen2cube.forget()
    for _ in range(ROUNDS - SETTLED):
        open_it()
    bytes_after, descriptors_after = used()
    print(f"{open_it.__name__}: {bytes_after - bytes_before} bytes more")
    assert descriptors_after <= descriptors_before
    assert bytes_after - bytes_before <= MOST_BYTES
