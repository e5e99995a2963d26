# SPDX-License-Identifier: MIT
"""What the API knows, as GDAL metadata."""

import base64
import json
import shutil

import numpy as np
import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .rasters import noise, publish, write
from .support import (COMPOSITE, RASTERS, TOKEN, inference, place, result, sample,
                      vsi_content)

INFERENCE_ITEMS = {
    "INFERENCE_ID": "10424", "STATUS": "SUCCEEDED", "OWNER": "demo",
    "COMMENT": "Cloud free composite of Salzburg", "KNOWLEDGEBASE_ID": "218",
    "KNOWLEDGEBASE": "Cloud free composite", "FACTBASE_ID": "1", "FACTBASE": "Austria",
    "SENSOR": "sentinel-2", "TEMP_RANGE_START": "2021-03-01T00:00:00+00:00",
    "TEMP_RANGE_END": "2021-08-31T23:59:59.999000+00:00",
    "TIMESTAMP_CREATED": "2021-09-28T07:41:13.270318+00:00",
    "TIMESTAMP_STARTED": "2021-09-28T07:41:12.550318+00:00",
    "TIMESTAMP_FINISHED": "2021-09-28T07:42:10.920318+00:00", "OUTPUT_SCALE_FACTOR": "1"}


def described(sen2cube, number=10424):
    """The outputs of an inference by name, as the API describes them."""
    attributes = UserAgent(sen2cube).get(f"/inference/{number}").json["data"]["attributes"]
    return {output["name"]: output for output in json.loads(attributes["output"])}


def api_items(dataset):
    """The metadata without what the GTiff file itself has."""
    return {name: value for name, value in dataset.GetMetadata().items()
            if name != "AREA_OR_POINT"}


@pytest.mark.parametrize("name", RASTERS)
def test_an_output_tells_its_inference_and_itself(sen2cube, name):
    output = described(sen2cube)[name]
    items = api_items(gdal.Open(f"S2C:10424:{name}"))
    low, high = map(float, items.pop("VALUE_RANGE").split(","))
    assert [low, high] == output["value_range"]
    assert items == {
        **INFERENCE_ITEMS, "OUTPUT_NAME": name, "IDENTIFIER": name,
        "VALUE_TYPE": output["value_type"], "VIS_TYPE": output["vis_type"],
        "DIMS": ",".join(output["dims"])}


def test_the_list_of_subdatasets_tells_the_inference():
    assert gdal.Open("S2C:10424").GetMetadata() == INFERENCE_ITEMS


def test_metadata_of_the_file_are_kept():
    found, expected = gdal.Open(COMPOSITE), gdal.Open(sample("Cloud_free_composite"))
    assert found.GetMetadataItem("AREA_OR_POINT") == expected.GetMetadataItem("AREA_OR_POINT")
    assert found.GetMetadata("IMAGE_STRUCTURE") == expected.GetMetadata("IMAGE_STRUCTURE")
    assert found.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"


def test_what_the_api_leaves_out_is_left_out():
    dataset = gdal.Open("S2C:10436:water_count")
    assert api_items(dataset) == {
        "INFERENCE_ID": "10436", "STATUS": "SUCCEEDED", "KNOWLEDGEBASE_ID": "218",
        "KNOWLEDGEBASE": "Cloud free composite", "FACTBASE_ID": "1", "FACTBASE": "Austria",
        "SENSOR": "sentinel-2", "OUTPUT_NAME": "water_count", "IDENTIFIER": "water_count"}
    band = dataset.GetRasterBand(1)
    assert band.GetMetadata() == {}
    assert (band.GetMinimum(), band.GetMaximum()) == (None, None)
    local = gdal.Open(sample("water_count"))
    assert band.Checksum() == local.GetRasterBand(1).Checksum()


def test_a_key_that_the_api_adds_comes_in_capitals(sen2cube):
    [_, *rest] = outputs = list(described(sen2cube, 10432).values())
    sen2cube.change_inference(10432, output=json.dumps(
        [{**outputs[0], "bytes": outputs[0]["bytes"] + 1000, "cloud-share": 0.25, "unit": "days",
          "levels": [1, 2], "nothing": None}, *rest]))
    items = gdal.Open("S2C:10432:water_count").GetMetadata()
    assert (items["CLOUD_SHARE"], items["UNIT"], items["LEVELS"]) == ("0.25", "days", "[1,2]")
    assert "NOTHING" not in items
    sen2cube.change_inference(10432, output=json.dumps(outputs))


def test_a_comment_of_one_blank_is_kept():
    assert gdal.Open("S2C:10425").GetMetadataItem("COMMENT") == " "


@pytest.mark.parametrize("name", RASTERS)
def test_bands_have_the_ranges_of_the_api_and_no_invented_mean(sen2cube, name):
    dataset = gdal.Open(f"S2C:10424:{name}")
    ranges = described(sen2cube)[name]["band_value_ranges"]
    assert dataset.RasterCount == len(ranges)
    for number, (low, high) in enumerate(ranges, 1):
        band = dataset.GetRasterBand(number)
        assert (band.GetMinimum(), band.GetMaximum()) == (low, high)
        items = band.GetMetadata()
        assert float(items["STATISTICS_MINIMUM"]) == low
        assert float(items["STATISTICS_MAXIMUM"]) == high
        assert {"STATISTICS_MEAN", "STATISTICS_STDDEV", "STATISTICS_APPROXIMATE"}.isdisjoint(items)


def test_ranges_cost_no_pixels(sen2cube):
    dataset = gdal.Open(COMPOSITE)
    before = sen2cube.request_lines()
    band = dataset.GetRasterBand(1)
    assert tuple(band.ComputeRasterMinMax(True)) == (224.5, 2272.5)
    assert sen2cube.request_lines() == before


def test_bands_are_described_by_the_file():
    dataset = gdal.Open("S2C:10424:vegetation_over_time")
    assert [dataset.GetRasterBand(number).GetDescription() for number in range(1, 7)] \
        == [f"2021-{month:02d}-01" for month in range(3, 9)]


def test_bands_that_the_file_does_not_describe_have_the_name_of_the_output():
    dataset = gdal.Open(COMPOSITE)
    assert [dataset.GetRasterBand(number).GetDescription() for number in (1, 2, 3)] \
        == [f"Cloud_free_composite_{number}" for number in (1, 2, 3)]
    dataset = gdal.Open("S2C:10424:water_count")
    assert dataset.GetRasterBand(1).GetDescription() == "water_count"


@pytest.mark.parametrize("name", RASTERS)
def test_what_is_not_bytes_gets_no_colour_interpretation(name):
    found, expected = gdal.Open(f"S2C:10424:{name}"), gdal.Open(sample(name))
    for number in range(1, found.RasterCount + 1):
        assert found.GetRasterBand(number).GetColorInterpretation() \
            == expected.GetRasterBand(number).GetColorInterpretation()


def test_the_driver_is_s2c_and_the_file_list_is_the_listed_path():
    dataset = gdal.Open(COMPOSITE)
    assert dataset.GetDriver().ShortName == "S2C"
    assert dataset.GetFileList() == ["/vsis2c/10424/Cloud_free_composite.tiff"]
    assert gdal.Open("S2C:10424").GetDriver().ShortName == "S2C"
    # What is listed opens.
    assert gdal.Open(dataset.GetFileList()[0]).RasterCount == 3


def test_the_document_is_asked_for_once_and_only_when_wanted(sen2cube):
    dataset = gdal.Open(COMPOSITE)
    opened = [TOKEN, inference(10424), result("Cloud_free_composite")]
    assert "json:S2C" in dataset.GetMetadataDomainList()
    dataset.GetMetadata(), dataset.GetMetadataItem("OWNER")
    assert sen2cube.request_lines() == opened
    for _ in range(2):
        [text] = dataset.GetMetadata_List("json:S2C")
    assert sen2cube.request_lines() == [*opened, "api GET /v1/inference/10424"]
    assert json.loads(text) == UserAgent(sen2cube).get("/inference/10424").json


def test_the_list_of_subdatasets_has_the_document_too(sen2cube):
    dataset = gdal.Open("S2C:10424")
    assert "json:S2C" in dataset.GetMetadataDomainList()
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]
    [text] = dataset.GetMetadata_List("json:S2C")
    assert json.loads(text)["data"]["attributes"]["owner"] == "demo"


def test_set_metadata_and_statistics_stay_in_memory(sen2cube):
    dataset = gdal.Open(COMPOSITE)
    band = dataset.GetRasterBand(1)
    before = sen2cube.request_lines()
    assert dataset.SetMetadataItem("NOTE", "mine") == 0
    assert band.SetMetadataItem("NOTE", "mine") == 0
    assert band.SetStatistics(1.0, 2.0, 1.5, 0.5) == 0
    assert dataset.GetMetadataItem("NOTE") == band.GetMetadataItem("NOTE") == "mine"
    assert list(band.GetStatistics(False, False)) == [1.0, 2.0, 1.5, 0.5]
    dataset.FlushCache()
    band = dataset = None
    assert sen2cube.request_lines() == before
    assert gdal.GetLastErrorMsg() == ""
    again = gdal.Open(COMPOSITE)
    assert again.GetMetadataItem("NOTE") is None
    assert again.GetRasterBand(1).GetMetadataItem("STATISTICS_MEAN") is None


def test_computed_statistics_are_the_least_and_greatest_value():
    dataset = gdal.Open(COMPOSITE)
    band = dataset.GetRasterBand(1)
    assert (band.GetMinimum(), band.GetMaximum()) == (224.5, 2272.5)
    # An approximation from an overview: other numbers than the API's.
    low, high, *_ = band.ComputeStatistics(True)
    assert (low, high) != (224.5, 2272.5)
    assert (band.GetMinimum(), band.GetMaximum()) == (low, high)
    band.SetStatistics(1.0, 2.0, 1.5, 0.5)
    assert (band.GetMinimum(), band.GetMaximum()) == (1.0, 2.0)
    band.SetMetadata({})
    assert (band.GetMinimum(), band.GetMaximum()) == (None, None)


def test_a_domain_that_was_set_is_listed_and_has_what_was_set():
    dataset = gdal.Open(COMPOSITE)
    for one in (dataset, dataset.GetRasterBand(1), dataset.GetRasterBand(1).GetOverview(0)):
        assert one.SetMetadata({"KEY": "value"}, "MINE") == 0
        assert "MINE" in one.GetMetadataDomainList()
        assert one.GetMetadata("MINE") == {"KEY": "value"}
        assert one.GetMetadataItem("KEY", "mine") == "value"


def test_an_item_that_was_set_is_one_beside_those_of_the_file(sen2cube, tmp_path):
    small = noise(1, 1, 32, 32, np.uint8) % 16
    path = write(tmp_path / "small.tiff", small, "GTiff", ["NBITS=4", "COMPRESS=LZW"])
    publish(sen2cube, 10427, {"small": path})
    dataset = gdal.Open("S2C:10427:small")
    for one, item in ((dataset, "COMPRESSION"), (dataset.GetRasterBand(1), "NBITS")):
        before = one.GetMetadata("IMAGE_STRUCTURE")
        assert item in before
        assert one.SetMetadataItem("MINE", "x", "IMAGE_STRUCTURE") == 0
        assert one.GetMetadata("IMAGE_STRUCTURE") == {**before, "MINE": "x"}
        assert one.SetMetadataItem(item, None, "IMAGE_STRUCTURE") == 0
        assert one.GetMetadataItem(item, "IMAGE_STRUCTURE") is None
        assert one.SetMetadata({}, "IMAGE_STRUCTURE") == 0
        assert not one.GetMetadata("IMAGE_STRUCTURE")


def test_blocks_that_the_file_does_not_have_are_told(sen2cube, tmp_path):
    path = str(tmp_path / "sparse.tiff")
    sparse = gdal.GetDriverByName("GTiff").Create(path, 512, 256, 1, options=[
        "TILED=YES", "SPARSE_OK=YES", "COMPRESS=LZW"])
    sparse.GetRasterBand(1).WriteArray(noise(1, 1, 256, 256, np.uint8)[0])
    sparse = None
    publish(sen2cube, 10427, {"sparse": path})
    for dataset in (gdal.Open("S2C:10427:sparse"), gdal.Open(path)):
        band = dataset.GetRasterBand(1)
        assert band.GetDataCoverageStatus(0, 0, 256, 256) \
            == [gdal.GDAL_DATA_COVERAGE_STATUS_DATA, 100]
        assert band.GetDataCoverageStatus(256, 0, 256, 256) \
            == [gdal.GDAL_DATA_COVERAGE_STATUS_EMPTY, 0]


def test_statistics_are_computed_from_pixels_when_forced(tmp_path):
    # A copy, because GDAL saves a local file's statistics beside it.
    local = shutil.copy(sample("Cloud_free_composite"), tmp_path)
    found, expected = gdal.Open(COMPOSITE), gdal.Open(local)
    assert found.GetRasterBand(2).ComputeStatistics(False) \
        == expected.GetRasterBand(2).ComputeStatistics(False)


def test_the_no_data_value_of_64_bit_integers_is_the_files(sen2cube):
    gdal.GetDriverByName("GTiff").Create("/vsimem/long.tif", 4, 3, 1, gdal.GDT_Int64)
    made = gdal.Open("/vsimem/long.tif", gdal.GA_Update)
    made.GetRasterBand(1).SetNoDataValue(-9007199254740993)
    del made
    content = vsi_content("/vsimem/long.tif")
    path = place("water_count", 10425)
    found = copy = None
    try:
        sen2cube.replace_file(path, base64.b64encode(content).decode())
        sen2cube.change_inference(10425, output=[{
            "name": "water_count", "file_type": "geotiff", "bytes": len(content), "data": path}])
        found = gdal.Open("S2C:10425:water_count")
        assert found.GetRasterBand(1).GetNoDataValue() == -9007199254740993
        copy = gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/copy.tif", found)
        assert copy.GetRasterBand(1).GetNoDataValue() == -9007199254740993
    finally:
        found = copy = None
        gdal.Unlink("/vsimem/long.tif")
        gdal.Unlink("/vsimem/copy.tif")
