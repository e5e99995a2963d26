# SPDX-License-Identifier: MIT
"""CSV files that are not as they should be: nothing is lost in silence, and nothing crashes."""

import pytest
from osgeo import gdal, ogr

from ..backend import tables as backend
from .support import messages, vsi_content
from .test_tables import fields, rows, tables

OPTIONS = ("--tables",)
ID = backend.ODD
DAY = "2021-03-01"
DATE, TIME, REAL, WHOLE, LONG, TEXT = ("Date", "DateTime", "Real", "Integer", "Integer64",
                                       "String")
INF = float("inf")

# Name: types, rows, and the middle of each warning.
EXPECTED = {
    "scalar": ([REAL], [[0.617]], []),
    "scalar_nan": ([REAL], [[None]], []),
    "scalar_with_header": ([WHOLE], [[-3]], []),
    "empty": ([TEXT, TIME, REAL], [], ["is an empty file"]),
    "header_only": ([TIME, REAL], [], []),
    "missing": ([DATE, REAL], [[DAY, None], ["2021-03-02", None], [None, 1.5], [None, None],
                               ["2021-03-05", INF]], []),
    "counts": ([WHOLE, WHOLE], [[2019, 3], [2020, -4], [2021, None]], []),
    "large_counts": ([WHOLE, LONG], [[1, 9007199254740993], [2, -5]], []),
    "seasons": ([TEXT, REAL], [["winter", 0.5], ["spring", 1.0]], []),
    "months": ([TEXT, REAL], [["01", 1.25], ["12", 2.0]], []),
    "zones": ([TIME, WHOLE], [[f"{DAY} 10:00:00.000", 1], [f"{DAY} 10:00:00.500", 2],
                              [f"{DAY} 10:00:00.123", 3], [f"{DAY} 00:00:00.000", 4]], []),
    "no_days": ([TEXT, WHOLE], [["2021-02-28", 1], ["2021-02-30", 2]], []),
    "classes": ([DATE, TEXT], [[DAY, "forest"], ["2021-03-02", "True"]], []),
    "no_header": ([TEXT, DATE, REAL], [["Altstadt", DAY, 1.5], ["Nonntal", "2021-03-02", 2.5]],
                  ["has no line with names", "has no geometry for 'Altstadt'"]),
    "no_header_of_other_width": ([WHOLE, DATE, REAL], [[1, DAY, 1.5]],
                                 ["has no line with names", "has no column 'time'"]),
    "other_header": ([TEXT, DATE, WHOLE], [["Altstadt", DAY, 1]],
                     ["has no column 'space'", "has no column 'time'"]),
    "twice": ([DATE, WHOLE, WHOLE, WHOLE, WHOLE], [[DAY, 1, 2, 3, 4]], []),
    "windows": ([DATE, WHOLE], [[DAY, 1], ["2021-03-02", 2]], []),
    "quotes": ([TEXT, DATE, WHOLE], [['a "b", c', DAY, 1], ["two\nlines", DAY, 2]],
               ["has no geometry for 'a \"b\", c'"]),
    "semicolons": ([DATE, TEXT], [[DAY, "1,5"], ["2021-03-02", "2,5"]], []),
    "a; b, c": ([DATE, WHOLE], [[DAY, 1]], []),
    "ragged": ([DATE, WHOLE], [[DAY, None], ["2021-03-02", 2], ["2021-03-04", 4]],
               ["has more values in row 2 than columns", "has fewer values in row 1"]),
    "latin": ([TEXT, DATE, WHOLE], [["Mönchsberg", DAY, 1]], []),
    "unnamed_dims": ([TEXT, DATE, WHOLE], [["Mönchsberg", DAY, 1]], []),
    "twin name": ([DATE, WHOLE], [[DAY, 1]], []),
    "twin name (2)": ([DATE, WHOLE], [[DAY, 2]], []),
    "area_of_interest": ([DATE, WHOLE], [[DAY, 1]], []),
}
COLUMNS = {"no_header": ["space", "time", "no_header"],
           "no_header_of_other_width": ["field_1", "field_2", "field_3"],
           "other_header": ["place", "when", "how much"], "windows": ["time", "windows"],
           "twice": ["time", "twice", "twice_2", "Twice_3", "field_5"],
           "quotes": ["space", "time", "quotes"], "a; b, c": ["time", "a; b, c"],
           "scalar": ["scalar"], "empty": ["space", "time", "empty"]}
NO_TABLES = {"binary": "is not text in CSV", "page": "is not text in CSV",
             "one_line": "has no end of a line in its first 131072 bytes"}


def layer_names(dataset):
    return [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())]


def test_every_table_is_a_layer_and_nothing_else():
    names = [name for name in backend.TABLES if name not in ("plain", "twin name ")]
    names.insert(names.index("twin name") + 1, "twin name (2)")
    with_space = [name for name in names if "space" in (backend.TABLES.get(name, ([],))[0] or [])]
    others = [name for name in names if name not in with_space]
    assert layer_names(tables(f"S2C:{ID}")) == [*with_space, "area_of_interest (2)", *others]
    assert {*EXPECTED, *NO_TABLES, "places", "late", "late_words"} == {*names}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("source", [f"S2C:{ID}", f"S2C:{ID}:{{}}"])
def test_a_table_has_the_types_and_rows_of_its_file(name, source):
    types, expected, complaints = EXPECTED[name]
    with messages() as said:
        dataset = tables(source.format(name))
        layer = dataset.GetLayerByName(name)
        found = fields(layer)
        assert [kind for _, kind in found] == types
        assert rows(layer) == expected
        # What was said once is not said again.
        assert rows(layer) == expected and layer.GetFeatureCount() == len(expected)
        for fid, row in enumerate(expected, 1):
            assert layer.GetFeature(fid).GetFID() == fid
    assert [name for name, _ in found] == COLUMNS.get(name, [name for name, _ in found])
    assert len(said) == len(complaints), said
    for text, complaint in zip(said, complaints):
        assert text.startswith(f"S2C: output '{name.removesuffix(' (2)')}' of inference {ID} ")
        assert complaint in text and "\n" not in text


def test_a_column_that_a_row_does_not_reach_is_null():
    with messages():
        dataset = tables(f"S2C:{ID}:ragged")
        first, second = dataset.GetLayer(0).GetFeature(1), dataset.GetLayer(0).GetFeature(2)
    # Not unset, as it would be of no column: IsFieldNull() is not true of that.
    assert [first.IsFieldNull(field) for field in range(2)] == [False, True]
    assert [second.IsFieldNull(field) for field in range(2)] == [False, False]


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_is_one_error_and_the_bytes_are_still_there(machine, name):
    sentence = f"S2C: output '{name}' of inference {ID} is no table: it {NO_TABLES[name]}; " \
               f"copy it from /vsis2c/{ID}/ to look at it"
    done = machine.run("ogrinfo", f"S2C:{ID}:{name}")
    assert done.returncode != 0
    assert [line for line in done.stderr.splitlines() if "ERROR" in line] \
        == [f"ERROR 1: {sentence}"]
    with messages() as said:
        dataset = tables(f"S2C:{ID}")
        layer = dataset.GetLayerByName(name)
        assert fields(layer) == [] and layer.GetFeatureCount() == -1
    assert said == [sentence]
    # Nobody who reads it may take it for an empty layer.
    with messages() as said:
        layer.GetNextFeature()
    assert said == [sentence]
    assert machine.run("ogr2ogr", "copy.gpkg", f"S2C:{ID}", name).returncode != 0
    assert vsi_content(f"/vsis2c/{ID}/{name}.csv") == backend.content(name)


def test_zones_are_kept_and_what_has_none_is_utc():
    dataset = tables(f"S2C:{ID}:zones")
    flags = [feature.GetFieldAsDateTime(0)[6] for feature in dataset.GetLayer(0)]
    assert flags == [100, 108, 100, 100]


def test_values_that_do_not_fit_the_rows_before_are_null_and_told():
    with messages() as said:
        dataset = tables(f"S2C:{ID}:late_words")
        layer = dataset.GetLayer(0)
        assert fields(layer) == [("time", "Integer64"), ("late", "Real")]
        last = None
        for last in layer:
            pass
        assert last.GetFID() == backend.ROWS + 1
        assert not last.IsFieldSetAndNotNull(0) and not last.IsFieldSetAndNotNull(1)
        assert [layer.GetFeature(fid)["late"] for fid in (backend.ROWS, 1)] \
            == [backend.ROWS - 1, 0]
    assert said == [
        f"S2C: output 'late_words' of inference {ID} has '{value}' in row {backend.ROWS + 1} of "
        f"column '{column}', which is no {kind} as the rows before; such values are null"
        for value, column, kind in (("soon", "time", "Integer64"), ("much", "late", "Real"))]


def test_a_fraction_after_many_whole_numbers_is_kept():
    with messages() as said:
        dataset = tables(f"S2C:{ID}:late")
        layer = dataset.GetLayer(0)
        assert fields(layer) == [("time", "Integer64"), ("late", "Real")]
        assert layer.GetFeature(backend.ROWS + 1)["late"] == 0.5
        assert layer.GetFeatureCount() == backend.ROWS + 1
    assert said == []


def test_places_are_found_by_name_or_by_their_number():
    with messages() as said:
        dataset = tables(f"S2C:{ID}:places")
        layer = dataset.GetLayer(0)
        assert layer.GetGeomType() == ogr.wkbUnknown
        found = {feature["space"]: feature.GetGeometryRef() and
                 feature.GetGeometryRef().GetGeometryName() for feature in layer}
    assert found == {"Mönchsberg": "POLYGON", "feature_2": "POLYGON", "feature_3": "POLYGON",
                     "7": "POINT", "twin": None, "nowhere": None, None: None, "nan": None}
    [warning] = said
    assert "has no geometry for 'twin', since not exactly one feature" in warning


def test_heights_are_kept():
    dataset = tables(f"S2C:{ID}:places")
    layer = dataset.GetLayer(0)
    layer.SetAttributeFilter("space = '7'")
    assert layer.GetNextFeature().GetGeometryRef().GetZ() == 430.5
    layer.SetAttributeFilter(None)
    assert layer.GetFeature(4).GetGeometryRef().GetZ() == 430.5


def test_properties_of_every_kind_are_attributes_of_the_area():
    dataset = tables(f"S2C:{ID}")
    layer = dataset.GetLayerByName("area_of_interest (2)")
    assert fields(layer) == [("name", "String"), ("height", "Real"), ("tags", "String"),
                             ("owner", "String")]
    definition = layer.GetLayerDefn()
    assert definition.GetFieldDefn(3).GetSubType() == ogr.OFSTJSON
    first, second, third, fourth, *_ = layer
    assert (first["name"], first["height"], first["owner"]) \
        == ("Mönchsberg", 508.0, '{ "town": "Salzburg", "share": 0.5 }')
    assert second["name"] is None and (third["name"], third["height"]) == (None, 424.5)
    assert fourth["name"] == "7" and fourth.GetGeometryRef().GetZ() == 430.5


def test_an_output_has_the_name_before_the_area():
    dataset = tables(f"S2C:{ID}:area_of_interest")
    assert fields(dataset.GetLayer(0)) == [("time", "Date"), ("area_of_interest", "Integer")]


def test_an_output_of_an_unknown_type_is_no_layer_whatever_its_extension():
    with pytest.raises(RuntimeError, match="'plain' .* is no raster and no table; open it as"):
        tables(f"S2C:{ID}:plain")
    assert vsi_content(f"/vsis2c/{ID}/plain.csv") == backend.content("plain")


def test_ogr2ogr_copies_all_that_is_a_table(machine):
    target = machine.work / "all.gpkg"
    done = machine.run("ogr2ogr", "-f", "GPKG", target, f"S2C:{ID}", *EXPECTED)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    copy = gdal.OpenEx(str(target))
    for name, (_, expected, _) in EXPECTED.items():
        assert copy.GetLayerByName(name).GetFeatureCount() == len(expected), name
