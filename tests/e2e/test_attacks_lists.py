# SPDX-License-Identifier: MIT
"""A server whose lists never end: who reads one of them ends, or takes no more memory (issue 15)."""

import json
import re
import sys
import urllib.parse

import pytest

from .attacker import Attacker, measure, whole
from .terminal import S2C

MOST = 200
LONGEST = 60
READ = """
import sys
from osgeo import gdal
gdal.UseExceptions()
if sys.argv[1] == "folder":
    print(len(gdal.ReadDir("/vsis2c/")))
else:
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
    layer = dataset.GetLayer("inference")
    layer.SetIgnoredFields([layer.GetLayerDefn().GetFieldDefn(i).GetName()
                            for i in range(layer.GetLayerDefn().GetFieldCount())])
    if sys.argv[1] == "count":
        print(layer.GetFeatureCount())
    else:
        print(sum(1 for _ in layer))
"""


class Lists:
    """Answers with rows from the one that is asked for downwards, from `first` on."""

    def __init__(self, first, size=None, next_for_ever=True, again=False, count=None):
        self.first, self.size, self.again = first, size, again
        self.more = {"links": {"next": "/v1/inference?page[number]=2"}} if next_for_ever else {}
        if count is not None:
            self.more["meta"] = {"count": count}

    def play(self, request):
        query = urllib.parse.unquote(request[0].split()[1])
        below = re.search(r'"op":"lt","val":(\d+)', query)
        size = self.size if self.size is not None else \
            int(re.search(r"page\[size\]=(\d+)", query).group(1))
        last = self.first if self.again or not below else int(below.group(1))
        rows = [{"type": "inference", "id": number, "attributes": {"status": "FAILED"}}
                for number in range(last - 1, max(last - 1 - size, 0), -1)]
        yield from whole(json.dumps({"data": rows, **self.more}).encode(),
                         Content_Type="application/vnd.api+json")


def read(machine, lists, what, **variables):
    with Attacker(lists.play) as attacker:
        done = measure(machine, sys.executable, "-c", READ, what, S2C_API_URL=attacker.url,
                       **variables)
    assert done.peak < MOST and done.seconds < LONGEST, vars(done)
    return done, attacker


def test_a_folder_of_pages_of_one_row_each_ends_after_a_thousand(machine):
    done, attacker = read(machine, Lists(1 << 31, 1), "folder")
    assert done.out == "1000\n" and "lists the newest 1000 inferences only" in done.err
    assert len(attacker.requests) < 1010


def test_who_stops_early_has_asked_for_little(machine):
    with Attacker(Lists(1 << 31).play) as attacker:
        done = measure(machine, S2C, "list", "--limit", 5, S2C_API_URL=attacker.url)
    assert (done.code, len(done.out.splitlines())) == (0, 6), done.err
    assert len(attacker.requests) <= 3


def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(machine):
    peaks = []
    for count in (100_000, 1_000_000):
        done, _ = read(machine, Lists(count + 1), "rows", S2C_PAGE_SIZE=1000)
        assert done.out == f"{count}\n", done.err
        peaks.append(done.peak)
    assert peaks[1] < peaks[0] + 20


@pytest.mark.parametrize("what", ["folder", "rows", "count"])
@pytest.mark.parametrize("size", [0, 3])
def test_the_same_page_for_ever_ends(machine, what, size):
    done, attacker = read(machine, Lists(1000, size, again=True), what)
    assert len(attacker.requests) <= 12
    assert done.code == 1 or int(done.out) <= 3


@pytest.mark.parametrize("count", [(1 << 63) - 1, 1 << 63, 1 << 64, -1, -(1 << 63), 1e308, "many", None,
                                   [], {"count": 1}], ids=str)
@pytest.mark.parametrize("what", ["folder", "rows", "count"])
def test_a_count_that_is_none_makes_no_room(machine, what, count):
    done, _ = read(machine, Lists(6, None, False, count=count), what)
    assert done.code == 1 or int(done.out) in (5, (1 << 63) - 1), vars(done)
