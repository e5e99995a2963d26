# SPDX-License-Identifier: MIT
"""POST, PATCH and DELETE of the JSON:API, with what they set off."""

from .documents import Writer
from .errors import VERSION, bad_request, database_error, not_found, related_not_found
from .exchange import JSON_API, Answer, json_answer
from .options import is_newer
from .query import Query
from .rows import Row
from .schema import SCHEMAS
from .validation import Loader, read_document


class Changes:
    def __init__(self, store, options, jobs):
        self.store, self.options, self.jobs = store, options, jobs

    def create(self, request, schema):
        document = read_document(request, self.options)
        query = Query(request.query, schema, self.options, loads=False)
        values, related = Loader(schema, self.options).load(document, partial=False)
        self.check_related(schema, related)
        collection = self.store[schema.kind]
        with collection.lock:
            number = values.pop("id", None) or collection.next_number()
            self.check_number(collection, number)
            row = collection.add(Row(number, {**dict.fromkeys(schema.attributes), **values}))
            self.relate(row, schema, related)
            if schema.kind == "inference":
                self.jobs.create(row)
        answer = self.document(row, schema, query)
        answer.status = 201
        answer.headers["Location"] = self.location(request, schema, number)
        if schema.kind == "inference":
            # Started after the document is made, so that it says CREATED whatever the speed.
            self.jobs.start(row)
        return answer

    def location(self, request, schema, number):
        path = f"/v1/{schema.kind}/{number}"
        # The older library comes with an older Werkzeug, which completes it, and sees http.
        return path if is_newer(self.options) else f"http://{request.header('Host')}{path}"

    def update(self, request, schema, number):
        document = read_document(request, self.options)
        query = Query(request.query, schema, self.options, loads=False)
        values, related = Loader(schema, self.options).load(document, partial=True)
        data = document["data"]
        if "id" not in data:
            raise bad_request('Missing id in "data" node', {"pointer": "/data/id"})
        if str(data["id"]) != str(number):
            raise bad_request("Value of id does not match the resource identifier in url",
                              {"pointer": "/data/id"})
        row = self.store[schema.kind].keep(number)
        if row is None:
            raise not_found(schema, number)
        self.check_related(schema, related)
        self.relate(row, schema, related)
        del values["id"]
        wanted = values.pop("status", None) if schema.kind == "inference" else None
        row.change(**values)
        if wanted == "CREATED":
            self.jobs.rerun(row)
        elif wanted == "ABORTED":
            self.jobs.abort(row)
        elif wanted is not None:
            row.change(status=wanted)
        answer = self.document(row, schema, query)
        if wanted == "CREATED":
            self.jobs.start(row)
        return answer

    def delete(self, _request, schema, number):
        """Whatever body comes with it, jsonapi-client's {} among them."""
        collection = self.store[schema.kind]
        row = collection.get(number)
        if row is None:
            raise not_found(schema, number)
        for name, relation in schema.relations.items():
            if relation.many and self.store.inverse(row, schema, name):
                # The web application's error 2408 says the same in its own words.
                raise database_error(
                    "Delete object error: (psycopg2.errors.ForeignKeyViolation) update or delete "
                    f'on table "{schema.kind}" violates foreign key constraint '
                    f'"{relation.target}_{schema.kind}_id_fkey" on table "{relation.target}"')
        collection.remove(number)
        if schema.kind == "inference":
            self.jobs.forget(row)
        return json_answer(200, {"meta": {"message": "Object successfully deleted"},
                                 "jsonapi": VERSION}, JSON_API)

    def document(self, row, schema, query):
        return Answer(200, Writer(self.store, query, self.options).document(
            row, f"/v1/{schema.kind}/{row.number}"), content_type=JSON_API)

    @staticmethod
    def check_number(collection, number):
        if collection.get(number) is not None:
            raise database_error("Object creation error: (psycopg2.errors.UniqueViolation) "
                                 "duplicate key value violates unique constraint "
                                 f'"{collection.schema.kind}_pkey"')

    def check_related(self, schema, related):
        for name, found in related.items():
            target = SCHEMAS[schema.relations[name].target]
            for number in found if isinstance(found, list) else [found]:
                if self.store[target.kind].get(number) is None:
                    raise related_not_found(target, number)

    def relate(self, row, schema, related):
        for name, found in related.items():
            relation = schema.relations[name]
            if not relation.many:
                row.relate(name, found)
                continue
            for number in found:
                self.store[relation.target].keep(number).relate(relation.inverse, row.number)
