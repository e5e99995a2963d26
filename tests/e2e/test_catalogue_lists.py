# SPDX-License-Identifier: MIT
"""The catalogue of long, changing, odd and failing services."""

import contextlib

import pytest
from osgeo import gdal, ogr

from ..backend.process import LocalSen2Cube
from .catalogue import ATTRIBUTES, catalogue, ids, list_request, lists
from .support import config_options
from .test_listing import Warnings

COUNT = 100_000
OPTIONS = ("--inferences", COUNT)
ROWS = COUNT + 59
LAST = 200_000
READ_ALL = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
layer, count, last = dataset.GetLayer(0), 0, None
for feature in layer:
    count += 1
    assert last is None or feature.GetFID() < last
    last = feature.GetFID()
with open("/proc/self/status", encoding="ascii") as file:
    peak = next(line for line in file if line.startswith("VmHWM"))
print(json.dumps([count, last, int(peak.split()[1]) // 1024]))
"""


@contextlib.contextmanager
def another(*options):
    """A layer `inference` of a server of its own, in pages of 10 rows."""
    with LocalSen2Cube(*options) as server, \
            config_options(S2C_PAGE_SIZE="10", **server.environment()):
        opened = catalogue()
        yield server, opened.GetLayer(0)
        del opened


@pytest.fixture
def inference():
    opened = catalogue()
    yield opened.GetLayer(0)
    del opened


@pytest.fixture
def broken(sen2cube):
    """The layer where the third request for rows, and whatever follows it, fails."""
    with config_options(S2C_MAX_RETRY="0"):
        opened = catalogue()
        sen2cube.fault(server="api", path="/v1/inference", skip=2, count=None, status=503)
        yield opened.GetLayer(0)
        del opened


def errors(said):
    return [text for kind, text in said if kind == gdal.CE_Failure]


def test_100000_inferences_are_one_request_per_page_and_little_memory(machine, sen2cube):
    count, last, peak = machine.python(READ_ALL)
    assert (count, last) == (ROWS, 8300)
    # 100 rows and then 1000 each.
    assert len(lists(sen2cube)) == 1 + -(-(ROWS - 100) // 1000)
    assert peak < 150


def test_a_limit_is_one_page(inference, sen2cube):
    found = [inference.GetNextFeature().GetFID() for _ in range(40)]
    assert found == [LAST - place for place in range(40)]
    assert len(lists(sen2cube)) == 1


def test_a_limit_in_sql_is_one_page(sen2cube):
    opened = catalogue()
    result = opened.ExecuteSQL("SELECT owner FROM inference WHERE status = 'FAILED' LIMIT 3")
    assert len(ids(result)) == 3
    opened.ReleaseResultSet(result)
    [line] = lists(sen2cube)
    assert '"val":"FAILED"' in line and "comment" not in line


def test_a_count_is_one_request(inference, sen2cube):
    assert inference.GetFeatureCount() == ROWS
    inference.SetAttributeFilter("status = 'FAILED'")
    assert inference.GetFeatureCount() == COUNT // 2 + 27
    assert len(lists(sen2cube)) == 2


@pytest.mark.usefixtures("results")
def test_a_row_is_reached_by_its_index_in_two_requests(inference, sen2cube):
    assert inference.TestCapability(ogr.OLCFastSetNextByIndex)
    assert inference.SetNextByIndex(54_321) == ogr.OGRERR_NONE
    assert inference.GetNextFeature().GetFID() == LAST - 54_321
    assert inference.GetNextFeature().GetFID() == LAST - 54_322
    assert len(lists(sen2cube)) == 2
    assert inference.SetNextByIndex(ROWS - 1) == ogr.OGRERR_NONE
    assert inference.GetNextFeature().GetFID() == 8300
    assert inference.GetNextFeature() is None
    assert inference.SetNextByIndex(ROWS) != ogr.OGRERR_NONE
    assert inference.GetNextFeature() is None


def test_the_next_page_is_on_its_way_while_one_is_read(inference, sen2cube):
    for _ in range(51):
        inference.GetNextFeature()
    assert len(sen2cube.wait_for_request(4)) == 4, "token, opening, first page, second page"


def test_a_list_that_changes_gives_no_row_twice_and_ends():
    with another() as (server, layer):
        server.churn(insert=15, count=3)
        server.churn(remove_newest=4, skip=1, count=2)
        found = ids(layer)
        assert len(found) == len(set(found)) and found == sorted(found, reverse=True)
        assert set(range(8300, 8345)) < set(found)
        assert len(lists(server)) <= 9


def test_rows_that_vanish_meanwhile_hide_no_others():
    with another() as (server, layer):
        server.churn(remove_newest=8, skip=1)
        found = ids(layer)
        assert len(found) in (51, 59) and found[-1] == 8300
        assert set(range(8300, 8345)) < set(found)


def test_a_server_that_clips_its_pages_is_read_to_the_end():
    with another("--clip-page-size", "4") as (_, layer):
        assert len(ids(layer)) == layer.GetFeatureCount() == 59
        assert layer.SetNextByIndex(30) == ogr.OGRERR_NONE
        layer.ResetReading()
        expected = ids(layer)[30]
        layer.SetNextByIndex(30)
        assert layer.GetNextFeature().GetFID() == expected


def test_a_server_with_a_largest_page_is_read_in_its_own():
    with another("--max-page-size", "9") as (server, layer):
        assert len(ids(layer)) == layer.GetFeatureCount() == 59
        layer.SetAttributeFilter("status = 'FAILED'")
        assert len(ids(layer)) == layer.GetFeatureCount() == 27
        assert "page[size]" not in lists(server)[-1] and "fields[" in lists(server)[-1]


@pytest.mark.parametrize("options", [("--no-fields",), ("--library", "0.31"),
                                     ("--linkage", "included"), ("--output-form", "array"),
                                     ("--no-fields", "--linkage", "included")])
def test_all_servers_give_the_same_rows(options):
    with another() as (_, layer), another(*options) as (_, other):
        for first, second in zip(layer, other):
            values = [feature.items() for feature in (first, second)]
            for value in values:
                value.pop("output")
            assert (first.GetFID(), values[0]) == (second.GetFID(), values[1])
            assert bool(first.GetGeometryRef()) == bool(second.GetGeometryRef())
        assert layer.GetFeatureCount() == other.GetFeatureCount() == 59


def test_without_sparse_fields_the_refusal_is_remembered():
    with another("--no-fields") as (server, layer):
        ids(layer)
        # Opening has found it out.
        first, *others = server.request_lines("api")
        assert "fields[" in first
        assert len(others) > 1 and [line for line in others if "fields[" in line] == []


def test_attributes_that_are_not_there_are_null():
    with another("--omit-attributes", "owner,output,area_of_interest,factbase_id") as (_, layer):
        for feature in layer:
            assert feature["owner"] is None and feature["datasets"] is None
            assert feature["factbase_id"] is not None, "the relationship says it"
            assert feature.GetGeometryRef() is None


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_failure_in_the_middle_is_told_once_and_ends_the_reading(inference, sen2cube, status):
    with config_options(S2C_MAX_RETRY="0"):
        opened = catalogue()
        sen2cube.fault(server="api", path="/v1/inference", skip=2, count=None, status=status)
        layer = opened.GetLayer(0)
        with Warnings() as said:
            found = ids(layer)
            assert layer.GetNextFeature() is None
    assert found == [LAST - place for place in range(1100)]
    assert len(errors(said)) == 1 and str(status) in errors(said)[0]
    sen2cube.clear_faults()
    layer.ResetReading()
    assert layer.GetNextFeature().GetFID() == LAST


@pytest.mark.usefixtures("results")
def test_a_count_after_a_failure_asks_again(broken, sen2cube):
    with Warnings():
        assert len(ids(broken)) == 1100
        broken.SetAttributeFilter("status = 'FAILED'")
        assert broken.GetFeatureCount() == -1
    sen2cube.clear_faults()
    sen2cube.forget()
    assert broken.GetFeatureCount() == COUNT // 2 + 27
    assert len(lists(sen2cube)) == 1
    broken.SetAttributeFilter(None)
    assert broken.GetFeatureCount() == ROWS


@pytest.mark.usefixtures("results")
def test_a_count_after_a_failure_in_the_middle_is_the_servers(broken, sen2cube):
    with Warnings():
        assert len(ids_left(broken)) == 1100
    sen2cube.clear_faults()
    assert broken.GetFeatureCount() == ROWS


@pytest.mark.usefixtures("results")
def test_a_failure_in_the_middle_makes_no_extent_of_what_came(broken):
    with Warnings() as said:
        assert broken.GetExtent(can_return_null=True) is None
    assert len(errors(said)) == 1


@pytest.mark.usefixtures("results")
def test_a_failure_makes_no_count_and_no_extent(sen2cube):
    with config_options(S2C_MAX_RETRY="0"):
        opened = catalogue()
        layer = opened.GetLayer(0)
        layer.SetAttributeFilter("output LIKE '%water%' AND fid < 10000")
        sen2cube.fault(server="api", path="/v1/inference", count=None, status=503)
        with Warnings() as said:
            assert layer.GetFeatureCount() == -1
            assert layer.GetExtent(can_return_null=True) is None
            assert layer.GetFeature(8300) is None
    assert len(errors(said)) == 3


@pytest.mark.parametrize("status", [400, 500])
def test_a_filter_that_the_server_refuses_is_done_here(status):
    with another() as (server, layer), config_options(S2C_MAX_RETRY="0"):
        server.fault(server="api", query="filter=[^&]*knowledgebase", count=None, status=status)
        opened = catalogue()
        layer = opened.GetLayer(0)
        layer.SetAttributeFilter("knowledgebase_id = 218")
        found = ids(layer)
        assert layer.GetFeatureCount() == len(found) > 5
        layer.SetAttributeFilter(None)
        assert [feature.GetFID() for feature in layer if feature["knowledgebase_id"] == 218] \
            == found


def test_a_server_that_takes_no_filters_at_all_is_read_by_number():
    with another() as (server, layer):
        server.fault(server="api", query="filter=", count=None, status=400)
        assert len(ids(layer)) == 59
        layer.SetAttributeFilter("status = 'FAILED'")
        assert len(ids(layer)) == layer.GetFeatureCount() == 27
        assert "page[number]=6" in lists(server)[-1]


def test_a_token_that_ends_while_reading_is_renewed():
    with another("--token-lifetime", "300") as (server, layer):
        first = [layer.GetNextFeature().GetFID() for _ in range(10)]
        server.expire_access()
        assert len(first + ids_left(layer)) == 59


def ids_left(layer):
    found = []
    while (feature := layer.GetNextFeature()) is not None:
        found.append(feature.GetFID())
    return found


def test_strange_rows_cost_their_values_and_a_warning():
    with another("--strange-rows") as (_, layer), Warnings() as said:
        found = {feature.GetFID(): feature.Clone() for feature in layer}
        texts = [text for _, text in said]
        assert errors(said) == []
        assert len(found) == 59 + 34
        assert "S2C: inference 10521: 'timestamp_created' cannot be read, or not all of it, " \
            "and is left out" in texts
        assert sum(" rows without a usable type and id" in text for text in texts) == 1
        assert found[10521]["timestamp_created"] is None
        assert found[10521]["comment"] == "Strange 10521"
        assert found[10522]["timestamp_created"] == "2021/09/28 00:00:00+00"
        assert found[10522]["timestamp_started"] == "2021/09/28 07:41:12+00"
        assert found[10522]["timestamp_finished"] == "2021/09/28 07:41:12.500+00"
        assert (found[10524]["favourite"], found[10524]["output_scale_factor"]) == (1, 10)
        assert found[10525]["output_scale_factor"] is None
        assert (found[10527]["owner"], found[10527]["status"]) == ("12", "PAUSED")
        assert len(found[10528]["owner"]) == 100_000


def test_areas_of_every_form_become_geometries():
    with another("--strange-rows") as (_, layer), Warnings():
        names = {}
        layer.SetAttributeFilter("fid BETWEEN 10501 AND 10513")
        for feature in layer:
            geometry = feature.GetGeometryRef()
            names[feature.GetFID()] = geometry and geometry.GetGeometryName()
        assert names == {10501: None, 10502: None, 10503: None, 10504: None,
                         10505: "MULTIPOLYGON", 10506: None, 10507: None, 10508: "MULTIPOLYGON",
                         10509: "MULTIPOLYGON", 10510: "MULTIPOLYGON", 10511: None,
                         10512: "MULTIPOLYGON", 10513: None}
        layer.SetAttributeFilter("aoi_type = 'mixed'")
        assert ids(layer) == [10510]


def test_other_pages_are_read_once_only_as_far_as_they_are_few(sen2cube):
    with config_options(S2C_PAGE_SIZE="7"):
        opened = catalogue()
        layer = opened.GetLayer(2)
        assert (layer.GetFeatureCount(), len(ids(layer)), len(ids(layer))) == (40, 40, 40)
    assert sen2cube.request_lines("api")[1] == list_request("knowledgebase", size=7)
    assert len(sen2cube.request_lines("api")) == 3
    assert ATTRIBUTES["knowledgebase"] in sen2cube.request_lines("api")[2]
