# SPDX-License-Identifier: MIT
"""Starts the local Sen2Cube for a test and orders it about.

    with LocalSen2Cube("--token-lifetime", "2") as sen2cube:
        subprocess.run(["gdalinfo", "S2C:10424:water_count"], env=sen2cube.environment(os.environ))
        assert [entry["server"] for entry in sen2cube.requests()] == ["auth", "api", "files"]
"""

import json
import os
import select
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START_SECONDS = 30
# A proxy in the environment is no way to loopback.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def client_variables(api_url, auth_url, ca_file):
    return {"S2C_API_URL": api_url, "S2C_AUTH_URL": auth_url,
            "S2C_USERNAME": LocalSen2Cube.USERNAME, "S2C_PASSWORD": LocalSen2Cube.PASSWORD,
            "GDAL_CURL_CA_BUNDLE": ca_file, "CURL_CA_BUNDLE": ca_file}


class LocalSen2Cube:
    """The server ends with this object, and with this process however that dies."""

    USERNAME, PASSWORD = "demo", "demo-password"
    OTHER_USERNAME, OTHER_PASSWORD = "other", "p+w&d=%40 ü\"'\\"

    def __init__(self, *options):
        self.options = [str(option) for option in options]
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backend", "--until-stdin-closes", *self.options],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.places = json.loads(self.first_line())
        except BaseException:
            self.stop()
            raise
        self.api_url, self.auth_url = self.places["api_url"], self.places["auth_url"]
        self.files_url, self.ca_file = self.places["files_url"], self.places["ca_file"]
        self.control_url, self.pid = self.places["control_url"], self.places["pid"]
        return self

    def first_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError("the local Sen2Cube did not start; its standard error says why")
        return line

    def stop(self):
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def environment(self, base=None):
        """The variables of a client; with `base` (e.g. os.environ) all of a process's."""
        return {**(base or {}), **client_variables(self.api_url, self.auth_url, self.ca_file)}

    def control(self, method, name, order=None):
        body = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(f"{self.control_url}/{name}", body, method=method)
        try:
            with OPENER.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(f"{method} {name}: {error.read().decode()}") from None

    def requests(self, server=None):
        """The recorded requests in the order of arrival, of one server ('auth', 'api', 'files')."""
        found = self.control("GET", "requests")
        return [entry for entry in found if server in (None, entry["server"])]

    def request_lines(self, server=None):
        """['api GET /v1/inference/10424', …]: paths and queries decoded, for exact lists."""
        return [f"{entry['server']} {entry['method']} {urllib.parse.unquote(entry['path'])}"
                + (f"?{urllib.parse.unquote(entry['query'])}" if entry["query"] else "")
                for entry in self.requests(server)]

    def forget(self):
        self.control("DELETE", "requests")

    def fault(self, **rule):
        """Keys: server, method, path, query, range, skip, count, share, acts, status, headers, body,
        body_base64, delay, close, truncate, cut, more, empty, zeros, wire; count is 1 unless given,
        None for ever; with acts the request is carried out before its answer goes wrong. A truncated
        answer announces more than comes, one that is cut does not. With wire, one of
        tests/backend/wire.py, the server must have been started with --wire."""
        self.control("POST", "faults", rule)

    def clear_faults(self):
        self.control("DELETE", "faults")

    def change_inference(self, number, **attributes):
        self.control("POST", f"inference/{number}", attributes)

    def change_factbase(self, number, **attributes):
        self.control("POST", f"factbase/{number}", attributes)

    def change_knowledgebase(self, number, **attributes):
        self.control("POST", f"knowledgebase/{number}", attributes)

    def churn(self, **order):
        """From here on rows come and go before lists are answered: see tests/backend/churn.py."""
        self.control("POST", "churn", order)

    def delete_file(self, path):
        self.control("POST", "file", {"path": path, "action": "delete"})

    def touch_file(self, path):
        self.control("POST", "file", {"path": path, "action": "touch"})

    def replace_file(self, path, content_base64):
        self.control("POST", "file", {"path": path, "action": "replace",
                                      "content_base64": content_base64})

    def create_file(self, path, content_base64):
        self.control("POST", "file", {"path": path, "action": "create",
                                      "content_base64": content_base64})

    def expire_access(self):
        self.control("POST", "tokens", {"action": "expire_access"})

    def revoke_refresh(self):
        """Of those that end by themselves: an offline session's goes on."""
        self.control("POST", "tokens", {"action": "revoke_refresh"})

    def revoke_all(self):
        self.control("POST", "tokens", {"action": "revoke_all"})

    def set_account(self, login, state):
        """None, "unfinished" or "disabled"; what has failed before is forgotten."""
        self.control("POST", "account", {"login": login, "state": state})

    def settings(self, **values):
        """Keycloak's (tests/backend/keycloak.py: SETTINGS, and most_failures before an account is
        locked), and any option of the server by its name."""
        self.control("POST", "settings", values)

    def wait_for_request(self, count=1, server=None, seconds=10):
        """Until `count` requests have arrived (delayed ones have status None)."""
        deadline = time.monotonic() + seconds
        while len(self.requests(server)) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.requests(server))} of {count} requests came")
            time.sleep(0.01)
        return self.requests(server)
