# SPDX-License-Identifier: MIT
"""A request and the answer to it."""

import json

JSON_API = "application/vnd.api+json"


class Request:
    """One request as it came; `path` and `query` are raw, not percent-decoded."""

    def __init__(self, method, target, headers, body, client):
        self.method = method
        self.path, _, self.query = target.partition("?")
        self.headers = headers
        self.body = body
        self.client = client
        self.http_version = "HTTP/1.1"
        self.server = "api"
        self.entry = {}

    def header(self, name):
        return self.headers.get(name)


class Answer:
    """Status, headers and body, and how badly the answer is to be sent."""

    def __init__(self, status, body=b"", headers=None, content_type=None):
        self.status = status
        self.body = body if isinstance(body, bytes) else body.encode()
        self.headers = dict(headers or {})
        if content_type:
            self.headers.setdefault("Content-Type", content_type)
        self.truncate = None
        self.close = False


def json_answer(status, value, content_type="application/json", headers=None):
    return Answer(status, json.dumps(value), headers, content_type)


REASONS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
           415: "Unsupported Media Type", 500: "Internal Server Error"}


def html_answer(status, sentence, headers=None):
    """What the layers around the API answer with: a page, not JSON."""
    title = f"{status} {REASONS.get(status, 'Error')}"
    page = (f"<!doctype html>\n<html lang=en>\n<title>{title}</title>\n"
            f"<h1>{REASONS.get(status, 'Error')}</h1>\n<p>{sentence}</p>\n</html>\n")
    return Answer(status, page, headers, "text/html; charset=utf-8")


def unauthorized():
    return html_answer(401, "The bearer is missing or not valid.",
                       {"WWW-Authenticate": "Bearer"})
