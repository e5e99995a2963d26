# SPDX-License-Identifier: MIT
"""ogr2ogr -f S2C S2C: AOI -lco …: any vector source runs an inference, whose result opens."""

import concurrent.futures
import csv
import io
import json
import re
import sys

import pytest
from osgeo import gdal, ogr

from .running import (FAILING, HOLED, PARTS, POST, SQUARE, assert_cut, in_system, newest, order,
                      system, write_area)
from .support import assert_no_secret

OPTIONS = ("--job-seconds", "0.05")
CREATED = re.compile(r"Warning 1: S2C: inference (\d+) was created: S2C:\1 opens its results")


def run(machine, source, *more, layer=None, options=None, **variables):
    """The finished ogr2ogr."""
    return machine.run("ogr2ogr", "-f", "S2C", "S2C:", source, *([layer] if layer else []),
                       *order(**{"WAIT": "YES", **(options or {})}), *more,
                       S2C_POLL_INTERVAL="0.1", **variables)


def created(done):
    assert done.returncode == 0, done.stderr
    assert_no_secret(done.stderr)
    found = CREATED.search(done.stderr)
    assert found and done.stderr.count("\n") == 1, done.stderr
    return int(found[1])


def refusal(done):
    """The sentence of a run that was refused before anything was sent."""
    assert done.returncode > 0
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR ")]
    assert errors, done.stderr
    assert_no_secret(done.stderr)
    return "\n".join(errors)


def open_raster(number, name="Cloud_free_composite"):
    return gdal.OpenEx(f"S2C:{number}:{name}", gdal.OF_RASTER)


@pytest.mark.parametrize("driver, code, file", [("ESRI Shapefile", 31287, "fields.shp"),
                                                ("GPKG", 3035, "fields.gpkg"),
                                                ("GeoJSON", 4326, "fields.geojson"),
                                                ("GML", 32633, "fields.gml")])
@pytest.mark.parametrize("shape", [SQUARE, HOLED, PARTS], ids=["square", "holed", "parts"])
def test_a_source_in_any_projection_gives_the_pixels_within_it(machine, tmp_path, driver, code,
                                                                file, shape):
    source = write_area(tmp_path / file, driver, code, {"the field": shape})
    number = created(run(machine, source))
    assert_cut(open_raster(number), "Cloud_free_composite", shape)
    dataset = gdal.OpenEx(f"S2C:{number}:green_spaces", gdal.OF_VECTOR)
    table = dataset.GetLayer(0)
    assert {row["space"] for row in table} == {"the field"}
    assert all(row.GetGeometryRef() is not None for row in table)


def test_the_request_is_what_the_service_takes(machine, sen2cube, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 31287, {"a": SQUARE, "b": PARTS, "": HOLED})
    number = created(run(machine, source, options={
        "COMMENT": "three \"fields\"", "FAVOURITE": "YES", "SCALE": "2", "START": "2021-03-01T10:00+01:00"}))
    inference = newest(sen2cube)
    values = inference["attributes"]
    assert inference["id"] == number
    assert (values["owner"], values["comment"], values["favourite"], values["output_scale_factor"]) \
        == ("demo", 'three "fields"', True, 2)
    assert values["temp_range_start"] == "2021-03-01T09:00:00+00:00"
    assert values["temp_range_end"] == "2021-07-31T23:59:59.999000+00:00"
    area = json.loads(values["area_of_interest"])
    assert area["type"] == "FeatureCollection" and "crs" not in area
    assert [feature["properties"].get("name") for feature in area["features"]][:2] == ["a", "b"]
    assert len(area["features"]) == 3 and len(area["features"][2]["geometry"]["coordinates"]) == 2
    longitude, latitude = area["features"][0]["geometry"]["coordinates"][0][0]
    assert 13 < longitude < 13.1 and 47.7 < latitude < 47.8
    related = inference["relationships"]
    assert (related["factbase"]["data"]["id"], related["knowledgebase"]["data"]["id"]) in (
        (1, 218), ("1", "218"))


def test_heights_are_left_out_and_curves_are_linearised(machine, sen2cube, tmp_path):
    flat = ogr.CreateGeometryFromWkt(SQUARE)
    raised = flat.Clone()
    raised.Set3D(True)
    curved = ogr.CreateGeometryFromWkt(
        "CURVEPOLYGON(CIRCULARSTRING(4548000 2744000,4549000 2745000,4550000 2744000,"
        "4549000 2743500,4548000 2744000))")
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"raised": raised, "curved": curved})
    created(run(machine, source))
    area = json.loads(newest(sen2cube)["attributes"]["area_of_interest"])
    assert {len(position) for feature in area["features"]
            for position in feature["geometry"]["coordinates"][0]} == {2}
    assert len(area["features"][1]["geometry"]["coordinates"][0]) > 40


def test_titles_serve_in_place_of_ids(machine, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    created(run(machine, source, options={"KNOWLEDGEBASE": "cloud free COMPOSITE",
                                          "FACTBASE": "Austria"}))


def test_one_layer_of_several_and_a_filter_on_it(machine, sen2cube, tmp_path):
    path = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE, "b": HOLED})
    created(run(machine, path, "-where", "name = 'b'", layer="fields",
                options={"NAME_FIELD": "name"}))
    area = json.loads(newest(sen2cube)["attributes"]["area_of_interest"])
    assert [feature["properties"]["name"] for feature in area["features"]] == ["b"]


def test_what_reprojects_on_the_way_is_no_matter(machine, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    number = created(run(machine, source, "-t_srs", "EPSG:4326"))
    assert open_raster(number).RasterXSize == 182


def test_a_progress_bar_and_small_transactions_leave_the_area_whole(machine, sen2cube, tmp_path):
    shapes = {str(number): SQUARE for number in range(7)}
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, shapes)
    done = run(machine, source, "-progress", "-gt", "2")
    assert done.returncode == 0 and "100 - done" in done.stdout
    area = json.loads(newest(sen2cube)["attributes"]["area_of_interest"])
    assert [feature["properties"]["name"] for feature in area["features"]] == list(shapes)
    assert sen2cube.request_lines().count(POST) == 1


def bowtie():
    return ogr.CreateGeometryFromWkt("POLYGON((4548000 2744000,4549000 2745000,4549000 2744000,"
                                     "4548000 2745000,4548000 2744000))")


AWAY = "POLYGON((4047803 3243603,4049597 3243607,4049603 3245397,4047803 3243603))"
REFUSED = {
    "invalid": ({"a": bowtie()}, {}, "(?i)self-intersection"),
    "elsewhere": ({"a": AWAY}, {}, "outside of factbase 1 'Austria'"),
    "no start": ({"a": SQUARE}, {"START": None}, "START"),
    "unparsable": ({"a": SQUARE}, {"END": "31.7.2021"}, "END '31.7.2021' is no day"),
    "reversed": ({"a": SQUARE}, {"START": "2021-08-01"}, "END '2021-07-31' is before START"),
    "too early": ({"a": SQUARE}, {"START": "2014-01-01"}, "START 2014-01-01 is before the data"),
    "too late": ({"a": SQUARE}, {"END": "2031-01-01"}, "END 2031-01-01 is after the data"),
    "scale": ({"a": SQUARE}, {"SCALE": "0"}, "SCALE '0' is no positive integer"),
    "no such name": ({"a": SQUARE}, {"NAME_FIELD": "flur"}, "no field 'flur'.* NAME_FIELD"),
    "no model": ({"a": SQUARE}, {"KNOWLEDGEBASE": None}, "KNOWLEDGEBASE"),
    "unknown model": ({"a": SQUARE}, {"KNOWLEDGEBASE": "water"},
                      "no knowledgebase 'water'.* there is .*'Water count"),
    "unknown data": ({"a": SQUARE}, {"FACTBASE": "77"}, "no factbase '77'.* 1 'Austria'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_run_is_not_sent(machine, sen2cube, tmp_path, case):
    features, options, sentence = REFUSED[case]
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, features)
    assert re.search(sentence, refusal(run(machine, source, options=options)))
    assert POST not in sen2cube.request_lines()


def test_an_empty_source_is_not_run(machine, sen2cube, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    done = run(machine, source, "-where", "name = 'none'")
    assert "empty" in refusal(done) or "no feature" in refusal(done)
    assert POST not in sen2cube.request_lines()


def test_several_of_one_title_are_listed(machine, sen2cube, tmp_path):
    sen2cube.change_knowledgebase(180, title="Twice")
    sen2cube.change_knowledgebase(181, title="Twice")
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    sentence = refusal(run(machine, source, options={"KNOWLEDGEBASE": "Twice"}))
    assert "181 'Twice', 180 'Twice'" in sentence
    assert POST not in sen2cube.request_lines()


def test_a_factbase_in_maintenance_is_warned_of(machine, sen2cube, tmp_path):
    sen2cube.change_factbase(1, status="MAINTENANCE")
    try:
        source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
        done = run(machine, source)
        assert done.returncode == 0 and "is in the state MAINTENANCE" in done.stderr
    finally:
        sen2cube.change_factbase(1, status="OK")


def test_too_many_pixels_are_warned_of(machine, tmp_path):
    large = "POLYGON((4530003 2726003,4569997 2726007,4570003 2765997,4530003 2726003))"
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": large})
    done = run(machine, source)
    assert done.returncode == 0 and "about 8.0 million pixels" in done.stderr, done.stderr
    assert "SCALE=2" in done.stderr


def test_a_failed_run_is_told_with_what_helps(machine, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    done = run(machine, source, options={"KNOWLEDGEBASE": FAILING})
    assert "FAILED" in refusal(done) and "no connection free" in refusal(done)


def test_without_wait_the_result_can_be_waited_for_on_opening(machine, sen2cube, tmp_path):
    sen2cube.settings(job_seconds=0.5)
    try:
        source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
        number = created(run(machine, source, options={"WAIT": None}))
        name = f"S2C:{number}:Cloud_free_composite"
        assert "has no results" in machine.refusal(name)
        opened = machine.gdalinfo("-oo", "WAIT=YES", "-oo", "POLL_INTERVAL=0.2", name)
        assert opened["metadata"][""]["STATUS"] == "SUCCEEDED"
    finally:
        sen2cube.settings(job_seconds=0.05)


def test_a_wait_that_takes_too_long_is_given_up(machine, sen2cube):
    sen2cube.change_inference(10428, status="STARTED")
    sentence = machine.refusal("S2C:10428", "-oo", "WAIT=YES", "-oo", "WAIT_TIMEOUT=0.5")
    assert "WAIT_TIMEOUT" in sentence and "s2c wait 10428" in sentence


@pytest.mark.parametrize("fault", [dict(acts=True, close=True), dict(acts=True, status=502),
                                   dict(acts=True, status=500), dict(acts=True, status=504)],
                         ids=["closed", "502", "500", "504"])
def test_an_answer_that_is_lost_makes_no_second_inference(machine, sen2cube, tmp_path, fault):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    before = newest(sen2cube)["id"]
    sen2cube.fault(server="api", method="POST", path="/v1/inference", **fault)
    number = created(run(machine, source))
    assert number == newest(sen2cube)["id"] == before + 1
    assert sen2cube.request_lines().count(POST) == 1


def test_what_did_not_arrive_is_sent_again(machine, sen2cube, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    before = newest(sen2cube)["id"]
    sen2cube.fault(server="api", method="POST", path="/v1/inference", close=True)
    assert created(run(machine, source)) == newest(sen2cube)["id"] == before + 1
    assert sen2cube.request_lines().count(POST) == 2


REFUSALS = {
    422: ('{"errors": [{"status": "422", "title": "Validation error", "detail": '
          '"Not a valid datetime.", "source": {"pointer": "/data/attributes/temp_range_start"}}]}',
          "HTTP 422, Validation error, temp_range_start: Not a valid datetime."),
    409: ('{"errors": [{"status": "409", "title": "Incorrect type"}]}', "HTTP 409, Incorrect type"),
    500: ('{"errors": [{"status": "500", "title": "Unknown error", "detail": '
          '"(psycopg2.errors.NotNullViolation) null\\n value"}]}',
          "HTTP 500, Unknown error, (psycopg2.errors.NotNullViolation) null"),
    403: ("<html>", "HTTP 403"),
}


@pytest.mark.parametrize("status", REFUSALS)
def test_what_the_server_says_is_told_in_words(machine, sen2cube, tmp_path, status):
    body, sentence = REFUSALS[status]
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    sen2cube.fault(server="api", method="POST", path="/v1/inference", status=status, body=body,
                   headers={"Content-Type": "application/vnd.api+json"}, count=None)
    assert sentence in refusal(run(machine, source))
    assert sen2cube.request_lines().count(POST) == 1


def test_plain_json_is_sent_where_json_api_is_refused(machine, sen2cube, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    sen2cube.fault(server="api", method="POST", path="/v1/inference", status=415)
    created(run(machine, source))
    kinds = [entry["content_type"] for entry in sen2cube.requests("api")
             if entry["method"] == "POST"]
    assert kinds == ["application/vnd.api+json", "application/json"]


MADE_IN_PYTHON = """
import sys
from osgeo import gdal, ogr, osr
gdal.UseExceptions()
ogr.UseExceptions()
place = osr.SpatialReference()
place.ImportFromEPSG(3035)
place.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
run = gdal.GetDriverByName("S2C").Create("S2C:", 0, 0, 0, gdal.GDT_Unknown)
layer = run.CreateLayer("fields", place, ogr.wkbPolygon, [
    "KNOWLEDGEBASE=218", "FACTBASE=1", "START=2021-03-01", "END=2021-07-31"])
feature = ogr.Feature(layer.GetLayerDefn())
feature.SetGeometry(ogr.CreateGeometryFromWkt(sys.argv[1]))
{middle}
"""


@pytest.mark.parametrize("end", ["del feature, layer\ndel run", "layer.SyncToDisk()",
                                 "run.FlushCache()\nprint(run.GetMetadataItem('INFERENCE_ID'))"],
                         ids=["close", "layer", "dataset"])
def test_python_runs_one_by_closing_or_flushing(machine, sen2cube, end):
    before = newest(sen2cube)["id"]
    done = machine.run(sys.executable, "-c", MADE_IN_PYTHON.replace(
        "{middle}", "layer.CreateFeature(feature)\n" + end), SQUARE)
    assert done.returncode == 0 and CREATED.search(done.stderr), done.stderr
    assert newest(sen2cube)["id"] == before + 1
    assert sen2cube.request_lines().count(POST) == 1
    assert done.stdout.strip() in ("", str(before + 1))


def test_what_fails_is_an_exception_where_python_can_have_one(machine, sen2cube):
    middle = "layer.CreateFeature(feature)\nlayer.SyncToDisk()\nprint('went on')"
    done = machine.run(sys.executable, "-c", MADE_IN_PYTHON.replace("{middle}", middle), AWAY)
    assert done.returncode == 1 and "outside of factbase 1" in done.stderr
    assert done.stdout == "" and done.stderr.count("outside of factbase") == 1
    assert POST not in sen2cube.request_lines()


def test_an_area_that_runs_takes_no_more(machine, sen2cube):
    middle = ("layer.CreateFeature(feature)\nlayer.SyncToDisk()\nfeature.SetFID(-1)\n"
              "layer.CreateFeature(feature)")
    done = machine.run(sys.executable, "-c", MADE_IN_PYTHON.replace("{middle}", middle), SQUARE)
    assert done.returncode == 1 and "has begun" in done.stderr
    assert sen2cube.request_lines().count(POST) == 1


def test_an_area_of_which_a_feature_was_refused_is_not_run(machine, sen2cube):
    middle = ("layer.CreateFeature(feature)\n"
              "feature.SetGeometry(ogr.CreateGeometryFromWkt('POLYGON((0 0,1 1,0 1,1 0,0 0))'))\n"
              "try:\n    layer.CreateFeature(feature)\nexcept RuntimeError:\n    pass")
    done = machine.run(sys.executable, "-c", MADE_IN_PYTHON.replace("{middle}", middle), SQUARE)
    assert "nothing was run" in done.stderr
    assert POST not in sen2cube.request_lines()


def test_two_that_begin_at_the_same_moment_get_their_own(machine, sen2cube, tmp_path):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        numbers = {created(done) for done in pool.map(
            lambda comment: run(machine, source, options={"COMMENT": comment}), ["one", "two"])}
    assert len(numbers) == 2
    for number in numbers:
        assert_cut(open_raster(number), "Cloud_free_composite", SQUARE)


@pytest.mark.parametrize("name", ["S2C:10424", "S2C:10424:new"])
def test_nothing_else_can_be_written(machine, sen2cube, tmp_path, name):
    source = write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE})
    done = machine.run("ogr2ogr", "-f", "S2C", name, source, *order())
    assert "what can be is S2C:" in refusal(done)
    assert POST not in sen2cube.request_lines()


def test_a_result_is_compared_with_what_the_service_computed(machine, sen2cube, tmp_path):
    """Table and raster of a run are the server's own files."""
    source = write_area(tmp_path / "fields.shp", "ESRI Shapefile", 31287, {"x": SQUARE, "y": PARTS})
    number = created(run(machine, source))
    machine.succeed(sys.executable, "-c", "import sys; from osgeo import gdal; "
                    "open(sys.argv[2], 'wb').write(bytes(gdal.VSIFReadL(1, 10**7, "
                    "gdal.VSIFOpenL(sys.argv[1], 'rb'))))",
                    f"/vsis2c/{number}/green_spaces.csv", "table.csv")
    rows = list(csv.DictReader(io.StringIO((machine.work / "table.csv").read_text("utf-8"))))
    dataset = gdal.OpenEx(f"S2C:{number}:green_spaces", gdal.OF_VECTOR)
    layer = dataset.GetLayer(0)
    assert layer.GetFeatureCount() == len(rows) > 2
    assert [row["space"] for row in layer] == [row["space"] for row in rows]
    wanted = in_system(PARTS, 4326)
    layer.ResetReading()
    found = next(row.GetGeometryRef().Clone() for row in layer if row["space"] == "y")
    found.AssignSpatialReference(system(4326))
    # Seven decimals are a centimetre, all along the edges.
    assert found.SymmetricDifference(wanted).Area() < 1e-4 * wanted.Area()
