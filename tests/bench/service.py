# SPDX-License-Identifier: MIT
"""The local Sen2Cube with the benchmark's results, behind the slow link."""

import os
import urllib.parse

from tests.backend import nginx, outputs
from tests.backend.area import small_area
from tests.backend.inferences import FOLDER, SUCCEEDED, attributes, row
from tests.backend.realm import Session
from tests.backend.options import parse
from tests.backend.sen2cube import LocalBackend

from .link import Link

# nginx 1.22 without this line speaks TLS 1.2 at most; Debian's own configuration has it.
TLS = "    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_certificate "
FIRST_INFERENCE = 20001
SLOW, DIRECT = 1, 2  # factbases, whose uri is the link's end and the server itself


def output(name, number, path, data):
    """What the API says of a result; the engine uses `data` and `bytes` of it."""
    return {"name": name, "inference_id": number, "value_type": "numerical",
            "value_range": [0, 4000], "band_value_ranges": [[0, 4000]] * 3,
            "dims": ["band", "y", "x"], "file_type": "geotiff", "data": data,
            "vis_type": "composite", "bytes": os.path.getsize(path)}


class Backend(LocalBackend):
    """In this process, where its journal is a list and its rows are objects."""

    def start(self):
        plain = nginx.CONFIGURATION
        nginx.CONFIGURATION = plain.replace("    ssl_certificate ", TLS)
        try:
            super().start()
        finally:
            nginx.CONFIGURATION = plain


class Place:
    """A group of results as one inference has them: `names` in order, `paths` on the disk."""

    def __init__(self, number, factbase, files):
        self.number, self.factbase = number, factbase
        self.names = [name for name, _ in files]
        self.paths = [path for _, path in files]
        self.data = [f"{FOLDER}/{name}_id{number}_3035.tiff" for name in self.names]


class Service:
    """`groups` maps a name to a list of (output name, path of the file)."""

    def __init__(self, groups, round_trip, rate):
        self.groups, self.round_trip, self.rate = groups, round_trip, rate
        self.backend = Backend(parse(["--api-tls", "--token-lifetime", "1000000"]))
        self.link = None

    @property
    def answers(self):
        """The folder of S2C_ANSWER_CACHE."""
        return os.path.join(self.backend.folder, "answers")

    def __enter__(self):
        self.backend.__enter__()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.link:
            self.link.stop()
        self.backend.stop()

    def start(self):
        urls = self.backend.urls
        targets = [urllib.parse.urlsplit(urls[name]).netloc for name in ("api_url", "files_url")]
        self.link = Link(targets, self.round_trip, self.rate)
        api, files = (f"https://127.0.0.1:{port}" for port in self.link.ports)
        self.api_url, self.files_url = api + "/v1", files
        self.auth_url = api + urllib.parse.urlsplit(urls["auth_url"]).path
        self.uris = {SLOW: files, DIRECT: urls["files_url"]}
        for number, uri in self.uris.items():
            self.backend.store["factbase"].keep(number).change(uri=uri)
        self.ca_file = urls["ca_file"]
        user = self.backend.keycloak.find_user("demo")
        # No token request: all contenders have a valid token at hand.
        self.backend.keycloak.issue(Session(user))
        self.token = next(iter(self.backend.keycloak.access))
        self.places = {}
        for number, (name, files) in enumerate(self.groups.items(), FIRST_INFERENCE):
            for factbase in (SLOW, DIRECT):
                self.places[name, factbase] = self.place(
                    Place(number + 1000 * (factbase - SLOW), factbase, files))

    def place(self, place):
        """Lays the files before nginx, as links: they are large."""
        found = []
        for name, path, data in zip(place.names, place.paths, place.data):
            target = self.backend.results.place(data)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.symlink(path, target)
            found.append(output(name, place.number, path, data))
        values = attributes("SUCCEEDED", SUCCEEDED, small_area(place.number),
                            output=outputs.attribute(found, "string"),
                            factbase_id=place.factbase, comment="Benchmark")
        self.backend.store["inference"].add(row(place.number, values))
        return place

    def url(self, place, index=0):
        return self.uris[place.factbase] + urllib.parse.quote(place.data[index])

    def authorization(self):
        return f"Authorization: Bearer {self.token}"

    def journal(self):
        return self.backend.journal.listing()

    def forget(self):
        self.backend.journal.forget()
