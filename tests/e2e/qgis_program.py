# SPDX-License-Identifier: MIT
"""Run by test_qgis.py with QGIS' Python: qgis_program.py ORDER URI [FILE]; prints JSON."""

import json
import sys

from qgis.core import (Qgis, QgsApplication, QgsContrastEnhancement,
                       QgsCoordinateTransformContext, QgsDateTimeRange, QgsFeatureRequest,
                       QgsMapRendererParallelJob, QgsMapSettings, QgsMultiBandColorRenderer,
                       QgsProviderRegistry, QgsProviderSublayerDetails, QgsRasterBandStats,
                       QgsRasterLayer, QgsRectangle, QgsVectorLayer,
                       QgsVectorLayerTemporalContext, QgsVectorLayerTemporalProperties,
                       QgsWkbTypes)
from qgis.PyQt.QtCore import QDateTime, QSize
from qgis.PyQt.QtGui import QColor


def stretch(provider, band):
    found = QgsContrastEnhancement(provider.dataType(band))
    found.setMinimumValue(0)
    found.setMaximumValue(2500)
    found.setContrastEnhancementAlgorithm(QgsContrastEnhancement.StretchToMinimumMaximum)
    return found


def set_renderer(layer):
    provider = layer.dataProvider()
    renderer = QgsMultiBandColorRenderer(provider, 1, 2, 3)
    renderer.setRedContrastEnhancement(stretch(provider, 1))
    renderer.setGreenContrastEnhancement(stretch(provider, 2))
    renderer.setBlueContrastEnhancement(stretch(provider, 3))
    layer.setRenderer(renderer)


def render(path, *layers, size=QSize(400, 360)):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(size)
    settings.setExtent(QgsRectangle(layers[0].extent()))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    errors = [error.message for error in job.errors()]
    job.renderedImage().save(path, "PNG")
    return errors


def band(layer, number):
    """The statistics that need no pixels come first, as the metadata have them."""
    provider = layer.dataProvider()
    found = provider.bandStatistics(number, QgsRasterBandStats.Min | QgsRasterBandStats.Max)
    return {"min": found.minimumValue, "max": found.maximumValue,
            "nodata": provider.sourceNoDataValue(number),
            "colour": provider.colorInterpretationName(number)}


def describe(uri, path):
    layer = QgsRasterLayer(uri, "layer", "gdal")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    bands = [band(layer, number) for number in range(1, layer.bandCount() + 1)]
    set_renderer(layer)
    return {"valid": True, "bands": bands, "crs": layer.crs().authid(),
            "extent": layer.extent().toString(), "size": [layer.width(), layer.height()],
            "errors": render(path, layer), "html": layer.htmlMetadata()}


def as_added(uri, path):
    """As QGIS draws what a user adds and does nothing else about, pixel by pixel."""
    layer = QgsRasterLayer(uri, "layer", "gdal")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    errors = render(path, layer, size=QSize(layer.width(), layer.height()))
    renderer = layer.renderer()
    classes = renderer.classes() if renderer.type() == "paletted" else []
    return {"valid": True, "errors": errors, "renderer": renderer.type(),
            "labels": [one.label for one in classes], "version": Qgis.QGIS_VERSION_INT}


def table(uri, time):
    """A vector layer, and the rows that the temporal controller shows at April 2021."""
    layer = QgsVectorLayer(uri, "layer", "ogr")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().message()}
    properties = layer.temporalProperties()
    properties.setIsActive(True)
    properties.setMode(QgsVectorLayerTemporalProperties.ModeFeatureDateTimeInstantFromField)
    properties.setStartField(time)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    april = QgsDateTimeRange(QDateTime(2021, 4, 1, 0, 0), QDateTime(2021, 4, 30, 23, 59))
    request = QgsFeatureRequest()
    request.setFilterExpression(properties.createFilterString(context, april))
    return {"valid": True, "crs": layer.crs().authid(), "count": layer.featureCount(),
            "geometry": QgsWkbTypes.displayString(layer.wkbType()),
            "fields": [[field.name(), field.typeName()] for field in layer.fields()],
            "rows": len([*layer.getFeatures()]), "april": len([*layer.getFeatures(request)])}


def sublayers(uri):
    found = QgsProviderRegistry.instance().querySublayers(uri)
    return [{"name": one.name(), "uri": one.uri(), "provider": one.providerKey()}
            for one in found]


def reasons(uri):
    """What a user is told of a name that does not open: the layer's error, the message log."""
    log = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: log.append(text))
    raster = QgsRasterLayer(uri, "layer", "gdal")
    found = {"valid": raster.isValid(), "raster": raster.error().summary()}
    vector = QgsVectorLayer(uri, "layer", "ogr")
    return {**found, "valid vector": vector.isValid(), "log": log}


def open_all(uri):
    """Each sublayer, opened by the URI that QGIS gives it."""
    opened = []
    for one in QgsProviderRegistry.instance().querySublayers(uri):
        kind = QgsRasterLayer if one.providerKey() == "gdal" else QgsVectorLayer
        layer = kind(one.uri(), one.name(), one.providerKey())
        if kind is QgsVectorLayer:
            [*layer.getFeatures()]
        opened.append({"uri": one.uri(), "valid": layer.isValid(), "source": layer.source()})
    return opened


def add(path, uri):
    """What the dialog "Add raster layer" does: all sublayers of a name, and the first picture."""
    found = QgsProviderRegistry.instance().providerMetadata("gdal").querySublayers(uri)
    options = QgsProviderSublayerDetails.LayerOptions(QgsCoordinateTransformContext())
    layers = [one.toLayer(options) for one in found]
    return {"valid": [layer.isValid() for layer in layers], "errors": render(path, *layers)}


def main(order, *arguments):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    orders = {"describe": describe, "as_added": as_added, "table": table, "sublayers": sublayers,
              "reasons": reasons, "open_all": open_all, "add": add}
    print(json.dumps(orders[order](*arguments)))
    application.exitQgis()


main(*sys.argv[1:])
