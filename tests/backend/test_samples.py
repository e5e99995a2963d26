# SPDX-License-Identifier: MIT
"""The sample results in data/: they look like real ones and come out equal each time."""

import filecmp
import math
import os
import subprocess
import sys
import zipfile

import pytest
from osgeo import gdal

from .options import SAMPLES

FILES = sorted(name for name in os.listdir(SAMPLES)
               if name.endswith((".tiff", ".csv", ".zip", ".geojson")))


def raster(name):
    return gdal.Open(os.path.join(SAMPLES, name + ".tiff"))


def lines(name):
    with open(os.path.join(SAMPLES, name), encoding="utf-8") as file:
        return file.read().splitlines()


def test_script_makes_the_same_bytes_twice(tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        subprocess.run([sys.executable, os.path.join(SAMPLES, "make_samples.py"), str(folder)],
                       check=True)
    assert sorted(os.listdir(folders[0])) == FILES
    equal, _, _ = filecmp.cmpfiles(*folders, FILES, shallow=False)
    assert sorted(equal) == FILES


def test_they_are_small():
    sizes = {name: os.path.getsize(os.path.join(SAMPLES, name)) for name in FILES}
    assert 130_000 < sizes["Cloud_free_composite.tiff"] < 180_000
    assert sum(sizes.values()) < 1_500_000


@pytest.mark.parametrize("name, kind, bands, nodata", [
    ("Cloud_free_composite", "Float32", 3, -9999), ("water_count", "UInt16", 1, 65535),
    ("land_cover", "Float32", 1, math.nan), ("vegetation_over_time", "Float32", 6, -9999)])
def test_rasters_are_cogs_with_overviews_and_nodata(name, kind, bands, nodata):
    dataset = raster(name)
    band = dataset.GetRasterBand(1)
    assert dataset.RasterCount == bands and gdal.GetDataTypeName(band.DataType) == kind
    assert dataset.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "LZW"
    assert dataset.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE") == "COG"
    assert band.GetOverviewCount() >= 1
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "3035"
    assert str(band.GetNoDataValue()) == str(float(nodata))
    corner = dataset.ReadAsArray(0, 0, 1, 1).ravel()[0]
    assert corner == nodata or math.isnan(nodata) and math.isnan(corner)


def test_composite_has_no_colours_and_reflectance_values():
    dataset = raster("Cloud_free_composite")
    kinds = [dataset.GetRasterBand(number).GetColorInterpretation() for number in (1, 2, 3)]
    assert set(kinds) <= {gdal.GCI_GrayIndex, gdal.GCI_Undefined}
    values = dataset.ReadAsArray()
    valid = values[values != -9999]
    assert 0 < valid.min() < valid.max() <= 10000 and 0.3 < valid.size / values.size < 0.9


def test_stack_has_dates_and_categories_are_1_to_n():
    stack = raster("vegetation_over_time")
    assert stack.GetRasterBand(1).GetDescription() == "2021-03-01"
    values = raster("land_cover").ReadAsArray()
    assert set(values[values == values].tolist()) == {1, 2, 3, 4, 5}


def test_tables_have_the_headers_and_gaps_of_pandas():
    series, green = lines("water_time_series.csv"), lines("green_spaces.csv")
    assert series[0] == "time,water_time_series" and green[0] == "space,time,green_spaces"
    assert any(line.endswith(",") for line in series) and any(line.endswith(",") for line in green)
    assert len({line.split(",")[0] for line in green[1:]}) > 2
    assert len(lines("mean_ndvi.csv")) == 1 and 0 < float(lines("mean_ndvi.csv")[0]) < 1


def test_project_zip_holds_a_project():
    with zipfile.ZipFile(os.path.join(SAMPLES, "qgis-project.zip")) as archive:
        assert b"<qgis" in archive.read("project.qgs")
