# SPDX-License-Identifier: MIT
"""The query string: paging, sorting, sparse fields, include, filters still unparsed."""

import json
import math
import urllib.parse

from .errors import bad_parameter, bad_request, database_error, no_attribute
from .options import is_newer
from .schema import SCHEMAS

PAGE_SIZE = 30
MANAGED = ("filter", "page", "fields", "sort", "include")


def keyed(arguments, start):
    """{'size': '10'} of page[size]=10; a value with a comma becomes a list."""
    found = {}
    for key, value in arguments.items():
        if not key.startswith(start):
            continue
        opening, closing = key.find("["), key.find("]")
        if opening < 0 or closing < 0:
            raise bad_request("Parse error", {"parameter": key})
        found[key[opening + 1:closing]] = value.split(",") if "," in value else value
    return found


class Query:
    """`loads` says whether the query decides what is loaded from the database (GET of resources),
    which happens before the names in `include` are looked at.
    """

    def __init__(self, raw, schema, options, loads=True):
        self.arguments, self.loads = {}, loads
        for key, value in urllib.parse.parse_qsl(raw, keep_blank_values=True):
            # Flask's request.args gives the first of equal keys.
            self.arguments.setdefault(key, value)
        self.schema = schema
        self.options = options
        self.fields = self.read_fields()
        self.include = self.read_include()

    def read_filters(self):
        """The JSON filters and then the simple ones, as one list of nodes."""
        nodes = []
        if self.arguments.get("filter") is not None:
            try:
                nodes.extend(json.loads(self.arguments["filter"]))
            except (ValueError, TypeError):
                raise bad_parameter("filters", "Parse error") from None
            except RecursionError:
                raise database_error("maximum recursion depth exceeded") from None
        for name, value in keyed(self.arguments, "filter[").items():
            # 0.31 learnt that a list wants IN; before, the list went to "=" and the database.
            listed = isinstance(value, list) and is_newer(self.options)
            nodes.append({"name": name, "op": "in_" if listed else "eq", "val": value})
        return nodes

    def read_page(self):
        """(size, number); size 0 stands for all rows."""
        page = keyed(self.arguments, "page")
        numbers = {}
        for key, value in page.items():
            if key not in ("number", "size"):
                raise bad_request(f"{key} is not a valid parameter of pagination",
                                  {"parameter": "page"})
            if isinstance(value, list):
                raise database_error("int() argument must be a string, not 'list'")
            try:
                numbers[key] = int(value)
            except ValueError:
                raise bad_request("Parse error", {"parameter": f"page[{key}]"}) from None
        size = numbers.get("size", PAGE_SIZE)
        if size == 0 and self.options.no_page_zero:
            raise bad_request("You are not allowed to disable pagination",
                              {"parameter": "page[size]"})
        # The library's own default is not held against its largest.
        if self.options.max_page_size is not None and numbers.get("size", 0) \
                > self.options.max_page_size:
            raise bad_request(f"Maximum page size is {self.options.max_page_size}",
                              {"parameter": "page[size]"})
        number = numbers.get("number", 1)
        if size < 0 or (size and number < 1):
            raise database_error("(psycopg2.errors.InvalidRowCountInResultOffsetClause) "
                                 "LIMIT and OFFSET must not be negative")
        largest = self.options.clip_page_size
        if largest is not None:
            size = min(size or largest, largest)
        return size, number

    def read_sort(self):
        """[(name, descending)]."""
        order = []
        for part in (self.arguments.get("sort") or "").split(","):
            if not part and not self.arguments.get("sort"):
                continue
            # Every hyphen goes, not the first alone.
            name = part.replace("-", "")
            if not self.schema.declares(name):
                raise bad_parameter("sort", no_attribute(self.schema, name))
            if name in self.schema.relations:
                raise bad_parameter("sort", f"You can't sort on {name} because it is a "
                                            "relationship field")
            if self.schema.column(name) == "json":
                raise database_error("(psycopg2.errors.UndefinedFunction) could not identify an "
                                     "ordering operator for type json")
            order.append((name, part.startswith("-")))
        return order

    def read_fields(self):
        """{type: set of names}, of the types that the query names."""
        chosen = {}
        for kind, value in keyed(self.arguments, "fields").items():
            if self.options.no_fields:
                raise bad_parameter("fields", "Sparse fieldsets are not offered here")
            schema = SCHEMAS.get(kind)
            if schema is None:
                raise database_error(f"Couldn't find schema for type: {kind}")
            chosen[kind] = set(value) if isinstance(value, list) else {value}
            for name in sorted(chosen[kind]):
                if not schema.declares(name):
                    raise bad_parameter("fields", no_attribute(schema, name))
        # 0.31 sets them too late for marshmallow 3.
        return {} if is_newer(self.options) else chosen

    def read_include(self):
        """Paths as lists of relation names."""
        value = self.arguments.get("include")
        if not value:
            return []
        if self.options.no_include:
            raise bad_parameter("include", "Included resources are not offered here")
        paths = [path.split(".") for path in value.split(",")]
        for path in paths:
            schema = self.schema
            for name in path:
                if not schema.declares(name):
                    raise bad_parameter("include", no_attribute(schema, name))
                if name not in schema.relations and self.loads:
                    raise database_error('Can\'t apply "joined loader" strategy to property '
                                         f'"{schema.title}.{name}", which is a "column property"')
                if name not in schema.relations:
                    raise bad_parameter("include", f"{name} is not a relationship attribute of "
                                                   f"{schema.title}Schema")
                schema = SCHEMAS[schema.relations[name].target]
        return paths

    def links(self, base, count, size, number):
        """Flask sees http behind its proxy, so `base` is http even where the API is https."""
        managed = {key: value for key, value in self.arguments.items() if key.startswith(MANAGED)}

        def link(**page):
            arguments = dict(managed)
            if page:
                arguments.pop("page[number]", None)
            if page.get("number"):
                arguments["page[number]"] = page["number"]
            return base + ("?" + urllib.parse.urlencode(arguments) if arguments else "")

        links = {"self": link()}
        last = math.ceil(count / size) if size else 1
        if last > 1:
            links["first"], links["last"] = link(number=None), link(number=last)
            if number > 1:
                links["prev"] = link(number=number - 1)
            if number < last:
                links["next"] = link(number=number + 1)
        return links
