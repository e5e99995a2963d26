# SPDX-License-Identifier: MIT
"""What the Python package gdal-s2c does when an interpreter starts; tests/wheel has the rest."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from .support import ROOT, SECONDS

# As site-packages: lines of .pth files are carried out.
START = """
import json, os, site, sys
before = set(sys.modules)
site.addsitedir(sys.argv[1])
names = ("GDAL_DRIVER_PATH", "GDAL_CURL_CA_BUNDLE")
# From 3.13 on Python reads .pth files with an encoding of their own.
print(json.dumps([os.environ.get(name) for name in names] + [sorted(
    name for name in set(sys.modules) - before if name != "encodings.utf_8_sig")]))
"""


@pytest.fixture
def packages(tmp_path):
    place = tmp_path / "packages"
    shutil.copytree(os.path.join(ROOT, "packaging", "wheel"), place)
    return place


def start(packages, python=sys.executable, **variables):
    done = subprocess.run([python, "-c", START, packages], env={"PATH": "/usr/bin:/bin", **variables},
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def folder(packages):
    return str(packages / "gdal_s2c" / "gdalplugins")


def bare_python(tmp_path):
    """With nothing beside it, as in a virtual environment."""
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {os.path.dirname(sys.executable)}\n")
    (tmp_path / "venv" / "bin" / "python3").symlink_to(sys.executable)
    return tmp_path / "venv" / "bin" / "python3"


def test_gdal_is_shown_the_folder_and_nothing_else_is_imported(packages, tmp_path):
    path, _, imported = start(packages, bare_python(tmp_path))
    assert (path, imported) == (folder(packages), ["gdal_s2c"])


@pytest.mark.parametrize("name", ["GDAL_DRIVER_PATH", "OGR_DRIVER_PATH"])
def test_folders_that_the_user_has_named_stay_and_come_first(packages, name):
    assert start(packages, **{name: "/one:/two"})[0] == f"/one:/two:{folder(packages)}"


def test_the_folder_is_named_once(packages):
    named = f"{folder(packages)}:/two"
    assert start(packages, GDAL_DRIVER_PATH=named)[0] == named


@pytest.mark.parametrize("word", ["disable", "DISABLE"])
def test_who_wants_no_plugins_gets_none(packages, word):
    assert start(packages, GDAL_DRIVER_PATH=word)[0] == word


def test_the_plugins_of_an_environments_own_gdal_stay(packages, tmp_path):
    python = bare_python(tmp_path)
    own = tmp_path / "venv" / "lib" / "gdalplugins"
    own.mkdir(parents=True)
    assert start(packages, python)[0] == f"{folder(packages)}:{own}"


def test_a_package_that_is_broken_or_gone_says_nothing(packages):
    (packages / "gdal_s2c" / "__init__.py").write_text("raise RuntimeError\n")
    assert start(packages)[0] is None
    shutil.rmtree(packages / "gdal_s2c")
    assert start(packages)[0] is None


def test_authorities_are_found_where_other_distributions_have_them(packages, tmp_path):
    code = packages / "gdal_s2c" / "__init__.py"
    bundle = tmp_path / "ca-bundle.crt"
    bundle.touch()
    text = code.read_text().replace("/etc/pki/tls/certs/ca-bundle.crt", str(bundle))
    code.write_text(text)
    assert start(packages)[1] == (None if os.path.exists("/etc/ssl/certs/ca-certificates.crt")
                                  else str(bundle))
    code.write_text(text.replace("/etc/ssl/certs/ca-certificates.crt", "/nowhere"))
    assert start(packages)[1] == str(bundle)
    assert start(packages, CURL_CA_BUNDLE="/other")[1] is None
