# SPDX-License-Identifier: MIT
"""Every fault of fault_table.py in GDAL's programs: what they write is right, or their exit code says
that it is not; none is ended by a signal, and none is slower than its timeouts (issue 15)."""

import re
import subprocess

import pytest
from osgeo import gdal

from .fault_operations import IMPATIENT, LONGEST, publish_tiled
from .fault_table import FAULTS, SLOW
from .support import assert_no_secret, place, same_pixels

OPTIONS = ("--wire",)
NUMBERS = {"gdalinfo": 10425, "gdal_translate": 10426, "rio": 10427}
# rasterio's program by its module: the distribution's package of the program is another one.
RIO = ["/usr/bin/python3", "-c", "from rasterio.rio.main import main_group; main_group()"]
COMMANDS = {
    "gdalinfo": ["gdalinfo", "-checksum", "S2C:10425:tiled"],
    "gdal_translate": ["gdal_translate", "-q", "S2C:10426:tiled", "OUT"],
    "rio": [*RIO, "convert", "S2C:10427:tiled", "OUT"],
    "ogrinfo": ["ogrinfo", "-ro", "-al", "S2C:10424:water_time_series"],
    "ogr2ogr": ["ogr2ogr", "-f", "CSV", "OUT", "S2C:", "inference", "-select", "comment,status"],
}
# Whose answers go wrong: each program's own, so that all run at once.
RULES = {
    "gdalinfo": {"server": "api", "path": "/inference/10425$"},
    "gdal_translate": {"server": "files", "path": "_id10426_"},
    "rio": {"server": "files", "path": "_id10427_"},
    "ogrinfo": {"server": "files", "path": place("water_time_series")},
    "ogr2ogr": {"server": "api", "path": "/v1/inference$"},
}
SUFFIX = {"gdal_translate": "tif", "rio": "tif", "ogr2ogr": "csv"}
# A program's start is some tenths of a second of both cores.
RIO_FAULTS = ("cut within the body", "403", "503", "short", "reset within the body")
# What gdalinfo says of pixels. What else it says is the document's, and a redirect may lead to one
# that says less.
OF_PIXELS = re.compile(r"^(?:Size|Origin).*|Checksum=\d+", re.MULTILINE)


class Runs:
    """All programs at once, with the tokens and answers that were kept of an earlier run."""

    def __init__(self, machine, chosen, retries="1"):
        self.machine, self.chosen, self.retries = machine, chosen, retries
        self.round = 0

    def start(self, name):
        out = self.machine.work / f"{name}{self.round}.{SUFFIX.get(name)}"
        command = [str(out) if part == "OUT" else part for part in COMMANDS[name]]
        environment = self.machine.environment(**{
            **IMPATIENT, "S2C_MAX_RETRY": self.retries, "S2C_ANSWER_CACHE": None,
            "S2C_TOKEN_CACHE": self.machine.folder / f"tokens of {name}"})
        return out, subprocess.Popen(command, cwd=self.machine.work, env=environment, text=True,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)

    def end(self):
        """{program: (what it gave or None, its errors)}"""
        self.round += 1
        started = {name: self.start(name) for name in self.chosen}
        try:
            return {name: self.outcome(name, *one) for name, one in started.items()}
        finally:
            for _, process in started.values():
                process.kill()

    def outcome(self, name, out, process):
        said, errors = process.communicate(timeout=LONGEST)
        assert process.returncode >= 0, f"{name} was ended by a signal: {errors}"
        assert_no_secret(said + errors)
        if name == "gdalinfo":
            said = OF_PIXELS.findall(said)
            assert not TRUTH or set(said) <= set(TRUTH[name]), "a part may be missing, not wrong"
        # gdalinfo and ogrinfo show what they can, and say what they cannot.
        failed = process.returncode or name not in SUFFIX and "ERROR" in errors
        if failed:
            assert errors
            return None, errors
        return content_of(out) if name in SUFFIX else said, errors


def content_of(path):
    if path.suffix == ".tif":
        return gdal.Open(str(path)).ReadAsArray()
    return path.read_text(encoding="utf-8")


def same(found, expected):
    return same_pixels(found, expected) if hasattr(expected, "shape") else found == expected


@pytest.fixture(scope="module")
def published(sen2cube, tmp_path_factory):
    for name, number in NUMBERS.items():
        publish_tiled(sen2cube, tmp_path_factory.mktemp(name), number)


TRUTH = {}


@pytest.fixture
def truth(published, machine):
    if not TRUTH:
        TRUTH.update({name: found for name, (found, _) in Runs(machine, COMMANDS).end().items()})
    assert all(found is not None for found in TRUTH.values())
    return TRUTH


@pytest.mark.parametrize("share", [1, 0.2], ids=["lasting", "passing"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_program_writes_is_right_or_its_exit_code_says_so(sen2cube, truth, machine, cells,
                                                                fault, share):
    chosen = [name for name in COMMANDS if name != "rio" or fault in RIO_FAULTS]
    # What was sent before a silence counts for some seconds: see docs/reliability.md.
    runs = Runs(machine, chosen, retries="0" if fault in SLOW and share == 1 else "1")
    for name in chosen:
        sen2cube.fault(count=None, share=share, **RULES[name], **FAULTS[fault])
    found = runs.end()
    sen2cube.clear_faults()
    for name, (came, errors) in found.items():
        with cells.cell("programs", name, fault) as cell:
            assert came is None or same(came, truth[name]), (name, errors)
            cell.ended(came is None)
    if share == 1 and fault not in SLOW:
        for name, (came, errors) in runs.end().items():
            assert came is not None and same(came, truth[name]), (name, errors)
