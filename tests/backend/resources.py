# SPDX-License-Identifier: MIT
"""The JSON:API under /v1: routes, headers, reading. Changes are in changes.py."""

import bisect
import json
import random
import re

from .columns import stored
from .documents import Writer
from .errors import Refusal, Refusals, VERSION, database_error
from .exchange import JSON_API, Answer, html_answer, json_answer, unauthorized
from .filters import Compiler
from .query import Query
from .rows import Changes
from .schema import SCHEMAS

ROUTE = re.compile(r"/v1/(inference|factbase|knowledgebase)"
                   r"(?:/(\d+)(?:/(relationships)/(\w+)|/(\w+))?)?")
# A serial column is a 32-bit integer.
LARGEST_ID = 2 ** 31 - 1


def header_problem(request, strict):
    """415 and 406 as 0.31 (strict) or 0.30.1 and older (not strict) decide them."""
    content = request.header("Content-Type")
    if request.method in ("POST", "PATCH"):
        parameters = content is not None and JSON_API in content and content != JSON_API
        if (content != JSON_API) if strict else parameters:
            return Refusal(415, "Invalid request header",
                           f"Content-Type header must be {JSON_API}")
    wanted = [part.strip() for part in (request.header("Accept") or "").split(",")]
    if any(JSON_API in part for part in wanted) and JSON_API not in wanted:
        return Refusal(406, "Invalid request header",
                       f"Accept header must be {JSON_API} without media type parameters")
    return None


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
    def __init__(self, store, options, changes, churn):
        self.store, self.options, self.changes, self.churn = store, options, changes, churn
        self.found = Found(store)

    def answer(self, request, bearer):
        route = ROUTE.fullmatch(request.path)
        if route is None:
            return html_answer(404, "The requested URL was not found on the server.")
        if bearer != "good":
            return unauthorized()
        try:
            problem = header_problem(request, self.options.content_types == "strict")
            if problem:
                raise problem
            return self.dispatch(request, *route.groups())
        except (Refusal, Refusals) as refusal:
            return refusal.answer()
        except RecursionError:
            return database_error("maximum recursion depth exceeded").answer()

    def dispatch(self, request, kind, number, relationships, relationship, related):
        schema = SCHEMAS[kind]
        method = "GET" if request.method == "HEAD" else request.method
        relation = relationship or related
        if relation and relation not in schema.relations:
            return html_answer(404, "The requested URL was not found on the server.")
        if relation and method == "GET":
            reader = self.relationship if relationships else self.related
            return reader(request, schema, int(number), relation)
        if number is None and method == "GET":
            return self.listing(request, schema, None)
        if number is None and method == "POST":
            return self.changes.create(request, schema)
        if number is not None and not relation and method in ("GET", "PATCH", "DELETE"):
            action = {"GET": self.one, "PATCH": self.changes.update,
                      "DELETE": self.changes.delete}[method]
            return action(request, schema, int(number))
        return html_answer(405, "The method is not allowed for the requested URL.")

    def row(self, schema, number):
        if number > LARGEST_ID:
            raise database_error("(psycopg2.errors.NumericValueOutOfRange) integer out of range")
        return self.store[schema.kind].get(number)

    def one(self, request, schema, number):
        return self.document(request, schema, self.row(schema, number), request.path)

    def document(self, request, schema, row, link):
        query = Query(request.query, schema, self.options)
        if row is None:
            return self.missing()
        return Answer(200, Writer(self.store, query, self.options).document(row, link),
                      content_type=JSON_API)

    def missing(self):
        """An unknown id is no 404 here (flask-rest-jsonapi issue 184)."""
        if self.options.content_types == "strict":
            return Answer(200, "null", content_type=JSON_API)
        return json_answer(200, {"data": None, "jsonapi": VERSION}, JSON_API)

    def related(self, request, schema, number, name):
        relation, row = schema.relations[name], self.row(schema, number)
        target = SCHEMAS[relation.target]
        if not relation.many:
            other = self.store.inverse(row, schema, name) if row else None
            # Its self link is the resource's own place, not the one asked.
            link = f"/v1/{target.kind}/{other.number}" if other else request.path
            return self.document(request, target, other, link)
        rows = self.store.inverse(row, schema, name) if row else []
        return self.listing(request, target, rows)

    def relationship(self, request, schema, number, name):
        row = self.row(schema, number)
        if row is None:
            return self.changes.unknown(schema, number).answer()
        query = Query(request.query, schema, self.options)
        link = f"/v1/{schema.kind}/{number}"
        data = Writer(self.store, query, self.options).linkage(row, schema, name)
        return json_answer(200, {
            "links": {"self": f"{link}/relationships/{name}", "related": f"{link}/{name}"},
            "data": data, "jsonapi": VERSION}, JSON_API)

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
