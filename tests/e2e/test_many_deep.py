# SPDX-License-Identifier: MIT
"""More results over one place than may be open at a time."""

import numpy as np
import pytest
from osgeo import gdal, gdal_array

from ..backend import many
from .rasters import noise, publish
from .support import FOLDER, config_options, same_pixels

COUNT, SIDE = 80, 240
OPTIONS = ("--many", COUNT)
NUMBERS = list(range(many.FIRST, many.FIRST + COUNT))
NAME = "S2C:mosaic(fid > 200000):deep"


@pytest.fixture(scope="module")
def deep(sen2cube, tmp_path_factory):
    """What is seen from above: a stripe of each, where all later ones have nothing."""
    seen = np.zeros((3, SIDE, SIDE), np.uint16)
    for place, number in enumerate(NUMBERS):
        values = noise(place, width=SIDE, height=SIDE)
        if place:
            values[:, :, :(COUNT - place) * SIDE // COUNT] = 0
        seen = np.where(values != 0, values, seen)
        source = gdal_array.OpenArray(values)
        source.SetProjection(many.reference("plain", number)[0].ExportToWkt())
        source.SetGeoTransform((many.LEFT, 10, 0, many.TOP, 0, -10))
        for band in range(3):
            source.GetRasterBand(band + 1).SetNoDataValue(0)
        path = str(tmp_path_factory.mktemp("deep") / f"{number}.tiff")
        gdal.GetDriverByName("GTiff").CreateCopy(path, source, options=["TILED=YES"])
        publish(sen2cube, number, {"deep": path})
    assert {seen[0, 0, column] for column in range(0, SIDE, 3)} != {0}
    return seen


def test_all_bands_ask_for_the_rest_of_each_source_once(sen2cube, deep):
    """GDAL's VRT driver reads one band of all sources after the other, and when it begins with the
    second one, neither the first sources' pixels nor their bytes are there any more."""
    with config_options(S2C_CACHE_SIZE="17 MB"):
        found = gdal.Open(NAME)
        sen2cube.forget()
        assert same_pixels(found.ReadAsArray(), deep)
    # A beginning may have left the cache since it was looked at.
    asked = [entry["path"] for entry in sen2cube.requests("files")
             if not entry["range"].startswith("bytes=0-")]
    assert sorted(asked) == sorted(many.place("deep", number, FOLDER) for number in NUMBERS)


def test_some_bands_in_another_order_and_type(deep):
    found = gdal.Open(NAME)
    values = found.ReadAsArray(20, 30, 150, 90, band_list=[3, 1], buf_type=gdal.GDT_Float32,
                               interleave="pixel")
    expected = np.ascontiguousarray(np.moveaxis(deep[[2, 0], 30:120, 20:170], 0, -1))
    assert values.dtype == np.float32
    assert same_pixels(np.ascontiguousarray(values), expected.astype(np.float32))


def test_one_band_after_the_other(deep):
    found = gdal.Open(NAME)
    values = [found.GetRasterBand(number).ReadAsArray() for number in (1, 2, 3)]
    assert same_pixels(np.array(values), deep)


def test_a_source_that_fails_is_an_error_in_the_middle_of_all_bands(sen2cube, deep):
    bad = NUMBERS[COUNT // 2]
    found = gdal.Open(NAME)
    sen2cube.fault(server="files", path=many.place("deep", bad, FOLDER), status=404, count=None)
    with pytest.raises(RuntimeError, match=f"inference {bad}"):
        found.ReadAsArray()
    sen2cube.clear_faults()
