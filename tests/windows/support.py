# SPDX-License-Identifier: MIT
"""What the tests under wine have in common: scripts/windows says which build and which wine."""

import os
import pathlib
import subprocess

BUILD = pathlib.Path(os.environ.get("S2C_WINDOWS_BUILD", "build/windows/s2c-gdal")).resolve()
PREFIX = BUILD.parent / "prefix"
WINE = os.environ.get("S2C_WINE", "wine64")
# Those of scripts/windows are for programs under wine, and the local Sen2Cube is none.
OF_WINE = {"WINEPATH": PREFIX / "bin", "GDAL_DATA": PREFIX / "share" / "gdal",
           "PROJ_LIB": PREFIX / "share" / "proj"}
for variable in OF_WINE:
    os.environ.pop(variable, None)
COMPILER = "x86_64-w64-mingw32-gcc-posix"
SECONDS = 120


def windows_path(path):
    """As a program under wine is told it."""
    return "Z:" + str(path).replace("/", "\\")


def text_of(value):
    return windows_path(value) if isinstance(value, pathlib.PurePath) else str(value)


def start(program, *arguments, cwd=None, **environment):
    """A program for Windows; paths among the arguments and in the environment become Windows'."""
    environment = {"LC_ALL": "C.UTF-8", "WINEDEBUG": "-all", **OF_WINE, **environment}
    return subprocess.Popen([WINE, str(program), *map(text_of, arguments)], cwd=cwd,
                            env={**os.environ, **{name: text_of(value)
                                                  for name, value in environment.items()}},
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, encoding="utf-8")


def run(program, *arguments, given="", **keywords):
    """What start() does, to the program's end; `given` is what it reads from standard input."""
    with start(program, *arguments, **keywords) as process:
        try:
            output, errors = process.communicate(given, timeout=SECONDS)
        except BaseException:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def succeed(program, *arguments, **environment):
    done = run(program, *arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def compile_c(target, *arguments):
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([COMPILER, "-o", target, *arguments], check=True)
    return target
