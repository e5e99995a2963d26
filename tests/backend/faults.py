# SPDX-License-Identifier: MIT
"""Answers that go wrong on request."""

import base64
import random
import re
import threading
import time

from .exchange import Answer

KEYS = {"server", "method", "path", "query", "range", "skip", "count", "share", "acts", "status",
        "headers", "body", "body_base64", "delay", "close", "truncate", "cut", "more", "empty",
        "zeros", "wire"}


class Fault:
    """A rule; `count` is 1 unless given, and null stands for ever; `share` of what fits fails."""

    def __init__(self, rule):
        unknown = set(rule) - KEYS
        if unknown:
            raise ValueError(f"unknown in a fault: {', '.join(sorted(unknown))}")
        self.rule = rule
        self.path = re.compile(rule.get("path") or "")
        self.query = re.compile(rule.get("query") or "")
        self.range = re.compile(rule.get("range") or "")
        self.skip = rule.get("skip", 0)
        self.count = rule.get("count", 1)
        self.share = rule.get("share", 1)
        # The same requests fail in each run of a test.
        self.random = random.Random(1)

    def fits(self, request):
        return (self.rule.get("server") in (None, request.server)
                and self.rule.get("method") in (None, request.method)
                and bool(self.path.search(request.path))
                and bool(self.query.search(request.query))
                and bool(self.range.search(request.header("Range") or "")))

    def take(self):
        """Whether the rule acts on this fitting request; counts it."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.random.random() >= self.share:
            return False
        if self.count is None:
            return True
        self.count -= 1
        return self.count >= 0

    def answer(self, normal):
        """The faulty answer; `normal` makes the true one where the rule only bends it."""
        if self.rule.get("delay"):
            time.sleep(self.rule["delay"])
        if self.rule.get("acts"):
            # The request is carried out, and its answer lost.
            normal(False)
        if self.rule.get("close"):
            answer = Answer(0)
            answer.close = True
            return answer
        if self.rule.get("status") is None and not self.has_body():
            headers = self.rule.get("headers") or {}
            # nginx would write its own Content-Range.
            bent = [self.rule.get(key) for key in ("truncate", "cut", "more")]
            is_whole = any(value is not None for value in bent) or "Content-Range" in headers
            answer = normal(is_whole or self.rule.get("empty") or self.rule.get("zeros"))
            answer.headers.update(headers)
            answer.headers = {name: value for name, value in answer.headers.items() if value}
            # Of a length that the answer says it has.
            answer.body = answer.body[:self.rule.get("cut")] + (self.rule.get("more") or "").encode()
            if self.rule.get("empty"):
                answer.body = b""
            if self.rule.get("zeros"):
                answer.body = bytes(len(answer.body))
        else:
            answer = Answer(self.rule.get("status") or 200, self.body(),
                            self.rule.get("headers"))
            answer.headers.setdefault("Content-Type", "text/plain")
        answer.truncate = self.rule.get("truncate")
        return answer

    def has_body(self):
        return "body" in self.rule or "body_base64" in self.rule

    def body(self):
        if "body_base64" in self.rule:
            return base64.b64decode(self.rule["body_base64"])
        return str(self.rule.get("body", "")).encode()


class Faults:
    def __init__(self):
        self.lock = threading.Lock()
        self.rules = []
        # Told of every change of the rules.
        self.wires = []

    def add(self, rule):
        fault = Fault(rule)
        if rule.get("wire") and not self.wires:
            raise ValueError("a fault of the wire, and the server runs without --wire")
        with self.lock:
            self.rules.append(fault)
        self.tell()

    def clear(self):
        with self.lock:
            self.rules = []
        self.tell()

    def tell(self):
        for wire in self.wires:
            wire.update()

    def match(self, request, on_wire=False):
        with self.lock:
            return next((rule for rule in self.rules if bool(rule.rule.get("wire")) == on_wire
                         and rule.fits(request) and rule.take()), None)

    def take(self, fault):
        with self.lock:
            return fault.take()

    def of_wire(self, server, kind=None):
        """The first rule for the wire before a server, of one kind or of any."""
        with self.lock:
            return next((rule for rule in self.rules
                         if rule.rule.get("server") in (None, server)
                         and (rule.rule.get("wire") == kind if kind else rule.rule.get("wire"))),
                        None)
