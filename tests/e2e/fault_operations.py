# SPDX-License-Identifier: MIT
"""What the fault matrix does with results and the catalogue, and what each attempt came to."""

import itertools
import os
import threading
import time

import numpy as np
import rasterio
import rasterio.windows
from osgeo import gdal, ogr

from .rasters import SIDE, noise, publish, write
from .running import FACTBASE, KNOWLEDGEBASE
from .support import config_options

NUMBER = 10425
NAME = f"S2C:{NUMBER}:tiled"
SESSIONS = itertools.count(1)
# Four attempts of a second each, twice: a file may be asked for again when its session is new. And
# what a busy machine takes.
LONGEST = 30
AREA = "POLYGON((13.0 47.0,13.01 47.0,13.01 47.01,13.0 47.0))"
IMPATIENT = {"S2C_TIMEOUT": "1", "S2C_CONNECTTIMEOUT": "1", "S2C_MAX_RETRY": "3",
             "S2C_RETRY_DELAY": "0.01", "S2C_ANSWER_CACHE": "NO", "S2C_POLL_INTERVAL": "0.1",
             "S2C_WAIT_TIMEOUT": "5"}


def publish_tiled(sen2cube, folder, number=NUMBER):
    """A result of many requests; its pixels."""
    made = noise(3)
    publish(sen2cube, number, {"tiled": write(
        folder / "tiled.tiff", made, "GTiff",
        ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=PIXEL"])})
    return made


def new_session():
    return config_options(GDAL_HTTP_USERAGENT=f"matrix {next(SESSIONS)}")


def open_it():
    return (gdal.Open(NAME).RasterXSize,)


def read_window():
    return gdal.Open(NAME).ReadAsArray(130, 10, 300, 200)


def read_whole():
    return gdal.Open(NAME).ReadAsArray()


def read_window_with_rasterio():
    with rasterio.open(NAME) as file:
        return file.read(window=rasterio.windows.Window(130, 10, 300, 200))


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


def features(dataset, layer):
    """All rows, or the error that has ended them: that raises nothing of itself (GDAL 3.6), and goes
    with the dataset, which a layer does not keep."""
    # list() would count first, which fails in a way of its own.
    found = [feature for feature in dataset.GetLayer(layer)]
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise RuntimeError(gdal.GetLastErrorMsg())
    return found


def list_inferences():
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
    return sorted((feature.GetFID(), feature["status"])
                  for feature in features(dataset, "inference") if feature.GetFID() <= 10433)


def list_folder():
    found = gdal.ReadDir("/vsis2c/10424")
    if found is None:
        raise RuntimeError(gdal.GetLastErrorMsg() or "nothing is there")
    return sorted(found)


def read_table():
    dataset = gdal.OpenEx("S2C:10424:water_time_series", gdal.OF_VECTOR)
    return [feature.ExportToJson() for feature in features(dataset, 0)]


def read_mosaic():
    return gdal.Open(f"S2C:mosaic({NUMBER}):tiled").ReadAsArray(0, 0, 200, 200)


# By consumer and what it does.
OPERATIONS = {
    ("osgeo", "open"): open_it, ("osgeo", "window"): read_window, ("osgeo", "whole"): read_whole,
    ("osgeo", "threads"): read_in_threads, ("osgeo", "shared"): read_shared,
    ("osgeo", "list"): list_inferences, ("osgeo", "folder"): list_folder,
    ("osgeo", "table"): read_table, ("osgeo", "mosaic"): read_mosaic,
    ("rasterio", "window"): read_window_with_rasterio, ("rasterio", "whole"): read_with_rasterio,
}
# Which stand for all where each takes its time.
OF_SLOW = {"files": (("rasterio", "window"),), "api": (("osgeo", "list"),),
           "auth": (("osgeo", "open"),)}


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


def every_inference():
    with new_session():
        dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
        return [(feature.GetFID(), feature["status"])
                for feature in features(dataset, "inference")]


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


def wait_for(name):
    """Opens a result of an inference that has not ended."""
    return gdal.OpenEx(name, gdal.OF_RASTER, open_options=["WAIT=YES"]).ReadAsArray(0, 0, 200, 200)
