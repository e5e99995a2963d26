# SPDX-License-Identifier: MIT
"""Tokens that are stored open for the password that brought them, and for who gives none."""

import json
import sys
import time

import pytest

from .support import COMPOSITE, assert_no_secret

IN_TURN = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
outcomes = []
for password in json.loads(sys.argv[2]):
    try:
        gdal.OpenEx(sys.argv[1], open_options=[f"PASSWORD={password}"])
        outcomes.append("opened")
    except RuntimeError as error:
        outcomes.append(str(error))
print(json.dumps(outcomes))
"""

# A visitor who knows how the plugin names what another one has open.
GUESSING = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
kept = gdal.OpenEx(sys.argv[1], open_options=sys.argv[2:])
opened = []
for number in range(200):
    try:
        opened.append(gdal.Open(f"/vsis2c/~{number}/10424/Cloud_free_composite.tiff") is not None)
    except RuntimeError:
        pass
print(json.dumps([kept.RasterCount, opened]))
"""


def logins(sen2cube):
    return [(entry["grant"], entry["status"]) for entry in sen2cube.requests("auth")]


@pytest.fixture
def cache(machine, sen2cube):
    """Of `demo`, who has just logged in."""
    folder = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=folder)
    sen2cube.forget()
    return folder


WRONG = {"by the environment": ([], {"S2C_PASSWORD": "guess"}),
         "with the dataset": (["-oo", "USERNAME=demo", "-oo", "PASSWORD=guess"], {}),
         "with the dataset alone": (["-oo", "PASSWORD=guess"], {"S2C_PASSWORD": None}),
         "with the dataset, of nobody else": (["-oo", "USERNAME=demo", "-oo", "PASSWORD=guess"],
                                              {"S2C_USERNAME": None, "S2C_PASSWORD": None})}


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_password_reads_nothing_and_costs_nothing_that_is_stored(way, machine, sen2cube,
                                                                         cache):
    arguments, variables = WRONG[way]
    (file,) = cache.glob("*.json")
    before = file.read_bytes()
    error = machine.refusal(COMPOSITE, *arguments, S2C_TOKEN_CACHE=cache, **variables)
    assert "the login of 'demo' was refused" in error and "guess" not in error
    assert [entry["server"] for entry in sen2cube.requests()] == ["auth"]
    assert file.read_bytes() == before
    sen2cube.forget()
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert logins(sen2cube) == []


def test_a_wrong_password_in_a_file_reads_nothing(machine, sen2cube, cache):
    file = machine.folder / "password"
    file.write_text("guess\n")
    file.chmod(0o600)
    error = machine.refusal(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD=None,
                            S2C_PASSWORD_FILE=file)
    assert "the login of 'demo' was refused" in error
    file.write_text(sen2cube.PASSWORD)
    sen2cube.forget()
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD=None, S2C_PASSWORD_FILE=file)
    assert logins(sen2cube) == []


def test_an_empty_password_is_not_none(machine, sen2cube, cache):
    error = machine.refusal(COMPOSITE, "-oo", "PASSWORD=", S2C_TOKEN_CACHE=cache)
    assert "the password given for 'demo' is empty" in error and "S2C_PASSWORD" in error
    assert sen2cube.requests() == []


def test_a_wrong_password_refreshes_nothing(machine, sen2cube, cache):
    sen2cube.expire_access()
    (file,) = cache.glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "expires_at": time.time() - 1}))
    machine.refusal(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD="guess")
    assert logins(sen2cube) == [("password", 401)]


def test_who_gives_no_password_reads_what_is_stored_without_a_login(machine, sen2cube, cache):
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD=None)
    assert logins(sen2cube) == []


def test_tokens_of_which_nobody_knows_the_password_want_a_login_once(machine, sen2cube, cache):
    (file,) = cache.glob("*.json")
    content = json.loads(file.read_text())
    # As versions 0.1.0 and before wrote it.
    del content["s2c_password_digest"]
    file.write_text(json.dumps(content))
    machine.refusal(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD="guess")
    for _ in range(2):
        machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert logins(sen2cube) == [("password", 401), ("password", 200)]


def test_in_one_process_a_wrong_password_fails_after_the_right_one(machine, sen2cube):
    right, wrong = sen2cube.PASSWORD, "guess"
    order = [right, wrong, right, wrong, "", right]
    outcomes = machine.python(IN_TURN, COMPOSITE, json.dumps(order),
                              S2C_TOKEN_CACHE=machine.folder / "tokens", S2C_PASSWORD=None)
    assert [outcome == "opened" for outcome in outcomes] == [one == right for one in order]
    assert "was refused" in outcomes[1] and "is empty" in outcomes[4]
    # A refusal holds for some seconds, so that nobody is locked out for trying twice.
    assert logins(sen2cube) == [("password", 200), ("password", 401)]


def test_what_another_has_open_is_behind_no_path_that_can_be_guessed(machine, sen2cube):
    found = machine.python(GUESSING, COMPOSITE, "USERNAME=demo", f"PASSWORD={sen2cube.PASSWORD}",
                           S2C_USERNAME=None, S2C_PASSWORD=None)
    assert found == [3, []]


def test_no_file_holds_the_password_in_a_form_that_can_be_read(machine, sen2cube, cache):
    (file,) = cache.glob("*.json")
    content = file.read_text()
    assert sen2cube.PASSWORD not in content
    # crypt(5): the method, its cost and a salt stand before the digest itself.
    assert json.loads(content)["s2c_password_digest"].count("$") >= 3
    done = machine.run(sys.executable, "-c", IN_TURN, COMPOSITE, '["guess"]', CPL_DEBUG="ON",
                       S2C_TOKEN_CACHE=cache)
    assert "not known to have come by the given password" in done.stderr
    assert "guess" not in done.stderr
    assert_no_secret(done.stderr)
