# SPDX-License-Identifier: MIT
"""Servers of other generations: what they refuse or leave out is done without."""

import re

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .support import (COMPOSITE, FIELDS, INCLUDE, TOKEN, config_options, inference, result,
                      same_pixels, sample)

WHOLE = inference(10424)
PLAIN = "api GET /v1/inference/10424"
WITH_INCLUDE = f"{PLAIN}?{INCLUDE}"
FACTBASE = "api GET /v1/factbase/1"
FILE = result("Cloud_free_composite")
# Options of the server: the API's requests of the first open, those of an inference's after that.
GENERATIONS = {
    (): ([WHOLE], [WHOLE]),
    ("--library", "0.31"): ([WHOLE], [WHOLE]),
    ("--library", "0.30"): ([WHOLE], [WHOLE]),
    ("--unknown-id", "error"): ([WHOLE], [WHOLE]),
    ("--output-form", "array"): ([WHOLE], [WHOLE]),
    ("--linkage", "included"): ([WHOLE], [WHOLE]),
    ("--no-fields",): ([WHOLE, WITH_INCLUDE], [WITH_INCLUDE]),
    ("--no-include", "--no-fields"): ([WHOLE, WITH_INCLUDE, PLAIN, FACTBASE], [PLAIN, FACTBASE]),
    ("--omit-attributes", "comment,owner,status_message,favourite,temp_range_start"):
        ([WHOLE], [WHOLE])}


@pytest.fixture(scope="module", params=GENERATIONS, ids=" ".join)
def generation(request, sen2cube):
    with LocalSen2Cube(*request.param) as server, config_options(**server.environment()):
        yield server, GENERATIONS[request.param]


def pixels_are_right(name, local):
    return same_pixels(gdal.Open(name).ReadAsArray(), gdal.Open(sample(local)).ReadAsArray())


def test_a_composite_opens_and_what_the_server_refuses_is_remembered(generation):
    server, (first, second) = generation
    server.forget()
    assert pixels_are_right(COMPOSITE, "Cloud_free_composite")
    assert server.request_lines() == [TOKEN, *first, FILE]
    server.forget()
    assert pixels_are_right(COMPOSITE, "Cloud_free_composite")
    assert server.request_lines() == []
    assert pixels_are_right("S2C:10425", "water_count")
    assert server.request_lines("api") == [line.replace("10424", "10425") for line in second]


def test_metadata_are_there_as_far_as_the_server_gives_them(generation):
    server, _ = generation
    items = gdal.Open(COMPOSITE).GetMetadata()
    assert items["STATUS"] == "SUCCEEDED"
    assert items["FACTBASE"] == "Austria"
    assert items["KNOWLEDGEBASE_ID"] == "218"
    assert ("OWNER" in items) == ("owner" not in str(server.options))


def test_an_unknown_id_is_told_apart_in_either_form(generation):
    with pytest.raises(RuntimeError, match="there is no inference 99999 for this user"):
        gdal.Open("S2C:99999")


def test_the_root_is_listed(generation):
    server, _ = generation
    gdal.Open(COMPOSITE)
    server.forget()
    assert gdal.ReadDir("/vsis2c/")[0] == "10437"
    lines = [re.sub(r"&fields.*", "", line) for line in server.request_lines("api")]
    assert lines == ["api GET /v1/inference?sort=-id&page[size]=100"]


def test_the_document_is_asked_for_without_any_extra(generation):
    server, _ = generation
    dataset = gdal.Open("S2C:10424")
    server.forget()
    assert dataset.GetMetadata_List("json:S2C")
    assert server.request_lines() == [PLAIN]


@pytest.mark.parametrize("options", [("--api-tls",)], ids=" ".join)
def test_the_api_is_spoken_to_over_tls_and_http_2(options):
    with LocalSen2Cube(*options) as server, config_options(**server.environment()):
        assert pixels_are_right(COMPOSITE, "Cloud_free_composite")
        assert server.request_lines() == [TOKEN, WHOLE, FILE]
        assert {entry["http_version"] for entry in server.requests()} == {"HTTP/2.0"}


def test_a_server_of_many_pages_is_listed_by_pages_up_to_a_limit():
    with LocalSen2Cube("--inferences", "2500", "--max-page-size", "100") as server, \
            config_options(**server.environment()):
        gdal.ErrorReset()
        listed = gdal.ReadDir("/vsis2c/")
        assert len(listed) == 1000
        assert listed == [str(number) for number in range(102500, 101500, -1)]
        # Two are larger pages, which are refused.
        assert len(server.request_lines("api")) == 12
        assert "older ones open by their id" in gdal.GetLastErrorMsg()


def test_fields_are_asked_for_sparsely():
    """The area of interest alone may have 190 kB."""
    assert "area_of_interest" not in FIELDS
    assert "basemaps" not in FIELDS
