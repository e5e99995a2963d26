# SPDX-License-Identifier: MIT
"""What docs/servers.md has MapServer serve: the pixels and the rows, and what it costs."""

import json

import numpy as np
import pytest
from osgeo import gdal

from .support import TOKEN, sample
from .test_docs import BLOCK, text_of

PAGE = "docs/servers.md"
WATER, WOOD, REST = (230, 159, 0), (86, 180, 233), (0, 158, 115)


@pytest.fixture
def served(machine):
    """The folder in which the page's commands have run."""
    [block] = [found[-1] for found in BLOCK.findall(text_of(PAGE)) if "mapserv" in found[-1]]
    # Both kinds of a login of the environment are taken away by the block itself.
    done = machine.run("bash", "-euo", "pipefail", "-c", block)
    assert (done.returncode, done.stderr) == (0, "")
    return machine.work


def test_a_map_has_the_colours_of_its_classes(served):
    picture = gdal.Open(str(served / "map.png")).ReadAsArray()[:3]
    classes = np.nan_to_num(gdal.Open(sample("land_cover")).ReadAsArray())
    for chosen, colour in ((classes == 1, WATER), (classes == 2, WOOD), (classes > 2, REST)):
        assert chosen.any()
        assert {tuple(one) for one in picture[:, chosen].T} == {colour}


def test_features_have_their_rows_and_places(served):
    with open(served / "green.json", encoding="utf-8") as file:
        found = json.load(file)["features"]
    assert len(found) == 96
    assert {one["geometry"]["type"] for one in found} == {"Polygon"}
    assert {*found[0]["properties"]} == {"space", "time", "green_spaces"}


def test_two_programs_of_a_server_share_one_login(served, sen2cube):
    assert sen2cube.request_lines("auth") == [TOKEN]
