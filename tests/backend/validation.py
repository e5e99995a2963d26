# SPDX-License-Identifier: MIT
"""What marshmallow-jsonapi makes of a document that was sent: its values, or all that is wrong."""

import datetime
import json
import re

from .columns import moment
from .errors import Refusal, Refusals, database_error
from .options import is_newer

ABSENT = object()
NULL = "Field may not be null."
ISO_TIME = re.compile(r"\d{4}-\d\d?-\d\d?[T ]\d\d?:\d\d?(:\d\d?(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?")
TRUTHS = {"t", "T", "true", "True", "TRUE", "1", 1}
LIES = {"f", "F", "false", "False", "FALSE", "0", 0}
# marshmallow 3 knows more words.
NEWER_TRUTHS = {"on", "On", "ON", "y", "Y", "yes", "Yes", "YES"}
NEWER_LIES = {"off", "Off", "OFF", "n", "N", "no", "No", "NO"}


def is_json(request):
    """As Flask decides whether there is a document at all, whatever JSON:API's headers say."""
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    return kind == "application/json" or re.fullmatch(r"application/[^/]+\+json", kind) is not None


def read_document(request, options):
    """The library takes what Flask says of it ("or {}"), and its own 400 for an unknown error."""
    if not is_json(request) and not is_newer(options):
        return {}
    try:
        if not is_json(request):
            raise ValueError
        return json.loads(request.body) or {}
    except (ValueError, RecursionError):
        raise Refusal(500, "Unknown error", "400 Bad Request: The browser (or proxy) sent a request "
                      "that this server could not understand.", code=400) from None


def refused(pointer, detail):
    return Refusal(422, "Validation error", detail, {"pointer": pointer})


def payload_of(document, schema):
    """Attributes and relationships in one namespace, as the library lays them out."""
    try:
        data = document.get("data", ABSENT)
        if data is ABSENT:
            raise Refusals([refused("/", "Object must include `data` key.")])
        if "type" not in data:
            raise Refusals([refused("/data", "`data` object must include `type` key.")])
        if data["type"] != schema.kind:
            raise Refusals([Refusal(409, "Incorrect type", f'Invalid type. Expected "{schema.kind}".',
                                    {"pointer": "/data/type"})])
        payload = {"id": data["id"]} if "id" in data else {}
        if "meta" in data:
            payload["_resource_meta"] = data["meta"]
        payload.update(data.get("attributes", {}).items())
        payload.update(data.get("relationships", {}).items())
        return payload
    except (AttributeError, TypeError) as error:
        # The library does not expect null or a list there, and says so in Python's words.
        raise database_error(str(error)) from None


class Loader:
    """Reads documents for one resource type."""

    def __init__(self, schema, options):
        self.schema, self.newer = schema, is_newer(options)

    def load(self, document, partial):
        """({attribute: value}, {relation: id or ids}); the id, where one is sent, is an attribute.

        `partial` is a PATCH's, where nothing is required.
        """
        payload = payload_of(document, self.schema)
        found, problems = {}, []
        for name, value in payload.items():
            try:
                found[name] = self.read(name, value)
            except ValueError as error:
                problems += [refused(self.pointer(name), sentence) for sentence in error.args]
        for name in () if partial else self.schema.required:
            if name not in payload:
                problems.append(refused(self.pointer(name), "Missing data for required field."))
        if problems:
            raise Refusals(problems)
        found = {name: value for name, value in found.items() if value is not ABSENT}
        related = {name: found.pop(name) for name in self.schema.relations if name in found}
        return found, related

    def pointer(self, name):
        if name in self.schema.relations:
            return f"/data/relationships/{name}/data"
        return "/data/id" if name == "id" else f"/data/attributes/{name}"

    def read(self, name, value):
        """ValueError with what is wrong; ABSENT for what is passed over."""
        relation = self.schema.relations.get(name)
        if relation is not None:
            return self.read_relation(relation, value)
        if name in self.schema.read_only or not self.schema.declares(name):
            # marshmallow 2 ignores what it does not know, and what it only writes.
            if self.newer:
                raise ValueError("Unknown field.")
            return ABSENT
        if value is None:
            if name not in self.schema.nullable:
                raise ValueError(NULL)
            return None
        kind = self.schema.column(name)
        return value if kind == "json" or name == "output" else getattr(self, f"read_{kind}")(value)

    @staticmethod
    def read_text(value):
        if not isinstance(value, str):
            raise ValueError("Not a valid string.")
        return value

    def read_boolean(self, value):
        for truth, words, more in ((True, TRUTHS, NEWER_TRUTHS), (False, LIES, NEWER_LIES)):
            if isinstance(value, (str, int, float)) and value in (
                    words | more if self.newer else words):
                return truth
        raise ValueError("Not a valid boolean.")

    def read_integer(self, value):
        return self.read_by(int, value, "Not a valid integer.")

    def read_number(self, value):
        return self.read_by(float, value, "Not a valid number.")

    def read_by(self, convert, value, sentence):
        try:
            # Of truth values marshmallow 2 makes numbers.
            if self.newer and isinstance(value, bool):
                raise TypeError
            return convert(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(sentence) from None

    @staticmethod
    def read_datetime(value):
        """A date alone is none. The database gives times back in its own writing."""
        if not isinstance(value, str) or not ISO_TIME.fullmatch(value):
            raise ValueError("Not a valid datetime.")
        try:
            return moment(value).astimezone(datetime.timezone.utc).isoformat()
        except (ValueError, OverflowError):
            raise ValueError("Not a valid datetime.") from None

    @staticmethod
    def read_date(value):
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError("Not a valid date.")
        return value

    def read_relation(self, relation, value):
        if not isinstance(value, dict) or "data" not in value:
            if isinstance(value, dict) and "links" in value:
                return ABSENT
            raise ValueError("Must include a `data` key")
        data = value["data"]
        if data is None:
            raise ValueError(NULL)
        if isinstance(data, list) != relation.many:
            raise ValueError(f"Relationship is {'' if relation.many else 'not '}list-like")
        if relation.many:
            return [self.read_linkage(relation, one) for one in data]
        return self.read_linkage(relation, data)

    def read_linkage(self, relation, data):
        if not isinstance(data, dict):
            raise database_error(f"argument of type {type(data).__name__!r} is not iterable")
        problems = [] if "id" in data else ["Must have an `id` field"]
        if "type" not in data:
            problems.append("Must have a `type` field")
        elif data["type"] != relation.target:
            problems.append("Invalid `type` specified")
        if not problems and data["id"] is None:
            problems.append(NULL)
        if problems:
            raise ValueError(*problems)
        return self.read_integer(data["id"])
