# SPDX-License-Identifier: MIT
"""Memcheck sees no fault of the plugin in programs that end well and in ones that do not (issue 15)."""

import re

import pytest

# Of what GDAL and its libraries lose until the process ends nothing is said here.
VALGRIND = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--errors-for-leak-kinds=none", "--num-callers=30", "--fair-sched=yes")
PROGRAMS = {
    "raster": (0, "gdalinfo", "-checksum", "S2C:10424:water_count"),
    "table": (0, "ogrinfo", "-ro", "-al", "S2C:10424:water_time_series"),
    "catalogue": (0, "ogrinfo", "-ro", "-q", "S2C:", "inference", "-where", "status = 'FAILED'"),
    "mosaic": (0, "gdalinfo", "-checksum", "S2C:mosaic(10424):water_count"),
    "no such output": (1, "gdalinfo", "S2C:10424:nothing"),
}


def lost_by_the_plugin(told):
    """The blocks that are definitely lost and were taken by the plugin's code."""
    blocks = re.split(r"^==\d+== $", told, flags=re.MULTILINE)
    return [block for block in blocks if "definitely lost" in block and "s2c::" in block]


@pytest.mark.parametrize("name", PROGRAMS)
def test_memcheck_finds_nothing(machine, name):
    code, *program = PROGRAMS[name]
    done = machine.run(*VALGRIND, *program)
    assert done.returncode == code, done.stderr
    assert "Invalid" not in done.stderr and "uninitialised" not in done.stderr, done.stderr
    assert not lost_by_the_plugin(done.stderr)
