# SPDX-License-Identifier: MIT
"""Reads of which bytes do not come: an error, and right pixels afterwards, never wrong ones."""

import itertools

import numpy as np
import pytest
import rasterio
import rasterio.windows
from osgeo import gdal

from .rasters import LAYOUTS, SIDE, noise, publish, write
from .support import config_options

NUMBER = 10425
SESSIONS = itertools.count(1)
WINDOWS = [(0, 0, SIDE, SIDE), (130, 10, 300, 200), (500, 500, 140, 140), (1, 600, 639, 40)]
FAULTS = {
    "503": {"status": 503},
    "closed before": {"close": True},
    "cut within": {"truncate": 3000},
    "empty 206": {"empty": True},
    "wrong Content-Range": {"headers": {"Content-Range": "bytes 5-104/9999999"}},
    "401": {"status": 401},
}
# Each is read a first time, once more, and after the recovery.
READS = []


@pytest.fixture(scope="module")
def pixels(sen2cube, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rasters")
    made = noise(1)
    publish(sen2cube, NUMBER, {layout: write(folder / f"{layout}.tiff", made, *how)
                               for layout, how in LAYOUTS.items()})
    return made


class Osgeo:
    def __init__(self, name):
        self.dataset = gdal.Open(name)

    def read(self, window):
        return self.dataset.ReadAsArray(*window)

    def read_reduced(self):
        return self.dataset.GetRasterBand(2).ReadAsArray(buf_xsize=SIDE // 4, buf_ysize=SIDE // 4)


class Rasterio:
    def __init__(self, name):
        self.dataset = rasterio.open(name)

    def read(self, window):
        window = rasterio.windows.Window(*window)
        if window.col_off % 2 == 0:
            return self.dataset.read(window=window)
        masked = self.dataset.read(window=window, masked=True)
        assert not np.ma.getmaskarray(masked).any()
        return masked.data

    def read_reduced(self):
        return self.dataset.read(2, out_shape=(SIDE // 4, SIDE // 4))


def attempt(read):
    """(pixels, None), or (None, what the program is told)."""
    try:
        return read(), None
    except (RuntimeError, OSError) as error:
        return None, f"{error} {error.__cause__ or ''}"


def look(file, pixels, reduced, must_succeed, must_tell):
    """Reads everything once; what comes is right, what does not has its cause."""
    jobs = [(lambda window=window: file.read(window), pixels[:, y:y + h, x:x + w])
            for window in WINDOWS for x, y, w, h in [window]]
    jobs.append((file.read_reduced, reduced))
    for read, expected in jobs:
        found, error = attempt(read)
        READS.append(error is None)
        if error is None:
            assert np.array_equal(found, expected)
            continue
        assert not must_succeed, error
        assert "~" not in error
        if must_tell:
            assert "of inference 10425 " in error, error


@pytest.mark.parametrize("library", [Osgeo, Rasterio])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("form", ["S2C:10425:{}", "/vsis2c/10425/{}.tiff"])
def test_no_read_that_succeeds_has_a_wrong_pixel(sen2cube, pixels, form, fault, layout, library):
    is_ours = form.startswith("S2C:")
    name = form.format(layout)
    # All bands of a file that has them apart GTiff reads in threads of its own, whose failures it
    # keeps to itself: docs/architecture.md says so.
    numbers_of_threads = [None, "2"] if is_ours or layout != "tiled" else [None]
    for threads, share in itertools.product(numbers_of_threads, [1, 0.5]):
        # A session of its own: nothing of the file is known yet.
        with config_options(GDAL_NUM_THREADS=threads, S2C_MAX_RETRY="1",
                            GDAL_HTTP_USERAGENT=f"failing {next(SESSIONS)}"):
            reduced = library(name).read_reduced()
            with config_options(GDAL_HTTP_USERAGENT=f"failing {next(SESSIONS)}"):
                file = library(name)
                sen2cube.fault(server="files", count=None, share=share, **FAULTS[fault])
                look(file, pixels, reduced, must_succeed=False, must_tell=is_ours)
                look(file, pixels, reduced, must_succeed=False, must_tell=is_ours)
                sen2cube.clear_faults()
                # Of a path that GTiff opened itself, only what it never looked up comes back.
                look(file, pixels, reduced, must_succeed=is_ours, must_tell=is_ours)


def test_these_were_two_thousand_reads_and_some_of_each_kind():
    assert len(READS) >= 2000
    assert min(READS.count(True), READS.count(False)) > 500
