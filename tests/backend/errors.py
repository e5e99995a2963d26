# SPDX-License-Identifier: MIT
"""Refusals in the shape that flask-rest-jsonapi gives them (jsonapi.org/format/1.0/#errors)."""

from .exchange import JSON_API, json_answer

VERSION = {"version": "1.0"}


class Refusal(Exception):
    """What the library raises; members that are empty are left out."""

    def __init__(self, status, title, detail, source=None, code=None):
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.more = {name: value for name, value in (("source", source), ("code", code)) if value}

    def answer(self, content_type):
        return errors_answer(self.status, [self.document()], content_type)

    def document(self):
        return {"status": str(self.status), "title": self.title, "detail": self.detail,
                **self.more}


class Refusals(Exception):
    """What it returns: several at once, as validation reports them."""

    def __init__(self, refusals):
        super().__init__("validation")
        self.refusals = refusals

    def answer(self):
        return errors_answer(self.refusals[0].status,
                             [refusal.document() for refusal in self.refusals], JSON_API)


def errors_answer(status, documents, content_type):
    return json_answer(status, {"errors": documents, "jsonapi": VERSION}, content_type)


def bad_parameter(kind, detail):
    """`kind` is one of filters, sort, fields, include: the parameter as the library names it."""
    return Refusal(400, f"Invalid {kind} querystring parameter.", detail)


def bad_request(detail, source=None):
    return Refusal(400, "Bad request", detail, source)


def not_found(schema, number):
    return Refusal(404, "Object not found", f"{schema.title}: {number} not found",
                   {"parameter": "id"})


def related_not_found(schema, number):
    return Refusal(404, "Related object not found", f"{schema.title}.id: {number} not found")


def database_error(detail):
    """What the database refuses comes out as a 500 with the exception's text."""
    return Refusal(500, "Unknown error", detail)


def no_attribute(schema, name):
    return f"{schema.title}Schema has no attribute {name}"
