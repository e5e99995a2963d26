# SPDX-License-Identifier: MIT
"""Inferences 200001…: one model over overlapping areas and months, for mosaics and stacks.

Each result is made of its inference's number alone, so a test makes the same file beside it.
"""

import numpy as np
from osgeo import gdal, osr

from . import outputs

FIRST = 200_001
WIDE, HIGH, RESOLUTION = 60, 50, 10
LEFT, TOP = 4547400, 2745600
# Two by two areas, each over a third of the next.
AREAS, STEP = 4, 40
NAMES = ("composite", "masked", "index", "plain", "sharp", "elsewhere", "unlike", "sometimes")
NO_DATA = {"composite": 0, "index": float("nan"), "sharp": 0, "elsewhere": 0, "sometimes": 0}
KINDS = {"composite": np.uint16, "index": np.float32}


def area_of(number):
    return (number - FIRST) % AREAS


def month_of(number):
    """From 0 on; all areas have each."""
    return (number - FIRST) // AREAS


def times_of(number):
    year, month = divmod(month_of(number), 12)
    start, end = f"{2020 + year}-{month + 1:02d}-01", f"{2020 + year}-{month + 1:02d}-28"
    return f"{start}T00:00:00+00:00", f"{end}T23:59:59.999000+00:00"


def names_of(number):
    return [name for name in NAMES if name != "sometimes" or number % 2]


def pixels(name, number):
    """(bands, rows, columns), with a hole where nothing was seen and a stripe of clouds."""
    factor = 2 if is_sharp(name, number) else 1
    seed = number * 100 + NAMES.index(name)
    shape = (3 if name == "composite" else 1, HIGH * factor, WIDE * factor)
    kind = kind_of(name, number)
    values = (land(name, number, shape) + month_of(number) * 4 % 60 +
              np.random.default_rng(seed).integers(1, 40, shape))
    # Reflectances times 10,000, as in a real one.
    values = (values * 10 if name == "composite" else values).astype(kind)
    if name in NO_DATA:
        values[:, 5:20, 10:30 + number % 7] = NO_DATA[name]
        values[:, :, -4 - number % 5:] = NO_DATA[name]
    return values


def land(name, number, shape):
    """Hills and valleys of values from 0 to 140, the same for all who look at a place."""
    band, row, column = np.indices(shape)
    _, size, _, _, _, _ = transform(name, number)
    east, south = area_of(number) % 2 * STEP, area_of(number) // 2 * STEP
    column, row = column * size / RESOLUTION + east, row * size / RESOLUTION + south
    return 70 + 40 * np.sin(column / 15 + band) + 30 * np.cos(row / 11 - band * 2)


def kind_of(name, number):
    if name == "unlike" and number == FIRST + 1:
        return np.uint16
    return KINDS.get(name, np.uint8)


def is_sharp(name, number):
    """Every third has pixels of half the size."""
    return name == "sharp" and number % 3 == 0


def valid(number):
    mask = np.full((HIGH, WIDE), 255, np.uint8)
    mask[8:30, 20:35 + number % 7] = 0
    return mask


def reference(name, number):
    """Of `elsewhere`, one in four lies in UTM."""
    srs = osr.SpatialReference()
    is_other = name == "elsewhere" and area_of(number) == 3
    srs.ImportFromEPSG(32633 if is_other else 3035)
    return srs, (349000, 5300000) if is_other else (LEFT, TOP)


def transform(name, number):
    _, (left, top) = reference(name, number)
    size = RESOLUTION / 2 if is_sharp(name, number) else RESOLUTION
    east, south = area_of(number) % 2, area_of(number) // 2
    if name == "elsewhere" and area_of(number) == 3:
        east = south = 0
    return (left + east * STEP * RESOLUTION, size, 0, top - south * STEP * RESOLUTION, 0, -size)


def write(path, name, number):
    """The file of an output; gives its path."""
    values = pixels(name, number)
    kind = {np.uint8: gdal.GDT_Byte, np.uint16: gdal.GDT_UInt16,
            np.float32: gdal.GDT_Float32}[values.dtype.type]
    with_mask = name == "masked"
    before = gdal.GetConfigOption("GDAL_TIFF_INTERNAL_MASK")
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    made = gdal.GetDriverByName("GTiff").Create(
        path, values.shape[2], values.shape[1], values.shape[0], kind,
        ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32"])
    made.SetProjection(reference(name, number)[0].ExportToWkt())
    made.SetGeoTransform(transform(name, number))
    for band in range(values.shape[0]):
        made.GetRasterBand(band + 1).WriteArray(values[band])
        if name in NO_DATA:
            made.GetRasterBand(band + 1).SetNoDataValue(NO_DATA[name])
    if with_mask:
        made.CreateMaskBand(gdal.GMF_PER_DATASET)
        made.GetRasterBand(1).GetMaskBand().WriteArray(valid(number))
    made = None
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", before)
    return path


def place(name, number, folder):
    return f"{folder}/{name}_id{number}_3035.tiff"


def described(name, number, folder, size):
    return {"name": name, "inference_id": number, "value_type": "numerical",
            "dims": ["band", "y", "x"] if name == "composite" else ["y", "x"],
            "file_type": "geotiff", "vis_type": "map", "bytes": size,
            "data": place(name, number, folder)}


def rows(seeds, count, folder):
    """The inferences with their files, which `seeds` puts where they are served."""
    for number in range(FIRST, FIRST + count):
        found = []
        for name in names_of(number):
            path = seeds.results.write(place(name, number, folder), b"")
            with open(write(path, name, number), "rb") as file:
                found.append(described(name, number, folder, len(file.read())))
        start, end = times_of(number)
        yield seeds.succeeded(number, outputs.attribute(found, seeds.form),
                              f"Month {month_of(number)} of area {area_of(number)}",
                              temp_range_start=start, temp_range_end=end)
