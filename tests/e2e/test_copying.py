# SPDX-License-Identifier: MIT
"""Downloading an inference as a whole, with names of every kind, and its QGIS project."""

import base64
import io
import json
import zipfile

import pytest
from osgeo import gdal

from .support import (COPY, FOLDER, RASTERS, ROOT, TABLES, assert_same_raster, config_options,
                      content, inference, place, sample, vsi_content)
from .test_listing import names

PROJECT = "qgis-project-id10424.zip"
WATER, LAND = (place(name, 10425 if name == "water_count" else 10432)
               for name in ("water_count", "land_cover"))
CUBE = f"{FOLDER}/cube"
ODD = ["a b", " before", "after ", "a: b", "a/b/../c", "/etc/passwd", "it's \"quoted\"", "🌍 map",
       ".", "..", "...", "..hidden", ".hidden", "tab\there", "new\nline", "bell\a", "nul\0",
       "100%", "%41", "%2F", "A", "a", "Änderung", "änderung", "CON", "nul.txt", "com1", "back\\up",
       "<x>|*?", "-rf", "~", "$(touch x)", "`touch x`", "twice", "twice", "twice", "x" * 300,
       "x" * 299 + "y", "ü" * 200, "inference", "qgis-project-id10433", ""]


def copy(machine, source):
    """All that is in the folder where it was copied to."""
    done = machine.run(*COPY, source, "copy/")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in machine.work.iterdir()] == ["copy"]
    assert all(path.is_file() for path in (machine.work / "copy").iterdir())
    return {path.name: path.read_bytes() for path in (machine.work / "copy").iterdir()}


@pytest.fixture
def odd_outputs(sen2cube):
    """Inference 10433 with an output for every name; the content tells even from odd places."""
    outputs = [{"name": name, "file_type": "geotiff", "data": LAND if number % 2 else WATER}
               for number, name in enumerate(ODD)]
    outputs += [{"name": "cube.", "file_type": "zarr", "data": CUBE},
                {"name": "no file", "file_type": "csv"}, {"file_type": "csv"}, 7, None]
    sen2cube.create_file(CUBE, base64.b64encode(b"a cube").decode())
    sen2cube.change_inference(10433, output=json.dumps(outputs))
    yield
    sen2cube.delete_file(CUBE)
    sen2cube.change_inference(10433, output="[]")


def is_safe(name):
    return len(name.encode()) <= 255 and not name.startswith("..") and name[-1] not in ". " \
        and not any(char in '/\\:*?"<>|' or ord(char) < 32 for char in name) \
        and name.split(".")[0].lower() not in ("con", "nul", "com1")


def test_an_inference_is_copied_byte_for_byte(machine, sen2cube):
    copies = copy(machine, "/vsis2c/10424/")
    for name in RASTERS + TABLES:
        assert copies.pop(name + (".tiff" if name in RASTERS else ".csv")) == content(sample(name))
    assert copies.pop(PROJECT) == content(f"{ROOT}/data/qgis-project.zip")
    assert json.loads(copies.pop("inference.json"))["data"]["id"] == 10424
    assert copies == {}
    # The stats and openings of nine files are one look at the API and one for the document.
    api = sen2cube.request_lines("api")
    assert api == [inference(10424), "api GET /v1/inference/10424"]


def test_a_copy_in_an_existing_folder_is_a_folder_of_the_id(machine):
    (machine.work / "there").mkdir()
    machine.succeed(*COPY, "/vsis2c/10425", "there")
    assert sorted(path.name for path in (machine.work / "there" / "10425").iterdir()) \
        == ["inference.json", "water_count.tiff", "water_time_series.csv"]


def test_names_of_every_kind_are_copied_into_the_folder_and_nowhere_else(machine, odd_outputs):
    before = sorted(machine.folder.iterdir())
    copies = copy(machine, "/vsis2c/10433/")
    listed = gdal.ReadDir("/vsis2c/10433/")
    assert len(listed) == len(ODD) + 2 and all(is_safe(name) for name in listed)
    assert len({name.lower() for name in listed}) == len(listed)
    assert sorted(copies) == sorted(listed)
    for number, name in enumerate(listed[:len(ODD)]):
        assert copies[name] == content(sample("land_cover" if number % 2 else "water_count"))
    assert copies["cube%2E"] == b"a cube"
    assert [path for path in sorted(machine.folder.iterdir()) if path not in before] \
        == [machine.folder / f"home{machine.count}"]
    assert list((machine.folder / f"home{machine.count}").rglob("[!.]*.tiff")) == []


def test_names_of_every_kind_open_as_they_are_and_by_path(odd_outputs):
    subdatasets = [name for name, _ in gdal.Open("S2C:10433").GetSubDatasets()]
    assert len(subdatasets) == len(set(subdatasets)) == len(ODD)
    for number, listed in enumerate(gdal.ReadDir("/vsis2c/10433/")[:len(ODD)]):
        expected = sample("land_cover" if number % 2 else "water_count")
        assert_same_raster(subdatasets[number], expected)
        assert_same_raster(f"/vsis2c/10433/{listed}", expected)
        if ODD[number] and "\0" not in ODD[number]:
            assert_same_raster(f"S2C:10433:{ODD[number]}", sample(
                "land_cover" if ODD.index(ODD[number]) % 2 else "water_count"))


def test_an_output_without_a_file_is_not_listed_and_says_why_it_does_not_open(odd_outputs):
    assert "no file.csv" not in gdal.ReadDir("/vsis2c/10433/")
    with pytest.raises(RuntimeError, match="output 'no file' of inference 10433 has no file"):
        gdal.VSIFOpenL("/vsis2c/10433/no file.csv", "rb")


def archive_with(*samples):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(f"{ROOT}/data/qgis-project.zip", "inner/other.zip")
        for name in samples:
            archive.write(sample(name), f"inner/{name}.tiff", zipfile.ZIP_STORED)
    return buffer.getvalue()


def test_a_raster_in_the_project_opens_through_vsizip(sen2cube):
    bytes_of = archive_with("Cloud_free_composite", "water_count")
    project = f"{FOLDER}/{PROJECT}"
    try:
        sen2cube.replace_file(project, base64.b64encode(bytes_of).decode())
        inside = f"/vsizip//vsis2c/10424/{PROJECT}"
        with config_options(CPL_VSIL_ZIP_ALLOWED_EXTENSIONS=None):
            assert sorted(names(inside, -1)) == [
                "inner", "inner/Cloud_free_composite.tiff", "inner/other.zip",
                "inner/water_count.tiff"]
            listing = len(sen2cube.requests("files"))
            assert_same_raster(f"{inside}/inner/water_count.tiff", sample("water_count"))
        assert vsi_content(f"{inside}/inner/Cloud_free_composite.tiff") \
            == content(sample("Cloud_free_composite"))
        assert listing <= 3 and len(sen2cube.requests("files")) <= 12
        assert sen2cube.request_lines("api") == [inference(10424)]
    finally:
        sen2cube.replace_file(project, base64.b64encode(
            content(f"{ROOT}/data/qgis-project.zip")).decode())
