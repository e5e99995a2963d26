# SPDX-License-Identifier: MIT
"""Servers that are not there, or answer with what they should not."""

import base64
import json
import socket

import pytest
from osgeo import gdal

from .support import (COMPOSITE, TOKEN, config_options, content, inference, place, result, same_pixels, sample,
                      vsi_content)

HTML = "<!doctype html><html><body>Please log in.</body></html>"
BODIES = {"a web page": HTML, "broken JSON": '{"data": {"id": 10424,', "nothing": "",
          "deep JSON": "[" * 100_000 + "]" * 100_000, "unclosed deep JSON": '{"a":' * 100_000,
          "a number": "42", "a list": "[1, 2]", "no UTF-8": "\udcff", "zeros": "\0" * 1000}
NOT_JSON_API = [name for name in BODIES if name != "no UTF-8"]
# What may be the beginning of a document is asked for three times more (issue 15).
CUT_OFF = ("nothing", "broken JSON", "unclosed deep JSON")


@pytest.fixture
def closed_port():
    """A port where nobody listens: it is bound and taken back."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("name", ["S2C_API_URL", "S2C_AUTH_URL"])
def test_a_server_that_is_not_there_is_named_with_its_option(machine, closed_port, name):
    error = machine.refusal(COMPOSITE, **{name: f"http://127.0.0.1:{closed_port}/v1",
                                          "S2C_RETRY_DELAY": "0.01"})
    assert f"127.0.0.1:{closed_port}" in error
    assert f"check {name}" in error


def test_a_host_that_is_not_there_is_named(machine):
    error = machine.refusal(COMPOSITE, S2C_API_URL="https://api.sen2cube.invalid/v1",
                            S2C_RETRY_DELAY="0.01")
    assert "api.sen2cube.invalid" in error
    assert "check S2C_API_URL" in error


def test_a_certificate_that_nobody_vouches_for_is_refused(machine, sen2cube):
    error = machine.refusal(COMPOSITE, GDAL_CURL_CA_BUNDLE=None, CURL_CA_BUNDLE=None)
    assert "certificate" in error.lower()
    assert sen2cube.request_lines("files") == []


@pytest.mark.parametrize("body", NOT_JSON_API)
def test_an_api_that_answers_with_something_else_is_told_apart(machine, sen2cube, body):
    sen2cube.fault(server="api", count=None, body=BODIES[body])
    error = machine.refusal(COMPOSITE)
    assert sen2cube.api_url in error
    assert "check S2C_API_URL" in error
    times = 4 if body in CUT_OFF else 1
    assert sen2cube.request_lines() == [TOKEN, *[inference(10424)] * times]


@pytest.mark.parametrize("body", NOT_JSON_API)
def test_a_token_endpoint_that_answers_with_something_else_is_told_apart(machine, sen2cube, body):
    sen2cube.fault(server="auth", body=BODIES[body])
    error = machine.refusal(COMPOSITE)
    assert sen2cube.auth_url in error
    assert "check S2C_AUTH_URL" in error
    assert sen2cube.request_lines() == [TOKEN]


@pytest.mark.parametrize("body", ["nothing", "deep JSON", "broken JSON", "a number"])
def test_outputs_that_are_no_list_are_no_outputs(machine, sen2cube, body):
    sen2cube.change_inference(10433, output=BODIES[body])
    assert "inference 10433 has no raster output" in machine.refusal("S2C:10433")
    sen2cube.change_inference(10433, output="[]")


@pytest.mark.parametrize("document", [
    {"data": {"type": "factbase", "id": 10424, "attributes": {}}},
    {"data": {"type": "inference", "id": 1, "attributes": {"status": "SUCCEEDED"}}},
    {"data": {"type": "inference", "attributes": {}}}, {"data": []}, {"data": "text"},
    {"errors": []}])
def test_a_document_of_something_else_is_refused(machine, sen2cube, document):
    sen2cube.fault(server="api", body=json.dumps(document))
    error = machine.refusal(COMPOSITE)
    assert "does not answer with inference 10424; check S2C_API_URL" in error


def test_a_web_page_in_place_of_a_file_is_told(machine, sen2cube):
    sen2cube.fault(server="files", body=HTML, headers={"Content-Type": "text/html"})
    error = machine.refusal(COMPOSITE)
    assert "answered with a web page in place of the file" in error
    assert "S2C_USERNAME" in error


@pytest.mark.parametrize("body", ["", "x" * 1000])
def test_a_file_of_another_size_is_refused(machine, sen2cube, body):
    sen2cube.fault(server="files", body=body, count=None)
    error = machine.refusal(COMPOSITE)
    assert f"has {len(body)} bytes on the server but 167399 in the API" in error


def test_a_file_that_is_no_geotiff_is_told(machine, sen2cube):
    sen2cube.fault(server="files", body="x" * 167399, count=None)
    error = machine.refusal(COMPOSITE)
    assert "is not a GeoTIFF" in error


@pytest.mark.parametrize("server, status", [("api", 500), ("api", 503), ("api", 429),
                                            ("files", 502), ("files", 504), ("files", 503)])
def test_two_failures_and_then_an_answer_are_no_error(machine, sen2cube, server, status):
    sen2cube.fault(server=server, status=status, count=2)
    machine.succeed("gdalinfo", COMPOSITE, S2C_RETRY_DELAY="0.01")
    asked = {"api": inference(10424), "files": result("Cloud_free_composite")}
    expected = [TOKEN, *(line for name, line in asked.items()
                         for _ in range(3 if name == server else 1))]
    assert sen2cube.request_lines() == expected


@pytest.mark.parametrize("server, named", [("api", "check S2C_API_URL"), ("files", "again later"),
                                           ("auth", "check S2C_AUTH_URL")])
def test_a_server_that_goes_on_failing_is_told_after_the_retries(machine, sen2cube, server, named):
    sen2cube.fault(server=server, status=503, count=None)
    error = machine.refusal(COMPOSITE, S2C_RETRY_DELAY="0.01", S2C_MAX_RETRY="2")
    assert "HTTP 503" in error
    assert named in error
    assert len(sen2cube.requests(server)) == 3


@pytest.mark.parametrize("server", ["api", "files", "auth"])
def test_a_connection_that_is_closed_without_an_answer_is_an_error(machine, sen2cube, server):
    sen2cube.fault(server=server, close=True, count=None)
    machine.refusal(COMPOSITE, S2C_RETRY_DELAY="0.01", S2C_MAX_RETRY="1")


@pytest.mark.parametrize("server", ["api", "files"])
def test_a_connection_that_was_closed_once_is_tried_again(machine, sen2cube, server):
    sen2cube.fault(server=server, close=True)
    machine.succeed("gdalinfo", COMPOSITE, S2C_RETRY_DELAY="0.01")
    assert len(sen2cube.requests(server)) == 2


@pytest.mark.parametrize("cut", [0, 1, 100_000])
def test_a_file_that_is_cut_in_the_middle_is_asked_for_again(sen2cube, cut):
    sen2cube.fault(server="files", truncate=cut)
    arrays = [gdal.Open(name).ReadAsArray() for name in (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*arrays)
    assert sen2cube.request_lines() \
        == [TOKEN, inference(10424), *[result("Cloud_free_composite")] * 2]


def test_a_document_that_is_cut_in_the_middle_is_asked_for_again(sen2cube):
    sen2cube.fault(server="api", truncate=500)
    assert gdal.Open(COMPOSITE).RasterCount == 3
    assert sen2cube.request_lines("api") == [inference(10424)] * 2


def test_a_file_that_is_always_cut_is_an_error_and_never_zeros(machine, sen2cube):
    sen2cube.fault(server="files", truncate=6000, count=None)
    # The header has come by then, so that opening goes well.
    done = machine.run("gdal_translate", "-q", COMPOSITE, "copy.tif", S2C_RETRY_DELAY="0.01",
                       S2C_MAX_RETRY="2")
    assert done.returncode != 0
    assert "output 'Cloud_free_composite' of inference 10424 cannot be read" in done.stderr
    assert not (machine.work / "copy.tif").exists()


def test_bytes_that_came_before_a_cut_are_right_and_no_more_are_given(sen2cube):
    whole = content(sample("Cloud_free_composite"))
    sen2cube.fault(server="files", truncate=100_000, count=None)
    # Already in opening, where the cut is noticed before the first bytes are taken.
    with config_options(S2C_RETRY_DELAY="0.01", S2C_MAX_RETRY="1"), \
            pytest.raises(RuntimeError, match="cannot be read"):
        file = gdal.VSIFOpenL("/vsis2c/10424/Cloud_free_composite.tiff", "rb")
        try:
            assert bytes(gdal.VSIFReadL(1, 4000, file)) == whole[:4000]
            gdal.VSIFReadL(1, len(whole), file)
        finally:
            gdal.VSIFCloseL(file)


def test_a_server_that_ignores_ranges_serves_right_bytes(sen2cube):
    whole = content(sample("Cloud_free_composite"))
    sen2cube.fault(server="files", count=None, status=200, body_base64=encoded(whole),
                   path=place("Cloud_free_composite"), headers={"Content-Type": "image/tiff"})
    assert vsi_content("/vsis2c/10424/Cloud_free_composite.tiff") == whole
    assert len(sen2cube.requests("files")) == 1


def test_other_bytes_than_were_asked_for_are_refused(machine, sen2cube):
    sen2cube.fault(server="files", count=None, status=206, body="x" * 100, headers={
        "Content-Type": "image/tiff", "Content-Range": "bytes 5-104/167399"})
    assert "sent other bytes than were asked for" in machine.refusal(COMPOSITE)


def encoded(data):
    return base64.b64encode(data).decode()
