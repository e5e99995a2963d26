# SPDX-License-Identifier: MIT
"""What is Windows' own of GDAL's programs with the plugin, and of s2c.exe."""

import filecmp
import re
import shutil
import subprocess

import pytest

from ..e2e.support import sample
from .machine import COMPOSITE
from .support import BUILD

PLUGINS = BUILD / "gdalplugins"


def checksums(text):
    return re.findall(r"Checksum=(\d+)", text)


def head_of(library):
    return subprocess.run(["x86_64-w64-mingw32-objdump", "-p", library], check=True,
                          capture_output=True, text=True).stdout


@pytest.mark.parametrize("library", sorted(PLUGINS.rglob("*.dll")), ids=lambda path: path.name)
def test_a_library_shows_its_door_alone(library):
    shown = re.findall(r"^\s+\[ *\d+\] (?:\+base\[ *\d+\] +[0-9a-f]+ )?([A-Za-z_]\w*)$",
                       head_of(library), re.MULTILINE)
    assert shown == ["GDALRegister_S2C"]


@pytest.mark.parametrize("library", sorted(PLUGINS.rglob("*.dll")), ids=lambda path: path.name)
def test_a_library_needs_none_of_the_compilers(library):
    needed = set(re.findall(r"DLL Name: (.*)", head_of(library)))
    assert not [name for name in needed if re.match("lib(gcc|stdc|winpthread)", name)]
    if library.name == "gdal_S2C.dll":
        assert needed == {"KERNEL32.dll", "msvcrt.dll"}


def test_gdal_finds_the_driver(windows):
    formats = windows.succeed("gdalinfo", "--formats")
    assert re.search(r"^  S2C -raster,vector-", formats, re.MULTILINE)


def test_without_the_plugin_gdal_warns_once_and_works(windows, tmp_path):
    (tmp_path / "plugins").mkdir()
    shutil.copy(PLUGINS / "gdal_S2C.dll", tmp_path / "plugins")
    done = windows.run("gdalmanage", "identify", "nothing.tif",
                       GDAL_DRIVER_PATH=tmp_path / "plugins")
    assert done.returncode == 0 and len(done.errors.splitlines()) == 1
    assert "s2c/gdal_S2C-3." in done.errors and "is not there" in done.errors


@pytest.mark.parametrize("separator", ("/", "\\"))
def test_a_path_may_have_the_systems_separator(windows, tmp_path, separator):
    target = tmp_path / "Größe – 面积.tif"
    windows.succeed("gdal_translate", "-q", f"/vsis2c/10424{separator}land_cover.tiff", target)
    copied = windows.succeed("gdalinfo", "-checksum", target)
    assert checksums(copied) == checksums(
        windows.succeed("gdalinfo", "-checksum", "S2C:10424:land_cover")) != []


def test_a_certificate_that_nobody_knows_is_refused(windows):
    said = windows.refusal("gdalinfo", COMPOSITE, GDAL_CURL_CA_BUNDLE=None)
    assert "is not trusted" in said and "set GDAL_CURL_CA_BUNDLE" in said


def test_arguments_and_folders_are_of_any_alphabet(windows, tmp_path):
    folder = tmp_path / "Flächen – 面积"
    windows.succeed("s2c", "get", "10424", "green_spaces", "-o", folder)
    assert [path.name for path in folder.iterdir()] == ["green_spaces.csv"]
    assert filecmp.cmp(folder / "green_spaces.csv", sample("green_spaces"), shallow=False)
    assert "'zehntausend – 一万'" in windows.refusal("s2c", "get", "zehntausend – 一万")


def test_variables_are_of_any_alphabet(windows, tmp_path, sen2cube):
    windows.succeed("gdalinfo", COMPOSITE, S2C_TOKEN_CACHE=tmp_path / "Größe – 面积",
                    S2C_USERNAME=sen2cube.OTHER_USERNAME, S2C_PASSWORD=sen2cube.OTHER_PASSWORD)
    assert list((tmp_path / "Größe – 面积").glob("*.json"))


def test_the_program_needs_no_plugin(windows, tmp_path):
    assert "10424" in windows.succeed("s2c", "list", GDAL_DRIVER_PATH=tmp_path)
