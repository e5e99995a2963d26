# SPDX-License-Identifier: MIT
"""gdalinfo in a process of its own: what it asks of the servers and what it shows."""

import json
import shutil

import pytest

from ..backend.user_agent import UserAgent
from .support import (COMPOSITE, COMPOSITE_PATH, RASTERS, TOKEN, inference, opening, result,
                      sample)

OPENING = [TOKEN, inference(10424), result("Cloud_free_composite")]
# What this driver knows better than the file.
API_KEYS = {"metadata", "colorInterpretation", "min", "max", "description", "rat"}


def bands(info):
    return [{key: value for key, value in band.items() if key not in API_KEYS}
            for band in info["bands"]]


def band_items(info):
    return [band["metadata"][""] for band in info["bands"]]


@pytest.mark.parametrize("name", [COMPOSITE, "s2c:10424:Cloud_free_composite",
                                  "S2C:10424:cloud_free_COMPOSITE"])
def test_opening_an_output_takes_one_request_of_each_server(machine, sen2cube, name):
    machine.succeed("gdalinfo", name)
    assert sen2cube.request_lines() == OPENING
    assert [entry["status"] for entry in sen2cube.requests()] == [200, 200, 206]


def test_a_path_below_vsis2c_takes_the_same_requests(machine, sen2cube):
    machine.succeed("gdalinfo", COMPOSITE_PATH)
    assert sen2cube.request_lines() == OPENING


@pytest.mark.parametrize("setting", ["TRUE", "EMPTY_DIR", "FALSE"])
def test_no_sidecar_is_probed_whatever_gdal_does_on_open(machine, sen2cube, setting):
    for name in (COMPOSITE, COMPOSITE_PATH):
        sen2cube.forget()
        machine.succeed("gdalinfo", name, GDAL_DISABLE_READDIR_ON_OPEN=setting)
        assert sen2cube.request_lines() == OPENING


def test_an_inference_with_several_rasters_opens_without_a_file_request(machine, sen2cube):
    machine.succeed("gdalinfo", "S2C:10424")
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_the_only_raster_of_an_inference_opens_by_the_id(machine, sen2cube):
    info = machine.gdalinfo("S2C:10425")
    assert info["metadata"][""]["OUTPUT_NAME"] == "water_count"
    assert sen2cube.request_lines() == [TOKEN, inference(10425), result("water_count", 10425)]


def test_the_password_grant_is_asked_once_for_the_public_client(machine, sen2cube):
    machine.succeed("gdalinfo", COMPOSITE)
    [token] = sen2cube.requests("auth")
    assert (token["grant"], token["bearer"]) == ("password", "none")
    assert token["content_type"] == "application/x-www-form-urlencoded"
    assert [entry["bearer"] for entry in sen2cube.requests()][1:] == ["good", "good"]
    [asked] = sen2cube.requests("api")
    assert asked["accept"] == "application/vnd.api+json"


def test_result_files_come_over_http_2(machine, sen2cube):
    machine.succeed("gdalinfo", COMPOSITE)
    assert sen2cube.requests("files")[0]["http_version"] == "HTTP/2.0"


@pytest.mark.parametrize("name", RASTERS)
def test_the_report_agrees_with_that_of_the_local_file(machine, name):
    found, expected = machine.gdalinfo(f"S2C:10424:{name}"), machine.gdalinfo(sample(name))
    for key in ("size", "coordinateSystem", "geoTransform", "cornerCoordinates", "wgs84Extent"):
        assert found[key] == expected[key]
    assert bands(found) == bands(expected)
    assert found["metadata"]["IMAGE_STRUCTURE"] == expected["metadata"]["IMAGE_STRUCTURE"]
    assert set(expected["metadata"][""].items()) <= set(found["metadata"][""].items())
    assert found["driverShortName"] == "S2C"
    assert found["files"] == [f"/vsis2c/10424/{name}.tiff"]


def test_checksums_are_those_of_the_local_file(machine):
    for name in RASTERS:
        found = machine.gdalinfo("-checksum", f"S2C:10424:{name}")
        expected = machine.gdalinfo("-checksum", sample(name))
        sums = [band["checksum"] for band in expected["bands"]]
        assert [band["checksum"] for band in found["bands"]] == sums


@pytest.mark.parametrize("name", RASTERS)
def test_statistics_are_those_of_the_local_file_and_are_saved_nowhere(
        machine, tmp_path, name, sen2cube):
    local = shutil.copy(sample(name), tmp_path)
    expected = machine.gdalinfo("-stats", local)
    sen2cube.forget()
    found = machine.gdalinfo("-stats", f"S2C:10424:{name}")
    assert band_items(found) == band_items(expected)
    assert sen2cube.request_lines() == opening(name)
    assert list(machine.work.iterdir()) == []


def test_a_histogram_is_that_of_the_local_file_and_is_saved_nowhere(machine, tmp_path):
    local = shutil.copy(sample("water_count"), tmp_path)
    expected, found = machine.gdalinfo("-hist", local), machine.gdalinfo("-hist", "S2C:10425")
    assert found["bands"][0]["histogram"] == expected["bands"][0]["histogram"]
    assert list(machine.work.iterdir()) == []


@pytest.mark.parametrize("name", RASTERS)
def test_computed_ranges_are_those_of_the_local_file(machine, name):
    found = machine.gdalinfo("-mm", f"S2C:10424:{name}")
    expected = machine.gdalinfo("-mm", sample(name))
    for band, other in zip(found["bands"], expected["bands"], strict=True):
        assert (band["computedMin"], band["computedMax"]) \
            == (other["computedMin"], other["computedMax"])
        # The API's ranges are the true ones.
        assert (band["min"], band["max"]) == (other["computedMin"], other["computedMax"])


def test_the_json_domain_is_the_document_and_is_asked_for_when_shown(machine, sen2cube):
    info = machine.gdalinfo("-mdd", "json:S2C", COMPOSITE)
    assert sen2cube.request_lines() == [*OPENING, "api GET /v1/inference/10424"]
    document = info["metadata"]["json:S2C"]
    # GDAL 3.6 writes a text, later versions the JSON itself.
    document = json.loads(document) if isinstance(document, str) else document
    assert document == UserAgent(sen2cube).get("/inference/10424").json
    assert len(document["data"]["attributes"]["area_of_interest"]) > 100_000


def test_listing_the_domains_asks_for_nothing_more(machine, sen2cube):
    assert "json:S2C" in machine.succeed("gdalinfo", "-listmdd", COMPOSITE)
    assert sen2cube.request_lines() == OPENING


def test_an_unknown_open_option_is_warned_of_with_its_name(machine):
    done = machine.run("gdalinfo", "-oo", "PASWORD=x", COMPOSITE)
    assert done.returncode == 0
    assert "driver S2C does not support open option PASWORD" in done.stderr


def test_other_files_are_opened_without_a_request(machine, sen2cube):
    machine.succeed("gdalinfo", sample("water_count"))
    machine.succeed("gdalinfo", "--formats")
    assert sen2cube.request_lines() == []
