# SPDX-License-Identifier: MIT
"""What opening again costs: an inference that has succeeded is remembered for some seconds."""

import threading
import time

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .rasters import publish
from .support import COMPOSITE, COMPOSITE_PATH, config_options, inference, sample, vsi_content

NUMBER = 10427
DOCUMENT = "api GET /v1/inference/10424"
# The time that it is remembered.
SECONDS = 5


def rows(name):
    dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
    return [layer.GetFeatureCount() for layer in (dataset.GetLayer(place)
                                                  for place in range(dataset.GetLayerCount()))]


def test_an_inference_is_asked_for_once_by_whatever_way_it_is_opened(sen2cube):
    begun = time.monotonic()
    for name in (COMPOSITE, "S2C:10424", "S2C:10424:water_count", COMPOSITE_PATH, COMPOSITE):
        assert gdal.Open(name)
    assert gdal.ReadDir("/vsis2c/10424/")
    assert gdal.VSIStatL("/vsis2c/10424/land_cover.tiff").size
    for name in ("S2C:10424", "S2C:10424:area_of_interest", "S2C:10424:green_spaces",
                 "S2C:10424"):
        assert min(rows(name)) > 0
    assert vsi_content("/vsis2c/10424/inference.json")
    assert gdal.Open(COMPOSITE).GetMetadata_List("json:S2C")
    most = 1 + int((time.monotonic() - begun) / SECONDS)
    lines = sen2cube.request_lines("api")
    assert set(lines) == {inference(10424), DOCUMENT}
    assert max(lines.count(line) for line in lines) <= most


def test_threads_that_open_one_inference_together_share_the_request(sen2cube):
    sen2cube.fault(server="api", delay=0.5)
    names = [COMPOSITE, "S2C:10424", "S2C:10424:water_count", COMPOSITE_PATH] * 2
    gate, failed = threading.Barrier(len(names)), []

    def open_it(name):
        gate.wait()
        try:
            gdal.Open(name)
        except RuntimeError as error:
            failed.append(str(error))

    threads = [threading.Thread(target=open_it, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sen2cube.request_lines("api") == [inference(10424)]


def test_threads_that_fail_together_share_the_failure(sen2cube):
    sen2cube.fault(server="api", status=503, delay=0.5, count=None)
    told = []

    gate = threading.Barrier(8)

    def open_it():
        gate.wait()
        try:
            gdal.Open(COMPOSITE)
        except RuntimeError as error:
            told.append(str(error))

    with config_options(S2C_MAX_RETRY="0"):
        threads = [threading.Thread(target=open_it) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told) == 8 and all("HTTP 503" in text for text in told)
    assert len(sen2cube.request_lines("api")) < 8


def test_another_account_asks_for_itself():
    with LocalSen2Cube("--user", "other:secret") as server, \
            config_options(**server.environment()):
        assert gdal.Open(COMPOSITE) and gdal.Open(COMPOSITE)
        assert server.request_lines("api") == [inference(10424)]
        assert gdal.OpenEx(COMPOSITE, open_options=["USERNAME=other", "PASSWORD=secret"])
        asked = server.requests("api")
        assert len(asked) == 2 and asked[0]["token"] != asked[1]["token"]


def test_a_run_that_goes_on_is_looked_at_each_time(sen2cube):
    publish(sen2cube, NUMBER, {"map": sample("water_count")})
    sen2cube.change_inference(NUMBER, status="STARTED")
    for _ in range(2):
        with pytest.raises(RuntimeError, match="its status is STARTED"):
            gdal.Open(f"S2C:{NUMBER}:map")
    sen2cube.change_inference(NUMBER, status="SUCCEEDED")
    assert gdal.Open(f"S2C:{NUMBER}:map")
    assert sen2cube.request_lines("api") == [inference(NUMBER)] * 3


@pytest.fixture
def opened(sen2cube):
    publish(sen2cube, NUMBER, {"map": sample("water_count")})
    assert gdal.Open(f"S2C:{NUMBER}:map")


def assert_looked_at_anew():
    with pytest.raises(RuntimeError, match="its status is STARTED"):
        gdal.Open(f"S2C:{NUMBER}:map")


@pytest.mark.parametrize("look", [
    lambda catalogue: [*catalogue.GetLayerByName("inference")],
    lambda catalogue: catalogue.GetLayerByName("inference").GetFeature(NUMBER),
    lambda _: [*gdal.listdir("/vsis2c/", -1)],
    lambda _: vsi_content(f"/vsis2c/{NUMBER}/inference.json")],
    ids=["rows", "a row", "folders", "the document"])
def test_a_rerun_that_was_seen_is_not_served_from_memory(sen2cube, opened, look):
    catalogue = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
    sen2cube.change_inference(NUMBER, status="STARTED")
    assert look(catalogue)
    assert_looked_at_anew()


def test_a_vrt_of_150_results_costs_one_look_at_the_api_for_each_some_seconds(sen2cube, tmp_path):
    names = [f"map {number}" for number in range(150)]
    publish(sen2cube, NUMBER, {name: sample("water_count") for name in names})
    vrt = str(tmp_path / "all.vrt")
    begun = time.monotonic()
    gdal.BuildVRT(vrt, [f"S2C:{NUMBER}:{name}" for name in names], separate=True)
    dataset = gdal.Open(vrt)
    assert dataset.ReadAsArray().shape[0] == 150
    most = 1 + int((time.monotonic() - begun) / SECONDS)
    assert len(sen2cube.request_lines("files")) == 150
    assert 1 <= len(sen2cube.request_lines("api")) <= most


def test_ogrinfo_lists_the_root_once_for_all_drivers(machine):
    with LocalSen2Cube("--inferences", "3000") as server:
        done = machine.run("ogrinfo", "/vsis2c/", **server.environment())
        lines = server.request_lines("api")
        assert len(lines) == len(set(lines)) <= 2
        assert done.stderr.count("older ones open by their id") <= 1, "GDAL 3.13 lists nothing"


@pytest.mark.parametrize("names", [
    lambda: gdal.ReadDir("/vsis2c/"), lambda: [found.name for found in gdal.listdir("/vsis2c/")],
    lambda: [found.name for found in gdal.listdir("/vsis2c/", -1)]])
def test_the_root_is_listed_once_within_some_seconds(sen2cube, names):
    with config_options(S2C_PAGE_SIZE="50"):
        first, asked = names(), sen2cube.request_lines("api")
        assert names() == first and len(first) >= 59
    assert sen2cube.request_lines("api") == asked


@pytest.mark.parametrize("path", ["/vsis2c/", "/vsis2c", "/vsis2c/10424", "/vsis2c/10424/"])
def test_a_folder_that_is_opened_as_a_file_is_said_to_be_one(machine, sen2cube, path):
    assert machine.refusal(path) == (
        f"S2C: '{path}' is a folder: list it to see what is there, and open S2C:ID or S2C:ID:NAME")
    assert len(sen2cube.request_lines("api")) <= 1
