# SPDX-License-Identifier: MIT
"""What a network does to connections, as a client sees it."""

import http.client
import socket
import ssl
import time
import urllib.parse

import pytest

from .process import LocalSen2Cube

RESETS = ("reset before", "reset within the head", "reset after the head", "reset within the body")


@pytest.fixture(scope="module")
def wired():
    with LocalSen2Cube("--wire", "--open-files") as server:
        yield server


@pytest.fixture(autouse=True)
def no_rule(wired):
    yield
    wired.clear_faults()


def connection(wired, server, seconds=5):
    place = urllib.parse.urlsplit(wired.files_url if server == "files" else
                                  wired.auth_url if server == "auth" else wired.api_url)
    if server == "files":
        context = ssl.create_default_context(cafile=wired.ca_file)
        return http.client.HTTPSConnection(place.hostname, place.port, timeout=seconds,
                                           context=context)
    return http.client.HTTPConnection(place.hostname, place.port, timeout=seconds)


def read(wired, server, seconds=5):
    """(status, body): of a small file, and of the login's description."""
    path = {"files": "/output/sen2cube/demo/mean_ndvi_id10424.csv",
            "auth": "/realms/sen2cube-at/.well-known/openid-configuration",
            "api": "/v1/nothing"}[server]
    found = connection(wired, server, seconds)
    try:
        found.request("GET", path)
        answer = found.getresponse()
        return answer.status, answer.read()
    finally:
        found.close()


@pytest.mark.parametrize("server, status", [("files", 200), ("auth", 200), ("api", 404)])
def test_without_a_rule_all_goes_through(wired, server, status):
    found = read(wired, server)
    assert found[0] == status and len(found[1]) > 10
    # A rule that meets nothing changes nothing of an answer either.
    wired.fault(wire="reset before", method="PUT")
    assert read(wired, server) == found


@pytest.mark.parametrize("server", ["files", "auth", "api"])
@pytest.mark.parametrize("kind", RESETS)
def test_after_a_reset_nothing_is_whole(wired, server, kind):
    wired.fault(wire=kind, server=server)
    try:
        found = read(wired, server)
    except (ConnectionResetError, http.client.HTTPException):
        found = None
    # Python's ssl takes a reset for an end once there was something to read.
    assert found in ((None, (200, b"")) if server == "files" else (None,))
    assert read(wired, server)[0] in (200, 404), "the rule was for one"


def came_of(wired, kind):
    """The bytes that come before a connection breaks off."""
    wired.fault(wire=kind, server="api")
    place = urllib.parse.urlsplit(wired.api_url)
    came = b""
    with socket.create_connection((place.hostname, place.port), 5) as client:
        client.sendall(b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            while piece := client.recv(4096):
                came += piece
    return came


def test_an_answer_is_reset_in_the_place_that_is_named(wired):
    whole = [came_of(wired, kind) for kind in RESETS]
    assert whole[0] == b""
    assert whole[1].startswith(b"HTTP/1.1 404") and b"\r\n\r\n" not in whole[1]
    assert whole[2].endswith(b"\r\n\r\n")
    assert whole[3].startswith(whole[2][:15]) and not whole[3].endswith(b"\r\n\r\n")


@pytest.mark.parametrize("server", ["files", "auth", "api"])
@pytest.mark.parametrize("kind", ["silent", "silent within the body", "a byte a second",
                                  "a body of a byte a second"])
def test_who_is_slow_has_not_answered_within_a_second(wired, server, kind):
    wired.fault(wire=kind, server=server)
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        found = connection(wired, server, 0.5)
        found.request("GET", "/v1/nothing")
        found.getresponse().read()
    assert 0.4 < time.monotonic() - begin < 3


def test_a_byte_comes_in_a_second(wired):
    wired.fault(wire="a body of a byte a second", server="api")
    found = connection(wired, "api", 3)
    found.request("GET", "/v1/nothing")
    answer = found.getresponse()
    begin = time.monotonic()
    assert len(answer.read(3)) == 3
    assert 1.5 < time.monotonic() - begin < 4
    found.close()


@pytest.mark.parametrize("server", ["files", "auth", "api"])
def test_bytes_that_are_no_http(wired, server):
    wired.fault(wire="no HTTP", server=server)
    with pytest.raises(http.client.BadStatusLine):
        read(wired, server)


@pytest.mark.parametrize("server", ["files", "auth", "api"])
def test_nobody_listens_until_the_rule_goes(wired, server):
    wired.fault(wire="refused", server=server, count=None)
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            read(wired, server)
    wired.clear_faults()
    assert read(wired, server)[0] in (200, 404)


@pytest.mark.parametrize("server", ["files", "auth", "api"])
def test_connections_from_before_a_rule_end_with_it(wired, server):
    found = connection(wired, server)
    for _ in range(2):
        found.request("GET", "/v1/nothing")
        found.getresponse().read()
    wired.fault(wire="refused", server=server, count=None)
    found.auto_open = False
    with pytest.raises((ConnectionError, http.client.HTTPException, ssl.SSLError)):
        found.request("GET", "/v1/nothing")
        found.getresponse()
    found.close()


def test_of_a_share_some_are_refused(wired):
    wired.fault(wire="refused", server="api", count=None, share=0.5)
    outcomes = set()
    deadline = time.monotonic() + 10
    while len(outcomes) < 2 and time.monotonic() < deadline:
        try:
            outcomes.add(read(wired, "api")[0])
        except ConnectionRefusedError:
            outcomes.add("refused")
        except ConnectionResetError:
            """It was in the queue of who listened."""
    assert outcomes == {404, "refused"}


def test_a_connection_that_is_cut_is_so_whatever_it_carries(wired):
    wired.fault(wire="reset on the way", server="files", count=None)
    found = connection(wired, "files")
    found.request("GET", "/output/sen2cube/demo/Cloud_free_composite_id10424_3035.tiff")
    with pytest.raises((ConnectionResetError, ssl.SSLError, http.client.IncompleteRead)):
        found.getresponse().read()


def test_who_runs_without_a_wire_says_so():
    with LocalSen2Cube() as server, pytest.raises(ValueError, match="--wire"):
        server.fault(wire="silent")
