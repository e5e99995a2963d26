# SPDX-License-Identifier: MIT
"""S2C:mosaic(SELECTION):NAME: pixels as gdalbuildvrt makes them of the local files."""

import re

import numpy as np
import pytest
from osgeo import gdal

from ..backend import many
from .support import (FOLDER, another_session, assert_no_secret, config_options, messages,
                      same_pixels)

COUNT = 12
OPTIONS = ("--many", COUNT)
NUMBERS = list(range(many.FIRST, many.FIRST + COUNT))
ALL = "fid > 200000"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The served files once more, on this disk: files(name, numbers)."""
    folder, made = tmp_path_factory.mktemp("many"), {}

    def of(name, numbers=NUMBERS):
        for number in numbers:
            if (name, number) not in made:
                path = str(folder / f"{name}_{number}.tiff")
                made[name, number] = many.write(path, name, number)
        return [made[name, number] for number in numbers]
    return of


def built(paths, **options):
    return gdal.BuildVRT("", paths, resolution="highest", **options)


def assert_like(found, expected):
    assert (found.RasterXSize, found.RasterYSize) == (expected.RasterXSize, expected.RasterYSize)
    assert found.GetGeoTransform() == expected.GetGeoTransform()
    assert found.GetSpatialRef().IsSame(expected.GetSpatialRef())
    assert found.RasterCount == expected.RasterCount
    for number in range(1, expected.RasterCount + 1):
        band, other = found.GetRasterBand(number), expected.GetRasterBand(number)
        assert str(band.GetNoDataValue()) == str(other.GetNoDataValue())
        assert same_pixels(band.ReadAsArray(), other.ReadAsArray())
        assert same_pixels(band.GetMaskBand().ReadAsArray(), other.GetMaskBand().ReadAsArray())
        assert band.GetMaskFlags() == other.GetMaskFlags()
    assert same_pixels(found.ReadAsArray(), expected.ReadAsArray())


@pytest.mark.parametrize("name", ["composite", "masked", "index", "plain", "sharp"])
def test_a_mosaic_has_gdalbuildvrts_pixels(files, name):
    assert_like(gdal.Open(f"S2C:mosaic({ALL}):{name}"), built(files(name)))


def test_a_window_made_smaller_is_gdalbuildvrts(files):
    arguments = {"xoff": 13, "yoff": 7, "xsize": 61, "ysize": 44, "buf_xsize": 30, "buf_ysize": 20}
    found = gdal.Open(f"S2C:mosaic({ALL}):composite").ReadAsArray(**arguments)
    assert same_pixels(found, built(files("composite")).ReadAsArray(**arguments))


def test_the_newest_lies_on_top_whatever_the_order_of_the_ids(sen2cube, files):
    numbers = [many.FIRST, many.FIRST + 4, many.FIRST + 8]
    mixed = f"S2C:mosaic({numbers[2]}, {numbers[0]},{numbers[1]}):plain"
    assert_like(gdal.Open(mixed), built(files("plain", numbers)))
    sen2cube.change_inference(numbers[0], temp_range_end="2030-01-01T00:00:00+00:00")
    try:
        with another_session():
            assert_like(gdal.Open(mixed), built(files("plain", numbers[1:] + numbers[:1])))
    finally:
        sen2cube.change_inference(numbers[0], temp_range_end=many.times_of(numbers[0])[1])


def test_the_names_of_output_and_selection_are_taken_as_others_are(files):
    expected = built(files("composite", NUMBERS[:2]))
    for text in (f"s2c: Mosaic ( {NUMBERS[0]} , {NUMBERS[1]} ) :COMPOSITE",
                 f"S2C:mosaic((fid = {NUMBERS[0]} OR fid={NUMBERS[1]}) AND comment <> ')'):composite"):
        assert_like(gdal.Open(text), expected)


def test_one_request_brings_the_rows_and_one_the_bytes_of_each_file(sen2cube):
    gdal.Open(f"S2C:mosaic({ALL}):composite").ReadAsArray()
    api = sen2cube.request_lines("api")
    assert len(api) == 1
    assert "include=factbase&" in api[0]
    assert "area_of_interest" not in api[0] and "knowledgebase" not in api[0]
    places = [entry["path"] for entry in sen2cube.requests("files")]
    assert sorted(places) == sorted(many.place("composite", number, FOLDER) for number in NUMBERS)


def test_first_requests_do_not_wait_for_each_other(sen2cube):
    sen2cube.fault(server="files", count=None, delay=0.5)
    gdal.Open(f"S2C:mosaic({ALL}):composite")
    entries = sen2cube.requests("files")
    assert len(entries) == COUNT
    # The last has arrived before the first was answered.
    assert max(one["time"] for one in entries) - min(one["time"] for one in entries) < 0.45


def test_a_condition_is_evaluated_here_as_the_layer_does(files):
    # The server knows none of OGR's functions, and sends all twelve.
    found = gdal.Open("S2C:mosaic(fid > 200000 AND "
                      "CONCAT(SUBSTR(comment, 1, 7), '!') = 'Month 1!'):plain")
    assert_like(found, built(files("plain", NUMBERS[4:8])))


def test_an_inference_without_the_output_is_passed_over(files):
    odd = [number for number in NUMBERS if number % 2]
    assert_like(gdal.Open(f"S2C:mosaic({ALL}):sometimes"), built(files("sometimes", odd)))


@pytest.mark.parametrize("selection, told", [
    (f"mosaic({ALL}):nothing", "none of the 12 selected inferences has a raster 'nothing': use one "
     "of 'composite', 'elsewhere'"),
    ("mosaic(fid > 300000):composite", "no inference of the selection ('fid > 300000') has "
     "succeeded"),
    ("mosaic(colour = 'blue'):composite", "is no condition on inferences ("),
    ("mosaic(fid > 1) OR (1=1):composite", "the name of the outputs is missing behind the "
     "parentheses"),
    ("mosaic(comment = 'a):composite", "its parentheses or quotes do not balance"),
    ("mosaic():composite", "nothing is selected"),
    (f"mosaic({ALL}):unlike", "these cannot be one raster: S2C:200001:unlike has values of type "
     "Byte and S2C:200002:unlike has some of type UInt16 in band 1"),
    (f"mosaic({many.FIRST}):water_count", "none of the 1 selected inferences has a raster"),
    ("mosaic(999998,999999):plain", "no inference of the selection (2 ids) has succeeded"),
])
def test_what_cannot_be_one_is_told_in_a_sentence(selection, told):
    with pytest.raises(RuntimeError) as refused:
        gdal.Open("S2C:" + selection)
    assert told in str(refused.value)
    assert_no_secret(str(refused.value))


def test_a_mosaic_is_no_table():
    with pytest.raises(RuntimeError) as refused:
        gdal.OpenEx(f"S2C:mosaic({ALL}):plain", gdal.OF_VECTOR)
    assert "is a raster and no table; open it as raster data (gdalinfo)" in str(refused.value)


def test_ids_that_take_no_part_are_named(results):
    with messages() as told:
        found = gdal.Open(f"S2C:mosaic({many.FIRST},10426,10429,999999):plain")
    assert found is not None
    assert ["10426" in text and "CREATED" in text for text in told].count(True) == 1
    assert ["10429" in text and "FAILED" in text for text in told].count(True) == 1
    assert ["999999" in text for text in told].count(True) == 1


def test_another_reference_system_is_warped_and_refused_where_strict(files):
    found = gdal.Open(f"S2C:mosaic({ALL}):elsewhere")
    same = [number for number in NUMBERS if many.area_of(number) != 3]
    expected = built(files("elsewhere", same))
    assert found.GetSpatialRef().IsSame(expected.GetSpatialRef())
    assert found.GetGeoTransform()[1] == 10
    # Where nothing was warped to, the pixels are those of the others.
    left, _, _, top, _, _ = found.GetGeoTransform()
    x = round((expected.GetGeoTransform()[0] - left) / 10)
    y = round((top - expected.GetGeoTransform()[3]) / 10)
    window = found.ReadAsArray(x, y, expected.RasterXSize, expected.RasterYSize)
    mine = expected.ReadAsArray()
    other = [number for number in NUMBERS if many.area_of(number) == 3]
    warped = gdal.Warp("", built(files("elsewhere", other)), format="MEM",
                       dstSRS=found.GetProjection(), xRes=10, yRes=10, outputBounds=(
                           left + x * 10, top - (y + expected.RasterYSize) * 10,
                           left + (x + expected.RasterXSize) * 10, top - y * 10)).ReadAsArray()
    assert same_pixels(window[warped == 0], mine[warped == 0])
    assert (found.ReadAsArray() != 0).sum() > (mine != 0).sum()
    with pytest.raises(RuntimeError, match="200001:elsewhere has EPSG:3035 and S2C:200004:elsewhere "
                                           "has EPSG:32633; STRICT=NO"):
        gdal.OpenEx(f"S2C:mosaic({ALL}):elsewhere", open_options=["STRICT=YES"])


def test_a_source_that_is_not_there_is_an_error_or_left_out(sen2cube, files):
    gone = NUMBERS[5]
    sen2cube.fault(server="files", path=many.place("plain", gone, FOLDER), status=404, count=None)
    with pytest.raises(RuntimeError) as refused:
        gdal.Open(f"S2C:mosaic({ALL}):plain")
    assert f"S2C:{gone}:plain cannot be opened: " in str(refused.value)
    assert "SKIP_FAILED=YES" in str(refused.value)
    with messages() as told, another_session():
        found = gdal.OpenEx(f"S2C:mosaic({ALL}):plain", open_options=["SKIP_FAILED=YES"])
    assert len(told) == 1 and f"S2C:{gone}:plain" in told[0] and "left out" in told[0]
    assert found.GetMetadataItem("SKIPPED") == f"S2C:{gone}:plain"
    assert_like(found, built(files("plain", [one for one in NUMBERS if one != gone])))


def test_a_saved_vrt_opens_for_another_user_and_holds_no_account(sen2cube, tmp_path, machine):
    name, saved = f"S2C:mosaic({ALL}):composite", str(tmp_path / "saved.vrt")
    environment = sen2cube.environment()
    options = [f"{key}={environment['S2C_' + key]}"
               for key in ("API_URL", "AUTH_URL", "USERNAME", "PASSWORD")]
    with config_options(**{key: None for key in environment if key.startswith("S2C_")}):
        with another_session():
            opened = gdal.OpenEx(name, open_options=options)
            expected = opened.ReadAsArray()
            gdal.Translate(saved, opened, format="VRT")
    text = open(saved, encoding="utf-8").read()
    assert_no_secret(text)
    assert "demo" not in text and "127.0.0.1" not in text and "OpenOptions" not in text
    assert set(re.findall(">(S2C:[^<]*)<", text)) == {f"S2C:{one}:composite" for one in NUMBERS}
    with another_session(), config_options(S2C_USERNAME=sen2cube.OTHER_USERNAME,
                                           S2C_PASSWORD=sen2cube.OTHER_PASSWORD):
        assert same_pixels(gdal.Open(saved).ReadAsArray(), expected)


def test_a_saved_vrt_of_warped_sources_opens(tmp_path):
    name, saved = f"S2C:mosaic({ALL}):elsewhere", str(tmp_path / "saved.vrt")
    opened = gdal.Open(name)
    gdal.Translate(saved, opened, format="VRT")
    assert same_pixels(gdal.Open(saved).ReadAsArray(), opened.ReadAsArray())


def test_closing_leaves_no_file(machine):
    machine.succeed("gdalinfo", f"S2C:mosaic({ALL}):composite")
    assert list(machine.work.iterdir()) == []


def test_two_accounts_in_one_process_stay_apart(sen2cube):
    name = f"S2C:mosaic({ALL}):composite"
    mine = gdal.Open(name)
    with pytest.raises(RuntimeError, match="refused"):
        gdal.OpenEx(name, open_options=["USERNAME=somebody", "PASSWORD=wrong"])
    assert np.any(mine.ReadAsArray())
