# SPDX-License-Identifier: MIT
"""What a thread of the soak does: each gives what can be compared with what it gave undisturbed."""

import numpy as np
import rasterio
from osgeo import gdal

from ..e2e.rasters import SIDE

NUMBER = 10425
NAME = f"S2C:{NUMBER}:tiled"
WINDOW = 128
PLACES = [(x, y) for x in range(0, SIDE - WINDOW, 101) for y in range(0, SIDE - WINDOW, 101)]


def complete(found):
    """Before GDAL 3.7 a layer's failure raises nothing."""
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise RuntimeError(gdal.GetLastErrorMsg())
    return found


def window(random):
    x, y = random.choice(PLACES)
    return (x, y), gdal.Open(NAME).ReadAsArray(x, y, WINDOW, WINDOW)


def window_of_file(random):
    x, y = random.choice(PLACES)
    path = f"/vsis2c/{NUMBER}/tiled.tiff"
    return (x, y), gdal.Open(path).ReadAsArray(x, y, WINDOW, WINDOW)


def window_with_rasterio(random):
    x, y = random.choice(PLACES)
    with rasterio.open(NAME) as file:
        return (x, y), file.read(window=rasterio.windows.Window(x, y, WINDOW, WINDOW))


def window_of_mosaic(random):
    x, y = random.choice(PLACES)
    return (x, y), gdal.Open(f"S2C:mosaic({NUMBER}):tiled").ReadAsArray(x, y, WINDOW, WINDOW)


def whole(_):
    return None, gdal.Open(NAME).ReadAsArray()


def copy(_):
    made = gdal.Translate("", NAME, format="MEM")
    return None, complete(made.ReadAsArray())


def table(_):
    dataset = gdal.OpenEx("S2C:10424:water_time_series", gdal.OF_VECTOR)
    return None, complete([feature.ExportToJson() for feature in dataset.GetLayer(0)])


def inferences(_):
    dataset = gdal.OpenEx("S2C:", gdal.OF_VECTOR)
    layer = dataset.GetLayer("inference")
    layer.SetAttributeFilter("status = 'SUCCEEDED'")
    return None, complete(sorted(feature.GetFID() for feature in layer))


def folder(_):
    found = gdal.ReadDir("/vsis2c/10424")
    if found is None:
        raise RuntimeError(gdal.GetLastErrorMsg() or "the folder could not be listed")
    return None, sorted(found)


OPERATIONS = (window, window, window, window_of_file, window_with_rasterio, window_of_mosaic,
              whole, copy, table, inferences, folder)


def same(found, expected):
    if isinstance(expected, np.ndarray):
        return found.shape == expected.shape and np.array_equal(found, expected)
    return found == expected


def truths(random):
    """{(operation, where): what it gives}, while nothing is wrong."""
    known = {}
    for operation in dict.fromkeys(OPERATIONS):
        for _ in range(1000 if "window" in operation.__name__ else 1):
            where, found = operation(random)
            known[operation, where] = found
    return known
