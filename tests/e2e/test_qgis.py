# SPDX-License-Identifier: MIT
"""QGIS, offscreen and in processes of its own."""

import json
import os
import re
import shutil
import sys
import time

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .rasters import publish
from .support import (COMPOSITE, COMPOSITE_PATH, RASTERS, TABLES, TOKEN, inference, result,
                      same_pixels, sample)
from .test_tables import LAYERS

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_program.py")


@pytest.fixture
def qgis(machine):
    def run(*arguments, **variables):
        found, errors = machine.qgis(PROGRAM, *arguments, **variables)
        # QGIS' other providers look for a local file and say that there is none.
        if arguments[0] != "reasons":
            assert not re.search(r"ERROR \d+:", errors), errors
        if isinstance(found, dict):
            found["stderr"] = errors
        return found
    return run


def picture(path):
    return gdal.Open(str(path)).ReadAsArray()


def test_a_composite_is_a_valid_layer_that_renders_like_the_local_file(machine, qgis, sen2cube):
    paths = [machine.folder / name for name in ("ours.png", "expected.png")]
    found = qgis("describe", COMPOSITE, paths[0])
    assert found["valid"], found
    assert [(band["min"], band["max"]) for band in found["bands"]] \
        == [(224.5, 2272.5), (288.5, 1984.5), (64.5, 1840.5)]
    assert [band["nodata"] for band in found["bands"]] == [-9999.0] * 3
    assert "aux.xml" not in found["stderr"]
    assert found["crs"] == "EPSG:3035"
    assert found["errors"] == []
    assert sen2cube.request_lines("auth") == [TOKEN]
    assert sen2cube.request_lines("files") == [result("Cloud_free_composite")]
    assert set(sen2cube.request_lines("api")) == {inference(10424)}
    local = shutil.copy(sample("Cloud_free_composite"), machine.folder)
    expected = qgis("describe", local, paths[1])
    assert (found["size"], found["extent"]) == (expected["size"], expected["extent"])
    ours = picture(paths[0])
    assert same_pixels(ours, picture(paths[1]))
    # Not an empty sheet of paper.
    assert ours[0].min() < 50 < 200 < ours[0].max()


def test_a_composite_has_its_metadata(machine, qgis):
    found = qgis("describe", COMPOSITE, machine.folder / "ours.png")
    assert "Cloud free composite of Salzburg" in found["html"]


def test_the_path_below_vsis2c_is_a_valid_layer(machine, qgis):
    found = qgis("describe", COMPOSITE_PATH, machine.folder / "ours.png")
    assert found["valid"], found
    assert len(found["bands"]) == 3


def test_an_inference_offers_its_sublayers_by_name_without_opening_rasters(qgis, sen2cube):
    found = qgis("sublayers", "S2C:10424")
    assert [layer["name"] for layer in found] == [*RASTERS, *LAYERS]
    assert [layer["provider"] for layer in found] == ["gdal"] * 4 + ["ogr"] * 4
    assert {*sen2cube.request_lines("files")} <= {result(name) for name in TABLES}
    assert sen2cube.request_lines("auth") == [TOKEN]
    assert set(sen2cube.request_lines("api")) <= {inference(10424), "api GET /v1/inference/10424"}
    for layer, name in zip(found, RASTERS):
        assert f"S2C:10424:{name}" in layer["uri"]
    for layer, name in zip(found[4:], LAYERS):
        assert layer["uri"].startswith(f"S2C:10424|layername={name}")


def test_the_layer_of_a_single_raster_has_the_name_of_the_output(qgis):
    [found] = [layer for layer in qgis("sublayers", "S2C:10425") if layer["provider"] == "gdal"]
    assert found["uri"].startswith("S2C:10425")


@pytest.mark.parametrize("uri, geometry, count", [
    ("S2C:10424|layername=green_spaces", "Polygon", 96),
    ("S2C:10424:green_spaces", "Polygon", 96),
    ("S2C:10424:water_time_series", "NoGeometry", 60)])
def test_a_table_is_a_valid_layer_that_can_be_played(qgis, uri, geometry, count):
    found = qgis("table", uri, "time")
    assert found["valid"], found
    name = re.split("[:=]", uri)[-1]
    assert (found["geometry"], found["count"], found["rows"]) == (geometry, count, count)
    types = dict(found["fields"])
    assert types["time"] == ("Date" if geometry == "Polygon" else "DateTime")
    assert types[name] == "Real"
    with open(sample(name), encoding="utf-8") as file:
        assert found["april"] == file.read().count("2021-04-")
    assert found["crs"] == ("EPSG:4326" if geometry == "Polygon" else "")


def test_what_cannot_be_opened_is_no_valid_layer(machine, sen2cube):
    done = machine.run(sys.executable, PROGRAM, "describe", "S2C:10424:nothing",
                       machine.folder / "none.png", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0
    found = json.loads(done.stdout.splitlines()[-1])
    assert not found["valid"]
    assert "use one of 'Cloud_free_composite'" in found["error"] + done.stderr
    assert sen2cube.request_lines("files") == []


@pytest.mark.parametrize("name, reason", [
    ("S2C:424242", "there is no inference 424242 for this user"),
    ("S2C:10424:nothing", "inference 10424 has no output 'nothing': use one of"),
    ("S2C:10426", "inference 10426 has no results: its status is CREATED")])
def test_the_reason_why_a_name_does_not_open_is_shown(qgis, name, reason):
    found = qgis("reasons", name)
    assert not found["valid"] and not found["valid vector"]
    # The message bar shows the summary.
    assert reason in found["raster"]
    assert len(found["raster"].splitlines()) <= 2
    assert any(reason in text for text in found["log"]), found["log"]


def test_a_login_that_is_refused_is_shown(qgis, sen2cube):
    sen2cube.fault(server="auth", status=401, count=None,
                   body='{"error":"invalid_grant","error_description":"Invalid user credentials"}')
    found = qgis("reasons", COMPOSITE)
    assert "S2C_PASSWORD" in found["raster"]
    assert len(found["raster"].splitlines()) <= 2


def seconds_of(run):
    begun = time.monotonic()
    found = run()
    return found, time.monotonic() - begun


def counted(sen2cube):
    return [len(sen2cube.requests(server)) for server in ("api", "files")]


def test_adding_a_raster_and_its_first_picture_cost_three_requests_at_most(machine, qgis, sen2cube):
    found = qgis("add", machine.folder / "one.png", COMPOSITE)
    assert found["valid"] == [True] and found["errors"] == []
    assert sum(counted(sen2cube)) <= 3


def test_thirty_rasters_of_one_inference_cost_a_request_each(machine, qgis, sen2cube):
    publish(sen2cube, 10427, {f"map {number}": sample("water_count") for number in range(30)})
    found, seconds = seconds_of(lambda: qgis("add", machine.folder / "all.png", "S2C:10427"))
    assert found["valid"] == [True] * 30 and found["errors"] == []
    api, files = counted(sen2cube)
    assert files == 30
    # It is remembered for five seconds: 33 in all where this takes less than 15.
    assert api <= 1 + seconds / 5


def test_the_sublayers_of_the_root_are_looked_for_in_one_listing(qgis):
    with LocalSen2Cube("--inferences", "260") as server:
        qgis("sublayers", "/vsis2c/", **server.environment())
        lines = server.request_lines("api")
        assert 0 < len(lines) == len(set(lines)) <= 4
