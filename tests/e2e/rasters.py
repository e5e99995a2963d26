# SPDX-License-Identifier: MIT
"""Results of all layouts that are too large for a first request, made for tests of reading."""

import base64
import json

import numpy as np
from osgeo import gdal, gdal_array, osr

from .support import FOLDER, content

SIDE = 640
LAYOUTS = {
    "stripped": ("GTiff", ["COMPRESS=LZW", "BLOCKYSIZE=8", "INTERLEAVE=PIXEL"]),
    "tiled": ("GTiff", ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=BAND"]),
    "cog": ("COG", ["COMPRESS=DEFLATE", "BLOCKSIZE=128", "OVERVIEWS=AUTO"]),
}


def noise(seed, bands=3, width=SIDE, height=SIDE, kind=np.uint16):
    """Pixels that no compression makes small, and none of them 0."""
    return np.random.default_rng(seed).integers(1, 10_000, (bands, height, width)).astype(kind)


def write(path, pixels, driver, options):
    source = gdal_array.OpenArray(pixels)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(3035)
    source.SetProjection(srs.ExportToWkt())
    source.SetGeoTransform((4547400, 10, 0, 2745600, 0, -10))
    gdal.GetDriverByName(driver).CreateCopy(str(path), source, options=options)
    return str(path)


def publish(sen2cube, number, files, finished="2021-09-28T07:42:10+00:00", **more):
    """Makes {output name: path on the disk} the results of an inference; `more` is of each."""
    outputs = []
    for name, path in files.items():
        data, place = content(path), f"{FOLDER}/{name}_id{number}_3035.tiff"
        encoded = base64.b64encode(data).decode()
        try:
            sen2cube.create_file(place, encoded)
        except ValueError:
            sen2cube.replace_file(place, encoded)
        outputs.append({"name": name, "file_type": "geotiff", "bytes": len(data), "data": place,
                        **more})
    sen2cube.change_inference(number, output=json.dumps(outputs), timestamp_finished=finished,
                              status="SUCCEEDED")
    sen2cube.forget()
