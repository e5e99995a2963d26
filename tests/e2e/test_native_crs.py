# SPDX-License-Identifier: MIT
"""NATIVE_CRS: the file in the data cube's own reference system beside a copy in EPSG:4326."""

import pytest
from osgeo import gdal

from ..backend.maps import MAPS
from .support import (FOLDER, TOKEN, assert_same_raster, config_options, content, inference,
                      messages, same_pixels, sample, vsi_content)

OPTIONS = ("--maps",)
NAME = f"S2C:{MAPS}:water_count"
NATIVE, COPY = (f"{FOLDER}/water_count_id{MAPS}_{code}.tiff" for code in (3035, 4326))
OPENED = [TOKEN, inference(MAPS)]


def asked(path):
    return f"files GET {path}"


def native(name=NAME, value="YES"):
    return gdal.OpenEx(name, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR,
                       open_options=[f"NATIVE_CRS={value}"])


def code(dataset):
    return dataset.GetSpatialRef().GetAuthorityCode(None)


@pytest.mark.parametrize("options", [[], ["NATIVE_CRS=NO"]])
def test_without_it_the_file_that_the_api_names_is_taken(sen2cube, options):
    dataset = gdal.OpenEx(NAME, gdal.OF_RASTER, open_options=options)
    dataset.ReadAsArray()
    assert code(dataset) == "4326"
    assert dataset.GetMetadataItem("RESULT_FILE") is None
    assert sen2cube.request_lines() == [*OPENED, asked(COPY)]


def test_with_it_the_file_beside_is_taken_for_no_request_more(sen2cube):
    dataset = native()
    assert code(dataset) == "3035"
    assert dataset.GetMetadataItem("RESULT_FILE") == f"water_count_id{MAPS}_3035.tiff"
    assert same_pixels(dataset.ReadAsArray(), gdal.Open(sample("water_count")).ReadAsArray())
    assert sen2cube.request_lines() == [*OPENED, asked(NATIVE)]
    # The listed path leads to the other file.
    assert dataset.GetFileList() is None


def test_everything_is_that_of_the_file_beside():
    with config_options(S2C_NATIVE_CRS="YES"):
        assert_same_raster(NAME, sample("water_count"))


def test_no_statistics_are_told_of_another_file():
    # The API's are of one of the two, and nobody knows which.
    dataset = native()
    band = dataset.GetRasterBand(1)
    assert (band.GetMinimum(), band.GetMaximum()) == (None, None)
    assert band.GetMetadata() == {}


def test_where_there_is_none_the_file_that_the_api_names_is_taken(sen2cube):
    dataset = native("S2C:8301:water_count")
    assert dataset.GetMetadataItem("RESULT_FILE") == "water_count_id8301_4326.tiff"
    assert same_pixels(dataset.ReadAsArray(), gdal.Open(sample("water_count")).ReadAsArray())
    assert dataset.GetRasterBand(1).GetMinimum() == 0
    assert sen2cube.request_lines("files") \
        == [asked(f"{FOLDER}/water_count_id8301_{code}.tiff") for code in (3035, 4326)]


def test_what_the_api_names_in_another_system_costs_no_look(sen2cube):
    dataset = native("S2C:10424:water_count")
    assert dataset.GetMetadataItem("RESULT_FILE") == "water_count_id10424_3035.tiff"
    assert len(sen2cube.requests("files")) == 1


@pytest.mark.usefixtures("results")
def test_a_file_that_cannot_be_looked_for_is_an_error_and_not_the_other(sen2cube):
    sen2cube.fault(server="files", path=NATIVE, status=403, count=None)
    with messages() as said:
        assert native() is None
    assert len(said) == 1 and "water_count" in said[0] and "NATIVE_CRS=NO" in said[0]
    assert sen2cube.request_lines("files") == [asked(NATIVE)]


@pytest.mark.usefixtures("results")
def test_a_word_that_is_neither_yes_nor_no_is_refused(sen2cube):
    with config_options(S2C_NATIVE_CRS="perhaps"), messages() as said:
        assert gdal.Open(NAME) is None
    assert said == ["S2C: S2C_NATIVE_CRS is 'perhaps', but must be YES or NO"]
    assert sen2cube.request_lines("files") == []


def test_the_folder_is_the_same_with_it():
    listed = gdal.ReadDir(f"/vsis2c/{MAPS}/")
    expected = vsi_content(f"/vsis2c/{MAPS}/water_count.tiff")
    with config_options(S2C_NATIVE_CRS="YES"):
        assert gdal.ReadDir(f"/vsis2c/{MAPS}/") == listed
        assert vsi_content(f"/vsis2c/{MAPS}/water_count.tiff") == expected
    assert expected != content(sample("water_count"))


def test_it_is_kept_where_a_dataset_is_opened_again(tmp_path):
    path = str(tmp_path / "saved.vrt")
    dataset = native()
    gdal.GetDriverByName("VRT").CreateCopy(path, dataset).FlushCache()
    assert code(gdal.Open(path)) == "3035"
    assert same_pixels(gdal.Open(path).ReadAsArray(), gdal.Open(sample("water_count")).ReadAsArray())


def test_gdal_translate_takes_it(machine):
    machine.succeed("gdal_translate", "-q", "-oo", "NATIVE_CRS=YES", NAME, "copy.tif")
    assert same_pixels(gdal.Open(str(machine.work / "copy.tif")).ReadAsArray(),
                       gdal.Open(sample("water_count")).ReadAsArray())


def test_gtiffs_own_options_are_handed_on(machine, sen2cube):
    # Nobody is warned of an option that the driver does not support.
    info = machine.gdalinfo("-oo", "NUM_THREADS=2", "-oo", "GEOREF_SOURCES=NONE", NAME)
    assert "geoTransform" not in info and "coordinateSystem" not in info
    assert "geoTransform" in machine.gdalinfo("-oo", "GEOREF_SOURCES=INTERNAL", NAME)
    assert sen2cube.requests("files")
    info = machine.gdalinfo(NAME, S2C_GEOREF_SOURCES="NONE")
    assert "geoTransform" not in info


def test_threads_that_decode_give_the_same_pixels():
    dataset = gdal.OpenEx("S2C:10424:Cloud_free_composite", open_options=["NUM_THREADS=4"])
    assert same_pixels(dataset.ReadAsArray(), gdal.Open(sample("Cloud_free_composite")).ReadAsArray())
