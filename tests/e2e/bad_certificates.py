# SPDX-License-Identifier: MIT
"""Servers whose certificate nobody should take, in front of those of the local Sen2Cube."""

import contextlib
import os
import subprocess
import types
import urllib.parse

from ..backend.certificate import ELLIPTIC, Certificate, request_certificate
from ..backend.faults import Faults
from ..backend.wire import Wire, asking_context

AUTHORITY = """\
[ca]
default_ca = all
[all]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial.txt
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def of_another_time(known, folder, begin, end):
    """Signed by the authority that is known; `begin` and `end` are years."""
    (folder / "index.txt").write_text("")
    (folder / "serial.txt").write_text("1000\n")
    (folder / "ca.cnf").write_text(AUTHORITY.format(folder=folder))
    openssl("req", "-new", *ELLIPTIC, "-noenc", "-subj", "/CN=localhost",
            "-keyout", folder / "server.key", "-out", folder / "request.pem")
    openssl("ca", "-batch", "-notext", "-config", folder / "ca.cnf", "-cert", known,
            "-keyfile", os.path.join(os.path.dirname(known), "ca.key"),
            "-startdate", f"{begin}0101000000Z", "-enddate", f"{end}0101000000Z",
            "-in", folder / "request.pem", "-out", folder / "server.pem")


def of_another_name(known, folder):
    signing = ["-CA", known, "-CAkey", os.path.join(os.path.dirname(known), "ca.key")]
    request_certificate(folder, "server", "server", signing, ["elsewhere.example"])


def of_itself(_known, folder):
    request_certificate(folder, "server", "server", [], ["localhost"])


def of_a_stranger(_known, folder):
    Certificate(folder)


# What is wrong, and what a message says that helps.
KINDS = {"another name": of_another_name, "self-signed": of_itself,
         "unknown issuer": of_a_stranger,
         "expired": lambda known, folder: of_another_time(known, folder, 2001, 2002),
         "of the future": lambda known, folder: of_another_time(known, folder, 2094, 2095)}


@contextlib.contextmanager
def before(sen2cube, url, kind, folder):
    """The address of a server at localhost that has a certificate of that kind, and hands on to the
    server of `url`."""
    KINDS[kind](sen2cube.ca_file, folder)
    place = urllib.parse.urlsplit(url)
    files = types.SimpleNamespace(file=folder / "server.pem", key=folder / "server.key")
    faults = Faults()
    wire = Wire("any", place.port, faults, files)
    faults.wires.append(wire)
    # With a rule the wire speaks TLS itself; this one meets no request.
    faults.add({"wire": "silent", "method": "NONE"})
    wire.asking = asking_context() if place.scheme == "https" else None
    try:
        yield place._replace(scheme="https", netloc=f"localhost:{wire.port}").geturl()
    finally:
        wire.stop()
