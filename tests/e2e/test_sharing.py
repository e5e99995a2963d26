# SPDX-License-Identifier: MIT
"""One login for many: processes that start together, threads, forked children, a dead lock holder."""

import json
import subprocess
import sys
import threading
import time

import pytest
from osgeo import gdal

from .support import COMPOSITE, COMPOSITE_PATH, END_OF_CHILD, SECONDS, sample

OPTIONS = ("--token-lifetime", "2")
PROCESSES = 16
READ_SECONDS = 60

READER = """
import json, sys, threading, time
from osgeo import gdal
gdal.UseExceptions()
expected = gdal.Open(sys.argv[1]).ReadAsArray().tobytes()
end = time.monotonic() + float(sys.argv[2])
rounds, wrong = [], []

def read_until_the_end(number):
    count = 0
    while time.monotonic() < end:
        dataset = gdal.Open(sys.argv[3])
        if dataset.ReadAsArray().tobytes() != expected:
            wrong.append(number)
        dataset = None
        count += 1
        time.sleep(0.2)
    rounds.append(count)

threads = [threading.Thread(target=read_until_the_end, args=[n]) for n in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({"readers": len(rounds), "least": min(rounds), "wrong": wrong}))
"""

# rasterio keeps one dataset open all the while: its file handle sees every change of the token.
RASTERIO = """
import json, sys, time
import rasterio
from rasterio.windows import Window
expected = rasterio.open(sys.argv[1]).read()
end = time.monotonic() + float(sys.argv[2])
count = same = 0
with rasterio.Env(GDAL_CACHEMAX=0, S2C_CACHE_SIZE=0), rasterio.open(sys.argv[3]) as raster:
    while time.monotonic() < end:
        row = count * 16 % 224
        window = Window(0, row, raster.width, 16)
        same += (raster.read(window=window) == expected[:, row:row + 16]).all()
        count += 1
        time.sleep(0.2)
print(json.dumps({"count": count, "same": int(same)}))
"""

# Python warns of a fork beside threads since 3.12; just that is what is tested.
FORKING = END_OF_CHILD + """
import json, sys, threading, warnings
from osgeo import gdal
gdal.UseExceptions()
warnings.simplefilter("ignore", DeprecationWarning)

def checksum(name):
    dataset = gdal.Open(name)
    return dataset.GetRasterBand(1).Checksum()

expected = checksum(sys.argv[1])
kept = gdal.Open(sys.argv[1])
stop = threading.Event()
# A child that is born while a thread of its parent is inside GDAL may wait for ever for a lock of
# GDAL's own; that has no cure here.
inside = [threading.Lock() for _ in range(3)]

def go_on(own):
    while not stop.is_set():
        with own:
            checksum("S2C:10424:water_count")

def forked():
    [lock.acquire() for lock in inside]
    child = os.fork()
    if child == 0:
        try:
            good = kept.GetRasterBand(1).Checksum() == checksum(sys.argv[1]) == expected
            os._exit(0 if good else 1)
        finally:
            os._exit(2)
    [lock.release() for lock in inside]
    return child

threads = [threading.Thread(target=go_on, args=[lock]) for lock in inside]
[thread.start() for thread in threads]
children = [forked() for _ in range(8)]
ends = [end_of(child, 60) for child in children]
stop.set()
[thread.join() for thread in threads]
print(json.dumps({"ends": ends, "parent": checksum(sys.argv[1]) == expected}))
"""


def grants(sen2cube):
    return [entry["grant"] for entry in sen2cube.requests("auth")]


def run_together(machine, cache):
    """The outcomes of processes that wait for each other at their start."""
    gate = machine.folder / f"gate{machine.count}"
    command = f"until [ -e '{gate}' ]; do sleep 0.01; done; exec gdalinfo -json {COMPOSITE}"
    started = [subprocess.Popen(["bash", "-c", command], cwd=machine.work, text=True,
                                env=machine.environment(S2C_TOKEN_CACHE=cache),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
               for _ in range(PROCESSES)]
    gate.write_text("")
    outcomes = [(process.communicate(timeout=SECONDS), process.returncode) for process in started]
    return [(returncode, errors) for (_, errors), returncode in outcomes]


def test_processes_that_start_together_log_in_once_and_refresh_once(machine, sen2cube):
    sen2cube.settings(token_lifetime=300)
    cache = machine.folder / "tokens"
    assert run_together(machine, cache) == [(0, "")] * PROCESSES
    assert grants(sen2cube) == ["password"]
    sen2cube.forget()
    # As a long break would leave it: the access token over, the refresh token good.
    (file,) = cache.glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "expires_at": time.time() - 1}))
    assert run_together(machine, cache) == [(0, "")] * PROCESSES
    assert [(entry["grant"], entry["status"]) for entry in sen2cube.requests("auth")] \
        == [("refresh_token", 200)]
    sen2cube.settings(token_lifetime=2)


def test_threads_that_ask_together_cause_one_token_request(machine, sen2cube):
    sen2cube.fault(server="auth", delay=0.3)
    failures = []

    def open_it():
        if gdal.Open(COMPOSITE) is None:
            failures.append(1)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and grants(sen2cube) == ["password"]


def test_a_read_of_a_minute_outlives_thirty_tokens(machine, sen2cube):
    composite = sample("Cloud_free_composite")
    environment = {"S2C_CACHE_SIZE": "0", "GDAL_CACHEMAX": "0"}
    started = [subprocess.Popen([sys.executable, "-c", program, composite, str(READ_SECONDS), name],
                                cwd=machine.work, env=machine.environment(**environment), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
               for program, name in ((READER, COMPOSITE), (READER, COMPOSITE_PATH),
                                     (RASTERIO, COMPOSITE))]
    ends = [process.communicate(timeout=READ_SECONDS + SECONDS) for process in started]
    assert [errors for _, errors in ends] == [""] * 3
    by_name, by_path, by_rasterio = (json.loads(text) for text, _ in ends)
    for found in (by_name, by_path):
        assert found["readers"] == 8 and found["least"] > 5 and found["wrong"] == []
    assert by_rasterio["count"] == by_rasterio["same"] > 50
    # Three caches, each renewed every second and a half or so; never a refused refresh.
    assert {entry["status"] for entry in sen2cube.requests("auth")} == {200}
    assert grants(sen2cube).count("password") == 3
    assert len(grants(sen2cube)) > READ_SECONDS / 2


def test_a_forked_child_and_its_parent_go_on(machine):
    found = machine.python(FORKING, COMPOSITE)
    assert found == {"ends": [0] * 8, "parent": True}


@pytest.mark.parametrize("end", ["killed", "hanging no longer"])
def test_the_lock_of_a_process_that_has_gone_holds_nobody_up(end, machine, sen2cube):
    # Long-lived, so that the waiting process learns of the token's end from the server.
    sen2cube.settings(token_lifetime=300)
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    (lock,) = cache.glob("*.lock")
    holder = subprocess.Popen(["flock", str(lock), "cat"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while subprocess.run(["flock", "-n", str(lock), "true"], check=False).returncode == 0:
            assert time.monotonic() < deadline
        sen2cube.expire_access()
        waiting = subprocess.Popen(["gdalinfo", COMPOSITE], cwd=machine.work,
                                   env=machine.environment(S2C_TOKEN_CACHE=cache),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        sen2cube.wait_for_request(4)
        if end == "killed":
            holder.kill()
        holder.stdin.close()
        assert waiting.communicate(timeout=SECONDS)[1] == ""
        assert waiting.returncode == 0
    finally:
        holder.kill()
        holder.wait()
        sen2cube.settings(token_lifetime=2)
    assert grants(sen2cube) == ["password", "refresh_token"]
