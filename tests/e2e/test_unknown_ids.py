# SPDX-License-Identifier: MIT
"""Ids that are not there, in each form in which servers say so (issue 10)."""

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .catalogue import one_request
from .support import TOKEN, config_options, inference


@pytest.fixture(scope="module", params=["data-null", "null", "error"])
def server(request, sen2cube):
    with LocalSen2Cube("--unknown-id", request.param) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh_server(server):
    server.forget()
    with config_options(**server.environment()):
        yield
    gdal.ErrorReset()


@pytest.mark.parametrize("name", ["S2C:99999", "S2C:99999:water_count"])
def test_an_unknown_inference_is_told_after_one_request(server, name):
    with pytest.raises(RuntimeError, match="there is no inference 99999 for this user"):
        gdal.OpenEx(name)
    assert server.request_lines() == [TOKEN, inference(99999)]


def test_a_path_of_an_unknown_inference_is_not_there_and_nothing_is_said(server):
    gdal.ErrorReset()
    assert gdal.VSIStatL("/vsis2c/99999/water_count.tiff") is None
    assert gdal.GetLastErrorMsg() == ""
    assert server.request_lines("api") == [inference(99999)]


@pytest.mark.parametrize("layer", ["inference", "factbase", "knowledgebase"])
def test_an_unknown_feature_is_none_after_one_request(server, results, layer):
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
    server.forget()
    gdal.ErrorReset()
    assert dataset.GetLayerByName(layer).GetFeature(99999) is None
    assert gdal.GetLastErrorMsg() == ""
    assert server.request_lines("api") == [one_request(layer, 99999)]


def test_outputs_of_an_unknown_factbase_name_it(server):
    server.change_inference(10425, factbase_id=4711)
    with pytest.raises(RuntimeError, match="factbase"):
        gdal.Open("S2C:10425:water_count")
    lines = server.request_lines("api")
    assert len(lines) == 2 and "factbase/4711" in lines[1]


def test_an_internal_error_of_another_kind_is_still_repeated(server):
    server.fault(server="api", status=500, body='{"errors": [{"title": "Unknown error"}]}')
    assert gdal.Open("S2C:10424:water_count")
    assert [entry["status"] for entry in server.requests("api")] == [500, 200]
