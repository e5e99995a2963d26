# SPDX-License-Identifier: MIT
"""/vsis2c/ of a service with 100,000 inferences: nobody pays for what he does not read."""

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .support import another_session, config_options
from .test_listing import FILES, Warnings, first_names, list_request, names

COUNT = 100_000
OPTIONS = ("--inferences", COUNT)
TOP = COUNT + 100_000
WARNING = "lists the newest 1000 inferences only; older ones open by their id"
READ_ALL = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
def peak_memory():
    # Not getrusage(): its figure comes from the program that started this one, if that is larger.
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
before = peak_memory()
directory, count, last = gdal.OpenDir("/vsis2c/", int(sys.argv[1])), 0, None
while (entry := gdal.GetNextDirEntry(directory)) is not None:
    count += 1
    last = entry.name
gdal.CloseDir(directory)
peak = peak_memory()
print(json.dumps([count, last, peak // 1024, (peak - before) // 1024]))
"""


def lists(sen2cube):
    return [line for line in sen2cube.request_lines("api") if "/v1/inference?" in line]


def test_five_entries_are_one_page_and_250_are_two(sen2cube):
    assert first_names("/vsis2c/", 5) == [str(TOP - place) for place in range(5)]
    assert lists(sen2cube) == [list_request()]
    sen2cube.forget()
    with another_session():
        assert first_names("/vsis2c/", 250)[-1] == str(TOP - 249)
    # The one after the page that is read is on its way.
    assert 2 <= len(lists(sen2cube)) <= 3


def test_the_first_files_of_a_recursive_list_are_one_page(sen2cube):
    found = first_names("/vsis2c/", 20, -1)
    assert f"{TOP - 1}/inference.json" in found
    assert lists(sen2cube) == [list_request(FILES)]


def test_readdir_gives_the_newest_1000_and_says_so(sen2cube):
    with Warnings() as said:
        found = gdal.ReadDir("/vsis2c/")
    assert found == [str(TOP - place) for place in range(1000)]
    assert [(kind, text.split("/vsis2c/ ")[1]) for kind, text in said] \
        == [(gdal.CE_Warning, WARNING)]
    assert len(lists(sen2cube)) == 2
    sen2cube.forget()
    for name in found:
        assert gdal.VSIStatL(f"/vsis2c/{name}").IsDirectory()
    assert sen2cube.request_lines() == []


@pytest.mark.parametrize("most, requests", [(1, 1), (5, 1), (1500, 3)])
def test_readdir_with_a_limit_gives_one_more_without_a_word(sen2cube, most, requests):
    with Warnings() as said:
        assert len(gdal.ReadDir("/vsis2c/", most)) == most + 1
    assert said == [] and len(lists(sen2cube)) == requests


def test_a_thousand_of_a_thousand_are_no_reason_to_warn():
    with LocalSen2Cube("--inferences", 1000 - 59) as server, \
            config_options(S2C_PAGE_SIZE="1000", **server.environment()):
        with Warnings() as said:
            assert len(gdal.ReadDir("/vsis2c/")) == 1000
        assert said == [] and len(lists(server)) == 1


def test_a_recursive_readdir_ends_after_1000_inferences_and_says_so(sen2cube):
    with Warnings() as said:
        found = gdal.ReadDirRecursive("/vsis2c/")
    assert len([name for name in found if name.endswith("/")]) == 1000
    assert found[-1] == f"{TOP - 999}/inference.json"
    assert len(said) == 1 and WARNING in said[0][1]
    assert len(sen2cube.requests("api")) == 2


def test_a_prefix_is_looked_for_by_the_server(sen2cube):
    assert names("/vsis2c/", 0, "PREFIX=12345") == [
        str(number) for number in range(123459, 123449, -1)]
    assert len(lists(sen2cube)) == 1


@pytest.mark.parametrize("depth, last", [(0, "8300"), (-1, "8300/inference.json")])
def test_all_are_read_in_one_request_per_page_and_little_memory(machine, sen2cube, depth, last):
    count, found, peak, more = machine.python(READ_ALL, depth, S2C_PAGE_SIZE="1000")
    assert found == last
    assert count == COUNT + 59 if depth == 0 else count > 2 * COUNT
    # 1000 and then 10,000 each.
    assert len(lists(sen2cube)) == 11
    assert peak < 150 and more < 60, (peak, more)
