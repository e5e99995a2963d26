# SPDX-License-Identifier: MIT
"""Run by test_qgis_day.py with QGIS' Python: qgis_day.py SECONDS SAMPLES; prints JSON.

Pans and zooms over eight layers at once, and draws the local files in the same way beside them.
"""

import json
import os
import random
import sys
import time

from qgis.core import (QgsApplication, QgsContrastEnhancement, QgsMapRendererParallelJob,
                       QgsMapSettings, QgsRasterLayer, QgsRectangle, QgsSingleBandGrayRenderer,
                       QgsVectorLayer)
from qgis.PyQt.QtCore import QSize, QThreadPool

NAMES = ("Cloud_free_composite", "water_count", "land_cover", "vegetation_over_time")
GREATEST = (2500, 60, 5, 1)
# Every so many pictures the layers are opened anew, and a table is read.
PICTURES = 12


def raster(path, greatest):
    layer = QgsRasterLayer(path, "layer", "gdal")
    assert layer.isValid(), layer.error().summary()
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    stretch = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    stretch.setMinimumValue(0)
    stretch.setMaximumValue(greatest)
    stretch.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
    renderer.setContrastEnhancement(stretch)
    layer.setRenderer(renderer)
    # So that a picture shows them all.
    layer.setOpacity(0.3)
    return layer


def rasters(*forms):
    return [raster(form.format(name), greatest)
            for form in forms for name, greatest in zip(NAMES, GREATEST)]


def draw(layers, extent):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setOutputSize(QSize(400, 300))
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [error.message for error in job.errors()]


def place_within(extent, chance):
    width = extent.width() / chance.choice((1, 2, 4, 8))
    left = extent.xMinimum() + chance.random() * (extent.width() - width)
    bottom = extent.yMinimum() + chance.random() * (extent.height() - width)
    return QgsRectangle(left, bottom, left + width, bottom + width)


def day(seconds, samples):
    chance, end = random.Random(12), time.monotonic() + seconds
    local = rasters(*[os.path.join(samples, "{}.tiff")] * 2)
    found = {"pictures": 0, "different": 0, "errors": [], "rows": set()}
    while time.monotonic() < end or found["pictures"] < 4:
        if found["pictures"] % PICTURES == 0:
            ours = rasters("S2C:10424:{}", "/vsis2c/10424/{}.tiff")
            table = QgsVectorLayer("S2C:10424|layername=green_spaces", "table", "ogr")
            found["rows"].add(len([*table.getFeatures()]))
        extent = place_within(local[0].extent(), chance)
        (image, errors), (expected, _) = draw(ours, extent), draw(local, extent)
        found["pictures"] += 1
        found["different"] += image != expected
        found["errors"] += errors
    return {**found, "rows": [*found["rows"]],
            "threads": QThreadPool.globalInstance().maxThreadCount()}


def main(seconds, samples):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    # QGIS itself takes no more than there are cores.
    QThreadPool.globalInstance().setMaxThreadCount(8)
    print(json.dumps(day(float(seconds), samples)))
    application.exitQgis()


main(*sys.argv[1:])
