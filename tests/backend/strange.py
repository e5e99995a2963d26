# SPDX-License-Identifier: MIT
"""Rows that no schema allows for: each is wrong in one way that a client has to live with."""

import json

from .area import small_area
from .inferences import FOLDER, SUCCEEDED, attributes
from .rows import Row

FIRST = 10501
TRIANGLE = [[13.0, 47.8], [13.1, 47.8], [13.05, 47.9], [13.0, 47.8]]


def features(*geometries):
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": f"part {place}"}, "geometry": geometry}
        for place, geometry in enumerate(geometries)]})


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


# What is changed of an ordinary row; a member "document" replaces parts of the document itself.
AREAS = [
    {"area_of_interest": '{"type": "FeatureCollection", "features": [{"type": "Feat'},
    {"area_of_interest": ""},
    {"area_of_interest": "Salzburg"},
    {"area_of_interest": 47.8},
    {"area_of_interest": json.loads(small_area(1))},
    {"area_of_interest": '{"type": "FeatureCollection", "features": []}'},
    {"area_of_interest": features(None)},
    {"area_of_interest": json.dumps(polygon(TRIANGLE))},
    {"area_of_interest": json.dumps({"type": "Feature", "properties": None,
                                     "geometry": polygon(TRIANGLE)})},
    {"area_of_interest": features({"type": "Point", "coordinates": [13.0, 47.8]},
                                  {"type": "LineString", "coordinates": TRIANGLE[:2]})},
    {"area_of_interest": features({"type": "Polygon", "coordinates": [[[13.0, "x"], [1]]]})},
    {"area_of_interest": features(polygon([[*point, 420.5] for point in TRIANGLE]))},
    {"area_of_interest": "[" * 5000 + "]" * 5000},
]
OUTPUTS = [
    {"output": 7}, {"output": "[{"}, {"output": {"name": "x"}}, {"output": [None, 3, "x", []]},
    {"output": '"[]"'},
    {"output": [{"file_type": "geotiff"}, {"name": 7, "data": 7, "bytes": "x", "dims": "y",
                                           "value_range": "wide", "file_type": ["csv"]}]},
    {"output": [{"name": "no file", "file_type": "csv"},
                {"name": "null", "file_type": None, "data": None, "bytes": None}]},
]
VALUES = [
    {"timestamp_created": "yesterday", "timestamp_started": 1632814872, "timestamp_finished": ""},
    {"timestamp_created": "2021-09-28", "timestamp_started": "2021-09-28T07:41:12",
     "timestamp_finished": "2021-09-28T09:41:12.5+02:00"},
    {"timestamp_created": "2021-13-45T99:99:99+00:00", "temp_range_start": None,
     "temp_range_end": {"absent": True}},
    {"favourite": "yes", "output_scale_factor": "10", "status_progress": "half"},
    {"favourite": None, "output_scale_factor": 2.5, "status_progress": 0.25},
    {"output_scale_factor": 1e300, "factbase_id": "x", "knowledgebase_id": 2 ** 40},
    {"owner": 12, "comment": ["a", "b"], "status": "PAUSED", "status_message": {"code": 4203}},
    {"owner": "x" * 100_000, "comment": "line\nbreak\ttab\u0000nul \u202e\U0001f30d"},
    {"project": {"id": 1}, "cloud_cover": 12.5, "tags": ["new"], "status_progress": 100},
    {"document": {"id": "10530"}},
    {"document": {"attributes": None}},
    {"document": {"attributes": []}},
    {"document": {"relationships": "none", "links": None}},
    {"document": {"relationships": {"factbase": {"data": {"type": "factbase", "id": "one"}}}}},
]
UNUSABLE = [{"document": {"id": None}}, {"document": {"id": "abc"}}, {"document": {"id": -4}},
            {"document": {"type": "factbase"}}, {"document": {"type": None}}]
FACTBASES = [
    {"srs": "PROJCS[", "resolution": "10", "footprint": "{", "free_worker_ping": "x"},
    {"srs": None, "resolution": [], "footprint": None, "free_worker_ping": None,
     "busy_worker_ping": None, "layout": None, "basemaps": None},
    {"srs": 3035, "resolution": [10.0, "20", None], "footprint": polygon(TRIANGLE), "status": 1,
     "dateStart": "2015-07-04T00:00:00+00:00", "dateEnd": "later", "layout": "{}"},
    {"status": "OFFLINE", "title": None, "preview_factor": "ten", "resolution": 10},
    {"resolution": {"x": 10}, "footprint": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon"}}]}},
]
KNOWLEDGEBASES = [{"title": None, "date": "x", "favourite": 1, "blockdefs": None},
                  {"title": 7, "description": ["x"], "owner": {"absent": True}, "new": True}]


def apply(row, changes):
    changes = dict(changes)
    row.overrides.update(changes.pop("document", {}))
    for name, value in changes.items():
        if value == {"absent": True}:
            row.attributes.pop(name, None)
        else:
            row.attributes[name] = value
    return row


def inference(number):
    output = [{"name": "water_count", "file_type": "geotiff",
               "data": f"{FOLDER}/water_count_id10425_3035.tiff"}]
    values = attributes("SUCCEEDED", SUCCEEDED, small_area(number), output=json.dumps(output),
                        comment=f"Strange {number}")
    return Row(number, values, {"factbase": 1, "knowledgebase": 218})


def factbase(number):
    return Row(number, {
        "title": f"Strange {number}", "owner": "demo", "uri": "https://127.0.0.1", "status": "OK",
        "sensor": "sentinel-2", "resolution": [10, 10], "srs": "", "project": "strange",
        "footprint": None, "dateStart": "2015-07-04", "dateEnd": "2022-01-20"})


def knowledgebase(number):
    return Row(number, {"title": f"Strange {number}", "owner": "demo", "description": None,
                        "date": None, "favourite": False, "blockdefs": "<xml/>"})


def strange_rows():
    """(kind, row) of all: inferences from 10501 on, factbases from 101, knowledgebases from 301."""
    for number, changes in enumerate([*AREAS, *OUTPUTS, *VALUES, *UNUSABLE], FIRST):
        yield "inference", apply(inference(number), changes)
    for number, changes in enumerate(FACTBASES, 101):
        yield "factbase", apply(factbase(number), changes)
    for number, changes in enumerate(KNOWLEDGEBASES, 301):
        yield "knowledgebase", apply(knowledgebase(number), changes)
