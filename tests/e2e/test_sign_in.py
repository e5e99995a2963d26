# SPDX-License-Identifier: MIT
"""One login for all programs: who has logged in last is who opens, and nothing else is given."""

import os
import stat
import subprocess
import sys

import pytest

from .support import COMPOSITE, ROOT, assert_no_secret
from .test_login import NOBODY, grants, statuses

PROGRAM = os.path.join(ROOT, "build", "tests", "unit", "sign_in")

# A program that runs for long, as QGIS does: it does what it reads, and answers a line for each.
RUNNING = """
import sys
from osgeo import gdal
gdal.UseExceptions()
opened = {}
for line in sys.stdin:
    order, name = line.split()
    try:
        if order == "open":
            opened[name] = gdal.Open("S2C:10424:" + name)
        else:
            opened[name].GetRasterBand(1).Checksum()
        print("ok", flush=True)
    except Exception as error:
        print(str(error).replace("\\n", " "), flush=True)
"""


class User:
    """Somebody at a machine, who gives programs nothing but the folder where logins are kept."""

    def __init__(self, machine, sen2cube):
        self.machine, self.sen2cube = machine, sen2cube
        self.folder = machine.folder / "tokens"
        self.given = {**NOBODY, "S2C_TOKEN_CACHE": self.folder}

    def sign_in(self, *options, username="demo", password="demo-password"):
        done = self.machine.run(PROGRAM, "in", *options, S2C_TOKEN_CACHE=self.folder,
                                S2C_USERNAME=username, S2C_PASSWORD=password)
        return self.said_by(done)

    def sign_out(self, **variables):
        return self.said_by(self.machine.run(PROGRAM, "out", **{**self.given, **variables}))

    @staticmethod
    def said_by(done):
        text = done.stdout + done.stderr
        assert_no_secret(text)
        return text.strip()

    def open(self, name=COMPOSITE):
        return self.machine.gdalinfo(name, **self.given)

    def refusal(self, **variables):
        return self.machine.refusal(COMPOSITE, **{**self.given, **variables})


@pytest.fixture
def user(machine, sen2cube):
    yield User(machine, sen2cube)
    sen2cube.settings(offline_allowed=True)


@pytest.fixture
def running(user):
    """Tells a program that runs what to do: its answer."""
    with subprocess.Popen([sys.executable, "-c", RUNNING], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          env=user.machine.environment(**user.given)) as program:
        def tell(order, name="Cloud_free_composite"):
            program.stdin.write(f"{order} {name}\n")
            program.stdin.flush()
            return program.stdout.readline().strip()
        yield tell
        program.stdin.close()


def bearers(sen2cube):
    """Which tokens the service has seen, by their numbers."""
    return {entry["token"] for entry in sen2cube.requests() if entry["server"] != "auth"}


def test_after_a_login_nothing_is_given(user, sen2cube):
    assert user.sign_in() == "demo"
    sen2cube.forget()
    for _ in range(2):
        user.open()
    assert grants(sen2cube) == []


def test_the_name_is_the_services_own(user):
    assert user.sign_in(username="demo@example.org") == "demo"
    user.open()
    assert user.sign_out() == "demo"


def test_nothing_is_kept_but_tokens_for_their_owner_alone(user):
    user.sign_in()
    assert stat.S_IMODE(user.folder.stat().st_mode) == 0o700
    for file in user.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "demo-password" not in file.read_text()


def test_a_login_is_renewed_and_ends_when_nobody_renews_it(user, sen2cube):
    user.sign_in()
    sen2cube.expire_access()
    sen2cube.forget()
    user.open()
    assert grants(sen2cube) == ["refresh_token"]
    sen2cube.expire_access()
    sen2cube.revoke_refresh()
    error = user.refusal()
    assert "the login has ended" in error and "log in anew, by `s2c login`" in error


def test_a_login_without_an_end_outlives_those_that_have_one(user, sen2cube):
    assert user.sign_in("--offline") == "demo"
    for _ in range(3):
        sen2cube.expire_access()
        sen2cube.revoke_refresh()
        sen2cube.forget()
        user.open()
        assert (grants(sen2cube), statuses(sen2cube)) == (["refresh_token"], [200])


def test_who_may_have_no_login_without_an_end_is_told(user, sen2cube):
    sen2cube.settings(offline_allowed=False)
    said = user.sign_in("--offline")
    assert "Offline tokens not allowed" in said and "log in without --offline" in said
    assert user.sign_in() == "demo"


def test_programs_that_start_together_renew_a_login_once(user, sen2cube):
    user.sign_in("--offline")
    sen2cube.expire_access()
    sen2cube.forget()
    programs = [subprocess.Popen(["gdalinfo", COMPOSITE], stdout=subprocess.DEVNULL,
                                 env=user.machine.environment(**user.given)) for _ in range(6)]
    assert [program.wait(120) for program in programs] == [0] * 6
    assert grants(sen2cube) == ["refresh_token"]


def test_a_wrong_password_leaves_the_login_that_there_is(user, sen2cube):
    user.sign_in()
    assert "the login of 'demo' was refused" in user.sign_in(password="wrong")
    assert "the login of 'other' was refused" in user.sign_in(username="other", password="wrong")
    sen2cube.forget()
    user.open()
    assert grants(sen2cube) == []


def test_without_a_token_cache_there_is_no_login_for_all(machine, sen2cube):
    done = machine.run(PROGRAM, "in", S2C_TOKEN_CACHE="NO")
    assert done.returncode == 1 and "S2C_TOKEN_CACHE" in done.stderr
    assert sen2cube.requests() == []


def test_a_logout_ends_the_login_at_the_server_and_forgets_it(user, sen2cube):
    user.sign_in()
    kept = {file.name for file in user.folder.iterdir()}
    sen2cube.forget()
    assert user.sign_out() == "demo"
    assert [(entry["path"].rsplit("/", 1)[1], entry["status"])
            for entry in sen2cube.requests("auth")] == [("logout", 204)]
    assert {file.name for file in user.folder.iterdir()} \
        == {name for name in kept if name.endswith(".lock")}
    error = user.refusal()
    assert "no credentials" in error and "`s2c login`" in error
    assert user.sign_out() == ""


def test_a_logout_without_a_server_forgets_the_login_and_says_so(user):
    user.sign_in()
    said = user.sign_out(S2C_AUTH_URL=user.sen2cube.auth_url, GDAL_HTTP_PROXY="http://127.0.0.1:1")
    assert "the tokens of 'demo' are removed" in said and "not logged out at the server" in said
    assert "no credentials" in user.refusal()


def test_a_program_that_runs_follows_who_logs_in(running, user, sen2cube):
    assert "`s2c login`" in running("open")
    user.sign_in()
    assert running("open") == "ok"
    (demo,) = bearers(sen2cube)
    user.sign_in(username=sen2cube.OTHER_USERNAME, password=sen2cube.OTHER_PASSWORD)
    sen2cube.forget()
    # Neither what the one was told nor its file's bytes are the other's.
    assert running("open") == "ok" and running("read") == "ok"
    (other,) = bearers(sen2cube)
    assert other != demo
    assert {entry["server"] for entry in sen2cube.requests()} == {"api", "files"}


def test_what_is_open_stays_of_who_has_opened_it(running, user, sen2cube):
    user.sign_in()
    assert running("open", "land_cover") == "ok"
    (demo,) = bearers(sen2cube)
    user.sign_in(username=sen2cube.OTHER_USERNAME, password=sen2cube.OTHER_PASSWORD)
    assert running("read", "land_cover") == "ok"
    assert bearers(sen2cube) == {demo}


def test_a_program_that_runs_tells_of_a_login_that_has_ended_and_takes_the_next(
        running, user, sen2cube):
    user.sign_in()
    assert running("open") == "ok"
    user.sign_out()
    assert "no credentials" in running("open", "land_cover")
    user.sign_in()
    assert running("open", "land_cover") == "ok"
    sen2cube.revoke_all()
    error = running("open", "water_count")
    assert "the login has ended" in error and "`s2c login`" in error
    user.sign_in()
    assert running("open", "water_count") == "ok"
