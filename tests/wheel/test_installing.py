# SPDX-License-Identifier: MIT
"""What pip puts there and takes away."""

import os
import zipfile

import pytest

from .conftest import environment_of

PRINT = "import json, os; print(json.dumps(os.environ.get('GDAL_DRIVER_PATH')))"


def files(environment):
    return sorted(os.path.join(place, name)
                  for place, _, names in os.walk(os.path.join(environment.folder, "venv"))
                  for name in names if not name.endswith(".pyc"))


@pytest.fixture(scope="module")
def empty(server):
    with environment_of(server) as environment:
        yield environment


def test_uninstall_leaves_nothing(empty, wheel):
    before = files(empty)
    empty.install(wheel)
    assert empty.python(PRINT)[0].endswith("/gdal_s2c/gdalplugins")
    empty.run(empty.seen("venv", "bin", "pip"), "uninstall", "-q", "-y", "gdal-s2c")
    assert files(empty) == before
    assert empty.python(PRINT) == (None, [])


def test_the_wheel_says_what_is_in_it(wheel):
    assert "-py3-none-manylinux_2_" in wheel
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
        metadata = next(name for name in names if name.endswith("/METADATA"))
        text = content.read(metadata).decode()
        libraries = [content.read(name) for name in names if name.endswith(".so")]
    licences = [line.split(": ")[1] for line in text.splitlines() if line.startswith("License-File")]
    folder = metadata.removesuffix("METADATA") + "licenses/"
    assert sorted(folder + name for name in licences) \
        == sorted(name for name in names if name.startswith(folder) and name != folder)
    assert {"LICENSE", "libssl-dev", "libcurl4-openssl-dev"} <= set(licences)
    assert "@" not in text
    # Nothing of the machine that built it.
    for library in libraries:
        assert b"build/wheel" not in library
