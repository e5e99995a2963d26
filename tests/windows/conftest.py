# SPDX-License-Identifier: MIT
"""One local Sen2Cube for all tests of programs under wine, and nothing remembered in between."""

import pathlib
import subprocess

import pytest

from ..backend.process import LocalSen2Cube
from .machine import SERVER, Machine
from .support import BUILD, WINE, compile_c

HERE = pathlib.Path(__file__).parent


@pytest.fixture(scope="session")
def launcher(tmp_path_factory):
    return compile_c(tmp_path_factory.mktemp("launcher") / "with_variables.exe", "-municode",
                     HERE / "with_variables.c")


@pytest.fixture(scope="session", autouse=True)
def running_wine():
    """Wine's own processes start with the first program, whose pipes they have open until they end:
    some seconds after the last one."""
    assert (BUILD / "gdalplugins").is_dir(), "scripts/windows --gdal builds the plugin"
    with subprocess.Popen([WINE, "cmd"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        yield
        process.stdin.close()


@pytest.fixture(scope="session")
def whole_service():
    with LocalSen2Cube(*SERVER, "--job-seconds", "0.05", "--many", "2") as server:
        yield server


@pytest.fixture
def sen2cube(whole_service):
    whole_service.clear_faults()
    whole_service.forget()
    return whole_service


@pytest.fixture
def windows(tmp_path, sen2cube, launcher):
    return Machine(tmp_path, sen2cube, launcher)
