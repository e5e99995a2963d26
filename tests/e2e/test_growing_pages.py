# SPDX-License-Identifier: MIT
"""Long lists in few requests: pages that grow, ids in one list, and rows that are read once."""

import pytest
from osgeo import gdal, ogr

from ..backend.process import LocalSen2Cube
from .catalogue import catalogue, ids, lists
from .support import config_options

ROWS = 6000
OPTIONS = ("--inferences", ROWS - 59)
LAST = 100_000 + ROWS - 59
# Rows are in pages of this many then.
PAGES = [100, 1000, 1000, 1000, 1000, 1000, 1000]
SPATIAL = (13.0, 47.7, 13.1, 47.8)


@pytest.fixture
def inference():
    opened = catalogue()
    yield opened.GetLayer(0)
    del opened


def sizes(sen2cube):
    """page[size] of the requests for inferences."""
    return [int(line.split("page[size]=")[1].split("&")[0]) for line in lists(sen2cube)]


def filters(sen2cube):
    return [line.split("&filter=")[1].split("&fields")[0] if "&filter=" in line else None
            for line in lists(sen2cube)]


def test_5000_inferences_with_all_attributes_are_at_most_9_requests():
    with LocalSen2Cube("--inferences", 5000 - 59) as server, config_options(**server.environment()):
        opened = catalogue()
        assert len(ids(opened.GetLayer(0))) == 5000
        assert sizes(server) == PAGES[:-1]
        assert len(server.requests()) <= 9


def test_who_stops_early_has_asked_for_little(inference, sen2cube):
    for _ in range(40):
        inference.GetNextFeature()
    assert sizes(sen2cube) == [100]


def test_the_first_page_is_as_large_as_the_option_says(sen2cube):
    opened = catalogue(PAGE_SIZE=20)
    assert len(ids(opened.GetLayer(0))) == ROWS
    assert sizes(sen2cube)[:4] == [20, 200, 200, 200]


def test_rows_of_many_bytes_come_in_pages_of_few(sen2cube):
    """An area of interest can be 190 kB."""
    for number in range(LAST - 99, LAST + 1):
        sen2cube.change_inference(number, comment="x" * 50_000)
    try:
        opened = catalogue()
        found = ids(opened.GetLayer(0))
        assert len(found) == ROWS
        assert sizes(sen2cube)[:3] == [100, 100, 1000]
    finally:
        for number in range(LAST - 99, LAST + 1):
            sen2cube.change_inference(number, comment=f"Synthetic run {number}")


@pytest.mark.parametrize("options", [(), ("--library", "0.31")])
@pytest.mark.parametrize("largest", [("--max-page-size", 400), ("--clip-page-size", 400),
                                     ("--clip-page-size", 130), ("--max-page-size", 30)])
def test_a_server_with_a_largest_page_is_read_whole_while_rows_come_and_go(options, largest):
    with LocalSen2Cube("--inferences", 1941, *options, *largest) as server, \
            config_options(**server.environment()):
        server.churn(insert=15, skip=2, count=3)
        server.churn(remove_newest=4, skip=3, count=2)
        opened = catalogue()
        found = ids(opened.GetLayer(0))
        assert len(found) == len(set(found)) and found == sorted(found, reverse=True)
        assert found == [*range(101_941, 100_000, -1), *found[1941:]] and len(found) == 2000
        if largest == ("--max-page-size", 400):
            assert sizes(server) == [100, 1000, *[333] * 6]
            server.forget()
            opened.GetLayer(0).SetAttributeFilter("fid < 102000")
            assert len(ids(opened.GetLayer(0))) > 1900
            assert 1000 not in sizes(server), "the refusal is remembered"


def test_a_folder_is_listed_in_pages_that_grow(sen2cube):
    assert len(gdal.ReadDir("/vsis2c/")) == 1000
    assert sizes(sen2cube) == [100, 900]
    sen2cube.forget()
    assert len(list(gdal.listdir("/vsis2c/", 0))) == ROWS
    assert sizes(sen2cube) == PAGES


@pytest.mark.parametrize("where", [
    "fid IN (10424, 8301, 100100)", "id IN (10424, 8301, 100100)",
    "fid = 10424 OR fid = 8301 OR fid = 100100",
    "((fid = 10424) OR (fid = 8301)) OR (fid = 100100)"])
def test_several_ids_are_one_list_in_one_request(inference, sen2cube, where):
    inference.SetAttributeFilter(where)
    assert inference.GetFeatureCount() == 3
    assert ids(inference) == [100_100, 10_424, 8301]
    [found] = filters(sen2cube)
    assert found.startswith('[{"name":"id","op":"in","val":[') and "or" not in found


def test_200_ids_are_one_request(inference, sen2cube):
    wanted = [LAST - place * 7 for place in range(200)]
    inference.SetAttributeFilter(f"fid IN ({','.join(str(one) for one in wanted)})")
    assert ids(inference) == wanted
    assert len(filters(sen2cube)) == 2, "200 rows are two pages"
    assert all('"op":"in"' in found for found in filters(sen2cube))


def test_ogr_sql_asks_for_the_ids_that_are_listed(sen2cube):
    opened = catalogue()
    found = opened.ExecuteSQL("SELECT owner FROM inference WHERE fid IN (10424, 8301)")
    assert len(ids(found)) == 2
    opened.ReleaseResultSet(found)
    assert filters(sen2cube) == ['[{"name":"id","op":"in","val":[8301,10424]}]']


@pytest.mark.parametrize("where, requests", [
    ("rowid IN (10424, 8301, 100100)", 3), ("rowid = 10424 OR rowid = 8301", 2),
    ("status IN ('CREATED', 'NEVER') AND rowid < 101000", 3),
    ("status = 'FAILED' AND rowid BETWEEN 8300 AND 8310", 1)])
def test_the_sqlite_dialect_never_reads_what_its_filter_leaves_out(sen2cube, where, requests):
    """SQLite asks for each value of a list by itself."""
    opened = catalogue()
    found = opened.ExecuteSQL(f"SELECT owner FROM inference WHERE {where}", dialect="SQLITE")
    assert len(ids(found)) > 0
    opened.ReleaseResultSet(found)
    assert None not in filters(sen2cube) and len(filters(sen2cube)) <= requests


def rows_in(layer, box):
    layer.SetSpatialFilterRect(*box)
    return layer.GetFeatureCount(), layer.GetExtent(), ids(layer)


def test_the_rows_of_a_spatial_filter_are_read_once(inference, sen2cube):
    count, extent, found = rows_in(inference, SPATIAL)
    assert 0 < count == len(found) < ROWS / 10
    assert extent[0] <= SPATIAL[2] and extent[1] >= SPATIAL[0]
    assert sizes(sen2cube) == PAGES
    inference.SetSpatialFilter(None)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("copy")
    copy = memory.CopyLayer(inference, "copy")
    copy.SetSpatialFilterRect(*SPATIAL)
    assert ids(copy)[::-1] == found and copy.GetExtent() == extent


def test_the_rows_of_a_filter_that_is_done_here_are_read_once(inference, sen2cube):
    inference.SetAttributeFilter("OGR_GEOM_WKT LIKE '%((13.%'")
    count = inference.GetFeatureCount()
    found = [feature.items() for feature in inference]
    assert count == len(found) > 0
    assert [feature.items() for feature in inference] == found
    assert sizes(sen2cube) == PAGES
    # Another one is another result.
    inference.SetAttributeFilter("OGR_GEOM_WKT LIKE '%((nowhere%'")
    assert ids(inference) == []


def test_another_place_is_another_result(inference):
    elsewhere = (10.0, 46.6, 10.1, 46.7)
    first, other = rows_in(inference, SPATIAL)[2], rows_in(inference, elsewhere)[2]
    assert first != other
    assert rows_in(inference, SPATIAL)[2] == first
    inference.SetIgnoredFields(["owner"])
    assert inference.GetNextFeature()["owner"] is None
    inference.SetIgnoredFields([])
    assert inference.GetNextFeature()["owner"] is not None


def test_places_looked_at_one_after_the_other_share_the_rows():
    with LocalSen2Cube("--inferences", 341) as server, config_options(**server.environment()):
        opened = catalogue()
        layer = opened.GetLayer(0)
        for place in range(3):
            rows_in(layer, (10 + place, 46, 11 + place, 49))
            # Beside which single rows, or others, are looked at.
            layer.SetAttributeFilter("fid = 10424")
            assert len(ids(layer)) <= 1
            layer.SetAttributeFilter(None)
        assert filters(server).count(None) == 1
        assert len(sizes(server)) == 2 + 1
