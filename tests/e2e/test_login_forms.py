# SPDX-License-Identifier: MIT
"""Addresses and passwords in the forms in which people have them."""

import socket

import pytest

from .support import COMPOSITE
from .test_login import grants, statuses

BASE = "/protocol/openid-connect"


@pytest.fixture
def password_file(machine):
    """Makes a password file of bytes, and says how to use it."""
    def make(content):
        file = machine.folder / "password"
        file.write_bytes(content)
        file.chmod(0o600)
        return {"S2C_PASSWORD": None, "S2C_PASSWORD_FILE": file}
    return make


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("form", ["", BASE, f"{BASE}/token", "/.well-known/openid-configuration"])
def test_every_address_of_a_realm_serves_as_its_address(form, end, machine, sen2cube):
    issuer = sen2cube.auth_url.removesuffix(BASE)
    cache = machine.folder / "tokens"
    for address in (issuer + form + end, sen2cube.auth_url):
        machine.gdalinfo(COMPOSITE, S2C_AUTH_URL=address, S2C_TOKEN_CACHE=cache)
    assert statuses(sen2cube) == [200]


def test_the_address_that_was_tried_is_named_and_not_the_api(machine, sen2cube):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = machine.refusal(COMPOSITE, S2C_AUTH_URL=f"{place}/realms/x/", S2C_MAX_RETRY=0)
    assert f"'{place}/realms/x{BASE}/token'" in error and "check S2C_AUTH_URL" in error
    assert sen2cube.api_url not in error and "S2C_API_URL" not in error


def test_an_address_where_there_is_nothing_is_named(machine, sen2cube):
    place = sen2cube.api_url
    error = machine.refusal(COMPOSITE, S2C_AUTH_URL=f"{place}/nothing")
    assert f"'{place}/nothing/token' answered HTTP" in error and "check S2C_AUTH_URL" in error


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\r\n\r\n"])
def test_line_ends_behind_the_password_are_none_of_it(end, machine, sen2cube, password_file):
    machine.gdalinfo(COMPOSITE, S2C_PASSWORD=sen2cube.PASSWORD + end)
    machine.gdalinfo("-oo", f"PASSWORD={sen2cube.PASSWORD}{end}", COMPOSITE)
    machine.gdalinfo(COMPOSITE, **password_file((sen2cube.PASSWORD + end).encode()))
    assert statuses(sen2cube) == [200] * 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be with a mark"])
def test_a_password_file_of_another_editor_is_read(encoding, machine, sen2cube, password_file):
    text = sen2cube.OTHER_PASSWORD + "\r\n"
    content = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding \
        else text.encode(encoding)
    machine.gdalinfo(COMPOSITE, S2C_USERNAME=sen2cube.OTHER_USERNAME, **password_file(content))
    assert statuses(sen2cube) == [200]


def test_a_password_file_in_utf16_without_a_mark_is_told_before_anybody_is_asked(
        machine, sen2cube, password_file):
    error = machine.refusal(COMPOSITE, **password_file(sen2cube.PASSWORD.encode("utf-16-le")))
    assert "UTF-16" in error and "save it as UTF-8" in error and "password'" in error
    assert sen2cube.requests() == []


MISTAKES = {"a blank": (b"%b ", "begins or ends with a blank"),
            "two lines": (b"demo\n%b\n", "has more than one line"),
            "quotes": (b'"%b"', "has quotation marks around it"),
            "latin-1": (b"%b\xfc", "is no UTF-8 text")}


@pytest.mark.parametrize("kind", MISTAKES)
def test_what_is_likely_wrong_with_a_refused_password_is_named(kind, machine, sen2cube,
                                                               password_file):
    content, said = MISTAKES[kind]
    error = machine.refusal(COMPOSITE, **password_file(content % sen2cube.PASSWORD.encode()))
    assert f"the password {said}" in error
    assert grants(sen2cube) == ["password"]
