# SPDX-License-Identifier: MIT
"""One dataset read from many threads, as GDAL 3.10 and newer offer it."""

import base64
import threading

from osgeo import gdal

from .rasters import noise, publish, write
from .support import content, inference, same_pixels

NUMBER = 10427
PLACE = "/output/sen2cube/demo/shared_id10427_3035.tiff"
LAYOUT = ["TILED=YES", "INTERLEAVE=BAND"]


def read_in_threads(dataset, window):
    """What each of four new threads gets: an array or an error's text."""
    found = []

    def read():
        try:
            found.append(dataset.ReadAsArray(*window))
        except RuntimeError as error:
            found.append(str(error))
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def open_shared(sen2cube, folder, name):
    pixels = noise(9)
    publish(sen2cube, NUMBER, {"shared": write(folder / "first.tiff", pixels, "GTiff", LAYOUT)})
    return gdal.OpenEx(name, gdal.OF_RASTER | gdal.OF_THREAD_SAFE), pixels


def threads_share_one_look_at_the_api(sen2cube, folder):
    dataset, pixels = open_shared(sen2cube, folder, f"S2C:{NUMBER}:shared")
    for found in read_in_threads(dataset, (100, 100, 300, 300)):
        assert same_pixels(found, pixels[:, 100:400, 100:400])
    assert sen2cube.request_lines("api") == [inference(NUMBER)]


def threads_never_mix_two_runs(sen2cube, folder):
    dataset, pixels = open_shared(sen2cube, folder, f"S2C:{NUMBER}:shared")
    assert same_pixels(dataset.ReadAsArray(0, 0, 64, 64), pixels[:, :64, :64])
    other = write(folder / "other.tiff", noise(10), "GTiff", LAYOUT)
    sen2cube.replace_file(PLACE, base64.b64encode(content(other)).decode())
    sen2cube.touch_file(PLACE)
    sen2cube.change_inference(NUMBER, timestamp_finished="2021-10-01T00:00:00+00:00")
    for found in read_in_threads(dataset, (300, 300, 300, 300)):
        assert isinstance(found, str)
        assert "was changed on the server while it was read: open it again" in found
    for found in read_in_threads(dataset, (0, 0, 64, 64)):
        assert isinstance(found, str) or same_pixels(found, pixels[:, :64, :64])
    assert sen2cube.request_lines("api") == [inference(NUMBER)]


if int(gdal.VersionInfo()) >= 3100000:
    def test_threads_share_one_look_at_the_api(sen2cube, tmp_path):
        threads_share_one_look_at_the_api(sen2cube, tmp_path)

    def test_threads_never_mix_two_runs(sen2cube, tmp_path):
        threads_never_mix_two_runs(sen2cube, tmp_path)
else:
    def test_there_is_no_such_dataset_before_gdal_3_10():
        assert not hasattr(gdal, "OF_THREAD_SAFE")
