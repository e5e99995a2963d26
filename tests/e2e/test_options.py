# SPDX-License-Identifier: MIT
"""Settings: where they are looked up, and that an open option acts on one dataset alone."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .support import COMPOSITE, TOKEN, config_options, inference, same_pixels, sample

GDALRC = """\
[credentials]

[.account]
path=/vsis2c/
S2C_USERNAME=of the path
"""


def option_names(xml):
    return [option.get("name") for option in ElementTree.fromstring(xml)]


def test_driver_and_file_system_have_the_same_options():
    driver = option_names(gdal.GetDriverByName("S2C").GetMetadataItem("DMD_OPENOPTIONLIST"))
    assert option_names(gdal.GetFileSystemOptions("/vsis2c/")) == [f"S2C_{name}" for name in driver]
    assert {"API_URL", "AUTH_URL", "CLIENT_ID", "USERNAME", "PASSWORD", "ACCESS_TOKEN",
            "PASSWORD_FILE", "REFRESH_TOKEN", "TOKENFILE", "TOKEN_CACHE", "TRUSTED_HOSTS", "PAGE_SIZE", "CACHE_SIZE", "MAX_CONNECTIONS", "MAX_RETRY",
            "RETRY_DELAY", "CONNECTTIMEOUT", "TIMEOUT"} <= set(driver)


def test_the_prefix_of_connection_strings_is_told():
    driver = gdal.GetDriverByName("S2C")
    assert driver.GetMetadataItem("DMD_CONNECTION_PREFIX") == "S2C:"
    assert driver.GetMetadataItem("DMD_SUBDATASETS") == "YES"
    assert driver.GetMetadataItem("DCAP_RASTER") == "YES"


def refused_user(machine, *arguments, **variables):
    """The user whose login was refused: all of them have a wrong password."""
    error = machine.refusal(COMPOSITE, *arguments, S2C_PASSWORD="wrong", **variables)
    return re.search("the login of '(.*)' was refused", error)[1]


def test_options_are_looked_up_from_the_nearest_to_the_widest(machine, tmp_path):
    gdalrc = tmp_path / "gdalrc"
    gdalrc.write_text(GDALRC)
    option = ["-oo", "USERNAME=of the dataset"]
    config = ["--config", "S2C_USERNAME", "of the command"]
    everywhere = {"GDAL_CONFIG_FILE": gdalrc, "S2C_USERNAME": "of the environment"}
    assert refused_user(machine, *config, *option, **everywhere) == "of the dataset"
    assert refused_user(machine, *config, **everywhere) == "of the path"
    assert refused_user(machine, *config, S2C_USERNAME="of the environment") == "of the command"
    assert refused_user(machine, S2C_USERNAME="of the environment") == "of the environment"


def test_two_datasets_with_two_users_never_share_a_token(sen2cube):
    users = [(sen2cube.USERNAME, sen2cube.PASSWORD),
             (sen2cube.OTHER_USERNAME, sen2cube.OTHER_PASSWORD)]
    names = ["S2C:10424:water_count", "S2C:10424:land_cover"]
    tokens = []
    opened = []
    for name, (user, password) in zip(names, users, strict=True):
        sen2cube.forget()
        opened.append(gdal.OpenEx(name, open_options=[f"USERNAME={user}",
                                                      f"PASSWORD={password}"]))
        [login, asked, read] = sen2cube.requests()
        assert login["grant"] == "password"
        assert asked["token"] == read["token"]
        tokens.append(asked["token"])
    assert tokens[0] != tokens[1]
    sen2cube.forget()
    for dataset, name in zip(opened, names, strict=True):
        assert dataset.GetMetadata_List("json:S2C")
        assert same_pixels(dataset.ReadAsArray(),
                           gdal.Open(sample(name.split(":")[2])).ReadAsArray())
    assert [entry["token"] for entry in sen2cube.requests()] == tokens


def test_two_users_share_no_blocks(sen2cube):
    """What one of them may read tells nothing about the other."""
    for user, password in ((sen2cube.USERNAME, sen2cube.PASSWORD),
                           (sen2cube.OTHER_USERNAME, sen2cube.OTHER_PASSWORD)):
        gdal.OpenEx(COMPOSITE, open_options=[f"USERNAME={user}", f"PASSWORD={password}"])
    assert len(sen2cube.requests("files")) == 2
    assert len({entry["token"] for entry in sen2cube.requests("files")}) == 2
    assert len({entry["connection"] for entry in sen2cube.requests("files")}) == 2


def test_an_open_option_does_not_outlive_its_dataset(sen2cube):
    with pytest.raises(RuntimeError, match="the login of 'nobody' was refused"):
        gdal.OpenEx(COMPOSITE, open_options=["USERNAME=nobody"])
    assert gdal.Open(COMPOSITE).RasterCount == 3


def test_an_access_token_is_used_as_it_is(sen2cube, machine):
    given = login(sen2cube)
    sen2cube.forget()
    machine.succeed("gdalinfo", COMPOSITE, S2C_USERNAME=None, S2C_PASSWORD=None,
                    S2C_ACCESS_TOKEN=given)
    assert sen2cube.request_lines("auth") == []
    sen2cube.forget()
    machine.succeed("gdalinfo", COMPOSITE, S2C_USERNAME=None, S2C_PASSWORD=None,
                    GDAL_HTTP_BEARER=given)
    assert sen2cube.request_lines("auth") == []


def login(sen2cube):
    return UserAgent(sen2cube).log_in()["access_token"]


def test_an_access_token_that_was_refused_is_said_to_be(sen2cube, machine):
    given = login(sen2cube)
    sen2cube.expire_access()
    error = machine.refusal(COMPOSITE, S2C_USERNAME=None, S2C_PASSWORD=None,
                            S2C_ACCESS_TOKEN=given)
    assert "S2C_ACCESS_TOKEN" in error
    assert given not in error


@pytest.mark.parametrize("name, value", [
    ("S2C_PAGE_SIZE", "many"), ("S2C_PAGE_SIZE", "0"), ("S2C_CACHE_SIZE", "64 apples"),
    ("S2C_MAX_RETRY", "-1"), ("S2C_TIMEOUT", "soon"), ("S2C_MAX_CONNECTIONS", "0")])
def test_a_setting_that_cannot_be_is_refused_with_its_name_and_what_it_takes(machine, name, value):
    error = machine.refusal(COMPOSITE, **{name: value})
    assert f"{name} is '{value}', but must be a " in error


@pytest.mark.parametrize("name", ["S2C_API_URL", "S2C_AUTH_URL"])
def test_an_address_that_is_none_is_refused_with_the_option(machine, sen2cube, name):
    assert name in machine.refusal(COMPOSITE, **{name: "not an address"})
    assert sen2cube.request_lines() == []


def test_a_login_without_tls_to_another_host_is_refused(machine, sen2cube):
    error = machine.refusal(COMPOSITE, S2C_AUTH_URL="http://sen2cube.example/auth")
    assert "without TLS: set S2C_AUTH_URL to its https address" in error
    assert sen2cube.request_lines() == []


def test_the_page_size_is_that_of_the_option(sen2cube):
    with config_options(S2C_PAGE_SIZE="20"):
        assert len(gdal.ReadDir("/vsis2c/")) == 59
    assert [line.split("page[size]=")[1].split("&")[0] for line in sen2cube.request_lines("api")] \
        == ["20", "200"]


@pytest.mark.parametrize("size", ["1 kB", "0.5 GB"])
def test_the_size_of_the_cache_changes_no_pixel(sen2cube, size):
    with config_options(S2C_CACHE_SIZE=size):
        arrays = [gdal.Open(name).ReadAsArray() for name in
                  (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*arrays)
    assert sen2cube.request_lines()[:2] == [TOKEN, inference(10424)]


def test_extra_headers_and_the_user_agent_of_gdal_are_sent(sen2cube, machine):
    machine.succeed("gdalinfo", COMPOSITE, GDAL_HTTP_USERAGENT="my program")
    assert {entry["user_agent"] for entry in sen2cube.requests()} == {"my program"}
    sen2cube.forget()
    machine.succeed("gdalinfo", COMPOSITE)
    assert all(entry["user_agent"].startswith("gdal_S2C/") for entry in sen2cube.requests())
