# SPDX-License-Identifier: MIT
"""Faults of the machine, in programs of their own: its disk, its home, its descriptors, its memory.
Each ends in what is right or in an error, and none by a signal (issue 15)."""

import base64
import json
import re
import subprocess
import sys
import time

import pytest
from osgeo import gdal

from .fault_operations import IMPATIENT, LONGEST, NAME, publish_tiled
from .support import assert_no_secret, content

TABLE = "S2C:10424:water_time_series"
LOOK = f"gdalinfo -checksum {NAME}"
# What bash says before it becomes the program.
FULL = "ulimit -f 0; trap '' XFSZ; "
ALMOST_FULL = "ulimit -f 64; trap '' XFSZ; "


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="module")
def pixels(sen2cube, folder):
    return publish_tiled(sen2cube, folder)


@pytest.fixture(scope="module")
def published(pixels, folder):
    return folder / "tiled.tiff"


@pytest.fixture(scope="module")
def sums(published):
    bands = gdal.Open(str(published))
    return [str(bands.GetRasterBand(number).Checksum()) for number in (1, 2, 3)]


class Shell:
    def __init__(self, machine):
        self.machine = machine

    def run(self, line, **variables):
        """Of a shell's line, its end: not by a signal, and in time."""
        begin = time.monotonic()
        done = self.machine.run("bash", "-c", line, **{**IMPATIENT, "S2C_ANSWER_CACHE": None,
                                                       **variables})
        assert time.monotonic() - begin < LONGEST
        # A shell says 128 and the signal's number of what it did not become.
        assert 0 <= done.returncode < 128, done
        assert_no_secret(done.stdout + done.stderr)
        return done

    def look(self, before="", **variables):
        """(checksums, None) or (None, the error)."""
        done = self.run(f"{before}exec {LOOK}", **variables)
        failed = done.returncode or "ERROR" in done.stderr
        assert not failed or done.stderr
        return (None, done.stderr) if failed else (re.findall(r"Checksum=(\d+)", done.stdout), None)


@pytest.fixture
def shell(machine):
    return Shell(machine)


@pytest.mark.parametrize("before", [FULL, ALMOST_FULL])
@pytest.mark.parametrize("line", [
    f"exec gdal_translate -q {NAME} out.tif", f"exec ogr2ogr -f GPKG out.gpkg {TABLE}",
    "exec ogr2ogr -f GPKG out.gpkg S2C: inference"])
def test_a_copy_to_a_full_disk_is_an_error(shell, cells, pixels, before, line):
    with cells.cell("programs", line.split()[1], "disk full") as cell:
        done = shell.run(before + line)
        assert done.returncode and done.stderr
        cell.ended(done.stderr)
    assert shell.run(line.replace("out.", "later.")).returncode == 0


def test_what_is_kept_finds_no_room_and_is_done_without(shell, cells, sums, machine):
    kept = machine.folder / "tokens"
    for before in (FULL, FULL, ""):
        with cells.cell("programs", "gdalinfo", "disk full") as cell:
            assert shell.look(before, S2C_TOKEN_CACHE=kept) == (sums, None)
            cell.ended(None)


def test_a_full_disk_for_temporary_files_is_told_by_its_option(sen2cube, shell, cells, sums,
                                                               published):
    sen2cube.fault(server="files", count=None, status=200,
                   body_base64=base64.b64encode(content(published)).decode(),
                   headers={"Content-Type": "image/tiff"})
    with cells.cell("programs", "gdalinfo", "disk full") as cell:
        found, error = shell.look(FULL)
        assert found is None and "TMPDIR" in error
        cell.ended(error)
    assert shell.look() == (sums, None)


@pytest.mark.parametrize("home", ["/proc", "/proc/nowhere", "own"])
def test_a_home_that_nobody_can_write_to_is_done_without(shell, cells, sums, machine, home):
    if home == "own":
        home = machine.folder / "own"
        home.mkdir(mode=0o500)
    for _ in range(2):
        with cells.cell("programs", "gdalinfo", "read-only home") as cell:
            assert shell.look(HOME=home) == (sums, None)
            cell.ended(None)


def test_with_few_descriptors_a_program_reads_right_or_says_why_not(shell, cells, sums):
    outcomes = []
    # As many as a program has from its start, and one more each time.
    for number in (*range(3, 16), 64):
        with cells.cell("programs", "gdalinfo", "descriptors used up") as cell:
            found, error = shell.look(f"ulimit -n {number}; ")
            assert error or found == sums
            cell.ended(error)
            outcomes.append(error is None)
    assert outcomes[-1] and not outcomes[0]


def test_with_little_memory_a_program_reads_right_or_says_why_not(shell, cells, sums):
    outcomes = []
    for megabytes in (50, 100, 150, 200, 230, 260, 300, 400, 600, 4000):
        with cells.cell("programs", "gdalinfo", "memory limit") as cell:
            found, error = shell.look(f"ulimit -v {megabytes * 1000}; ")
            assert error or found == sums
            cell.ended(error)
            outcomes.append(error is None)
    assert outcomes[-1] and not outcomes[0]


# What is left of a resource is used up within a process, and then there is room again.
WITHIN = """
import json, os, resource, sys
from osgeo import gdal
gdal.UseExceptions()
name, kind, left, when = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
pixels, taken = bytearray(3 * 640 * 640 * 2), []

def use_up():
    if kind == "memory":
        with open("/proc/self/statm") as file:
            size = int(file.read().split()[0]) * resource.getpagesize() + int(left * 2**20)
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))
    else:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
        while len(taken) < 64:
            try:
                taken.append(os.open("/dev/null", os.O_RDONLY))
            except OSError:
                break
        for _ in range(int(left)):
            os.close(taken.pop())

def free():
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    for file in taken:
        os.close(file)

def read(dataset):
    dataset.ReadRaster(0, 0, 640, 640, buf_obj=pixels)
    return sum(memoryview(pixels).cast("H"))

told = []
try:
    if when == "opening":
        use_up()
    dataset = gdal.Open(name)
    if when == "reading":
        use_up()
    found = read(dataset)
except (RuntimeError, MemoryError) as error:
    found, text = None, str(error) or "no memory"
    free()
    told.append(text)
else:
    free()
gdal.SetConfigOption("GDAL_HTTP_USERAGENT", "another session")
try:
    later = read(gdal.Open(name))
except RuntimeError as error:
    later = str(error)
print(json.dumps([found, told, later]))
"""


def told_of(process, kind, right):
    """What such a process was told in place of right pixels."""
    said, errors = process.communicate(timeout=2 * LONGEST)
    # glibc ends a program that has no memory for a thread, and Python one for itself.
    if process.returncode:
        assert process.returncode > 0, errors
        assert "memory" in errors.lower()
        return errors
    found, told, later = json.loads(said)
    assert found == right or found is None and told
    # What libcrypto sets up once stays undone where there was no memory for it.
    assert later == right or kind == "memory" and "cannot" in str(later)
    return told


@pytest.mark.parametrize("when", ["opening", "reading"])
@pytest.mark.parametrize("kind, lefts", [
    ("memory", (0, 0.25, 1, 2, 3, 4, 8, 12, 16, 20, 24, 32, 64)),
    ("descriptors", (0, 1, 2, 3, 4, 5, 6, 8))])
def test_a_process_goes_on_when_there_is_room_again(machine, cells, pixels, kind, lefts, when):
    right = int(pixels.sum())
    processes = [subprocess.Popen(
        [sys.executable, "-c", WITHIN, NAME, kind, str(left), when], text=True,
        env=machine.environment(**IMPATIENT), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for left in lefts]
    outcomes = []
    try:
        for process in processes:
            with cells.cell("osgeo", "whole", f"{kind} used up") as cell:
                told = told_of(process, kind, right)
                cell.ended(told)
                outcomes.append(not told)
    finally:
        for process in processes:
            process.kill()
    assert outcomes[-1]
    assert when == "reading" and kind == "descriptors" or not all(outcomes)
