# SPDX-License-Identifier: MIT
"""A small client for the backend's own tests: tokens, the API, and files through curl."""

import base64
import http.client
import json
import subprocess
import urllib.parse

JSON_API = "application/vnd.api+json"


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def ids(self):
        return [item["id"] for item in self.json["data"]]

    @property
    def error(self):
        return self.json["errors"][0]


def exchange(url, method="GET", body=None, headers=None):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body, headers or {})
    answer = connection.getresponse()
    reply = Reply(answer.status, answer.headers, answer.read())
    connection.close()
    return reply


class UserAgent:
    def __init__(self, sen2cube, username="demo", password="demo-password"):
        self.sen2cube = sen2cube
        self.username, self.password = username, password
        self.token = None

    def post(self, endpoint, **form):
        """To one of Keycloak's."""
        form = {"client_id": "iq-web-client", **form}
        return exchange(self.sen2cube.auth_url + endpoint, "POST", urllib.parse.urlencode(form),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def grant(self, **form):
        return self.post("/token", **form)

    def log_in(self, **more):
        reply = self.grant(grant_type="password", username=self.username, password=self.password,
                           **more)
        assert reply.status == 200, reply.body
        self.token = reply.json["access_token"]
        return reply.json

    def grant_as_sen2cli(self, **form):
        """The client's name in a Basic header, and none in the form."""
        name = base64.b64encode(b"iq-web-client:").decode()
        return exchange(self.sen2cube.auth_url + "/token", "POST", urllib.parse.urlencode(form),
                        {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
                         "Authorization": f"Basic {name}"})

    def refresh(self, token):
        return self.grant(grant_type="refresh_token", refresh_token=token)

    def log_out(self, token, **more):
        return self.post("/logout", refresh_token=token, **more)

    def headers(self, more=None):
        if self.token is None:
            self.log_in()
        return {"Authorization": f"Bearer {self.token}", **(more or {})}

    def get(self, path, query="", headers=None, method="GET"):
        """`query` may be raw text or a dict, which is percent-encoded."""
        if isinstance(query, dict):
            query = urllib.parse.urlencode(query)
        url = self.sen2cube.api_url + path + (f"?{query}" if query else "")
        return exchange(url, method, None, self.headers(headers))

    def filtered(self, nodes, kind="inference", **more):
        query = {"filter": json.dumps(nodes), "page[size]": "0", **more}
        return self.get("/" + kind, query)

    def send(self, method, path, document=None, content_type=JSON_API):
        body = None if document is None else json.dumps(document)
        more = {} if document is None else {"Content-Type": content_type}
        return exchange(self.sen2cube.api_url + path, method, body, self.headers(more))

    def curl(self, path, *options, token=True):
        """(exit code, [header lines], body) of curl on a result file."""
        bearer = ["-H", self.authorization()] if token else []
        done = subprocess.run(
            ["curl", "-s", "-i", "--noproxy", "*", "--cacert", self.sen2cube.ca_file, *bearer,
             *options, self.sen2cube.files_url + path], capture_output=True, timeout=60)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        return done.returncode, head.decode("latin-1").lower().split("\r\n"), body

    def authorization(self):
        return f"Authorization: {self.headers()['Authorization']}"
