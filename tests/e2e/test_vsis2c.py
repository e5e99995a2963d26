# SPDX-License-Identifier: MIT
"""The file system /vsis2c/: listing, stat, bytes, and no writing."""

import calendar
import json
import stat
import time
import zipfile

import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .support import (COMPOSITE_PATH, COPY, RASTERS, ROOT, TABLES, TOKEN, content, inference, place,
                      result, sample, vsi_content)

PROJECT = "qgis-project-id10424.zip"
NAMES = [*(f"{name}.tiff" for name in RASTERS), *(f"{name}.csv" for name in TABLES), PROJECT,
         "inference.json"]
FINISHED = calendar.timegm((2021, 9, 28, 7, 42, 10))
LIST = "api GET /v1/inference?sort=-id&page[size]=100" \
       "&fields[inference]=timestamp_finished"


def project():
    return content(f"{ROOT}/data/qgis-project.zip")


def listed_stat(path):
    found = gdal.VSIStatL(path)
    return found and (stat.S_IFMT(found.mode), found.size, found.mtime)


def test_the_root_lists_the_inferences_newest_first(sen2cube):
    numbers = [*range(10437, 10423, -1), *range(8344, 8299, -1)]
    assert gdal.ReadDir("/vsis2c/") == [str(number) for number in numbers]
    assert sen2cube.request_lines() == [TOKEN, LIST]


def test_an_inference_lists_its_outputs_its_project_and_its_document(sen2cube):
    assert gdal.ReadDir("/vsis2c/10424/") == gdal.ReadDir("/vsis2c/10424") == NAMES
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


@pytest.mark.parametrize("number", [10426, 10427, 10428, 10429, 10430, 10433])
def test_results_of_a_run_before_are_not_listed(number):
    assert gdal.ReadDir(f"/vsis2c/{number}/") == ["inference.json"]


def test_the_root_is_a_directory_that_costs_no_request(sen2cube):
    for path in ("/vsis2c/", "/vsis2c"):
        assert gdal.VSIStatL(path).IsDirectory()
    assert sen2cube.request_lines() == []


@pytest.mark.parametrize("path", ["/vsis2c/10424", "/vsis2c/10424/"])
def test_an_inference_is_a_directory_of_the_time_when_it_finished(path):
    assert listed_stat(path) == (stat.S_IFDIR, 0, FINISHED)


def test_size_and_time_of_outputs_cost_no_file_request(sen2cube):
    for name in RASTERS + TABLES:
        local = content(sample(name))
        for path in (name + (".tiff" if name in RASTERS else ".csv"), name,
                     place(name).split("/")[-1]):
            assert listed_stat(f"/vsis2c/10424/{path}") == (stat.S_IFREG, len(local), FINISHED)
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_files_are_not_writable_by_their_mode():
    for path in (COMPOSITE_PATH, "/vsis2c/10424", "/vsis2c"):
        assert gdal.VSIStatL(path).mode & 0o222 == 0


def test_the_size_of_the_project_and_of_the_document_is_asked_for(sen2cube):
    assert listed_stat(f"/vsis2c/10424/{PROJECT}") == (stat.S_IFREG, len(project()), FINISHED)
    assert sen2cube.request_lines("files") == ["files GET /output/sen2cube/demo/" + PROJECT]
    found = gdal.VSIStatL("/vsis2c/10424/inference.json")
    assert found.size == len(vsi_content("/vsis2c/10424/inference.json"))


def test_existence_of_a_project_costs_no_file_request(sen2cube):
    assert gdal.VSIStatL(f"/vsis2c/10424/{PROJECT}", gdal.VSI_STAT_EXISTS_FLAG) is not None
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


@pytest.mark.parametrize("path", ["/vsis2c/99999", "/vsis2c/99999/", "/vsis2c/x", "/vsis2c/-1",
                                  "/vsis2c/10424/nothing", "/vsis2c/10424/water_count.png",
                                  "/vsis2c/10424/water_count.tiff/x", "/vsis2c/~1/10424",
                                  "/vsis2c/10426/Cloud_free_composite.tiff",
                                  "/vsis2c/99999999999999999999", "/vsis2c//10424"])
def test_what_is_not_there_has_no_stat_and_cannot_be_opened(path):
    assert gdal.VSIStatL(path) is None
    with pytest.raises(RuntimeError):
        gdal.Open(path)


@pytest.mark.parametrize("name", RASTERS + TABLES)
def test_the_bytes_are_those_of_the_served_file(sen2cube, name):
    ending = ".tiff" if name in RASTERS else ".csv"
    assert vsi_content(f"/vsis2c/10424/{name}{ending}") == content(sample(name))
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result(name)]


@pytest.mark.parametrize("name", ["water_count", "mean_ndvi"])
def test_the_name_without_extension_and_the_name_on_the_server_serve_too(name):
    assert vsi_content(f"/vsis2c/10424/{name}") == content(sample(name))
    assert vsi_content(f"/vsis2c/10424/{place(name).split('/')[-1]}") == content(sample(name))


def test_the_project_is_the_served_file_and_opens_through_vsizip(sen2cube, tmp_path):
    assert vsi_content(f"/vsis2c/10424/{PROJECT}") == project()
    inside = f"/vsizip//vsis2c/10424/{PROJECT}"
    assert gdal.ReadDir(inside) == ["project.qgs"]
    with zipfile.ZipFile(f"{ROOT}/data/qgis-project.zip") as archive:
        assert vsi_content(inside + "/project.qgs") == archive.read("project.qgs")
    assert len(sen2cube.requests("files")) == 1


def test_the_document_is_what_the_api_answers(sen2cube):
    text = vsi_content("/vsis2c/10424/inference.json")
    assert json.loads(text) == UserAgent(sen2cube).get("/inference/10424").json
    assert sen2cube.request_lines("api")[-2:] == ["api GET /v1/inference/10424"] * 2


def test_the_document_of_an_unfinished_inference_can_be_read():
    document = json.loads(vsi_content("/vsis2c/10428/inference.json"))
    assert document["data"]["attributes"]["status"] == "STARTED"


def test_seek_and_tell_and_the_end_of_the_file():
    expected = content(sample("water_count"))
    file = gdal.VSIFOpenL("/vsis2c/10424/water_count.tiff", "rb")
    assert gdal.VSIFSeekL(file, 0, 2) == 0
    assert gdal.VSIFTellL(file) == len(expected)
    assert not gdal.VSIFReadL(1, 1, file)
    assert gdal.VSIFEofL(file) == 1
    assert gdal.VSIFSeekL(file, 20_000, 0) == 0
    assert gdal.VSIFEofL(file) == 0
    assert bytes(gdal.VSIFReadL(1, 100_000, file)) == expected[20_000:]
    assert gdal.VSIFEofL(file) == 1
    assert gdal.VSIFSeekL(file, 10, 0) == 0
    assert bytes(gdal.VSIFReadL(4, 5, file)) == expected[10:30]
    assert gdal.VSIFSeekL(file, 5, 1) == 0
    assert bytes(gdal.VSIFReadL(1, 3, file)) == expected[35:38]
    gdal.VSIFCloseL(file)


@pytest.mark.parametrize("mode", ["w", "wb", "a", "r+", "rb+", "w+"])
def test_opening_for_writing_is_refused_with_the_reason(sen2cube, mode):
    with pytest.raises(RuntimeError, match="results are read-only, so copy it to a local file"):
        gdal.VSIFOpenL(COMPOSITE_PATH, mode)
    assert sen2cube.request_lines() == []


def test_files_and_directories_are_neither_removed_nor_made(sen2cube):
    gdal.DontUseExceptions()
    try:
        assert gdal.Unlink(COMPOSITE_PATH) == -1
        assert gdal.Rename(COMPOSITE_PATH, "/vsis2c/10424/other.tiff") == -1
        assert gdal.Mkdir("/vsis2c/1", 0o755) == -1
        assert gdal.Rmdir("/vsis2c/10424") == -1
        assert gdal.RmdirRecursive("/vsis2c/10424") == -1
    finally:
        gdal.UseExceptions()
    assert {entry["method"] for entry in sen2cube.requests("api")} <= {"GET"}
    assert sen2cube.request_lines("files") == []


def test_headers_of_a_file_are_metadata(sen2cube):
    found = {name.lower(): value for name, value in
             gdal.GetFileMetadata("/vsis2c/10424/water_count.tiff", "HEADERS").items()}
    assert found["content-type"] == "image/tiff"
    assert found["etag"].startswith('"')
    assert "authorization" not in found
    assert not gdal.GetFileMetadata("/vsis2c/10424/water_count.tiff", "STATUS")
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("water_count")]


def test_no_sidecar_is_looked_for(sen2cube):
    dataset = gdal.Open("/vsis2c/10424/land_cover.tiff")
    assert dataset.GetFileList() == ["/vsis2c/10424/land_cover.tiff"]
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("land_cover")]


def test_a_directory_is_read_recursively_only_as_deep_as_it_is(sen2cube):
    assert gdal.ReadDirRecursive("/vsis2c/10424/") == NAMES
    # Later GDALs ask for every size, and the API does not tell those of the last two.
    assert sen2cube.request_lines()[:2] == [TOKEN, inference(10424)]
    assert not [line for line in sen2cube.request_lines("files") if not line.endswith(".zip")]


def test_a_folder_is_copied_as_a_whole(machine):
    started = time.monotonic()
    machine.succeed(*COPY, "/vsis2c/10425/", "copy")
    assert time.monotonic() - started < 30
    copies = {path.name: path.read_bytes() for path in (machine.work / "copy").iterdir()}
    assert sorted(copies) == ["inference.json", "water_count.tiff", "water_time_series.csv"]
    assert copies["water_count.tiff"] == content(sample("water_count"))
