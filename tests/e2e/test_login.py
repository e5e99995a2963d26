# SPDX-License-Identifier: MIT
"""The ways in, their order, and what is left of them: each in a fresh process."""

import base64
import json
import os
import stat
import time

import pytest

from .support import COMPOSITE

NOBODY = {"S2C_USERNAME": None, "S2C_PASSWORD": None}


def grants(sen2cube):
    return [entry["grant"] for entry in sen2cube.requests("auth")]


def statuses(sen2cube):
    return [entry["status"] for entry in sen2cube.requests("auth")]


def answer_of(sen2cube, machine):
    """Tokens as another program would have got them: what a login leaves in a cache."""
    folder = machine.folder / f"login{machine.count}"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=folder)
    sen2cube.forget()
    (file,) = folder.glob("*.json")
    return json.loads(file.read_text())


def sen2cli_file(path, answer, **changes):
    """As sen2cli writes it: the server's answer, when it ends, and readable by all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in answer.items() if not name.startswith("s2c_")}
    path.write_text(json.dumps({**kept, "of sen2cli": [1, {"a": None}], **changes}))
    path.chmod(0o644)
    return path


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_password_file_logs_in_and_its_last_line_break_is_none_of_the_password(machine, sen2cube):
    file = machine.folder / "password"
    file.write_text(sen2cube.PASSWORD + "\n")
    file.chmod(0o600)
    machine.gdalinfo(COMPOSITE, S2C_PASSWORD=None, S2C_PASSWORD_FILE=file)
    assert grants(sen2cube) == ["password"]


def test_a_password_file_that_others_can_read_is_warned_of(machine, sen2cube):
    file = machine.folder / "password"
    file.write_text(sen2cube.PASSWORD)
    file.chmod(0o644)
    done = machine.run("gdalinfo", COMPOSITE, S2C_PASSWORD=None, S2C_PASSWORD_FILE=file)
    assert done.returncode == 0
    assert done.stderr.startswith("Warning 1: S2C: the password file ")
    assert "chmod 600" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_password_file_that_is_not_there_is_named(machine):
    error = machine.refusal(COMPOSITE, S2C_PASSWORD=None, S2C_PASSWORD_FILE="/nowhere/password")
    assert "/nowhere/password" in error and "S2C_PASSWORD_FILE" in error


def test_a_password_with_every_odd_character_logs_in(machine, sen2cube):
    machine.gdalinfo(COMPOSITE, S2C_USERNAME=sen2cube.OTHER_USERNAME,
                     S2C_PASSWORD=sen2cube.OTHER_PASSWORD)
    assert statuses(sen2cube) == [200]


@pytest.mark.parametrize("option", ["S2C_ACCESS_TOKEN", "GDAL_HTTP_BEARER"])
def test_a_given_access_token_comes_before_all_else(option, machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    machine.gdalinfo(COMPOSITE, **{option: answer["access_token"]})
    assert grants(sen2cube) == []


def test_a_given_access_token_that_is_refused_is_followed_by_the_next_way(machine, sen2cube):
    machine.gdalinfo(COMPOSITE, S2C_ACCESS_TOKEN="of another day")
    assert [(entry["server"], entry["status"]) for entry in sen2cube.requests()] \
        == [("api", 401), ("auth", 200), ("api", 200), ("files", 206)]


def test_a_given_access_token_that_is_refused_alone_is_one_clear_error(machine):
    error = machine.refusal(COMPOSITE, **NOBODY, S2C_ACCESS_TOKEN="of another day")
    assert "access token was refused (HTTP 401)" in error and "S2C_ACCESS_TOKEN" in error


def test_the_next_process_needs_no_login(machine, sen2cube):
    cache = machine.folder / "tokens"
    for _ in range(2):
        machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    asked = [entry["server"] for entry in sen2cube.requests()]
    # The second process asks both at once.
    assert asked[:3] == ["auth", "api", "files"] and sorted(asked[3:]) == ["api", "files"]
    assert mode(cache) == mode(cache / "answers") == 0o700
    assert {mode(file) for file in cache.rglob("*") if file.is_file()} == {0o600}


def test_the_cache_is_off_when_it_is_switched_off(machine, sen2cube):
    for _ in range(2):
        machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE="NO")
    assert grants(sen2cube) == ["password", "password"]


def test_accounts_do_not_share_what_is_cached(machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_USERNAME=sen2cube.OTHER_USERNAME,
                     S2C_PASSWORD=sen2cube.OTHER_PASSWORD)
    assert grants(sen2cube) == ["password", "password"]
    assert len(list(cache.glob("*.json"))) == 2


def test_a_refresh_token_is_exchanged_once_and_the_cache_keeps_what_follows(machine, sen2cube):
    refresh_token = answer_of(sen2cube, machine)["refresh_token"]
    cache = machine.folder / "tokens"
    for _ in range(3):
        machine.gdalinfo(COMPOSITE, **NOBODY, S2C_REFRESH_TOKEN=refresh_token,
                         S2C_TOKEN_CACHE=cache)
    assert grants(sen2cube) == ["refresh_token"]
    sen2cube.expire_access()
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_REFRESH_TOKEN=refresh_token, S2C_TOKEN_CACHE=cache)
    assert grants(sen2cube) == ["refresh_token", "refresh_token"]
    assert statuses(sen2cube) == [200, 200]


def test_a_token_file_is_read_as_sen2cli_leaves_it(machine, sen2cube):
    file = sen2cli_file(machine.folder / "token.json", answer_of(sen2cube, machine))
    before = file.read_bytes()
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert grants(sen2cube) == []
    assert file.read_bytes() == before


def test_a_refreshed_token_file_is_written_back_for_sen2cli(machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    file = sen2cli_file(machine.folder / "token.json", answer, expires_at=time.time() - 1)
    link = machine.folder / "link.json"
    link.symlink_to(file)
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_TOKENFILE=link)
    assert grants(sen2cube) == ["refresh_token"]
    written = json.loads(file.read_text())
    assert link.is_symlink() and mode(file) == 0o600
    assert written["access_token"] != answer["access_token"]
    assert written["refresh_token"] != answer["refresh_token"]
    assert written["token_type"] == "Bearer" and written["of sen2cli"] == [1, {"a": None}]
    assert 0 < written["expires_at"] - time.time() <= written["expires_in"]
    assert not [name for name in written if name.startswith("s2c_")]
    machine.gdalinfo(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert grants(sen2cube) == ["refresh_token"]


@pytest.mark.parametrize("variables,expected", [(NOBODY, []), ({}, ["password"])],
                         ids=["nothing else", "a user name"])
def test_the_file_of_sen2cli_serves_where_no_other_account_is_named(variables, expected, machine,
                                                                    sen2cube):
    home = machine.folder / "home of sen2cli"
    sen2cli_file(home / ".sen2cli" / "token.json", answer_of(sen2cube, machine))
    machine.gdalinfo(COMPOSITE, HOME=home, **variables)
    assert grants(sen2cube) == expected


@pytest.mark.parametrize("content", ["", "null", "{", "[]", '{"access_token": 1}', "\0" * 100])
def test_a_torn_token_file_is_passed_over(content, machine, sen2cube):
    file = machine.folder / "token.json"
    file.write_text(content)
    machine.gdalinfo(COMPOSITE, S2C_TOKENFILE=file)
    assert grants(sen2cube) == ["password"]
    assert file.read_text() == content


def test_a_refresh_that_is_refused_leads_to_the_password(machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    sen2cube.revoke_all()
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert grants(sen2cube) == ["password", "refresh_token", "password"]
    assert statuses(sen2cube) == [200, 400, 200]


def test_both_refused_is_one_error_and_what_is_stored_stays(machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    (file,) = cache.glob("*.json")
    before = file.read_bytes()
    sen2cube.revoke_all()
    error = machine.refusal(COMPOSITE, S2C_TOKEN_CACHE=cache, S2C_PASSWORD="changed since")
    assert "login of 'demo' was refused" in error and "S2C_PASSWORD" in error
    assert file.read_bytes() == before


def test_a_token_file_whose_login_has_ended_says_how_to_log_in_anew(machine, sen2cube):
    file = sen2cli_file(machine.folder / "token.json", answer_of(sen2cube, machine))
    before = file.read_bytes()
    sen2cube.revoke_all()
    error = machine.refusal(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    assert "the login has ended" in error and "sen2cli session login" in error
    assert file.read_bytes() == before


def test_a_login_server_that_is_down_does_not_cost_what_is_stored(machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    (file,) = cache.glob("*.json")
    before = file.read_bytes()
    sen2cube.expire_access()
    sen2cube.fault(server="auth", status=503, body="down", count=None)
    machine.refusal(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert file.read_bytes() == before
    sen2cube.clear_faults()
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert statuses(sen2cube)[-1] == 200


def broken_caches(folder):
    """Folders that cannot hold tokens, by what is wrong with them."""
    in_the_way = folder / "file in the way"
    in_the_way.write_text("")
    open_to_all = folder / "open to all"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    return {"a file": in_the_way, "below a file": in_the_way / "tokens",
            "open to all": open_to_all, "no such device": "/proc/tokens"}


@pytest.mark.parametrize("kind", ["a file", "below a file", "open to all", "no such device"])
def test_a_cache_that_cannot_be_used_is_told_in_debug_output_alone(kind, machine, sen2cube):
    folder = broken_caches(machine.folder)[kind]
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=folder)
    done = machine.run("gdalinfo", COMPOSITE, S2C_TOKEN_CACHE=folder, CPL_DEBUG="S2C")
    assert done.returncode == 0 and "kept in memory only" in done.stderr
    assert grants(sen2cube) == ["password", "password"]


def test_a_cache_file_that_others_can_read_is_not_believed(machine, sen2cube):
    cache = machine.folder / "tokens"
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    (file,) = cache.glob("*.json")
    file.chmod(0o644)
    machine.gdalinfo(COMPOSITE, S2C_TOKEN_CACHE=cache)
    assert grants(sen2cube) == ["password", "password"]
    assert mode(file) == 0o600


def test_a_full_disk_leaves_the_tokens_in_memory(machine, sen2cube):
    done = machine.run("bash", "-c", f"ulimit -f 0; trap '' XFSZ; exec gdalinfo {COMPOSITE}",
                       S2C_TOKEN_CACHE=machine.folder / "tokens", CPL_DEBUG="S2C")
    assert done.returncode == 0 and "kept in memory only" in done.stderr
    assert [os.path.basename(path) for path in (machine.folder / "tokens").glob("*.json*")] \
        == [path.name for path in (machine.folder / "tokens").glob("*.lock")]


def jwt(issuer):
    parts = ({"alg": "none"}, {"iss": issuer, "preferred_username": "demo"})
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
             for part in parts]
    return ".".join([*coded, "signature"])


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_token_of_another_server_is_told_to_nobody(elsewhere, machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    issuer = "https://auth.sen2cube.at/realms/sen2cube-at" if elsewhere \
        else sen2cube.auth_url.split("/protocol/")[0]
    file = sen2cli_file(machine.folder / "token.json", answer, access_token=jwt(issuer))
    machine.gdalinfo(COMPOSITE, S2C_TOKENFILE=file)
    # The server knows no such token: where it was sent, it was refused first.
    assert [entry["bearer"] for entry in sen2cube.requests("api")] \
        == (["good"] if elsewhere else ["bad", "good"])


def test_a_way_given_with_the_dataset_hides_those_given_for_all(machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    login = ["-oo", f"USERNAME={sen2cube.OTHER_USERNAME}"]
    password = machine.folder / "password"
    password.write_text(sen2cube.OTHER_PASSWORD)
    password.chmod(0o600)
    machine.gdalinfo(*login, "-oo", f"PASSWORD_FILE={password}", COMPOSITE,
                     S2C_ACCESS_TOKEN=answer["access_token"],
                     S2C_REFRESH_TOKEN=answer["refresh_token"])
    assert grants(sen2cube) == ["password"] and statuses(sen2cube) == [200]


@pytest.mark.parametrize("option", ["S2C_ACCESS_TOKEN", "GDAL_HTTP_BEARER"])
@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}\n", "{}\r\n"])
def test_an_access_token_is_taken_as_it_was_copied(form, option, machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    machine.gdalinfo(COMPOSITE, **NOBODY, **{option: form.format(answer["access_token"])})
    assert [entry["bearer"] for entry in sen2cube.requests()] == ["good", "good"]


@pytest.mark.parametrize("option", ["S2C_ACCESS_TOKEN", "GDAL_HTTP_BEARER", "S2C_REFRESH_TOKEN",
                                    "GDAL_HTTP_USERAGENT", "S2C_CLIENT_ID", "S2C_USERNAME"])
def test_a_line_break_in_what_goes_into_a_request_is_refused(option, machine, sen2cube):
    error = machine.refusal(COMPOSITE, **{option: "the-secret\r\nX-Evil: 1"})
    assert f"{option} holds a line break" in error
    assert "the-secret" not in error and "Evil" not in error
    assert sen2cube.requests() == []


def test_a_line_break_within_an_extra_header_is_refused(machine, sen2cube):
    error = machine.refusal(COMPOSITE, GDAL_HTTP_HEADERS='"X-Mine: the-secret\nX-Evil: 1"')
    assert "GDAL_HTTP_HEADERS holds a line break" in error and "the-secret" not in error
    assert sen2cube.requests() == []


def test_a_line_break_in_the_servers_token_is_refused(machine, sen2cube):
    sen2cube.fault(server="auth", status=200, headers={"Content-Type": "application/json"},
                   body='{"access_token": "x\\r\\nX-Evil: 1", "expires_in": 300}')
    error = machine.refusal(COMPOSITE)
    assert "does not answer as an OAuth2 server" in error and "Evil" not in error
    assert [entry["server"] for entry in sen2cube.requests()] == ["auth"]


# Root may write anywhere, unless it gives that up.
WITHOUT_PRIVILEGES = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] \
    if os.geteuid() == 0 else []


def warned(machine, **variables):
    """The one warning of a gdalinfo that cannot write where it should."""
    done = machine.run(*WITHOUT_PRIVILEGES, "gdalinfo", COMPOSITE, **variables)
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("Warning 1: S2C: the renewed login is kept in memory only")
    return line


def test_a_refresh_that_cannot_be_stored_is_warned_of(machine, sen2cube):
    folder = machine.folder / "read-only"
    file = sen2cli_file(folder / "token.json", answer_of(sen2cube, machine),
                        expires_at=time.time() - 1)
    folder.chmod(0o500)
    try:
        assert f"'{file}'" in warned(machine, **NOBODY, S2C_TOKENFILE=file)
        assert grants(sen2cube) == ["refresh_token"]
        # What the warning was of.
        assert "the login has ended" in machine.refusal(COMPOSITE, **NOBODY, S2C_TOKENFILE=file)
    finally:
        folder.chmod(0o700)


def test_a_given_refresh_token_whose_successor_cannot_be_stored_is_warned_of(machine, sen2cube):
    refresh_token = answer_of(sen2cube, machine)["refresh_token"]
    cache = machine.folder / "read-only"
    cache.mkdir(mode=0o500)
    try:
        line = warned(machine, **NOBODY, S2C_REFRESH_TOKEN=refresh_token, S2C_TOKEN_CACHE=cache)
        assert f"'{cache}/" in line and refresh_token not in line
    finally:
        cache.chmod(0o700)


def test_the_header_that_serves_vsicurl_serves_here(machine, sen2cube):
    answer = answer_of(sen2cube, machine)
    machine.gdalinfo(COMPOSITE, **NOBODY,
                     GDAL_HTTP_HEADERS=f"Authorization: Bearer {answer['access_token']}")
    assert [entry["bearer"] for entry in sen2cube.requests()] == ["good", "good"]
