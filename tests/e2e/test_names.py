# SPDX-License-Identifier: MIT
"""Subdatasets, and names of outputs and layers that need care."""

import json

import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .support import RASTERS, TOKEN, content, inference, same_pixels, sample, vsi_content
from .test_tables import expected_rows, rows, table, tables

# Inference 10434 in the server's order; even places are land_cover, odd ones water_count.
ODD = ["water count", "a: b", "Grünflächen", "🌍 map", "water/land", "it's \"quoted\"", "..",
       "tab\there", "Water", "water", "twice", "twice"]
KINDS = {True: "water_count", False: "land_cover"}
ODD_PLACES = [place for place, name in enumerate(ODD) if place < ODD.index("twice") + 1]


def assert_is_sample(path, name):
    expected = gdal.Open(sample(name)).ReadAsArray()
    assert same_pixels(gdal.Open(path).ReadAsArray(), expected)


def test_subdatasets_are_listed_in_the_order_of_the_server(sen2cube):
    dataset = gdal.Open("S2C:10424")
    assert dataset.RasterCount == 0
    assert [name for name, _ in dataset.GetSubDatasets()] \
        == [f"S2C:10424:{name}" for name in RASTERS]
    assert [name for name in dataset.GetMetadata("SUBDATASETS") if name.endswith("_NAME")] \
        == [f"SUBDATASET_{number}_NAME" for number in range(1, 5)]
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_descriptions_begin_with_the_name_and_a_dash():
    assert [text for _, text in gdal.Open("S2C:10424").GetSubDatasets()] == [
        "Cloud_free_composite - numerical raster by band", "water_count - numerical raster",
        "land_cover - categorical raster", "vegetation_over_time - numerical raster by time"]


def test_every_subdataset_opens():
    for name, _ in gdal.Open("S2C:10424").GetSubDatasets():
        assert_is_sample(name, name.split(":")[2])


def test_the_only_raster_opens_beside_a_table():
    dataset = gdal.Open("S2C:10425")
    assert dataset.GetMetadataItem("OUTPUT_NAME") == "water_count"
    assert dataset.GetSubDatasets() == []
    assert_is_sample("S2C:10425", "water_count")


def test_an_inference_without_outputs_is_an_error():
    with pytest.raises(RuntimeError, match="inference 10433 has no raster output"):
        gdal.Open("S2C:10433")
    with pytest.raises(RuntimeError, match="it has no outputs at all; rerun it"):
        gdal.Open("S2C:10433:any")


@pytest.mark.parametrize("place", ODD_PLACES)
def test_an_odd_name_opens_as_it_is(place):
    name = f"S2C:10434:{ODD[place]}"
    assert gdal.Open(name).GetMetadataItem("OUTPUT_NAME") == ODD[place]
    assert_is_sample(name, KINDS[bool(place % 2)])


def test_the_exact_name_comes_before_the_one_that_ignores_case():
    assert_is_sample("S2C:10434:Water", "land_cover")
    assert_is_sample("S2C:10434:water", "water_count")


def test_the_only_name_that_fits_ignoring_case_opens():
    assert_is_sample("S2C:10434:WATER COUNT", "land_cover")
    assert_is_sample("s2c:10424:LAND_cover", "land_cover")


@pytest.mark.parametrize("name", ["WATER", "Twice", "grünflächen2", "water count ", " Water"])
def test_a_name_that_fits_none_or_several_is_refused_with_the_names(name):
    with pytest.raises(RuntimeError) as refused:
        gdal.Open(f"S2C:10434:{name}")
    for listed in ("'water count'", "'a: b'", "'Grünflächen'", "'Water'", "'water'"):
        assert listed in str(refused.value)
    assert "\n" not in str(refused.value)


def test_subdatasets_of_odd_names_are_all_listed():
    found = gdal.Open("S2C:10434").GetSubDatasets()
    names = [*ODD[:-1], "twice (2)"]
    assert [name for name, _ in found] == [f"S2C:10434:{name}" for name in names]
    assert [text.split(" - ")[0] for _, text in found] == names


def test_twins_of_one_name_are_opened_each_by_its_own():
    assert_is_sample("S2C:10434:twice", KINDS[bool(ODD.index("twice") % 2)])
    assert_is_sample("S2C:10434:twice (2)", KINDS[bool((len(ODD) - 1) % 2)])


def test_the_directory_lists_every_output_under_a_name_that_a_file_can_have():
    listed = gdal.ReadDir("/vsis2c/10434/")
    assert listed == [
        "water count.tiff", "a%3A b.tiff", "Grünflächen.tiff", "🌍 map.tiff",
        "water%2Fland.tiff", "it's %22quoted%22.tiff", "%2E%2E.tiff", "tab%09here.tiff",
        "Water.tiff", "water (2).tiff", "twice.tiff", "twice (2).tiff", "cube.nc",
        "inference.json"]
    assert not any(char == "/" or ord(char) < 32 for name in listed for char in name)
    # A copy must not lose files on a disk that does not tell case apart.
    assert len({name.lower() for name in listed}) == len(listed)


def test_every_listed_file_holds_the_bytes_of_its_output():
    for place, name in enumerate(gdal.ReadDir("/vsis2c/10434/")[:len(ODD)]):
        path = f"/vsis2c/10434/{name}"
        expected = content(sample(KINDS[bool(place % 2)]))
        assert gdal.VSIStatL(path).size == len(expected)
        assert vsi_content(path) == expected


def test_a_file_of_another_type_is_listed_and_read_but_is_no_raster():
    assert vsi_content("/vsis2c/10434/cube.nc") == content(sample("water_count"))
    with pytest.raises(RuntimeError, match="'cube' of inference 10434 is no raster and no table; "
                                           "open it as /vsis2c/10434/cube.nc"):
        gdal.Open("S2C:10434:cube")


def test_the_file_list_of_an_odd_name_opens():
    for place in ODD_PLACES:
        [path] = gdal.Open(f"S2C:10434:{ODD[place]}").GetFileList()
        assert_is_sample(path, KINDS[bool(place % 2)])


def test_a_name_may_hold_percent_signs_and_backslashes(sen2cube):
    inner = {"file_type": "geotiff", "data": f"/output/sen2cube/demo/{'water_count'}"
                                             "_id10425_3035.tiff"}
    names = ["100%", "%2F", "back\\slash", "a|b", "new\nline", "x" * 300]
    sen2cube.change_inference(10433, output=json.dumps([{**inner, "name": name}
                                                        for name in names]))
    try:
        for name in names:
            assert_is_sample(f"S2C:10433:{name}", "water_count")
        listed = gdal.ReadDir("/vsis2c/10433/")
        assert len(listed) == len(names) + 1
        for name in listed[:-1]:
            assert not set(name) & set("/\\\n|")
            assert_is_sample(f"/vsis2c/10433/{name}", "water_count")
    finally:
        sen2cube.change_inference(10433, output="[]")


def counts(dataset):
    layers = [dataset.GetLayer(place) for place in range(dataset.GetLayerCount())]
    return {layer.GetName(): layer.GetFeatureCount() for layer in layers}


def test_tables_whose_names_differ_in_case_alone_are_copied_and_opened_each(machine, sen2cube):
    before = UserAgent(sen2cube).get("/inference/10424").json["data"]["attributes"]["output"]
    named = {"mean_ndvi": "Green_Spaces", "water_time_series": "AREA_of_interest"}
    sen2cube.change_inference(10424, output=json.dumps([
        {**output, "name": named.get(output["name"], output["name"])}
        for output in json.loads(before)]))
    expected = {"AREA_of_interest": 60, "green_spaces": len(expected_rows("green_spaces")),
                "Green_Spaces (2)": 1, "area_of_interest (2)": 4}
    try:
        dataset = tables()
        assert counts(dataset) == expected
        for name, layer in (("green_spaces", "green_spaces"), ("Green_Spaces", "Green_Spaces (2)"),
                            ("AREA_of_interest", "AREA_of_interest"),
                            ("area_of_interest", "area_of_interest (2)"),
                            ("GREEN_spaces (2)", "Green_Spaces (2)")):
            assert dataset.GetLayerByName(name).GetName() == layer
        assert dataset.GetLayerByName("nothing") is None
        machine.succeed("ogr2ogr", "-f", "GPKG", "all.gpkg", "S2C:10424")
        copy = gdal.OpenEx(str(machine.work / "all.gpkg"))
        assert counts(copy) == expected
        for name, output in (("Green_Spaces", "mean_ndvi"), ("green_spaces", "green_spaces")):
            _, layer = table(name)
            assert layer.GetName() == name and rows(layer) == expected_rows(output)
    finally:
        sen2cube.change_inference(10424, output=before)
