# SPDX-License-Identifier: MIT
"""CSV outputs and the area of interest as layers: whatever is read is what the files hold."""

import csv
import json

import pytest
from osgeo import gdal, ogr, osr

from ..backend.user_agent import UserAgent
from .support import TABLES, TOKEN, inference, messages, place, result, sample
from .test_metadata import INFERENCE_ITEMS

DOCUMENT = "api GET /v1/inference/10424"
TYPES = {"water_time_series": [("time", "DateTime"), ("water_time_series", "Real")],
         "green_spaces": [("space", "String"), ("time", "Date"), ("green_spaces", "Real")],
         "mean_ndvi": [("mean_ndvi", "Real")]}
AREA = "area_of_interest"
# In the order of S2C:10424: what has places comes first.
LAYERS = ("green_spaces", AREA, "water_time_series", "mean_ndvi")


def tables(name="S2C:10424"):
    return gdal.OpenEx(name, gdal.OF_VECTOR)


def table(name):
    """The dataset of one table and its layer, which lives as long as that."""
    dataset = tables(f"S2C:10424:{name}")
    assert dataset.GetLayerCount() == 1
    return dataset, dataset.GetLayer(0)


def fields(layer):
    definition = layer.GetLayerDefn()
    found = [definition.GetFieldDefn(place) for place in range(definition.GetFieldCount())]
    return [(field.GetName(), field.GetTypeName()) for field in found]


def time_text(feature, field):
    year, month, day, hour, minute, second, _ = feature.GetFieldAsDateTime(field)
    if feature.GetFieldDefnRef(field).GetType() == ogr.OFTDate:
        return f"{year:04d}-{month:02d}-{day:02d}"
    return f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:06.3f}"


def value(feature, field):
    if not feature.IsFieldSetAndNotNull(field):
        return None
    if feature.GetFieldDefnRef(field).GetType() in (ogr.OFTDate, ogr.OFTDateTime):
        return time_text(feature, field)
    return feature.GetField(field)


def rows(layer):
    return [[value(feature, field) for field in range(feature.GetFieldCount())]
            for feature in layer]


def expected_rows(name):
    """The rows of the file; seconds have three digits, as a float of GDAL's holds them."""
    with open(sample(name), encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    if name == "mean_ndvi":
        return [[float(lines[0][0])]]
    return [[*(cell[:23] if " " in cell else cell for cell in line[:-1]),
             float(line[-1]) if line[-1] else None] for line in lines[1:]]


def rounded(found):
    """Seconds of the file are cut, those of GDAL rounded."""
    return [[cell[:-4] if isinstance(cell, str) and "." in cell else cell for cell in row]
            for row in found]


def features_of_the_area(sen2cube, number=10424):
    attributes = UserAgent(sen2cube).get(f"/inference/{number}").json["data"]["attributes"]
    return json.loads(attributes["area_of_interest"])["features"]


def test_an_inference_has_a_layer_for_each_table_and_its_area(sen2cube):
    dataset = tables()
    assert [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())] \
        == [*LAYERS]
    assert dataset.GetLayerByName("mean_ndvi").GetName() == "mean_ndvi"
    assert dataset.GetLayerByName("water_count") is None
    assert dataset.GetDriver().ShortName == "S2C"
    # A file is opened when its fields are asked for.
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_costs_one_request_of_each_server(sen2cube, name):
    dataset, layer = table(name)
    assert fields(layer) == TYPES[name]
    for _ in range(2):
        assert layer.GetFeatureCount() == len(rows(layer)) > 0
    requests = [TOKEN, inference(10424), result(name)]
    # Its geometries are in the document.
    assert sen2cube.request_lines() == requests + [DOCUMENT] * (name == "green_spaces")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("source", ["S2C:10424", "s2c:10424:{}"])
def test_rows_are_those_of_the_file_in_their_order(name, source):
    dataset = tables(source.format(name))
    layer = dataset.GetLayerByName(name)
    assert layer.GetLayerDefn().GetName() == layer.GetName() == name
    assert rounded(rows(layer)) == rounded(expected_rows(name))
    assert [feature.GetFID() for feature in layer] == [*range(1, layer.GetFeatureCount() + 1)]


def test_a_table_without_space_has_no_geometry():
    dataset, layer = table("water_time_series")
    assert layer.GetGeomType() == ogr.wkbNone
    assert layer.GetSpatialRef() is None
    assert layer.GetNextFeature().GetGeometryRef() is None


def test_each_row_has_the_geometry_of_its_place(sen2cube):
    dataset, layer = table("green_spaces")
    assert layer.GetGeomType() == ogr.wkbPolygon
    srs = layer.GetSpatialRef()
    assert srs.GetAuthorityCode(None) == "4326"
    assert srs.GetDataAxisToSRSAxisMapping() == [2, 1]
    expected = {feature["properties"]["name"]: feature["geometry"]
                for feature in features_of_the_area(sen2cube)}
    count = 0
    for feature in layer:
        geometry = ogr.CreateGeometryFromJson(json.dumps(expected[feature["space"]]))
        assert feature.GetGeometryRef().Equals(geometry)
        assert feature.GetGeometryRef().GetSpatialReference().IsSame(srs)
        count += 1
    assert count == 96


def test_a_spatial_filter_takes_the_rows_of_a_place(sen2cube):
    dataset, layer = table("green_spaces")
    [nonntal] = [feature for feature in features_of_the_area(sen2cube)
                 if feature["properties"]["name"] == "Nonntal"]
    centre = ogr.CreateGeometryFromJson(json.dumps(nonntal["geometry"])).Centroid()
    layer.SetSpatialFilter(centre.Buffer(0.0001))
    assert {feature["space"] for feature in layer} == {"Nonntal"}
    assert layer.GetFeatureCount() == 24
    layer.SetAttributeFilter("green_spaces IS NULL")
    assert layer.GetFeatureCount() == len([row for row in expected_rows("green_spaces")
                                           if row[0] == "Nonntal" and row[2] is None]) > 0
    layer.SetSpatialFilter(None)
    layer.SetAttributeFilter(None)
    assert layer.GetFeatureCount() == 96


def test_an_attribute_filter_compares_numbers_and_times_as_such():
    dataset, layer = table("water_time_series")
    layer.SetAttributeFilter("water_time_series > 1500 AND time < '2021/04/15'")
    expected = [row for row in expected_rows("water_time_series")
                if row[1] is not None and row[1] > 1500 and row[0] < "2021-04-15"]
    assert rounded(rows(layer)) == rounded(expected) != []
    assert layer.GetFeatureCount() == len(expected)


def test_ignored_columns_and_geometries_are_left_out():
    dataset, layer = table("green_spaces")
    layer.SetIgnoredFields(["time", "OGR_GEOMETRY"])
    feature = layer.GetNextFeature()
    assert not feature.IsFieldSet("time") and feature.GetGeometryRef() is None
    assert (feature["space"], feature["green_spaces"]) == ("Mönchsberg", 55.75)
    layer.SetIgnoredFields([])
    assert layer.GetFeature(1).GetGeometryRef() is not None


def test_filters_see_what_the_caller_leaves_out():
    dataset, layer = table("green_spaces")
    layer.SetIgnoredFields(["space", "OGR_GEOMETRY"])
    layer.SetAttributeFilter("space = 'Nonntal'")
    assert layer.GetFeatureCount() == len([*layer]) == 24
    layer.SetAttributeFilter("OGR_GEOMETRY = 'POLYGON'")
    assert layer.GetFeatureCount() == 96
    layer.SetAttributeFilter(None)
    layer.SetSpatialFilterRect(-180, -90, 180, 90)
    assert layer.GetFeatureCount() == 96
    dataset, layer = table(AREA)
    layer.SetIgnoredFields(["name", "OGR_GEOMETRY"])
    layer.SetAttributeFilter("name LIKE '%berg'")
    assert layer.GetFeatureCount() == len([*layer]) == 2


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_found_by_their_number(name):
    dataset, layer = table(name)
    expected = [feature.ExportToJson() for feature in layer]
    for fid in (len(expected), 1, (len(expected) + 1) // 2):
        assert layer.GetFeature(fid).ExportToJson() == expected[fid - 1]
    for fid in (0, -1, len(expected) + 1, 2 ** 31, 2 ** 62):
        assert layer.GetFeature(fid) is None
    layer.ResetReading()
    assert [feature.ExportToJson() for feature in layer] == expected


def test_reading_goes_on_from_an_index():
    dataset, layer = table("water_time_series")
    layer.SetNextByIndex(57)
    assert [layer.GetNextFeature().GetFID() for _ in range(3)] == [58, 59, 60]
    assert layer.GetNextFeature() is None


def test_capabilities_are_what_is_there():
    dataset, layer = table("green_spaces")
    for able in (ogr.OLCFastFeatureCount, ogr.OLCFastGetExtent, ogr.OLCIgnoreFields,
                 ogr.OLCStringsAsUTF8):
        assert layer.TestCapability(able), able
    for unable in (ogr.OLCRandomRead, ogr.OLCRandomWrite, ogr.OLCSequentialWrite,
                   ogr.OLCCreateField, ogr.OLCDeleteFeature, ogr.OLCFastSpatialFilter):
        assert not layer.TestCapability(unable), unable
    layer.SetAttributeFilter("green_spaces > 0")
    assert not layer.TestCapability(ogr.OLCFastFeatureCount)
    assert not dataset.TestCapability(ogr.ODsCCreateLayer)


def test_the_extent_is_that_of_the_places():
    dataset = tables()
    layers = [dataset.GetLayerByName(name) for name in ("green_spaces", AREA)]
    assert layers[0].GetExtent() == layers[1].GetExtent()
    union = ogr.Geometry(ogr.wkbMultiPolygon)
    for feature in layers[0]:
        union.AddGeometry(feature.GetGeometryRef())
    assert layers[0].GetExtent() == union.GetEnvelope()


def test_the_area_of_interest_has_its_features_and_properties(sen2cube):
    dataset, layer = table(AREA)
    assert sen2cube.request_lines() == [TOKEN, inference(10424), DOCUMENT]
    assert fields(layer) == [("name", "String")]
    assert layer.GetGeomType() == ogr.wkbPolygon
    assert layer.GetSpatialRef().IsSame(wgs84())
    found = [(feature.GetFID(), feature["name"]) for feature in layer]
    assert found == [*enumerate(["Mönchsberg", "Kapuzinerberg", "Nonntal", "Altstadt"])]
    assert layer.GetFeature(2)["name"] == "Nonntal"
    layer.SetNextByIndex(3)
    assert layer.GetNextFeature()["name"] == "Altstadt"
    for able in (ogr.OLCFastFeatureCount, ogr.OLCRandomRead, ogr.OLCFastSetNextByIndex):
        assert layer.TestCapability(able), able
    for feature, expected in zip(layer, features_of_the_area(sen2cube), strict=True):
        geometry = ogr.CreateGeometryFromJson(json.dumps(expected["geometry"]))
        assert feature.GetGeometryRef().Equals(geometry)


def wgs84():
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4326)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def test_the_area_of_interest_is_filtered_and_ignores_what_nobody_wants():
    dataset, layer = table(AREA)
    layer.SetAttributeFilter("name LIKE '%berg'")
    assert layer.GetFeatureCount() == 2
    layer.SetAttributeFilter(None)
    layer.SetSpatialFilterRect(13.0, 47.775, 13.035, 47.8)
    assert [feature["name"] for feature in layer] == ["Mönchsberg"]
    layer.SetSpatialFilter(None)
    layer.SetIgnoredFields(["name", "OGR_GEOMETRY"])
    feature = layer.GetNextFeature()
    assert not feature.IsFieldSet("name") and feature.GetGeometryRef() is None


def test_layers_tell_their_output_and_the_dataset_its_inference(sen2cube):
    dataset = tables()
    assert dataset.GetMetadata() == INFERENCE_ITEMS
    items = dataset.GetLayerByName("green_spaces").GetMetadata()
    assert items == {**INFERENCE_ITEMS, "OUTPUT_NAME": "green_spaces",
                     "IDENTIFIER": "green_spaces", "VALUE_TYPE": "numerical",
                     "VIS_TYPE": "multi_line_graph", "DIMS": "space,time", "X_AXIS": "time",
                     "Y_AXIS": "green_spaces",
                     "LINES": '["Mönchsberg","Kapuzinerberg","Nonntal","Altstadt"]'}
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_the_document_serves_the_metadata_and_the_area_with_one_request(sen2cube):
    dataset = tables()
    assert "json:S2C" in dataset.GetMetadataDomainList()
    [text] = dataset.GetMetadata_List("json:S2C")
    assert dataset.GetLayerByName(AREA).GetFeatureCount() == 4
    assert sen2cube.request_lines() == [TOKEN, inference(10424), DOCUMENT]
    assert json.loads(text) == UserAgent(sen2cube).get("/inference/10424").json


def test_the_file_list_is_what_lies_below_vsis2c():
    dataset, _ = table("green_spaces")
    assert dataset.GetFileList() == ["/vsis2c/10424/green_spaces.csv"]
    assert tables().GetFileList() \
        == [f"/vsis2c/10424/{name}.csv" for name in LAYERS if name != AREA]


def test_where_both_would_do_a_raster_comes_first(sen2cube):
    both = gdal.OF_RASTER | gdal.OF_VECTOR
    assert gdal.OpenEx("S2C:10424:land_cover", both).RasterCount == 1
    assert gdal.OpenEx("S2C:10424:green_spaces", both).GetLayerCount() == 1
    assert len(gdal.OpenEx("S2C:10424", both).GetSubDatasets()) == 4
    assert gdal.OpenEx("S2C:10425").RasterCount == 1
    assert gdal.OpenEx("S2C:10433", both).GetLayerCount() == 1


@pytest.mark.parametrize("name, flags, message", [
    ("S2C:10424:green_spaces", gdal.OF_RASTER,
     "output 'green_spaces' of inference 10424 is a table and no raster; open it as vector data"),
    ("S2C:10424:land_cover", gdal.OF_VECTOR,
     "output 'land_cover' of inference 10424 is a raster and no table; open it as raster data"),
    ("S2C:10424:area_of_interest", gdal.OF_RASTER, "has no output 'area_of_interest'"),
    ("S2C:10424:nothing", gdal.OF_VECTOR, "has no output 'nothing': use one of"),
    ("S2C:10433", gdal.OF_RASTER, "has no raster output; open S2C:10433 as vector data"),
    ("S2C:10434:cube", gdal.OF_VECTOR, "is no raster and no table; open it as "
                                       "/vsis2c/10434/cube.nc")])
def test_an_output_of_another_kind_says_what_it_is(name, flags, message):
    with pytest.raises(RuntimeError, match=message):
        gdal.OpenEx(name, flags | gdal.OF_VERBOSE_ERROR)


@pytest.mark.parametrize("number", [10426, 10428, 10429, 10430])
def test_an_unfinished_inference_has_no_tables_but_an_area(number):
    with pytest.raises(RuntimeError, match=f"inference {number} "):
        tables(f"S2C:{number}")
    with pytest.raises(RuntimeError, match=f"inference {number} "):
        tables(f"S2C:{number}:water_time_series")
    dataset = tables(f"S2C:{number}:Area_of_interest")
    assert dataset.GetLayer(0).GetFeatureCount() == 4
    assert dataset.GetMetadataItem("STATUS") != "SUCCEEDED"


def test_an_output_of_another_type_is_no_layer():
    dataset = tables("S2C:10434")
    assert [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())] \
        == [AREA]


def test_opening_for_update_is_refused_with_the_reason_where_it_is_wanted(sen2cube):
    with pytest.raises(RuntimeError, match="results are read-only"):
        gdal.OpenEx("S2C:10424:green_spaces",
                    gdal.OF_VECTOR | gdal.OF_UPDATE | gdal.OF_VERBOSE_ERROR)
    assert sen2cube.request_lines() == []


def test_a_table_that_the_server_has_not_any_more_is_an_error_of_that_table(sen2cube):
    sen2cube.fault(server="files", path=place("green_spaces"), status=404, count=None)
    with pytest.raises(RuntimeError, match="output 'green_spaces' of inference 10424.*rerun"):
        tables("S2C:10424:green_spaces")
    dataset = tables()
    layer = dataset.GetLayerByName("green_spaces")
    with messages() as found:
        layer.GetLayerDefn()
    assert len(found) == 1 and "output 'green_spaces' of inference 10424" in found[0]
    assert layer.GetFeatureCount() == -1
    with messages() as again:
        layer.GetNextFeature()
    assert again == found
    assert len(rows(dataset.GetLayerByName("water_time_series"))) == 60


def test_a_document_that_does_not_come_is_an_error_of_what_needs_it(sen2cube):
    sen2cube.fault(server="api", path="/v1/inference/10424", query="^$", status=500, count=None)
    for name in ("green_spaces", AREA):
        with pytest.raises(RuntimeError, match="HTTP 500"):
            tables(f"S2C:10424:{name}")
    dataset, layer = table("water_time_series")
    assert len(rows(layer)) == 60


def test_an_area_that_does_not_come_is_no_empty_layer(sen2cube):
    sen2cube.fault(server="api", path="/v1/inference/10424", query="^$", status=500, count=None)
    dataset = tables()
    layer = dataset.GetLayerByName(AREA)
    with messages() as found:
        layer.GetLayerDefn()
    assert len(found) == 1 and "HTTP 500" in found[0]
    assert layer.GetFeatureCount() == -1
    with messages() as again:
        layer.GetNextFeature()
    assert again == found


@pytest.mark.parametrize("area, complaint", [
    (None, None), ("", None), ({"absent": True}, None), ("{", "is not GeoJSON"),
    ('{"type": "FeatureCollection", "features": [{"type": "Feature", "geom', "is not GeoJSON"),
    ("POLYGON ((0 0))", "is not GeoJSON"), (7, "is not GeoJSON")])
def test_without_an_area_rows_have_no_geometry_and_the_layer_no_features(sen2cube, area,
                                                                       complaint):
    before = UserAgent(sen2cube).get("/inference/10424").json["data"]["attributes"]
    sen2cube.change_inference(10424, area_of_interest=area)
    try:
        with messages() as warnings:
            dataset = tables()
            layer = dataset.GetLayerByName("green_spaces")
            assert layer.GetGeomType() == ogr.wkbNone
            assert rows(layer) == expected_rows("green_spaces")
            assert dataset.GetLayerByName(AREA).GetFeatureCount() == 0
    finally:
        sen2cube.change_inference(10424, area_of_interest=before["area_of_interest"])
    texts = [text for text in warnings if complaint and complaint in text]
    assert len(texts) == bool(complaint)
    assert [text for text in warnings if text not in texts] == [
        "S2C: output 'green_spaces' of inference 10424 has no geometries, because its inference "
        "has no area of interest"]


def test_an_area_whose_features_have_no_geometry_gives_rows_none(sen2cube):
    before = UserAgent(sen2cube).get("/inference/10424").json["data"]["attributes"]
    features = [{**feature, "geometry": None} for feature in features_of_the_area(sen2cube)]
    area = {"type": "FeatureCollection", "features": features}
    sen2cube.change_inference(10424, area_of_interest=json.dumps(area))
    try:
        dataset = tables()
        assert rows(dataset.GetLayerByName("green_spaces")) == expected_rows("green_spaces")
        assert dataset.GetLayerByName(AREA).GetFeatureCount() == 4
    finally:
        sen2cube.change_inference(10424, area_of_interest=before["area_of_interest"])


def test_an_area_that_is_an_object_and_no_text_is_read_too(sen2cube):
    before = UserAgent(sen2cube).get("/inference/10425").json["data"]["attributes"]
    sen2cube.change_inference(10425, area_of_interest=json.loads(before["area_of_interest"]))
    try:
        assert tables("S2C:10425:area_of_interest").GetLayer(0).GetFeatureCount() == 4
    finally:
        sen2cube.change_inference(10425, area_of_interest=before["area_of_interest"])
