# SPDX-License-Identifier: MIT
"""What the tests of running have in common: areas of interest, and what a run of them must give."""

import numpy as np
from osgeo import gdal, ogr, osr

from ..backend.user_agent import UserAgent
from .support import sample

KNOWLEDGEBASE, FAILING, FACTBASE = 218, 299, 1
ORDER = {"KNOWLEDGEBASE": KNOWLEDGEBASE, "FACTBASE": FACTBASE, "START": "2021-03-01",
         "END": "2021-07-31"}
POST = "api POST /v1/inference"
# Within the sample, in its own EPSG:3035: with a hole, and in two parts.
SQUARE = "POLYGON((4547803 2743603,4549597 2743607,4549603 2745397,4547797 2745403,4547803 2743603))"
HOLED = ("POLYGON((4547803 2743603,4549597 2743607,4549603 2745397,4547797 2745403,4547803 2743603),"
         "(4548203 2744003,4548203 2744897,4549097 2744897,4549103 2744003,4548203 2744003))")
PARTS = ("MULTIPOLYGON(((4547503 2743403,4548097 2743403,4548103 2745397,4547503 2743403)),"
         "((4549003 2743403,4549897 2743403,4549903 2745397,4549003 2743403)))")


def system(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def in_system(text, code):
    """The shape on the ground, in another system: its long sides get vertices before they move."""
    shape = ogr.CreateGeometryFromWkt(text)
    if code != 3035:
        shape.Segmentize(5)
        shape.Transform(osr.CoordinateTransformation(system(3035), system(code)))
    return shape


def write_area(path, driver, code, features, layer="fields"):
    """A vector file of {name: shape in EPSG:3035}; a shape may be a geometry."""
    dataset = ogr.GetDriverByName(driver).CreateDataSource(str(path))
    made = dataset.CreateLayer(layer, system(code), ogr.wkbUnknown if driver != "ESRI Shapefile"
                               else ogr.wkbPolygon)
    made.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, shape in features.items():
        feature = ogr.Feature(made.GetLayerDefn())
        feature["name"] = name
        feature.SetGeometry(in_system(shape, code) if isinstance(shape, str) else shape)
        made.CreateFeature(feature)
    del made, dataset
    return path


def order(**more):
    """-lco and the options of a run; None takes one away."""
    options = {**ORDER, **more}
    return [part for name, value in options.items() if value is not None
            for part in ("-lco", f"{name}={value}")]


def expected_raster(name, text, scale=1):
    """The sample within a shape given in EPSG:3035, as GDAL cuts it."""
    cutline = "/vsimem/expected.geojson"
    dataset = ogr.GetDriverByName("GeoJSON").CreateDataSource(cutline)
    layer = dataset.CreateLayer("cutline", system(3035))
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
    layer.CreateFeature(feature)
    del feature, layer, dataset
    try:
        return gdal.Warp("", sample(name), format="MEM", cutlineDSName=cutline, cropToCutline=True,
                         xRes=10 * scale, yRes=10 * scale, targetAlignedPixels=True)
    finally:
        gdal.Unlink(cutline)


def assert_cut(opened, name, text, scale=1):
    expected = expected_raster(name, text, scale)
    assert opened.GetGeoTransform() == expected.GetGeoTransform()
    found, wanted = opened.ReadAsArray(), expected.ReadAsArray()
    assert found.shape == wanted.shape
    assert np.array_equal(found, wanted, equal_nan=True)
    assert np.unique(wanted).size > 2


def newest(server):
    """The newest inference, as the API has it."""
    return UserAgent(server).get("/inference", {"sort": "-id", "page[size]": 1}).json["data"][0]
