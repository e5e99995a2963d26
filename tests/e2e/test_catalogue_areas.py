# SPDX-License-Identifier: MIT
"""Areas of interest of every form as the layer of inferences shows them, and what they are made of."""

import pytest
from osgeo import gdal, ogr

from ..backend.area import small_area
from .catalogue import INFERENCE_FIELDS, OPENING, area_of, catalogue, ids, list_request

WIDTH = 0.0001
SQUARE = "POLYGON ((13 47,13.2 47,13.2 47.2,13 47.2,13 47))"
HOLE = "POLYGON ((10 46,11 46,11 47,10 47,10 46),(10.2 46.2,10.2 46.8,10.8 46.8,10.2 46.2))"
# (geometries, what they are, the polygons that they become)
FORMS = {
    "polygon": ([SQUARE], "polygon", 1),
    "hole": ([HOLE], "polygon", 1),
    "heights": (["POLYGON Z ((13 47 420,13.2 47 421,13.1 47.1 422,13 47 420))"], "polygon", 1),
    "multi-polygon": ([f"MULTIPOLYGON ({SQUARE[8:]},{HOLE[8:]})"], "polygon", 2),
    "parcels": ([SQUARE, "POLYGON ((13.2 47,13.4 47,13.4 47.2,13.2 47.2,13.2 47))"], "polygon", 1),
    "point": (["POINT (13 47)"], "point", 1),
    "points with heights": (["POINT Z (13 47 420)", "MULTIPOINT Z (14 47 1,15 47 2)"], "point", 3),
    "line": (["LINESTRING (13 47,13.3 47.4)"], "line", 1),
    "lines": (["MULTILINESTRING ((13 47,13.1 47),(14 47,14.1 47,14.1 47.1))"], "line", 2),
    "mixed": ([SQUARE, "POINT (15 47)", "LINESTRING (13.1 47.1,13.5 47.1)"], "mixed", 2),
    "collection": ([f"GEOMETRYCOLLECTION ({SQUARE},POINT (15 47),LINESTRING (16 47,16 48))"],
                   "mixed", 3),
}


@pytest.fixture
def show(sen2cube):
    """What an area of these geometries is said to be, and shown as."""
    def change(*geometries):
        sen2cube.change_inference(8300, area_of_interest=area_of(*geometries))
        opened = catalogue()
        row = opened.GetLayer(0).GetFeature(8300)
        return row["aoi_type"], row.GetGeometryRef().Clone()
    yield change
    sen2cube.change_inference(8300, area_of_interest=small_area(8300))


@pytest.mark.parametrize("form", FORMS)
def test_an_area_of_any_form_is_one_valid_multipolygon_and_says_what_it_is(show, form):
    geometries, kind, count = FORMS[form]
    found, shown = show(*geometries)
    assert found == kind
    assert shown.GetGeometryType() == ogr.wkbMultiPolygon
    assert (shown.IsValid(), shown.GetGeometryCount()) == (True, count)
    for text in geometries:
        original = ogr.CreateGeometryFromWkt(text)
        original.FlattenTo2D()
        assert shown.Distance(original) == 0
        # Not more than the pixels around it.
        assert original.Buffer(WIDTH).Contains(shown) or kind == "mixed" or len(geometries) > 1


def test_points_and_lines_are_a_pixel_wide(show):
    west, east, south, north = show("POINT (13 47)")[1].GetEnvelope()
    assert [east - west, north - south] == pytest.approx([WIDTH, WIDTH])
    assert [(west + east) / 2, (south + north) / 2] == pytest.approx([13, 47])
    _, strip = show("LINESTRING (13 47,13.3 47.4)")
    assert strip.GetArea() == pytest.approx((0.5 + WIDTH) * WIDTH)


def test_polygons_are_shown_as_they_are(show):
    for text in (SQUARE, HOLE):
        assert show(text)[1].GetGeometryRef(0).ExportToWkt() \
            == ogr.CreateGeometryFromWkt(text).ExportToWkt()


def test_filters_and_extents_look_at_what_is_shown(show):
    show("POINT (5 5)")
    opened = catalogue()
    layer = opened.GetLayer(0)
    layer.SetSpatialFilterRect(5.00004, 5.00004, 6, 6)
    assert ids(layer) == [8300]
    assert layer.GetExtent() == pytest.approx((5 - WIDTH / 2, 5 + WIDTH / 2) * 2)
    layer.SetSpatialFilterRect(5.00006, 5.00006, 6, 6)
    assert ids(layer) == []
    layer.SetSpatialFilter(None)
    layer.SetAttributeFilter("aoi_type = 'POINT' AND OGR_GEOM_AREA > 0")
    assert ids(layer) == [8300]
    layer.SetAttributeFilter("aoi_type IS NULL")
    assert ids(layer) == [10436]
    layer.SetAttributeFilter("aoi_type <> 'polygon'")
    assert ids(layer) == [8300]


def test_the_area_of_one_inference_has_the_geometry_itself(show):
    show("LINESTRING (13 47,13.3 47.4)")
    opened = gdal.OpenEx("S2C:8300:area_of_interest", gdal.OF_VECTOR)
    assert opened.GetLayer(0).GetNextFeature().GetGeometryRef().ExportToWkt() \
        == "LINESTRING (13 47,13.3 47.4)"


def test_the_area_is_not_asked_for_where_nobody_wants_what_it_is_made_of(sen2cube):
    names = [name for name, _ in INFERENCE_FIELDS if name not in ("comment", "aoi_type")]
    opened = catalogue()
    layer = opened.GetLayer(0)
    layer.SetIgnoredFields([*names, "aoi_type", "OGR_GEOMETRY"])
    assert len(ids(layer)) == 59
    layer.SetIgnoredFields([*names, "OGR_GEOMETRY"])
    assert {row["aoi_type"] for row in layer} == {"polygon", None}
    assert sen2cube.request_lines("api") == [
        OPENING, list_request("inference", "comment"),
        list_request("inference", "comment,area_of_interest")]
