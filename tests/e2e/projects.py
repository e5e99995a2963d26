# SPDX-License-Identifier: MIT
"""QGIS projects, read in processes of their own."""

import os
import sys
from xml.sax.saxutils import escape

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "project_program.py")


def write_project(path, rasters, tables=()):
    """A project of these data sources, as short as QGIS reads it."""
    kinds = [("raster", "gdal", source) for source in rasters] \
        + [("vector", "ogr", source) for source in tables]
    layers = "".join(
        f'<maplayer type="{kind}"><id>layer{number}</id><datasource>{escape(source)}</datasource>'
        f'<layername>layer {number}</layername><provider>{provider}</provider></maplayer>'
        for number, (kind, provider, source) in enumerate(kinds))
    path.write_text(f'<!DOCTYPE qgis><qgis version="3.22.0"><projectlayers>{layers}'
                    '</projectlayers></qgis>', encoding="utf-8")
    return path


def with_project(machine, order, project, *arguments, **variables):
    """The ended process of project_program.py."""
    return machine.run(sys.executable, PROGRAM, order, project, *arguments,
                       QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=machine.folder, **variables)
