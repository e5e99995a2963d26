# SPDX-License-Identifier: MIT
"""R's terra and sf: the catalogue and the tables of an inference."""

import pytest

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
