# SPDX-License-Identifier: MIT
"""Mosaics and stacks of results that do not come whole with the first request."""

import numpy as np
import pytest
from osgeo import gdal, gdal_array

from ..backend import many
from .rasters import LAYOUTS, SIDE, noise, publish
from .support import FOLDER, config_options, same_pixels

COUNT = 3
OPTIONS = ("--many", COUNT)
NUMBERS = list(range(many.FIRST, many.FIRST + COUNT))
STEP = SIDE // 2
MOSAIC, STACK = "S2C:mosaic(fid > 200000):large", "S2C:stack(fid > 200000):large"


def place_of(place):
    """Of the source on the grid: one beside the other, each over half of the one before."""
    return place * STEP


@pytest.fixture(scope="module", params=["stripped", "tiled", "cog"])
def layout(request, sen2cube, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    driver, options = LAYOUTS[request.param]
    for place, number in enumerate(NUMBERS):
        source = gdal_array.OpenArray(noise(place))
        source.SetProjection(many.reference("plain", number)[0].ExportToWkt())
        source.SetGeoTransform((many.LEFT + place_of(place) * 10, 10, 0, many.TOP, 0, -10))
        path = str(folder / f"{number}.tiff")
        gdal.GetDriverByName(driver).CreateCopy(path, source, options=options)
        publish(sen2cube, number, {"large": path}, f"2021-10-{number % 20 + 1:02d}T00:00:00+00:00")
    return request.param


def mosaicked():
    whole = np.zeros((3, SIDE, SIDE + place_of(COUNT - 1)), np.uint16)
    for place in range(COUNT):
        whole[:, :, place_of(place):place_of(place) + SIDE] = noise(place)
    return whole


def stacked():
    whole = np.zeros((3 * COUNT, SIDE, SIDE + place_of(COUNT - 1)), np.uint16)
    for place in range(COUNT):
        whole[3 * place:3 * place + 3, :, place_of(place):place_of(place) + SIDE] = noise(place)
    return whole


def test_pixels_of_all_layouts(layout):
    assert same_pixels(gdal.Open(MOSAIC).ReadAsArray(), mosaicked())
    assert same_pixels(gdal.Open(STACK).ReadAsArray(), stacked())


def test_a_window_asks_for_little_and_of_all_before_it_waits(sen2cube, layout):
    # In all three.
    window = (place_of(COUNT - 1) + 5, 301, 60, 20)
    found = gdal.Open(STACK)
    sen2cube.forget()
    sen2cube.fault(server="files", count=None, delay=0.6)
    values = found.ReadAsArray(*window)
    x, y, width, height = window
    assert same_pixels(values, stacked()[:, y:y + height, x:x + width])
    entries = sen2cube.requests("files")
    first = {}
    for entry in entries:
        first.setdefault(entry["path"], entry["time"])
    # The first two reach there: 640 pixels of 320 each.
    assert len(first) == 2
    assert max(first.values()) - min(first.values()) < 0.5


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("name, expected", [(MOSAIC, mosaicked), (STACK, stacked)])
def test_a_read_that_fails_is_an_error_and_never_blank_pixels(sen2cube, layout, name, expected,
                                                             threads):
    bad = many.place("large", NUMBERS[1], FOLDER)
    with config_options(GDAL_NUM_THREADS=threads, S2C_MAX_RETRY="0"):
        found = gdal.Open(name)
        sen2cube.fault(server="files", path=bad, status=500, count=None)
        # In a stack, of the second source.
        band = found.GetRasterBand(found.RasterCount // 2 + 1)
        for read in (found.ReadAsArray, band.ReadAsArray, lambda: band.ComputeStatistics(False)):
            with pytest.raises(RuntimeError, match=f"inference {NUMBERS[1]}.*500"):
                read()
        sen2cube.clear_faults()
        assert same_pixels(found.ReadAsArray(), expected())


def test_a_rerun_between_two_reads_is_an_error_and_never_a_mixture(sen2cube, layout, tmp_path):
    found = gdal.Open(MOSAIC)
    number = NUMBERS[0]
    place = many.place("large", number, FOLDER)
    sen2cube.touch_file(place)
    with pytest.raises(RuntimeError, match=f"inference {number}"):
        found.ReadAsArray()


def test_bands_that_are_read_one_after_the_other_are_asked_for_ahead(sen2cube, layout):
    found = gdal.Open(STACK)
    window = (place_of(COUNT - 1) - 20, 301, 60, 20)
    sen2cube.forget()
    # The first two say where it goes; band 3 is of the first source, band 4 of the next.
    for number in (1, 2):
        found.GetRasterBand(number).ReadAsArray(*window)
    sen2cube.wait_for_request(1, "files")
    asked = {entry["path"] for entry in sen2cube.wait_for_request(2, "files")}
    assert many.place("large", NUMBERS[1], FOLDER) in asked
    values = [found.GetRasterBand(number + 1).ReadAsArray(*window)
              for number in range(found.RasterCount)]
    x, y, width, height = window
    assert same_pixels(np.array(values), stacked()[:, y:y + height, x:x + width])
