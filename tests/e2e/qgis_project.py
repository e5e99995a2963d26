# SPDX-License-Identifier: MIT
"""Run with QGIS' Python: qgis_project.py save PROJECT URI..., open PROJECT, or
act STYLE ID, or version; prints JSON."""

import json
import sys

from qgis.core import (Qgis, QgsApplication, QgsExpression, QgsExpressionContext,
                       QgsExpressionContextUtils, QgsProject, QgsRasterLayer, QgsVectorLayer)


def described():
    layers = sorted(QgsProject.instance().mapLayers().values(), key=lambda layer: layer.name())
    return [{"name": layer.name(), "valid": layer.isValid(), "source": layer.source(),
             "crs": layer.crs().authid()} for layer in layers]


def save(path, *uris):
    """A project with relative paths, as QGIS makes them unless told otherwise."""
    project = QgsProject.instance()
    project.writeEntryBool("Paths", "/Absolute", False)
    for number, uri in enumerate(uris):
        kind, provider = (QgsVectorLayer, "ogr") if "|layername=" in uri else \
            (QgsRasterLayer, "gdal")
        project.addMapLayer(kind(uri, f"layer {number:02}", provider))
    assert project.write(path), project.error()
    return described()


def open_again(path):
    assert QgsProject.instance().read(path)
    return described()


def act(style, number):
    """The action of a style on a row of the catalogue, as QGIS runs it."""
    layer = QgsVectorLayer("S2C:|layername=inference", "inference", "ogr")
    QgsProject.instance().addMapLayer(layer)
    said, well = layer.loadNamedStyle(style)
    assert well, said
    [action] = layer.actions().actions("Feature")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(layer.getFeature(int(number)))
    exec(QgsExpression.replaceExpressionText(action.command(), context), {})
    groups = [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups()]
    return {"layers": described(), "groups": groups, "renderer": layer.renderer().type(),
            "categories": [one.value() for one in layer.renderer().categories()]}


def main(order, *arguments):
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    orders = {"save": save, "open": open_again, "act": act, "version": Qgis.versionInt}
    print(json.dumps(orders[order](*arguments)))
    QgsProject.instance().clear()
    application.exitQgis()


main(*sys.argv[1:])
