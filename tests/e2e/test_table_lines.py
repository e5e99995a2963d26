# SPDX-License-Identifier: MIT
"""Headers that are there and headers that are not, and quotes that nothing closes."""

import pytest
from osgeo import gdal

from .own_table import own_table
from .support import another_session, messages
from .test_tables import fields, rows

LINES = 60_000


def read(name):
    """Fields, rows, and what was said from the first row on."""
    dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
    layer = dataset.GetLayer(0)
    found = fields(layer)
    kept = []
    with messages() as said:
        for feature in layer:
            kept.append([feature.GetField(place) for place in range(feature.GetFieldCount())])
    return found, kept, said


@pytest.mark.parametrize("content, kind, value", [
    ("True", "String", "True"), ("forest\n", "String", "forest"), ("no data\r\n", "String",
                                                                  "no data"),
    ('"a, b"\n', "String", "a, b"), ("2021-03-01\n", "Date", "2021/03/01"), ("7\n", "Integer", 7),
    ("\ufeffforest\n", "String", "forest")])
@pytest.mark.parametrize("dims", [[], ["time"]])
def test_one_cell_is_a_row(sen2cube, content, kind, value, dims):
    with own_table(sen2cube, content, dims) as name:
        found, kept, _ = read(name)
    assert found == [("own", kind)] and kept == [[value]]


def test_a_name_alone_is_a_header(sen2cube):
    with own_table(sen2cube, "own\n", []) as name:
        assert read(name)[:2] == ([("own", "Real")], [])
    with another_session(), own_table(sen2cube, "mean of all\nforest\n", []) as name:
        assert read(name)[:2] == ([("mean of all", "String")], [["forest"]])


@pytest.mark.parametrize("content, names, expected", [
    (",0\n2021-03-01,1.5\n2021-03-02,2\n", ["field_1", "0"],
     [["2021/03/01", 1.5], ["2021/03/02", 2.0]]),
    (",2019,2020\nwinter,1,2\nspring,3,4\n", ["field_1", "2019", "2020"],
     [["winter", 1, 2], ["spring", 3, 4]]),
    (",2021-03-01,2021-04-01\na,1,2\n", ["field_1", "2021-03-01", "2021-04-01"], [["a", 1, 2]]),
    (";0\n1;2\n", ["field_1", "0"], [[1, 2]])])
def test_a_header_of_pandas_without_names_is_a_header(sen2cube, content, names, expected):
    with own_table(sen2cube, content, []) as name:
        found, kept, _ = read(name)
    assert [one for one, _ in found] == names and kept == expected


@pytest.mark.parametrize("line", [",1.5", ",2021-03-01,3", ",2,2", "7,8"])
def test_a_line_of_values_is_a_row_even_where_the_first_is_missing(sen2cube, line):
    with own_table(sen2cube, line + "\n", []) as name:
        assert len(read(name)[1]) == 1


def test_numbers_beyond_64_bits_with_a_sign_are_text(sen2cube):
    with own_table(sen2cube, "time,own\n1,18446744073709551615\n2,5\n") as name:
        assert read(name)[:2] == ([("time", "Integer"), ("own", "String")],
                                  [[1, "18446744073709551615"], [2, "5"]])


@pytest.mark.parametrize("line", ['"open,3', '2021-03-03,"open'])
def test_rows_that_an_open_quote_takes_are_told(sen2cube, line):
    lines = ["time,own", "2021-03-01,1", "2021-03-02,2", line, "2021-03-04,4", "2021-03-05,5"]
    with own_table(sen2cube, "\n".join(lines) + "\n") as name:
        _, kept, said = read(name)
    assert len(kept) < 5
    assert [text for text in said if "has a quote in line 4 that is not closed: all lines from "
                                     "there on are one value, and their rows are lost" in text]


def test_an_open_quote_in_the_first_line_is_no_table(sen2cube):
    with own_table(sen2cube, '"time,own\n2021-03-01,1\n') as name:
        with pytest.raises(RuntimeError, match="quote in its first line that is not closed"):
            gdal.OpenEx(name, gdal.OF_VECTOR)


def test_an_open_quote_far_down_a_large_table_is_told(sen2cube):
    lines = [f"2021-03-01 10:00:00,{number}" for number in range(LINES)]
    lines[LINES - 50] = '2021-03-01 10:00:00,"5'
    with own_table(sen2cube, "\n".join(["time,own", *lines]) + "\n") as name:
        _, kept, said = read(name)
    assert len(kept) <= LINES - 49
    assert [text for text in said if "quote" in text]


def test_the_end_of_a_large_table_is_nothing_to_tell_after_a_row_was_asked_for(sen2cube):
    lines = [f"2021-03-01 10:00:00,{number}" for number in range(LINES)]
    with own_table(sen2cube, "\n".join(["time,own", *lines]) + "\n") as name:
        with messages() as said:
            layer = (dataset := gdal.OpenEx(name, gdal.OF_VECTOR)).GetLayer(0)
            assert layer.GetNextFeature()["own"] == 0
            assert layer.GetFeature(LINES)["own"] == LINES - 1
            while layer.GetNextFeature():
                pass
        assert dataset and said == []


def test_values_of_several_lines_are_nothing_to_tell(sen2cube):
    with own_table(sen2cube, 'time,own\n2021-03-01,"a\nb"\n2021-03-02,"c ""d"" \ne"\n') as name:
        _, kept, said = read(name)
    assert kept == [["2021/03/01", "a\nb"], ["2021/03/02", 'c "d" \ne']] and said == []


def test_dates_that_times_may_follow_are_times(sen2cube):
    """As pandas writes 110,000 rows: each chunk of midnights as dates, the others as times."""
    lines = ["2021-03-01,1.5"] * 100_000 + ["2021-03-01 10:17:33,2.5"] * 10_000
    with own_table(sen2cube, "\n".join(["time,own", *lines]) + "\n") as name:
        with messages() as said:
            dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
            layer = dataset.GetLayer(0)
            assert fields(layer) == [("time", "DateTime"), ("own", "Real")]
            layer.SetAttributeFilter("time IS NULL")
            assert layer.GetFeatureCount() == 0
            layer.SetAttributeFilter(None)
            layer.SetNextByIndex(109_999)
            assert rows([layer.GetNextFeature()]) == [["2021-03-01 10:17:33.000", 2.5]]
    assert said == []
