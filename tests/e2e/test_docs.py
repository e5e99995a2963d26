# SPDX-License-Identifier: MIT
"""Every command in the documents works, against the local Sen2Cube, as a user would type it."""

import glob
import os
import re
import subprocess

import pytest
from osgeo import gdal

from .support import ROOT, SECONDS

PAGES = ["README.md", *sorted(os.path.relpath(page, ROOT)
                              for page in glob.glob(os.path.join(ROOT, "docs", "*.md")))]
# "sh gdal-3.11" is a block for GDAL 3.11 and newer, "sh heavy" one of a program too large to be set up
# for it (Debian's grass-core): HEAVY_DOCS=1 runs these as well.
BLOCK = re.compile(r"^```sh(?: gdal-(\d+)\.(\d+))?( heavy)?\n(.*?)^```",
                   re.MULTILINE | re.DOTALL)
SCRIPT = re.compile(r"scripts/[\w-]+")


def text_of(page):
    with open(os.path.join(ROOT, page), encoding="utf-8") as file:
        return file.read()


def commands():
    for page in PAGES:
        for number, (major, minor, heavy, block) in enumerate(BLOCK.findall(text_of(page)), 1):
            since = int(major or 0) * 1000000 + int(minor or 0) * 10000
            wanted = not heavy or os.environ.get("HEAVY_DOCS")
            if wanted and int(gdal.VersionInfo()) >= since:
                yield pytest.param(block, id=f"{page}-{number}")


@pytest.mark.parametrize("block", commands())
def test_the_commands_of_a_block_work(block, sen2cube, tmp_path):
    os.symlink(os.path.join(ROOT, "build"), tmp_path / "build")
    login = {"S2C_USERNAME": "demo", "S2C_PASSWORD": "demo-password"}
    for name, value in login.items():
        block = block.replace(f"{name}=...", f"{name}={value}")
    # The program as it is installed.
    path = os.path.join(ROOT, "build") + ":/usr/bin:/bin"
    environment = {**os.environ, **sen2cube.environment(), "PATH": path,
                   "GDAL_DRIVER_PATH": os.path.join(ROOT, "build", "gdalplugins")}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_the_scripts_and_pages_that_a_page_names_are_there(page):
    text = text_of(page)
    links = [os.path.join(os.path.dirname(page), link)
             for link in re.findall(r"\]\(([\w./-]+\.(?:md|png))\)", text)]
    for name in [*SCRIPT.findall(text), *links]:
        assert os.path.exists(os.path.join(ROOT, name)), name


@pytest.mark.parametrize("file, version", [
    ("packaging/conda/meta.yaml", r'set version = "(.*)"'),
    ("packaging/msys2/PKGBUILD", r"pkgver=(.*)"),
    ("docs/installation.md", r"gdal-s2c_([\d.]+)_amd64"),
    ("CHANGELOG.md", r"## ([\d.]+)")])
def test_whatever_names_a_version_names_this_one(file, version):
    ours = re.search(r"^project\(gdal_S2C VERSION ([\d.]+)", text_of("CMakeLists.txt"), re.MULTILINE)
    assert re.search(version, text_of(file))[1] == ours[1]


def test_the_options_page_is_what_the_plugin_says():
    done = subprocess.run(["/usr/bin/python3", os.path.join(ROOT, "scripts", "update-docs"),
                           "--check"], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
