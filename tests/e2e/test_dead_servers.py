# SPDX-License-Identifier: MIT
"""Servers that cannot be reached are waited for once, not with each layer (issue 10)."""

import contextlib
import json
import socket
import time

import pytest
from osgeo import gdal

from .projects import with_project, write_project
from .support import COMPOSITE, config_options, place, result

# With each layer waiting for itself it would be more than a minute.
SOON = 30
LAYERS = 12
RASTERS = [f"S2C:{10424 + number}:raster" for number in range(30)]
TABLES = [f"S2C:{10424 + number}|layername=table" for number in range(7)]


@contextlib.contextmanager
def refusing():
    """A port where nobody listens, and that nobody else gets."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextlib.contextmanager
def deaf():
    """A host that never answers: whoever connects waits in a queue that is full already."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


KINDS = {"refused": refusing, "deaf": deaf}


def refusal(name):
    with pytest.raises(RuntimeError) as error:
        gdal.Open(name)
    return str(error.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option, advice", [("S2C_API_URL", "check S2C_API_URL"),
                                            ("S2C_AUTH_URL", "check S2C_AUTH_URL")])
def test_a_dead_server_is_waited_for_once(kind, option, advice):
    begin = time.monotonic()
    with KINDS[kind]() as port, config_options(S2C_CONNECTTIMEOUT="1", S2C_RETRY_DELAY="2",
                                               **{option: f"http://127.0.0.1:{port}/v1"}):
        told = [refusal(name) for name in RASTERS[:LAYERS]]
    assert time.monotonic() - begin < SOON
    for error in told:
        assert f"cannot connect to http://127.0.0.1:{port}" in error
        assert advice in error
    assert "as was found" not in told[0]
    for error in told[1:]:
        assert "as was found" in error and "tried again" in error


def test_other_settings_are_another_way_to_a_server():
    with refusing() as port, config_options(S2C_API_URL=f"http://127.0.0.1:{port}/v1"):
        assert "as was found" not in refusal(COMPOSITE)
        assert "as was found" in refusal(COMPOSITE)
        with config_options(S2C_CONNECTTIMEOUT="9"):
            assert "as was found" not in refusal(COMPOSITE)
        # Who logs in with another account meets the same server.
        with config_options(S2C_USERNAME="other", S2C_ACCESS_TOKEN="another"):
            assert "as was found" in refusal(COMPOSITE)


def test_a_dead_server_takes_nothing_from_a_living_one():
    with refusing() as port, config_options(S2C_API_URL=f"http://127.0.0.1:{port}/v1"):
        refusal(COMPOSITE)
    assert gdal.Open(COMPOSITE)


def test_a_server_that_answers_badly_is_asked_again(sen2cube):
    sen2cube.fault(server="api", status=503, count=4)
    refusal(COMPOSITE)
    assert gdal.Open(COMPOSITE)


def test_a_missing_file_is_asked_for_once(sen2cube):
    sen2cube.fault(server="files", status=404, count=None, path=place("Cloud_free_composite"))
    told = {refusal(COMPOSITE) for _ in range(LAYERS)}
    assert len(told) == 1 and "no longer on the server" in told.pop()
    assert sen2cube.request_lines("files") == [result("Cloud_free_composite")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_qgis_project_of_many_layers_is_read_without_its_server(machine, kind):
    project = write_project(machine.folder / "dead.qgs", RASTERS, TABLES)
    with KINDS[kind]() as port:
        done = with_project(machine, "read", project, S2C_CONNECTTIMEOUT="1",
                            S2C_API_URL=f"http://127.0.0.1:{port}/v1", S2C_ACCESS_TOKEN="x")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["layers"], found["valid"]) == (len(RASTERS) + len(TABLES), 0)
    assert found["seconds"] < SOON
