# SPDX-License-Identifier: MIT
"""POST, PATCH and DELETE of the JSON:API, with what they set off."""

import json

from .columns import moment
from .documents import Writer
from .errors import VERSION, Refusal, Refusals, bad_request, database_error, not_found
from .exchange import JSON_API, Answer, html_answer, json_answer
from .query import Query
from .rows import Row
from .schema import SCHEMAS


def invalid(pointer, detail):
    return Refusal(422, "Validation error", detail, {"pointer": pointer})


class Malformed(Exception):
    """Not JSON at all: Flask answers before the library sees it."""


def read_document(request):
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Malformed from None


class Changes:
    def __init__(self, store, options, jobs):
        self.store, self.options, self.jobs = store, options, jobs

    @staticmethod
    def unknown(schema, number):
        return not_found(schema, number)

    def create(self, request, schema):
        try:
            data = self.data(read_document(request), schema)
        except Malformed:
            return html_answer(400, "Failed to decode JSON object.")
        attributes = self.attributes(data, schema, schema.required)
        collection = self.store[schema.kind]
        relations = self.relations(data, schema)
        with collection.lock:
            number = collection.next_number()
            row = collection.add(Row(number, {**dict.fromkeys(schema.attributes), **attributes},
                                     relations))
            self.note_relations(row, relations)
            if schema.kind == "inference":
                self.jobs.create(row)
        answer = self.document(row, schema)
        answer.status = 201
        answer.headers["Location"] = f"/v1/{schema.kind}/{number}"
        if schema.kind == "inference":
            # Started after the document is made, so that it says CREATED whatever the speed.
            self.jobs.start(row)
        return answer

    def update(self, request, schema, number):
        try:
            document = read_document(request)
        except Malformed:
            return html_answer(400, "Failed to decode JSON object.")
        data = self.data(document, schema)
        attributes = self.attributes(data, schema, ())
        if "id" not in data:
            raise bad_request('Missing id in "data" node', {"pointer": "/data/id"})
        if str(data["id"]) != str(number):
            raise bad_request("Value of id does not match the resource identifier in url",
                              {"pointer": "/data/id"})
        row = self.store[schema.kind].keep(number)
        if row is None:
            raise not_found(schema, number)
        relations = self.relations(data, schema)
        row.relations = {**row.relations, **relations}
        self.note_relations(row, relations)
        wanted = attributes.pop("status", None) if schema.kind == "inference" else None
        row.change(**attributes)
        if wanted == "CREATED":
            self.jobs.rerun(row)
        elif wanted == "ABORTED":
            self.jobs.abort(row)
        elif wanted is not None:
            row.change(status=wanted)
        answer = self.document(row, schema)
        if wanted == "CREATED":
            self.jobs.start(row)
        return answer

    def delete(self, _request, schema, number):
        collection = self.store[schema.kind]
        row = collection.get(number)
        if row is None:
            raise not_found(schema, number)
        inverse = {"factbase": "inferences_fb", "knowledgebase": "inferences_kb"}.get(schema.kind)
        if inverse and self.store.inverse(row, schema, inverse):
            # The web application's error 2408 says the same in its own words.
            raise database_error("(psycopg2.errors.ForeignKeyViolation) the row is still "
                                 "referenced from table inference")
        collection.remove(number)
        if schema.kind == "inference":
            self.jobs.forget(row)
        return json_answer(200, {"meta": {"message": "Object successfully deleted"},
                                 "jsonapi": VERSION}, JSON_API)

    def document(self, row, schema):
        writer = Writer(self.store, Query("", schema, self.options), self.options)
        return Answer(200, writer.document(row, f"/v1/{schema.kind}/{row.number}"),
                      content_type=JSON_API)

    @staticmethod
    def data(document, schema):
        if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
            raise invalid("/", "Object must include `data` key.")
        data = document["data"]
        if "type" not in data:
            raise invalid("/data", "`data` object must include `type` key.")
        if data["type"] != schema.kind:
            raise Refusal(409, "Incorrect type", f'Invalid type. Expected "{schema.kind}".',
                          {"pointer": "/data/type"})
        return data

    @staticmethod
    def attributes(data, schema, required):
        """The known attributes; unknown ones are ignored (marshmallow 2)."""
        given = data.get("attributes") or {}
        if not isinstance(given, dict):
            raise invalid("/data/attributes", "Invalid input type.")
        problems = [invalid(f"/data/attributes/{name}", "Missing data for required field.")
                    for name in required if given.get(name) is None]
        chosen = {name: value for name, value in given.items() if name in schema.attributes}
        for name, value in chosen.items():
            sentence = problem(value, schema.attributes[name], name)
            if sentence:
                problems.append(invalid(f"/data/attributes/{name}", sentence))
        if problems:
            raise Refusals(problems)
        return {name: value for name, value in chosen.items()
                if name not in ("factbase_id", "knowledgebase_id")}

    def relations(self, data, schema):
        chosen = {}
        for name, value in (data.get("relationships") or {}).items():
            relation = schema.relations.get(name)
            if relation is None or relation.many or not isinstance(value, dict):
                continue
            linkage = value.get("data")
            if linkage is None:
                chosen[name] = None
                continue
            pointer = f"/data/relationships/{name}/data"
            if not isinstance(linkage, dict) or linkage.get("type") != relation.target:
                raise invalid(f"{pointer}/type", f"Invalid `type` specified for {name}")
            found = str(linkage.get("id"))
            if not found.isdigit() or self.store[relation.target].get(int(found)) is None:
                raise Refusal(404, "Related object not found",
                              f"{SCHEMAS[relation.target].title}.id: {found} not found",
                              {"pointer": pointer})
            chosen[name] = int(found)
        return chosen

    @staticmethod
    def note_relations(row, relations):
        for name, number in relations.items():
            if f"{name}_id" in row.attributes:
                row.change(**{f"{name}_id": number})


def problem(value, kind, name):
    """What marshmallow says of a value, or None."""
    if value is None or name == "output" or kind == "json":
        return None
    if kind == "text" and not isinstance(value, str):
        return "Not a valid string."
    if kind == "boolean" and not isinstance(value, (bool, int, str)):
        return "Not a valid boolean."
    if kind in ("integer", "number"):
        try:
            float(value)
        except (TypeError, ValueError):
            return f"Not a valid {kind}."
    if kind in ("datetime", "date"):
        try:
            moment(value)
        except (AttributeError, ValueError):
            return "Not a valid datetime."
    return None
