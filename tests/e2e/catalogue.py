# SPDX-License-Identifier: MIT
"""What the tests of the catalogue have in common."""

from osgeo import gdal, ogr

INFERENCE_FIELDS = [
    ("owner", "String"), ("comment", "String"), ("status", "String"), ("status_message", "String"),
    ("status_progress", "Real"), ("status_timestamp", "DateTime"),
    ("timestamp_created", "DateTime"), ("timestamp_started", "DateTime"),
    ("timestamp_finished", "DateTime"), ("factbase_id", "Integer64"),
    ("knowledgebase_id", "Integer64"), ("temp_range_start", "DateTime"),
    ("temp_range_end", "DateTime"), ("output_scale_factor", "Integer"),
    ("favourite", "Integer(Boolean)"), ("output", "String(JSON)"), ("datasets", "StringList"),
    ("qgis_project_location", "String")]
FACTBASE_FIELDS = [
    ("title", "String"), ("description", "String"), ("owner", "String"), ("owner_email", "String"),
    ("project", "String"), ("uri", "String"), ("status", "String"), ("online", "Integer(Boolean)"),
    ("sensor", "String"), ("dateStart", "Date"), ("dateEnd", "Date"), ("srs", "String"),
    ("resolution_x", "Real"), ("resolution_y", "Real"), ("preview_factor", "Integer"),
    ("layout", "String(JSON)")]
KNOWLEDGEBASE_FIELDS = [
    ("title", "String"), ("description", "String"), ("owner", "String"), ("date", "DateTime"),
    ("favourite", "Integer(Boolean)"), ("blockdefs", "String")]
ATTRIBUTES = {
    "inference": "owner,comment,status,status_message,status_progress,status_timestamp,"
                 "timestamp_created,timestamp_started,timestamp_finished,factbase_id,factbase,"
                 "knowledgebase_id,knowledgebase,temp_range_start,temp_range_end,"
                 "output_scale_factor,favourite,output,qgis_project_location,area_of_interest",
    "factbase": "title,description,owner,owner_email,project,uri,status,free_worker_ping,"
                "busy_worker_ping,sensor,dateStart,dateEnd,srs,resolution,preview_factor,layout,"
                "footprint",
    "knowledgebase": "title,description,owner,date,favourite,blockdefs"}


def list_request(layer, fields=None, filters=None, size=100):
    """As LocalSen2Cube.request_lines() writes it."""
    asked = f"&filter={filters}" if filters else ""
    return (f"api GET /v1/{layer}?sort=-id&page[size]={size}{asked}"
            f"&fields[{layer}]={fields or ATTRIBUTES[layer]}")


def one_request(layer, number, fields=None):
    return f"api GET /v1/{layer}/{number}?fields[{layer}]={fields or ATTRIBUTES[layer]}"


def catalogue(**options):
    return gdal.OpenEx("S2C:", gdal.OF_VECTOR,
                       open_options=[f"{name}={value}" for name, value in options.items()])


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
