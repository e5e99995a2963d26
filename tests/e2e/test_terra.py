# SPDX-License-Identifier: MIT
"""R's terra, in processes of its own."""

import pytest
from osgeo import gdal

from ..backend.maps import MAPS
from .support import RASTERS, same_pixels, sample

OPTIONS = ("--maps",)
# terra prints its name to standard output, and R's own checks of a package go to standard error.
HEAD = "suppressMessages(library(terra)); options(warn = 2)\n"


@pytest.fixture
def terra(machine):
    """What the last expression of an R program gives, as text lines."""
    def run(program):
        done = machine.run("Rscript", "--vanilla", "-e", HEAD + program)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()
    return run


def test_a_composite_of_floats_is_written_as_floats(terra, machine):
    lines = terra("""
        x <- rast("S2C:10424:Cloud_free_composite")
        writeRaster(x, "copy.tif"); y <- rast("copy.tif")
        writeLines(c(datatype(y), names(x)))""")
    assert lines == ["FLT4S"] * 3 + [f"Cloud_free_composite_{number}" for number in (1, 2, 3)]
    found = gdal.Open(str(machine.work / "copy.tif"))
    expected = gdal.Open(sample("Cloud_free_composite"))
    for number in (1, 2, 3):
        values = expected.GetRasterBand(number).ReadAsArray()
        valid = values != expected.GetRasterBand(number).GetNoDataValue()
        assert same_pixels(found.GetRasterBand(number).ReadAsArray()[valid], values[valid])


def test_floats_that_the_file_calls_red_green_and_blue_are_written_as_floats(terra):
    assert terra(f"""
        writeRaster(rast("S2C:{MAPS}:reflectance"), "copy.tif"); y <- rast("copy.tif")
        writeLines(c(datatype(y), format(minmax(y)[2, ])))""") \
        == ["FLT4S"] * 3 + ["2252.5", "2002.5", "1752.5"]


def test_an_inference_with_several_rasters_is_one_with_all_their_layers(terra):
    lines = terra("""x <- rast("S2C:10424"); writeLines(c(nlyr(x), names(x)))""")
    assert lines[0] == "11"
    assert {line.rsplit("_", 1)[0] for line in lines if "composite" in line} \
        == {"Cloud_free_composite"}
    assert terra("""writeLines(describe("S2C:10424", sds = TRUE)$name)""") \
        == [f"S2C:10424:{name}" for name in RASTERS]


@pytest.mark.parametrize("name", ["S2C:10424:land_cover", f"S2C:{MAPS}:land_use"])
def test_classes_are_levels_with_colours(terra, name):
    lines = terra(f"""
        x <- rast("{name}"); colours <- coltab(x)[[1]]
        writeLines(c(as.character(levels(x)[[1]][, 2]), is.factor(x),
                     unlist(colours[colours$value == 5, c("red", "green", "blue")])))""")
    assert lines == [*(f"class {value}" for value in range(1, 6)), "TRUE", "0", "114", "178"]
