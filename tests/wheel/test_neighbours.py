# SPDX-License-Identifier: MIT
"""Several GDALs in one process: each gets its own plugin, or one sentence."""

import itertools
import re

import pytest

GDALS = {"rasterio": "3.10", "pyogrio": "3.12", "fiona": "3.9"}
IN_ORDER = """
import importlib, json, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
import rasterio
with rasterio.open("S2C:10424:Cloud_free_composite") as found, rasterio.open(sys.argv[1]) as expected:
    same = found.read().tobytes() == expected.read().tobytes()
import fiona, pyogrio
with fiona.Env():
    drivers = fiona.env.local._env.drivers()
print(json.dumps([same, "S2C" in pyogrio.list_drivers(), "S2C" in drivers,
                  "GPKG" in drivers, "GPKG" in pyogrio.list_drivers()]))
"""
TWO_OF_A_MINOR = """
import importlib, json, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
import pyogrio, rasterio
rows = pyogrio.read_info("S2C:10424:green_spaces")["features"]
with rasterio.open("S2C:10424:Cloud_free_composite") as found, rasterio.open(sys.argv[1]) as expected:
    same = found.read().tobytes() == expected.read().tobytes()
print(json.dumps([same, rows > 0]))
"""


def orders(*packages):
    return [pytest.param(order, id="-".join(order)) for order in itertools.permutations(packages)]


@pytest.mark.parametrize("order", orders("rasterio", "pyogrio", "fiona"))
def test_a_gdal_without_a_plugin_says_so_once_and_goes_on(current, order):
    found, lines = current.python(IN_ORDER, current.sample("Cloud_free_composite.tiff"), *order)
    has = {name: minor in current.minors() for name, minor in GDALS.items()}
    assert found == [True, has["pyogrio"], has["fiona"], True, True]
    told = [re.search(r"the plugin for its GDAL ([0-9.]+), is not there", line)[1] for line in lines]
    assert sorted(told) == sorted(GDALS[name] for name in GDALS if not has[name])


@pytest.mark.parametrize("order", orders("rasterio", "pyogrio"))
def test_two_gdals_of_one_minor_have_a_plugin_each(older, order):
    assert older.python(TWO_OF_A_MINOR, older.sample("Cloud_free_composite.tiff"), *order) \
        == ([True, True], [])
