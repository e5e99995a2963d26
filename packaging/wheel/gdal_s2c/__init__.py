# SPDX-License-Identifier: MIT
"""S2C: and /vsis2c/ for the GDAL of every package of this Python: rasterio, pyogrio, fiona, osgeo.

GDAL reads GDAL_DRIVER_PATH when it first registers drivers, so this is imported before them:
gdal_s2c.pth does so when the interpreter starts. The files are for Linux.
"""

import os
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gdalplugins")
# What the libcurl in the plugins looks for, and where other distributions than Debian's have it.
_TRUSTED = "/etc/ssl/certs/ca-certificates.crt"
_TRUSTED_ELSEWHERE = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                      "/etc/ssl/cert.pem")


def _own_folders():
    """Where the GDAL of a conda environment, or of the system's Python, looks for its plugins.

    The variable replaces that folder. In a virtual environment there is none.
    """
    multiarch = getattr(sys.implementation, "_multiarch", "")
    below = (("lib",), ("lib", multiarch), (getattr(sys, "platlibdir", "lib"),))
    places = [os.path.join(sys.prefix, *part, "gdalplugins") for part in below]
    return [place for place in dict.fromkeys(places) if os.path.isdir(place)]


def _set_driver_path(environment):
    before = environment.get("GDAL_DRIVER_PATH", environment.get("OGR_DRIVER_PATH"))
    # GDAL's word for no plugins at all.
    if before is not None and before.lower() == "disable":
        return
    # What the user has chosen goes first, and what nobody has chosen last.
    folders = [FOLDER, *_own_folders()] if before is None else [before, FOLDER]
    if FOLDER not in (before or "").split(os.pathsep):
        environment["GDAL_DRIVER_PATH"] = os.pathsep.join(filter(None, folders))


def _set_trusted(environment):
    names = ("GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    if os.path.exists(_TRUSTED) or any(name in environment for name in names):
        return
    for place in _TRUSTED_ELSEWHERE:
        if os.path.exists(place):
            environment["GDAL_CURL_CA_BUNDLE"] = place
            return


_set_driver_path(os.environ)
_set_trusted(os.environ)
