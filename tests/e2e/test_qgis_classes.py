# SPDX-License-Identifier: MIT
"""Categorical rasters in QGIS, as they are drawn when somebody adds them and does nothing else."""

import os
import sys

import numpy as np
import pytest
from osgeo import gdal

from ..backend.maps import COLOR_TYPES, MAPS, classes
from .support import ROOT, sample
from .test_categories import COLOURS

OPTIONS = ("--maps",)
PROGRAM = os.path.join(ROOT, "tests", "e2e", "qgis_program.py")
WHITE = (255, 255, 255)
# From here on QGIS reads raster attribute tables, and needs no colour table.
READS_TABLES = 33000


@pytest.fixture
def added(machine):
    def run(name):
        path = machine.folder / "map.png"
        found = machine.python(open(PROGRAM, encoding="utf-8").read(), "as_added", name, path,
                               QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=machine.folder)
        assert found["valid"] and found["errors"] == [], found
        return found, np.moveaxis(gdal.Open(str(path)).ReadAsArray()[:3], 0, 2)
    return run


def painted(values, colours):
    """The picture of these values; white where there are none."""
    return np.array([WHITE, *colours], np.uint8)[values]


def test_bytes_have_the_colours_and_the_names_of_their_classes(added):
    found, picture = added(f"S2C:{MAPS}:land_use")
    assert found["renderer"] == "paletted"
    assert [label for label in found["labels"] if label.startswith("class")] \
        == [f"class {value}" for value in range(1, 6)]
    values = classes(os.path.dirname(sample("land_cover")))
    assert np.array_equal(picture, painted(values, COLOURS))


def test_classes_of_the_factbase_have_its_names(added):
    found, picture = added(f"S2C:{MAPS}:color_type")
    assert {"Strong vegetation with high NIR", "Cloud"} <= {*found["labels"]}
    values = classes(os.path.dirname(sample("land_cover")))
    order = sorted({*COLOR_TYPES})
    places = np.array([0, *(order.index(one) + 1 for one in COLOR_TYPES)])[values]
    assert np.array_equal(picture, painted(places, COLOURS))


def test_floats_have_the_colours_of_their_classes_where_qgis_reads_tables(added):
    found, picture = added("S2C:10424:land_cover")
    values = classes(os.path.dirname(sample("land_cover")))
    if found["version"] >= READS_TABLES:
        assert found["renderer"] == "paletted"
        assert found["labels"] == [f"class {value}" for value in range(1, 6)]
        assert np.array_equal(picture, painted(values, COLOURS))
    else:
        # It knows colours of bytes and short integers alone; docs/rasters.md says what to do.
        assert found["renderer"] == "singlebandgray"
