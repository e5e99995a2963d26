# SPDX-License-Identifier: MIT
"""S2C: when it is opened: how the service is looked at, how the name may be written."""

import pytest
from osgeo import gdal, ogr

from ..backend.process import LocalSen2Cube
from .catalogue import OPENING, catalogue, ids
from .support import TOKEN, config_options

FAVOURITES = [10424, 8340, 8330, 8320, 8310, 8300]


def test_opening_asks_for_no_row_and_once_for_some_seconds(sen2cube):
    opened = [catalogue() for _ in range(5)]
    assert sen2cube.request_lines() == [TOKEN, OPENING]
    assert len(opened) == 5


@pytest.mark.parametrize("status, reason", [(401, "does not accept this login"),
                                            (403, "does not accept this login"),
                                            (404, "cannot answer"), (503, "cannot answer")])
def test_a_service_that_refuses_is_an_error_and_asked_once(sen2cube, status, reason):
    sen2cube.fault(server="api", count=None, status=status)
    with config_options(S2C_MAX_RETRY="0"):
        for _ in range(3):
            with pytest.raises(RuntimeError, match=reason):
                catalogue()
    assert len(set(sen2cube.request_lines("api"))) == 1
    assert len(sen2cube.request_lines("api")) <= 2, "a second with a new token"


def test_what_is_no_api_is_an_error(sen2cube):
    sen2cube.fault(server="api", count=None, status=200, body="<html>It works!</html>")
    with pytest.raises(RuntimeError, match="check S2C_API_URL"):
        catalogue()


def test_a_service_that_is_not_there_is_an_error():
    with config_options(S2C_API_URL="http://127.0.0.1:9/v1", S2C_MAX_RETRY="0"), \
            pytest.raises(RuntimeError, match="cannot connect to http://127.0.0.1:9"):
        catalogue()


def test_a_login_that_is_refused_is_told_once_and_asked_once(machine, sen2cube):
    done = machine.run("ogrinfo", "-ro", "S2C:", "inference", S2C_PASSWORD="wrong")
    assert done.returncode > 0
    assert done.stderr.count("the login of 'demo' was refused") == 1
    assert "Feature Count" not in done.stdout
    assert sen2cube.request_lines() == [TOKEN]


def test_a_service_that_takes_no_filter_opens(sen2cube):
    sen2cube.fault(server="api", query="filter=", count=None, status=400)
    assert len(ids(catalogue().GetLayer(2))) == 40


@pytest.mark.parametrize("options", [("--no-fields",), ("--library", "0.31"),
                                     ("--max-page-size", "9")])
def test_a_service_of_another_kind_opens(options):
    with LocalSen2Cube(*options) as server, config_options(**server.environment()):
        opened = catalogue()
        assert len(server.request_lines("api")) <= 2
        assert len(ids(opened.GetLayer(0))) == 59


@pytest.mark.parametrize("name", ["S2C: ", "s2c:\t", "S2C:\n"])
def test_blanks_behind_the_name_are_nothing(name):
    opened = gdal.OpenEx(name, gdal.OF_VECTOR)
    assert opened.GetLayer(0).GetName() == "inference"


@pytest.mark.parametrize("name", ["S2C:10425 ", "S2C: 10425", "S2C:10425\n"])
def test_blanks_around_an_id_are_nothing(name):
    assert gdal.Open(name).RasterCount == 1
    assert gdal.Open(f"{name}:water_count").RasterCount == 1
    with pytest.raises(RuntimeError, match="has no output 'water_count'"):
        gdal.Open(f"{name}:water_count ")


@pytest.mark.parametrize("where", [
    "favourite = 1", "favourite = true", "favourite = TRUE", "favourite = 'true'",
    "favourite = 'TRUE'", "'true' = favourite", "favourite <> false", "favourite <> 'false'",
    "favourite IN (true)", "favourite IN ('true')", "NOT favourite = FALSE", "favourite",
    "favourite = true AND comment <> 'true'"])
def test_true_and_false_filter_as_1_and_0_do(where):
    opened = catalogue()
    layer = opened.GetLayer(0)
    assert layer.SetAttributeFilter(where) == ogr.OGRERR_NONE
    # null is not false in every version of GDAL
    assert [number for number in ids(layer) if number != 10436] == FAVOURITES


@pytest.mark.parametrize("dialect", ["", "OGRSQL", "SQLITE"])
def test_true_filters_in_sql_as_well(dialect):
    opened = catalogue()
    for value in ("true", "TRUE"):
        found = opened.ExecuteSQL("SELECT favourite, comment FROM inference "
                                  f"WHERE favourite = {value}", dialect=dialect)
        assert len([row for row in found]) == len(FAVOURITES)
        opened.ReleaseResultSet(found)


def test_a_text_that_says_true_stays_a_text(sen2cube):
    sen2cube.change_inference(8301, comment="true")
    try:
        opened = catalogue()
        layer = opened.GetLayer(0)
        layer.SetAttributeFilter("comment = 'true'")
        assert ids(layer) == [8301]
    finally:
        sen2cube.change_inference(8301, comment="Run 8301")
