# SPDX-License-Identifier: MIT
"""The .deb where no compiler is. `scripts/matrix --package` makes the two folders and the file."""

import hashlib
import os
import re
import shutil
import subprocess

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from ..e2e.support import COMPOSITE, ROOT, sample
from .folder import Folder

# Where a program asks for it, rasterio logs what GDAL warns of.
RASTERIO = """
import hashlib, logging, sys
import rasterio
logging.basicConfig(level=logging.WARNING)
print(hashlib.sha256(rasterio.open(sys.argv[1]).read().tobytes()).hexdigest())
"""
TERRA = "suppressMessages(library(terra)); cat(dim(rast('%s')))"
OSGEO = """
import sys
from osgeo import gdal, ogr
gdal.UseExceptions()
ogr.UseExceptions()
print(gdal.Open(sys.argv[1]).ReadAsArray().sum())
"""


@pytest.fixture(scope="module")
def sen2cube():
    with LocalSen2Cube() as server:
        yield server


@pytest.fixture(scope="module")
def folder(sen2cube):
    return Folder(os.environ["PACKAGE_FOLDER"], sen2cube)


def remove(folder):
    """With the libraries that came with it."""
    folder.succeed("dpkg", "--purge", "gdal-s2c")
    folder.succeed("apt-get", "autoremove", "--purge", "-y", "-qq")


@pytest.fixture(scope="module")
def before(folder):
    remove(folder)
    return folder.files()


@pytest.fixture(scope="module")
def installed(folder, before):
    package = folder.take(os.environ["PACKAGE"])
    folder.succeed("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    assert "not stripped" not in subprocess.run(
        ["file", *folder.path.glob("usr/lib/*/gdalplugins/**/gdal_S2C*.so")], text=True,
        capture_output=True, check=True).stdout
    return folder


@pytest.fixture(scope="module")
def other(sen2cube, tmp_path_factory):
    """A folder with another GDAL, and in it nothing of the package but the files of the plugin."""
    folder = Folder(os.environ["PACKAGE_OTHER_FOLDER"], sen2cube)
    unpacked = tmp_path_factory.mktemp("package")
    subprocess.run(["dpkg-deb", "-x", os.environ["PACKAGE"], unpacked], check=True)
    (plugins,) = unpacked.glob("usr/lib/*/gdalplugins")
    folder.plugins = folder.path / plugins.relative_to(unpacked)
    folder.new = [path.relative_to(plugins) for path in plugins.iterdir()]
    assert sorted(map(str, folder.new)) == ["gdal_S2C.so", "s2c"]
    folder.unpacked = plugins
    return folder


@pytest.fixture
def left_behind(other):
    """Puts the plugin's files there."""
    def put():
        shutil.copytree(other.unpacked, other.plugins, dirs_exist_ok=True)
    yield put
    (other.plugins / "gdal_S2C.so").unlink(missing_ok=True)
    shutil.rmtree(other.plugins / "s2c", ignore_errors=True)


def test_gdal_has_the_driver(installed):
    assert "Short Name: S2C" in installed.succeed("gdalinfo", "--format", "S2C")


def test_rasterio_reads_the_pixels_of_the_file(installed):
    found = installed.succeed("python3", "-c", RASTERIO, COMPOSITE).strip()
    pixels = gdal.Open(sample("Cloud_free_composite")).ReadAsArray()
    assert found == hashlib.sha256(pixels.tobytes()).hexdigest()


def test_r_opens_a_result(installed):
    raster = gdal.Open(sample("Cloud_free_composite"))
    assert installed.succeed("Rscript", "--vanilla", "-e", TERRA % COMPOSITE) \
        == f"{raster.RasterYSize} {raster.RasterXSize} {raster.RasterCount}"


def test_qgis_shows_a_result(installed):
    program = installed.take(os.path.join(ROOT, "tests", "e2e", "qgis_program.py"))
    shown = installed.succeed("python3", program, "describe", COMPOSITE,
                              f"/{installed.WORK}/shown.png")
    assert '"valid": true' in shown


def test_the_program_has_its_page_and_its_completions(installed):
    assert installed.succeed("s2c", "--version").startswith("s2c ")
    assert installed.succeed("man", "-w", "s2c").startswith("/usr/share/man/man1/s2c.1")
    for place in ("bash-completion/completions/s2c", "zsh/vendor-completions/_s2c",
                  "doc/gdal-s2c/README.md", "doc/gdal-s2c/docs/options.md"):
        assert (installed.path / "usr/share" / place).exists(), place


def test_removal_leaves_nothing(installed, before):
    remove(installed)
    assert installed.files() == before


# terra keeps GDAL's warnings to itself.
@pytest.mark.parametrize("warnings, command", [
    (1, ["ogrinfo", "--formats"]),
    (1, ["gdalinfo", "FILE"]),
    (1, ["gdal_translate", "-q", "-of", "PNG", "-ot", "Byte", "FILE", f"/{Folder.WORK}/copy.png"]),
    (1, ["gdalinfo", "/nowhere.tif"]),
    (1, ["python3", "-c", OSGEO, "FILE"]),
    (1, ["python3", "-c", RASTERIO, "FILE"]),
    (0, ["Rscript", "--vanilla", "-e", TERRA % "FILE"]),
], ids=["ogrinfo", "gdalinfo", "gdal_translate", "no file", "osgeo", "rasterio", "terra"])
def test_under_another_gdal_there_is_one_warning_and_nothing_else_changes(other, left_behind,
                                                                          warnings, command):
    file = other.take(sample("Cloud_free_composite"))
    command = [part.replace("FILE", file) for part in command]
    alone = other.run(*command)
    left_behind()
    beside = other.run(*command)
    assert (beside.returncode, beside.stdout) == (alone.returncode, alone.stdout)
    said = [line for line in beside.stderr.splitlines() if line not in alone.stderr.splitlines()]
    assert len(said) == warnings, beside.stderr
    for line in said:
        assert "gdal_S2C-" in line and "install gdal_S2C for GDAL 3." in line


def test_under_another_gdal_a_name_says_what_helps(other, left_behind):
    left_behind()
    done = other.run("gdalinfo", COMPOSITE)
    assert done.returncode > 0
    assert done.stderr.count("gdal_S2C-") == 1 and "S2C:10424" in done.stderr


def test_the_package_knows_its_libraries():
    (needed,) = re.findall(r"Depends: (.*)", subprocess.run(
        ["dpkg-deb", "--info", os.environ["PACKAGE"]], text=True, capture_output=True,
        check=True).stdout)
    assert re.search(r"\blibgdal\d+ \(>= 3\.", needed) and "libcurl4" in needed
