# SPDX-License-Identifier: MIT
"""Whose folders the plugin uses: the user's own, and none that nobody has made."""

import json
import os
import uuid

import pytest

from .support import COMPOSITE


def grants(sen2cube):
    return [entry["grant"] for entry in sen2cube.requests("auth")]


def test_a_tilde_is_the_home_folder(machine, sen2cube):
    home = machine.folder / "own home"
    home.mkdir()
    password = home / "password"
    password.write_text(sen2cube.PASSWORD + "\n")
    password.chmod(0o600)
    for _ in range(2):
        machine.gdalinfo(COMPOSITE, HOME=home, S2C_TOKEN_CACHE="~/x/tokens", S2C_PASSWORD=None,
                         S2C_PASSWORD_FILE="~/password")
    assert grants(sen2cube) == ["password"]
    (file,) = (home / "x" / "tokens").glob("*.json")
    token = home / "token.json"
    token.write_text(file.read_text())
    token.chmod(0o600)
    machine.gdalinfo(COMPOSITE, HOME=home, S2C_TOKENFILE="~/token.json", S2C_USERNAME=None,
                     S2C_PASSWORD=None)
    assert grants(sen2cube) == ["password"]
    assert list(machine.work.iterdir()) == []


@pytest.mark.parametrize("cache", [None, "YES", "~/x", "~nobody/x"])
def test_a_home_that_is_relative_gets_nothing(cache, machine, sen2cube):
    done = machine.run("gdalinfo", COMPOSITE, HOME=".", S2C_TOKEN_CACHE=cache, CPL_DEBUG="S2C")
    assert done.returncode == 0 and "kept in memory only" in done.stderr
    if cache != "~nobody/x":
        assert "the home folder '.' is not used: it is not an absolute path" in done.stderr
    assert list(machine.work.iterdir()) == []


@pytest.mark.parametrize("name", ["HOME", "XDG_CACHE_HOME"])
def test_a_home_that_does_not_exist_is_not_made(name, machine, sen2cube):
    home = f"/nonexistent-{uuid.uuid4()}"
    machine.gdalinfo(COMPOSITE, **{name: home + "/below"})
    done = machine.run("gdalinfo", COMPOSITE, CPL_DEBUG="S2C", **{name: home + "/below"})
    assert done.returncode == 0 and "does not exist" in done.stderr
    assert not os.path.exists(home)
    assert grants(sen2cube) == ["password", "password"]


def test_what_lies_below_a_home_is_made(machine, sen2cube):
    home = machine.folder / "own home"
    home.mkdir()
    for _ in range(2):
        machine.gdalinfo(COMPOSITE, HOME=home, XDG_CACHE_HOME=home / "caches" / "mine")
    assert grants(sen2cube) == ["password"]
    assert len(list((home / "caches" / "mine" / "gdal_S2C").glob("*.json"))) == 1


def test_a_relative_folder_counts_from_where_the_program_stands(machine, sen2cube):
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE="tokens")
    (file,) = (machine.work / "tokens").glob("*.json")
    assert json.loads(file.read_text())["s2c_user"] == "demo"


def test_without_a_home_a_file_in_it_is_an_error(machine):
    for option in ("S2C_TOKENFILE", "S2C_PASSWORD_FILE"):
        done = machine.run("gdalinfo", COMPOSITE, HOME="/proc/nowhere", S2C_PASSWORD=None,
                           **{option: "~/file"})
        assert done.returncode > 0
        assert f"{option} is '~/file', but this user has no home folder" in done.stderr
