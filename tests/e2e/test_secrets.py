# SPDX-License-Identifier: MIT
"""No password and no token is ever seen: in debug output, errors, metadata, lists or arguments."""

import json
import re
import subprocess
import sys
import time

import pytest

from .support import COMPOSITE, COMPOSITE_PATH, JWT, SECONDS

LOUD = {"CPL_DEBUG": "ON", "CPL_CURL_VERBOSE": "YES", "CPL_TIMESTAMP": "NO"}

EVERYTHING = """
import sys
from osgeo import gdal
for name in sys.argv[1:]:
    dataset = gdal.OpenEx(name)
    if dataset is None:
        continue
    print(dataset.GetFileList(), gdal.Info(dataset, format="json"), dataset.GetDescription())
    for domain in dataset.GetMetadataDomainList():
        print(domain, dataset.GetMetadata(domain), dataset.GetMetadata_List(domain))
    if dataset.RasterCount:
        dataset.GetRasterBand(1).ReadRaster()
print(gdal.ReadDirRecursive("/vsis2c/10424/"), gdal.GetFileMetadata(sys.argv[1], "HEADERS"))
print(gdal.GetFileSystemOptions("/vsis2c/"), gdal.GetLastErrorMsg())
"""

SLOW = """
import sys, time
from osgeo import gdal
gdal.Open(sys.argv[1])
time.sleep(float(sys.argv[2]))
"""


def secrets_of(cache, sen2cube):
    """What must not be seen: passwords, and every token that the cache has held."""
    found = {sen2cube.PASSWORD, sen2cube.OTHER_PASSWORD}
    for file in cache.glob("*.json"):
        content = json.loads(file.read_text())
        found |= {content["access_token"], content["refresh_token"]}
    return found


def assert_hidden(text, secrets):
    for secret in secrets:
        assert secret not in text
    assert not JWT.search(text)


@pytest.fixture
def account(sen2cube):
    """The one whose password has every odd character."""
    return {"S2C_USERNAME": sen2cube.OTHER_USERNAME, "S2C_PASSWORD": sen2cube.OTHER_PASSWORD}


def test_nothing_is_seen_when_all_goes_well(machine, sen2cube, account):
    cache = machine.folder / "tokens"
    done = machine.run(sys.executable, "-c", EVERYTHING, COMPOSITE_PATH, COMPOSITE, "S2C:10424",
                       "S2C:10425", S2C_TOKEN_CACHE=cache, **account, **LOUD)
    assert done.returncode == 0 and "OWNER" in done.stdout
    assert_hidden(done.stdout + done.stderr, secrets_of(cache, sen2cube))


def test_debug_output_names_each_request(machine, sen2cube):
    sen2cube.forget()
    done = machine.run("gdalinfo", COMPOSITE, CPL_DEBUG="S2C")
    told = [line for line in done.stderr.splitlines() if re.match("S2C: (GET|POST) http", line)]
    assert [(line.split()[1], line.rsplit(": ")[-1]) for line in told] \
        == [(entry["method"], str(entry["status"])) for entry in sen2cube.requests()]
    assert [entry["path"] in line for line, entry in zip(told, sen2cube.requests())] == [True] * 3


FAILING = {
    "refused": dict(server="api", path="/v1/inference/.*", status=401, body="no"),
    "forbidden": dict(server="files", path=".*", status=403, body="no"),
    "failing": dict(server="files", path=".*", status=500, body="no"),
    "login down": dict(server="auth", path=".*", status=500, body="no"),
    "cut off": dict(server="files", path=".*", close=True),
    "redirected": dict(server="api", path="/v1/inference/.*", status=302,
                       headers={"Location": "http://other.example/"}),
}


@pytest.mark.parametrize("kind", FAILING)
def test_nothing_is_seen_when_something_fails(kind, machine, sen2cube, account):
    sen2cube.fault(count=None, **FAILING[kind])
    cache = machine.folder / "tokens"
    done = machine.run("gdalinfo", COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_MAX_RETRY=1,
                       S2C_RETRY_DELAY="0.01", **account, **LOUD)
    assert done.returncode > 0 and "ERROR" in done.stderr
    assert_hidden(done.stdout + done.stderr, secrets_of(cache, sen2cube))


@pytest.mark.parametrize("way", ["S2C_ACCESS_TOKEN", "S2C_REFRESH_TOKEN", "S2C_PASSWORD"])
def test_a_wrong_secret_is_not_repeated_in_the_error(way, machine):
    login = {"S2C_USERNAME": None, "S2C_PASSWORD": None, way: "the-wrong-secret"}
    if way == "S2C_PASSWORD":
        login["S2C_USERNAME"] = "demo"
    done = machine.run("gdalinfo", COMPOSITE, **login, **LOUD)
    assert done.returncode > 0
    assert "the-wrong-secret" not in done.stdout + done.stderr


def test_no_process_shows_a_secret_among_its_arguments(machine, sen2cube, account):
    cache = machine.folder / "tokens"
    # A session of its own: tests beside this one may give a password as an argument.
    process = subprocess.Popen([sys.executable, "-c", SLOW, COMPOSITE, "1"], cwd=machine.work,
                               env=machine.environment(S2C_TOKEN_CACHE=cache, **account),
                               start_new_session=True)
    seen = ""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        for listing in ("pid,args", "pid,comm"):
            seen += subprocess.run(["ps", "-s", str(process.pid), "-ww", "-o", listing],
                                   capture_output=True, text=True).stdout
    assert process.returncode == 0 and "time.sleep" in seen
    assert_hidden(seen, secrets_of(cache, sen2cube))


def test_no_other_file_holds_a_secret(machine, sen2cube, account):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache, **account)
    for file in machine.folder.rglob("*"):
        if file.is_file() and file.parent != cache:
            assert_hidden(file.read_text(errors="replace"), secrets_of(cache, sen2cube))
