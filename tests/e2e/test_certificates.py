# SPDX-License-Identifier: MIT
"""A server whose certificate does not vouch for it gets nothing and gives nothing (issue 15)."""

import contextlib

import pytest
from osgeo import gdal

from .bad_certificates import KINDS, before
from .fault_operations import new_session, outcome
from .support import COMPOSITE, config_options, same_pixels, sample

ADVICE = {"self-signed": "GDAL_CURL_CA_BUNDLE", "unknown issuer": "GDAL_CURL_CA_BUNDLE",
          "expired": "the clock of this machine", "of the future": "the clock of this machine"}
OPTION = {"api": "S2C_API_URL", "auth": "S2C_AUTH_URL", "files": "the service names"}


@pytest.fixture
def place(sen2cube, tmp_path):
    """Puts a certificate before one of the servers."""
    with contextlib.ExitStack() as stack:
        def put(server, kind):
            url = {"api": sen2cube.api_url, "auth": sen2cube.auth_url,
                   "files": sen2cube.files_url}[server]
            led = stack.enter_context(before(sen2cube, url, kind, tmp_path))
            if server == "files":
                sen2cube.change_factbase(1, uri=led)
                stack.callback(sen2cube.change_factbase, 1, uri=url)
            else:
                stack.enter_context(config_options(**{OPTION[server]: led}))
        with config_options(S2C_TRUSTED_HOSTS="localhost,127.0.0.1"):
            yield put


def read():
    return gdal.Open(COMPOSITE).ReadAsArray()


@pytest.mark.parametrize("server", OPTION)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_an_error_that_names_the_certificate_and_what_helps(sen2cube, cells, place, kind,
                                                                  server):
    place(server, kind)
    with new_session(), cells.cell("osgeo", "whole", f"certificate: {kind}") as cell:
        found, error = outcome(read)
        assert found is None
        assert "the certificate of https://localhost:" in error
        assert ADVICE.get(kind, OPTION[server]) in error
        assert sen2cube.requests(server) == [], "nothing was said before the certificate was seen"
        cell.ended(error)
    # Nothing but the certificate is wrong.
    with config_options(GDAL_HTTP_UNSAFESSL="YES"), new_session():
        assert same_pixels(read(), gdal.Open(sample("Cloud_free_composite")).ReadAsArray())
