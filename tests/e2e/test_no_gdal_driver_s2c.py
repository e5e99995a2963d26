# SPDX-License-Identifier: MIT
"""Before GDAL 3.11, which has no `gdal driver`, the plugin has no algorithms (conftest)."""

import os
import subprocess

from osgeo import gdal

from .support import GDAL_MINOR, ROOT, SECONDS

PLUGIN = os.path.join(ROOT, "build", "gdalplugins", "s2c",
                      f"gdal_S2C-{GDAL_MINOR}.so")


def test_nothing_is_declared():
    assert not hasattr(gdal, "GetGlobalAlgorithmRegistry")
    symbols = subprocess.run(["nm", "-D", "-C", "--undefined-only", PLUGIN], capture_output=True,
                             text=True, timeout=SECONDS, check=True).stdout
    assert "GDALDriver::" in symbols and "Algorithm" not in symbols
