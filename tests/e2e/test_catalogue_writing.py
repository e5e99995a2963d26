# SPDX-License-Identifier: MIT
"""Rows of the layer of inferences: each change, allowed or refused, and what it costs."""

import os

import pytest
from osgeo import gdal, ogr

from ..backend.process import LocalSen2Cube
from .catalogue import (OPENING, ORDER, PLACE, area_of, catalogue, feature, for_update, ids, lists,
                        refusal, sent)
from .support import (COMPOSITE, COMPOSITE_PATH, TOKEN, config_options, messages, same_pixels,
                      vsi_content)

OPTIONS = ("--job-seconds", "600")
ENDED, UNDER_WAY = ("ABORTED", "FAILED", "SUCCEEDED"), ("CREATED", "SCHEDULED", "STARTED")
STATES = ENDED + UNDER_WAY
NUMBERS = iter(range(8300, 8340))


@pytest.fixture
def layer():
    opened = for_update()
    yield opened.GetLayer("inference")


def row_in(sen2cube, status):
    """The id of an inference in that state, which no other test has touched."""
    number = next(NUMBERS)
    sen2cube.change_inference(number, status=status, comment="before", favourite=False)
    return number


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("wanted, allowed", [("CREATED", ENDED), ("ABORTED", UNDER_WAY)])
def test_a_status_that_is_set_runs_again_or_aborts_by_the_rules(sen2cube, layer, status, wanted,
                                                               allowed):
    number = row_in(sen2cube, status)
    row = layer.GetFeature(number)
    row["status"] = wanted
    if status == wanted:
        layer.SetFeature(row)
    elif status in allowed:
        layer.SetFeature(row)
        assert layer.GetFeature(number)["status"] == wanted
    else:
        said = refusal(lambda: layer.SetFeature(row))
        assert f"inference {number} cannot be" in said and f"its status is {status}" in said
    expected = [("PATCH", f"inference/{number}", {"status": wanted})]
    assert sent(sen2cube) == (expected if status in allowed and status != wanted else [])


@pytest.mark.parametrize("status", STATES)
def test_a_row_is_deleted_once_its_run_has_ended(sen2cube, layer, status):
    number = row_in(sen2cube, status)
    if status in ENDED:
        layer.DeleteFeature(number)
        assert layer.GetFeature(number) is None
        assert sent(sen2cube) == [("DELETE", f"inference/{number}", None)]
    else:
        assert f"inference {number} cannot be deleted: its status is {status}" \
            in refusal(lambda: layer.DeleteFeature(number))
        assert sent(sen2cube) == []


def test_another_status_is_none_that_can_be_set(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    said = refusal(lambda: layer.SetFeature(feature(layer, fid=number, status="SUCCEEDED",
                                                    comment="new")))
    assert f"status of inference {number} cannot be set to 'SUCCEEDED'" in said
    assert sent(sen2cube) == []


def test_of_a_whole_row_only_what_was_changed_is_sent(sen2cube, layer):
    number = row_in(sen2cube, "SUCCEEDED")
    sen2cube.change_inference(number, area_of_interest=area_of("LINESTRING (13 47.8,13.1 47.9)"),
                              timestamp_finished="2021-09-28T07:41:12.520518+00:00")
    row = layer.GetFeature(number)
    sen2cube.forget()
    layer.SetFeature(row)
    assert sen2cube.request_lines() == []
    row["comment"], row["favourite"] = "after", 1
    layer.SetFeature(row)
    assert sent(sen2cube) == [("PATCH", f"inference/{number}",
                               {"comment": "after", "favourite": True})]
    assert len(sen2cube.request_lines()) == 1
    found = layer.GetFeature(number)
    assert (found["comment"], found["favourite"]) == ("after", True)


def test_a_whole_row_that_another_dataset_has_read_is_compared_with_the_servers(sen2cube, layer):
    """Nothing is known of it here: times and areas are compared with what the service has."""
    number = row_in(sen2cube, "SUCCEEDED")
    sen2cube.change_inference(number, area_of_interest=area_of("LINESTRING (13 47.8,13.1 47.9)"),
                              timestamp_finished="2021-09-28T07:41:12.520518+00:00")
    opened = catalogue()
    row = opened.GetLayer("inference").GetFeature(number)
    row["favourite"] = 1
    layer.SetFeature(row)
    assert sent(sen2cube) == [("PATCH", f"inference/{number}", {"favourite": True})]


def test_what_is_not_set_stays(sen2cube, layer):
    number = row_in(sen2cube, "STARTED")
    layer.SetFeature(feature(layer, fid=number, comment="only that"))
    assert sent(sen2cube) == [("PATCH", f"inference/{number}", {"comment": "only that"})]


def test_a_comment_that_becomes_null_is_empty(sen2cube, layer):
    number = row_in(sen2cube, "STARTED")
    row = layer.GetFeature(number)
    row.SetFieldNull("comment")
    layer.SetFeature(row)
    assert sent(sen2cube) == [("PATCH", f"inference/{number}", {"comment": ""})]


@pytest.mark.parametrize("field, value", [
    ("owner", "me"), ("knowledgebase_id", 221), ("factbase_id", 2), ("output_scale_factor", 7),
    ("temp_range_start", "2020-01-01T00:00:00Z"), ("status_message", "all is well"),
    ("timestamp_finished", "2020-01-01T00:00:00Z"), ("datasets", "[]"), ("output", "[1]")])
def test_another_field_is_refused_by_name_and_nothing_is_sent(sen2cube, layer, field, value):
    row = layer.GetFeature(10424)
    row[field], row["comment"] = value, "changed, too"
    assert f"{field} of inference 10424 cannot be changed" \
        in refusal(lambda: layer.SetFeature(row))
    assert sent(sen2cube) == []


def test_another_area_is_refused(sen2cube, layer):
    row = layer.GetFeature(10424)
    row.SetGeometry(ogr.CreateGeometryFromWkt(PLACE))
    assert "the geometry of inference 10424 cannot be changed" \
        in refusal(lambda: layer.SetFeature(row))
    assert sent(sen2cube) == []


def test_a_run_that_has_gone_on_is_not_begun_anew_by_a_row_that_is_older(sen2cube, layer):
    """Its status would be taken for the wish to run it again, and its results would be lost."""
    number = row_in(sen2cube, "CREATED")
    row = layer.GetFeature(number)
    sen2cube.change_inference(number, status="SUCCEEDED", status_message="done", output="[]",
                              timestamp_finished="2021-09-28T07:41:12.520518+00:00")
    row["favourite"] = 1
    layer.SetFeature(row)
    assert sent(sen2cube) == [("PATCH", f"inference/{number}", {"favourite": True})]


def test_what_was_set_before_can_be_set_back(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    row = layer.GetFeature(number)
    for comment in ("a", "b", "a", "before"):
        row["comment"] = comment
        layer.SetFeature(row)
    assert [change[2]["comment"] for change in sent(sen2cube)] == ["a", "b", "a", "before"]


def test_unknown_rows_are_told_as_that(sen2cube, layer, results):
    for fid in (4711, -1, -5):
        for change in (lambda number: layer.DeleteFeature(number),
                       lambda number: layer.SetFeature(feature(layer, fid=number, comment="x"))):
            with messages() as found:
                assert change(fid) == ogr.OGRERR_NON_EXISTING_FEATURE
            assert len(found) == 1 and f"no inference {fid}" in found[0]
    assert sent(sen2cube) == []


REFUSALS = {
    422: ('{"errors": [{"status": "422", "title": "Validation error", "detail": "Not a valid '
          'string.", "source": {"pointer": "/data/attributes/comment"}}]}',
          "HTTP 422, Validation error, comment: Not a valid string."),
    409: ('{"errors": [{"status": "409", "title": "Incorrect type"}]}', "HTTP 409, Incorrect type"),
    500: ('{"errors": [{"status": "500", "title": "Unknown error", "detail": '
          '"(psycopg2.errors.StringDataRightTruncation) value too long"}]}',
          "HTTP 500, Unknown error, (psycopg2.errors.StringDataRightTruncation) value too long")}


@pytest.mark.parametrize("status", REFUSALS)
def test_what_the_server_says_is_told_once_and_in_words(sen2cube, layer, status):
    body, told = REFUSALS[status]
    changes = {"POST": lambda: layer.CreateFeature(feature(layer, PLACE, **ORDER)),
               "PATCH": lambda: layer.SetFeature(feature(layer, fid=10424, comment="x")),
               "DELETE": lambda: layer.DeleteFeature(10429)}
    for method, change in changes.items():
        sen2cube.fault(server="api", method=method, status=status, body=body, count=None,
                       headers={"Content-Type": "application/vnd.api+json"})
        assert told in refusal(change), method
    assert layer.GetFeature(10424)["comment"] == "Cloud free composite of Salzburg"


def test_a_change_whose_answer_is_lost_is_made_once(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    for method in ("PATCH", "DELETE"):
        sen2cube.fault(server="api", method=method, acts=True, close=True)
    layer.SetFeature(feature(layer, fid=number, comment="once"))
    layer.DeleteFeature(number)
    assert [change[0] for change in sent(sen2cube)] == ["PATCH", "DELETE"]


def test_opening_for_update_costs_what_opening_for_reading_costs(sen2cube):
    for_update()
    assert sen2cube.request_lines() == [TOKEN, OPENING]


def test_capabilities_say_what_is_possible():
    opened, reading = for_update(), catalogue()
    writing = (ogr.OLCSequentialWrite, ogr.OLCRandomWrite, ogr.OLCDeleteFeature)
    never = (ogr.OLCCreateField, ogr.OLCDeleteField, ogr.OLCReorderFields, ogr.OLCAlterFieldDefn,
             ogr.OLCTransactions, ogr.OLCRename)
    for name, can in (("inference", True), ("factbase", False), ("knowledgebase", True)):
        assert [opened.GetLayer(name).TestCapability(one) for one in writing] == [can] * 3
        assert not any(reading.GetLayer(name).TestCapability(one) for one in writing)
        assert not any(opened.GetLayer(name).TestCapability(one) for one in never)
    assert opened.TestCapability(ogr.ODsCRandomLayerWrite)
    assert not reading.TestCapability(ogr.ODsCRandomLayerWrite)
    for one in (ogr.ODsCCreateLayer, ogr.ODsCDeleteLayer, ogr.ODsCTransactions):
        assert not opened.TestCapability(one)


def changes_of(layer, number=10424):
    return [lambda: layer.CreateFeature(feature(layer)),
            lambda: layer.SetFeature(feature(layer, fid=number)),
            lambda: layer.DeleteFeature(number)]


@pytest.mark.parametrize("name, told", [
    ("inference", "open S2C: for update"), ("knowledgebase", "open S2C: for update"),
    ("factbase", "of the catalogue the layers inference and knowledgebase can be")])
def test_a_layer_that_cannot_be_changed_says_why(sen2cube, name, told):
    opened = for_update() if name == "factbase" else catalogue()
    for change in changes_of(opened.GetLayer(name), 1):
        assert f"layer '{name}' cannot be changed" in (said := refusal(change)) and told in said
    assert sent(sen2cube) == []


def test_the_layers_of_an_inference_are_still_read_only(sen2cube):
    opened = gdal.OpenEx("S2C:10424", gdal.OF_VECTOR)
    for change in changes_of(opened.GetLayer(0), 1):
        assert "cannot be written: results are read-only" in refusal(change)
    with pytest.raises(RuntimeError, match="cannot be opened for update"):
        gdal.OpenEx("S2C:10424", gdal.OF_UPDATE)


def test_names_fields_layers_and_transactions_are_refused_with_what_is_possible():
    opened = for_update()
    layer = opened.GetLayer("inference")
    field = ogr.FieldDefn("more", ogr.OFTString)
    for change in (lambda: layer.CreateField(field), lambda: layer.DeleteField(0),
                   lambda: layer.ReorderFields([*range(19)][::-1]),
                   lambda: layer.AlterFieldDefn(0, field, ogr.ALTER_ALL_FLAG),
                   lambda: layer.Rename("runs")):
        assert "layer 'inference' cannot be changed: they are the service's" in refusal(change)
    for change in (lambda: opened.CreateLayer("more"), lambda: opened.DeleteLayer(0),
                   lambda: opened.ExecuteSQL("CREATE TABLE more (a INTEGER)"),
                   lambda: opened.ExecuteSQL("DROP TABLE inference")):
        assert "only rows of inference and knowledgebase can be" in refusal(change)
    for change in (opened.StartTransaction, opened.RollbackTransaction, layer.RollbackTransaction):
        assert "there are no transactions" in refusal(change)
    assert len(ids(opened.GetLayer(1))) == 4


def test_nothing_of_the_old_is_served_after_a_change(sen2cube, layer):
    """Neither counts nor rows, of this dataset, of another one, or of another session."""
    number = row_in(sen2cube, "FAILED")
    other = catalogue()
    with config_options(GDAL_HTTP_USERAGENT="another session"):
        foreign = catalogue(PAGE_SIZE=500)
    readers = [one.GetLayer("inference") for one in (other, foreign)] + [layer]
    everything = len(ids(layer))
    for one in readers:
        assert one.GetFeatureCount() == len(ids(one)) == everything
    layer.SetFeature(feature(layer, fid=number, comment="new"))
    for one in readers:
        one.SetAttributeFilter(f"id = {number}")
        assert [row["comment"] for row in one] == ["new"]
        one.SetAttributeFilter(None)
    layer.DeleteFeature(number)
    for one in readers:
        assert one.GetFeatureCount() == everything - 1
        assert number not in ids(one)


def test_what_a_spatial_filter_has_found_is_looked_for_again(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    row = layer.GetFeature(number)
    extent = row.GetGeometryRef().GetEnvelope()
    layer.SetSpatialFilterRect(extent[0], extent[2], extent[1], extent[3])
    assert number in ids(layer) and layer.GetFeatureCount() == len(ids(layer))
    layer.DeleteFeature(number)
    assert number not in ids(layer) and layer.GetFeatureCount() == len(ids(layer))


def test_a_reading_goes_on_while_its_rows_are_deleted(sen2cube):
    with LocalSen2Cube("--inferences", "350") as server, config_options(**server.environment()):
        opened = for_update(PAGE_SIZE=20)
        layer = opened.GetLayer("inference")
        layer.SetAttributeFilter("status IN ('FAILED', 'ABORTED', 'SUCCEEDED')")
        count = layer.GetFeatureCount()
        seen = []
        for row in layer:
            layer.DeleteFeature(row.GetFID())
            seen.append(row.GetFID())
        assert len(seen) == count > 200
        assert layer.GetFeatureCount() == len(ids(layer)) == 0
        assert len([change for change in sent(server) if change[0] == "DELETE"]) == count


def test_an_old_count_is_not_given_in_the_middle_of_a_reading(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    count = layer.GetFeatureCount()
    layer.GetNextFeature()
    layer.DeleteFeature(number)
    assert layer.GetFeatureCount() == count - 1


def test_after_a_rerun_a_result_opens_with_what_is_new_alone(sen2cube, layer):
    before = gdal.Open(COMPOSITE).ReadAsArray()
    old = vsi_content(COMPOSITE_PATH)
    sen2cube.settings(job_seconds=0.2)
    try:
        layer.SetFeature(feature(layer, fid=10424, status="CREATED"))
        with pytest.raises(RuntimeError, match="has no results"):
            gdal.Open(COMPOSITE)
        opened = gdal.OpenEx(COMPOSITE, gdal.OF_RASTER, open_options=["WAIT=YES",
                                                                      "POLL_INTERVAL=0.3"])
        after = opened.ReadAsArray()
        assert not same_pixels(after, before)
        assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), after)
        assert vsi_content(COMPOSITE_PATH) != old
    finally:
        sen2cube.settings(job_seconds=600)


def test_a_child_of_a_process_changes_rows_with_a_session_of_its_own(sen2cube, layer):
    number = row_in(sen2cube, "FAILED")
    row = layer.GetFeature(number)
    child = os.fork()
    if child == 0:
        done = 1
        try:
            row["comment"] = "by a child"
            layer.SetFeature(row)
            made = feature(layer, PLACE, **ORDER)
            layer.CreateFeature(made)
            done = 0 if made.GetFID() > 0 else 2
        finally:
            os._exit(done)
    assert os.waitpid(child, 0)[1] == 0
    assert layer.GetFeature(number)["comment"] == "by a child"
    layer.DeleteFeature(number)
    assert [change[0] for change in sent(sen2cube)] == ["PATCH", "POST", "DELETE"]


@pytest.mark.parametrize("library", ["0.30", "0.31"])
def test_both_generations_of_the_server_are_changed(library):
    with LocalSen2Cube("--library", library, "--job-seconds", "600") as server, \
            config_options(**server.environment()):
        layer = (opened := for_update()).GetLayer("inference")
        made = feature(layer, PLACE, **ORDER)
        layer.CreateFeature(made)
        for changes in ({"status": "ABORTED", "comment": "both"}, {"status": "CREATED"},
                        {"status": "ABORTED"}):
            row = layer.GetFeature(made.GetFID())
            for name, value in changes.items():
                row[name] = value
            layer.SetFeature(row)
        assert [layer.GetFeature(made.GetFID())[name] for name in ("status", "comment")] \
            == ["ABORTED", "both"]
        layer.DeleteFeature(made.GetFID())
        assert layer.GetFeature(made.GetFID()) is None
        assert "no inference 4711" in refusal(
            lambda: layer.SetFeature(feature(layer, fid=4711, comment="x")))
        assert opened is not None


def test_rows_are_asked_for_as_before(sen2cube, layer):
    """Opened for update, a reading costs what it costs opened for reading."""
    assert len(ids(layer)) == layer.GetFeatureCount()
    assert len(lists(sen2cube)) == 1
