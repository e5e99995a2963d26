# SPDX-License-Identifier: MIT
"""The JSON:API under /v1: routes, headers, reading. changes.py and relationships.py do the rest."""

import bisect
import json
import random
import re

from .columns import stored
from .documents import Writer
from .errors import Refusal, Refusals, VERSION, database_error
from .exchange import JSON_API, Answer, html_answer, json_answer, unauthorized
from .filters import Compiler
from .options import is_newer
from .query import Query
from .rows import Changes
from .schema import SCHEMAS

ROUTE = re.compile(r"/v1/(inference|factbase|knowledgebase)"
                   r"(?:/(\d+)(?:/(relationships)/(\w+)|/(\w+))?)?")
ONE, MANY = ("GET", "PATCH", "DELETE"), ("GET", "POST")
LINKAGE = ("GET", "POST", "PATCH", "DELETE")


def check_headers(request, newer):
    """415 and 406."""
    content = request.header("Content-Type")
    if request.method in ("POST", "PATCH"):
        parameters = content is not None and JSON_API in content and content != JSON_API
        if (content != JSON_API) if newer else parameters:
            raise Refusals([Refusal(415, "Invalid request header",
                                    f"Content-Type header must be {JSON_API}")])
    wanted = [part.strip() for part in (request.header("Accept") or "").split(",")]
    if any(JSON_API in part for part in wanted) and JSON_API not in wanted:
        raise Refusals([Refusal(406, "Invalid request header", f"Accept header must be {JSON_API} "
                                "without media type parameters")])


class Found:
    """The numbers that a filter finds, kept until anything changes: a list of 100,000 rows is asked
    for in 1,000 pages."""

    MOST = 8

    def __init__(self, store):
        self.store, self.kept = store, {}

    def numbers(self, collection, nodes):
        """Ascending; not to be changed by the caller."""
        bounds = [node for node in nodes if is_bound(node)]
        numbers = self.found(collection, [node for node in nodes if node not in bounds])
        first, last = 0, len(numbers)
        for node in bounds:
            place = BOUNDS[node["op"]](numbers, node["val"])
            if node["op"] in ("lt", "le"):
                last = min(last, place)
            else:
                first = max(first, place)
        return numbers[first:last] if bounds else numbers

    def found(self, collection, nodes):
        if not nodes:
            return collection.numbers()
        version, key = Changes.count, (collection.schema.kind, json.dumps(nodes))
        kept_version, numbers = self.kept.get(key, (None, None))
        if kept_version != version:
            test = Compiler(self.store).all_of(nodes, collection.schema)
            rows = ((number, collection.get(number)) for number in collection.numbers())
            numbers = [number for number, row in rows if row is not None and test(row) is True]
            if len(self.kept) >= self.MOST:
                self.kept = {}
            self.kept[key] = (version, numbers)
        return numbers


BOUNDS = {"lt": bisect.bisect_left, "le": bisect.bisect_right,
          "gt": bisect.bisect_right, "ge": bisect.bisect_left}


def is_bound(node):
    """Whether a filter is what an index on the id answers at once."""
    return isinstance(node, dict) and set(node) == {"name", "op", "val"} \
        and node["name"] == "id" and node["op"] in BOUNDS and type(node["val"]) is int


class Api:
    def __init__(self, store, options, changes, relationships, churn):
        self.store, self.options, self.churn = store, options, churn
        self.changes, self.relationships = changes, relationships
        self.found = Found(store)

    def answer(self, request, bearer):
        route = ROUTE.fullmatch(request.path)
        if route is None:
            return html_answer(404, "The requested URL was not found on the server.")
        if bearer != "good":
            return unauthorized()
        # 0.30.1 leaves it to Flask how an exception's document is called.
        error_type = JSON_API if is_newer(self.options) else "application/json"
        try:
            return self.dispatch(request, *route.groups())
        except Refusals as refusals:
            return refusals.answer()
        except Refusal as refusal:
            return refusal.answer(error_type)
        except RecursionError:
            return database_error("maximum recursion depth exceeded").answer(error_type)

    def dispatch(self, request, kind, number, relationships, relationship, related):
        schema = SCHEMAS[kind]
        name = relationship or related
        if name and name not in schema.relations:
            return html_answer(404, "The requested URL was not found on the server.")
        many = schema.relations[name].many if name else number is None
        allowed = LINKAGE if relationships else MANY if many else ONE
        method = "GET" if request.method == "HEAD" else request.method
        if method not in allowed:
            headers = {"Allow": ", ".join([*allowed, "HEAD", "OPTIONS"])}
            if method == "OPTIONS":
                return Answer(200, "", headers, "text/html; charset=utf-8")
            return html_answer(405, "The method is not allowed for the requested URL.", headers)
        check_headers(request, is_newer(self.options))
        number = number and int(number)
        if relationships:
            action = self.relationships.read if method == "GET" else self.relationships.change
            return action(request, schema, number, name)
        if related:
            return self.at_related(request, method, schema, number, name)
        if method == "POST":
            return self.changes.create(request, schema)
        if number is None:
            return self.listing(request, schema, None)
        action = {"GET": self.one, "PATCH": self.changes.update, "DELETE": self.changes.delete}
        return action[method](request, schema, number)

    def at_related(self, request, method, schema, number, name):
        if method == "GET":
            return self.related(request, schema, number, name)
        if method == "POST":
            return self.changes.create(request, SCHEMAS[schema.relations[name].target])
        # The address has no id of the resource that would change.
        raise database_error("'id'")

    def one(self, request, schema, number):
        return self.document(request, schema, self.store[schema.kind].get(number), request.path)

    def document(self, request, schema, row, link):
        query = Query(request.query, schema, self.options)
        if row is None:
            return self.missing()
        return Answer(200, Writer(self.store, query, self.options).document(row, link),
                      content_type=JSON_API)

    def missing(self):
        """An unknown id is no 404 here (flask-rest-jsonapi issue 184)."""
        form = self.options.unknown_id or ("null" if is_newer(self.options) else "data-null")
        if form == "error":
            raise database_error("'id' is not a valid attribute of None")
        if form == "null":
            return Answer(200, "null", content_type=JSON_API)
        return json_answer(200, {"data": None, "jsonapi": VERSION}, JSON_API)

    def related(self, request, schema, number, name):
        relation, row = schema.relations[name], self.store[schema.kind].get(number)
        target = SCHEMAS[relation.target]
        if not relation.many:
            other = self.store.inverse(row, schema, name) if row else None
            # Its self link is the resource's own place, not the one asked.
            link = f"/v1/{target.kind}/{other.number}" if other else request.path
            return self.document(request, target, other, link)
        rows = self.store.inverse(row, schema, name) if row else []
        return self.listing(request, target, rows)

    def listing(self, request, schema, rows):
        query = Query(request.query, schema, self.options)
        nodes, order = query.read_filters(), query.read_sort()
        size, number = query.read_page()
        if rows is None:
            self.churn.act(schema.kind)
        page, count = self.select(schema, rows, nodes, order, (size, number))
        base = f"http://{request.header('Host') or 'localhost'}{request.path}"
        links = query.links(base, count, size, number)
        return Answer(200, Writer(self.store, query, self.options).listing(page, links, count),
                      content_type=JSON_API)

    def select(self, schema, rows, nodes, order, page):
        """(the rows of the page, the count before paging)."""
        size, number = page
        first = (number - 1) * size if size else 0
        if rows is not None:
            return self.sort_and_cut(rows, nodes, order, schema, (first, size))
        collection = self.store[schema.kind]
        numbers = self.found.numbers(collection, nodes)
        count = len(numbers)
        size = size or count
        if not order:
            return collection.page(numbers, first, size), count
        if order[0][0] == "id":
            numbers = numbers[::-1] if order[0][1] else numbers
            return collection.get_all(numbers[first:first + size]), count
        rows = collection.get_all(numbers)
        return self.sort_and_cut(rows, [], order, schema, (first, size))

    def sort_and_cut(self, rows, nodes, order, schema, page):
        if nodes:
            test = Compiler(self.store).all_of(nodes, schema)
            rows = [row for row in rows if test(row) is True]
        rows = in_order(rows, order, schema)
        first, size = page
        return rows[first:first + (size or len(rows))], len(rows)


def in_order(rows, order, schema):
    """Sorted; rows that compare equal come in any order, as SQL leaves them."""
    rows = list(rows)
    random.shuffle(rows)
    for name, descending in reversed(order):
        kind = schema.column(name)

        def key(row):
            value = stored(row.value(name), kind)
            # PostgreSQL takes null as larger than everything.
            return (value is None, value if value is not None else 0)
        rows.sort(key=key, reverse=descending)
    return rows
