# SPDX-License-Identifier: MIT
"""Times of tables are in UTC for every program, wherever it runs."""

import json
import sqlite3

import pytest
from osgeo import gdal

from .own_table import own_table
from .test_qgis import PROGRAM
from .test_tables import expected_rows, table

VIENNA = {"TZ": "Europe/Vienna"}
NAME = "water_time_series"
# How many rows, and the seconds since 1970 of the first two.
SF = """
x <- sf::st_read(commandArgs(TRUE)[1], commandArgs(TRUE)[2], quiet = TRUE)
cat(nrow(x), sprintf("%.3f", as.numeric(x$time)[1:2]))
"""
# terra takes the first layer, and its reference system for that of all.
TERRA = """
v <- suppressWarnings(terra::vect(commandArgs(TRUE)[1]))
cat(nrow(v), names(v), terra::crs(v, describe = TRUE)$code)
"""
GEOPANDAS = """
import json, sys
import geopandas
options = {"engine": "fiona"} if geopandas.__version__ >= "0.13" else {}
frame = geopandas.read_file(sys.argv[1], allow_unsupported_drivers=True, **options)
print(json.dumps([str(frame["time"].dtype), frame["time"][0].timestamp()]))
"""
FIRST = 1614680253.409


def flags(layer):
    return {feature.GetFieldAsDateTime("time")[6] for feature in layer}


def r(machine, program, *arguments):
    """The words that a program of R prints."""
    done = machine.run("Rscript", "-e", program, *arguments, **VIENNA)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_times_without_a_zone_are_utc_and_days_have_none():
    dataset, layer = table(NAME)
    assert flags(layer) == {100}
    # Fields have told it since 3.8.
    field = layer.GetLayerDefn().GetFieldDefn(0)
    assert getattr(field, "GetTZFlag", lambda: 100)() == 100
    dataset, layer = table("green_spaces")
    assert flags(layer) == {0}


def test_zones_that_a_file_gives_are_kept(machine, sen2cube):
    lines = ["time,own", "2021-03-01T10:00:00+02:00,1", "2021-03-01T10:00:00-03:30,2",
             "2021-03-01 10:00:00Z,3", "2021-03-01 10:00:00,4"]
    with own_table(sen2cube, "\n".join(lines) + "\n") as name:
        dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
        found = [row.GetFieldAsDateTime("time")[3:] for row in dataset.GetLayer(0)]
        assert found == [[10, 0, 0.0, 108], [10, 0, 0.0, 86], [10, 0, 0.0, 100],
                         [10, 0, 0.0, 100]]
        machine.succeed("ogr2ogr", "-f", "GeoJSON", "own.geojson", name, **VIENNA)
    with open(machine.work / "own.geojson", encoding="utf-8") as file:
        written = [feature["properties"]["time"] for feature in json.load(file)["features"]]
    assert written == ["2021-03-01T10:00:00+02:00", "2021-03-01T10:00:00-03:30",
                       "2021-03-01T10:00:00Z", "2021-03-01T10:00:00Z"]


def test_a_geopackage_has_the_times_of_the_file(machine):
    machine.succeed("ogr2ogr", "times.gpkg", "S2C:10424", NAME, **VIENNA)
    base = sqlite3.connect(machine.work / "times.gpkg")
    [(first,)] = base.execute(f"SELECT time FROM {NAME} LIMIT 1").fetchall()
    base.close()
    assert first == "2021-03-02T10:17:33.409Z"


def test_a_filter_compares_the_times_of_the_file(machine):
    said = machine.succeed("ogrinfo", "-q", "-where",
                           "time >= '2021/03/02 10:17:40' AND time < '2021/03/07 10:17:40'",
                           f"S2C:10424:{NAME}", NAME, **VIENNA)
    expected = [row for row in expected_rows(NAME)
                if "2021-03-02 10:17:40" <= row[0] < "2021-03-07 10:17:40"]
    assert said.count("OGRFeature") == len(expected) == 2


def test_sf_takes_times_for_what_they_are(machine):
    rows, *seconds = r(machine, SF, "S2C:10424", NAME)
    assert rows == "60"
    assert [float(one) for one in seconds] == pytest.approx([FIRST, FIRST + 14.3], abs=1)


def test_terra_has_places_and_their_reference(machine):
    assert r(machine, TERRA, "S2C:10424") == ["96", "space", "time", "green_spaces", "4326"]


def test_qgis_plays_the_same_rows_in_every_zone(machine):
    """Those of April; the day that Vienna's clocks were changed is in March."""
    for zone in ("Europe/Vienna", "UTC", "Pacific/Auckland"):
        found, _ = machine.qgis(PROGRAM, "table", f"S2C:10424:{NAME}", "time", TZ=zone)
        assert found["valid"] and found["rows"] == 60
        assert found["april"] == len([row for row in expected_rows(NAME)
                                      if row[0].startswith("2021-04")])


def test_geopandas_takes_times_for_what_they_are(machine):
    kind, first = machine.python(GEOPANDAS, f"S2C:10424:{NAME}", **VIENNA)
    assert "UTC" in kind and first == pytest.approx(FIRST, abs=0.01)
