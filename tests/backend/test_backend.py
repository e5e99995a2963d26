# SPDX-License-Identifier: MIT
"""The process itself: how it starts, records, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from .process import ROOT, LocalSen2Cube
from .user_agent import UserAgent

COMMAND = [sys.executable, "-m", "tests.backend"]


def started(*options, **more):
    process = subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=subprocess.PIPE, **more)
    return process, json.loads(process.stdout.readline())


def nginx_of(pid):
    """Every process whose command line names the server's folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status", encoding="ascii") as file:
                status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        except OSError:
            continue
        if status.get("Name") == "nginx" and int(status["PPid"]) == pid:
            found.append(int(name))
    return found


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return "State:\tZ" in file.read()


def wait_until(test, seconds=5):
    deadline = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ready_line_names_the_places():
    process, places = started("--until-stdin-closes", stdin=subprocess.PIPE)
    assert set(places) == {"api_url", "auth_url", "files_url", "ca_file", "control_url", "pid"}
    assert places["pid"] == process.pid
    assert places["api_url"].startswith("http://127.0.0.1:")
    assert places["files_url"].startswith("https://127.0.0.1:")
    process.stdin.close()
    assert process.wait(5) == 0 and process.stdout.read() == b""
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_it_with_nginx_and_folder(number):
    process, places = started(stdin=subprocess.DEVNULL)
    children = nginx_of(process.pid)
    folder = os.path.dirname(places["ca_file"])
    assert children and os.path.isdir(folder)
    process.send_signal(number)
    assert process.wait(5) == 0
    process.stdout.close()
    assert all(gone(child) for child in children) and not os.path.exists(folder)


def test_nginx_does_not_outlive_a_killed_server():
    process, places = started(stdin=subprocess.DEVNULL)
    children = nginx_of(process.pid)
    process.kill()
    process.wait()
    process.stdout.close()
    wait_until(lambda: all(gone(child) for child in children))
    # SIGKILL leaves no chance to remove the folder.
    subprocess.run(["rm", "-r", os.path.dirname(places["ca_file"])], check=True)


def test_server_ends_when_the_test_process_dies():
    script = ("from tests.backend.process import LocalSen2Cube; import os, sys\n"
              "server = LocalSen2Cube().start()\n"
              "print(server.pid, server.ca_file, flush=True)\nos._exit(1)")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    pid, file = done.stdout.split(maxsplit=1)
    wait_until(lambda: gone(int(pid)) and not os.path.exists(os.path.dirname(file.strip())))


def test_ports_can_be_chosen_and_a_taken_one_is_an_error():
    with LocalSen2Cube() as first:
        port = first.api_url.split(":")[2].split("/")[0]
        done = subprocess.run([*COMMAND, "--port", port], cwd=ROOT, capture_output=True, timeout=20)
        assert done.returncode != 0 and b"in use" in done.stderr
    with LocalSen2Cube("--port", port) as second:
        assert f":{port}/" in second.api_url


def test_requests_are_recorded_exactly_and_control_is_not(sen2cube):
    agent = UserAgent(sen2cube)
    sen2cube.forget()
    agent.get("/inference", "sort=-id&page%5Bsize%5D=2", {"Accept": "text/x", "User-Agent": "me"})
    assert [entry["server"] for entry in sen2cube.requests()] == ["auth", "api"]
    entry = sen2cube.requests("api")[0]
    assert (entry["method"], entry["path"], entry["query"]) == (
        "GET", "/v1/inference", "sort=-id&page%5Bsize%5D=2")
    assert (entry["accept"], entry["user_agent"], entry["status"]) == ("text/x", "me", 200)
    assert set(entry) == {"n", "time", "server", "method", "path", "query", "range",
                          "http_version", "content_type", "accept", "user_agent", "bearer",
                          "token", "grant", "status", "connection", "sent"}
    assert entry["sent"] is None
    assert sen2cube.request_lines() == [
        "auth POST /realms/sen2cube-at/protocol/openid-connect/token",
        "api GET /v1/inference?sort=-id&page[size]=2"]
    sen2cube.forget()
    assert sen2cube.requests() == []


def test_every_one_of_many_parallel_requests_is_recorded(sen2cube):
    agent = UserAgent(sen2cube)
    agent.log_in()
    sen2cube.forget()
    threads = [threading.Thread(target=lambda: [agent.get("/inference/10424") for _ in range(10)])
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = sen2cube.requests()
    assert len(entries) == 80 and {entry["status"] for entry in entries} == {200}
    assert len({entry["n"] for entry in entries}) == 80


def test_delayed_request_is_listed_without_status(sen2cube):
    agent = UserAgent(sen2cube)
    agent.log_in()
    sen2cube.forget()
    sen2cube.fault(server="api", delay=0.5)
    thread = threading.Thread(target=agent.get, args=("/inference/10424",))
    thread.start()
    assert sen2cube.wait_for_request()[0]["status"] is None
    thread.join()
    assert sen2cube.requests()[0]["status"] == 200


def test_api_faults_cut_truncate_and_replace(sen2cube):
    import http.client
    agent = UserAgent(sen2cube)
    agent.log_in()
    sen2cube.fault(server="api", close=True)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        agent.get("/inference/10424")
    sen2cube.fault(server="api", truncate=100)
    with pytest.raises(http.client.IncompleteRead):
        agent.get("/inference/10424")
    sen2cube.fault(server="api", body="<html>", count=None)
    assert [agent.get("/factbase").body for _ in range(3)] == [b"<html>"] * 3
    sen2cube.clear_faults()
    assert agent.get("/factbase").json["meta"]["count"] == 4


def test_print_requests_writes_a_line_each_without_tokens():
    process, places = started("--print-requests", "--until-stdin-closes", stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    server = LocalSen2Cube()
    server.api_url, server.auth_url = places["api_url"], places["auth_url"]
    agent = UserAgent(server)
    agent.get("/inference/10424")
    _, lines = process.communicate(timeout=10)
    # nginx 1.25 and newer have a word to say of the configuration first.
    entries = [json.loads(line) for line in lines.splitlines() if line.startswith(b"{")]
    assert [entry["path"] for entry in entries][1] == "/v1/inference/10424"
    assert agent.token.encode() not in lines


def test_api_behind_tls_speaks_http2_and_still_links_to_http():
    with LocalSen2Cube("--api-tls") as server:
        assert server.api_url.startswith("https://") and server.auth_url.startswith("https://")
        form = "grant_type=password&client_id=iq-web-client&username=demo&password=demo-password"
        curl = ["curl", "-s", "--noproxy", "*", "--cacert", server.ca_file]
        answer = subprocess.run([*curl, "-d", form, server.auth_url + "/token"],
                                capture_output=True, check=True).stdout
        bearer = f"Authorization: Bearer {json.loads(answer)['access_token']}"
        listing = subprocess.run([*curl, "-H", bearer, server.api_url + "/inference"],
                                 capture_output=True, check=True).stdout
        links = json.loads(listing)["links"]
        assert links["self"] == server.api_url.replace("https:", "http:") + "/inference"
        assert {entry["http_version"] for entry in server.requests()} == {"HTTP/2.0"}
        server.fault(server="api", close=True)
        assert subprocess.run([*curl, server.api_url + "/factbase"]).returncode != 0


def test_environment_is_what_a_client_needs(sen2cube):
    found = sen2cube.environment({"HOME": "/nowhere"})
    assert found["S2C_API_URL"] == sen2cube.api_url and found["HOME"] == "/nowhere"
    assert {"S2C_AUTH_URL", "S2C_USERNAME", "S2C_PASSWORD", "GDAL_CURL_CA_BUNDLE",
            "CURL_CA_BUNDLE"} < set(found)
