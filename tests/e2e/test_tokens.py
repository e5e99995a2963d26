# SPDX-License-Identifier: MIT
"""Where the token goes and where it never goes, and what happens when it dies."""

import time

import pytest
from osgeo import gdal

from .support import (COMPOSITE, TOKEN, config_options, inference, place, result, same_pixels,
                      sample)


def pixels(name):
    return gdal.Open(name).ReadAsArray()


@pytest.fixture
def both_trusted(sen2cube, other_server, tmp_path):
    """The certificates of both servers; whether a token goes is another matter."""
    bundle = tmp_path / "both.pem"
    bundle.write_text("".join(open(server.ca_file, encoding="ascii").read()
                              for server in (sen2cube, other_server)))
    other_server.forget()
    other_server.clear_faults()
    with config_options(GDAL_CURL_CA_BUNDLE=str(bundle)):
        yield str(bundle)


def bearers(server):
    return {entry["bearer"] for entry in server.requests()}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_loses_the_token(sen2cube, other_server, both_trusted, status):
    data = place("Cloud_free_composite")
    sen2cube.fault(server="files", status=status,
                   headers={"Location": other_server.files_url + data})
    assert same_pixels(pixels(COMPOSITE), pixels(sample("Cloud_free_composite")))
    assert other_server.request_lines() == [f"files GET {data}"]
    assert bearers(other_server) == {"none"}


def other_port(server):
    """Its files under the host that `sen2cube` has: another port, and nothing else, is other."""
    return server.files_url.replace("//localhost:", "//127.0.0.1:")


@pytest.mark.parametrize("headers", ["", "X-Mine: 1, Content-Type: text/x-mine"])
def test_a_redirect_to_another_port_loses_the_token(sen2cube, other_server, both_trusted, headers):
    data = place("Cloud_free_composite")
    sen2cube.fault(server="files", status=302,
                   headers={"Location": other_port(other_server) + data})
    with config_options(GDAL_HTTP_HEADERS=headers):
        assert same_pixels(pixels(COMPOSITE), pixels(sample("Cloud_free_composite")))
    assert other_server.request_lines() == [f"files GET {data}"]
    assert bearers(other_server) == {"none"}
    assert {entry["content_type"] for entry in other_server.requests()} == {None}


def test_a_redirect_to_a_trusted_place_keeps_the_token(sen2cube, other_server, both_trusted):
    data = place("Cloud_free_composite")
    port = other_server.files_url.rpartition(":")[2]
    for number, (trusted, url, expected) in enumerate([
            ("localhost", other_server.files_url, "bad"),
            (f"localhost:{port}", other_server.files_url, "bad"),
            (other_server.files_url, other_server.files_url, "bad"),
            (f"127.0.0.1:{port}", other_port(other_server), "bad"),
            ("localhost:1", other_server.files_url, "none"),
            ("127.0.0.1:1", other_port(other_server), "none")]):
        other_server.forget()
        sen2cube.fault(server="files", status=302, headers={"Location": url + data})
        with config_options(S2C_TRUSTED_HOSTS=trusted, S2C_MAX_RETRY=str(number)):
            assert same_pixels(pixels(COMPOSITE), pixels(sample("Cloud_free_composite")))
        # It is a token, though not one of that server's own.
        assert bearers(other_server) == {expected}, trusted


def test_a_redirect_on_the_same_host_keeps_the_token(sen2cube):
    # The composite of 10430 is the same file.
    target = place("Cloud_free_composite", 10430)
    sen2cube.fault(server="files", status=302, path=place("Cloud_free_composite"),
                   headers={"Location": target})
    assert same_pixels(pixels(COMPOSITE), pixels(sample("Cloud_free_composite")))
    assert sen2cube.request_lines("files") == [result("Cloud_free_composite"),
                                               f"files GET {target}"]
    assert [entry["bearer"] for entry in sen2cube.requests("files")] == ["good", "good"]


def test_a_redirect_of_the_api_to_another_host_loses_the_token(machine, sen2cube, other_server,
                                                               both_trusted):
    sen2cube.fault(server="api", status=302,
                   headers={"Location": other_server.api_url + "/inference/10424"})
    machine.refusal(COMPOSITE, GDAL_CURL_CA_BUNDLE=both_trusted)
    assert bearers(other_server) == {"none"}


def test_a_redirect_from_https_to_http_is_refused(machine, sen2cube, other_server):
    other_server.forget()
    sen2cube.fault(server="files", status=302,
                   headers={"Location": other_server.api_url + "/inference/10424"})
    assert "redirects from https to http, which is refused" in machine.refusal(COMPOSITE)
    assert other_server.requests() == []


def test_a_redirect_in_circles_ends(machine, sen2cube):
    sen2cube.fault(server="files", status=302, count=None,
                   headers={"Location": place("Cloud_free_composite")})
    assert "redirects in circles" in machine.refusal(COMPOSITE)
    assert len(sen2cube.requests("files")) == 6


def test_a_redirect_to_a_file_of_this_machine_is_refused(machine, sen2cube):
    sen2cube.fault(server="files", status=302, count=None,
                   headers={"Location": "file:///etc/passwd"})
    machine.refusal(COMPOSITE)


def test_the_token_endpoint_is_not_followed_elsewhere_with_the_password(machine, sen2cube,
                                                                        other_server):
    other_server.forget()
    sen2cube.fault(server="auth", status=307,
                   headers={"Location": other_server.auth_url + "/token"})
    machine.refusal(COMPOSITE)
    assert other_server.requests() == []


@pytest.fixture
def foreign(sen2cube, other_server, both_trusted):
    """Inference 10437, whose factbase names the other host."""
    sen2cube.change_factbase(99, uri=other_server.files_url)
    yield "S2C:10437:water_count"
    sen2cube.change_factbase(99, uri="https://evil.example")


def test_a_foreign_factbase_gets_no_token(foreign, other_server):
    assert same_pixels(pixels(foreign), pixels(sample("water_count")))
    assert other_server.request_lines() == [result("water_count", 10437)]
    assert bearers(other_server) == {"none"}


def test_a_trusted_host_gets_the_token(foreign, other_server):
    with config_options(S2C_TRUSTED_HOSTS="other.example, localhost"):
        assert same_pixels(pixels(foreign), pixels(sample("water_count")))
    # It is a token, though not one of that server's own.
    assert bearers(other_server) == {"bad"}


def test_extra_headers_go_where_the_token_goes(foreign, sen2cube, other_server):
    with config_options(GDAL_HTTP_HEADERS="Content-Type: text/x-mine"):
        assert same_pixels(pixels(foreign), pixels(sample("water_count")))
    assert {entry["content_type"] for entry in sen2cube.requests("api")} == {"text/x-mine"}
    assert {entry["content_type"] for entry in other_server.requests()} == {None}


def test_a_foreign_factbase_that_wants_a_token_says_how_to_trust_it(machine, foreign, other_server,
                                                                    both_trusted):
    other_server.fault(server="files", status=401, count=None)
    error = machine.refusal(foreign, GDAL_CURL_CA_BUNDLE=both_trusted)
    assert "S2C_TRUSTED_HOSTS" in error
    assert bearers(other_server) == {"none"}


def test_a_foreign_host_that_is_not_there_is_named(machine, sen2cube):
    error = machine.refusal("S2C:10437", S2C_RETRY_DELAY="0.01")
    assert "evil.example" in error
    assert sen2cube.request_lines() == [TOKEN, inference(10437)]


def grants(sen2cube):
    return [entry["grant"] for entry in sen2cube.requests("auth")]


def test_an_expired_token_is_refreshed_without_an_error(sen2cube):
    dataset = gdal.Open("S2C:10425")
    sen2cube.expire_access()
    assert same_pixels(pixels(COMPOSITE), pixels(sample("Cloud_free_composite")))
    assert dataset.GetMetadata_List("json:S2C")
    assert grants(sen2cube) == ["password", "refresh_token"]
    assert [entry["status"] for entry in sen2cube.requests("api")] == [200, 401, 200, 200]
    assert {entry["token"] for entry in sen2cube.requests("files")[1:]} \
        == {sen2cube.requests("api")[-1]["token"]}


def test_an_expired_token_is_replaced_while_a_file_is_read(sen2cube):
    gdal.Open("S2C:10424")
    document = gdal.Open("S2C:10424:land_cover")
    sen2cube.expire_access()
    file = gdal.VSIFOpenL("/vsis2c/10424/vegetation_over_time.tiff", "rb")
    assert len(gdal.VSIFReadL(1, 200_000, file)) == 112098
    gdal.VSIFCloseL(file)
    assert document.RasterCount == 1
    asked = [(entry["status"], entry["path"].rpartition("/")[2].partition("_id")[0])
             for entry in sen2cube.requests("files")]
    assert asked == [(206, "land_cover"), (401, "vegetation_over_time"),
                     (206, "vegetation_over_time")]
    assert grants(sen2cube) == ["password", "refresh_token"]


def test_a_session_that_the_server_ended_is_followed_by_a_new_login(sen2cube):
    gdal.Open("S2C:10424")
    sen2cube.revoke_all()
    assert gdal.Open(COMPOSITE).RasterCount == 3
    assert grants(sen2cube) == ["password", "refresh_token", "password"]


def test_a_token_about_to_expire_is_replaced_before_anybody_refuses_it(sen2cube):
    sen2cube.settings(token_lifetime=2)
    deadline = time.monotonic() + 10
    try:
        while grants(sen2cube)[-1:] != ["refresh_token"]:
            assert time.monotonic() < deadline
            gdal.Open("S2C:10424")
    finally:
        sen2cube.settings(token_lifetime=300)
    assert grants(sen2cube) == ["password", "refresh_token"]
    assert {entry["status"] for entry in sen2cube.requests("api")} == {200}


def test_a_login_that_is_refused_later_is_an_error_with_the_cause(sen2cube):
    gdal.Open("S2C:10424")
    sen2cube.revoke_all()
    sen2cube.fault(server="auth", status=401, count=None,
                   body='{"error": "invalid_grant", "error_description": "Account disabled"}')
    with pytest.raises(RuntimeError, match="Account disabled.*ask the operator"):
        gdal.Open("S2C:10425")


def test_special_characters_of_user_and_password_arrive(machine, sen2cube):
    machine.succeed("gdalinfo", COMPOSITE, S2C_USERNAME=sen2cube.OTHER_USERNAME,
                    S2C_PASSWORD=sen2cube.OTHER_PASSWORD)
    assert [entry["status"] for entry in sen2cube.requests()] == [200, 200, 206]
