# SPDX-License-Identifier: MIT
"""ogrinfo, ogr2ogr, SQL, fiona and geopandas on tables: as with the local file."""

import json

import pytest
from osgeo import gdal

from .support import TABLES, TOKEN, checked_by_gdal, inference, result
from .test_tables import AREA, DOCUMENT, LAYERS, expected_rows, fields, rounded, rows, TYPES

GEOPANDAS = """
import json, sys
import geopandas
import pandas
options = {"engine": "fiona"} if geopandas.__version__ >= "0.13" else {}
frame = geopandas.read_file(*sys.argv[1:2], layer=sys.argv[2], allow_unsupported_drivers=True,
                            **options)
times = pandas.to_datetime(frame["time"])
value = frame[sys.argv[2]]
# A table without places is a plain frame since geopandas 1.0.
crs = getattr(frame, "crs", None)
places = getattr(frame, "geometry", pandas.Series([None] * len(frame)))
print(json.dumps({"columns": list(frame.columns), "rows": len(frame), "mean": value.mean(),
                  "missing": int(value.isna().sum()), "crs": crs and crs.to_epsg(),
                  "times": [str(times.min())[:10], str(times.max())[:10]],
                  "empty": int(places.isna().sum())}))
"""
FIONA = """
import json, sys
import fiona
layers = fiona.listlayers(sys.argv[1])
with fiona.open(sys.argv[1], layer="green_spaces", allow_unsupported_drivers=True) as source:
    first = next(iter(source))
    print(json.dumps({"layers": layers, "schema": dict(source.schema["properties"]),
                      "geometry": source.schema["geometry"], "count": len(source),
                      "first": dict(first["properties"]), "bounds": source.bounds}))
"""


def test_ogrinfo_shows_the_layers_and_their_rows(machine, sen2cube):
    listed = machine.succeed("ogrinfo", "-q", "S2C:10424")
    assert [line for line in listed.splitlines() if line[:1].isdigit()] == [
        "1: green_spaces (Polygon)", "2: area_of_interest (Polygon)", "3: water_time_series (None)",
        "4: mean_ndvi (None)"]
    sen2cube.forget()
    shown = machine.succeed("ogrinfo", "-al", "S2C:10424:mean_ndvi")
    assert "mean_ndvi (Real) = 0.61735294117647" in shown
    assert "OUTPUT_NAME=mean_ndvi" in shown and "Feature Count: 1" in shown
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("mean_ndvi")]


@pytest.mark.parametrize("form, file", [("GPKG", "all.gpkg"), ("SQLite", "all.sqlite")])
def test_ogr2ogr_copies_all_layers_of_an_inference(machine, sen2cube, form, file):
    target = machine.work / file
    machine.succeed("ogr2ogr", "-f", form, target, "S2C:10424")
    lines = sen2cube.request_lines()
    assert lines[:2] == [TOKEN, inference(10424)]
    assert sorted(lines[2:]) == sorted([DOCUMENT, *(result(name) for name in TABLES)])
    copy = gdal.OpenEx(str(target), gdal.OF_VECTOR)
    for name in TABLES:
        layer = copy.GetLayerByName(name)
        assert fields(layer) == TYPES[name]
        assert rounded(rows(layer)) == rounded(expected_rows(name))
    zones = copy.GetLayerByName("green_spaces")
    assert zones.GetSpatialRef().GetAuthorityCode(None) == "4326"
    assert all(feature.GetGeometryRef() is not None for feature in zones)
    assert copy.GetLayerByName(AREA).GetFeatureCount() == 4


def test_ogr2ogr_writes_geojson_that_holds_the_file(machine):
    target = machine.work / "zones.geojson"
    machine.succeed("ogr2ogr", "-f", "GeoJSON", target, "S2C:10424:green_spaces")
    with open(target, encoding="utf-8") as file:
        features = json.load(file)["features"]
    assert [[feature["properties"]["space"], feature["properties"]["time"],
             feature["properties"]["green_spaces"]] for feature in features] \
        == expected_rows("green_spaces")
    assert {feature["geometry"]["type"] for feature in features} == {"Polygon"}


def test_ogr2ogr_writes_a_csv_that_is_the_file(machine):
    target = machine.work / "series.csv"
    machine.succeed("ogr2ogr", "-f", "CSV", target, "S2C:10424:water_time_series")
    copied = gdal.OpenEx(str(target), gdal.OF_VECTOR, open_options=["AUTODETECT_TYPE=YES"])
    layer = copied.GetLayer(0)
    assert rounded(rows(layer)) == rounded(expected_rows("water_time_series"))


def sql(machine, dialect, statement):
    """The attributes of what a statement finds, in the order of its columns."""
    target = machine.folder / "sql.geojson"
    target.unlink(missing_ok=True)
    machine.succeed("ogr2ogr", "-f", "GeoJSON", target, "S2C:10424", "-dialect", dialect, "-sql",
                    statement)
    with open(target, encoding="utf-8") as file:
        return [tuple(feature["properties"].values()) for feature in json.load(file)["features"]]


def test_sql_counts_and_joins_tables_and_places(machine):
    found = sql(machine, "SQLite", "SELECT space, count(green_spaces) AS n FROM green_spaces "
                                   "GROUP BY space ORDER BY space")
    expected = expected_rows("green_spaces")
    assert found == [(space, len([row for row in expected
                                  if row[0] == space and row[2] is not None]))
                     for space in sorted({row[0] for row in expected})]
    found = sql(machine, "SQLite", "SELECT a.name, max(g.green_spaces) AS most FROM "
                                   "area_of_interest a JOIN green_spaces g ON g.space = a.name "
                                   "GROUP BY a.name ORDER BY most DESC LIMIT 1")
    assert found == [max(((row[0], row[2]) for row in expected if row[2] is not None),
                         key=lambda row: row[1])]


def test_the_sql_of_ogr_compares_numbers(machine):
    found = sql(machine, "OGRSQL", "SELECT time, green_spaces FROM green_spaces WHERE "
                                   "space = 'Nonntal' AND green_spaces >= 70")
    assert [*map(list, found)] == [row[1:] for row in expected_rows("green_spaces") if row[2]
                                   and row[0] == "Nonntal" and row[2] >= 70] != []


def test_ogrinfo_takes_rows_by_date(machine):
    shown = machine.succeed("ogrinfo", "-q", "-where", "space = 'Nonntal' AND time >= '2021/10/01'",
                            "S2C:10424:green_spaces", "green_spaces")
    assert shown.count("OGRFeature(green_spaces)") == len(
        [row for row in expected_rows("green_spaces")
         if row[0] == "Nonntal" and row[1] >= "2021-10-01"]) > 0


def test_fiona_reads_layers_and_their_schema(machine):
    found = machine.python(FIONA, "S2C:10424")
    assert found["layers"] == [*LAYERS]
    assert found["geometry"] == "Polygon" and found["count"] == 96
    assert {name: kind.split(":")[0] for name, kind in found["schema"].items()} \
        == {"space": "str", "time": "date", "green_spaces": "float"}
    assert found["first"] == {"space": "Mönchsberg", "time": "2021-03-02", "green_spaces": 55.75}
    assert 13.0 < found["bounds"][0] < found["bounds"][2] < 13.1


@pytest.mark.parametrize("name, crs, empty", [("green_spaces", 4326, 0),
                                              ("water_time_series", None, 60)])
def test_geopandas_reads_a_table_as_a_frame(machine, name, crs, empty):
    found = machine.python(GEOPANDAS, "S2C:10424", name)
    expected = expected_rows(name)
    values = [row[-1] for row in expected if row[-1] is not None]
    assert found["rows"] == len(expected) and found["missing"] == len(expected) - len(values)
    assert found["mean"] == pytest.approx(sum(values) / len(values))
    times = [row[-2][:10] for row in expected]
    assert found["times"] == [min(times), max(times)]
    assert (found["crs"], found["empty"]) == (crs, empty)


def test_gdals_own_checks_find_nothing(machine):
    said = checked_by_gdal(machine, "S2C:10424", LAYERS)
    assert "Feature/layer spatial ref. consistency verified" in said
