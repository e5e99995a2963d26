# SPDX-License-Identifier: MIT
"""One of the service's servers is down, or all are, and the others are up (issue 15)."""

import contextlib

import numpy as np
import pytest
from osgeo import gdal

from .fault_operations import (IMPATIENT, NAME, OPERATIONS, every_inference, list_inferences,
                               new_session, outcome, publish_tiled, read_table, read_window,
                               same)
from .support import config_options

OPTIONS = ("--wire",)
DOWN = ("refused", "silent")
SERVERS = ("api", "auth", "files")
ADVICE = {"api": "S2C_API_URL", "auth": "S2C_AUTH_URL", "files": "cannot be read"}


@pytest.fixture(scope="module")
def pixels(sen2cube, tmp_path_factory):
    return publish_tiled(sen2cube, tmp_path_factory.mktemp("down"))


@pytest.fixture(autouse=True)
def impatient():
    with config_options(**{**IMPATIENT, "S2C_MAX_RETRY": "1"}):
        yield


@contextlib.contextmanager
def down(sen2cube, kind, *servers):
    for server in servers:
        sen2cube.fault(server=server, wire=kind, count=None)
    try:
        yield
    finally:
        sen2cube.clear_faults()


@pytest.mark.parametrize("kind", DOWN)
def test_without_the_whole_service_nothing_opens_and_then_everything(sen2cube, pixels, cells,
                                                                     kind):
    right = {name: operation() for name, operation in OPERATIONS.items()}
    for name, operation in OPERATIONS.items():
        with down(sen2cube, kind, *SERVERS), new_session(), \
                cells.cell(*name, f"all {kind}") as cell:
            found, error = outcome(operation)
            assert found is None and error
            cell.ended(error)
    for name, operation in OPERATIONS.items():
        with new_session():
            assert same(operation(), right[name])


@pytest.mark.parametrize("kind", DOWN)
@pytest.mark.parametrize("server", SERVERS)
def test_the_server_that_is_down_is_named_with_what_helps(sen2cube, pixels, kind, server):
    with down(sen2cube, kind, server), new_session(), config_options(S2C_TOKEN_CACHE="NO"):
        found, error = outcome(read_window)
    assert found is None
    assert ADVICE[server] in error
    address = {"api": sen2cube.api_url, "auth": sen2cube.auth_url, "files": sen2cube.files_url}
    assert "/".join(address[server].split("/")[:3]) in error


@pytest.mark.parametrize("kind", DOWN)
def test_what_is_open_is_read_on_without_the_api(sen2cube, pixels, kind):
    with new_session():
        dataset = gdal.Open(NAME)
        with down(sen2cube, kind, "api"):
            found, error = outcome(dataset.ReadAsArray)
    assert error is None and np.array_equal(found, pixels)


@pytest.mark.parametrize("kind", DOWN)
def test_the_catalogue_is_read_without_the_files(sen2cube, pixels, kind):
    expected = every_inference()
    with down(sen2cube, kind, "files"), new_session():
        assert outcome(every_inference) == (expected, None)
        assert outcome(list_inferences)[1] is None
        assert outcome(read_table)[0] is None


@pytest.mark.parametrize("kind", DOWN)
def test_a_login_that_is_kept_needs_no_token_endpoint(sen2cube, pixels, kind):
    with new_session():
        read_window()
    with down(sen2cube, kind, "auth"), new_session():
        found, error = outcome(read_window)
    assert error is None and np.array_equal(found, pixels[:, 10:210, 130:430])


@pytest.mark.parametrize("kind", DOWN)
def test_a_login_that_ends_while_a_file_is_read_is_an_error_and_no_pixels(sen2cube, pixels, kind):
    with new_session():
        dataset = gdal.Open(NAME)
        sen2cube.expire_access()
        with down(sen2cube, kind, "auth"):
            found, error = outcome(dataset.ReadAsArray)
        assert found is None and error
    with new_session():
        assert np.array_equal(read_window(), pixels[:, 10:210, 130:430])
