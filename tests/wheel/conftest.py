# SPDX-License-Identifier: MIT
"""Virtual environments with packages of PyPI and the wheel that scripts/wheel has built.

    WHEEL_ROOT=FOLDER scripts/wheel test      all programs run in that root (chroot), which has
                                                  python3 and python3-venv and nothing else
"""

import contextlib
import glob
import itertools
import json
import os
import shutil
import subprocess
import tempfile

import pytest

from ..backend.process import ROOT, LocalSen2Cube

SECONDS = 300
# tests/conftest.py takes what begins with S2C_ away.
CHROOT = os.environ.get("WHEEL_ROOT", "")
HOMES = itertools.count(1)


class Environment:
    """A virtual environment of packages, and programs that have nothing else."""

    def __init__(self, sen2cube):
        self.folder = tempfile.mkdtemp(prefix="s2c-wheel-", dir=CHROOT + "/tmp")
        self.sen2cube = sen2cube
        self.authority = self.copy(sen2cube.ca_file)
        self.run("/usr/bin/python3", "-m", "venv", self.seen("venv"))

    def seen(self, *parts):
        """A path of the folder as programs see it."""
        return os.path.join(self.folder[len(CHROOT):], *parts)

    def copy(self, file):
        return self.seen(os.path.basename(shutil.copy(file, self.folder)))

    def sample(self, name):
        return self.copy(os.path.join(ROOT, "data", name))

    def variables(self, **further):
        home = os.path.join(self.folder, f"home{next(HOMES)}")
        os.mkdir(home)
        made = self.sen2cube.environment({"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                                          "HOME": self.seen(os.path.basename(home))})
        made.update(GDAL_CURL_CA_BUNDLE=self.authority, CURL_CA_BUNDLE=self.authority)
        return {**made, **further}

    def run(self, *command, environment=None):
        inside = ["/usr/sbin/chroot", CHROOT] if CHROOT else []
        done = subprocess.run([*inside, *command], env=environment or {
            **os.environ, "PYTHONPATH": ""}, capture_output=True, text=True, timeout=SECONDS,
            stdin=subprocess.DEVNULL, cwd=self.folder, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def install(self, *packages):
        """By name, or from a file of this machine."""
        places = [self.copy(name) if os.path.exists(name) else name for name in packages]
        self.run(self.seen("venv", "bin", "pip"), "install", "-q", *places)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def output(self, program, *arguments, **further):
        """What a Python program prints, and the lines of its standard error."""
        script = os.path.join(self.folder, "program.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(program)
        done = self.run(self.seen("venv", "bin", "python"), self.seen("program.py"), *arguments,
                        environment=self.variables(**further))
        return done.stdout, done.stderr.splitlines()

    def python(self, program, *arguments, **further):
        """The same of one that prints JSON."""
        written, lines = self.output(program, *arguments, **further)
        return json.loads(written), lines

    def minors(self):
        """The GDALs that the wheel has a plugin for."""
        names = glob.glob(os.path.join(self.folder, "venv/lib/python3*/site-packages/gdal_s2c",
                                       "gdalplugins/s2c/gdal_S2C-*.so"))
        return {name.rpartition("-")[2].removesuffix(".so") for name in names}


@pytest.fixture(scope="session")
def wheel():
    found = glob.glob(os.path.join(ROOT, "build", "wheel", "gdal_s2c-*.whl"))
    assert len(found) == 1, "scripts/wheel builds it"
    return found[0]


@pytest.fixture(scope="session")
def server():
    with LocalSen2Cube() as running:
        yield running


@pytest.fixture
def sen2cube(server):
    server.clear_faults()
    server.forget()
    return server


@contextlib.contextmanager
def environment_of(server, *packages):
    environment = Environment(server)
    try:
        environment.install("pip", *packages)
        yield environment
    finally:
        shutil.rmtree(environment.folder)


@pytest.fixture(scope="session")
def current(server, wheel):
    """Three packages with a GDAL of their own each: 3.10, 3.12 and 3.9."""
    with environment_of(server, wheel, "rasterio==1.4.4", "pyogrio==0.13.0", "fiona==1.10.1",
                        "rioxarray", "dask", "geopandas") as environment:
        yield environment


@pytest.fixture(scope="session")
def older(server, wheel):
    """GDAL 3.10 twice, and a 3.6 of the C++ ABI before that of C++11."""
    with environment_of(server, wheel, "rasterio==1.4.4", "pyogrio==0.11.1", "fiona==1.9.6",
                        "setuptools", "geopandas") as environment:
        yield environment


@pytest.fixture(scope="session")
def tiles(server, wheel):
    with environment_of(server, wheel, "rasterio==1.4.4", "rio-tiler", "titiler.core",
                        "httpx") as environment:
        yield environment
