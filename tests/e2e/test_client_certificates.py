# SPDX-License-Identifier: MIT
"""Servers that want to see a certificate of whoever asks, as GDAL's options name it."""

import contextlib
import http.server
import ssl
import subprocess
import threading

import pytest
from osgeo import gdal

from .support import another_session, config_options

PASSWORD = "key-password"


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A server's and a user's, each certified by itself."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("server", "user"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key",
                "-out", folder / f"{name}.pem")
    openssl("rsa", "-aes128", "-passout", f"pass:{PASSWORD}", "-in", folder / "user.key",
            "-out", folder / "locked.key")
    openssl("x509", "-in", folder / "user.pem", "-outform", "DER", "-out", folder / "user.der")
    return folder


@contextlib.contextmanager
def strict_server(keys):
    """Its address, and the names of those whom it has let in."""
    let_in = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            let_in.append(dict(part[0] for part in self.connection.getpeercert()["subject"]))
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "server.pem", keys / "server.key")
    context.load_verify_locations(keys / "user.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}/v1", let_in
        server.shutdown()
        thread.join()


def ask(keys, **options):
    """Whom the server has let in, and what GDAL says."""
    with strict_server(keys) as (url, let_in), another_session(), \
            config_options(GDAL_CURL_CA_BUNDLE=str(keys / "server.pem"), S2C_MAX_RETRY="0", **options):
        with pytest.raises(RuntimeError) as refused:
            gdal.OpenEx("S2C:10424:x", open_options=[f"API_URL={url}", "ACCESS_TOKEN=t"])
    return [user["commonName"] for user in let_in], str(refused.value)


@pytest.mark.parametrize("certificate,kind", [("user.pem", None), ("user.pem", "PEM"),
                                              ("user.der", "DER")])
@pytest.mark.parametrize("key,password", [("user.key", None), ("locked.key", PASSWORD)])
def test_a_server_is_shown_the_users_certificate(keys, certificate, kind, key, password):
    options = {"GDAL_HTTP_SSLCERT": str(keys / certificate), "GDAL_HTTP_SSLCERTTYPE": kind,
               "GDAL_HTTP_SSLKEY": str(keys / key), "GDAL_HTTP_KEYPASSWD": password}
    assert ask(keys, **options)[0] == ["user"]


def test_whoever_shows_none_is_not_let_in(keys):
    let_in, said = ask(keys)
    assert let_in == [] and "127.0.0.1" in said


def test_the_password_of_a_key_is_in_no_message(keys):
    let_in, said = ask(keys, GDAL_HTTP_SSLCERT=str(keys / "user.pem"),
                       GDAL_HTTP_SSLKEY=str(keys / "locked.key"), GDAL_HTTP_KEYPASSWD="x" + PASSWORD)
    assert let_in == [] and PASSWORD not in said
