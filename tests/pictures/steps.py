# SPDX-License-Identifier: MIT
"""Run within QGIS by scripts/pictures: goes through docs/qgis.md and takes its pictures."""

import os
import sys
import traceback

from qgis.core import (QgsExpressionContext, QgsExpressionContextUtils,
                       QgsGraduatedSymbolRenderer, QgsProject, QgsStyle,
                       QgsVectorLayerTemporalProperties)
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QItemSelectionModel, QTimer
from qgis.PyQt.QtWidgets import (QAction, QApplication, QComboBox, QDockWidget, QLineEdit,
                                 QPushButton, QScrollArea, QSplitter, QToolButton, QTreeView,
                                 QWidget)
from qgis.utils import iface

window = iface.mainWindow()
project = QgsProject.instance()


def save(name, widget=window):
    """As it is on the screen: with what lies above it."""
    chosen = os.environ["PICTURE_NAMES"].split()
    if not chosen or name in chosen:
        where = widget.frameGeometry()
        screen = QApplication.primaryScreen()
        picture = screen.grabWindow(0, where.x(), where.y(), where.width(), where.height())
        picture.save(os.path.join(os.environ["PICTURES"], name + ".png"), "PNG")


def later(call, *arguments):
    """A dialog that is modal comes back when it is closed: the steps go on meanwhile."""
    QTimer.singleShot(0, lambda: call(*arguments))


def trigger(name):
    later(window.findChild(QAction, name).trigger)


def visible(name):
    """The visible top-level widget of QGIS' class `name`."""
    found = [widget for widget in QApplication.topLevelWidgets()
             if widget.isVisible() and name in widget.metaObject().className()]
    if not found:
        raise LookupError(f"{name} is not among " + ", ".join(
            w.metaObject().className() for w in QApplication.topLevelWidgets() if w.isVisible()))
    return found[0]


def place(widget, x, y, width, height):
    widget.setGeometry(x, y, width, height)
    widget.raise_()


def child(widget, kind, name):
    [found] = [one for one in widget.findChildren(kind) if one.objectName() == name]
    return found


def press(widget, text):
    [button] = [one for one in widget.findChildren(QPushButton)
                if one.text().replace("&", "") == text and one.isVisible()]
    later(button.click)


def fresh():
    project.setDirty(False)
    iface.newProject()


def make_small(dialog, page):
    """The dialog of data sources without the options, which are of no use here."""
    child(page, QWidget, "mOpenOptionsGroupBox").setProperty("collapsed", True)
    child(dialog, QSplitter, "mOptionsSplitter").setSizes([160, 600])


def layer_called(name):
    [found] = [one for one in project.mapLayers().values() if name in one.name()]
    return found


def login():
    later(iface.showOptionsDialog, window, "mOptionsPageSystem")
    yield 2
    dialog = visible("QgsOptions")
    place(dialog, 0, 0, 1000, 600)
    scroll = child(dialog, QWidget, "mCustomVariablesTable")
    while not isinstance(scroll, QScrollArea):
        scroll = scroll.parent()
    # The variables of the process are this machine's.
    child(dialog, QWidget, "mCurrentVariablesGrpBx").hide()
    yield 1
    scroll.verticalScrollBar().setValue(scroll.verticalScrollBar().maximum())
    yield 1
    save("environment", dialog)
    dialog.reject()
    yield 1


def add(action, page_name, fill, picture):
    """Steps that add a layer by the dialog of data sources, which they give back open."""
    trigger(action)
    yield 2
    dialog = visible("DataSourceManager")
    page = child(dialog, QWidget, page_name)
    fill(page)
    yield 2
    make_small(dialog, page)
    yield 1
    place(dialog, 150, 60, 800, 520)
    yield 1
    save(picture)
    press(page, "Add")
    yield 4
    return dialog


def raster():
    dialog = yield from add("mActionAddRasterLayer", "QgsGdalSourceSelectBase",
                            lambda page: page.findChild(QLineEdit).setText(
                                "S2C:10424:Cloud_free_composite"), "add-raster")
    dialog.close()
    yield 1
    iface.zoomFull()
    yield 3
    save("composite")


def catalogue():
    fresh()
    dialog = yield from add("mActionAddOgrLayer", "QgsOgrSourceSelectBase",
                            lambda page: page.findChild(QgsFileWidget).setFilePath("S2C:"),
                            "add-catalogue")
    choice = visible("Sublayers")
    place(choice, 200, 150, 700, 320)
    yield 1
    tree = choice.findChild(QTreeView)
    tree.selectionModel().clear()
    for row in range(tree.model().rowCount()):
        index = tree.model().index(row, 0)
        if "inference" in str(index.data()):
            tree.selectionModel().select(
                index, QItemSelectionModel.Select | QItemSelectionModel.Rows)
    yield 1
    save("sublayers")
    later(choice.accept)
    yield 3
    dialog.close()


def rows():
    layer = layer_called("inference")
    layer.loadNamedStyle(os.environ["STYLE"])
    layer.triggerRepaint()
    iface.setActiveLayer(layer)
    yield 1
    iface.zoomToActiveLayer()
    yield 4
    save("areas")
    trigger("mActionLayerSubsetString")
    yield 2
    query = visible("QueryBuilder")
    place(query, 170, 5, 760, 700)
    child(query, QWidget, "mTxtSql").setText("status = 'FAILED' AND knowledgebase_id IN (218, 221)")
    yield 1
    save("filter")
    query.accept()
    yield 3
    iface.showAttributeTable(layer)
    yield 4
    table = visible("AttributeTable")
    place(table, 50, 100, 1000, 480)
    yield 2
    save("table")
    table.close()


def results():
    layer = layer_called("inference")
    layer.setSubsetString("")
    yield 2
    row = layer.getFeature(10424)
    [action] = layer.actions().actions("Feature")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(row)
    layer.actions().doAction(action.id(), row, context)
    yield 4
    iface.setActiveLayer(layer_called("land_cover"))
    iface.zoomToActiveLayer()
    yield 4
    save("action")


def classes():
    fresh()
    iface.addRasterLayer("S2C:10442:land_use", "land_use", "gdal")
    yield 3
    iface.zoomFull()
    yield 3
    save("classes")


def many():
    for kind in ("mosaic", "stack"):
        fresh()
        iface.addRasterLayer(f"S2C:{kind}(fid > 200000):composite", kind, "gdal")
        yield 3
        iface.zoomFull()
        yield 3
        save(kind)


def time():
    fresh()
    layer = iface.addVectorLayer("S2C:10424:green_spaces", "green_spaces", "ogr")
    yield 2
    values = QgsGraduatedSymbolRenderer("green_spaces")
    values.updateClasses(layer, QgsGraduatedSymbolRenderer.Quantile, 5)
    values.updateColorRamp(QgsStyle.defaultStyle().colorRamp("Greens"))
    layer.setRenderer(values)
    properties = layer.temporalProperties()
    properties.setMode(QgsVectorLayerTemporalProperties.ModeFeatureDateTimeInstantFromField)
    properties.setStartField("time")
    properties.setIsActive(True)
    iface.setActiveLayer(layer)
    later(iface.showLayerProperties, layer, "mOptsPage_Temporal")
    yield 2
    dialog = visible("VectorLayerProperties")
    place(dialog, 100, 60, 900, 420)
    yield 1
    save("temporal")
    dialog.reject()
    yield 1
    trigger("mActionTemporalController")
    yield 2
    iface.zoomToActiveLayer()
    dock = next(one for one in window.findChildren(QDockWidget) if "emporal" in one.objectName())
    child(dock, QToolButton, "mNavigationAnimated").click()
    child(dock, QToolButton, "mSetRangeButton").click()
    step = child(dock, QComboBox, "mTimeStepsComboBox")
    step.setCurrentIndex(step.findText("months"))
    yield 1
    for _ in range(4):
        child(dock, QPushButton, "mNextButton").click()
    yield 2
    save("player")


def steps():
    window.setGeometry(0, 0, 1100, 720)
    fresh()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() == "Browser":
            dock.hide()
    yield 2
    yield from login()
    yield from raster()
    yield from catalogue()
    yield from rows()
    yield from results()
    yield from classes()
    yield from many()
    yield from time()


def run(generator):
    try:
        seconds = next(generator)
    except BaseException as error:
        # Without QGIS' questions about what is unsaved.
        if not isinstance(error, StopIteration):
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(0 if isinstance(error, StopIteration) else 1)
    QTimer.singleShot(int(seconds * 1000), lambda: run(generator))


QTimer.singleShot(3000, lambda: run(steps()))
