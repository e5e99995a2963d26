# SPDX-License-Identifier: MIT
"""What several end-to-end tests need."""

import contextlib
import itertools
import json
import os
import re
import subprocess
import sys

import numpy as np
from osgeo import gdal

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLUGIN_DIR = os.environ["S2C_PLUGIN_DIR"]
GDAL_MINOR = ".".join(gdal.__version__.split(".")[:2])
# For programs that fork; a child that hangs is ended.
END_OF_CHILD = """
import os, signal, time

def end_of(child, seconds):
    for _ in range(seconds * 10):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]
"""
COMPOSITE = "S2C:10424:Cloud_free_composite"
COMPOSITE_PATH = "/vsis2c/10424/Cloud_free_composite.tiff"
RASTERS = ("Cloud_free_composite", "water_count", "land_cover", "vegetation_over_time")
TABLES = ("water_time_series", "green_spaces", "mean_ndvi")
FOLDER = "/output/sen2cube/demo"
SECONDS = 120
SESSIONS = itertools.count(1)
# What copies a folder: a sample of GDAL's Python until 3.11.
COPY = (["gdal", "vsi", "copy", "-r"] if int(gdal.VersionInfo()) >= 3110000 else
        [sys.executable, "-c", "from osgeo_utils.samples.gdal_cp import main; import sys; "
         "sys.exit(main(sys.argv))", "-r"])

# The requests of an open, as LocalSen2Cube.request_lines() writes them.
TOKEN = "auth POST /realms/sen2cube-at/protocol/openid-connect/token"
ATTRIBUTES = ("owner,comment,status,status_message,timestamp_created,timestamp_started,"
              "timestamp_finished,temp_range_start,temp_range_end,output_scale_factor,output,"
              "qgis_project_location,factbase,knowledgebase")
INCLUDE = "include=factbase,knowledgebase"
FIELDS = (f"fields[inference]={ATTRIBUTES}&fields[factbase]=title,uri,sensor"
          "&fields[knowledgebase]=title")
# What a program asks for that wants to know the classes of a categorical raster.
LAYOUT = "api GET /v1/factbase/1?fields[factbase]=layout"
JWT = re.compile(r"[A-Za-z0-9_-]{90,}\.[A-Za-z0-9_-]{90,}")


def inference(number):
    return f"api GET /v1/inference/{number}?{INCLUDE}&{FIELDS}"


def result(name, number=10424):
    return f"files GET {place(name, number)}"


def place(name, number=10424):
    """Where the server has a sample: the `data` of its output."""
    ending = "_3035.tiff" if name in RASTERS else ".csv"
    return f"{FOLDER}/{name}_id{number}{ending}"


def opening(name, number=10424):
    """The requests of a program that opens a raster and looks at all that it tells."""
    layout = [LAYOUT] if name == "land_cover" else []
    return [TOKEN, inference(number), result(name, number), *layout]


def sample(name):
    """The served file of an output, on this disk."""
    return os.path.join(ROOT, "data", name + (".tiff" if name in RASTERS else ".csv"))


@contextlib.contextmanager
def config_options(**options):
    """gdal.config_options(), which GDAL has from 3.7 on."""
    before = {name: gdal.GetConfigOption(name) for name in options}
    for name, value in options.items():
        gdal.SetConfigOption(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            gdal.SetConfigOption(name, value)


def another_session():
    """As in another process: nothing is remembered, for other settings are another session."""
    return config_options(GDAL_HTTP_USERAGENT=f"another {next(SESSIONS)}")


@contextlib.contextmanager
def messages():
    """What GDAL says in the meantime; an exception in place of an error ends that, as a text."""
    found = []
    gdal.PushErrorHandler(lambda level, number, text: found.append(text))
    try:
        yield found
    except RuntimeError as error:
        found.append(str(error))
    finally:
        gdal.PopErrorHandler()


def checked_by_gdal(machine, name, layers):
    """What GDAL's own checks say of a vector dataset when they find nothing in just its `layers`."""
    program = os.path.join(ROOT, "build", "test_ogrsf")
    assert os.path.exists(program), "scripts/build-test_ogrsf makes it"
    done = machine.run(program, "-ro", name)
    assert done.returncode == 0
    assert "ERROR" not in done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("INFO: Testing layer")] \
        == [f"INFO: Testing layer {layer}." for layer in layers]
    return done.stdout


def content(path):
    with open(path, "rb") as file:
        return file.read()


def vsi_content(path):
    """All bytes of a file of GDAL's virtual file systems, read in pieces."""
    file = gdal.VSIFOpenL(path, "rb")
    assert file is not None, gdal.VSIGetLastErrorMsg()
    try:
        pieces = []
        while piece := gdal.VSIFReadL(1, 10_000, file):
            pieces.append(bytes(piece))
        return b"".join(pieces)
    finally:
        gdal.VSIFCloseL(file)


def same_pixels(one, other):
    """Whether two arrays are equal, NaN being equal to NaN."""
    return one.dtype == other.dtype and one.shape == other.shape and \
        np.array_equal(one.view(np.uint8), other.view(np.uint8))


def assert_same_raster(path, expected):
    """Pixels of all bands and overviews, no-data values, CRS and geotransform."""
    found, expected = gdal.Open(path), gdal.Open(expected)
    assert found.GetGeoTransform() == expected.GetGeoTransform()
    assert found.GetSpatialRef().IsSame(expected.GetSpatialRef())
    assert found.RasterCount == expected.RasterCount
    for number in range(1, expected.RasterCount + 1):
        band, other = found.GetRasterBand(number), expected.GetRasterBand(number)
        assert same_pixels(band.ReadAsArray(), other.ReadAsArray())
        assert str(band.GetNoDataValue()) == str(other.GetNoDataValue())
        if other.GetDescription():
            assert band.GetDescription() == other.GetDescription()
        assert band.GetOverviewCount() == other.GetOverviewCount()
        for level in range(other.GetOverviewCount()):
            assert same_pixels(band.GetOverview(level).ReadAsArray(),
                               other.GetOverview(level).ReadAsArray())


class Machine:
    """Runs programs as on a machine of their own: nothing of this process but the plugin.

    `home` is empty before each program, and `work` is where they run.
    """

    KEPT = ("PATH", "GDAL_DRIVER_PATH", "GDAL_CONFIG_FILE", "LD_LIBRARY_PATH", "LD_PRELOAD",
            "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")

    def __init__(self, folder, sen2cube):
        self.folder, self.sen2cube, self.count = folder, sen2cube, 0
        self.work = folder / "work"
        self.work.mkdir()

    def environment(self, **variables):
        self.count += 1
        home = self.folder / f"home{self.count}"
        home.mkdir()
        kept = {name: os.environ[name] for name in self.KEPT if name in os.environ}
        made = self.sen2cube.environment({**kept, "HOME": str(home), "LANG": "C.UTF-8",
                                          "TMPDIR": str(self.folder)})
        made.update(variables)
        return {name: str(value) for name, value in made.items() if value is not None}

    def run(self, *command, **variables):
        """A variable that is None is taken away."""
        return subprocess.run([str(part) for part in command], cwd=self.work, text=True,
                              env=self.environment(**variables), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)

    def succeed(self, *command, **variables):
        """The standard output of a program that ends well and complains of nothing."""
        done = self.run(*command, **variables)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def python(self, program, *arguments, **variables):
        """What a Python program prints, taken as JSON."""
        return json.loads(self.succeed(sys.executable, "-c", program, *arguments, **variables))

    def qgis(self, program, *arguments, **variables):
        """What a program with QGIS in it prints in its last line, taken as JSON, and its errors."""
        done = self.run(sys.executable, program, *arguments, QT_QPA_PLATFORM="offscreen",
                        XDG_RUNTIME_DIR=self.folder, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]), done.stderr

    def gdalinfo(self, *arguments, **variables):
        return json.loads(self.succeed("gdalinfo", "-json", *arguments, **variables))

    def refusal(self, name, *arguments, **variables):
        """The one error of gdalinfo for a name that it cannot open, with nothing left behind."""
        done = self.run("gdalinfo", *arguments, name, **variables)
        assert done.returncode > 0, done.stdout + done.stderr
        lines = done.stderr.splitlines()
        errors = [line for line in lines if line.startswith("ERROR ")]
        assert len(errors) == 1, done.stderr
        # CPLE_OpenFailed, which QGIS throws away.
        assert not errors[0].startswith("ERROR 4: S2C"), errors[0]
        # The other line is gdalinfo's own.
        assert [line for line in lines if line not in errors and line] \
            == [f"gdalinfo failed - unable to open '{name}'."]
        assert list(self.work.iterdir()) == []
        home = self.folder / f"home{self.count}"
        # Of what is written, the token cache and what is kept of answers outlive the program alone.
        cache = home / ".cache" / "gdal_S2C"
        assert [path for path in home.rglob("*")
                if path not in (cache.parent, cache)
                and path.parent not in (cache, cache / "answers")] == []
        assert_no_secret(done.stdout + done.stderr)
        return errors[0].split(": ", 1)[1]


def assert_no_secret(text):
    assert "demo-password" not in text
    assert not JWT.search(text)
