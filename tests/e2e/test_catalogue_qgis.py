# SPDX-License-Identifier: MIT
"""The catalogue in QGIS: adding, drawing, exporting and processing its layers."""

import json
import os

import pytest
from osgeo import ogr

from ..backend.area import small_area
from .catalogue import area_of, catalogue
from .support import TOKEN

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_catalogue.py")
ENDINGS = {"GPKG": "gpkg", "ESRI Shapefile": "shp", "GeoJSON": "geojson", "CSV": "csv",
           "FlatGeobuf": "fgb"}
LAYERS = {"inference": 59, "factbase": 4, "knowledgebase": 40}


@pytest.fixture
def qgis(machine):
    def run(*arguments, **variables):
        return machine.qgis(PROGRAM, *arguments, **variables)[0]
    return run


def rows(path, name):
    opened = ogr.Open(str(path))
    layer = opened.GetLayerByName(name) or opened.GetLayer(0)
    definition = layer.GetLayerDefn()
    fields = [definition.GetFieldDefn(place).GetName()
              for place in range(definition.GetFieldCount())]
    return fields, [feature.Clone() for feature in layer]


def has_place(row):
    place = row.GetGeometryRef()
    return place is not None and not place.IsEmpty()


@pytest.mark.parametrize("name", ["inference", "factbase"])
def test_a_layer_is_exported_to_every_format_with_all_rows_and_fields(qgis, machine, name):
    assert qgis("export", name, machine.work) == dict.fromkeys(ENDINGS, "")
    opened = catalogue()
    originals = {row.GetFID(): row.Clone() for row in opened.GetLayer(name)}
    expected = [field.GetName() for field in opened.GetLayer(name).schema]
    places = sum(map(has_place, originals.values()))
    for driver, ending in ENDINGS.items():
        fields, found = rows(machine.work / f"{name}.{ending}", name)
        # QGIS adds the id; a Shapefile's names have ten characters.
        kept = [field for field in fields if field not in ("id", "fid")]
        short = 8 if driver == "ESRI Shapefile" else None
        assert [field[:short] for field in kept] == [field[:short] for field in expected], driver
        # In some versions of GDAL FlatGeobuf has no rows without a geometry, of any source.
        assert len(found) in (len(originals), places if ending == "fgb" else len(originals))
        if ending != "csv":
            assert sum(map(has_place, found)) == places, driver
        for row in found:
            original = originals[int(row["id"])]
            assert [(row.GetField(field) or "").strip() for field in kept[:2]] \
                == [(original[field] or "").strip()[:254] for field in expected[:2]], driver


def test_exported_texts_are_whole(qgis, machine):
    qgis("export", "inference", machine.work)
    opened = catalogue()
    original = opened.GetLayer(0).GetFeature(10424)
    for ending in ("gpkg", "geojson", "fgb", "csv"):
        found = rows(machine.work / f"inference.{ending}", "inference")[1]
        [copy] = [row for row in found if row["comment"] == original["comment"]]
        for field in ("datasets", "output"):
            # GDAL's GeoJSON driver writes a text that is JSON as what it says.
            value = copy[field] if isinstance(copy[field], list) else json.loads(copy[field])
            assert value == json.loads(original[field]), ending


def test_the_layers_are_processed_as_the_toolbox_does(qgis, machine):
    for name in ("inference", "factbase"):
        path = machine.work / f"{name}_buffer.gpkg"
        assert qgis("process", name, path) == [True, ""]
        fields, found = rows(path, f"{name}_buffer")
        assert len(found) == LAYERS[name]
        assert ("output" if name == "inference" else "layout") in fields


def test_inferences_are_one_layer_that_costs_few_requests_and_is_named_by_comments(qgis, sen2cube):
    sen2cube.change_inference(8301, area_of_interest=area_of("POINT (13.0 47.8)"))
    try:
        found = qgis("draw")
    finally:
        sen2cube.change_inference(8301, area_of_interest=small_area(8301))
    assert found["sublayers"] == [["inference", "MultiPolygon"], ["factbase", "MultiPolygon"],
                                  ["knowledgebase", "NoGeometry"]]
    assert (found["valid"], found["type"], found["name"]) == (True, "MultiPolygon", "comment")
    assert (found["rows"], found["errors"]) == (LAYERS["inference"], [])
    assert found["colours"] > 2, "an empty sheet"
    assert sen2cube.request_lines("auth") == [TOKEN]
    # Opening, the extent, the picture and all rows with all fields; and what ran into a time limit.
    assert len(sen2cube.request_lines("api")) <= 6


@pytest.mark.parametrize("variables, reason", [
    ({"S2C_PASSWORD": "wrong"}, "the login of 'demo' was refused"),
    ({"S2C_API_URL": "http://127.0.0.1:9/v1"}, "cannot connect to http://127.0.0.1:9")])
def test_a_catalogue_that_does_not_open_is_no_empty_map_but_tells_why(qgis, sen2cube, variables,
                                                                      reason):
    found = qgis("reasons", **variables, S2C_MAX_RETRY="0")
    assert found["valid"] == [False] * 3
    assert any(reason in text for text in found["errors"] + found["log"]), found
    assert len(sen2cube.request_lines()) <= 1
