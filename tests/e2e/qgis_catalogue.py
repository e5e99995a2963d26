# SPDX-License-Identifier: MIT
"""Run by test_catalogue_qgis.py with QGIS' Python: qgis_catalogue.py ORDER ARGUMENT...; prints JSON."""

import json
import os
import sys

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (QgsApplication, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsProcessingContext, QgsProcessingFeedback, QgsProject,
                       QgsProviderRegistry, QgsVectorFileWriter, QgsVectorLayer,
                       QgsVectorLayerUtils, QgsWkbTypes)
from qgis.PyQt.QtCore import QSize

EXPORTS = {"GPKG": "gpkg", "ESRI Shapefile": "shp", "GeoJSON": "geojson", "CSV": "csv",
           "FlatGeobuf": "fgb"}


def vector(name):
    return QgsVectorLayer(f"S2C:|layername={name}", name, "ogr")


def export(name, folder):
    """What QGIS says of each export; nothing where it went well."""
    layer, said = vector(name), {}
    for driver, ending in EXPORTS.items():
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName, options.layerName = driver, name
        if driver == "FlatGeobuf":
            # With an index it takes no row without a geometry, of whatever source.
            options.layerOptions = ["SPATIAL_INDEX=NO"]
        context = QgsProject.instance().transformContext()
        result = QgsVectorFileWriter.writeAsVectorFormatV3(
            layer, os.path.join(folder, f"{name}.{ending}"), context, options)
        said[driver] = "" if result[0] == QgsVectorFileWriter.NoError else str(result[:2])
    return said


def process(name, path):
    """Buffers a layer as the toolbox does, and tells what came of it."""
    QgsApplication.processingRegistry().addProvider(
        QgsNativeAlgorithms(QgsApplication.processingRegistry()))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("native:buffer")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    layer = vector(name)
    context.setProject(QgsProject.instance())
    QgsProject.instance().addMapLayer(layer)
    found, well = algorithm.run({"INPUT": layer.id(), "DISTANCE": 0.01, "OUTPUT": path}, context,
                                feedback)
    return [well, feedback.textLog() if not well else ""]


def draw():
    """What a user's Add and first look at the layer of inferences take."""
    subs = QgsProviderRegistry.instance().querySublayers("S2C:")
    layer = vector("inference")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(300, 200))
    settings.setExtent(layer.extent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixel(x, y) for x in range(300) for y in range(200)}
    return {"sublayers": [[one.name(), QgsWkbTypes.displayString(one.wkbType())] for one in subs],
            "valid": layer.isValid(), "type": QgsWkbTypes.displayString(layer.wkbType()),
            "name": layer.displayField(), "rows": len([*layer.getFeatures()]),
            "errors": [error.message for error in job.errors()], "colours": len(colours)}


def reasons():
    """What a user is told of the layers of a catalogue that does not open."""
    log = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: log.append(text))
    found = [vector(name) for name in ("inference", "factbase", "knowledgebase")]
    return {"valid": [layer.isValid() for layer in found],
            "errors": [layer.error().message() for layer in found], "log": log}


def edit(name, orders):
    """An edit session as a user has it; `orders` are its changes, deletions and copies in JSON."""
    layer, orders = vector(name), json.loads(orders)
    log = []
    QgsApplication.messageLog().messageReceived.connect(lambda text, *_: log.append(text))
    begun = layer.startEditing()
    for fid, values in orders.get("change", {}).items():
        for field, value in values.items():
            layer.changeAttributeValue(int(fid), layer.fields().indexOf(field), value)
    for fid in orders.get("delete", []):
        layer.deleteFeature(fid)
    for fid in orders.get("copy", []):
        original = layer.getFeature(fid)
        # As pasting does: what is a key is made anew.
        layer.addFeature(QgsVectorLayerUtils.createFeature(
            layer, original.geometry(), dict(enumerate(original.attributes()))))
    done = layer.commitChanges()
    errors = layer.commitErrors()
    layer.rollBack()
    rows = {row.id(): [row[field] for field in ("id", orders["show"])]
            for row in layer.getFeatures()}
    return {"begun": begun, "done": done, "errors": errors, "log": log,
            "rows": {fid: [str(value) for value in values] for fid, values in rows.items()}}


def main(order, *arguments):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    orders = {"export": export, "process": process, "draw": draw, "reasons": reasons,
              "edit": edit}
    print(json.dumps(orders[order](*arguments)), flush=True)
    application.exitQgis()


main(*sys.argv[1:])
