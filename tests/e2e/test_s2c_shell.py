# SPDX-License-Identifier: MIT
"""What a shell and its user have of the one table of commands: help, manual page, completion."""

import os
import re
import subprocess

import pytest

from .support import ROOT, SECONDS
from .terminal import S2C, Terminal, succeed

MADE = os.path.join(ROOT, "build", "apps")
MANUAL = os.path.join(MADE, "s2c.1")
BASH = os.path.join(MADE, "bash", "s2c")
ZSH = os.path.join(MADE, "zsh")
COMMANDS = ["login", "logout", "whoami", "list", "models", "factbases", "show", "get", "run",
            "wait", "rerun", "abort", "delete", "model", "cache"]
CODES = ("0", "1", "2", "3", "4", "5", "6", "7", "130")


def completions(machine, *words):
    """What bash offers behind these words; the last one may be begun."""
    program = f"""source {BASH}
COMP_WORDS=(s2c {' '.join(f"'{word}'" for word in words)})
COMP_CWORD={len(words)}
_s2c
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "--norc", "-c", program], cwd=machine.work, text=True,
                          capture_output=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def options_in(help_text):
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_text))


@pytest.fixture(scope="module")
def page():
    done = subprocess.run(["man", "-l", "--warnings", "-E", "UTF-8", MANUAL], text=True,
                          env={**os.environ, "MANWIDTH": "90", "MANPAGER": "cat", "LANG": "C.UTF-8"},
                          capture_output=True, timeout=SECONDS, check=True)
    assert done.stderr == ""
    return re.sub(".\b", "", done.stdout)


def test_the_help_names_every_command_and_no_hidden_one(machine):
    text = succeed(machine, "--help")
    [_, commands] = re.split("subcommands:", text, flags=re.IGNORECASE)
    assert re.findall(r"^  ([a-z]+) ", commands, re.MULTILINE) == COMMANDS


def test_each_command_has_help(machine):
    for command in COMMANDS:
        text = succeed(machine, command, "--help")
        assert f"s2c {command}" in text and "--help" in text
        assert command == "model" or "--json" in text


def test_versions_are_told(machine):
    assert re.fullmatch(r"s2c \d+\.\d+\.\d+, GDAL 3\.\d+\.\d+\n", succeed(machine, "--version"))


def test_the_manual_page_renders_without_a_warning_and_has_every_command(machine, page):
    for command in (*COMMANDS[:-1], "model get", "model put", "model delete"):
        assert re.search(rf"^   {command}( |$)", page, re.MULTILINE), command
        for option in options_in(succeed(machine, *command.split(), "--help")):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", page), (command, option)
    assert "generate" not in page
    assert "S2C_PASSWORD_FILE" in page


def test_the_manual_page_and_the_documents_have_the_same_exit_codes(page):
    status = page.split("EXIT STATUS")[1].split("ENVIRONMENT")[0]
    assert tuple(re.findall(r"^(?: {5}| {7})(\d+) ", status, re.MULTILINE)) == CODES
    with open(os.path.join(ROOT, "docs", "s2c.md"), encoding="utf-8") as file:
        assert tuple(re.findall(r"^\| (\d+) \|", file.read(), re.MULTILINE)) == CODES


def test_bash_completes_commands_and_options(machine):
    assert completions(machine, "")[:len(COMMANDS)] == COMMANDS
    assert completions(machine, "mod") == ["models", "model"]
    assert completions(machine, "model", "") [:3] == ["get", "put", "delete"]
    assert completions(machine, "list", "--st") == ["--status"]
    assert "--dry-run" in completions(machine, "rerun", "10424", "--")
    assert "--status" not in completions(machine, "show", "--")
    # An option's value is no command, whatever it says.
    assert completions(machine, "--config", "list", "fac") == ["factbases"]


def test_bash_completes_files_and_folders_where_they_are_wanted(machine):
    (machine.work / "folder with").mkdir()
    (machine.work / "fields.gpkg").write_text("")
    assert completions(machine, "get", "10424", "-o", "f") == ["folder", "with"]
    assert completions(machine, "run", "--aoi", "fi") == ["fields.gpkg"]
    assert completions(machine, "run", "--aoi", "=", "fi") == ["fields.gpkg"]
    assert completions(machine, "model", "put", "fi") == ["fields.gpkg"]
    assert completions(machine, "list", "--where", "fi") == []


def test_completion_works_in_a_real_bash(machine):
    with Terminal(machine, "bash", "--norc", "-i", PS1="ready> ",
                  PATH=os.path.join(ROOT, "build") + ":/usr/bin:/bin") as terminal:
        terminal.wait_for("ready> ")
        terminal.type(f"source {BASH}; complete -p s2c\n")
        terminal.wait_for("complete -F _s2c s2c")
        terminal.wait_for("ready> ")
        terminal.type("s2c factb\t--vers")
        terminal.wait_for("s2c factbases --vers")
        terminal.type("\x15s2c model g\t--outp\t")
        terminal.wait_for("--output ")
        terminal.type("\x15exit\n")
        terminal.end()


def test_completion_works_in_a_real_zsh(machine):
    (machine.work / "results").mkdir()
    with Terminal(machine, "zsh", "-f", "-i", PS1="ready> ", PROMPT="ready> ",
                  PATH=os.path.join(ROOT, "build") + ":/usr/bin:/bin") as terminal:
        terminal.wait_for("ready> ")
        terminal.type(f"fpath=({ZSH} $fpath); autoload -U compinit; compinit -u -D; "
                      "print loaded${_comps[s2c]}\n")
        terminal.wait_for("loaded_s2c")
        terminal.wait_for("ready> ")
        terminal.type("s2c factb\t")
        terminal.wait_for("factbases")
        terminal.type("\x15s2c model pu\t--titl\t")
        terminal.wait_for("put")
        terminal.wait_for("--title")
        terminal.type("\x15s2c get 10424 -o res\t")
        terminal.wait_for("results")
        terminal.type("\x15exit\n")
        terminal.end()


def test_a_build_installs_what_it_made(machine):
    for file in (MANUAL, BASH, os.path.join(ZSH, "_s2c")):
        assert os.path.getsize(file) > 1000
    text = open(BASH, encoding="utf-8").read()
    assert ROOT not in text
    subprocess.run(["zsh", "-n", os.path.join(ZSH, "_s2c")], check=True, timeout=SECONDS)
