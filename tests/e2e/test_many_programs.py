# SPDX-License-Identifier: MIT
"""Programs that are given a mosaic or a stack for a raster's name."""

import os
import subprocess

import numpy as np
import pytest
import rasterio
from osgeo import gdal

from ..backend import many
from .support import config_options, same_pixels

COUNT = 12
OPTIONS = ("--many", COUNT)
ALL = "fid > 200000"
MOSAIC, STACK = f"S2C:mosaic({ALL}):composite", f"S2C:stack({ALL}):index"
QGIS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_program.py")


def local(tmp_path, name):
    """gdalbuildvrt's mosaic of the files."""
    paths = [many.write(str(tmp_path / f"{number}.tiff"), name, number)
             for number in range(many.FIRST, many.FIRST + COUNT)]
    target = str(tmp_path / "local.vrt")
    gdal.BuildVRT(target, paths, resolution="highest").FlushCache()
    return target


def test_rasterio_reads_both(tmp_path):
    with rasterio.open(MOSAIC) as found, rasterio.open(local(tmp_path, "composite")) as expected:
        assert same_pixels(found.read(), expected.read())
        assert same_pixels(found.read_masks(), expected.read_masks())
        assert found.nodatavals == expected.nodatavals
        assert found.transform == expected.transform
    with rasterio.open(STACK) as stack:
        assert stack.count == COUNT
        assert stack.descriptions[5] == "2020-02-01/2020-02-28 index band 1"
        assert stack.tags(6)["INFERENCE_ID"] == str(many.FIRST + 5)
        assert len(stack.tags()["TIMES"].split(",")) == COUNT


def test_gdalwarp_reads_both(machine, tmp_path):
    expected = local(tmp_path, "composite")
    for target, source in (("ours.tif", MOSAIC), ("theirs.tif", expected)):
        machine.succeed("gdalwarp", "-q", "-t_srs", "EPSG:4326", source, target)
    assert same_pixels(gdal.Open(str(machine.work / "ours.tif")).ReadAsArray(),
                       gdal.Open(str(machine.work / "theirs.tif")).ReadAsArray())
    machine.succeed("gdalwarp", "-q", "-tr", "20", "20", STACK, "stack.tif")
    assert gdal.Open(str(machine.work / "stack.tif")).RasterCount == COUNT


def test_terra_reads_both(machine):
    done = machine.run("Rscript", "--vanilla", "-e", f"""
        suppressMessages(library(terra)); options(warn = 2)
        x <- rast("{MOSAIC}"); y <- rast("{STACK}")
        writeLines(format(c(dim(x), nlyr(y), global(x[[1]], "sum", na.rm = TRUE)[1, 1])))""")
    assert done.returncode == 0, done.stderr
    values = gdal.Open(MOSAIC).ReadAsArray()[0]
    rows, columns, bands, layers, total = [float(line) for line in done.stdout.split()]
    assert [rows, columns, bands, layers] == [*values.shape, 3, COUNT]
    assert total == values.sum()


@pytest.mark.parametrize("name", [MOSAIC, f"S2C:stack({ALL}):composite"])
def test_qgis_opens_and_draws_both(machine, name):
    picture = machine.folder / "picture.png"
    found, errors = machine.qgis(QGIS, "describe", name, picture)
    assert found["valid"] and found["errors"] == []
    assert "ERROR" not in errors
    assert found["crs"] == "EPSG:3035"
    drawn = gdal.Open(str(picture)).ReadAsArray()
    # Not an empty sheet of paper.
    assert np.unique(drawn[0]).size > 20


def test_threads_share_a_dataset_that_is_open_for_them(tmp_path):
    if int(gdal.VersionInfo()) < 3100000:
        opened = [gdal.Open(MOSAIC) for _ in range(2)]
    else:
        opened = [gdal.OpenEx(MOSAIC, gdal.OF_RASTER | gdal.OF_THREAD_SAFE)] * 2
    expected = gdal.Open(local(tmp_path, "composite")).ReadAsArray()
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool, config_options(GDAL_NUM_THREADS="2"):
        for values in pool.map(lambda one: one.ReadAsArray(), opened * 3):
            assert same_pixels(values, expected)


def test_a_forked_child_goes_on_reading(tmp_path):
    expected = local(tmp_path, "composite")
    program = f"""
import os
from osgeo import gdal
gdal.UseExceptions()
opened = gdal.Open({MOSAIC!r})
child = os.fork()
same = (opened.ReadAsArray() == gdal.Open({expected!r}).ReadAsArray()).all()
if child == 0:
    os._exit(0 if same else 1)
assert same and os.waitpid(child, 0)[1] == 0
"""
    names = [name for name in ("S2C_API_URL", "S2C_AUTH_URL", "S2C_USERNAME", "S2C_PASSWORD",
                               "GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE")]
    environment = {**os.environ, **{name: gdal.GetConfigOption(name) for name in names}}
    subprocess.run(["/usr/bin/python3", "-c", program], check=True, timeout=60, env=environment)
