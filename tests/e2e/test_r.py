# SPDX-License-Identifier: MIT
"""R's terra, sf and stars: the catalogue and the tables of an inference, and a raster."""

import pytest
from osgeo import gdal

from .support import sample

LAYERS = {"inference": 59, "factbase": 4, "knowledgebase": 40}
TABLES = {"water_time_series": 60, "green_spaces": 96, "mean_ndvi": 1, "area_of_interest": 4}
PLACES = ("inference", "factbase", "green_spaces", "area_of_interest")
# Rows, kind of geometry and names of fields, a line each.
TERRA = """
suppressMessages(library(terra))
arguments <- commandArgs(TRUE)
found <- vect(arguments[1], layer = arguments[2])
cat(nrow(as.data.frame(found)), geomtype(found), names(found), sep = "\\n")
"""
SF = """
suppressMessages(library(sf))
arguments <- commandArgs(TRUE)
found <- st_read(arguments[1], layer = arguments[2], quiet = TRUE, as_tibble = FALSE)
kind <- "none"
if (inherits(found, "sf")) {
  kind <- "polygons"
  stopifnot(all(st_geometry_type(found) %in% c("POLYGON", "MULTIPOLYGON")))
  stopifnot(st_crs(found)$epsg == 4326)
  found <- st_drop_geometry(found)
}
cat(nrow(found), kind, names(found), sep = "\\n")
"""
EXPECTED = [*(("S2C:", name, count) for name, count in LAYERS.items()),
            *(("S2C:10424", name, count) for name, count in TABLES.items())]


@pytest.fixture
def read(machine):
    def run(program, *arguments):
        script = machine.folder / "program.R"
        script.write_text(program)
        rows, kind, *names = machine.succeed("Rscript", "--vanilla", script,
                                             *arguments).splitlines()
        return int(rows), kind, names
    return run


@pytest.mark.parametrize("program", [TERRA, SF], ids=["terra", "sf"])
@pytest.mark.parametrize("source, name, count", EXPECTED)
def test_every_layer_is_read_with_all_rows(read, program, source, name, count):
    rows, kind, names = read(program, source, name)
    assert (rows, kind) == (count, "polygons" if name in PLACES else "none")
    assert names[0] in ("comment", "title", "time", "space", "name", "mean_ndvi")
    if name == "inference":
        assert names[-1] == "output" and "datasets" in names and "aoi_type" in names


def test_an_inference_alone_gives_a_layer(machine):
    script = machine.folder / "program.R"
    script.write_text("""
suppressMessages({library(terra); library(sf)})
found <- suppressWarnings(c(ncol(vect("S2C:10424")), ncol(st_read("S2C:10424", quiet = TRUE))))
stopifnot(all(found > 0))
""")
    machine.succeed("Rscript", "--vanilla", script)


def test_stars_reads_a_part_and_the_whole(machine):
    script = machine.folder / "program.R"
    script.write_text("""
suppressMessages(library(stars))
proxy <- read_stars("S2C:10424:Cloud_free_composite", proxy = TRUE)
part <- st_as_stars(proxy[, 101:140, 81:120, ])
whole <- read_stars("S2C:10424:Cloud_free_composite")
stopifnot(identical(c(part[[1]]), c(whole[[1]][101:140, 81:120, ])))
stopifnot(st_crs(whole)$epsg == 3035)
cat(dim(whole), format(sum(as.numeric(whole[[1]]), na.rm = TRUE), digits = 15))
""")
    *size, total = machine.succeed("Rscript", "--vanilla", script).split()
    expected = gdal.Open(sample("Cloud_free_composite")).ReadAsArray()
    assert size == ["268", "240", "3"]
    assert float(total) == expected[expected != -9999].sum(dtype=float)
