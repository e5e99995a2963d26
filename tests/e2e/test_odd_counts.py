# SPDX-License-Identifier: MIT
"""What a service counts wrongly costs requests, never rows (issue 10)."""

import itertools

import pytest
from osgeo import gdal

from .catalogue import catalogue, ids, lists
from .support import config_options
from .test_listing import Warnings

ROWS = 59
COUNTS = ("0", "20", "58", "60", "1000", "null", '"59"', '"many"', "-59", "absent")


@pytest.fixture(params=itertools.product(COUNTS, (False, True)),
                ids=lambda param: f"{param[0]}{' without links' if param[1] else ''}")
def counted(request, sen2cube):
    """The server counts so, and may name no other pages."""
    count, without_links = request.param
    sen2cube.settings(list_count=count, no_list_links=without_links)
    yield count
    sen2cube.settings(list_count=None, no_list_links=False)


@pytest.mark.parametrize("size", [7, 25, 59, 100])
def test_all_rows_come_and_are_counted_right(counted, size):
    with config_options(S2C_PAGE_SIZE=str(size)):
        opened = catalogue()
        found = ids(opened.GetLayer(0))
        assert len(found) == len(set(found)) == opened.GetLayer(0).GetFeatureCount() == ROWS
        assert [len(ids(opened.GetLayer(place))) for place in (1, 2)] == [4, 40]


def test_a_count_that_the_first_page_belies_is_not_the_layers(counted):
    opened = catalogue()
    assert opened.GetLayer(0).GetFeatureCount() == ROWS
    opened.GetLayer(0).SetAttributeFilter("status = 'FAILED'")
    assert opened.GetLayer(0).GetFeatureCount() == 27


@pytest.mark.parametrize("count", ["0", "10", "20", "50", "1000"])
def test_a_count_that_the_named_pages_belie_is_not_the_layers(sen2cube, count):
    sen2cube.settings(list_count=count)
    try:
        with config_options(S2C_PAGE_SIZE="10"):
            opened = catalogue()
            assert opened.GetLayer(0).GetFeatureCount() == ROWS
            opened.GetLayer(0).SetNextByIndex(57)
            assert opened.GetLayer(0).GetNextFeature().GetFID() == 8301
    finally:
        sen2cube.settings(list_count=None)


@pytest.mark.parametrize("largest", [4, 9])
def test_pages_that_are_shorter_than_asked_for_are_not_the_last(counted, sen2cube, largest):
    sen2cube.settings(clip_page_size=largest)
    try:
        opened = catalogue()
        assert len(ids(opened.GetLayer(0))) == ROWS
        assert opened.GetLayer(0).GetFeatureCount() == ROWS
    finally:
        sen2cube.settings(clip_page_size=None)


def test_a_folder_lists_all_and_names_no_others(counted):
    with config_options(S2C_PAGE_SIZE="25"), Warnings() as said:
        assert len(gdal.ReadDir("/vsis2c/")) == ROWS
        assert len(list(gdal.listdir("/vsis2c/", 0))) == ROWS
    assert said == []


def test_a_right_count_costs_no_request_more(sen2cube):
    for size, requests in ((59, 1), (100, 1), (20, 2), (10, 2)):
        sen2cube.forget()
        with config_options(S2C_PAGE_SIZE=str(size)):
            opened = catalogue()
            assert len(ids(opened.GetLayer(0))) == ROWS
        assert len(lists(sen2cube)) == requests
