# SPDX-License-Identifier: MIT
"""Pixels: whatever is read is what a reader of the local file gets."""

import concurrent.futures
import random

import numpy as np
import pytest
from osgeo import gdal, osr

from .rasters import publish
from .support import (COMPOSITE, COMPOSITE_PATH, RASTERS, TOKEN, assert_same_raster,
                      config_options, inference, result, same_pixels, sample)

WIDTH, HEIGHT = 268, 240
# The whole, single pixels at the corners, and windows across the blocks of 128 pixels.
WINDOWS = [(0, 0, WIDTH, HEIGHT), (0, 0, 1, 1), (WIDTH - 1, HEIGHT - 1, 1, 1),
           (100, 90, 60, 77), (127, 127, 2, 2), (0, 128, WIDTH, 1), (255, 0, 13, HEIGHT)]


def random_windows(seed, count):
    numbers = random.Random(seed)
    for _ in range(count):
        x, y = numbers.randrange(WIDTH), numbers.randrange(HEIGHT)
        yield x, y, numbers.randint(1, WIDTH - x), numbers.randint(1, HEIGHT - y)


@pytest.mark.parametrize("name", RASTERS)
def test_everything_of_an_output_is_as_in_the_local_file(name):
    assert_same_raster(f"S2C:10424:{name}", sample(name))


@pytest.mark.parametrize("name", RASTERS)
def test_everything_below_vsis2c_is_as_in_the_local_file(name):
    assert_same_raster(f"/vsis2c/10424/{name}.tiff", sample(name))


@pytest.mark.parametrize("name", RASTERS)
def test_bands_have_the_type_blocks_and_masks_of_the_local_file(name):
    found, expected = gdal.Open(f"S2C:10424:{name}"), gdal.Open(sample(name))
    for number in range(1, expected.RasterCount + 1):
        band, other = found.GetRasterBand(number), expected.GetRasterBand(number)
        assert band.DataType == other.DataType
        assert band.GetBlockSize() == other.GetBlockSize()
        assert band.GetMaskFlags() == other.GetMaskFlags()
        assert same_pixels(band.GetMaskBand().ReadAsArray(), other.GetMaskBand().ReadAsArray())
        assert band.Checksum() == other.Checksum()
        assert band.GetUnitType() == other.GetUnitType()
        assert (band.GetScale(), band.GetOffset()) == (other.GetScale(), other.GetOffset())
        for level in range(other.GetOverviewCount()):
            assert band.GetOverview(level).Checksum() == other.GetOverview(level).Checksum()


def test_what_few_files_have_is_as_in_the_local_file(sen2cube, tmp_path):
    path = str(tmp_path / "rare.tiff")
    place = osr.SpatialReference()
    place.ImportFromEPSG(4326)
    file = gdal.GetDriverByName("GTiff").Create(path, 40, 30, 1, gdal.GDT_UInt64)
    file.GetRasterBand(1).Fill(2 ** 40)
    file.GetRasterBand(1).SetNoDataValueAsUInt64(2 ** 63 + 1)
    file.SetGCPs([gdal.GCP(13, 47, 0, 0, 0), gdal.GCP(14, 47, 0, 40, 0),
                  gdal.GCP(13, 48, 0, 0, 30)], place)
    file = None
    publish(sen2cube, 10427, {"rare": path})
    found, local = gdal.Open("S2C:10427:rare"), gdal.Open(path)
    assert found.GetGCPSpatialRef().IsSame(local.GetGCPSpatialRef())
    assert [(p.GCPX, p.GCPPixel) for p in found.GetGCPs()] == [(13, 0), (14, 40), (13, 0)]
    assert found.GetRasterBand(1).GetNoDataValueAsUInt64() == 2 ** 63 + 1
    assert same_pixels(found.ReadAsArray(), local.ReadAsArray())


def test_a_value_for_no_data_is_set_and_taken_away_again():
    found = gdal.Open(COMPOSITE)
    band = found.GetRasterBand(1)
    before = band.GetNoDataValue()
    assert band.SetNoDataValue(77) == gdal.CE_None and band.GetNoDataValue() == 77
    assert band.DeleteNoDataValue() == gdal.CE_None and band.GetNoDataValue() is None
    assert gdal.Open(COMPOSITE).GetRasterBand(1).GetNoDataValue() == before


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_that_of_the_local_file(window):
    found, expected = gdal.Open(COMPOSITE), gdal.Open(sample("Cloud_free_composite"))
    assert same_pixels(found.ReadAsArray(*window), expected.ReadAsArray(*window))


@pytest.mark.parametrize("method", [gdal.GRIORA_NearestNeighbour, gdal.GRIORA_Bilinear,
                                    gdal.GRIORA_Cubic, gdal.GRIORA_Average])
@pytest.mark.parametrize("size", [(67, 60), (31, 47), (500, 300)])
def test_a_resampled_read_is_that_of_the_local_file(method, size):
    arrays = [gdal.Open(name).ReadAsArray(buf_xsize=size[0], buf_ysize=size[1],
                                          resample_alg=method)
              for name in (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*arrays)


def test_a_read_into_another_type_is_that_of_the_local_file():
    arrays = [gdal.Open(name).ReadAsArray(buf_type=gdal.GDT_Int16, interleave="pixel")
              for name in (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*arrays)


def test_all_windows_cost_one_file_request(sen2cube):
    dataset = gdal.Open(COMPOSITE)
    for window in random_windows(1, 30):
        dataset.ReadAsArray(*window)
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("Cloud_free_composite")]


@pytest.mark.parametrize("path", [COMPOSITE, COMPOSITE_PATH])
def test_eight_threads_read_right_pixels_with_one_token_and_one_file_request(sen2cube, path):
    expected = gdal.Open(sample("Cloud_free_composite")).ReadAsArray()

    def read(seed):
        dataset = gdal.Open(path)
        for x, y, width, height in random_windows(seed, 25):
            if not same_pixels(dataset.ReadAsArray(x, y, width, height),
                               np.ascontiguousarray(expected[:, y:y + height, x:x + width])):
                return f"seed {seed}: {x}, {y}, {width}, {height}"
        return None

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        assert [wrong for wrong in threads.map(read, range(8)) if wrong] == []
    assert sen2cube.request_lines("auth") == [TOKEN]
    assert sen2cube.request_lines("files") == [result("Cloud_free_composite")]


def test_gdal_num_threads_changes_nothing(sen2cube):
    with config_options(GDAL_NUM_THREADS="4"):
        for name in RASTERS:
            assert_same_raster(f"S2C:10424:{name}", sample(name))
    assert len(sen2cube.requests("files")) == len(RASTERS)


def test_a_dataset_stays_readable_when_others_are_closed():
    kept, closed = gdal.Open(COMPOSITE), gdal.Open(COMPOSITE)
    closed = None
    assert closed is None
    assert same_pixels(kept.ReadAsArray(), gdal.Open(sample("Cloud_free_composite")).ReadAsArray())


def test_a_dataset_is_closed_and_opened_many_times(sen2cube):
    expected = gdal.Open(sample("water_count")).ReadAsArray()
    for _ in range(50):
        assert same_pixels(gdal.Open("S2C:10424:water_count").ReadAsArray(), expected)
    # What was said within the last seconds is known, and so are the bytes.
    assert len(sen2cube.requests("api")) < 25
    assert len(sen2cube.requests("files")) == 1


def test_a_vrt_and_a_warp_in_memory_read_through_the_name():
    targets = [gdal.Warp("", source, format="VRT", dstSRS="EPSG:4326")
               for source in (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*(target.ReadAsArray() for target in targets))
    assert targets[0].GetGeoTransform() == targets[1].GetGeoTransform()
