# SPDX-License-Identifier: MIT
"""The list of requests that tests assert on."""

import json
import sys
import threading
import time


def attributes_of(request):
    """What a document of the JSON:API sets; nothing of a request without one."""
    try:
        return json.loads(request.body)["data"]["attributes"]
    except (ValueError, KeyError, TypeError):
        return None


class Journal:
    """An entry stands from a request's arrival on; its status is set before the answer goes."""

    def __init__(self, printing):
        self.printing = printing
        self.lock = threading.Lock()
        self.entries = []
        self.count = 0

    def arrive(self, request, bearer, token):
        entry = {"n": 0, "time": time.time(), "server": request.server, "method": request.method,
                 "path": request.path, "query": request.query, "range": request.header("Range"),
                 "http_version": request.http_version,
                 "content_type": request.header("Content-Type"),
                 "accept": request.header("Accept"), "user_agent": request.header("User-Agent"),
                 "sent": attributes_of(request), "bearer": bearer, "token": token, "grant": None,
                 "status": None, "connection": request.client}
        with self.lock:
            self.count += 1
            entry["n"] = self.count
            self.entries.append(entry)
        request.entry = entry

    def answered(self, request, status):
        request.entry["status"] = status
        if self.printing:
            sys.stderr.write(json.dumps(request.entry) + "\n")
            sys.stderr.flush()

    def listing(self):
        with self.lock:
            return [dict(entry) for entry in self.entries]

    def forget(self):
        with self.lock:
            self.entries = []
