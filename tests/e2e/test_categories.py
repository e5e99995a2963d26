# SPDX-License-Identifier: MIT
"""Categorical rasters: their classes, as a table, as colours and as names."""

import itertools

import numpy as np
import pytest
from osgeo import gdal

from ..backend.maps import MAPS
from .rasters import publish, write
from .support import LAYOUT, TOKEN, another_session, config_options, inference

OPTIONS = ("--maps",)
LAND_COVER = "S2C:10424:land_cover"
COLUMNS = [("Value", gdal.GFT_Integer, gdal.GFU_MinMax), ("Class", gdal.GFT_String, gdal.GFU_Name),
           ("Red", gdal.GFT_Integer, gdal.GFU_Red), ("Green", gdal.GFT_Integer, gdal.GFU_Green),
           ("Blue", gdal.GFT_Integer, gdal.GFU_Blue), ("Alpha", gdal.GFT_Integer, gdal.GFU_Alpha)]
# Okabe and Ito's: orange, sky blue, bluish green, yellow, blue.
COLOURS = [(230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178)]
# What red-blind and green-blind people see of linear red, green and blue (Machado and others, 2009).
BLIND = [np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]]),
         np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                   [-0.011820, 0.042940, 0.968881]])]


def rows(table):
    """(value, name, colour) of each row of a raster attribute table."""
    return [(table.GetValueAsInt(row, 0), table.GetValueAsString(row, 1),
             tuple(table.GetValueAsInt(row, column) for column in (2, 3, 4)))
            for row in range(table.GetRowCount())]


def band_of(name):
    """The dataset as well, which a band must not outlive."""
    dataset = gdal.Open(name if ":" in name else f"S2C:{MAPS}:{name}")
    return dataset, dataset.GetRasterBand(1)


def table_of(name):
    dataset, band = band_of(name)
    found = rows(band.GetDefaultRAT())
    assert dataset.RasterCount == 1
    return found


def test_floats_have_a_table_of_classes_and_what_their_type_cannot_have_they_do_not():
    dataset, band = band_of(LAND_COVER)
    table = band.GetDefaultRAT()
    assert [(table.GetNameOfCol(column), table.GetTypeOfCol(column), table.GetUsageOfCol(column))
            for column in range(table.GetColumnCount())] == COLUMNS
    assert rows(table) == [(value, f"class {value}", colour)
                           for value, colour in enumerate(COLOURS, 1)]
    assert table.GetTableType() == gdal.GRTT_THEMATIC
    assert band.GetColorTable() is None and band.GetCategoryNames() is None
    assert band.GetColorInterpretation() == gdal.GCI_GrayIndex
    assert dataset.RasterCount == 1


@pytest.mark.parametrize("name, classes", [("land_use", range(1, 6)), ("quality", range(12))])
def test_bytes_and_short_integers_have_colours_and_names_too(name, classes):
    dataset, band = band_of(name)
    found = rows(band.GetDefaultRAT())
    assert [(value, text) for value, text, _ in found] \
        == [(value, f"class {value}") for value in classes]
    assert band.GetColorInterpretation() == gdal.GCI_PaletteIndex
    colours, names = band.GetColorTable(), band.GetCategoryNames()
    assert colours.GetCount() == len(names) == classes[-1] + 1
    for value, text, colour in found:
        assert colours.GetColorEntry(value) == (*colour, 255)
        assert names[value] == text
    if classes[0] == 1:
        assert (colours.GetColorEntry(0), names[0]) == ((0, 0, 0, 0), "")
    assert dataset.GetRasterBand(1).GetOverview(0).GetColorTable().GetCount() == colours.GetCount()


def test_a_class_has_one_colour_in_all_results():
    tables = [table_of(name) for name in (LAND_COVER, "land_use", "quality")]
    found = [{value: colour for value, _, colour in table} for table in tables]
    assert found[0] == found[1]
    assert found[0].items() <= found[2].items()


def test_each_of_several_bands_has_the_table_of_its_classes_and_no_colours():
    # GTiff refuses to write the colours of the first of several bands.
    dataset = gdal.Open(f"S2C:{MAPS}:seasons")
    for number, most in ((1, 5), (2, 3), (3, 4)):
        band = dataset.GetRasterBand(number)
        assert [value for value, *_ in rows(band.GetDefaultRAT())] == [*range(1, most + 1)]
        assert band.GetColorTable() is None
        assert band.GetColorInterpretation() != gdal.GCI_PaletteIndex
        assert band.GetCategoryNames()[most] == f"class {most}"


@pytest.mark.parametrize("kind", ["mosaic", "stack"])
@pytest.mark.parametrize("name", ["land_use", "color_type"])
def test_a_mosaic_and_a_stack_have_the_classes_of_their_results(kind, name):
    whole, single = band_of(f"S2C:{kind}({MAPS}):{name}"), band_of(name)
    (_, band), (_, one) = whole, single
    assert rows(band.GetDefaultRAT()) == rows(one.GetDefaultRAT()) != []
    assert band.GetCategoryNames() == one.GetCategoryNames()
    assert (band.GetColorTable() is None) == (one.GetColorTable() is None)
    if one.GetColorTable():
        assert [band.GetColorTable().GetColorEntry(i) for i in range(one.GetColorTable().GetCount())] \
            == [one.GetColorTable().GetColorEntry(i) for i in range(one.GetColorTable().GetCount())]


def test_a_result_that_is_named_like_a_measurement_has_the_names_of_the_factbase():
    dataset, band = band_of("color_type")
    assert {value: name for value, name, _ in rows(band.GetDefaultRAT())} == {
        1: "Strong vegetation with high NIR", 22: "Shallow water or shadow", 25: "Cloud",
        33: "Unknown classification"}
    assert band.GetCategoryNames()[25] == "Cloud"
    assert len({colour for _, _, colour in rows(band.GetDefaultRAT())}) == 4
    assert dataset.RasterCount == 1


def test_a_value_that_the_measurement_does_not_have_leaves_all_classes_without_its_names(
        sen2cube, tmp_path):
    pixels = np.array([[[2, 22, 25, 33]] * 4], np.uint8)
    publish(sen2cube, 10427, {"Colour Type": write(tmp_path / "x.tiff", pixels, "GTiff", [])},
            value_type="categorical", value_range=[2, 33])
    names = [name for _, name, _ in table_of("S2C:10427:Colour Type")]
    assert names == [f"class {value}" for value in range(2, 34)]
    publish(sen2cube, 10427, {"Colour Type": tmp_path / "x.tiff"},
            finished="2021-09-29T07:42:10+00:00", value_type="categorical", value_range=[22, 33])
    with another_session():
        names = [name for _, name, _ in table_of("S2C:10427:Colour Type")]
    assert names == ["Shallow water or shadow", "Cloud", "Unknown classification"]


@pytest.mark.parametrize("more", [
    {"value_type": "numerical", "value_range": [1, 5]}, {"value_range": [1, 5]},
    {"value_type": "categorical", "value_range": [0.5, 5]}, {"value_type": "categorical"},
    {"value_type": "categorical", "value_range": [0, 5000]}])
def test_what_has_no_classes_that_are_known_gets_none(sen2cube, tmp_path, more):
    pixels = np.array([[[1, 2, 3, 5]] * 4], np.uint8)
    publish(sen2cube, 10427, {"map": write(tmp_path / "x.tiff", pixels, "GTiff", [])}, **more)
    dataset, band = band_of("S2C:10427:map")
    assert band.GetDefaultRAT() is None
    assert band.GetColorTable() is None and band.GetCategoryNames() is None
    assert band.GetColorInterpretation() == gdal.GCI_GrayIndex
    assert dataset.RasterCount == 1


def test_the_value_for_no_data_is_no_class_and_the_colours_of_the_file_are_kept(
        sen2cube, tmp_path):
    path = write(tmp_path / "x.tiff", np.array([[[0, 1, 2, 3]] * 4], np.uint8), "GTiff", [])
    file = gdal.Open(path, gdal.GA_Update)
    colours = gdal.ColorTable()
    colours.SetColorEntry(2, (1, 2, 3, 255))
    file.GetRasterBand(1).SetColorTable(colours)
    file.GetRasterBand(1).SetNoDataValue(0)
    file = None
    publish(sen2cube, 10427, {"own": path}, value_type="categorical", value_range=[0, 3])
    dataset, band = band_of("S2C:10427:own")
    assert [(value, colour) for value, _, colour in rows(band.GetDefaultRAT())][1] == (2, (1, 2, 3))
    assert band.GetDefaultRAT().GetRowCount() == 3
    assert band.GetColorTable().GetColorEntry(2) == (1, 2, 3, 255)
    assert dataset.RasterCount == 1


def test_the_layout_is_asked_for_when_classes_are_and_once_for_all_results(sen2cube):
    opened = gdal.Open(f"S2C:{MAPS}:land_use")
    band = opened.GetRasterBand(1)
    band.ReadAsArray(), band.GetColorInterpretation(), band.GetMetadata()
    assert LAYOUT not in sen2cube.request_lines()
    band.GetDefaultRAT(), band.GetColorTable(), band.GetCategoryNames()
    for name in (LAND_COVER, "color_type", "quality"):
        table_of(name)
    assert sen2cube.request_lines().count(LAYOUT) == 1


def test_a_numerical_raster_asks_for_no_layout(sen2cube):
    dataset = gdal.Open("S2C:10424:water_count")
    assert dataset.GetRasterBand(1).GetDefaultRAT() is None
    assert sen2cube.request_lines("api") == [inference(10424)]


def test_classes_have_numbers_where_the_factbase_cannot_be_asked(sen2cube):
    sen2cube.fault(server="api", path="/v1/factbase/1", status=403, count=None)
    with config_options(S2C_MAX_RETRY="0"):
        dataset, band = band_of("color_type")
        said = []
        gdal.PushErrorHandler(lambda level, number, text: said.append((level, text)))
        names = [name for _, name, _ in rows(band.GetDefaultRAT())]
        band.GetColorTable(), dataset.GetRasterBand(1).GetCategoryNames()
        gdal.PopErrorHandler()
    assert names == [f"class {value}" for value in range(1, 34)]
    [(level, text)] = said
    assert level == gdal.CE_Warning
    assert "the classes of output 'color_type' have numbers for names" in text


def seen(colour, blindness):
    """Where a colour lies for a colour-blind person, in CIELAB."""
    srgb = np.array(colour) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) \
        @ np.clip(blindness @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("blindness", BLIND, ids=["red", "green"])
def test_the_colours_of_few_classes_are_told_apart_by_colour_blind_people(blindness):
    table = table_of("quality")
    places = {value: seen(colour, blindness) for value, _, colour in table if value < 8}
    for one, other in itertools.combinations(places, 2):
        # 2.3 is what anybody just sees.
        assert np.linalg.norm(places[one] - places[other]) > 9, (one, other)


def test_the_colours_of_many_classes_differ(sen2cube, tmp_path):
    pixels = np.array([[[0, 255]]], np.uint8)
    publish(sen2cube, 10427, {"many": write(tmp_path / "x.tiff", pixels, "GTiff", [])},
            value_type="categorical", value_range=[0, 255])
    dataset, band = band_of("S2C:10427:many")
    assert len({colour for _, _, colour in rows(band.GetDefaultRAT())}) == 256
    assert dataset.RasterCount == 1


@pytest.mark.parametrize("driver", ["GTiff", "COG", "VRT", "PNG"])
@pytest.mark.parametrize("name", [f"S2C:{MAPS}:land_use", f"S2C:{MAPS}:seasons", LAND_COVER])
def test_gdal_translate_says_nothing_and_copies_the_classes(machine, name, driver):
    target = machine.work / "copy.file"
    # PNG takes no floats.
    options = ["-ot", "Byte", "-a_nodata", "0"] if driver == "PNG" and name == LAND_COVER else []
    machine.succeed("gdal_translate", "-q", "-of", driver, *options, name, target)
    copy, source = gdal.Open(str(target)), gdal.Open(name)
    for number in range(1, source.RasterCount + 1):
        band, expected = copy.GetRasterBand(number), source.GetRasterBand(number)
        assert rows(band.GetDefaultRAT()) == rows(expected.GetDefaultRAT())
        assert (band.GetColorTable() is None) == (expected.GetColorTable() is None)
        assert band.GetCategoryNames() == expected.GetCategoryNames()


def test_gdalinfo_shows_the_table(machine, sen2cube):
    text = machine.succeed("gdalinfo", f"S2C:{MAPS}:land_use")
    assert "<GDALRasterAttributeTable" in text and "<F>class 5</F>" in text
    assert "ColorInterp=Palette" in text and "Color Table (RGB with 6 entries)" in text
    assert [line for line in sen2cube.request_lines() if "/output/" not in line] \
        == [TOKEN, inference(MAPS), LAYOUT]


@pytest.mark.parametrize("name, colours", [
    ("natural", [gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand]),
    ("reflectance", [gdal.GCI_GrayIndex, gdal.GCI_Undefined, gdal.GCI_Undefined])])
def test_red_green_and_blue_are_bytes(name, colours):
    dataset = gdal.Open(f"S2C:{MAPS}:{name}")
    bands = [dataset.GetRasterBand(number) for number in (1, 2, 3)]
    assert [band.GetColorInterpretation() for band in bands] == colours
    assert [band.GetOverview(0).GetColorInterpretation() for band in bands] == colours
    # As it is read below /vsis2c/, the file says so of its floats.
    path = gdal.Open(f"/vsis2c/{MAPS}/reflectance.tiff")
    assert path.GetRasterBand(1).GetColorInterpretation() == gdal.GCI_RedBand
    bands[0].SetColorInterpretation(gdal.GCI_BlueBand)
    assert bands[0].GetColorInterpretation() == gdal.GCI_BlueBand
