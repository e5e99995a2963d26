# SPDX-License-Identifier: MIT
"""The three resource types: attributes with their column kinds, and relations."""


class Relation:
    def __init__(self, target, many, inverse):
        self.target, self.many, self.inverse = target, many, inverse


class Schema:
    """`required` are attributes and relations of a new resource; `nullable` may be sent as null,
    `read_only` not at all.
    """

    def __init__(self, kind, attributes, relations, required=(), nullable=(), read_only=()):
        self.kind = kind
        self.title = kind.capitalize()
        self.attributes = attributes
        self.relations = relations
        self.required, self.nullable, self.read_only = required, nullable, read_only

    def declares(self, name):
        return name == "id" or name in self.attributes or name in self.relations

    def column(self, name):
        return "integer" if name == "id" else self.attributes[name]


INFERENCE = Schema("inference", {
    "owner": "text", "comment": "text", "favourite": "boolean",
    "status": "text", "status_message": "text", "status_progress": "number",
    "status_timestamp": "datetime", "timestamp_created": "datetime",
    "timestamp_started": "datetime", "timestamp_finished": "datetime",
    "temp_range_start": "datetime", "temp_range_end": "datetime",
    "area_of_interest": "text", "output": "text", "output_scale_factor": "integer",
    "qgis_project_location": "text", "factbase_id": "integer", "knowledgebase_id": "integer",
}, {
    "factbase": Relation("factbase", False, "inferences_fb"),
    "knowledgebase": Relation("knowledgebase", False, "inferences_kb"),
}, (
    # What the ArcGIS toolbox sends, and what sen2cli sends as null: nobody knows of less that works.
    "owner", "area_of_interest", "temp_range_start", "temp_range_end", "comment", "favourite",
    "output_scale_factor", "factbase", "knowledgebase",
), ("status", "status_message", "timestamp_created", "timestamp_started", "timestamp_finished"),
   ("factbase_id", "knowledgebase_id"))

FACTBASE = Schema("factbase", {
    "owner": "text", "owner_email": "text", "location": "text", "dateStart": "date",
    "dateEnd": "date", "busy_worker_ping": "datetime", "free_worker_ping": "datetime",
    "resolution": "json", "sensor": "text", "title": "text", "description": "text",
    "preview_factor": "integer", "uri": "text", "project": "text", "status": "text",
    "srs": "text", "footprint": "json", "footprint_bbox": "json", "basemaps": "json",
    "layout": "json",
}, {"inferences_fb": Relation("inference", True, "factbase")}, ("title", "owner"))

KNOWLEDGEBASE = Schema("knowledgebase", {
    "title": "text", "description": "text", "owner": "text", "date": "datetime",
    "favourite": "boolean", "blockdefs": "text",
}, {"inferences_kb": Relation("inference", True, "knowledgebase")}, ("title", "owner"))

SCHEMAS = {schema.kind: schema for schema in (INFERENCE, FACTBASE, KNOWLEDGEBASE)}
