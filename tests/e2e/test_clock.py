# SPDX-License-Identifier: MIT
"""A clock that is wrong, and one that is set while a program runs: tokens that seem expired or not yet
given are no reason for wrong pixels, a hang or a crash (issue 15)."""

import json
import re
import subprocess
import sys
import time

import pytest
from osgeo import gdal

from .fault_operations import LONGEST, NAME, publish_tiled
from .support import COMPOSITE, sample

WAITED = 10426
# The local Sen2Cube's certificates are of today and live for 30 days, its tokens for five minutes.
FORWARD, BACK, PAST_CERTIFICATES = ("+1h", "+20d"), ("-1h", "-400d"), "+60d"
FAKETIME = ["faketime", "-m", "--exclude-monotonic", "-f"]


@pytest.fixture(scope="module")
def sums():
    file = gdal.Open(sample("Cloud_free_composite"))
    return [str(file.GetRasterBand(number).Checksum()) for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def pixels(sen2cube, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clock")
    publish_tiled(sen2cube, folder, WAITED)
    return publish_tiled(sen2cube, folder)


def look(machine, offset=None, **variables):
    """(checksums, errors); the tokens and answers of one folder are kept for the next."""
    before = [*FAKETIME, offset] if offset else []
    done = machine.run(*before, "gdalinfo", "-checksum", COMPOSITE,
                       S2C_TOKEN_CACHE=machine.folder / "tokens", **variables)
    assert done.returncode >= 0
    return re.findall(r"Checksum=(\d+)", done.stdout), done.stderr


def grants(sen2cube):
    return [entry["grant"] for entry in sen2cube.requests("auth")]


@pytest.mark.parametrize("offset", FORWARD)
def test_a_token_that_seems_expired_is_replaced(machine, sen2cube, cells, sums, offset):
    assert look(machine) == (sums, "")
    with cells.cell("programs", "gdalinfo", "clock set forward") as cell:
        sen2cube.forget()
        assert look(machine, offset) == (sums, "")
        assert len(grants(sen2cube)) == 1, "what is kept seems to have ended"
        cell.ended(None)
    assert look(machine) == (sums, ""), "the clock is right again"


@pytest.mark.parametrize("offset", BACK)
def test_a_certificate_of_the_future_is_told_with_the_clock(machine, cells, sums, offset):
    assert look(machine) == (sums, "")
    with cells.cell("programs", "gdalinfo", "clock set back") as cell:
        found, error = look(machine, offset)
        assert found == []
        assert "not yet valid" in error and "check the clock of this machine" in error
        cell.ended(error)
    assert look(machine) == (sums, ""), "the clock is right again"


@pytest.mark.parametrize("offset", BACK)
def test_tokens_and_answers_of_the_future_are_right(machine, cells, sums, offset):
    assert look(machine) == (sums, "")
    with cells.cell("programs", "gdalinfo", "clock set back") as cell:
        assert look(machine, offset, GDAL_HTTP_UNSAFESSL="YES") == (sums, "")
        cell.ended(None)
    assert look(machine) == (sums, "")


def test_a_certificate_of_the_past_is_told_with_the_clock(machine, cells, sums):
    with cells.cell("programs", "gdalinfo", "clock set forward") as cell:
        found, error = look(machine, PAST_CERTIFICATES)
        assert found == []
        assert "expired" in error and "check the clock of this machine" in error
        cell.ended(error)
    assert look(machine) == (sums, "")


class Clock:
    """That of a program which runs: what stands in a file is looked at each time."""

    def __init__(self, machine):
        self.file = machine.folder / "clock"
        self.set("+0")
        library = subprocess.run([*FAKETIME, "+0", "printenv", "LD_PRELOAD"], text=True,
                                 capture_output=True, check=True).stdout.strip()
        self.variables = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": self.file,
                          "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                          # A connection that is made while the clock is back.
                          "GDAL_HTTP_UNSAFESSL": "YES"}

    def set(self, offset):
        new = self.file.with_suffix(".new")
        new.write_text(offset + "\n")
        new.replace(self.file)


SETTING = """
import json, os, sys, time
from osgeo import gdal
gdal.UseExceptions()
name, file, offsets = sys.argv[1], sys.argv[2], sys.argv[3:]
dataset, found = gdal.Open(name), []
for row, offset in enumerate(offsets):
    with open(file + ".new", "w") as new:
        new.write(offset + "\\n")
    os.replace(file + ".new", file)
    found.append([time.time(), int(dataset.ReadAsArray(0, 128 * row, 640, 128).sum())])
print(json.dumps(found))
"""


def test_a_clock_that_is_set_while_a_file_is_read_changes_no_pixel(machine, sen2cube, cells, pixels):
    clock = Clock(machine)
    begin = time.time()
    with cells.cell("osgeo", "window", "clock set meanwhile") as cell:
        found = machine.python(SETTING, NAME, clock.file, "+0", "+2h", "-2h", "+9d", "-9d",
                               **clock.variables)
        assert [one for _, one in found] \
            == [int(pixels[:, y:y + 128].sum()) for y in range(0, 640, 128)]
        moments = [round((moment - begin) / 3600) for moment, _ in found]
        assert moments == [0, 2, -2, 9 * 24, -9 * 24], "the clock was set"
        cell.ended(None)


WAITING = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
options = ["WAIT=YES", "WAIT_TIMEOUT=20", "POLL_INTERVAL=0.2"]
print(json.dumps(int(gdal.OpenEx(sys.argv[1], open_options=options).ReadAsArray().sum())))
"""


@pytest.mark.parametrize("offset", ["+2h", "-2h"])
def test_a_clock_that_is_set_ends_no_waiting_and_prolongs_none(machine, sen2cube, cells, pixels,
                                                              offset):
    clock = Clock(machine)
    sen2cube.change_inference(WAITED, status="STARTED")
    begin = time.monotonic()
    with cells.cell("osgeo", "wait", "clock set meanwhile") as cell, subprocess.Popen(
            [sys.executable, "-c", WAITING, f"S2C:{WAITED}:tiled"], text=True,
            env=machine.environment(**clock.variables), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) as process:
        sen2cube.wait_for_request(2, "api", LONGEST)
        clock.set(offset)
        asked = len(sen2cube.requests("api"))
        sen2cube.wait_for_request(asked + 2, "api", LONGEST)
        sen2cube.change_inference(WAITED, status="SUCCEEDED")
        said, errors = process.communicate(timeout=LONGEST)
        assert (json.loads(said), errors) == (int(pixels.sum()), "")
        assert time.monotonic() - begin < LONGEST
        cell.ended(None)
