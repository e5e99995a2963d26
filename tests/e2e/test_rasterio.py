# SPDX-License-Identifier: MIT
"""rasterio on the same names."""

import numpy as np
import pytest
import rasterio
import rasterio.windows

from .support import (COMPOSITE, COMPOSITE_PATH, RASTERS, TOKEN, inference, result, same_pixels,
                      sample)

PROGRAM = """
import json, rasterio
with rasterio.open("S2C:10424:Cloud_free_composite") as dataset:
    values = dataset.read()
    print(json.dumps([list(values.shape), float(values.max()), dataset.tags()]))
"""


@pytest.mark.parametrize("name", RASTERS)
@pytest.mark.parametrize("form", ["S2C:10424:{}", "/vsis2c/10424/{}.tiff"])
def test_all_pixels_are_those_of_the_local_file(form, name):
    with rasterio.open(form.format(name)) as found, rasterio.open(sample(name)) as expected:
        assert same_pixels(found.read(), expected.read())
        assert same_pixels(found.read_masks(), expected.read_masks())
        assert found.crs == expected.crs
        assert found.transform == expected.transform
        assert found.dtypes == expected.dtypes
        if expected.descriptions[0]:
            assert found.descriptions == expected.descriptions
        assert [found.overviews(band) for band in found.indexes] \
            == [expected.overviews(band) for band in expected.indexes]
        assert np.array_equal(found.nodatavals, expected.nodatavals, equal_nan=True)


def test_masked_and_windowed_reads_are_those_of_the_local_file():
    window = rasterio.windows.Window(100, 90, 60, 77)
    with rasterio.open(COMPOSITE) as found, \
            rasterio.open(sample("Cloud_free_composite")) as expected:
        ours, theirs = (dataset.read(window=window, masked=True, out_shape=(3, 40, 30))
                        for dataset in (found, expected))
    assert same_pixels(ours.data, theirs.data)
    assert same_pixels(ours.mask, theirs.mask)


def test_tags_tell_what_the_api_knows():
    with rasterio.open(COMPOSITE) as dataset:
        tags = dataset.tags()
        assert tags["INFERENCE_ID"] == "10424"
        assert tags["FACTBASE"] == "Austria"
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert float(dataset.tags(1)["STATISTICS_MAXIMUM"]) == 2272.5
        assert dataset.driver == "S2C"
        assert dataset.descriptions == tuple(f"Cloud_free_composite_{number}" for number in (1, 2, 3))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_subdatasets_are_listed_and_open():
    with rasterio.open("S2C:10424") as dataset:
        names = dataset.subdatasets
    assert names == [f"S2C:10424:{name}" for name in RASTERS]
    for name in names:
        with rasterio.open(name) as dataset:
            assert dataset.count > 0


def test_the_path_is_the_files_own_driver():
    with rasterio.open(COMPOSITE_PATH) as dataset:
        assert dataset.driver == "GTiff"


def test_a_profile_writes_a_copy_with_the_same_pixels(tmp_path):
    with rasterio.open(COMPOSITE) as source:
        profile = {**source.profile, "driver": "GTiff"}
        values = source.read()
        with rasterio.open(tmp_path / "copy.tif", "w", **profile) as target:
            target.write(values)
    with rasterio.open(tmp_path / "copy.tif") as copy:
        assert same_pixels(copy.read(), values)


def test_what_cannot_be_opened_raises_with_the_reason():
    with pytest.raises(rasterio.errors.RasterioIOError, match="use one of 'Cloud_free_composite'"):
        rasterio.open("S2C:10424:nothing")


def test_a_fresh_process_opens_with_one_request_of_each_server(machine, sen2cube):
    shape, greatest, tags = machine.python(PROGRAM)
    assert (shape, greatest, tags["OWNER"]) == ([3, 240, 268], 2272.5, "demo")
    assert sen2cube.request_lines() == [TOKEN, inference(10424), result("Cloud_free_composite")]
