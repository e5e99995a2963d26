# SPDX-License-Identifier: MIT
"""VSISync(), which `gdal vsi sync` is: what is there already is not asked for again."""

import calendar
import json
import os
import time

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .support import (RASTERS, ROOT, TABLES, another_session, config_options, content, inference,
                      messages, sample)

FINISHED = calendar.timegm((2021, 9, 28, 7, 42, 10))
PROJECT = "qgis-project-id10424.zip"
FILES = {**{f"{name}.tiff": name for name in RASTERS}, **{f"{name}.csv": name for name in TABLES}}


def sync(target, source="/vsis2c/10424/", **options):
    return gdal.Sync(source, str(target), options=[f"{key}={value}"
                                                   for key, value in options.items()])


def copies(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_whole(folder):
    found = copies(folder)
    for file, name in FILES.items():
        assert found.pop(file) == content(sample(name))
    assert found.pop(PROJECT) == content(f"{ROOT}/data/qgis-project.zip")
    assert json.loads(found.pop("inference.json"))["data"]["id"] == 10424
    assert found == {}


def test_a_folder_is_copied_with_the_time_when_the_run_finished(tmp_path):
    assert sync(tmp_path / "copy")
    assert_whole(tmp_path / "copy")
    assert {path.stat().st_mtime for path in (tmp_path / "copy").iterdir()} == {FINISHED}


def test_a_second_time_asks_for_nothing_but_the_inference(sen2cube, tmp_path):
    sync(tmp_path / "copy")
    sen2cube.forget()
    with another_session():
        for _ in range(2):
            assert sync(tmp_path / "copy")
    assert sen2cube.request_lines() == [inference(10424)]
    assert_whole(tmp_path / "copy")


@pytest.mark.parametrize("change", [
    lambda path: path.write_bytes(b"1"), lambda path: os.utime(path, (time.time(), time.time())),
    lambda path: path.unlink()], ids=["size", "time", "gone"])
@pytest.mark.parametrize("file", ["water_count.tiff", PROJECT, "inference.json"])
def test_a_copy_that_is_another_is_made_again(sen2cube, tmp_path, file, change):
    sync(tmp_path / "copy")
    change(tmp_path / "copy" / file)
    sen2cube.forget()
    with another_session():
        assert sync(tmp_path / "copy")
        assert len(sen2cube.requests("files")) == (file != "inference.json")
    assert_whole(tmp_path / "copy")


def test_a_rerun_is_copied_again(tmp_path):
    with LocalSen2Cube() as server, config_options(**server.environment()):
        sync(tmp_path / "copy", "/vsis2c/10425/")
        server.change_inference(10425, timestamp_finished="2022-01-01T00:00:00+00:00")
        server.forget()
        with another_session():
            assert sync(tmp_path / "copy", "/vsis2c/10425/")
        assert len(server.requests("files")) == 2
        assert {path.stat().st_mtime for path in (tmp_path / "copy").iterdir()} \
            == {calendar.timegm((2022, 1, 1, 0, 0, 0))}


def test_one_file_is_copied_to_a_name_or_into_a_folder(tmp_path):
    for target in (tmp_path / "renamed.tiff", tmp_path, "/vsimem/sync.tiff"):
        assert sync(target, "/vsis2c/10424/water_count.tiff")
    for copy in ("renamed.tiff", "water_count.tiff"):
        assert content(tmp_path / copy) == content(sample("water_count"))
    assert gdal.VSIStatL("/vsimem/sync.tiff").size == len(content(sample("water_count")))
    gdal.Unlink("/vsimem/sync.tiff")


@pytest.mark.parametrize("option", ["SYNC_STRATEGY", "STRATEGY"])
def test_what_is_to_be_overwritten_is(tmp_path, option):
    source = "/vsis2c/10424/water_count.tiff"
    sync(tmp_path, source)
    data = content(sample("water_count"))
    (tmp_path / "water_count.tiff").write_bytes(b"x" * len(data))
    os.utime(tmp_path / "water_count.tiff", (FINISHED, FINISHED))
    assert sync(tmp_path, source, **{option: "overwrite"})
    assert content(tmp_path / "water_count.tiff") == data


def test_a_copy_that_is_not_whole_is_said_to_be_and_is_not_kept(sen2cube, tmp_path):
    sen2cube.fault(server="files", path="water_count", truncate=1000, count=None)
    with config_options(S2C_MAX_RETRY="0"), messages() as said:
        assert not sync(tmp_path, "/vsis2c/10424/water_count.tiff")
    assert said and "water_count" in " ".join(said)
    assert [*tmp_path.iterdir()] == []


def test_nothing_is_copied_to_the_service(sen2cube, tmp_path):
    (tmp_path / "x.tiff").write_bytes(b"1")
    with messages() as said:
        assert not sync("/vsis2c/10424/", str(tmp_path / "x.tiff"))
    assert "Cannot create /vsis2c/10424/x.tiff" in said[0]
    assert {entry["method"] for entry in sen2cube.requests("api")} <= {"GET"}
