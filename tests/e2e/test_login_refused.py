# SPDX-License-Identifier: MIT
"""Logins that are refused, each with the advice that fits, and those that only need another try."""

import json
import time

import pytest

from .support import COMPOSITE
from .test_login import NOBODY, answer_of, grants, sen2cli_file, statuses

QUICK = {"S2C_RETRY_DELAY": "0.01"}


@pytest.fixture(autouse=True)
def sound_realm(sen2cube):
    yield
    sen2cube.settings(realm_enabled=True, https_required=False, most_failures=30)
    sen2cube.set_account("demo", None)


@pytest.mark.parametrize("state,advice", [
    ("unfinished", "log in once in the web application"), ("disabled", "ask the operator")])
def test_an_account_that_may_not_log_in_is_told_what_to_do(state, advice, machine, sen2cube):
    sen2cube.set_account("demo", state)
    error = machine.refusal(COMPOSITE)
    assert "the login of 'demo' was refused" in error and advice in error
    assert "check S2C_USERNAME" not in error
    assert statuses(sen2cube) == [400]


def test_a_locked_account_is_not_only_told_to_check_its_password(machine, sen2cube):
    sen2cube.settings(most_failures=1)
    for password in ("wrong", sen2cube.PASSWORD):
        error = machine.refusal(COMPOSITE, S2C_PASSWORD=password)
        assert "S2C_PASSWORD" in error and "an account is locked for some minutes" in error


@pytest.mark.parametrize("client,said", [
    ("nobody", "no such client"), ("iq-server", "has a secret"), ("iq-browser", "no passwords")])
def test_a_client_that_is_refused_is_named_by_its_option(client, said, machine, sen2cube):
    error = machine.refusal(COMPOSITE, S2C_CLIENT_ID=client)
    assert said in error and "S2C_CLIENT_ID" in error and "S2C_USERNAME" not in error
    assert len(grants(sen2cube)) == 1


def test_a_realm_that_is_not_there_is_named_with_its_address(machine, sen2cube):
    address = sen2cube.auth_url.replace("/realms/sen2cube-at/", "/realms/sen2cube/")
    error = machine.refusal(COMPOSITE, S2C_AUTH_URL=address)
    assert f"'{address}/token'" in error and "realm's name in S2C_AUTH_URL" in error
    assert sen2cube.api_url not in error


@pytest.mark.parametrize("settings,said", [
    ({"realm_enabled": False}, "the realm is switched off"),
    ({"https_required": True}, "set S2C_AUTH_URL to the https address")])
def test_a_realm_that_takes_no_logins_says_why(settings, said, machine, sen2cube):
    sen2cube.settings(**settings)
    error = machine.refusal(COMPOSITE)
    assert said in error and "S2C_USERNAME" not in error


def test_a_redirect_of_the_login_is_refused_and_its_target_named(machine, sen2cube):
    sen2cube.fault(server="auth", status=302,
                   headers={"Location": "https://other.example/login?state=a-secret"})
    error = machine.refusal(COMPOSITE)
    assert "a redirect to 'https://other.example/login'" in error and "S2C_AUTH_URL" in error
    assert "a-secret" not in error and len(sen2cube.requests()) == 1


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 502}, {"status": 503},
                                   {"status": 504}, {"close": True}])
def test_a_login_server_that_fails_once_is_asked_again(fault, machine, sen2cube):
    sen2cube.fault(server="auth", **fault)
    machine.succeed("gdalinfo", COMPOSITE, **QUICK)
    assert grants(sen2cube)[-1] == "password" and len(sen2cube.requests("auth")) == 2


def test_a_login_server_that_asks_for_patience_gets_it(machine, sen2cube):
    sen2cube.fault(server="auth", status=503, headers={"Retry-After": "2"})
    machine.succeed("gdalinfo", COMPOSITE, **QUICK)
    first, second = (entry["time"] for entry in sen2cube.requests("auth"))
    assert second - first > 1.9


@pytest.mark.parametrize("fault", [{"status": 502}, {"close": True}])
def test_a_password_whose_answers_are_lost_is_sent_no_oftener_than_twice(fault, machine, sen2cube):
    sen2cube.fault(server="auth", count=None, **fault)
    assert f"'{sen2cube.auth_url}/token'" in machine.refusal(COMPOSITE, **QUICK, S2C_MAX_RETRY=9)
    assert len(sen2cube.requests("auth")) == 2


def over(file):
    """The file, whose access token is over and whose refresh token is good."""
    file.write_text(json.dumps({**json.loads(file.read_text()), "expires_at": time.time() - 1}))


@pytest.mark.parametrize("status", [429, 503])
def test_a_refresh_that_was_certainly_not_done_is_sent_again(status, machine, sen2cube):
    file = sen2cli_file(machine.folder / "token.json", answer_of(sen2cube, machine))
    over(file)
    sen2cube.fault(server="auth", status=status)
    machine.succeed("gdalinfo", COMPOSITE, **NOBODY, **QUICK, S2C_TOKENFILE=file)
    assert statuses(sen2cube) == [status, 200]


# The server has done what was asked for, so that the same token again would end the session.
LOST = {"truncated": {"truncate": 10}, "by a gateway": {"status": 504}, "closed": {"close": True}}


@pytest.mark.parametrize("how", LOST)
def test_a_refresh_whose_answer_is_lost_is_not_sent_again(how, machine, sen2cube):
    file = sen2cli_file(machine.folder / "token.json", answer_of(sen2cube, machine))
    over(file)
    before = file.read_bytes()
    sen2cube.fault(server="auth", **LOST[how])
    error = machine.refusal(COMPOSITE, **NOBODY, **QUICK, S2C_TOKENFILE=file)
    assert "the login may have ended" in error and "sen2cli session login" in error
    assert len(sen2cube.requests("auth")) == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("how", LOST)
def test_a_refresh_whose_answer_is_lost_is_followed_by_the_password(how, machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    (file,) = cache.glob("*.json")
    over(file)
    sen2cube.forget()
    sen2cube.fault(server="auth", **LOST[how])
    machine.succeed("gdalinfo", COMPOSITE, **QUICK, S2C_TOKEN_CACHE=cache)
    assert len(sen2cube.requests("auth")) == 2 and grants(sen2cube)[-1] == "password"


def test_the_login_asks_for_what_userinfo_wants(machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    assert answer["scope"].split()[0] == "openid"
