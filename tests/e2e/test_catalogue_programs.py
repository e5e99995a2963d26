# SPDX-License-Identifier: MIT
"""The catalogue in programs: ogr2ogr, SQL, geopandas and GDAL's own checks."""

import json

import pytest
from osgeo import gdal, ogr

from .catalogue import ATTRIBUTES, OPENING, catalogue, list_request
from .support import TOKEN, checked_by_gdal

LAYERS = ("inference", "factbase", "knowledgebase")
# Python warns of a fork beside threads since 3.12; just that is what is tested.
FORK = """
import json, os, sys, warnings
from osgeo import gdal
gdal.UseExceptions()
warnings.simplefilter("ignore", DeprecationWarning)
dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
layer = dataset.GetLayer(0)
begun = [layer.GetNextFeature().GetFID() for _ in range(12)]
if os.fork() == 0:
    try:
        layer.ResetReading()
        count, one = sum(1 for _ in layer), layer.GetFeature(10424)["favourite"]
        del layer, dataset
        sys.exit(0 if (count, one) == (59, 1) else 1)
    finally:
        sys.stdout.flush()
_, status = os.wait()
print(json.dumps([os.waitstatus_to_exitcode(status),
                  len(begun) + sum(1 for _ in iter(layer.GetNextFeature, None))]))
"""
FORK_IN_A_PAGE = """
import json, os, warnings
from osgeo import gdal
gdal.UseExceptions()
warnings.simplefilter("ignore", DeprecationWarning)
dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
layer = dataset.GetLayer(0)
layer.GetNextFeature()
if os.fork() == 0:
    try:
        found = [layer.GetNextFeature().GetFID() for _ in range(9)]
        layer.GetFeature(10424)
        del layer, dataset
        os._exit(0 if len(set(found)) == 9 else 1)
    finally:
        os._exit(2)
_, status = os.wait()
print(json.dumps(os.waitstatus_to_exitcode(status)))
"""
COUNTS = {"inference": 59, "factbase": 4, "knowledgebase": 40}
JOIN = ("SELECT i.rowid AS number, f.title AS place, k.title AS model FROM inference i "
        "JOIN factbase f ON f.rowid = i.factbase_id "
        "JOIN knowledgebase k ON k.rowid = i.knowledgebase_id WHERE i.status = 'SUCCEEDED'")


def test_a_geopackage_of_all_keeps_ids_values_and_places(machine, sen2cube):
    machine.succeed("ogr2ogr", "-f", "GPKG", "all.gpkg", "S2C:")
    assert sen2cube.request_lines() == [TOKEN, OPENING, *(list_request(name) for name in LAYERS)]
    copy, original = gdal.OpenEx(str(machine.work / "all.gpkg")), catalogue()
    for name in LAYERS:
        kept = {feature.GetFID(): feature.Clone() for feature in copy.GetLayer(name)}
        assert len(kept) == COUNTS[name]
        for feature in original.GetLayer(name):
            for field, value in feature.items().items():
                assert kept[feature.GetFID()][field] == value, field
            here, there = feature.GetGeometryRef(), kept[feature.GetFID()].GetGeometryRef()
            assert here is None and there is None or here.Equals(there)


@pytest.mark.parametrize("name", LAYERS)
def test_geojson_of_every_layer(machine, name):
    machine.succeed("ogr2ogr", "-f", "GeoJSON", "-preserve_fid", f"{name}.geojson", "S2C:",
                    name)
    with open(machine.work / f"{name}.geojson", encoding="utf-8") as file:
        features = json.load(file)["features"]
    assert len(features) == COUNTS[name]
    if name == "inference":
        found = next(feature for feature in features if feature["id"] == 10424)
        assert found["properties"]["datasets"][0] == "S2C:10424:Cloud_free_composite"
        assert found["properties"]["favourite"] is True
        assert found["properties"]["output"][0]["name"] == "Cloud_free_composite"
        assert found["geometry"]["type"] == "MultiPolygon"


def test_sql_joins_the_three_layers(machine, sen2cube):
    machine.succeed("ogr2ogr", "-f", "CSV", "join.csv", "S2C:", "-dialect", "SQLITE", "-sql", JOIN)
    with open(machine.work / "join.csv", encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert lines[0] == "number,place,model"
    assert "10424,Austria,Cloud free composite" in [line.replace('"', "") for line in lines]
    assert len(lines) > 10
    # Not one for each row that is joined.
    assert len(sen2cube.request_lines("api")) < 10


def test_the_sqlite_dialect_groups_and_filters():
    opened = catalogue()
    found = opened.ExecuteSQL("SELECT status, COUNT(*) AS number FROM inference "
                              "GROUP BY status ORDER BY number DESC", dialect="SQLITE")
    assert [(row["status"], row["number"]) for row in found][0] == ("FAILED", 27)
    opened.ReleaseResultSet(found)


def test_ogr_sql_selects_sorts_and_counts(sen2cube):
    opened = catalogue()
    found = opened.ExecuteSQL("SELECT COUNT(*) FROM inference WHERE status = 'FAILED'")
    assert found.GetNextFeature().GetField(0) == 27
    opened.ReleaseResultSet(found)
    if int(gdal.VersionInfo()) >= 3100000:
        # From then on GDAL counts before it says which fields it ignores.
        sen2cube.forget()
    found = opened.ExecuteSQL("SELECT title FROM knowledgebase WHERE owner = 'demo' "
                              "ORDER BY title LIMIT 2")
    titles = [row["title"] for row in found]
    assert titles == sorted(titles) and len(titles) == 2
    opened.ReleaseResultSet(found)
    assert not [line for line in sen2cube.request_lines("api") if ATTRIBUTES["inference"] in line]


def test_an_inference_found_by_its_values_opens_as_a_raster(sen2cube):
    opened = catalogue()
    layer = opened.GetLayer("inference")
    layer.SetAttributeFilter("favourite = 1 AND status = 'SUCCEEDED' AND knowledgebase_id = 218 "
                             "AND id > 10000")
    [feature] = list(layer)
    assert gdal.Open(json.loads(feature["datasets"])[0]).RasterCount == 3


def test_geopandas_reads_the_catalogue(machine):
    found = machine.python("""
import geopandas, json
options = {"engine": "fiona"} if geopandas.__version__ >= "0.13" else {}
table = geopandas.read_file("S2C:", layer="inference", allow_unsupported_drivers=True,
                            where="status = 'FAILED'", **options)
print(json.dumps([len(table), table.crs.to_epsg(), str(table["timestamp_created"].iloc[0])[:10],
                  sorted(set(table.geometry.geom_type)), list(table["status"].unique())]))
""")
    assert found == [27, 4326, "2021-09-28", ["MultiPolygon"], ["FAILED"]]


def test_gdals_own_checks_find_nothing(machine):
    assert "TestLayerSQL passed" in checked_by_gdal(machine, "S2C:", LAYERS)


def test_a_forked_child_reads_on_its_own_and_leaves_the_parents_reading(machine):
    assert machine.python(FORK, S2C_PAGE_SIZE="10") == [0, 59]


def test_a_forked_child_asks_for_nothing_ahead_in_the_parents_reading(machine, sen2cube):
    assert machine.python(FORK_IN_A_PAGE, S2C_PAGE_SIZE="10") == 0
    assert sen2cube.request_lines("api")[:2] == [OPENING, list_request("inference", size=10)]
    assert len([line for line in sen2cube.request_lines("api") if "/v1/inference?" in line]) == 2


def test_the_driver_says_that_it_has_layers():
    items = gdal.GetDriverByName("S2C").GetMetadata()
    assert items["DCAP_VECTOR"] == items["DCAP_RASTER"] == "YES"
    assert items["DMD_SUPPORTED_SQL_DIALECTS"] == "OGRSQL SQLITE"
    assert ogr.GetDriverByName("S2C") is not None
