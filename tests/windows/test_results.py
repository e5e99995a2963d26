# SPDX-License-Identifier: MIT
"""gdalinfo, gdal_translate, ogrinfo and ogr2ogr for Windows on what the service has."""

import json

import pytest
from osgeo import gdal

from ..e2e.support import sample
from .machine import COMPOSITE, COMPOSITE_PATH

# Within the sample, in EPSG:4326.
AREA = {"type": "Polygon", "coordinates": [
    [[13.028, 47.771], [13.036, 47.771], [13.036, 47.775], [13.028, 47.775], [13.028, 47.771]]]}


def gdalinfo(windows, name, *arguments, **variables):
    return json.loads(windows.succeed("gdalinfo", "-json", name, *arguments, **variables))


def test_a_result_opens_with_its_system_and_what_the_service_knows_of_it(windows, sen2cube):
    found = gdalinfo(windows, COMPOSITE)
    assert found["driverShortName"] == "S2C"
    assert 'ID["EPSG",3035]' in found["coordinateSystem"]["wkt"].replace("\n", "").replace(" ", "")
    assert found["metadata"][""]["INFERENCE_ID"] == "10424"
    assert found["metadata"][""]["OUTPUT_NAME"] == "Cloud_free_composite"
    assert [band["type"] for band in found["bands"]] == 3 * ["Float32"]
    assert [entry["server"] for entry in sen2cube.requests()] == ["auth", "api", "files"]


def assert_same_pixels(copy, original):
    """By this system's own GDAL."""
    one, other = gdal.Open(copy), gdal.Open(original)
    assert one.GetGeoTransform() == other.GetGeoTransform()
    assert one.GetSpatialRef().IsSame(other.GetSpatialRef())
    assert one.RasterCount == other.RasterCount
    assert one.ReadAsArray().tobytes() == other.ReadAsArray().tobytes()


@pytest.mark.parametrize("threads", [None, "2"])
@pytest.mark.parametrize("name", ["Cloud_free_composite", "land_cover"])
def test_a_copy_has_the_pixels_of_the_file(windows, name, threads):
    target = windows.folder / "copy.tif"
    windows.succeed("gdal_translate", "-q", "-co", "COPY_SRC_OVERVIEWS=YES", "-co", "TILED=YES",
                    f"S2C:10424:{name}", target, GDAL_NUM_THREADS=threads)
    assert_same_pixels(str(target), sample(name))


def test_the_bytes_of_a_file_are_the_servers(windows):
    target = windows.folder / "copy.tiff"
    windows.succeed("gdal_translate", "-q", "-of", "VRT", COMPOSITE_PATH, windows.folder / "a.vrt")
    windows.succeed("gdal_translate", "-q", windows.folder / "a.vrt", target)
    assert_same_pixels(str(target), sample("Cloud_free_composite"))


def test_the_catalogue_lists_what_the_user_has(windows):
    listed = windows.succeed("ogrinfo", "S2C:")
    for layer in ("inference", "factbase", "knowledgebase"):
        assert layer in listed
    rows = windows.succeed("ogrinfo", "-q", "S2C:", "inference", "-where", "status = 'SUCCEEDED'")
    assert "OGRFeature(inference):10424" in rows
    assert "FAILED" not in rows


def test_a_table_has_its_types_and_its_geometry(windows):
    text = windows.succeed("ogrinfo", "-al", "-so", "S2C:10424:green_spaces")
    assert "Geometry: " in text and "Geometry: None" not in text
    assert "time: Date" in text and "green_spaces: Real" in text
    target = windows.folder / "table.csv"
    windows.succeed("ogr2ogr", "-f", "CSV", target, "S2C:10424:green_spaces")
    with open(sample("green_spaces"), encoding="utf-8") as file:
        assert target.read_text(encoding="utf-8").count("\n") == file.read().count("\n")


def test_many_results_are_a_mosaic_and_a_stack(windows):
    for kind in ("mosaic", "stack"):
        found = gdalinfo(windows, f"S2C:{kind}(200001,200002):plain")
        assert len(found["bands"]) == (1 if kind == "mosaic" else 2), kind


def test_a_second_program_asks_for_nothing_that_the_first_has_kept(windows, sen2cube):
    first = gdalinfo(windows, COMPOSITE)
    sen2cube.forget()
    assert gdalinfo(windows, COMPOSITE) == first
    assert "auth" not in [entry["server"] for entry in sen2cube.requests()]
    assert len(sen2cube.requests()) <= 2


def test_a_program_ends_as_soon_as_it_has_its_answer(windows, sen2cube):
    after = []
    for _ in range(3):  # others use this machine, too
        sen2cube.forget()
        done = windows.run("gdalinfo", COMPOSITE)
        assert done.returncode == 0, done
        after.append(done.end - max(entry["time"] for entry in sen2cube.requests()))
    assert min(after) < 0.5


def test_an_area_runs_an_inference_whose_result_opens(windows):
    area = windows.folder / "Äcker und Wiesen.geojson"
    area.write_text(json.dumps(AREA), encoding="utf-8")
    done = windows.run("ogr2ogr", "-f", "S2C", "S2C:", area, "-lco", "KNOWLEDGEBASE=218", "-lco",
                       "FACTBASE=1", "-lco", "START=2021-03-01", "-lco", "END=2021-07-31", "-lco",
                       "WAIT=YES", S2C_POLL_INTERVAL="0.1")
    assert done.returncode == 0, done
    number = done.errors.split("inference ")[1].split()[0]
    assert gdalinfo(windows, f"S2C:{number}:Cloud_free_composite")["driverShortName"] == "S2C"
