# SPDX-License-Identifier: MIT
"""gdal_translate, gdalwarp and the COG validator: as with the local file."""

import sys

import numpy as np
import pytest
from osgeo import gdal

from .support import (COMPOSITE, COMPOSITE_PATH, RASTERS, TOKEN, assert_same_raster, inference,
                      opening, result, same_pixels, sample)


@pytest.mark.parametrize("name", RASTERS)
def test_gdal_translate_copies_pixel_by_pixel(machine, sen2cube, name):
    target = machine.work / "copy.tif"
    machine.succeed("gdal_translate", "-q", "-co", "COPY_SRC_OVERVIEWS=YES", "-co", "TILED=YES",
                    f"S2C:10424:{name}", target)
    assert sen2cube.request_lines() == opening(name)
    assert_same_raster(str(target), sample(name))


def test_a_copy_keeps_what_the_api_told(machine):
    target = machine.work / "copy.tif"
    machine.succeed("gdal_translate", "-q", COMPOSITE, target)
    copy = gdal.Open(str(target))
    assert copy.GetMetadataItem("INFERENCE_ID") == "10424"
    assert copy.GetRasterBand(3).GetDescription() == "Cloud_free_composite_3"


def test_gdal_translate_makes_a_cloud_optimized_copy(machine):
    target = machine.work / "copy.tif"
    machine.succeed("gdal_translate", "-q", "-of", "COG", "-co", "BLOCKSIZE=128", "-co",
                    "COMPRESS=LZW", COMPOSITE, target)
    assert_same_raster(str(target), sample("Cloud_free_composite"))
    assert "is a valid cloud optimized GeoTIFF" in validate(machine, target)


def test_gdal_translate_makes_a_stretched_quicklook(machine):
    pictures = []
    for source in (COMPOSITE, sample("Cloud_free_composite")):
        target = machine.work / f"quicklook{len(pictures)}.png"
        machine.succeed("gdal_translate", "-q", "-of", "PNG", "-ot", "Byte", "-a_nodata", "0",
                        "-scale", "0", "2500", "1", "255", source, target)
        pictures.append(gdal.Open(str(target)).ReadAsArray())
    assert same_pixels(*pictures)
    assert len(np.unique(pictures[0])) > 100


@pytest.mark.parametrize("name", RASTERS)
def test_gdalwarp_gives_what_it_gives_of_the_local_file(machine, name):
    targets = [machine.work / "ours.tif", machine.work / "expected.tif"]
    for source, target in zip((f"S2C:10424:{name}", sample(name)), targets, strict=True):
        machine.succeed("gdalwarp", "-q", "-t_srs", "EPSG:4326", "-r", "near", source, target)
    assert_same_raster(*map(str, targets))


def validate(machine, path):
    return machine.succeed(sys.executable, "-m",
                           "osgeo_utils.samples.validate_cloud_optimized_geotiff", path)


def test_the_path_below_vsis2c_is_a_valid_cloud_optimized_geotiff(machine, sen2cube):
    assert "is a valid cloud optimized GeoTIFF" in validate(machine, COMPOSITE_PATH)
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("Cloud_free_composite")]


def test_gdalbuildvrt_and_gdal_translate_take_the_name_as_a_source(machine):
    vrt = machine.work / "one.vrt"
    machine.succeed("gdalbuildvrt", "-q", vrt, COMPOSITE)
    target = machine.work / "copy.tif"
    machine.succeed("gdal_translate", "-q", vrt, target)
    assert same_pixels(gdal.Open(str(target)).ReadAsArray(),
                       gdal.Open(sample("Cloud_free_composite")).ReadAsArray())


@pytest.mark.parametrize("target", [COMPOSITE_PATH, "/vsis2c/10424/new.tif", "/vsis2c/new.tif"])
def test_writing_below_vsis2c_is_refused_with_the_reason(machine, sen2cube, target):
    done = machine.run("gdal_translate", "-of", "GTiff", sample("water_count"), target)
    assert done.returncode > 0
    assert "results are read-only, so copy it to a local file first" in done.stderr
    assert_only_looked_at(sen2cube)
    assert list(machine.work.iterdir()) == []


def test_the_driver_creates_no_copies(machine, sen2cube):
    done = machine.run("gdal_translate", "-of", "S2C", sample("water_count"), "S2C:10424:new")
    assert done.returncode > 0
    assert_only_looked_at(sen2cube)


def assert_only_looked_at(sen2cube):
    """gdal_translate may look whether it would overwrite a dataset, and that is all."""
    assert {entry["method"] for entry in sen2cube.requests() if entry["server"] != "auth"} \
        <= {"GET"}
