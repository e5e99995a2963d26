# SPDX-License-Identifier: MIT
"""Token files that are no way in say why, and those of sen2cli serve in all their shapes."""

import json
import os
import time

import pytest

from .support import COMPOSITE
from .test_login import NOBODY, WITHOUT_PRIVILEGES, answer_of, grants, jwt, sen2cli_file


@pytest.fixture
def answer(machine, sen2cube):
    return answer_of(sen2cube, machine)


@pytest.fixture
def file(machine):
    return machine.folder / "token.json"


def why(machine, file):
    """Why a token file is no way in: what is said in place of "no credentials"."""
    error = machine.refusal(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert "no credentials" not in error and f"'{file}'" in error
    assert "sen2cli session login" in error
    return error


@pytest.mark.parametrize("refresh_token", [True, False])
def test_a_login_that_has_ended_says_when(refresh_token, answer, file, machine, sen2cube):
    moment = int(time.time()) - 10
    # A refresh token lives 1500 seconds longer than its access token.
    changes = {"expires_at": moment - 1500} if refresh_token \
        else {"expires_at": moment, "refresh_token": None}
    sen2cli_file(file, answer, **changes)
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    assert f"has ended at {text}" in why(machine, file)
    assert sen2cube.requests() == []


@pytest.mark.parametrize("content", ["", "null", "null\n"])
def test_a_file_that_sen2cli_has_emptied_says_so(content, file, machine, sen2cube):
    file.write_text(content)
    assert "is empty" in why(machine, file)
    assert sen2cube.requests() == []


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"access_token": "a"}', "<html>"])
def test_a_file_that_is_no_token_file_says_so(content, file, machine):
    file.write_text(content)
    assert "is not a token file" in why(machine, file)


def test_a_file_of_another_issuer_names_both(answer, file, machine, sen2cube):
    sen2cli_file(file, answer, access_token=jwt("https://auth.sen2cube.at/realms/sen2cube-at"))
    error = why(machine, file)
    assert "'https://auth.sen2cube.at/realms/sen2cube-at'" in error
    assert f"S2C_AUTH_URL ('{sen2cube.auth_url}')" in error
    assert sen2cube.requests() == []


def test_somebody_elses_file_says_so(answer, file, machine, sen2cube):
    if os.geteuid() == 0:
        os.chown(sen2cli_file(file, answer), 65534, 65534)
    else:
        # A file of root's, whatever it holds.
        file = "/etc/passwd"
    assert "belongs to another user" in why(machine, file)
    assert sen2cube.requests() == []


def test_a_file_that_cannot_be_read_says_so(answer, file, machine):
    sen2cli_file(file, answer).chmod(0)
    done = machine.run(*WITHOUT_PRIVILEGES, "gdalinfo", COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert f"'{file}' cannot be read (Permission denied)" in done.stderr
    assert "no credentials" not in done.stderr
    assert "not a file" in why(machine, machine.folder)


def test_a_file_that_is_not_there_is_named(machine):
    error = machine.refusal(COMPOSITE, **NOBODY, S2C_TOKENFILE="/nowhere/token.json")
    assert "no credentials" in error and "'/nowhere/token.json'" in error


def test_sen2clis_own_file_that_is_not_there_is_named(machine):
    assert ".sen2cli/token.json'" in machine.refusal(COMPOSITE, **NOBODY)


def test_a_session_that_was_ended_by_the_server_says_so(answer, file, machine, sen2cube):
    sen2cli_file(file, answer, expires_at=time.time() - 1)
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    # As a copy does that another program has refreshed: the session is over for both.
    sen2cli_file(file, answer, expires_at=time.time() - 1)
    error = machine.refusal(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert "the login has ended" in error and "reuse exceeded" in error


SHAPES = {"as oauthlib writes it": lambda answer: {"scope": answer["scope"].split(),
                                                   "expires_at": time.time() + 299.5},
          "as this side writes it": lambda answer: {"expires_at": int(time.time()) + 300},
          "of an offline session": lambda answer: {"refresh_expires_in": 0,
                                                   "expires_at": time.time() - 90_000}}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_serves_in_every_shape(shape, answer, file, machine, sen2cube):
    sen2cli_file(file, answer, **SHAPES[shape](answer))
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert grants(sen2cube) == (["refresh_token"] if "offline" in shape else [])
    written = json.loads(file.read_text())
    assert {"access_token", "token_type", "expires_at"} < set(written)
