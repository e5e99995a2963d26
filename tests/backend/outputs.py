# SPDX-License-Identifier: MIT
"""The `output` attribute: what it says about a sample, with the file's true figures."""

import functools
import json
import os

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

# In the order in which inference 10424 lists them.
NAMES = ("Cloud_free_composite", "water_count", "land_cover", "vegetation_over_time",
         "water_time_series", "green_spaces", "mean_ndvi")
RASTERS = set(NAMES[:4])
DIMS = {"Cloud_free_composite": ["band", "y", "x"], "water_count": ["y", "x"],
        "land_cover": ["y", "x"], "vegetation_over_time": ["time", "y", "x"],
        "water_time_series": ["time"], "green_spaces": ["space", "time"], "mean_ndvi": []}
VIS_TYPES = {"Cloud_free_composite": "composite", "water_time_series": "single_line_graph",
             "green_spaces": "multi_line_graph", "mean_ndvi": "list"}


def file_name(name):
    return name + (".tiff" if name in RASTERS else ".csv")


def result_name(name, number, code=3035):
    return f"{name}_id{number}_{code}.tiff" if name in RASTERS else f"{name}_id{number}.csv"


def band_ranges(path):
    """[[least, greatest]] of the valid pixels of each band."""
    dataset = gdal.Open(path)
    ranges = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        values, nodata = band.ReadAsArray().astype(np.float64), band.GetNoDataValue()
        valid = values[~np.isnan(values) & (values != nodata)]
        ranges.append([float(valid.min()), float(valid.max())] if valid.size else [None, None])
    return ranges


@functools.lru_cache(maxsize=64)
def cached_ranges(path, _moment):
    return band_ranges(path)


def describe(name, number, path, data):
    """One element of `output`; `path` is the file, `data` where the server has it."""
    output = {"name": name, "inference_id": number,
              "value_type": "categorical" if name == "land_cover" else "numerical"}
    if name in RASTERS:
        ranges = cached_ranges(path, os.stat(path).st_mtime_ns)
        output["value_range"] = [min(low for low, _ in ranges), max(high for _, high in ranges)]
        output["band_value_ranges"] = ranges
    output["dims"] = DIMS[name]
    output["file_type"] = "geotiff" if name in RASTERS else "csv"
    output["vis_type"] = VIS_TYPES.get(name, "map")
    output["data"] = data
    if name not in RASTERS:
        output.update(axes(name))
    output["bytes"] = os.path.getsize(path)
    return output


def axes(name):
    """The members that tables have instead of ranges; their hyphens are the API's own."""
    if name == "mean_ndvi":
        return {}
    lines = ["Mönchsberg", "Kapuzinerberg", "Nonntal", "Altstadt"] if name == "green_spaces" \
        else [name]
    return {"x-axis": "time", "y-axis": name, "lines": lines}


def attribute(outputs, form):
    """As the API stores it: real answers have a JSON string of the array."""
    return json.dumps(outputs) if form == "string" else outputs
