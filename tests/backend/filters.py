# SPDX-License-Identifier: MIT
"""Filters as flask-rest-jsonapi hands them to SQLAlchemy, with SQL's three-valued logic.

A node becomes a function of a row that gives True, False or None (unknown); the caller keeps
the rows that give True.
"""

import operator

from .columns import cast, collated, like, stored
from .errors import bad_parameter, database_error, no_attribute
from .schema import SCHEMAS

COMPARISONS = {"__eq__": operator.eq, "__ne__": operator.ne, "__gt__": operator.gt,
               "__ge__": operator.ge, "__lt__": operator.lt, "__le__": operator.le}
PATTERNS = {"like": (False, False), "ilike": (True, False),
            "notlike": (False, True), "notilike": (True, True)}
EDGES = {"startswith": "{}%", "endswith": "%{}", "contains": "%{}%"}
OTHERS = {"in_", "notin_", "is_", "isnot", "between", "match", "any", "has"}
KNOWN = {*COMPARISONS, *PATTERNS, *EDGES, *OTHERS}
# Attributes of a column that are no comparisons: calling them with a value fails.
USELESS = {"desc", "asc", "label", "type", "key", "property", "distinct", "op"}


def negate(test):
    def negated(row):
        found = test(row)
        return None if found is None else not found
    return negated


def conjunction(tests):
    def every(row):
        unknown = False
        for test in tests:
            found = test(row)
            if found is False:
                return False
            unknown = unknown or found is None
        return None if unknown else True
    return every


def disjunction(tests):
    return negate(conjunction([negate(test) for test in tests]))


class Compiler:
    def __init__(self, store):
        self.store = store

    def all_of(self, nodes, schema):
        return conjunction([self.node(node, schema) for node in nodes])

    def node(self, node, schema):
        if not isinstance(node, dict):
            raise database_error(f"{type(node).__name__!r} object has no attribute 'get'")
        for key, join in (("or", disjunction), ("and", conjunction)):
            if key in node:
                if not isinstance(node[key], list):
                    raise database_error(f"{key} wants a list of filters")
                return join([self.node(part, schema) for part in node[key]])
        if "not" in node:
            return negate(self.node(node["not"], schema))
        return self.leaf(node, schema)

    def leaf(self, node, schema):
        whole = node.get("name")
        if whole is None:
            raise bad_parameter("filters", "Can't find name of a filter")
        name, _, inner = str(whole).partition("__")
        if not schema.declares(name):
            raise bad_parameter("filters", no_attribute(schema, name))
        operation = self.operation(node, schema, name)
        field = node.get("field")
        if field is None and "val" not in node:
            raise bad_parameter("filters", "Can't find value or field in a filter")
        if field is not None and not (isinstance(field, str) and schema.declares(field)):
            raise bad_parameter("filters", f"{schema.title} has no attribute {field}")
        if name in schema.relations:
            return self.relation(schema, name, operation, inner, node.get("val"))
        if inner or isinstance(node.get("val"), dict) or operation in USELESS:
            raise database_error(f"{operation}() does not take that on {schema.title}.{name}")
        if field is not None:
            return self.between_columns(schema, name, operation, field)
        return self.column(schema, name, operation, node["val"])

    @staticmethod
    def operation(node, schema, name):
        """The library tries three spellings of an operator against the column."""
        given = node.get("op")
        if given is None:
            raise bad_parameter("filters", "Can't find op of a filter")
        for spelling in (f"{given}", f"{given}_", f"__{given}__"):
            if spelling in KNOWN or spelling in USELESS:
                return spelling
        raise bad_parameter("filters", f"{schema.title}.{name} has no operator {given}")

    def relation(self, schema, name, operation, inner, value):
        relation = schema.relations[name]
        if operation != ("any" if relation.many else "has"):
            raise database_error(f"{operation}() is not for the relationship "
                                 f"{schema.title}.{name}")
        target = SCHEMAS[relation.target]
        if inner:
            if inner not in target.attributes and inner != "id":
                raise database_error(f"Entity '{target.title}' has no property '{inner}'")
            test = self.column(target, inner, "__eq__", value)
        elif isinstance(value, dict):
            test = self.node(value, target)
        else:
            raise database_error(f"{operation}() takes a filter")
        if not relation.many:
            return self.related_test(schema, name, test)
        return lambda row: any(test(other) is True
                               for other in self.store.inverse(row, schema, name))

    def related_test(self, schema, name, test):
        results = {}

        def has(row):
            # Thousands of rows share a handful of factbases.
            number = row.related(name)
            if number not in results:
                other = self.store.inverse(row, schema, name)
                results[number] = other is not None and test(other) is True
            return results[number]
        return has

    @staticmethod
    def between_columns(schema, name, operation, field):
        if operation not in COMPARISONS:
            raise database_error(f"{operation}() does not take a column")
        compare, first, second = COMPARISONS[operation], schema.column(name), schema.column(field)

        def test(row):
            left, right = stored(row.value(name), first), stored(row.value(field), second)
            return None if left is None or right is None else compare(left, right)
        return test

    def column(self, schema, name, operation, value):
        kind = schema.column(name)
        if operation in COMPARISONS:
            return comparison(name, kind, operation, value)
        if operation in ("is_", "isnot"):
            return identity(name, kind, value, operation == "isnot")
        if operation in ("in_", "notin_"):
            return membership(name, kind, value, operation == "notin_")
        if operation == "match" and isinstance(value, str) and kind == "text":
            return pattern(name, like(f"%{value}%", True), False)
        if operation in PATTERNS or operation in EDGES:
            if kind != "text" or not isinstance(value, str):
                raise database_error(f"(psycopg2.errors.UndefinedFunction) operator does not "
                                     f"exist: {kind} ~~ {type(value).__name__}")
            ignore_case, negated = PATTERNS.get(operation, (False, False))
            text = EDGES.get(operation, "{}").replace("{}", value)
            return pattern(name, like(text, ignore_case), negated)
        raise database_error(f"{operation}() does not take that on {schema.title}.{name}")


def comparison(name, kind, operation, value):
    equality = operation in ("__eq__", "__ne__")
    if (value is None or isinstance(value, bool)) and not equality:
        raise database_error("Only '=', '!=', 'is_()', 'isnot()' operators can be used with "
                             "None/True/False")
    if value is None:
        # SQLAlchemy turns == None into IS NULL.
        return identity(name, kind, None, operation == "__ne__")
    wanted, compare = cast(value, kind), COMPARISONS[operation]
    by_order = kind == "text" and not equality
    if by_order:
        wanted = collated(wanted)

    def test(row):
        found = stored(row.value(name), kind)
        if found is None:
            return None
        return compare(collated(found) if by_order else found, wanted)
    return test


def identity(name, kind, value, negated):
    if value is not None and (kind != "boolean" or not isinstance(value, bool)):
        raise database_error("(psycopg2.errors.SyntaxError) IS takes null, true or false")

    def test(row):
        found = row.value(name)
        same = found is None if value is None else found is value
        return same != negated
    return test


def membership(name, kind, value, negated):
    if not isinstance(value, list):
        raise database_error("in_() accepts either a list of expressions or a selectable")
    wanted = {cast(one, kind) for one in value if one is not None}
    with_null = None in value

    def test(row):
        found = stored(row.value(name), kind)
        if not value:
            return negated
        if found is None:
            return None
        if found in wanted:
            return not negated
        return None if with_null else negated
    return test


def pattern(name, compiled, negated):
    def test(row):
        found = row.value(name)
        if found is None:
            return None
        return compiled(str(found)) != negated
    return test
