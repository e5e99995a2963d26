# SPDX-License-Identifier: MIT
"""Names and numbers of an area of interest's features: as its JSON has them."""

import json

import pytest
from osgeo import gdal

from .own_table import area, changed, feature, own_table
from .support import messages
from .test_tables import fields

AREA = "area_of_interest"
# Names as people give them, and how a table spells them.
NAMES = {"date": ("2021-03-01", "2021-03-01"), "nearly a date": ("1-2-3", "1-2-3"),
         "time": ("10:15", "10:15"), "date-time": ("2021-03-01T10:15:00Z", "2021-03-01T10:15:00Z"),
         "fraction": (1.0, "1.0"), "fraction as text": ("1.0", "1.0"), "number": (7, "7"),
         "boolean": (True, "True"), "false": (False, "False"), "boolean as text": ("True", "True"),
         "large number": (18446744073709551615, "18446744073709551615"),
         "exponent": ("1e3", "1e3"), "zeros": ("007", "007")}


def own_text(name):
    return name if isinstance(name, str) else json.dumps(name)


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_that_looks_like_something_else_is_text_and_finds_its_place(sen2cube, kind):
    name, spelled = NAMES[kind]
    with own_table(sen2cube, f"space,own\n{spelled},1\n", ["space"],
                   area_of_interest=area(feature({"name": name}))) as table, messages() as said:
        dataset = gdal.OpenEx(table.split(":own")[0], gdal.OF_VECTOR)
        layer = dataset.GetLayerByName(AREA)
        assert fields(layer) == [("name", "String")]
        assert layer.GetNextFeature()["name"] == own_text(name)
        row = dataset.GetLayerByName("own").GetNextFeature()
        assert row["space"] == spelled and row.GetGeometryRef() is not None
    assert said == []


def test_names_of_all_kinds_stand_side_by_side(sen2cube):
    names = [name for name, _ in NAMES.values()]
    spelled = [text for _, text in NAMES.values()]
    unique = [text for text in spelled if spelled.count(text) == 1]
    given = area(*(feature({"name": name}, place) for place, name in enumerate(names)))
    rows = "".join(f"{text},1\n" for text in unique)
    with own_table(sen2cube, "space,own\n" + rows, ["space"], area_of_interest=given) as table:
        dataset = gdal.OpenEx(table, gdal.OF_VECTOR)
        found = {row["space"]: row.GetGeometryRef().GetEnvelope()[0]
                 for row in dataset.GetLayer(0)}
    assert found == {text: pytest.approx(13 + spelled.index(text) / 10) for text in unique}


def test_texts_of_other_properties_are_texts_too(sen2cube):
    properties = {"name": "a", "code": "1-2-3", "hour": "10:15", "day": "2021-03-01", "share": 0.5}
    with changed(sen2cube, area_of_interest=area(feature(properties))) as name:
        dataset = gdal.OpenEx(f"{name}:{AREA}", gdal.OF_VECTOR)
        layer = dataset.GetLayer(0)
        assert fields(layer) == [("name", "String"), ("code", "String"), ("hour", "String"),
                                 ("day", "String"), ("share", "Real")]
        found = layer.GetNextFeature()
        assert {key: found[key] for key in properties} == properties


def test_whole_numbers_beyond_64_bits_with_a_sign_are_text(sen2cube):
    most = 2 ** 64 - 1
    given = area(feature({"a": most, "b": 2 ** 63 - 1, "c": [1, most], "d": 1.5}),
                 feature({"a": 5, "b": 1, "c": [], "d": 1}, 1))
    with changed(sen2cube, area_of_interest=given) as name:
        dataset = gdal.OpenEx(f"{name}:{AREA}", gdal.OF_VECTOR)
        layer = dataset.GetLayer(0)
        assert [kind for _, kind in fields(layer)][:2] == ["String", "Integer64"]
        first, second = layer
        assert (first["a"], first["b"], first["d"]) == (str(most), 2 ** 63 - 1, 1.5)
        assert str(most) in first.GetFieldAsString("c")
        assert second["a"] == "5"


# GDAL makes them unique itself from some version on (3.10 does): then by numbers of its own.
UNIQUE = [0, 1, 2] if int(gdal.VersionInfo()) < 3100000 else None


@pytest.mark.parametrize("ids, fids", [
    ((None, None, None), [0, 1, 2]), ((7, 5, 9), [7, 5, 9]), ((7, 7, 8), UNIQUE),
    ((2, None, None), None), ((None, 0, 1), None), ((2 ** 63, 2 ** 64 - 1, 2 ** 70), None),
    ((-1, -1, 3), None), (("a", "a", "b"), None)])
def test_each_feature_has_an_fid_of_its_own(sen2cube, ids, fids):
    given = area(*(feature({"name": f"n{place}"}, place, **({} if id is None else {"id": id}))
                   for place, id in enumerate(ids)))
    with changed(sen2cube, area_of_interest=given) as name:
        dataset = gdal.OpenEx(f"{name}:{AREA}", gdal.OF_VECTOR)
        layer = dataset.GetLayer(0)
        found = [(row.GetFID(), row["name"]) for row in layer]
        assert [name for _, name in found] == ["n0", "n1", "n2"]
        assert len({fid for fid, _ in found}) == 3 and min(found)[0] >= 0
        assert fids in (None, [fid for fid, _ in found])
        for fid, name in found:
            assert layer.GetFeature(fid)["name"] == name


def test_a_byte_order_mark_is_no_difference(sen2cube):
    given = "\ufeff" + area(feature({"name": "here"}))
    table = b'\xef\xbb\xbf"space",own\nhere,1\n'
    with own_table(sen2cube, table, ["space"], area_of_interest=given) as name, \
            messages() as said:
        dataset = gdal.OpenEx(name.split(":own")[0], gdal.OF_VECTOR)
        assert dataset.GetLayerByName(AREA).GetFeatureCount() == 1
        layer = dataset.GetLayerByName("own")
        assert fields(layer) == [("space", "String"), ("own", "Integer")]
        assert layer.GetNextFeature().GetGeometryRef() is not None
        catalogue = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
        row = catalogue.GetLayerByName("inference").GetFeature(10433)
        assert row.GetGeometryRef() is not None
    assert said == []


def test_an_area_keeps_its_reference_and_a_table_its_polygons_without_projs_database(machine):
    said = machine.run("ogrinfo", "-al", "S2C:10424:green_spaces", PROJ_LIB="/nowhere",
                       PROJ_DATA="/nowhere")
    assert said.returncode == 0
    assert said.stdout.count("POLYGON (") == 96
    assert 'ID["EPSG",4326]' in said.stdout
    assert "GeoJSON" not in said.stderr and "no geometr" not in said.stderr
    shown = machine.run("ogrinfo", "-al", f"S2C:10424:{AREA}", PROJ_LIB="/nowhere",
                        PROJ_DATA="/nowhere")
    assert shown.stdout.count("POLYGON (") == 4 and "GeoJSON" not in shown.stderr


@pytest.mark.parametrize("driver, name", [
    ("CSV", "S2C:10424:green_spaces"), ("CSV", "S2C:10424:water_time_series"),
    ("GeoJSON", f"S2C:10424:{AREA}"), ("GeoJSON", "S2C:10424:green_spaces")])
def test_a_driver_that_was_left_out_is_named_as_the_cause(machine, driver, name):
    said = machine.run("ogrinfo", "-al", name, GDAL_SKIP=driver)
    assert said.returncode != 0
    errors = [line for line in said.stderr.splitlines() if line.startswith("ERROR")]
    assert len(errors) == 1, said.stderr
    assert f"needs GDAL's driver {driver}, which is not there: take {driver} out of GDAL_SKIP" \
        in errors[0]


def test_a_driver_that_was_left_out_is_named_for_rasters_too(machine):
    error = machine.refusal("S2C:10424:water_count", GDAL_SKIP="GTiff")
    assert error.startswith("S2C: output 'water_count' of inference 10424 needs GDAL's driver "
                            "GTiff, which is not there: take GTiff out of GDAL_SKIP")
