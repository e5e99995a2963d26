# SPDX-License-Identifier: MIT
"""The relationships' own places: /v1/inference/10424/relationships/factbase.

An inference has one factbase and one knowledgebase, always: what would take one away fails in the
database.
"""

import json

from .documents import Writer
from .errors import VERSION, Refusal, bad_request, database_error, not_found, related_not_found
from .exchange import JSON_API, Answer, json_answer
from .query import Query
from .schema import SCHEMAS
from .validation import read_document

DONE = {"POST": "created", "PATCH": "updated"}
DOING = {"POST": "Create", "PATCH": "Update", "DELETE": "Delete"}


def linkages(document, relation):
    """The member `data`: null, one linkage or a list of them."""
    try:
        if "data" not in document:
            raise bad_request('You must provide data with a "data" route node',
                              {"pointer": "/data"})
        data = document["data"]
        for one in data if isinstance(data, list) else [data] if isinstance(data, dict) else []:
            for member in ("type", "id"):
                if member not in one:
                    raise bad_request(f'Missing {member} in "data" node',
                                      {"pointer": f"/data/{member}"})
            if one["type"] != relation.target:
                raise Refusal(409, "Invalid type", "The type field does not match the resource "
                              "type", {"pointer": "/data/type"})
        return data
    except TypeError as error:
        raise database_error(str(error)) from None


class Relationships:
    def __init__(self, store, options):
        self.store, self.options = store, options

    def row(self, schema, number):
        row = self.store[schema.kind].keep(number)
        if row is None:
            raise not_found(schema, number)
        return row

    def read(self, request, schema, number, name):
        row = self.row(schema, number)
        query = Query(request.query, schema, self.options, loads=False)
        writer = Writer(self.store, query, self.options)
        link = f"/v1/{schema.kind}/{number}"
        document = {"links": {"self": request.path, "related": f"{link}/{name}"},
                    "data": writer.linkage(row, schema, name), "jsonapi": VERSION}
        if query.include:
            writer.resource(row, schema, query.include)
            document["included"] = [json.loads(text) for text in writer.included.values()]
        return json_answer(200, document, JSON_API)

    def change(self, request, schema, number, name):
        """PATCH sets, POST adds, DELETE takes away."""
        relation = schema.relations[name]
        data = linkages(read_document(request, self.options), relation)
        row = self.row(schema, number)
        changed = (self.change_many if relation.many else self.change_one)(
            request.method, row, schema, name, data)
        if not changed:
            return Answer(204, content_type=JSON_API)
        message = f"Relationship successfully {DONE[request.method]}"
        return json_answer(200, {"meta": {"message": message}, "jsonapi": VERSION}, JSON_API)

    def change_one(self, method, row, schema, name, data):
        target = SCHEMAS[schema.relations[name].target]
        if isinstance(data, list):
            raise database_error(f"'{target.title}' object is not iterable")
        if data is None or method == "DELETE":
            raise left_alone(method, "inference", name)
        number = self.find(target, data["id"]).number
        if row.related(name) == number:
            return False
        row.relate(name, number)
        return True

    def change_many(self, method, row, schema, name, data):
        relation = schema.relations[name]
        target = SCHEMAS[relation.target]
        present = {other.number for other in self.store.inverse(row, schema, name)}
        if data is None and method != "DELETE":
            return False
        if not isinstance(data, list):
            if method != "DELETE":
                self.find(target, data["id"])
            kind = None if method == "DELETE" else target.title
            raise database_error(f"Incompatible collection type: {kind} is not list-like")
        if method == "DELETE":
            if present & {int(one["id"]) for one in data if str(one["id"]).isdigit()}:
                raise left_alone(method, relation.target, relation.inverse)
            return False
        wanted = [self.find(target, one["id"]) for one in data]
        if method == "PATCH" and present - {other.number for other in wanted}:
            raise left_alone(method, relation.target, relation.inverse)
        added = [other for other in wanted if other.number not in present]
        for other in added:
            self.store[relation.target].keep(other.number).relate(relation.inverse, row.number)
        return bool(added)

    def find(self, schema, number):
        if not str(number).isdigit():
            raise database_error("(psycopg2.errors.InvalidTextRepresentation) invalid input syntax "
                                 f"for type integer: {str(number)!r}")
        row = self.store[schema.kind].get(int(number))
        if row is None:
            raise related_not_found(schema, number)
        return row


def left_alone(method, kind, relation):
    return database_error(f"{DOING[method]} relationship error: (psycopg2.errors.NotNullViolation) "
                          f'null value in column "{relation}_id" of relation "{kind}" violates '
                          "not-null constraint")
