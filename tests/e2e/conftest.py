# SPDX-License-Identifier: MIT
"""One local Sen2Cube for each module, and nothing remembered from test to test."""

import itertools
import os

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from . import fault_cells
from .support import ROOT, Machine, config_options

gdal.UseExceptions()
SESSIONS = itertools.count(1)
# GDAL's own command line takes a driver's algorithms from 3.11 on.
collect_ignore = ["test_no_gdal_driver_s2c.py" if int(gdal.VersionInfo()) >= 3110000
                  else "test_gdal_driver_s2c.py"]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """An empty one: what the user keeps in his has no part in this."""
    os.environ["HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session", autouse=True)
def untouched_samples():
    """GDAL likes to leave an .aux.xml beside a file whose statistics it was asked for."""
    before = sorted(os.listdir(os.path.join(ROOT, "data")))
    yield
    assert sorted(os.listdir(os.path.join(ROOT, "data"))) == before


@pytest.fixture(scope="module")
def sen2cube(request):
    """A module chooses the server's options with OPTIONS = (…)."""
    with LocalSen2Cube(*getattr(request.module, "OPTIONS", ())) as server:
        with config_options(**server.environment()):
            yield server


@pytest.fixture(autouse=True)
def fresh_start(sen2cube, tmp_path_factory):
    """No request recorded, no fault left, and a session of this test alone.

    Other settings are another session: its own token, connections and blocks.
    """
    sen2cube.clear_faults()
    sen2cube.forget()
    with config_options(GDAL_HTTP_USERAGENT=f"test {next(SESSIONS)}", S2C_RETRY_DELAY="0.01",
                        S2C_TOKEN_CACHE=str(tmp_path_factory.mktemp("session") / "tokens")):
        yield
    gdal.ErrorReset()


@pytest.fixture
def results():
    """What functions return after an error, instead of an exception; before 3.7 layers had none."""
    gdal.DontUseExceptions()
    yield
    gdal.UseExceptions()


@pytest.fixture
def machine(tmp_path, sen2cube):
    return Machine(tmp_path, sen2cube)


@pytest.fixture(scope="module")
def other_server():
    """Another host by name, whose files need no token: it records who sends one."""
    with LocalSen2Cube("--files-host", "localhost", "--api-host", "localhost",
                       "--open-files") as server:
        yield server


@pytest.fixture
def cells(request):
    """Where a test of the fault matrix says what it has seen; all of them make a table at the end."""
    return fault_cells.Cells(request.node)


def pytest_terminal_summary(terminalreporter):
    fault_cells.summary(terminalreporter)
