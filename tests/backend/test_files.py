# SPDX-License-Identifier: MIT
"""Result files behind nginx, asked for with curl: TLS, HTTP/2, ranges, tokens, faults."""

import os
import time

import pytest

from .options import SAMPLES
from .process import LocalSen2Cube
from .user_agent import UserAgent

PATH = "/output/sen2cube/demo/Cloud_free_composite_id10424_3035.tiff"


def sample():
    with open(os.path.join(SAMPLES, "Cloud_free_composite.tiff"), "rb") as file:
        return file.read()


def field(lines, name):
    return next((line.split(": ", 1)[1] for line in lines if line.startswith(name + ":")), None)


def test_file_comes_whole_over_tls_and_http2(agent, sen2cube):
    code, lines, body = agent.curl(PATH)
    assert (code, lines[0].split()[:2]) == (0, ["http/2", "200"])
    assert body == sample() and field(lines, "accept-ranges") == "bytes"
    assert field(lines, "etag") and field(lines, "last-modified")
    entry = sen2cube.requests("files")[0]
    assert (entry["http_version"], entry["status"], entry["bearer"]) == ("HTTP/2.0", 200, "good")


def test_http_1_1_and_reused_connections_are_seen(agent, sen2cube):
    agent.curl(PATH, "--http1.1", sen2cube.files_url + PATH)
    entries = sen2cube.requests("files")
    assert [entry["http_version"] for entry in entries] == ["HTTP/1.1", "HTTP/1.1"]
    assert entries[0]["connection"] == entries[1]["connection"]


def test_certificate_is_not_trusted_without_the_ca_file(agent):
    code, _, _ = agent.curl(PATH, "--cacert", "/dev/null")
    assert code in (60, 77)


@pytest.mark.parametrize("span, status, part", [
    ("0-99", 206, slice(0, 100)), ("100-", 206, slice(100, None)), ("-10", 206, slice(-10, None)),
    ("167000-999999", 206, slice(167000, None)), ("999999-", 416, None)])
def test_ranges_are_served_and_recorded(agent, sen2cube, span, status, part):
    _, lines, body = agent.curl(PATH, "-r", span)
    assert int(lines[0].split()[1]) == status
    if part:
        assert body == sample()[part]
        assert field(lines, "content-range").endswith(f"/{len(sample())}")
    entry = sen2cube.requests("files")[0]
    assert (entry["range"], entry["status"]) == (f"bytes={span}", status)


def test_several_ranges_come_as_multipart(agent):
    _, lines, _ = agent.curl(PATH, "-r", "0-9,100-109")
    assert "206" in lines[0] and "multipart/byteranges" in field(lines, "content-type")


def test_unchanged_file_is_304_and_recorded_so(agent, sen2cube):
    etag = field(agent.curl(PATH)[1], "etag")
    _, lines, _ = agent.curl(PATH, "-H", f"If-None-Match: {etag}")
    assert "304" in lines[0] and sen2cube.requests("files")[-1]["status"] == 304


def test_touched_file_has_another_etag_and_if_range_falls_back_to_all(agent, sen2cube):
    etag = field(agent.curl(PATH)[1], "etag")
    sen2cube.touch_file(PATH)
    _, lines, body = agent.curl(PATH, "-r", "0-9", "-H", f"If-Range: {etag}")
    assert field(lines, "etag") != etag and "200" in lines[0] and body == sample()
    assert sen2cube.requests("files")[-1]["status"] == 200


@pytest.mark.parametrize("bearer", [None, "nonsense"])
def test_without_a_good_bearer_it_is_401_html(agent, bearer):
    more = ["-H", f"Authorization: Bearer {bearer}"] if bearer else []
    _, lines, body = agent.curl(PATH, *more, token=False)
    assert "401" in lines[0] and field(lines, "www-authenticate") == "bearer"
    assert "text/html" in field(lines, "content-type") and b"<html" in body


def test_expired_bearer_is_401(agent, sen2cube):
    sen2cube.expire_access()
    assert "401" in agent.curl(PATH)[1][0]
    assert sen2cube.requests("files")[0]["bearer"] == "expired"


@pytest.mark.parametrize("path", ["/output/nothing.tiff", "/", "/_results/" + PATH, "/_cut",
                                  "/%2e%2e/%2e%2e/etc/passwd", "/output/%2e%2e/%2e%2e/ca.pem"])
def test_other_places_are_no_files(agent, path):
    code, lines, body = agent.curl(path, "--path-as-is")
    assert code == 0 and lines[0].split()[1] in ("400", "404"), lines
    assert b"root:" not in body and b"CERTIFICATE" not in body


def test_head_gives_length_and_no_bytes(agent, sen2cube):
    _, lines, body = agent.curl(PATH, "-I")
    assert int(field(lines, "content-length")) == len(sample()) and body == b""
    assert sen2cube.requests("files")[0]["method"] == "HEAD"


def test_fault_answers_in_place_of_the_file(agent, sen2cube):
    sen2cube.fault(server="files", path="composite", skip=1, count=2, status=503,
                   headers={"Retry-After": "1", "Content-Type": "text/plain"}, body="later")
    statuses = [agent.curl(PATH)[1][0].split()[1] for _ in range(4)]
    assert statuses == ["200", "503", "503", "200"]
    assert [entry["status"] for entry in sen2cube.requests("files")] == [200, 503, 503, 200]


def test_fault_cuts_the_connection(agent, sen2cube):
    sen2cube.fault(server="files", close=True, count=2)
    assert agent.curl(PATH)[0] != 0
    # No answer, or in newer versions no end of TLS.
    assert agent.curl(PATH, "--http1.1")[0] in (52, 56)
    assert agent.curl(PATH)[0] == 0


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_fault_truncates_file_and_range(agent, sen2cube, version):
    sen2cube.fault(server="files", truncate=1000, count=2)
    code, lines, body = agent.curl(PATH, version)
    assert code in (18, 92) and body == sample()[:1000]
    assert int(field(lines, "content-length")) == len(sample())
    code, lines, body = agent.curl(PATH, version, "-r", "5000-9999")
    assert code in (18, 92) and "206" in lines[0] and body == sample()[5000:6000]


def test_fault_delays_and_the_request_is_listed_meanwhile(agent, sen2cube):
    sen2cube.fault(server="files", delay=0.4)
    started = time.monotonic()
    assert "200" in agent.curl(PATH)[1][0] and time.monotonic() - started >= 0.4


def test_fault_with_headers_alone_adds_them(agent, sen2cube):
    sen2cube.fault(server="api", headers={"X-Note": "odd"})
    reply = agent.get("/inference/10424")
    assert reply.headers["X-Note"] == "odd" and reply.json["data"]["id"] == 10424


def test_control_deletes_and_replaces_files(agent, sen2cube):
    path = "/output/sen2cube/demo/mean_ndvi_id10424.csv"
    sen2cube.replace_file(path, "MC41Cg==")
    assert agent.curl(path)[2] == b"0.5\n"
    sen2cube.delete_file(path)
    assert "404" in agent.curl(path)[1][0]
    with pytest.raises(ValueError):
        sen2cube.delete_file("/../ca.pem")


def test_open_files_need_no_token():
    with LocalSen2Cube("--open-files") as server:
        assert "200" in UserAgent(server).curl(PATH, token=False)[1][0]


def test_files_host_is_named_in_the_factbases_and_in_the_certificate():
    with LocalSen2Cube("--files-host", "results.localhost") as server:
        agent = UserAgent(server)
        uri = agent.get("/factbase/1").json["data"]["attributes"]["uri"]
        assert uri == server.files_url and uri.startswith("https://results.localhost:")
        port = uri.rsplit(":", 1)[1]
        done = agent.curl(PATH, "--resolve", f"results.localhost:{port}:127.0.0.1")
        assert done[0] == 0 and done[2] == sample()
