# SPDX-License-Identifier: MIT
"""What docs/python.md and the package's own README show, as far as it needs packages of PyPI."""

import os
import re

import pytest

from ..backend.process import ROOT

PAGES = ("docs/python.md", "packaging/wheel/README.md")
# The environment in which each package has a GDAL that every wheel has a plugin for.
PLACES = {"rasterio": "current", "rioxarray": "current", "geopandas": "older", "xarray": "current"}


def examples():
    for page in PAGES:
        with open(os.path.join(ROOT, page), encoding="utf-8") as file:
            for block in re.findall(r"^```\n(import (\w+)\n.*?)^```", file.read(), re.M | re.S):
                yield pytest.param(*block, id=f"{page}-{block[1]}")


@pytest.mark.parametrize(("program", "package"), examples())
def test_an_example_works(program, package, request):
    environment = request.getfixturevalue(PLACES[package])
    written, lines = environment.output(program)
    assert (bool(written) == ("print" in program), lines) == (True, [])


def test_each_page_has_examples():
    assert {parameter.id.rpartition("-")[0] for parameter in examples()} == set(PAGES)
