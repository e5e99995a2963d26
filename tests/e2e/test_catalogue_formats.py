# SPDX-License-Identifier: MIT
"""The catalogue copied into other formats by ogr2ogr, and read by Python's libraries."""

import pytest
from osgeo import gdal

from .catalogue import INFERENCE_FIELDS, catalogue

COUNTS = {"inference": 59, "factbase": 4, "knowledgebase": 40}
# (driver, ending, options)
FORMATS = [("GPKG", "gpkg", ()), ("ESRI Shapefile", "shp", ()),
           ("FlatGeobuf", "fgb", ("-lco", "SPATIAL_INDEX=NO")), ("MapInfo File", "tab", ()),
           ("GeoJSON", "geojson", ()), ("CSV", "csv", ())]


@pytest.mark.parametrize("name, driver, ending, options", [
    (name, *form) for form in FORMATS for name in COUNTS
    # It cannot read what it has written without geometries, of any source.
    if (name, form[0]) != ("knowledgebase", "FlatGeobuf")])
def test_ogr2ogr_copies_all_rows_and_fields(machine, name, driver, ending, options):
    target = machine.work / f"{name}.{ending}"
    done = machine.run("ogr2ogr", "-f", driver, *options, target, "S2C:", name)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    if driver == "ESRI Shapefile" and name == "knowledgebase":
        target = target.with_suffix(".dbf")
    original, copy = catalogue(), gdal.OpenEx(str(target), gdal.OF_VECTOR)
    layer, copied = original.GetLayer(name), copy.GetLayer(0)
    names = [field.GetName() for field in layer.schema]
    kept = [field.GetName() for field in copied.schema if field.GetName() not in ("id", "fid")]
    if driver == "ESRI Shapefile":
        assert [field[:8] for field in kept] == [field[:8] for field in names]
    else:
        assert kept == names
    # FlatGeobuf has an order of its own, and in some versions no rows without a geometry.
    lost = ending == "fgb" and copied.GetFeatureCount() < COUNTS[name]
    wanted = [row.Clone() for row in layer if row.GetGeometryRef() is not None or not lost]
    assert copied.GetFeatureCount() == len(wanted) >= COUNTS[name] - 1
    for place in range(2):
        expected = sorted(row[names[place]] or "" for row in wanted)
        assert sorted((row.GetField(kept[place]) or "").strip() for row in copied) \
            == [text.strip()[:254] if ending in ("shp", "tab") else text.strip()
                for text in expected]


def test_fiona_reads_every_field(machine):
    found = machine.python("""
import fiona, json
fiona.drvsupport.supported_drivers["S2C"] = "r"
with fiona.open("S2C:", layer="inference") as source:
    rows = list(source)
    print(json.dumps([list(source.schema["properties"]), source.schema["geometry"], len(rows),
                      json.loads(dict(rows[-1]["properties"])["output"] or "[]") is not None]))
""")
    assert found == [[name for name, _ in INFERENCE_FIELDS], "MultiPolygon", COUNTS["inference"],
                     True]


@pytest.mark.parametrize("name", COUNTS)
def test_geopandas_reads_every_layer(machine, name):
    found = machine.python("""
import geopandas, json, sys
options = {"engine": "fiona"} if geopandas.__version__ >= "0.13" else {}
table = geopandas.read_file("S2C:", layer=sys.argv[1], allow_unsupported_drivers=True, **options)
print(json.dumps([len(table), list(table.columns)]))
""", name)
    opened = catalogue()
    expected = [field.GetName() for field in opened.GetLayer(name).schema]
    assert found[0] == COUNTS[name]
    assert [column for column in found[1] if column != "geometry"] == expected
