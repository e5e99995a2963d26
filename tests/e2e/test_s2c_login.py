# SPDX-License-Identifier: MIT
"""s2c login, logout and whoami: asked for on a terminal, read from a pipe."""

import json
import subprocess
import time

import pytest

from .support import COMPOSITE, JWT, SECONDS
from .terminal import S2C, Terminal, refusal, run_s2c, shown, succeed

QUESTION = "Password of demo: "


@pytest.fixture
def user(machine):
    """Who gives programs nothing but the folder where logins are kept."""
    return {"S2C_USERNAME": None, "S2C_PASSWORD": None, "S2C_TOKEN_CACHE": machine.folder / "kept"}


def log_in(machine, user, *arguments, password="demo-password"):
    """By a line on standard input."""
    return subprocess.run([S2C, "login", *arguments], cwd=machine.work, text=True, input=password,
                          env=machine.environment(**user), capture_output=True, timeout=SECONDS,
                          check=False)


def test_after_a_login_no_variable_is_needed(machine, sen2cube, user):
    assert "s2c login" in refusal(machine, 3, "whoami", **user)
    with Terminal(machine, S2C, "login", "--username", "demo", **user) as terminal:
        terminal.wait_for(QUESTION)
        assert not terminal.echoes()
        terminal.type("demo-password\n")
        code, text = terminal.end()
        assert code == 0
        assert shown(text).split() == ["demo"]
    assert succeed(machine, "whoami", **user) == "demo\n"
    assert json.loads(succeed(machine, "whoami", "--json", **user)) == {"username": "demo"}
    assert machine.gdalinfo(COMPOSITE, **user)["driverShortName"] == "S2C"


def test_who_is_asked_for_as_well_and_nothing_secret_is_seen(machine, sen2cube, user):
    with Terminal(machine, S2C, "login", CPL_DEBUG="ON", **user) as terminal:
        asked = terminal.wait_for("User name: ")
        assert terminal.echoes()
        terminal.type("demo\n")
        asked += terminal.wait_for(QUESTION)
        terminal.type("demo-password\n")
        code, text = terminal.end()
    assert code == 0
    assert "demo-password" not in asked + text and not JWT.search(asked + text)


def test_a_wrong_password_is_asked_for_again_three_times_in_all(machine, sen2cube, user):
    with Terminal(machine, S2C, "login", "--username", "demo", **user) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("wrong\n")
        between = terminal.wait_for(QUESTION)
        assert "refused" in between or "Invalid user credentials" in between
        assert not terminal.echoes()
        terminal.type("demo-password\n")
        assert terminal.end()[0] == 0
    assert succeed(machine, "whoami", **user) == "demo\n"
    succeed(machine, "logout", **user)
    with Terminal(machine, S2C, "login", "--username", "demo", **user) as terminal:
        for _ in range(3):
            terminal.wait_for(QUESTION)
            terminal.type("wrong\n")
        code, text = terminal.end()
        assert code == 3 and QUESTION not in text
        assert terminal.process.returncode == 3
    sen2cube.set_account("demo", None)
    refusal(machine, 3, "whoami", **user)


def test_the_password_is_asked_for_on_the_terminal_wherever_the_answer_goes(machine, user):
    with Terminal(machine, S2C, "login", "--username", "demo", stdout=subprocess.PIPE,
                  stderr=subprocess.PIPE, **user) as terminal:
        terminal.wait_for(QUESTION)
        terminal.type("demo-password\n")
        output, errors = terminal.process.communicate(timeout=SECONDS)
    assert (terminal.process.returncode, output, errors) == (0, b"demo\n", b"")


def test_without_a_terminal_a_line_of_standard_input_is_the_password(machine, sen2cube, user):
    done = log_in(machine, user, "--username", "demo", password="demo-password\nmore\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "demo\n", "")
    assert succeed(machine, "whoami", **user) == "demo\n"
    # One try: nobody is there to type another.
    sen2cube.forget()
    assert log_in(machine, user, "--username", "demo", password="wrong\ndemo-password\n") \
        .returncode == 3
    assert len(sen2cube.requests("auth")) == 1
    # What was stored before still is.
    assert succeed(machine, "whoami", **user) == "demo\n"
    assert log_in(machine, user, "--username", "demo", password="").returncode == 7
    assert log_in(machine, user, password="demo-password\n").returncode == 2


def test_a_password_with_every_odd_character_is_taken_as_it_is_typed(machine, sen2cube, user):
    done = log_in(machine, user, "--username", sen2cube.OTHER_USERNAME,
                  password=sen2cube.OTHER_PASSWORD + "\n")
    assert (done.returncode, done.stdout) == (0, "other.analyst\n")


def test_interrupting_the_question_brings_the_echo_back(machine, user):
    with Terminal(machine, "bash", "--norc", "-c",
                  f"trap : INT; {S2C} login --username demo; echo code $?; read -r line", **user) \
            as terminal:
        terminal.wait_for(QUESTION)
        deadline = time.monotonic() + SECONDS
        while terminal.echoes() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not terminal.echoes()
        terminal.interrupt()
        terminal.wait_for("code 130")
        assert terminal.echoes()
        terminal.type("\n")
        terminal.end()
    assert not list((machine.folder / "kept").glob("*.json"))


def test_a_logout_ends_the_login_here_and_at_the_server(machine, sen2cube, user):
    log_in(machine, user, "--username", "demo")
    sen2cube.forget()
    assert succeed(machine, "logout", **user) == "demo\n"
    assert [entry["path"].rsplit("/", 1)[1] for entry in sen2cube.requests("auth")] == ["logout"]
    assert "s2c login" in refusal(machine, 3, "list", **user)
    assert "nobody" in refusal(machine, 3, "logout", **user)


def test_a_login_for_weeks_is_asked_for(machine, sen2cube, user):
    assert log_in(machine, user, "--username", "demo", "--offline").returncode == 0
    [file] = [path for path in (machine.folder / "kept").glob("*.json")
              if "refresh_token" in path.read_text()]
    assert "offline_access" in json.loads(file.read_text())["scope"]


def test_a_login_that_cannot_be_kept_is_no_login(machine, user):
    message = log_in(machine, {**user, "S2C_TOKEN_CACHE": "NO"}, "--username", "demo").stderr
    assert "S2C_TOKEN_CACHE" in message
    assert run_s2c(machine, "whoami", **user).returncode == 3
