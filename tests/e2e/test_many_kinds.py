# SPDX-License-Identifier: MIT
"""Mosaics and stacks of results with scales, alpha bands and masks, and ones that are large."""

import os

import numpy as np
import pytest
import rasterio
from osgeo import gdal

from ..backend import many
from .rasters import noise, publish
from .support import FOLDER, another_session, config_options, same_pixels

COUNT = 4
OPTIONS = ("--many", COUNT)
NUMBERS = list(range(many.FIRST, many.FIRST + COUNT))
SIDE = 60


def make(path, values, left, change=lambda made: None):
    """A GeoTIFF with this left side, in pixels of the grid."""
    kind = gdal.GDT_Byte if values.dtype == np.uint8 else gdal.GDT_UInt16
    made = gdal.GetDriverByName("GTiff").Create(
        str(path), values.shape[2], values.shape[1], values.shape[0], kind,
        ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"])
    made.SetProjection(many.reference("plain", many.FIRST)[0].ExportToWkt())
    made.SetGeoTransform((many.LEFT + left * 10, 10, 0, many.TOP, 0, -10))
    change(made)
    for band in range(values.shape[0]):
        made.GetRasterBand(band + 1).WriteArray(values[band])
    return made


@pytest.fixture
def served(sen2cube, tmp_path):
    """served(NAME, VALUES, STEP, CHANGE): results each STEP pixels east of the one before; gives
    their paths on this disk."""
    def serve(name, values, step=40, change=lambda made, place: None):
        paths = []
        for place, number in enumerate(NUMBERS[:len(values)]):
            paths.append(str(tmp_path / f"{name}_{number}.tiff"))
            with config_options(GDAL_TIFF_INTERNAL_MASK="YES"):
                make(paths[-1], values[place], place * step,
                     lambda made, place=place: change(made, place)).FlushCache()
            publish(sen2cube, number, {name: paths[-1]})
        return paths
    return serve


def small(bands=1, kind=np.uint8):
    return [noise(place, bands, SIDE, SIDE).astype(kind) % 200 + 1 for place in range(COUNT)]


def test_values_mean_what_those_of_the_sources_do(served):
    def change(made, _place):
        band = made.GetRasterBand(1)
        band.SetScale(0.1)
        band.SetOffset(5)
        band.SetUnitType("m")
    paths = served("scaled", small(), change=change)
    local = gdal.BuildVRT("", paths)
    expected = local.GetRasterBand(1)
    for kind in ("mosaic", "stack"):
        found = gdal.Open(f"S2C:{kind}(fid > 200000):scaled")
        band = found.GetRasterBand(1)
        assert (band.GetScale(), band.GetOffset()) == (expected.GetScale(), expected.GetOffset())
        assert (band.GetScale(), band.GetOffset(), band.GetUnitType()) == (0.1, 5, "m")


def test_values_that_mean_different_things_are_no_mosaic(served):
    def change(made, place):
        made.GetRasterBand(1).SetScale(0.1 * (place + 1))
    served("unequal", small(), change=change)
    with pytest.raises(RuntimeError, match=r"values that mean 0\.1 times.*0\.2 times"):
        gdal.Open("S2C:mosaic(fid > 200000):unequal")
    stack = gdal.Open("S2C:stack(fid > 200000):unequal")
    scales = [stack.GetRasterBand(number).GetScale() for number in range(1, COUNT + 1)]
    assert scales == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_an_alpha_band_lets_what_is_below_be_seen(served):
    values = small(4)
    for one in values:
        one[3] = 255
        one[3, 10:30, 5:50] = 0

    def change(made, _place):
        for number, colour in enumerate((gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand,
                                         gdal.GCI_AlphaBand), 1):
            made.GetRasterBand(number).SetColorInterpretation(colour)
    expected = gdal.BuildVRT("", served("alpha", values, change=change))
    found = gdal.Open("S2C:mosaic(fid > 200000):alpha")
    assert same_pixels(found.ReadAsArray(), expected.ReadAsArray())
    for number in range(1, 5):
        band, other = found.GetRasterBand(number), expected.GetRasterBand(number)
        assert band.GetMaskFlags() == other.GetMaskFlags()
        assert same_pixels(band.GetMaskBand().ReadAsArray(), other.GetMaskBand().ReadAsArray())


@pytest.mark.parametrize("kind", ["mosaic", "stack"])
def test_overviews_are_refused_and_no_file_is_left(served, kind, tmp_path, monkeypatch):
    served("refused", small())
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    found = gdal.Open(f"S2C:{kind}(fid > 200000):refused")
    with pytest.raises(RuntimeError, match="overviews cannot be built of .*read-only"):
        found.BuildOverviews("NEAREST", [2])
    with pytest.raises(RuntimeError, match="a mask cannot be made for .*read-only"):
        found.CreateMaskBand(gdal.GMF_PER_DATASET)
    found = None
    assert os.listdir(folder) == []


LARGE = 1100


def large(served, masked):
    """Beside each other and of more than a million pixels: GDAL from 3.10 on reads them in threads."""
    def change(made, place):
        if masked:
            made.CreateMaskBand(gdal.GMF_PER_DATASET)
            made.GetRasterBand(1).GetMaskBand().WriteArray(valid(place))
    values = [noise(place, 1, LARGE, LARGE) for place in range(3)]
    name = "wide_masked" if masked else "wide"
    return name, served(name, values, LARGE, change)


def valid(place):
    mask = np.full((LARGE, LARGE), 255, np.uint8)
    mask[100:500, 50 * place:700] = 0
    return mask


@pytest.mark.parametrize("masked", [False, True])
def test_threads_change_no_pixel_and_hide_no_failure(sen2cube, served, masked):
    name, paths = large(served, masked)
    expected = gdal.BuildVRT("", paths)
    for threads in (None, "1", "2", "ALL_CPUS"):
        with config_options(GDAL_NUM_THREADS=threads, S2C_MAX_RETRY="0"):
            found = gdal.Open(f"S2C:mosaic(fid > 200000):{name}")
            band = found.GetRasterBand(1)
            assert same_pixels(found.ReadAsArray(), expected.ReadAsArray())
            assert same_pixels(band.GetMaskBand().ReadAsArray(),
                               expected.GetRasterBand(1).GetMaskBand().ReadAsArray())
        with config_options(GDAL_NUM_THREADS=threads, S2C_MAX_RETRY="0"), another_session():
            fresh = gdal.Open(f"S2C:mosaic(fid > 200000):{name}")
            band = fresh.GetRasterBand(1)
            sen2cube.fault(server="files", path=many.place(name, NUMBERS[1], FOLDER), status=500,
                           count=None)
            for read in (fresh.ReadAsArray, (band.GetMaskBand() if masked else band).ReadAsArray):
                with pytest.raises(RuntimeError, match=f"inference {NUMBERS[1]}"):
                    read()
            sen2cube.clear_faults()
            assert same_pixels(fresh.ReadAsArray(), expected.ReadAsArray())


def test_rasterio_asks_for_each_source_once(sen2cube, served):
    values = [noise(place, 3, 300, 300) for place in range(COUNT)]
    served("three", values, 0)
    with rasterio.open("S2C:mosaic(fid > 200000):three") as found:
        sen2cube.forget()
        assert same_pixels(found.read(), values[-1])
        asked = [entry["path"] for entry in sen2cube.requests("files")]
    assert len(asked) == len(set(asked)) == COUNT


def test_who_stops_the_reading_gets_an_error_and_may_go_on(served):
    values = [noise(place, 3, 300, 300) for place in range(COUNT)]
    served("stopped", values, 0)
    found = gdal.Open("S2C:mosaic(fid > 200000):stopped")
    told = []
    with pytest.raises(RuntimeError):
        found.ReadAsArray(callback=lambda share, *_: told.append(share) or 0)
    assert told[0] == 1 / COUNT
    assert same_pixels(found.ReadAsArray(callback=lambda *_: 1), values[-1])
