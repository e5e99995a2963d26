# SPDX-License-Identifier: MIT
"""Inference 10442: rasters with classes, with colours, and one beside a copy in EPSG:4326."""

import os

import numpy as np
from osgeo import gdal

from . import outputs

MAPS = 10442
# What the classes 1 to 5 of the sample land_cover become: SIAM's colour types of the factbases here.
COLOR_TYPES = (1, 22, 25, 33, 1)


def classes(samples):
    """The sample's classes 1 to 5; 0 where it has none."""
    values = gdal.Open(os.path.join(samples, outputs.file_name("land_cover"))).ReadAsArray()
    return np.nan_to_num(values).astype(np.uint8)


def bands_of(name, samples):
    """The pixels of one of NAMES, and the no-data value."""
    land = classes(samples)
    if name == "land_use":
        return [land], 0
    if name == "color_type":
        return [np.array([0, *COLOR_TYPES], np.uint8)[land]], 0
    if name == "quality":
        rows = np.arange(land.shape[0])[:, None] // 20 + np.zeros_like(land)
        return [np.where(land > 0, rows, 65535).astype(np.uint16)], 65535
    if name == "seasons":
        return [land, np.where(land > 3, 3, land), np.where(land > 4, 0, land)], 0
    if name == "natural":
        return [land * 40, land * 30, land * 20], 0
    # As the engine may write a composite: floats that the file calls red, green and blue.
    return [land * np.float32(factor) for factor in (450.5, 400.5, 350.5)], 0


NAMES = ("land_use", "color_type", "quality", "seasons", "natural", "reflectance")
CATEGORICAL = NAMES[:4]
COMPOSITES = NAMES[4:]


def write(name, samples, path):
    """A COG like the samples, on their grid."""
    bands, nodata = bands_of(name, samples)
    sample = gdal.Open(os.path.join(samples, outputs.file_name("land_cover")))
    kind = {np.uint8: gdal.GDT_Byte, np.uint16: gdal.GDT_UInt16,
            np.float32: gdal.GDT_Float32}[bands[0].dtype.type]
    memory = gdal.GetDriverByName("MEM").Create("", sample.RasterXSize, sample.RasterYSize,
                                                len(bands), kind)
    memory.SetGeoTransform(sample.GetGeoTransform())
    memory.SetProjection(sample.GetProjection())
    primaries = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
    for number, values in enumerate(bands, 1):
        band = memory.GetRasterBand(number)
        band.WriteArray(values)
        band.SetNoDataValue(nodata)
        # MEM takes three bands for red, green and blue unless told otherwise.
        band.SetColorInterpretation(primaries[number - 1] if name == "reflectance" else
                                    gdal.GCI_GrayIndex if number == 1 else gdal.GCI_Undefined)
    gdal.GetDriverByName("COG").CreateCopy(path, memory, options=[
        "COMPRESS=LZW", "BLOCKSIZE=128", "OVERVIEWS=AUTO", "RESAMPLING=NEAREST"])


def described(seeds):
    """The outputs, their files in the place where the server has them."""
    for name in NAMES:
        data = f"/output/sen2cube/demo/{name}_id{MAPS}_3035.tiff"
        path = seeds.results.write(data, b"")
        write(name, seeds.samples, path)
        yield {"name": name, "file_type": "geotiff", "data": data, "bytes": os.path.getsize(path),
               "value_type": "categorical" if name in CATEGORICAL else "numerical",
               "value_range": ranges_of(path)[0], "band_value_ranges": ranges_of(path)[1],
               "dims": ["time", "y", "x"] if name == "seasons" else ["y", "x"],
               "vis_type": "composite" if name in COMPOSITES else "map"}
    yield twin(seeds)


def ranges_of(path):
    ranges = outputs.band_ranges(path)
    return [min(low for low, _ in ranges), max(high for _, high in ranges)], ranges


def twin(seeds):
    """The API names the copy in EPSG:4326; the original lies beside it."""
    output = seeds.output("water_count", MAPS)
    original = seeds.results.place(output["data"])
    data = output["data"].replace("_3035.tiff", "_4326.tiff")
    copy = seeds.results.write(data, b"")
    gdal.Warp(copy, original, dstSRS="EPSG:4326", format="COG", creationOptions=["COMPRESS=LZW"])
    return {**output, "data": data, "bytes": os.path.getsize(copy)}
