# SPDX-License-Identifier: MIT
"""/vsis2c/ as a folder: a program that looks into all that is below one."""

from ..e2e.support import RASTERS


def test_a_folder_lists_the_outputs_which_open_as_what_they_are(windows):
    found = windows.succeed("gdalmanage", "identify", "-r", "/vsis2c/10424").replace("\\", "/")
    for name in RASTERS:
        assert f"/vsis2c/10424/{name}.tiff: GTiff" in found
