# SPDX-License-Identifier: MIT
"""What must stand before anything imports osgeo, which loads all plugins at once."""

import os
import signal

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLUGIN_DIR = os.path.abspath(os.environ.get("S2C_PLUGIN_DIR")
                             or os.path.join(ROOT, "build", "gdalplugins"))
# What scripts/windows tells its own tests, and scripts/test the one of sixteen threads.
OF_LANES = ("S2C_WINDOWS_BUILD", "S2C_WINE", "S2C_READER_BUILD")
# No setting of the user who runs the tests may reach them, nor their proxy.
for name in [name for name in os.environ
             if name not in OF_LANES and name.startswith(("S2C_", "GDAL_", "CPL_", "OGR_"))
             or name.lower() in ("http_proxy", "https_proxy", "all_proxy")]:
    del os.environ[name]
os.environ["S2C_PLUGIN_DIR"] = os.environ["GDAL_DRIVER_PATH"] = PLUGIN_DIR
# An empty name: no gdalrc is read, neither the system's nor the user's.
os.environ["GDAL_CONFIG_FILE"] = ""
# What was started in the background ignores Ctrl-C, and so would all programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
