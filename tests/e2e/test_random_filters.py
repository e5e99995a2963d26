# SPDX-License-Identifier: MIT
"""Random attribute filters: the catalogue's rows against those that OGR finds in a copy of them.

The copy holds all rows and asks no server; the catalogue has the server do what it can.
"""

import contextlib
import random

import pytest
from osgeo import gdal, ogr

from ..backend.process import LocalSen2Cube
from .support import config_options

COUNTS = {"inference": 250, "factbase": 60, "knowledgebase": 60}
TEXTS = ["", " ", "demo", "DEMO", "Demo ", "mark", "mar\u212a", "Grün", "GRÜN", "50%", "50", "a_b",
         "axb", "a\\b", "a\\", "12:30", "12:30+00", "x'y", '"q"', "tab\there", "🌍", "\u0130x", "ix",
         "null", "%", "_", "Run 8300", "run 83"]
WORDS = ["FAILED", "failed", "SUCCEEDED", "CREATED", "ABORTED", "OK", "sentinel-2", "Sentinel%"]
PATTERNS = ["%", "", "demo%", "%MO%", "d_mo", "Gr_n", "Gr__n", "%ü%", "50x%", "a\\b", "%%", "%b",
            "FA%", "%ED", "Run 83_0", "%psycopg2%", "%\\", "a\\%", "%\u212a"]
NUMBERS = ["0", "1", "-1", "2", "3", "8", "99", "218", "221", "221.0", "220.5", "'218'", "1e300",
           "9223372036854775807", "0.25"]
TIMES = ["2021-09-28", "2021-09-28 07:41:12", "2021-09-28T07:41:13.270318Z", "2021/07/01",
         "2021-09-28T09:41:12+02:00", "2021-03-01T00:00:00Z", "2021-08-31 23:59:59.999", "12:30",
         "2015-07-04", "2022-01-20", "2020-12-31T12:00:00", "2021-09-31"]


QUOTED = (ogr.OFTString, ogr.OFTDate, ogr.OFTDateTime)


class Clauses:
    """WHERE clauses over the fields of a layer."""

    def __init__(self, seed, layer):
        self.random = random.Random(seed)
        definition = layer.GetLayerDefn()
        fields = [definition.GetFieldDefn(place) for place in range(definition.GetFieldCount())]
        self.types = {field.GetName(): field.GetType() for field in fields}
        self.types["FID"] = ogr.OFTInteger64
        self.fids, self.present = [], {name: set() for name in self.types}
        for feature in layer:
            self.fids.append(feature.GetFID())
            for name in self.types:
                if name != "FID" and feature.IsFieldSetAndNotNull(name):
                    self.present[name].add(feature.GetFieldAsString(name)[:60])

    def some(self, depth):
        if depth == 0 or self.random.random() < 0.25:
            return self.leaf()
        form = self.random.choice(["NOT ({})", "({}) OR ({})", "({}) AND ({})", "({}) AND ({})"])
        return form.format(*(self.some(depth - 1) for _ in range(form.count("{}"))))

    def leaf(self):
        field = self.random.choice(sorted(self.types))
        no = self.random.choice(["", "", " NOT"])
        forms = [f"{field} IS{no} NULL", f"{field}{no} IN ({self.values(field)})",
                 f"{field}{no} BETWEEN {self.value(field)} AND {self.value(field)}",
                 *[self.comparison(field)] * 4]
        if self.types[field] == ogr.OFTString:
            like = self.random.choice(["LIKE", "ILIKE"])
            escape = self.random.choice(["", "", " ESCAPE 'x'"])
            forms += [f"{field}{no} {like} {quoted(self.random.choice(PATTERNS))}{escape}"] * 3
        return self.random.choice(forms)

    def comparison(self, field):
        sides = [field, self.value(field)]
        if self.random.random() < 0.2:
            sides.reverse()
        operator = self.random.choice(["=", "<>", "<", "<=", ">", ">="])
        return f"{sides[0]} {operator} {sides[1]}"

    def values(self, field):
        return ", ".join(self.value(field) for _ in range(self.random.randint(1, 4)))

    def value(self, field):
        kind = self.types[field]
        if self.present[field] and self.random.random() < 0.4:
            text = self.random.choice(sorted(self.present[field]))
            return quoted(text) if kind in QUOTED else text
        if kind in (ogr.OFTDateTime, ogr.OFTDate):
            return quoted(self.random.choice(TIMES))
        if kind == ogr.OFTString:
            return quoted(self.random.choice(TEXTS + WORDS * 2))
        if field == "FID":
            return str(self.random.choice(self.fids))
        return self.random.choice(NUMBERS)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@contextlib.contextmanager
def quiet():
    """GDAL before 3.10 complains of each null that it compares with a time."""
    gdal.DontUseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()
        gdal.UseExceptions()


def copy(layer):
    """All features in memory, by their FIDs, without the geometries.

    Newer versions fold letters beyond ASCII in layers that say that their texts are UTF-8.
    """
    driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")
    dataset = driver.CreateDataSource("")
    copied = dataset.CreateLayer(layer.GetName(), geom_type=ogr.wkbNone,
                                 options=["ADVERTIZE_UTF8=YES"])
    definition = layer.GetLayerDefn()
    for place in range(definition.GetFieldCount()):
        copied.CreateField(definition.GetFieldDefn(place))
    for feature in layer:
        twin = ogr.Feature(copied.GetLayerDefn())
        twin.SetFrom(feature)
        twin.SetFID(feature.GetFID())
        copied.CreateFeature(twin)
    return dataset


def found(layer, where):
    """The sorted FIDs and the count, or that there is no such filter."""
    if layer.SetAttributeFilter(where) != ogr.OGRERR_NONE:
        return None
    return found_fids(layer), layer.GetFeatureCount()


def found_fids(layer):
    return sorted(feature.GetFID() for feature in layer)


def fill_with_oddities(server):
    """Texts, nulls and times that the ordinary rows do not have."""
    for place, number in enumerate(range(8300, 8344)):
        server.change_inference(
            number, owner=TEXTS[place % len(TEXTS)] if place % 5 else None,
            comment=TEXTS[(place * 7) % len(TEXTS)], favourite=(None, True, False)[place % 3],
            timestamp_finished=None if place % 4 else f"2021-09-28T07:41:12.{place:02}9600+00:00",
            status_progress=(None, place / 8, place / 8, float("nan"))[place % 4],
            output_scale_factor=place % 4 or None)
    server.change_knowledgebase(218, owner="Demo ", description=None, favourite=None)
    server.change_factbase(2, status="disabled", dateEnd=None, preview_factor=None)


@pytest.fixture(scope="module", params=["0.30", "0.31"])
def server(request, sen2cube):
    with LocalSen2Cube("--library", request.param) as running:
        fill_with_oddities(running)
        yield running


@pytest.fixture
def catalogue(server):
    with config_options(S2C_PAGE_SIZE="1000", **server.environment()):
        opened = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
        server.forget()
        yield opened


@pytest.mark.parametrize("name", COUNTS)
def test_a_filter_finds_what_ogr_finds_in_a_copy(server, catalogue, name):
    layer = catalogue.GetLayerByName(name)
    clauses = Clauses(f"{name} 1", layer)
    memory = copy(layer)
    copied = memory.GetLayer(0)
    server.forget()
    selective = 0
    with quiet():
        for _ in range(COUNTS[name]):
            where = clauses.some(clauses.random.randint(0, 3))
            expected = found(copied, where)
            assert found(layer, where) == expected, where
            selective += expected is not None and 0 < len(expected[0]) < len(clauses.fids)
    assert selective > COUNTS[name] // 5
    entries = server.requests("api")
    # A filter that the server refuses would be done on this side.
    assert {entry["status"] for entry in entries} == {200}
    filtered = [entry for entry in entries if "filter=" in entry["query"]]
    assert len(filtered) > COUNTS[name] // 4


@pytest.mark.parametrize("name", ["FID", "id"])
def test_the_fid_is_asked_for_by_both_its_names(server, catalogue, name):
    layer = catalogue.GetLayerByName("inference")
    layer.SetAttributeFilter(f"{name} IN (10424, 10425, 7)")
    assert found_fids(layer) == [10424, 10425]
    [line] = server.request_lines("api")
    assert '"name":"id","op":"in","val":[7,10424,10425]' in line


def test_a_filter_of_status_and_model_is_one_request_that_gives_the_rows_alone(server, catalogue):
    layer = catalogue.GetLayerByName("inference")
    layer.SetAttributeFilter("status='FAILED' AND knowledgebase_id IN (218,221)")
    count = layer.GetFeatureCount()
    assert count == len([feature for feature in layer]) > 0
    [entry] = server.requests("api")
    assert "filter=" in entry["query"]
