# SPDX-License-Identifier: MIT
"""pip install of a package with a GDAL and of the wheel is all: names open as files do."""

import pytest

READ = """
import json, sys
import rasterio
with rasterio.open("S2C:10424:" + sys.argv[1]) as found, rasterio.open(sys.argv[2]) as expected:
    print(json.dumps([found.read().tobytes() == expected.read().tobytes(),
                      found.read_masks().tobytes() == expected.read_masks().tobytes(),
                      found.crs == expected.crs, found.profile["driver"],
                      [line.split()[-1] for line in open("/proc/self/maps") if ".so" in line]]))
"""
RIOXARRAY = """
import json, sys
import rioxarray
found, expected = (rioxarray.open_rasterio(name, masked=True)
                   for name in ("S2C:10424:Cloud_free_composite", sys.argv[1]))
print(json.dumps([found.identical(expected) or bool((found.fillna(0) == expected.fillna(0)).all()),
                  str(found.rio.crs), list(found.shape)]))
"""
GEOPANDAS = """
import json
import geopandas
rows = geopandas.read_file("S2C:10424:green_spaces", engine="pyogrio")
print(json.dumps([len(rows), list(rows.columns)[-1], str(rows.crs)]))
"""
FIONA = """
import json, sys
import fiona
with fiona.Env():
    drivers = fiona.env.local._env.drivers()
print(json.dumps(["S2C" in drivers, "GPKG" in drivers]))
"""


@pytest.mark.parametrize("name", ["Cloud_free_composite", "water_count", "land_cover"])
def test_rasterio_reads_what_the_local_file_holds(current, sen2cube, name):
    (pixels, masks, crs, driver, libraries), lines = \
        current.python(READ, name, current.sample(name + ".tiff"))
    assert (pixels, masks, crs, driver, lines) == (True, True, True, "S2C", [])
    assert f"{name}_id10424_3035.tiff" in sen2cube.request_lines("files")[-1]
    # The GDAL is rasterio's, and no library of the system does the plugin's work.
    for library in libraries:
        if "libgdal" in library or "libcurl" in library or "libssl" in library:
            assert "/rasterio.libs/" in library


def test_rioxarray_reads_it(current):
    assert current.python(RIOXARRAY, current.sample("Cloud_free_composite.tiff")) \
        == ([True, "EPSG:3035", [3, 240, 268]], [])


def test_geopandas_reads_a_table_with_its_places(older):
    (count, last, crs), lines = older.python(GEOPANDAS)
    assert (count > 0, last, crs, lines) == (True, "geometry", "EPSG:4326", [])


def test_a_gdal_of_another_cxx_abi_says_so_once_and_goes_on(older):
    found, lines = older.python(FIONA)
    assert found == [False, True]
    assert len(lines) == 1 and "undefined symbol" in lines[0]
