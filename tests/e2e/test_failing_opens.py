# SPDX-License-Identifier: MIT
"""What GTiff does not notice itself: parts of a header, an index or a mask that did not come."""

import base64

import numpy as np
import pytest
import rasterio
from osgeo import gdal

from .rasters import noise, publish, write
from .support import config_options, content, messages, same_pixels, sample

NUMBER = 10425
HEADER = 32768
FOREVER = {"server": "files", "status": 503, "count": None}
# As often as MAX_RETRY asks again, and once more.
FOUR_TIMES = {"server": "files", "status": 503, "count": 4}
CAUSE = r"output '{}' of inference 10425 cannot be read: the server answered \(HTTP 503\)"


def with_late_overviews(path):
    """Classes with a colour table and a value for no data, whose overview is at the file's end."""
    classes = np.random.default_rng(9).integers(0, 4, (1, 1600, 1600), dtype=np.uint8)
    write(path, classes, "GTiff", ["TILED=YES"])
    dataset = gdal.Open(str(path), gdal.GA_Update)
    colours = gdal.ColorTable()
    colours.SetColorEntry(1, (255, 0, 0, 255))
    dataset.GetRasterBand(1).SetColorTable(colours)
    dataset.GetRasterBand(1).SetNoDataValue(3)
    dataset = None
    # The directory, which these have moved, is at the beginning again.
    copy = str(path) + ".copy"
    gdal.Translate(copy, str(path), format="GTiff", creationOptions=["TILED=YES"])
    dataset = gdal.Open(copy, gdal.GA_Update)
    dataset.BuildOverviews("NEAREST", [2])
    dataset = None
    return copy


@pytest.fixture(scope="module")
def rasters(sen2cube, tmp_path_factory):
    """{name: pixels}, each a result of the inference."""
    folder = tmp_path_factory.mktemp("rasters")
    # A row a strip: its tags lie behind the index of the strips.
    rows = np.random.default_rng(2).random((1, 6000, 900), np.float32)
    small_tiles = noise(3, bands=1, width=1600, height=1600, kind=np.uint8)
    tiles = ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]
    masked = noise(4)
    mask = np.where(noise(8, bands=1)[0] > 5000, np.uint8(255), np.uint8(0))
    with_mask = write(folder / "masked.tiff", masked, "GTiff", ["TILED=YES"])
    # Added later, its directory is at the end of the file.
    with config_options(GDAL_TIFF_INTERNAL_MASK="YES"):
        dataset = gdal.Open(with_mask, gdal.GA_Update)
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(mask)
        dataset = None
    files = {
        "rows": write(folder / "rows.tiff", rows, "GTiff", ["BLOCKYSIZE=1"]),
        "tiles": write(folder / "tiles.tiff", small_tiles, "GTiff", tiles),
        "packed": write(folder / "packed.tiff", small_tiles, "GTiff", [*tiles, "COMPRESS=DEFLATE"]),
        "masked": with_mask,
        "cog": write(folder / "cog.tiff", masked, "COG", ["BLOCKSIZE=128"]),
    }
    files["late"] = with_late_overviews(folder / "late.tiff")
    publish(sen2cube, NUMBER, files)
    return {"rows": rows[0], "tiles": small_tiles[0], "packed": small_tiles[0], "masked": masked,
            "mask": mask, "cog": masked,
            "path of cog": files["cog"]}


@pytest.mark.parametrize("form", ["S2C:10425:{}", "/vsis2c/10425/{}.tiff"])
def test_tags_that_do_not_come_are_no_copy_without_them(machine, sen2cube, rasters, form):
    sen2cube.fault(**FOUR_TIMES, skip=1)
    copy = machine.work / "copy.tif"
    done = machine.run("gdal_translate", "-q", form.format("rows"), copy, S2C_RETRY_DELAY="0.01")
    assert done.returncode != 0
    assert not copy.exists()
    assert "output 'rows' of inference 10425 cannot be read" in done.stderr
    machine.succeed("gdal_translate", "-q", form.format("rows"), copy)
    copied = gdal.Open(str(copy))
    assert copied.GetSpatialRef().GetAuthorityCode(None) == "3035"
    assert copied.GetGeoTransform() == (4547400, 10, 0, 2745600, 0, -10)
    assert same_pixels(copied.ReadAsArray(), rasters["rows"])


def test_tags_that_do_not_come_are_an_error_of_the_open(sen2cube, rasters):
    sen2cube.fault(**FOUR_TIMES, skip=1)
    with pytest.raises(RuntimeError, match=CAUSE.format("rows")):
        gdal.Open("S2C:10425:rows")
    with config_options(GDAL_HTTP_USERAGENT="another session"):
        sen2cube.fault(**FOUR_TIMES, skip=1)
        with pytest.raises(rasterio.errors.RasterioIOError, match=CAUSE.format("rows")):
            rasterio.open("S2C:10425:rows")
    with rasterio.open("S2C:10425:rows") as found:
        assert found.crs.to_epsg() == 3035
        assert same_pixels(found.read(1), rasters["rows"])


@pytest.mark.parametrize("name", ["tiles", "packed"])
def test_an_index_that_comes_late_is_an_error_and_then_right_pixels(sen2cube, rasters, name):
    dataset = gdal.Open(f"S2C:10425:{name}")
    # Of the index, the first bytes and those beside the tags have come.
    window = (640, 800, 64, 64)
    sen2cube.fault(**FOUR_TIMES)
    with pytest.raises(RuntimeError, match=CAUSE.format(name)):
        dataset.ReadAsArray(*window)
    for _ in range(2):
        assert same_pixels(dataset.ReadAsArray(*window), rasters[name][800:864, 640:704])


@pytest.mark.parametrize("threads", [None, "2"])
def test_overviews_and_masks_that_were_handed_out_recover_too(sen2cube, rasters, threads):
    local = gdal.Open(rasters["path of cog"])
    with config_options(GDAL_NUM_THREADS=threads):
        masked, cog = (gdal.Open(f"S2C:10425:{name}") for name in ("masked", "cog"))
    handed_out = [
        (masked.GetRasterBand(2).GetMaskBand(), rasters["mask"]),
        (cog.GetRasterBand(3).GetOverview(0),
         local.GetRasterBand(3).GetOverview(0).ReadAsArray())]
    for failing, right in handed_out:
        sen2cube.fault(**FOREVER)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="cannot be read"):
                failing.ReadAsArray()
        sen2cube.clear_faults()
        assert same_pixels(failing.ReadAsArray(), right)


def test_a_mask_that_cannot_be_looked_up_is_not_taken_for_valid_pixels(sen2cube, rasters):
    window = rasterio.windows.Window(0, 0, 64, 64)
    pixels, mask = rasters["masked"][:, :64, :64], rasters["mask"][:64, :64]
    with rasterio.open("S2C:10425:masked") as found:
        assert same_pixels(found.read(window=window), pixels)
        sen2cube.fault(**FOREVER)
        # These pixels are in memory; where the mask is was not asked for yet.
        with pytest.raises(rasterio.errors.RasterioIOError):
            found.read(window=window, masked=True)
        sen2cube.clear_faults()
        again = found.read(window=window, masked=True)
        assert np.array_equal(np.ma.getmaskarray(again)[0], mask == 0)
        assert np.array_equal(again.data, pixels)


def test_flags_of_a_mask_that_cannot_be_looked_up_promise_nothing(sen2cube, rasters, results):
    dataset = gdal.Open("S2C:10425:masked")
    band = dataset.GetRasterBand(1)
    window = (0, 0, 64, 64)
    pixels, mask = rasters["masked"][0, :64, :64], rasters["mask"][:64, :64]
    assert same_pixels(band.ReadAsArray(*window), pixels)
    sen2cube.fault(**FOREVER)
    assert band.GetMaskFlags() == gdal.GMF_PER_DATASET
    assert "cannot be read" in gdal.GetLastErrorMsg()
    assert band.GetMaskBand().ReadAsArray(*window) is None
    sen2cube.clear_faults()
    assert same_pixels(band.ReadAsArray(*window), pixels)
    assert same_pixels(band.GetMaskBand().ReadAsArray(*window), mask)


def test_no_data_that_a_program_has_set_masks_after_a_recovery_as_well(sen2cube, rasters):
    dataset = gdal.Open("S2C:10425:cog")
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(7)
    sen2cube.fault(**FOREVER)
    with pytest.raises(RuntimeError, match="cannot be read"):
        band.ReadAsArray()
    sen2cube.clear_faults()
    assert band.GetMaskFlags() == gdal.GMF_NODATA
    assert np.array_equal(band.GetMaskBand().ReadAsArray() == 0, rasters["cog"][0] == 7)


def test_overviews_found_after_a_failure_have_what_the_band_has(sen2cube, rasters):
    dataset = gdal.Open("S2C:10425:late")
    band = dataset.GetRasterBand(1)
    sen2cube.fault(**FOREVER)
    with pytest.raises(RuntimeError, match="cannot be read"):
        band.GetOverviewCount()
    sen2cube.clear_faults()
    assert band.GetOverviewCount() == 1
    overview = band.GetOverview(0)
    assert overview.GetNoDataValue() == band.GetNoDataValue() == 3
    assert overview.GetColorTable().GetColorEntry(1) == (255, 0, 0, 255)
    assert overview.GetColorInterpretation() == gdal.GCI_PaletteIndex
    # Approximate, so from the overview.
    assert band.ComputeStatistics(True)[:2] == [0, 2]


def test_an_old_dataset_does_not_hinder_those_of_the_next_run(sen2cube, rasters, tmp_path):
    first, other = (write(tmp_path / f"{seed}.tiff", noise(seed), "GTiff", ["TILED=YES"])
                    for seed in (21, 22))
    publish(sen2cube, 10426, {"both": first})
    old = gdal.Open("S2C:10426:both")
    where = "/output/sen2cube/demo/both_id10426_3035.tiff"
    sen2cube.replace_file(where, base64.b64encode(content(other)).decode())
    sen2cube.touch_file(where)
    with pytest.raises(RuntimeError, match="was changed"):
        old.ReadAsArray()
    new = gdal.Open("S2C:10426:both")
    assert same_pixels(new.ReadAsArray(), noise(22))
    sen2cube.forget()
    with pytest.raises(RuntimeError, match="was changed"):
        old.ReadAsArray(300, 300, 64, 64)
    sen2cube.forget()
    assert same_pixels(gdal.Open("S2C:10426:both").ReadAsArray(), noise(22))
    assert sen2cube.requests("files") == []


@pytest.mark.parametrize("change", [
    lambda dataset: dataset.BuildOverviews("NEAREST", [2]),
    lambda dataset: dataset.CreateMaskBand(gdal.GMF_PER_DATASET),
    lambda dataset: dataset.GetRasterBand(1).CreateMaskBand(0),
    lambda dataset: dataset.GetRasterBand(1).Fill(1)])
def test_what_would_write_is_refused_with_a_sentence(sen2cube, rasters, results, change):
    dataset = gdal.Open("S2C:10425:cog")
    with messages() as said:
        assert change(dataset) != gdal.CE_None
    assert len(said) == 1
    assert "output 'cog' of inference 10425: results are read-only" in said[0]


def garbage(size, total, first=0):
    return {"server": "files", "status": 206, "body": "x" * size, "headers": {
        "Content-Type": "image/tiff", "Content-Range": f"bytes {first}-{first + size - 1}/{total}"}}


def test_a_header_that_came_broken_is_asked_for_again(sen2cube, rasters):
    total = gdal.VSIStatL("/vsis2c/10425/cog.tiff").size
    sen2cube.fault(**garbage(HEADER, total))
    with pytest.raises(RuntimeError, match="'cog' of inference 10425 is not a GeoTIFF"):
        gdal.Open("S2C:10425:cog")
    assert same_pixels(gdal.Open("S2C:10425:cog").ReadAsArray(), rasters["cog"])


def test_a_table_that_came_broken_is_asked_for_again(sen2cube):
    total = len(content(sample("green_spaces")))
    broken = {**garbage(total, total), "body": "<!doctype html>".ljust(total)}
    sen2cube.fault(**broken, path="green_spaces")
    with pytest.raises(RuntimeError, match="is no table"):
        gdal.OpenEx("S2C:10424:green_spaces", gdal.OF_VECTOR)
    assert gdal.OpenEx("S2C:10424:green_spaces", gdal.OF_VECTOR).GetLayer(0).GetFeatureCount() > 0


@pytest.mark.parametrize("threads", [None, "2"])
def test_pixels_that_came_broken_are_asked_for_again(sen2cube, rasters, threads):
    with config_options(GDAL_NUM_THREADS=threads), rasterio.open("S2C:10425:packed") as found:
        window = rasterio.windows.Window(0, 0, 1600, 1600)
        total = gdal.VSIStatL("/vsis2c/10425/packed.tiff").size
        found.read(1, window=rasterio.windows.Window(1584, 1584, 16, 16))
        sen2cube.forget()
        # Whatever is asked for comes as zeros.
        sen2cube.fault(server="files", zeros=True, count=1)
        with pytest.raises(rasterio.errors.RasterioIOError):
            found.read(1, window=window)
        assert same_pixels(found.read(1, window=window), rasters["packed"])


@pytest.mark.parametrize("threads", [None, "2"])
def test_a_progress_function_hides_no_broken_bytes(sen2cube, rasters, results, threads):
    with config_options(GDAL_NUM_THREADS=threads):
        dataset = gdal.Open("S2C:10425:packed")
    sen2cube.fault(server="files", zeros=True)
    gdal.ErrorReset()
    assert dataset.ReadAsArray(callback=lambda *_: 1) is None
    assert gdal.GetLastErrorMsg()
    assert same_pixels(dataset.ReadAsArray(callback=lambda *_: 1), rasters["packed"])


def test_a_read_that_its_caller_has_ended_costs_nothing(sen2cube, rasters, results):
    dataset = gdal.Open("S2C:10425:packed")
    assert same_pixels(dataset.ReadAsArray(), rasters["packed"])
    sen2cube.forget()
    gdal.ErrorReset()
    assert dataset.ReadAsArray(callback=lambda *_: 0) is None
    assert gdal.GetLastErrorMsg() == ""
    assert same_pixels(dataset.ReadAsArray(), rasters["packed"])
    assert sen2cube.requests("files") == []


def test_a_histogram_of_pixels_that_came_broken_is_right_the_next_time(sen2cube, rasters):
    dataset = gdal.Open("S2C:10425:cog")
    band = dataset.GetRasterBand(1)
    sen2cube.fault(server="files", zeros=True)
    with pytest.raises(RuntimeError):
        band.GetHistogram(approx_ok=False)
    assert sum(band.GetHistogram(approx_ok=False, include_out_of_range=True)) == 640 * 640


def test_an_answer_that_has_none_costs_no_second_look_at_the_bytes(sen2cube, tmp_path):
    path = tmp_path / "empty.tiff"
    write(path, np.ones((1, 512, 512), np.uint16), "GTiff", ["TILED=YES"])
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(1)
    dataset = None
    publish(sen2cube, 10426, {"empty": str(path)})
    dataset = gdal.Open("S2C:10426:empty")
    with pytest.raises(RuntimeError, match="no valid pixels"):
        dataset.GetRasterBand(1).GetDefaultHistogram(force=True)
    assert dataset.ReadAsArray().min() == 1
    assert len(sen2cube.requests("files")) == 1


@pytest.mark.parametrize("threads", [None, "2"])
def test_the_cause_is_the_last_word_and_names_no_inner_path(sen2cube, rasters, results, threads):
    with config_options(GDAL_NUM_THREADS=threads):
        dataset = gdal.Open("S2C:10425:cog")
    sen2cube.fault(**FOREVER)
    with messages() as said:
        assert dataset.ReadAsArray() is None
        assert dataset.GetRasterBand(1).Checksum() in (-1, 0)
    assert "S2C: output 'cog' of inference 10425 cannot be read: the server answered " \
        "(HTTP 503); try again later" in said
    assert not any("~" in text or "IReadBlock" in text for text in said), said


def test_a_login_that_has_ended_is_the_last_word_in_threads(sen2cube, rasters, results):
    with config_options(GDAL_NUM_THREADS="2"):
        dataset = gdal.Open("S2C:10425:cog")
    sen2cube.revoke_all()
    sen2cube.fault(server="auth", status=401, count=None,
                   body='{"error":"invalid_grant","error_description":"Invalid user credentials"}')
    assert dataset.ReadAsArray() is None
    assert "invalid_grant" in gdal.GetLastErrorMsg()
    assert "S2C_PASSWORD" in gdal.GetLastErrorMsg()


def test_a_vrt_over_a_result_that_fails_in_threads_is_an_error(sen2cube, rasters, tmp_path):
    path = str(tmp_path / "one.vrt")
    gdal.Translate(path, "S2C:10425:cog", format="VRT")
    with config_options(GDAL_NUM_THREADS="2"):
        dataset = gdal.Open(path)
        dataset.ReadAsArray(0, 0, 1, 1)
        sen2cube.fault(**FOREVER)
        with pytest.raises(RuntimeError, match="of inference 10425 cannot be read"):
            dataset.ReadAsArray()
        sen2cube.clear_faults()
        assert same_pixels(dataset.ReadAsArray(), rasters["cog"])


def test_directories_of_a_file_are_subdatasets_that_open_later(sen2cube, tmp_path):
    path = tmp_path / "pages.tiff"
    write(path, noise(5, bands=1, width=64, height=64), "GTiff", [])
    write(path, noise(6, bands=1, width=32, height=32), "GTiff", ["APPEND_SUBDATASET=YES"])
    publish(sen2cube, 10426, {"pages": str(path)})
    dataset = gdal.Open("S2C:10426:pages")
    names = [name for name, _ in dataset.GetSubDatasets()]
    assert names == ["GTIFF_DIR:1:/vsis2c/10426/pages.tiff", "GTIFF_DIR:2:/vsis2c/10426/pages.tiff"]
    assert dataset.GetMetadataItem("SUBDATASET_2_NAME", "SUBDATASETS") == names[1]
    dataset = None
    assert gdal.Open(names[1]).RasterXSize == 32


def test_what_was_opened_is_never_mixed_with_the_next_run(sen2cube, rasters, tmp_path):
    """The API may not know of the rerun yet: the same size, another ETag."""
    other = noise(7)
    path = write(tmp_path / "cog.tiff", other, "GTiff", ["TILED=YES", "INTERLEAVE=BAND"])
    first = write(tmp_path / "first.tiff", rasters["masked"], "GTiff",
                  ["TILED=YES", "INTERLEAVE=BAND"])
    publish(sen2cube, 10426, {"runs": first})
    dataset = gdal.Open("S2C:10426:runs")
    assert same_pixels(dataset.ReadAsArray(0, 0, 64, 64), rasters["masked"][:, :64, :64])
    where = "/output/sen2cube/demo/runs_id10426_3035.tiff"
    sen2cube.replace_file(where, base64.b64encode(content(path)).decode())
    sen2cube.touch_file(where)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="was changed on the server while it was read"):
            dataset.ReadAsArray()
    assert same_pixels(dataset.ReadAsArray(0, 0, 64, 64), rasters["masked"][:, :64, :64])
    assert same_pixels(gdal.Open("S2C:10426:runs").ReadAsArray(), other)
