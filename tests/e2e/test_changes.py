# SPDX-License-Identifier: MIT
"""A large file, read in parts, and files that change on the server."""

import base64
import json

import numpy as np
import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .support import (COMPOSITE, COMPOSITE_PATH, TOKEN, another_session, config_options, content,
                      inference, place, result, same_pixels, vsi_content)

SIZE, BLOCK = 1536, 256
MEGABYTE = 1 << 20


def make_tiff(path, seed):
    """Three bands of noise, which no compression makes small: about 14 MB."""
    values = np.random.default_rng(seed).integers(0, 10_000, (3, SIZE, SIZE), dtype=np.uint16)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, 3, gdal.GDT_UInt16, [
        "TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}", "INTERLEAVE=BAND"])
    dataset.WriteArray(values)
    dataset = None
    return content(path), values


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Two files of the same size and other pixels: ((bytes, pixels), (bytes, pixels))."""
    folder = tmp_path_factory.mktemp("large")
    made = tuple(make_tiff(folder / f"{seed}.tiff", seed) for seed in (1, 2))
    assert len(made[0][0]) == len(made[1][0])
    return made


def publish(sen2cube, data, finished):
    """What a run leaves on the server: a file, its size, and a time."""
    document = UserAgent(sen2cube).get("/inference/10424").json["data"]["attributes"]
    outputs = json.loads(document["output"])
    outputs[0] = {**outputs[0], "bytes": len(data)}
    sen2cube.replace_file(place("Cloud_free_composite"), base64.b64encode(data).decode())
    sen2cube.change_inference(10424, output=json.dumps(outputs), timestamp_finished=finished)
    sen2cube.forget()


@pytest.fixture
def large(sen2cube, versions):
    publish(sen2cube, versions[0][0], "2021-09-28T07:42:10+00:00")
    return versions[0][1]


def failed_read(dataset, capfd, *window):
    """What GDAL's default handler prints of a read that fails, from whichever thread."""
    # fiona and others, of another test, put their own in its place, for this thread or for all.
    gdal.SetErrorHandler("CPLDefaultErrorHandler")
    gdal.PushErrorHandler("CPLDefaultErrorHandler")
    capfd.readouterr()
    gdal.DontUseExceptions()
    try:
        assert dataset.ReadAsArray(*window) is None
    finally:
        gdal.UseExceptions()
        gdal.PopErrorHandler()
    return capfd.readouterr().err


def transferred(sen2cube):
    """Bytes that the recorded requests asked for."""
    ranges = [entry["range"][len("bytes="):].split("-") for entry in sen2cube.requests("files")]
    return sum(int(last) - int(first) + 1 for first, last in ranges)


def test_opening_a_large_file_does_not_read_it(sen2cube, large):
    assert gdal.Open(COMPOSITE).RasterXSize == SIZE
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("Cloud_free_composite")]
    assert transferred(sen2cube) <= MEGABYTE // 4


@pytest.mark.parametrize("threads", ["1", "4"])
def test_a_window_costs_little_more_than_its_bytes(sen2cube, large, threads):
    with config_options(GDAL_NUM_THREADS=threads):
        dataset = gdal.Open(COMPOSITE)
        window = dataset.ReadAsArray(600, 700, 100, 100)
    assert same_pixels(window, np.ascontiguousarray(large[:, 700:800, 600:700]))
    # Four tiles of three bands, 128 KB each, in whole blocks of the cache.
    assert transferred(sen2cube) < 3 * MEGABYTE


@pytest.mark.parametrize("threads", ["1", "4", "ALL_CPUS"])
def test_all_pixels_are_right_with_any_number_of_threads(large, threads):
    with config_options(GDAL_NUM_THREADS=threads):
        assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), large)


def test_all_bytes_are_right_when_read_one_after_the_other(sen2cube, large, versions):
    assert vsi_content(COMPOSITE_PATH) == versions[0][0]
    # Reading on fetches ahead: far fewer requests than blocks.
    assert len(sen2cube.requests("files")) < 40
    assert transferred(sen2cube) == len(versions[0][0])


def test_a_small_cache_gives_right_pixels_of_a_large_file(large):
    with config_options(S2C_CACHE_SIZE="200 kB"):
        assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), large)


def test_a_part_that_is_cut_is_asked_for_again(sen2cube, large):
    dataset = gdal.Open(COMPOSITE)
    sen2cube.fault(server="files", truncate=50_000, count=2)
    assert same_pixels(dataset.ReadAsArray(), large)


@pytest.mark.parametrize("threads", ["1", "4"])
def test_a_part_that_never_comes_is_an_error_and_never_zeros(sen2cube, large, threads):
    with config_options(GDAL_NUM_THREADS=threads):
        dataset = gdal.Open(COMPOSITE)
        sen2cube.fault(server="files", status=503, count=None)
        with pytest.raises(RuntimeError):
            dataset.ReadAsArray()
        # Nothing of the failure stays behind.
        sen2cube.clear_faults()
        assert same_pixels(dataset.ReadAsArray(), large)


def test_a_token_that_dies_while_a_dataset_is_read_is_replaced(sen2cube, large):
    dataset = gdal.Open(COMPOSITE)
    sen2cube.expire_access()
    assert same_pixels(dataset.ReadAsArray(), large)
    assert [entry["grant"] for entry in sen2cube.requests("auth")] == ["password", "refresh_token"]


@pytest.mark.parametrize("threads", ["1", "4"])
def test_a_file_that_changes_under_an_open_dataset_is_an_error(
        sen2cube, large, versions, threads, capfd):
    with config_options(GDAL_NUM_THREADS=threads):
        dataset = gdal.Open(COMPOSITE)
        dataset.ReadAsArray(0, 0, 10, 10)
        sen2cube.replace_file(place("Cloud_free_composite"),
                              base64.b64encode(versions[1][0]).decode())
        sen2cube.touch_file(place("Cloud_free_composite"))
        errors = failed_read(dataset, capfd, 1200, 1200, 300, 300)
    assert "was changed on the server while it was read: open it again" in errors


def test_a_file_that_shrinks_under_an_open_dataset_is_an_error(sen2cube, large, versions, capfd):
    dataset = gdal.Open(COMPOSITE)
    sen2cube.replace_file(place("Cloud_free_composite"),
                          base64.b64encode(versions[1][0][:MEGABYTE]).decode())
    errors = failed_read(dataset, capfd, 1200, 1200, 300, 300)
    assert "was changed on the server while it was read: open it again" in errors


def test_a_changed_file_opens_again_with_its_new_pixels(sen2cube, large, versions):
    """The API tells nothing of the change: same size, same time."""
    dataset = gdal.Open(COMPOSITE)
    sen2cube.replace_file(place("Cloud_free_composite"),
                          base64.b64encode(versions[1][0]).decode())
    sen2cube.touch_file(place("Cloud_free_composite"))
    with pytest.raises(RuntimeError):
        dataset.ReadAsArray(1200, 1200, 300, 300)
    assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), versions[1][1])


def test_a_rerun_under_the_old_path_gives_the_new_pixels(sen2cube, large, versions):
    assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), large)
    publish(sen2cube, versions[1][0], "2021-09-29T00:00:00+00:00")
    with another_session():
        assert same_pixels(gdal.Open(COMPOSITE).ReadAsArray(), versions[1][1])


def test_a_file_that_is_deleted_under_an_open_dataset_is_an_error(sen2cube, large, capfd):
    dataset = gdal.Open(COMPOSITE)
    sen2cube.delete_file(place("Cloud_free_composite"))
    assert "results are deleted regularly, rerun the inference" in failed_read(dataset, capfd)
