# SPDX-License-Identifier: MIT
"""What cannot be opened: one error that names cause and remedy, and nothing left behind."""

import pytest
from osgeo import gdal

from .support import COMPOSITE, TOKEN, assert_no_secret, inference, result

NO_RESULTS = {
    10426: "its status is CREATED; open it again when it has finished",
    10427: "its status is SCHEDULED; open it again when it has finished",
    10428: "its status is STARTED; open it again when it has finished",
    10430: "its status is ABORTED (The inference was aborted.); rerun it"}
# What is wrong, and what the error says about it.
NO_NAMES = {
    "S2C:": "is the catalogue, which is no raster: use S2C:ID or S2C:ID:NAME",
    "S2C:x": "the id of an inference is a whole number; use S2C:ID",
    "S2C:-1": "the id of an inference is a whole number; use S2C:ID",
    "S2C::": "the id of an inference is a whole number; use S2C:ID",
    "S2C:10424:": "the name of the output is missing; use S2C:ID",
    "S2C:9223372036854775808": "no inference has an id that large; use S2C:ID",
    "S2C:99999999999999999999": "; use S2C:ID or S2C:ID:NAME, for example"}


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_names_nothing_is_refused_without_a_request(machine, sen2cube, name):
    error = machine.refusal(name)
    assert NO_NAMES[name] in error
    assert sen2cube.request_lines() == []


@pytest.mark.parametrize("missing", [("S2C_USERNAME", "S2C_PASSWORD"), ("S2C_USERNAME",),
                                     ("S2C_PASSWORD",)])
def test_without_credentials_the_options_are_named(machine, sen2cube, missing):
    error = machine.refusal(COMPOSITE, **dict.fromkeys(missing))
    assert "no credentials" in error
    for way in ("S2C_ACCESS_TOKEN", "S2C_TOKENFILE", "sen2cli session login", "S2C_REFRESH_TOKEN",
                "S2C_USERNAME", "S2C_PASSWORD", "S2C_PASSWORD_FILE"):
        assert way in error
    assert sen2cube.request_lines() == []


def test_a_wrong_password_is_tried_once(machine, sen2cube):
    error = machine.refusal(COMPOSITE, S2C_PASSWORD="demo-passwort")
    assert "the login of 'demo' was refused" in error
    assert "Invalid user credentials" in error
    assert "check S2C_USERNAME and S2C_PASSWORD" in error
    assert "demo-passwort" not in error
    assert sen2cube.request_lines() == [TOKEN]


def test_a_wrong_client_is_said_to_be(machine, sen2cube):
    error = machine.refusal(COMPOSITE, S2C_CLIENT_ID="nobody")
    assert "invalid_client" in error
    assert sen2cube.request_lines() == [TOKEN]


@pytest.mark.parametrize("name", ["S2C:99999", "S2C:99999:water_count"])
def test_an_unknown_id_is_said_to_be(machine, sen2cube, name):
    error = machine.refusal(name)
    assert "there is no inference 99999 for this user" in error
    assert "list of inferences" in error
    assert sen2cube.request_lines() == [TOKEN, inference(99999)]


def test_an_id_beyond_the_database_is_an_error_of_the_server(machine):
    error = machine.refusal("S2C:3000000000", S2C_RETRY_DELAY="0.01")
    assert "HTTP 500" in error


def test_an_unknown_output_lists_the_names(machine, sen2cube):
    error = machine.refusal("S2C:10424:composite")
    assert error.endswith(
        "inference 10424 has no output 'composite': use one of 'Cloud_free_composite', "
        "'water_count', 'land_cover', 'vegetation_over_time', 'water_time_series', "
        "'green_spaces', 'mean_ndvi'")
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_a_table_opened_as_a_raster_is_told_to_be_one(machine):
    error = machine.refusal("S2C:10424:water_time_series")
    assert "is a table and no raster; open it as vector data (ogrinfo)" in error


@pytest.mark.parametrize("number", NO_RESULTS)
@pytest.mark.parametrize("output", ["", ":Cloud_free_composite"])
def test_an_inference_without_valid_results_tells_its_state(machine, sen2cube, number, output):
    error = machine.refusal(f"S2C:{number}{output}")
    assert f"inference {number} has no results: {NO_RESULTS[number]}" in error
    # Nobody looks at the files of the run before.
    assert sen2cube.request_lines() == [TOKEN, inference(number)]


def test_a_failed_inference_tells_why(machine):
    error = machine.refusal("S2C:10429")
    assert "its status is FAILED" in error
    assert "remaining connection slots are reserved" in error
    assert error.endswith("); the factbase's database had no connection free: rerun it later")


@pytest.mark.parametrize("status, message, advice", [
    ("FAILED", "The inference failed: Evaluation failed at 'mask' because of \"ValueError('zero-"
     "size array to reduction operation fmin which has no identity')\"",
     "choose an area of interest and a time range for which the factbase has data"),
    ("ABORTED", "The inference was stopped (ERROR:4203)", "#ERROR:4203)"),
    ("FAILED", "Something new", "); rerun it to get results"),
    ("FAILED", None, "its status is FAILED; rerun it to get results")])
def test_an_end_without_results_says_what_to_do(machine, sen2cube, status, message, advice):
    sen2cube.change_inference(10430, status=status, status_message=message)
    error = machine.refusal("S2C:10430")
    assert advice in error and (message or "") in error


def test_an_inference_without_outputs_says_so(machine):
    assert "inference 10433 has no raster output" in machine.refusal("S2C:10433")


@pytest.mark.parametrize("name", ["S2C:10431:water_count", "S2C:10431",
                                  "/vsis2c/10431/water_count.tiff"])
def test_a_deleted_result_says_that_a_rerun_brings_it_back(machine, sen2cube, name):
    error = machine.refusal(name)
    assert "output 'water_count' of inference 10431 is no longer on the server (HTTP 404)" in error
    assert "results are deleted regularly, rerun the inference" in error
    assert sen2cube.request_lines() == [TOKEN, inference(10431), result("water_count", 10431)]


@pytest.mark.parametrize("name, real, told", [("water_count", 26818, 25818),
                                              ("land_cover", 19674, 20674)])
@pytest.mark.parametrize("form", ["S2C:10432:{}", "/vsis2c/10432/{}.tiff"])
def test_a_size_that_is_not_the_one_of_the_api_is_told(machine, sen2cube, form, name, real, told):
    error = machine.refusal(form.format(name))
    assert f"has {real} bytes on the server but {told} in the API" in error
    assert "rerun the inference" in error
    lines = sen2cube.request_lines()
    assert lines[:3] == [TOKEN, inference(10432), result(name, 10432)]
    # Another file may be that of a rerun, so what GDAL asks next of a path is not answered from
    # memory.
    assert lines[3:] in ([], [inference(10432)])


@pytest.mark.parametrize("place", range(1, 7))
@pytest.mark.parametrize("form", ["S2C:10435:hostile_{}", "/vsis2c/10435/hostile_{}.tiff"])
def test_a_place_that_leads_elsewhere_is_refused_before_any_request(machine, sen2cube, form, place):
    error = machine.refusal(form.format(place))
    assert f"output 'hostile_{place}' of inference 10435" in error
    assert "is refused" in error
    assert sen2cube.request_lines() == [TOKEN, inference(10435)]


def test_a_path_that_is_not_there_is_said_not_to_be(machine):
    error = machine.refusal("/vsis2c/10424/nothing.tiff")
    assert "'/vsis2c/10424/nothing.tiff' does not exist; list /vsis2c/" in error


def test_a_table_below_vsis2c_is_no_raster(machine):
    assert "/vsis2c/10424/water_time_series.csv" in machine.refusal(
        "/vsis2c/10424/water_time_series.csv")


@pytest.mark.parametrize("name", [COMPOSITE, "S2C:10424", "s2c:10425"])
def test_opening_for_update_is_refused_before_any_request(machine, sen2cube, name):
    program = ("import json, sys; from osgeo import gdal; gdal.UseExceptions()\n"
               "try: gdal.OpenEx(sys.argv[1], gdal.OF_UPDATE)\n"
               "except RuntimeError as error: print(json.dumps(str(error)))")
    error = machine.python(program, name)
    assert f"'{name}' cannot be opened for update: results are read-only" in error
    assert "copy it to a local file first" in error
    assert sen2cube.request_lines() == []


@pytest.mark.parametrize("name", ["S2C:x", "S2C:99999", "S2C:10431:water_count"])
def test_without_exceptions_python_gets_none_and_one_error(name):
    gdal.DontUseExceptions()
    errors = []
    gdal.PushErrorHandler(lambda level, number, text: errors.append((level, text)))
    try:
        assert gdal.Open(name) is None
    finally:
        gdal.PopErrorHandler()
        gdal.UseExceptions()
    assert [level for level, _ in errors] == [gdal.CE_Failure]


def test_debug_output_shows_neither_password_nor_token(machine):
    done = machine.run("gdalinfo", COMPOSITE, CPL_DEBUG="ON", CPL_CURL_VERBOSE="YES")
    assert done.returncode == 0
    assert_no_secret(done.stdout + done.stderr)
