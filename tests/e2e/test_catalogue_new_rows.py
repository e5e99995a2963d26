# SPDX-License-Identifier: MIT
"""Features that are added to the layer of inferences, each of which runs one."""

import json
import re

import pytest
from osgeo import ogr

from .catalogue import ORDER, PLACE, feature, for_update, refusal, sent
from .running import newest, system
from .support import messages

OPTIONS = ("--job-seconds", "600")


@pytest.fixture
def layer():
    opened = for_update()
    yield opened.GetLayer("inference")


def test_a_feature_runs_an_inference(sen2cube, layer):
    row = feature(layer, PLACE, **ORDER, comment="from a layer", favourite=True,
                  output_scale_factor=2, status="FAILED", owner="nobody", datasets="[]",
                  timestamp_created="2020-01-01T00:00:00Z", status_message="old")
    sen2cube.forget()
    layer.CreateFeature(row)
    made = newest(sen2cube)
    values = made["attributes"]
    assert row.GetFID() == int(made["id"])
    assert (values["comment"], values["favourite"], values["output_scale_factor"],
            values["owner"]) == ("from a layer", True, 2, "demo")
    assert values["temp_range_start"] == "2021-03-01T00:00:00+00:00"
    assert values["temp_range_end"] == "2021-07-31T23:59:59.999000+00:00"
    assert (values["knowledgebase_id"], values["factbase_id"]) == (218, 1)
    [shape] = json.loads(values["area_of_interest"])["features"]
    assert ogr.CreateGeometryFromJson(json.dumps(shape["geometry"])).Area() \
        == pytest.approx(ogr.CreateGeometryFromWkt(PLACE).Area(), rel=1e-4)
    assert [change[:2] for change in sent(sen2cube)] == [("POST", "inference")]
    assert len(sen2cube.request_lines("api")) <= 4


def test_a_feature_that_ran_can_be_changed_as_it_is(sen2cube, layer):
    """The service writes its times and its area in its own way."""
    row = feature(layer, PLACE, **ORDER)
    layer.CreateFeature(row)
    layer.GetFeature(row.GetFID())
    sen2cube.forget()
    row["favourite"] = 1
    layer.SetFeature(row)
    assert sent(sen2cube) == [("PATCH", f"inference/{row.GetFID()}", {"favourite": True})]


def test_a_row_that_is_copied_runs_again_as_another(sen2cube, layer):
    row = layer.GetFeature(10424)
    times = row["temp_range_start"], row["temp_range_end"]
    row.SetFID(ogr.NullFID)
    layer.CreateFeature(row)
    copy = layer.GetFeature(row.GetFID())
    assert copy.GetFID() == row.GetFID() > 10437 and copy["status"] == "CREATED"
    assert (copy["temp_range_start"], copy["temp_range_end"]) == times
    assert copy["comment"] == "Cloud free composite of Salzburg" and copy["favourite"]
    assert copy.GetGeometryRef().Area() == pytest.approx(row.GetGeometryRef().Area(), rel=1e-5)


def test_points_in_another_system_and_a_name_are_taken(sen2cube, layer):
    definition = ogr.FeatureDefn("source")
    for name, kind in (("Name", ogr.OFTString), *((name, ogr.OFTInteger64 if "_id" in name
                                                   else ogr.OFTDateTime) for name in ORDER)):
        definition.AddFieldDefn(ogr.FieldDefn(name, kind))
    row = ogr.Feature(definition)
    for name, value in ORDER.items():
        row[name] = value
    row["Name"] = "the weir"
    place = ogr.CreateGeometryFromWkt("MULTIPOINT (13.03 47.772, 13.031 47.773)")
    place.AssignSpatialReference(system(4326))
    place.TransformTo(system(3035))
    row.SetGeometry(place)
    layer.CreateFeature(row)
    [shape] = json.loads(newest(sen2cube)["attributes"]["area_of_interest"])["features"]
    assert shape["properties"] == {"name": "the weir"}
    assert shape["geometry"]["type"] == "MultiPoint"
    assert shape["geometry"]["coordinates"][0] == pytest.approx([13.03, 47.772], abs=1e-6)


MISSING = {**{name: name for name in ORDER}, "place": "geometry"}


@pytest.mark.parametrize("missing", MISSING)
def test_what_a_run_needs_and_is_not_there_is_named(sen2cube, layer, missing):
    given = {"place": PLACE, **ORDER, missing: None}
    assert MISSING[missing] in refusal(lambda: layer.CreateFeature(feature(layer, **{
        name: value for name, value in given.items() if value is not None})))
    assert sent(sen2cube) == []


@pytest.mark.parametrize("given, told", [
    ({"temp_range_end": "2021-01-01"}, "is before START"),
    ({"temp_range_end": "2031-01-01"}, "is after the data of factbase 1"),
    ({"output_scale_factor": 0}, "SCALE '0'"), ({"knowledgebase_id": 7}, "no knowledgebase '7'"),
    ({"factbase_id": 2}, "outside of factbase 2"),
    ({"place": "POLYGON ((13 47.8,13.1 47.9,13 47.9,13.1 47.8,13 47.8))"}, "(?i)self-intersection"),
    ({"place": "POINT (4548000 2744000)"}, "projection|-s_srs")])
def test_what_cannot_be_run_is_refused_before_it_is_sent(sen2cube, layer, given, told):
    said = refusal(lambda: layer.CreateFeature(feature(layer, **{"place": PLACE, **ORDER, **given})))
    assert re.search(told, said), said
    assert sent(sen2cube) == []


def test_warnings_of_a_run_are_told_and_it_runs(sen2cube, layer):
    sen2cube.change_factbase(1, status="MAINTENANCE")
    try:
        row = feature(layer, PLACE, **ORDER)
        with messages() as found:
            layer.CreateFeature(row)
        assert row.GetFID() > 0 and any("is in the state MAINTENANCE" in text for text in found)
    finally:
        sen2cube.change_factbase(1, status="OK")


def test_a_day_is_whole_and_a_time_is_what_it_says(sen2cube, layer):
    layer.CreateFeature(feature(layer, PLACE, **{
        **ORDER, "temp_range_start": "2021-03-01T10:00:00.25+02:00",
        "temp_range_end": "2021-07-31T00:00:00Z"}))
    values = newest(sen2cube)["attributes"]
    assert values["temp_range_start"] == "2021-03-01T08:00:00.250000+00:00"
    assert values["temp_range_end"] == "2021-07-31T00:00:00+00:00"
