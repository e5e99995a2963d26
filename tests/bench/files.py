# SPDX-License-Identifier: MIT
"""The rasters of the benchmark: deterministic, made once for a folder."""

import os
import shutil

import numpy as np
from osgeo import gdal, gdal_array, osr

from tests.backend.options import SAMPLES

gdal.UseExceptions()

SMALL = 100
# Sides in pixels: 164 MB and 108 MB as the COG driver compresses them, and 14.5 MB in strips.
SIDES = {"cog": 6320, "mosaic": 5130, "striped": 1895}
QUICK_SIDES = {"cog": 3160, "mosaic": 2565, "striped": 1895}
NOISE = {"cog": 64, "mosaic": 64, "striped": 64}
COG = ["COMPRESS=DEFLATE", "LEVEL=1", "PREDICTOR=YES", "NUM_THREADS=ALL_CPUS"]
STRIPED = ["COMPRESS=LZW", "PREDICTOR=2", "INTERLEAVE=PIXEL"]


def pixels(side, noise, seed):
    """Three bands of UInt16 that compress by half, as reflectances do: waves and noise."""
    numbers = np.random.default_rng(seed)
    y = np.arange(side, dtype=np.float32)[:, None]
    x = np.arange(side, dtype=np.float32)[None, :]
    made = np.empty((3, side, side), np.uint16)
    for band in range(3):
        waves = np.sin(x / (310 + 40 * band)) * np.cos(y / (270 - 30 * band))
        made[band] = 1200 + 400 * band + 600 * waves
        made[band] += numbers.integers(0, noise, (side, side), dtype=np.uint16)
    return made


def write(path, array, driver, options):
    source = gdal_array.OpenArray(array)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(3035)
    source.SetProjection(srs.ExportToWkt())
    source.SetGeoTransform((4547400, 10, 0, 2745600, 0, -10))
    gdal.GetDriverByName(driver).CreateCopy(path + ".part", source, options=options)
    os.replace(path + ".part", path)


def make_large(path, kind, side):
    seed = sorted(SIDES).index(kind)
    driver, options = ("GTiff", STRIPED) if kind == "striped" else ("COG", COG)
    write(path, pixels(side, NOISE[kind], seed), driver, options)


def make_small(path, sample, number):
    """The sample with other values: a hundred files, not one a hundred times."""
    source = gdal.Open(sample)
    copy = gdal.GetDriverByName("MEM").CreateCopy("", source)
    for band in range(1, copy.RasterCount + 1):
        values = source.GetRasterBand(band).ReadAsArray()
        valid = values != source.GetRasterBand(band).GetNoDataValue()
        values[valid] += number
        copy.GetRasterBand(band).WriteArray(values)
    gdal.GetDriverByName("COG").CreateCopy(path + ".part", copy, options=["COMPRESS=LZW"])
    os.replace(path + ".part", path)


def make(folder, quick):
    """{group: [(output name, path)]}; what the folder has is taken as it is."""
    os.makedirs(folder, exist_ok=True)
    sample = os.path.join(folder, "composite.tiff")
    # A folder of its own: the one in data/ may have a sidecar beside it.
    shutil.copyfile(os.path.join(SAMPLES, "Cloud_free_composite.tiff"), sample)
    groups = {"composite": [("Cloud_free_composite", sample)]}
    for kind, side in (QUICK_SIDES if quick else SIDES).items():
        path = os.path.join(folder, f"{kind}_{side}.tiff")
        if not os.path.exists(path):
            make_large(path, kind, side)
        groups[kind] = [(kind, path)]
    groups["small"] = []
    for number in range(SMALL):
        path = os.path.join(folder, f"small_{number:03d}.tiff")
        if not os.path.exists(path):
            make_small(path, sample, number + 1)
        groups["small"].append((f"small_{number:03d}", path))
    return groups
