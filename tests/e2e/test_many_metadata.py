# SPDX-License-Identifier: MIT
"""What a mosaic says of its sources together."""

import pytest
from osgeo import gdal, osr

from ..backend import many
from .rasters import noise, publish, write
from .support import another_session

OPTIONS = ("--many", 12)
# Of three months, the last first.
NUMBERS = [many.FIRST + 8, many.FIRST, many.FIRST + 4]
# These have other outputs after the last test.
OTHERS = [many.FIRST + 1, many.FIRST + 2]
NAME = f"S2C:mosaic({','.join(map(str, NUMBERS))}):plain"


def test_a_mosaics_time_reaches_from_the_first_of_its_sources_to_the_last():
    found = gdal.Open(NAME)
    assert (found.GetMetadataItem("TEMP_RANGE_START"), found.GetMetadataItem("TEMP_RANGE_END")) == \
        (many.times_of(min(NUMBERS))[0], many.times_of(max(NUMBERS))[1])


@pytest.mark.parametrize("ranges, expected", [
    ([[3, 8], [2, 9], [4, 7]], (2, 9)),
    ([[3, 8], [2, 9], None], (None, None)),
    ([None, [2, 9], [3, 8]], (None, None)),
])
def test_a_mosaics_range_is_known_where_each_of_its_sources_has_one(sen2cube, tmp_path, ranges,
                                                                    expected):
    for number, values in zip(NUMBERS, ranges):
        path = many.write(str(tmp_path / f"{number}.tiff"), "plain", number)
        publish(sen2cube, number, {"plain": path}, **({"value_range": values} if values else {}))
    with another_session():
        found = gdal.Open(NAME)
        band = found.GetRasterBand(1)
        assert (band.GetMinimum(), band.GetMaximum()) == expected


def test_a_mosaics_pixels_are_looked_through_for_the_least_and_the_most():
    found = gdal.Open(NAME)
    band = found.GetRasterBand(1)
    pixels = found.ReadAsArray()
    if band.GetNoDataValue() is not None:
        pixels = pixels[pixels != band.GetNoDataValue()]
    assert band.ComputeRasterMinMax() == (pixels.min(), pixels.max())


def test_what_lies_nowhere_and_what_means_something_else_is_told(sen2cube, tmp_path):
    place = osr.SpatialReference()
    place.ImportFromEPSG(4326)
    points = [gdal.GCP(13, 47, 0, 0, 0), gdal.GCP(14, 47, 0, 40, 0), gdal.GCP(13, 48, 0, 0, 30)]
    file = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "points.tiff"), 40, 30, 1)
    file.SetGCPs(points, place)
    file = None
    publish(sen2cube, 10427, {"points": str(tmp_path / "points.tiff")})
    for number, scale in zip(OTHERS, (2, 3)):
        path = write(tmp_path / f"{scale}.tiff", noise(scale, bands=1, width=9, height=9), "GTiff",
                     [])
        file = gdal.Open(path, gdal.GA_Update)
        file.GetRasterBand(1).SetScale(scale)
        file = None
        publish(sen2cube, number, {"scaled": path})
    for selection, told in (
            ("10427):points", "S2C:10427:points has no place on the ground with north up"),
            (f"{OTHERS[0]},{OTHERS[1]}):scaled", "has values that mean 2 times them plus 0 '' and "
             f"S2C:{OTHERS[1]}:scaled has values that mean 3 times them")):
        with pytest.raises(RuntimeError) as refused:
            gdal.Open(f"S2C:mosaic({selection}")
        assert told in str(refused.value)
