# SPDX-License-Identifier: MIT
"""An author of an inference who means harm: nothing is written outside, and what the plugin and s2c
say does nothing to a terminal (issue 15)."""

import base64
import json
import os
import sys

import pytest

from ..backend.user_agent import UserAgent
from .attacker import measure
from .rasters import noise, write
from .support import FOLDER, content
from .terminal import S2C, Terminal, run_s2c
from .test_s2c_listing import ACTIVE
from .tiff_file import tiff

ID = 10433
ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eabc\u2066\r\nrm -rf\x7f"
NAMES = {
    "parent": "../../outside", "parent alone": "..", "here": ".", "dots": "...",
    "windows parent": "..\\..\\outside", "absolute": "/etc/cron.d/outside", "drive": "C:\\outside",
    "share": "\\\\host\\share\\outside", "stream": "file.txt:outside", "home": "~/outside",
    "NUL": "a\0b", "line": "a\nb\r\nc", "escapes": ESCAPES, "turned": "a\u202effit.exe",
    "long": "x" * 5000, "long of wide": "🌍" * 500, "device": "CON", "device with end": "nul.txt",
    "device with number": "COM1", "device with blank": "aux ", "option": "--output=/tmp/outside",
    "dash": "-rf", "address": "https://localhost:1/x", "VSI": "/vsicurl/http://localhost:1/x",
    "empty": "", "blank": " ", "end": "a.", "document": "inference.json", "part": "y.tiff.part",
    "encoded": "%2e%2e%2foutside", "quotes": "$(touch outside)`touch outside`;touch outside'\"",
    "encoded twice": "%252e%252e",
}
LONGEST = 60


@pytest.fixture
def output(sen2cube):
    """Publishes a table or a raster under a name, which the document's other texts are as well."""
    made = []

    def publish(name, kind="geotiff", file_content=None):
        place = f"{FOLDER}/author{len(made)}.{'csv' if kind == 'csv' else 'tiff'}"
        file_content = tiff() if file_content is None else file_content
        sen2cube.create_file(place, base64.b64encode(file_content).decode())
        made.append({"name": name, "file_type": kind, "data": place, "dims": ["time"],
                     "bytes": len(file_content), "value_type": name})
        sen2cube.change_inference(ID, output=json.dumps(made), comment=name, owner=name)
    before = UserAgent(sen2cube).get(f"/inference/{ID}").json["data"]["attributes"]
    yield publish
    for one in made:
        sen2cube.delete_file(one["data"])
    sen2cube.change_inference(ID, output="[]", comment=before["comment"], owner=before["owner"])


def tree(folder):
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_fetched_lies_in_its_folder(machine, output, name):
    output(NAMES[name])
    output(NAMES[name], "csv", b"time,y\n2021-03-01,1\n")
    folder = machine.work / "results"
    done = run_s2c(machine, "get", ID, "-o", folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    found = os.listdir(os.fsencode(folder))
    assert len(found) == 3 and b"inference.json" in found
    assert all((folder / os.fsdecode(one)).is_file() for one in found)
    assert list(machine.work.iterdir()) == [folder]
    assert not any("outside" in path for path in tree(machine.folder)
                   if not path.startswith(str(folder)))
    for one in found:
        assert len(one) <= 255 and not ACTIVE.search(one.decode())


LIST = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
print(json.dumps([gdal.ReadDir(sys.argv[1]), gdal.ReadDirRecursive(sys.argv[1])]))
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_lists_names_that_are_harmless(machine, output, name):
    output(NAMES[name])
    found, deep = machine.python(LIST, f"/vsis2c/{ID}/")
    assert found == deep and len(found) == 2
    for one in found:
        assert "/" not in one and "\\" not in one and one not in (".", "..")
        assert not ACTIVE.search(one) and len(one.encode()) <= 255


# What they say of what goes wrong; the data themselves are another matter.
COMMANDS = {
    "unknown": ["gdalinfo", f"S2C:{ID}:unknown"], "two": ["gdal_translate", f"S2C:{ID}", "x.tif"],
    "table": ["ogrinfo", f"S2C:{ID}:unknown"], "path": ["gdalinfo", f"/vsis2c/{ID}/unknown"],
    "checksum": ["gdalinfo", "-checksum", f"S2C:{ID}:{ESCAPES}"],
    "rows": ["ogrinfo", "-al", f"S2C:{ID}"], "catalogue": ["ogrinfo", "-al", "-where",
                                                         f"fid = {ID}", "S2C:"],
    "mosaic": ["gdalinfo", f"S2C:mosaic({ID},10424):unknown"],
    "copy": ["ogr2ogr", "-f", "GPKG", "x.gpkg", f"S2C:{ID}"],
}


@pytest.mark.parametrize("kind", ["good", "broken", "short", "gone"])
@pytest.mark.parametrize("command", COMMANDS)
def test_messages_do_nothing_to_a_terminal(machine, sen2cube, output, command, kind):
    names = ",".join(f'"{ESCAPES}{number}"' for number in range(3))
    csv = f"time,{names}\n{ESCAPES},x,y\n2021-03-01,{ESCAPES}\n".encode()
    raster = tiff(metadata=f'<Item name="{ESCAPES[-4:]}">x</Item>', citation="x\x9b\u202e\x1b[2J")
    output(ESCAPES, "geotiff", raster if kind != "broken" else ESCAPES.encode() * 90)
    output(ESCAPES, "csv", csv if kind != "broken" else b'"' + ESCAPES.encode() * 90)
    if kind == "short":
        sen2cube.fault(server="files", count=None, cut=50)
    elif kind == "gone":
        sen2cube.fault(server="files", count=None, status=403, body=ESCAPES,
                       headers={"X-Reason": "\x1b[2J"})
    done = measure(machine, *COMMANDS[command], CPL_DEBUG="S2C", S2C_RETRY_DELAY="0.01")
    said = [line for line in done.err.splitlines() if "S2C: " in line]
    assert said and not ACTIVE.search("\n".join(said)), said
    assert done.seconds < LONGEST


def test_debug_output_of_a_read_that_fails_does_nothing_to_a_terminal(machine, sen2cube, output,
                                                                       tmp_path):
    output(ESCAPES, "geotiff", content(write(tmp_path / "large.tiff", noise(4), "GTiff",
                                             ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"])))
    sen2cube.fault(server="files", skip=1, count=None, status=403)
    done = measure(machine, "gdalinfo", "-checksum", f"S2C:{ID}", CPL_DEBUG="S2C")
    assert "\nERROR " in done.err and "\nS2C: output" in done.err, done.err
    assert not ACTIVE.search(done.err)


@pytest.mark.parametrize("command", [["show"], ["get"], ["get", "--overwrite"], ["delete"], ["rerun"],
                                     ["abort"], ["wait"]])
def test_nothing_that_s2c_says_acts_on_a_terminal(machine, sen2cube, output, command):
    output(ESCAPES)
    sen2cube.change_inference(ID, status="FAILED", status_message=ESCAPES)
    sen2cube.fault(server="api", method="PATCH", count=None, status=400, body=json.dumps(
        {"errors": [{"title": ESCAPES, "detail": ESCAPES}]}))
    sen2cube.fault(server="api", method="DELETE", count=None, status=409, body=json.dumps(
        {"errors": [{"title": ESCAPES, "detail": ESCAPES}]}))
    try:
        with Terminal(machine, S2C, command[0], ID, *command[1:], CPL_DEBUG="ON") as terminal:
            text = terminal.end()[1].replace("\r\n", "\n")
    finally:
        sen2cube.change_inference(ID, status="SUCCEEDED", status_message=None)
    assert text and not ACTIVE.search(text.replace("\r", "")), text


@pytest.mark.parametrize("refused", [
    {"error": ESCAPES, "error_description": ESCAPES},
    {"error": "invalid_grant", "error_description": ESCAPES, "error_uri": "javascript:alert(1)",
     "verification_uri": "file:///etc/passwd", "verification_uri_complete": "--browser=x"}])
def test_a_refused_login_says_nothing_to_a_terminal(machine, sen2cube, refused):
    sen2cube.fault(server="auth", status=401, count=None, body=json.dumps(refused))
    for command in (["gdalinfo", f"S2C:{ID}"], [S2C, "list"]):
        done = measure(machine, *command, CPL_DEBUG="ON")
        assert done.code > 0 and "refused" in done.err
        assert not ACTIVE.search(done.err), done.err


def test_data_are_what_the_service_has(machine, output):
    """What becomes of a comment on a terminal is the business of the program that prints it."""
    output(ESCAPES)
    found = machine.gdalinfo(f"S2C:{ID}")
    assert found["metadata"][""]["COMMENT"] == ESCAPES


@pytest.mark.parametrize("kind", ["geotiff", "csv"])
@pytest.mark.parametrize("name", ["x", "n{}"], ids=["twins", "others"])
def test_very_many_outputs_are_listed_in_their_time(machine, sen2cube, name, kind):
    sen2cube.change_inference(ID, output=json.dumps([
        {"name": name.format(number), "file_type": kind, "bytes": 9,
         "data": f"{FOLDER}/{number}.{'csv' if kind == 'csv' else 'tiff'}"}
        for number in range(20_000)]))
    try:
        for command in ([S2C, "show", ID], ["gdalinfo", f"S2C:{ID}:unknown"],
                        [sys.executable, "-c", LIST, f"/vsis2c/{ID}/"],
                        [sys.executable, "-c", OPEN, f"S2C:{ID}"]):
            done = measure(machine, *command)
            assert done.peak < 300 and done.seconds < 20, (command, vars(done)["seconds"])
    finally:
        sen2cube.change_inference(ID, output="[]")


OPEN = """
import sys
from osgeo import gdal
gdal.UseExceptions()
try:
    print(len(gdal.Open(sys.argv[1]).GetSubDatasets()))
except RuntimeError:
    print(gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR).GetLayerCount())
"""


COLUMNS = ["../../outside", "/etc/passwd", "a\nb", ESCAPES, "\u202ename", "CON", "x" * 5000, ".",
           "geom", "fid", "ogc_fid", "rowid", "x\"; DROP TABLE y; --", "--option"]


def test_columns_named_like_paths_are_columns(machine, output):
    header = ",".join('"' + name.replace('"', '""') + '"' for name in COLUMNS)
    output("y", "csv", f"time,{header}\n2021-03-01,{','.join('1' * len(COLUMNS))}\n".encode())
    for form, name in ("CSV", "x.csv"), ("GPKG", "x.gpkg"), ("GeoJSON", "x.json"):
        done = machine.run("ogr2ogr", "-f", form, name, f"S2C:{ID}:y")
        assert not ACTIVE.search("\n".join(line for line in done.stderr.splitlines()
                                           if "S2C: " in line))
        assert {path.name for path in machine.work.iterdir()} <= {"x.csv", "x.gpkg", "x.json"}
    assert not any("outside" in path for path in tree(machine.folder))
