# SPDX-License-Identifier: MIT
"""A program that ends while layers are loading (issue 10)."""

import pytest

from .projects import with_project, write_project
from .support import COMPOSITE, RASTERS, TABLES

RUNS = 6


@pytest.mark.parametrize("run", range(RUNS))
def test_a_process_that_ends_inside_a_project_read_ends_well(machine, sen2cube, run):
    # The thread that reads the project waits for one answer or another when the end comes. Were it
    # in QGIS' own code, QGIS would crash on its own: its static objects are gone by then.
    sen2cube.fault(delay=5, skip=2 * run, count=None)
    project = write_project(machine.folder / "project.qgs",
                            [COMPOSITE, *(f"S2C:10424:{name}" for name in RASTERS)] * 4,
                            [f"S2C:10424|layername={name}" for name in TABLES])
    done = with_project(machine, "end", project, 1.5)
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
