# SPDX-License-Identifier: MIT
"""A password that is given with a dataset stays with it: in no saved file, dialog or message."""

import json
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from osgeo import gdal

from .support import COMPOSITE, sample

WATER = "S2C:10424:water_count"
SECRETS = ("PASSWORD", "ACCESS_TOKEN", "REFRESH_TOKEN")
NO_LOGIN = {"S2C_USERNAME": None, "S2C_PASSWORD": None, "S2C_TOKEN_CACHE": "NO"}


@pytest.fixture
def login(sen2cube):
    """Options of a command line."""
    return ["-oo", f"USERNAME={sen2cube.USERNAME}", "-oo", f"PASSWORD={sen2cube.PASSWORD}"]


def checksum(path):
    dataset = gdal.Open(str(path))
    return dataset.GetRasterBand(1).Checksum()


SAVING = {
    "gdal_translate": ["gdal_translate", "-q", "-of", "VRT"],
    "gdalwarp": ["gdalwarp", "-q", "-of", "VRT"],
    "gdal_translate of an overview": ["gdal_translate", "-q", "-of", "VRT", "-oo",
                                      "OVERVIEW_LEVEL=NONE"],
}


@pytest.mark.parametrize("command", SAVING.values(), ids=SAVING)
def test_a_vrt_holds_no_password_and_opens_with_the_readers_login(machine, sen2cube, login,
                                                                 command):
    assert machine.succeed(*command, *login, WATER, "saved.vrt", **NO_LOGIN) == ""
    saved = (machine.work / "saved.vrt").read_text()
    assert sen2cube.PASSWORD not in saved and "PASSWORD" not in saved
    assert '<OOI key="USERNAME">demo</OOI>' in saved
    found = machine.gdalinfo("-checksum", "saved.vrt", S2C_USERNAME=None)
    assert found["bands"][0]["checksum"] == checksum(sample("water_count"))
    refused = machine.run("gdalinfo", "-checksum", "saved.vrt", **NO_LOGIN)
    assert "S2C_PASSWORD" in refused.stderr


def test_a_vrt_of_datasets_holds_no_password(machine, sen2cube):
    machine.python("""
import json, sys
from osgeo import gdal
gdal.UseExceptions()
dataset = gdal.OpenEx(sys.argv[1], open_options=sys.argv[2:])
gdal.BuildVRT("saved.vrt", [dataset]).FlushCache()
print(json.dumps(dataset.RasterCount))
""", WATER, f"USERNAME={sen2cube.USERNAME}", f"PASSWORD={sen2cube.PASSWORD}", **NO_LOGIN)
    assert "PASSWORD" not in (machine.work / "saved.vrt").read_text()


def test_a_password_alone_is_not_saved_either(machine, sen2cube):
    machine.succeed("gdal_translate", "-q", "-of", "VRT", "-oo", f"PASSWORD={sen2cube.PASSWORD}",
                    WATER, "saved.vrt", S2C_PASSWORD=None, S2C_TOKEN_CACHE="NO")
    saved = (machine.work / "saved.vrt").read_text()
    assert "OOI" not in saved and sen2cube.PASSWORD not in saved
    machine.gdalinfo("saved.vrt")


def test_other_options_are_saved(machine, sen2cube):
    machine.succeed("gdal_translate", "-q", "-of", "VRT", "-oo", "MAX_RETRY=2", WATER, "saved.vrt")
    assert '<OOI key="MAX_RETRY">2</OOI>' in (machine.work / "saved.vrt").read_text()


def test_a_dataset_opened_again_for_sharing_is_no_error_and_nobody_elses(machine, sen2cube):
    """GDAL tells shared datasets apart by name and options."""
    found = machine.python("""
import json, sys
from osgeo import gdal
gdal.DontUseExceptions()
said = []
gdal.PushErrorHandler(lambda level, number, text: said.append(text))
def shared(*options):
    return gdal.OpenEx(sys.argv[1], gdal.OF_RASTER | gdal.OF_SHARED, open_options=list(options))
user, word = sys.argv[2:]
mine, again = shared(user, word), shared(user, word)
opened = [mine is not None, again is not None]
errors = list(said)
del mine, again
print(json.dumps([opened, errors]))
""", WATER, f"USERNAME={sen2cube.USERNAME}", f"PASSWORD={sen2cube.PASSWORD}", **NO_LOGIN)
    assert found == [[True, True], []]


def test_threads_that_open_the_dataset_again_need_no_password(machine, sen2cube):
    """From GDAL 3.10 on a dataset may be opened for several threads."""
    found = machine.python("""
import json, sys, threading
from osgeo import gdal
gdal.UseExceptions()
kind = getattr(gdal, "OF_THREAD_SAFE", 0)
dataset = gdal.OpenEx(sys.argv[1], gdal.OF_RASTER | kind, open_options=sys.argv[2:])
sums = []
def read():
    sums.append(dataset.GetRasterBand(1).Checksum())
for _ in range(3):
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
print(json.dumps(sums))
""", WATER, f"USERNAME={sen2cube.USERNAME}", f"PASSWORD={sen2cube.PASSWORD}", **NO_LOGIN)
    assert found == [checksum(sample("water_count"))] * 3
    assert len(sen2cube.requests("api")) == 1
    assert len(sen2cube.requests("auth")) == 1


def test_secret_options_are_accepted(machine, sen2cube, login):
    for name, program in (WATER, "gdalinfo"), ("S2C:10424", "gdalinfo"), ("S2C:", "ogrinfo"), \
            ("S2C:10424", "ogrinfo"), ("S2C:10424:green_spaces", "ogrinfo"):
        machine.succeed(program, *login, name, **NO_LOGIN)
    token = json.loads(next((machine.folder / "tokens").glob("*.json")).read_text()) \
        if machine.run("gdalinfo", WATER, S2C_TOKEN_CACHE=machine.folder / "tokens") else {}
    for option in "ACCESS_TOKEN", "REFRESH_TOKEN":
        machine.succeed("gdalinfo", "-oo", f"{option}={token[option.lower()]}", WATER, **NO_LOGIN)


@pytest.mark.parametrize("kind", ["raster", "vector"])
def test_no_dialog_offers_an_option_that_holds_a_secret(kind):
    """By the rule of QGIS' source select dialogs, for rasters as for vectors."""
    xml = gdal.GetDriverByName("S2C").GetMetadataItem("DMD_OPENOPTIONLIST")
    options = ElementTree.fromstring(xml)
    offered = [option.get("name") for option in options
               if option.get("scope") is None or kind in option.get("scope")]
    assert [option.get("name") for option in options if option.get("name") not in offered] \
        == list(SECRETS)
    assert {"USERNAME", "PASSWORD_FILE", "TOKENFILE", "API_URL"} <= set(offered)


QGIS_OPTIONS = "|option:USERNAME=demo|option:PASSWORD=sesame"
NAMES = ["S2C:10424:nothing", "S2C:x", "S2C:10424:", "S2C:99999999999999999999", "S2C:1:2",
         "S2C:10424:water_count", "/vsis2c/10424/nothing.tiff", "/vsis2c/x/y", "/vsis2c/10424/x/y"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("separator", ["|option:", "|Option:", "|credential:", "|layername=x|option:"])
def test_no_message_repeats_the_options_that_qgis_puts_behind_a_name(machine, name, separator):
    done = machine.python("""
import json, sys
from osgeo import gdal
gdal.DontUseExceptions()
said = []
gdal.PushErrorHandler(lambda level, number, text: said.append(text))
for kinds in gdal.OF_RASTER, gdal.OF_VECTOR, gdal.OF_RASTER | gdal.OF_UPDATE:
    gdal.OpenEx(sys.argv[1], kinds | gdal.OF_VERBOSE_ERROR, allowed_drivers=["S2C"])
file = gdal.VSIFOpenL(sys.argv[1], "rb"), gdal.VSIFOpenL(sys.argv[1], "wb")
gdal.VSIStatL(sys.argv[1]), gdal.ReadDir(sys.argv[1]), gdal.Open(sys.argv[1])
print(json.dumps([text for text in said if text.startswith("S2C: ")]))
""", f"{name}{separator}PASSWORD=sesame")
    assert [text for text in done if "sesame" in text] == []
    assert done


@pytest.mark.parametrize("address", ["https://demo:sesame@api.sen2cube.invalid/v1",
                                     "https://demo:sesame/v1", "demo:sesame@api.sen2cube.invalid",
                                     "https://demo:ses/ame@api.sen2cube.invalid/v1"])
@pytest.mark.parametrize("option", ["API_URL", "AUTH_URL"])
def test_no_message_repeats_a_login_in_an_address(machine, option, address):
    for arguments, variables in (["-oo", f"{option}={address}"], {}), \
            ([], {f"S2C_{option}": address}):
        error = machine.refusal(WATER, *arguments, **variables)
        assert "sesame" not in error and "ame@" not in error
        assert option in error


def test_the_refusal_of_a_wrong_password_does_not_repeat_it(machine):
    for name in COMPOSITE, "S2C:10424":
        error = machine.refusal(name, "-oo", "USERNAME=demo", "-oo", "PASSWORD=sesame", **NO_LOGIN)
        assert "the login of 'demo' was refused" in error and "sesame" not in error


def test_debug_output_names_no_secret_option(machine, login, sen2cube):
    done = machine.run(sys.executable, "-c", "import sys; from osgeo import gdal\n"
                       "gdal.UseExceptions()\ngdal.OpenEx(sys.argv[1], open_options=sys.argv[2:]).ReadAsArray()", WATER,
                       *login[1::2], CPL_DEBUG="ON", **NO_LOGIN)
    assert done.returncode == 0
    assert sen2cube.PASSWORD not in done.stdout + done.stderr
