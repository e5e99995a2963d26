# SPDX-License-Identifier: MIT
"""GDAL's programs for Windows with the plugin, and s2c.exe, against the local Sen2Cube."""

import filecmp
import json
import os
import pathlib
import re
import shutil

import pytest

from ..backend.process import ROOT, LocalSen2Cube
from .support import BUILD, PREFIX, needs_build, run

pytestmark = [needs_build,
              pytest.mark.skipif(not shutil.which("nginx"), reason="the local Sen2Cube needs nginx")]
DATA = pathlib.Path(ROOT, "data")
COMPOSITE = "S2C:10424:Cloud_free_composite"
PLUGINS = BUILD / "gdalplugins"


@pytest.fixture(scope="module", name="sen2cube")
def sen2cube_fixture():
    # Schannel, as libcurl 7.88 asks it, finds no address among a certificate's names.
    with LocalSen2Cube("--rsa", "--api-host", "localhost", "--files-host", "localhost") as server:
        yield server


class Machine:
    def __init__(self, folder, sen2cube):
        self.settings = {name: pathlib.Path(value) if value.startswith("/") else value
                         for name, value in sen2cube.environment().items()}
        self.settings.update(GDAL_DRIVER_PATH=PLUGINS, S2C_TOKEN_CACHE=folder / "tokens")

    def run(self, program, *arguments, **environment):
        path = PREFIX / "bin" / program
        return run(path if path.exists() else BUILD / program, *arguments,
                   **{**self.settings, **environment})

    def succeed(self, program, *arguments, **environment):
        done = self.run(program, *arguments, **environment)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def machine(tmp_path, sen2cube):
    sen2cube.forget()
    return Machine(tmp_path, sen2cube)


def checksums(text):
    return re.findall(r"Checksum=(\d+)", text)


def test_gdal_finds_the_driver(machine):
    formats = machine.succeed("gdalinfo.exe", "--formats")
    assert re.search(r"^  S2C -raster,vector-", formats, re.MULTILINE)


def test_without_the_plugin_gdal_warns_and_works(machine, tmp_path):
    (tmp_path / "plugins").mkdir()
    shutil.copy(PLUGINS / "gdal_S2C.dll", tmp_path / "plugins")
    done = machine.run("gdalinfo.exe", DATA / "water_count.tiff",
                       GDAL_DRIVER_PATH=tmp_path / "plugins")
    assert done.returncode == 0 and "Driver: GTiff" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert "s2c/gdal_S2C-3." in done.stderr and "is not there" in done.stderr


@pytest.mark.parametrize("name", ("Cloud_free_composite", "land_cover"))
def test_a_result_has_the_pixels_of_its_file(machine, name):
    local = machine.succeed("gdalinfo.exe", "-checksum", DATA / f"{name}.tiff")
    result = machine.succeed("gdalinfo.exe", "-checksum", f"S2C:10424:{name}")
    assert "Driver: S2C" in result and "INFERENCE_ID=10424" in result
    assert checksums(result) == checksums(local) != []


def test_a_second_program_needs_no_login(machine, sen2cube):
    machine.succeed("gdalinfo.exe", COMPOSITE)
    assert len(sen2cube.requests("auth")) == 1
    machine.succeed("gdalinfo.exe", COMPOSITE)
    assert len(sen2cube.requests("auth")) == 1


def test_the_cache_is_where_windows_has_it(machine, sen2cube):
    machine.succeed("gdalinfo.exe", COMPOSITE, S2C_TOKEN_CACHE="YES")
    folders = pathlib.Path(os.environ.get("WINEPREFIX", os.path.expanduser("~/.wine"))).glob(
        "drive_c/users/*/AppData/Local/gdal_S2C/*.json")
    assert list(folders)


def test_tables_and_the_catalogue_are_layers(machine):
    table = machine.succeed("ogrinfo.exe", "-so", "S2C:10424:water_time_series", "water_time_series")
    assert "Feature Count: 60" in table and "time: DateTime" in table
    rows = machine.succeed("ogrinfo.exe", "-q", "S2C:", "inference", "-where", "status = 'FAILED'")
    assert "status (String) = FAILED" in rows and "SUCCEEDED" not in rows


def test_files_are_listed_and_copied(machine, tmp_path):
    target = tmp_path / "Größe.tif"
    # With the separator that GDAL 3.6 takes here.
    machine.succeed("gdal_translate.exe", "-q", "/vsis2c/10424\\water_count.tiff", target)
    copied = machine.succeed("gdalinfo.exe", "-checksum", target)
    assert checksums(copied) == checksums(
        machine.succeed("gdalinfo.exe", "-checksum", DATA / "water_count.tiff")) != []


def test_many_results_are_one_raster(machine):
    mosaic = machine.succeed("gdalinfo.exe", "-checksum", "S2C:mosaic(10424):land_cover")
    assert checksums(mosaic) == checksums(
        machine.succeed("gdalinfo.exe", "-checksum", DATA / "land_cover.tiff")) != []


def test_a_certificate_that_nobody_knows_is_refused(machine):
    done = machine.run("gdalinfo.exe", COMPOSITE, GDAL_CURL_CA_BUNDLE="", CURL_CA_BUNDLE="")
    assert done.returncode != 0
    assert "is not trusted" in done.stderr and "set GDAL_CURL_CA_BUNDLE" in done.stderr


def test_s2c_gets_files_into_folders_of_any_name(machine, tmp_path):
    folder = tmp_path / "Flächen – 面积"
    machine.succeed("s2c.exe", "get", "10424", "water_count", "green_spaces", "-o", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["green_spaces.csv",
                                                              "water_count.tiff"]
    for path in folder.iterdir():
        assert filecmp.cmp(path, DATA / path.name, shallow=False)
    assert json.loads(machine.succeed("s2c.exe", "get", "10424", "water_count", "-o", folder,
                                      "--json"))


def test_s2c_tells_what_is_wrong_with_a_word(machine):
    done = machine.run("s2c.exe", "get", "zehntausend – 一万")
    assert done.returncode == 2 and "zehntausend – 一万" in done.stderr
