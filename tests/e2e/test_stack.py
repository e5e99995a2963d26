# SPDX-License-Identifier: MIT
"""S2C:stack(SELECTION):NAME: a band per inference and band, as numpy puts the local files."""

import numpy as np
import pytest
from osgeo import gdal

from ..backend import many
from .support import FOLDER, config_options, same_pixels

COUNT = 12
OPTIONS = ("--many", COUNT)
NUMBERS = list(range(many.FIRST, many.FIRST + COUNT))
ALL = "fid > 200000"
# The union of the areas.
WIDE, HIGH = many.WIDE + many.STEP, many.HIGH + many.STEP


def stacked(name, numbers):
    """(bands, rows, columns): each file's pixels in its place, no data around it."""
    layers = []
    for number in numbers:
        for values in many.pixels(name, number):
            layer = np.full((HIGH, WIDE), many.NO_DATA.get(name, 0), values.dtype)
            x, y = number_place(number)
            layer[y:y + many.HIGH, x:x + many.WIDE] = values
            layers.append(layer)
    return np.array(layers)


def number_place(number):
    area = many.area_of(number)
    return area % 2 * many.STEP, area // 2 * many.STEP


@pytest.mark.parametrize("name", ["composite", "index", "plain"])
def test_a_stack_has_numpys_pixels(name):
    found = gdal.Open(f"S2C:stack({ALL}):{name}")
    expected = stacked(name, NUMBERS)
    assert same_pixels(found.ReadAsArray(), expected if len(expected) > 1 else expected[0])
    assert found.GetGeoTransform() == (many.LEFT, 10, 0, many.TOP, 0, -10)
    for place, values in enumerate(expected, 1):
        band = found.GetRasterBand(place)
        assert str(band.GetNoDataValue()) == str(many.NO_DATA.get(name) and
                                                 float(many.NO_DATA[name])) or name != "plain"
        assert same_pixels(band.ReadAsArray(), values)


def test_a_window_through_all_is_numpys():
    found = gdal.Open(f"S2C:stack({ALL}):index").ReadAsArray(35, 30, 16, 18)
    assert same_pixels(found, stacked("index", NUMBERS)[:, 30:48, 35:51])


def test_bands_say_whose_they_are_and_when(sen2cube):
    found = gdal.Open(f"S2C:stack({NUMBERS[4]},{NUMBERS[0]}):composite")
    assert [found.GetRasterBand(place).GetDescription() for place in range(1, 7)] == [
        f"2020-{month}-01/2020-{month}-28 composite band {band}"
        for month in ("01", "02") for band in (1, 2, 3)]
    for place, number in ((1, NUMBERS[0]), (3, NUMBERS[0]), (4, NUMBERS[4])):
        start, end = many.times_of(number)
        assert found.GetRasterBand(place).GetMetadata() == {
            "INFERENCE_ID": str(number), "TEMP_RANGE_START": start, "TEMP_RANGE_END": end}
    assert found.GetMetadataItem("TIMES") == ",".join(
        ["2020-01-01T00:00:00Z"] * 3 + ["2020-02-01T00:00:00Z"] * 3)
    assert found.GetMetadataItem("INFERENCE_IDS") == f"{NUMBERS[0]},{NUMBERS[4]}"


def test_times_of_single_bands_are_a_dimension():
    """As rioxarray reads it: GDAL's netCDF driver writes the same."""
    numbers = [NUMBERS[0], NUMBERS[4], NUMBERS[8]]
    found = gdal.Open(f"S2C:stack({','.join(map(str, numbers))}):index").GetMetadata()
    assert found["NETCDF_DIM_EXTRA"] == "{time}"
    assert found["NETCDF_DIM_time_DEF"] == "{3,6}"
    assert found["time#units"] == "seconds since 1970-01-01 00:00:00"
    seconds = [int(text) for text in found["NETCDF_DIM_time_VALUES"].strip("{}").split(",")]
    assert [np.datetime64(second, "s").astype(str) for second in seconds] == [
        "2020-01-01T00:00:00", "2020-02-01T00:00:00", "2020-03-01T00:00:00"]


def test_bands_are_in_order_of_their_beginning(sen2cube):
    numbers = [NUMBERS[0], NUMBERS[4], NUMBERS[8]]
    found = gdal.Open(f"S2C:stack({','.join(str(one) for one in reversed(numbers))}):plain")
    assert same_pixels(found.ReadAsArray(), stacked("plain", numbers)[
        :, number_place(numbers[0])[1]:, :][:, :many.HIGH, :many.WIDE])


def test_what_is_masked_stays_masked():
    found = gdal.Open(f"S2C:stack({NUMBERS[0]},{NUMBERS[4]}):masked")
    for place, number in ((1, NUMBERS[0]), (2, NUMBERS[4])):
        band = found.GetRasterBand(place)
        mask = many.valid(number)
        assert same_pixels(band.GetMaskBand().ReadAsArray(), mask)
        assert same_pixels(band.ReadAsArray()[mask > 0], many.pixels("masked", number)[0][mask > 0])
