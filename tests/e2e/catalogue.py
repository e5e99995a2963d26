# SPDX-License-Identifier: MIT
"""What the tests of the catalogue have in common."""

import json

from osgeo import gdal, ogr

from .support import messages

INFERENCE_FIELDS = [
    ("comment", "String"), ("status", "String"), ("status_message", "String"),
    ("datasets", "String"), ("owner", "String"), ("knowledgebase_id", "Integer64"),
    ("factbase_id", "Integer64"), ("temp_range_start", "DateTime"), ("temp_range_end", "DateTime"),
    ("output_scale_factor", "Integer"), ("favourite", "Integer(Boolean)"), ("aoi_type", "String"),
    ("timestamp_created", "DateTime"), ("timestamp_started", "DateTime"),
    ("timestamp_finished", "DateTime"), ("status_progress", "Real"),
    ("status_timestamp", "DateTime"), ("qgis_project_location", "String"), ("output", "String")]
FACTBASE_FIELDS = [
    ("title", "String"), ("description", "String"), ("owner", "String"), ("owner_email", "String"),
    ("project", "String"), ("uri", "String"), ("status", "String"), ("online", "Integer(Boolean)"),
    ("sensor", "String"), ("dateStart", "Date"), ("dateEnd", "Date"), ("srs", "String"),
    ("resolution_x", "Real"), ("resolution_y", "Real"), ("preview_factor", "Integer"),
    ("layout", "String")]
KNOWLEDGEBASE_FIELDS = [
    ("title", "String"), ("description", "String"), ("owner", "String"), ("date", "DateTime"),
    ("favourite", "Integer(Boolean)"), ("blockdefs", "String")]
ATTRIBUTES = {
    "inference": "comment,status,status_message,output,owner,knowledgebase_id,knowledgebase,"
                 "factbase_id,factbase,temp_range_start,temp_range_end,output_scale_factor,"
                 "favourite,area_of_interest,timestamp_created,timestamp_started,"
                 "timestamp_finished,status_progress,status_timestamp,qgis_project_location",
    "factbase": "title,description,owner,owner_email,project,uri,status,free_worker_ping,"
                "busy_worker_ping,sensor,dateStart,dateEnd,srs,resolution,preview_factor,layout,"
                "footprint",
    "knowledgebase": "title,description,owner,date,favourite,blockdefs"}


def list_request(layer, fields=None, filters=None, size=100):
    """As LocalSen2Cube.request_lines() writes it."""
    asked = f"&filter={filters}" if filters else ""
    return (f"api GET /v1/{layer}?sort=-id&page[size]={size}{asked}"
            f"&fields[{layer}]={fields or ATTRIBUTES[layer]}")


# What opening asks.
OPENING = list_request("inference", "status", '[{"name":"id","op":"is_","val":null}]', 1)


def lists(server):
    """The requests for rows of the layer of inferences."""
    return [line for line in server.request_lines("api")
            if "/v1/inference?" in line and "page[size]=1&" not in line]


def one_request(layer, number, fields=None):
    return f"api GET /v1/{layer}/{number}?fields[{layer}]={fields or ATTRIBUTES[layer]}"


def catalogue(**options):
    return gdal.OpenEx("S2C:", gdal.OF_VECTOR,
                       open_options=[f"{name}={value}" for name, value in options.items()])


def area_of(*geometries):
    """An area of interest of geometries given as well-known text."""
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {},
         "geometry": json.loads(ogr.CreateGeometryFromWkt(text).ExportToJson())}
        for text in geometries]})


def ids(layer):
    return [feature.GetFID() for feature in layer]


def fields_of(layer):
    """[(name, type)] with the subtype as ogrinfo writes it."""
    definition = layer.GetLayerDefn()
    for place in range(definition.GetFieldCount()):
        field = definition.GetFieldDefn(place)
        subtype = field.GetSubType()
        yield field.GetName(), field.GetTypeName() + (
            f"({ogr.GetFieldSubTypeName(subtype)})" if subtype else "")


# Within the sample.
PLACE = "POLYGON ((13.027 47.7715,13.036 47.7735,13.035 47.7745,13.027 47.7715))"
ORDER = {"knowledgebase_id": 218, "factbase_id": 1, "temp_range_start": "2021-03-01",
         "temp_range_end": "2021-07-31"}


def for_update(**options):
    return gdal.OpenEx("S2C:", gdal.OF_VECTOR | gdal.OF_UPDATE,
                       open_options=[f"{name}={value}" for name, value in options.items()])


def feature(layer, place=None, fid=None, **fields):
    made = ogr.Feature(layer.GetLayerDefn())
    for name, value in fields.items():
        made[name] = value
    if place:
        made.SetGeometry(ogr.CreateGeometryFromWkt(place))
    if fid is not None:
        made.SetFID(fid)
    return made


def sent(server):
    """What was sent to change something: (method, resource, attributes)."""
    return [(entry["method"], entry["path"][len("/v1/"):], entry["sent"])
            for entry in server.requests("api") if entry["method"] != "GET"]


def refusal(change):
    """The one message of a change that fails."""
    with messages() as found:
        # Before GDAL 3.7 layers have no exceptions.
        assert change() != ogr.OGRERR_NONE
    assert len(set(found)) == 1, found
    return found[0]
