# SPDX-License-Identifier: MIT
"""What a mosaic says of its sources together."""

import pytest
from osgeo import gdal

from ..backend import many
from .rasters import publish
from .support import another_session

OPTIONS = ("--many", 12)
# Of three months, the last first.
NUMBERS = [many.FIRST + 8, many.FIRST, many.FIRST + 4]
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
