# SPDX-License-Identifier: MIT
"""A program in C++ that reads through GDAL with sixteen threads. With S2C_READER_BUILD of a build under
a sanitizer it is that build's, and so is its plugin (issue 15): no python3 can load that of
ThreadSanitizer, whose runtime wants to be there first."""

import os

import pytest

from .rasters import noise, publish, write
from .support import ROOT

THREADS, READS = 16, 20
NUMBER = 10425
NAMES = (f"S2C:{NUMBER}:tiled", f"S2C:mosaic({NUMBER}):tiled", f"/vsis2c/{NUMBER}/tiled.tiff")
BUILD = os.path.join(ROOT, os.environ.get("S2C_READER_BUILD", "build"))
READER = os.path.join(BUILD, "tests/reader/reader")
PLUGIN = {"GDAL_DRIVER_PATH": os.path.join(BUILD, "gdalplugins")}


@pytest.fixture(scope="module")
def local_file(sen2cube, tmp_path_factory):
    path = write(tmp_path_factory.mktemp("reader") / "tiled.tiff", noise(4), "GTiff",
                 ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=PIXEL"])
    publish(sen2cube, NUMBER, {"tiled": path})
    return path


@pytest.mark.parametrize("options", [{}, {"GDAL_NUM_THREADS": "2"}, {"S2C_CACHE_SIZE": "1"}],
                         ids=str)
def test_sixteen_threads_read_what_the_file_has(machine, local_file, options):
    told = machine.succeed(READER, THREADS, READS, local_file, *NAMES, **PLUGIN, **options)
    assert told == f"{THREADS * READS * len(NAMES)} reads, 0 wrong\n"


def test_a_wrong_pixel_would_be_told(machine, local_file, tmp_path):
    other = write(tmp_path / "other.tiff", noise(5), "GTiff", [])
    done = machine.run(READER, 2, 1, other, NAMES[0], **PLUGIN)
    assert (done.returncode, done.stdout) == (1, "2 reads, 2 wrong\n")
