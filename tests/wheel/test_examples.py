# SPDX-License-Identifier: MIT
"""What the pages and the package's own README show, as far as it needs packages of PyPI."""

import os
import re

import pytest

from ..backend.process import ROOT

PAGES = ("docs/python.md", "docs/servers.md", "packaging/wheel/README.md")
# The environment in which each package has a GDAL that every wheel has a plugin for.
PLACES = {"rasterio": "current", "rioxarray": "current", "geopandas": "older", "xarray": "current",
          "rio_tiler": "tiles", "fastapi": "tiles"}
# A visitor of the tile server whose program stands before this.
VISITOR = """
import json
from fastapi.testclient import TestClient
visitor = TestClient(app)
tile, name = "/tiles/WebMercatorQuad/13/4392/2855.png", "Cloud_free_composite"
answers = [visitor.get(tile, params={"inference": 10424, "name": name, "rescale": "0,3000"})
           for name in (name, "nothing")]
stranger = visitor.get(tile, params={"url": "/etc/hosts"})
open("tile.png", "wb").write(answers[0].content)
print(json.dumps([*(answer.status_code for answer in answers), answers[1].text,
                  stranger.status_code]))
"""


def examples():
    for page in PAGES:
        with open(os.path.join(ROOT, page), encoding="utf-8") as file:
            for block in re.findall(r"^```\n((?:import|from) (\w+).*?)^```", file.read(), re.M | re.S):
                yield pytest.param(*block, id=f"{page}-{block[1]}")


@pytest.mark.parametrize(("program", "package"), examples())
def test_an_example_works(program, package, request):
    environment = request.getfixturevalue(PLACES[package])
    written, lines = environment.output(program)
    assert (bool(written) == ("print" in program), lines) == (True, [])


def test_tiles_are_those_of_the_local_file_and_no_other_address_is_opened(tiles):
    programs = {parameter.values[1]: parameter.values[0] for parameter in examples()}
    tiles.output(programs["rio_tiler"])
    drawn = tiles.read("tile.png")
    tiles.output(programs["rio_tiler"].replace("S2C:10424:Cloud_free_composite",
                                               tiles.sample("Cloud_free_composite.tiff")))
    assert tiles.read("tile.png") == drawn
    (found, missing, told, other), _ = tiles.python(programs["fastapi"] + VISITOR)
    assert (found, missing, other) == (200, 500, 422) and "has no output 'nothing'" in told
    assert tiles.read("tile.png") == drawn


def test_each_page_has_examples():
    assert {parameter.id.rpartition("-")[0] for parameter in examples()} == set(PAGES)
