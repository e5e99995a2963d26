# SPDX-License-Identifier: MIT
"""A program in C++ that reads through GDAL with sixteen threads. With S2C_PLUGIN_DIR of a build under
ThreadSanitizer it is that build's (issue 15)."""

import os

import pytest

from .rasters import noise, publish, write
from .support import ROOT

THREADS, READS = 16, 20
NUMBER = 10425
NAMES = (f"S2C:{NUMBER}:tiled", f"S2C:mosaic({NUMBER}):tiled", f"/vsis2c/{NUMBER}/tiled.tiff")


@pytest.fixture(scope="module")
def local_file(sen2cube, tmp_path_factory):
    path = write(tmp_path_factory.mktemp("reader") / "tiled.tiff", noise(4), "GTiff",
                 ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=PIXEL"])
    publish(sen2cube, NUMBER, {"tiled": path})
    return path


def reader():
    beside = os.path.join(os.path.dirname(os.environ["S2C_PLUGIN_DIR"]), "tests/reader/reader")
    return beside if os.path.exists(beside) else os.path.join(ROOT, "build/tests/reader/reader")


@pytest.mark.parametrize("options", [{}, {"GDAL_NUM_THREADS": "2"}, {"S2C_CACHE_SIZE": "1"}],
                         ids=str)
def test_sixteen_threads_read_what_the_file_has(machine, local_file, options):
    told = machine.succeed(reader(), THREADS, READS, local_file, *NAMES, **options)
    assert told == f"{THREADS * READS * len(NAMES)} reads, 0 wrong\n"


def test_a_wrong_pixel_would_be_told(machine, local_file, tmp_path):
    other = write(tmp_path / "other.tiff", noise(5), "GTiff", [])
    done = machine.run(reader(), 2, 1, other, NAMES[0])
    assert (done.returncode, done.stdout) == (1, "2 reads, 2 wrong\n")
