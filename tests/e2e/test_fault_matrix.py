# SPDX-License-Identifier: MIT
"""Every fault of fault_table.py in every operation: it ends in what is right or in an error, within
the time that was configured, and what comes afterwards is right (issue 15)."""

import contextlib
import itertools
import os
import threading
import time

import numpy as np
import pytest
import rasterio
from osgeo import gdal, ogr

from .fault_table import ANSWERS
from .rasters import SIDE, noise, publish, write
from .running import FACTBASE, KNOWLEDGEBASE
from .support import config_options

OPTIONS = ("--job-seconds", "0.2")
NUMBER = 10425
NAME = f"S2C:{NUMBER}:tiled"
SESSIONS = itertools.count(1)
# Four attempts of a second each, twice: a file may be asked for again when its session is new. And
# what a busy machine takes.
LONGEST = 30
AREA = "POLYGON((13.0 47.0,13.01 47.0,13.01 47.01,13.0 47.0))"


@pytest.fixture(scope="module")
def pixels(sen2cube, tmp_path_factory):
    made = noise(3)
    publish(sen2cube, NUMBER, {"tiled": write(
        tmp_path_factory.mktemp("matrix") / "tiled.tiff", made, "GTiff",
        ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=PIXEL"])})
    return made


@pytest.fixture(autouse=True)
def impatient():
    with config_options(S2C_TIMEOUT="1", S2C_CONNECTTIMEOUT="1", S2C_MAX_RETRY="3",
                        S2C_RETRY_DELAY="0.01", S2C_ANSWER_CACHE="NO", S2C_POLL_INTERVAL="0.1",
                        S2C_WAIT_TIMEOUT="5"):
        yield


def new_session():
    return config_options(GDAL_HTTP_USERAGENT=f"matrix {next(SESSIONS)}")


def open_it():
    return (gdal.Open(NAME).RasterXSize,)


def read_window():
    return gdal.Open(NAME).ReadAsArray(130, 10, 300, 200)


def read_whole():
    return gdal.Open(NAME).ReadAsArray()


def read_with_rasterio():
    with rasterio.open(NAME) as file:
        return file.read()


def read_in_threads():
    """Eight threads, a dataset each; any error is this operation's."""
    found, errors = [None] * 8, []

    def read(number):
        try:
            found[number] = gdal.Open(NAME).ReadAsArray(0, number * 80, SIDE, 80)
        except RuntimeError as error:
            errors.append(error)
    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return np.concatenate(found, axis=1)


def read_shared():
    """A thread-safe dataset (GDAL 3.10), or one after the other."""
    flags = gdal.OF_RASTER | getattr(gdal, "OF_THREAD_SAFE", 0)
    dataset = gdal.OpenEx(NAME, flags)
    return np.concatenate([dataset.ReadAsArray(0, y, SIDE, 80) for y in range(0, SIDE, 80)], axis=1)


def list_inferences():
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)  # a layer does not keep it
    layer = dataset.GetLayer("inference")
    return sorted((feature.GetFID(), feature["status"]) for feature in layer
                  if feature.GetFID() <= 10433)


def list_folder():
    found = gdal.ReadDir("/vsis2c/10424")
    if found is None:
        raise RuntimeError(gdal.GetLastErrorMsg() or "nothing is there")
    return sorted(found)


def read_table():
    dataset = gdal.OpenEx("S2C:10424:water_time_series", gdal.OF_VECTOR)
    layer = dataset.GetLayer(0)
    return [feature.ExportToJson() for feature in layer]


def read_mosaic():
    return gdal.Open(f"S2C:mosaic({NUMBER}):tiled").ReadAsArray(0, 0, 200, 200)


OPERATIONS = {
    "open": open_it, "window": read_window, "whole": read_whole, "rasterio": read_with_rasterio,
    "threads": read_in_threads, "shared": read_shared, "list": list_inferences,
    "folder": list_folder, "table": read_table, "mosaic": read_mosaic,
}
TRUTH = {}


@pytest.fixture
def truth(pixels, request):
    """What an operation gives when nothing is wrong."""
    def of(name):
        if name not in TRUTH:
            with new_session():
                TRUTH[name] = OPERATIONS[name]()
        return TRUTH[name]
    return of


def same(found, expected):
    if isinstance(expected, np.ndarray):
        return found.shape == expected.shape and np.array_equal(found, expected)
    return found == expected


def is_remembered(error):
    """A file that was not there, and a server that said nothing, are tried again after some
    seconds."""
    return "no longer on the server" in error or "it will be tried again" in error


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def outcome(operation):
    """(what came, None) or (None, the error), in no more time than may be."""
    start = time.monotonic()
    # What a layer fails with raises nothing of itself (GDAL 3.6), and would the next open.
    gdal.ErrorReset()
    try:
        found = operation()
        failed = gdal.GetLastErrorType() >= gdal.CE_Failure
        return (None, gdal.GetLastErrorMsg()) if failed else (found, None)
    except (RuntimeError, OSError) as error:
        assert str(error)
        return None, f"{error} {error.__cause__ or ''}"
    finally:
        gdal.ErrorReset()
        assert time.monotonic() - start < LONGEST


@pytest.mark.parametrize("share", [1, 0.2], ids=["lasting", "passing"])
@pytest.mark.parametrize("server", ["files", "api", "auth"])
@pytest.mark.parametrize("fault", ANSWERS)
def test_it_ends_in_what_is_right_or_in_an_error(sen2cube, truth, tmp_path, fault, server, share):
    for name, operation in OPERATIONS.items():
        expected = truth(name)
        for threads in (None, "2"):
            with config_options(GDAL_NUM_THREADS=threads,
                                S2C_TOKEN_CACHE=str(tmp_path / f"{name}{threads}")), new_session():
                sen2cube.fault(server=server, count=None, share=share, **ANSWERS[fault])
                found, error = outcome(operation)
                sen2cube.clear_faults()
                if error is None:
                    assert same(found, expected), (name, threads)
                if error:
                    assert "Bearer" not in error and sen2cube.PASSWORD not in error
                # The server is well again, and this session has seen the file's ill. What the API
                # and the login say of the service holds for some seconds (issue 10).
                if error and not is_remembered(error):
                    with new_session() if server != "files" else contextlib.nullcontext():
                        found, error = outcome(operation)
                    assert error is None or is_remembered(error), (name, error)
                    assert error or same(found, expected), name


@pytest.mark.parametrize("fault", ["503", "closed before", "cut within the body", "short"])
def test_nothing_is_left_open(sen2cube, truth, fault):
    truth("window")
    with new_session():
        read_window()
        before = descriptors()
        sen2cube.fault(server="files", count=None, share=0.5, **ANSWERS[fault])
        for _ in range(30):
            outcome(read_window)
        sen2cube.clear_faults()
        read_window()
    assert descriptors() <= before + 8, "the connections that one host may have"


@pytest.mark.parametrize("share", [1, 0.2], ids=["lasting", "passing"])
@pytest.mark.parametrize("fault", ANSWERS)
def test_an_inference_is_never_lost_and_never_two(sen2cube, fault, share):
    before = {number for number, _ in every_inference()}
    with new_session():
        sen2cube.fault(server="api", method="POST", count=None, share=share, **ANSWERS[fault])
        made, error = outcome(run_inference)
        sen2cube.clear_faults()
    with new_session():
        after = {number for number, _ in every_inference()}
    assert len(after - before) <= 1
    if made is not None:
        assert after - before == {made}
    elif after - before:
        assert "S2C:" in error or "inference" in error, error


def every_inference():
    with new_session():
        dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
        layer = dataset.GetLayer("inference")
        return [(feature.GetFID(), feature["status"]) for feature in layer]


def run_inference():
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR | gdal.OF_UPDATE)
    layer = dataset.GetLayer("inference")
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["knowledgebase_id"] = KNOWLEDGEBASE
    feature["factbase_id"] = FACTBASE
    feature["temp_range_start"] = "2021-03-01"
    feature["temp_range_end"] = "2021-07-31"
    feature.SetGeometry(ogr.CreateGeometryFromWkt(AREA))
    if layer.CreateFeature(feature) != ogr.OGRERR_NONE:
        raise RuntimeError(gdal.GetLastErrorMsg())
    return feature.GetFID()
