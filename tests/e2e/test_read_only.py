# SPDX-License-Identifier: MIT
"""That results are read-only is said as that, with what to do, by whatever would change them."""

import re

import pytest
from osgeo import gdal

from .support import COMPOSITE, COMPOSITE_PATH, content, messages, sample

NEW = "/vsis2c/10424/new"
READ_ONLY = "read-only"


@pytest.fixture(autouse=True)
def failures(results):
    """What functions give that fail, since an exception is a second message."""


def said(change):
    with messages() as found:
        assert change() in (-1, None, gdal.CE_Failure)
    return found


@pytest.mark.parametrize("change", [
    lambda: gdal.Unlink(COMPOSITE_PATH),
    lambda: gdal.Unlink(NEW),
    lambda: gdal.Rename(COMPOSITE_PATH, NEW),
    lambda: gdal.Mkdir("/vsis2c/1", 0o755),
    lambda: gdal.MkdirRecursive("/vsis2c/1/2", 0o755),
    lambda: gdal.Rmdir("/vsis2c/10424"),
    lambda: gdal.RmdirRecursive("/vsis2c/10424"),
    lambda: gdal.VSIFOpenL(NEW, "wb"),
    lambda: gdal.VSIFOpenL(COMPOSITE_PATH, "rb+")])
def test_the_file_system_tells_why_it_changes_nothing(sen2cube, change):
    errors = said(change)
    assert len(errors) == 1 and READ_ONLY in errors[0] and "'/vsis2c/" in errors[0]
    assert sen2cube.request_lines("files") == []


def test_an_open_file_tells_why_it_takes_no_bytes():
    file = gdal.VSIFOpenL(COMPOSITE_PATH, "rb")
    for change in (lambda: gdal.VSIFTruncateL(file, 0), lambda: gdal.VSIFWriteL(b"1", 1, 1, file)):
        with messages() as found:
            assert change() in (-1, 0)
        assert len(found) == 1 and READ_ONLY in found[0] and "inference 10424" in found[0]
    gdal.VSIFCloseL(file)


# A program, and what its first error begins with.
PROGRAMS = [
    (["gdalmanage", "delete", COMPOSITE], f"'{COMPOSITE}' cannot be deleted"),
    (["gdalmanage", "delete", "S2C:10424"], "'S2C:10424' cannot be deleted"),
    (["gdalmanage", "delete", COMPOSITE_PATH], f"'{COMPOSITE_PATH}' cannot be deleted"),
    (["gdalmanage", "rename", COMPOSITE, "S2C:10424:new"], f"'{COMPOSITE}' cannot be renamed"),
    (["gdalmanage", "rename", COMPOSITE_PATH, NEW], f"'{COMPOSITE_PATH}' cannot be renamed"),
    (["gdaladdo", COMPOSITE, "2"], "overviews cannot be built of output"),
    (["gdal_edit.py", "-a_nodata", "3", COMPOSITE], f"'{COMPOSITE}' cannot be opened for update"),
    (["gdal_edit.py", "-a_ullr", "0", "1", "1", "0", COMPOSITE],
     f"'{COMPOSITE}' cannot be opened for update"),
    *((["ogrinfo", *name, *dialect, "-sql", statement], "the data cannot be written")
      # ogrinfo opens for update, where that is possible, whoever gives it a statement.
      for name in (["-ro", "S2C:"], ["S2C:10424"]) for dialect in ([], ["-dialect", "SQLite"])
      for statement in ("DELETE FROM inference", " update green_spaces SET time = NULL",
                        "DROP TABLE green_spaces", "ALTER TABLE inference ADD COLUMN x INTEGER"))]


@pytest.mark.parametrize("command, told", PROGRAMS, ids=[" ".join(one[0]) for one in PROGRAMS])
def test_a_program_that_would_change_something_is_told_why_not(machine, sen2cube, command, told):
    done = machine.run(*command)
    # From GDAL 3.10 on gdal_edit leaves "ERROR 5:" out, and ogrinfo tells before all else that a
    # statement's dataset did not open for update.
    is_new = int(gdal.VersionInfo()) >= 3100000
    begin = r"(?:ERROR \d+: )?S2C: " if is_new else r"ERROR \d+: S2C: "
    errors = [re.sub(begin, "", line) for line in done.stderr.splitlines() if re.match(begin, line)]
    if is_new and command[:2] == ["ogrinfo", "S2C:10424"]:
        assert errors.pop(0).startswith("'S2C:10424' cannot be opened for update")
    assert errors and errors[0].startswith(told), done.stderr
    assert READ_ONLY in errors[0]
    assert {entry["method"] for entry in sen2cube.requests("api")} <= {"GET"}
    assert [*machine.work.iterdir()] == []


def test_who_takes_a_connection_string_for_a_file_is_told(machine):
    # GDAL goes on, and makes a file of that name.
    assert "cannot be deleted or written: results are read-only, so write to a local file" \
        in machine.run("gdal_translate", sample("water_count"), "S2C:10424:new").stderr


def test_a_name_that_cannot_be_written_makes_no_file(machine):
    done = machine.run("ogr2ogr", "S2C:new", sample("green_spaces"))
    assert done.returncode > 0 and "'S2C:new' names nothing" in done.stderr
    assert [*machine.work.iterdir()] == []


def test_deleting_the_catalogue_deletes_nothing(machine, sen2cube):
    # Without a word: GDAL deletes whatever it is about to create, as `ogr2ogr -f S2C S2C:` does.
    machine.run("gdalmanage", "delete", "S2C:")
    assert sen2cube.request_lines() == []


def test_the_driver_tells_why_it_deletes_and_renames_nothing(sen2cube):
    driver = gdal.GetDriverByName("S2C")
    for change in (lambda: driver.Delete(COMPOSITE), lambda: driver.Rename("S2C:1", COMPOSITE)):
        errors = said(change)
        assert len(errors) == 1 and READ_ONLY in errors[0] and COMPOSITE in errors[0]
    assert sen2cube.request_lines() == []


def test_the_file_of_an_output_is_copied(machine, sen2cube):
    machine.succeed("gdalmanage", "copy", "S2C:10424:Water_Count", "copy.tif")
    assert content(machine.work / "copy.tif") == content(sample("water_count"))
    machine.succeed("gdalmanage", "copy", "S2C:10424:mean_ndvi", "copy.csv")
    assert content(machine.work / "copy.csv") == content(sample("mean_ndvi"))
    assert len(sen2cube.request_lines("files")) == 2


@pytest.mark.parametrize("name, told", [
    ("S2C:", "has no files: ogr2ogr copies its layers"),
    ("S2C:10424", "copy the folder /vsis2c/10424/"),
    ("S2C:mosaic(10424):water_count", "is made of many files: gdal_translate copies its pixels"),
    ("S2C:10424:nothing", "has no output 'nothing'"),
    ("S2C:10426", "its status is CREATED")])
def test_what_is_no_one_file_is_not_copied_and_the_reason_is_told(machine, name, told):
    assert told in machine.run("gdalmanage", "copy", name, "copy.tif").stderr
    assert [*machine.work.iterdir()] == []
