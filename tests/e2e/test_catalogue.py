# SPDX-License-Identifier: MIT
"""S2C: as layers: what they have, and what reading them asks of the server."""

import json

import pytest
from osgeo import gdal, ogr, osr

from .catalogue import (FACTBASE_FIELDS, INFERENCE_FIELDS, KNOWLEDGEBASE_FIELDS, OPENING,
                        catalogue, fields_of, ids, list_request, one_request)
from .support import TOKEN

NUMBERS = [*range(10437, 10423, -1), *range(8344, 8299, -1)]
FAILED = "status = 'FAILED' AND knowledgebase_id IN (218,221)"
FAILED_FILTER = ('[{"name":"status","op":"ilike","val":"FAILED"},'
                 '{"name":"knowledgebase_id","op":"in","val":[218,221]}]')


class Layers(dict):
    """The layers by name; keeps the dataset."""

    def __init__(self, dataset):
        super().__init__((dataset.GetLayer(place).GetName(), dataset.GetLayer(place))
                         for place in range(dataset.GetLayerCount()))
        self.dataset = dataset


@pytest.fixture
def layers(sen2cube):
    """Of a catalogue that is open: what opening asked is forgotten."""
    opened = Layers(catalogue())
    sen2cube.forget()
    return opened


def api_lines(sen2cube):
    return sen2cube.request_lines("api")


def shape(feature):
    return json.loads(feature.GetGeometryRef().ExportToJson())


def test_the_catalogue_has_three_layers_and_opening_asks_for_no_row(sen2cube):
    opened = catalogue()
    assert opened.GetDriver().ShortName == "S2C"
    found = [opened.GetLayer(place) for place in range(opened.GetLayerCount())]
    assert [layer.GetName() for layer in found] == ["inference", "factbase", "knowledgebase"]
    assert [list(fields_of(layer)) for layer in found] \
        == [INFERENCE_FIELDS, FACTBASE_FIELDS, KNOWLEDGEBASE_FIELDS]
    assert [ogr.GeometryTypeToName(layer.GetGeomType()) for layer in found] \
        == ["Multi Polygon", "Multi Polygon", "None"]
    assert {layer.GetFIDColumn() for layer in found} == {"id"}
    for layer in found[:2]:
        assert layer.GetSpatialRef().GetAuthorityCode(None) == "4326"
        assert layer.GetSpatialRef().GetAxisMappingStrategy() == osr.OAMS_TRADITIONAL_GIS_ORDER
    assert sen2cube.request_lines() == [TOKEN, OPENING]


def test_rows_come_newest_first_by_the_id_of_the_api(layers):
    assert ids(layers["inference"]) == NUMBERS
    assert ids(layers["factbase"]) == [8, 3, 2, 1]
    assert ids(layers["knowledgebase"])[:3] == [299, 221, 218]


def test_an_inference_has_its_values(layers):
    found = layers["inference"].GetFeature(10424).items()
    assert json.loads(found.pop("output"))[0]["name"] == "Cloud_free_composite"
    assert json.loads(found.pop("datasets")) == [f"S2C:10424:{name}" for name in (
        "Cloud_free_composite", "water_count", "land_cover", "vegetation_over_time",
        "water_time_series", "green_spaces", "mean_ndvi")]
    assert found == {
        "owner": "demo", "comment": "Cloud free composite of Salzburg", "status": "SUCCEEDED",
        "status_message": "The inference was successfully processed", "status_progress": None,
        "status_timestamp": None, "timestamp_created": "2021/09/28 07:41:13.270+00",
        "timestamp_started": "2021/09/28 07:41:12.550+00",
        "timestamp_finished": "2021/09/28 07:42:10.920+00", "factbase_id": 1,
        "knowledgebase_id": 218, "temp_range_start": "2021/03/01 00:00:00+00",
        "temp_range_end": "2021/08/31 23:59:59.999+00", "output_scale_factor": 1, "favourite": 1,
        "aoi_type": "polygon", "qgis_project_location": "/output/sen2cube/demo/qgis-project-id10424.zip"}


def test_every_dataset_of_an_inference_is_named_as_it_opens(layers):
    names = json.loads(layers["inference"].GetFeature(10434)["datasets"])
    assert len(names) == 13
    assert {"S2C:10434:a: b", "S2C:10434:🌍 map", "S2C:10434:twice (2)"} < set(names)
    assert gdal.Open("S2C:10434:twice (2)").RasterCount == 1


@pytest.mark.parametrize("number", [10426, 10427, 10428, 10429, 10430])
def test_outputs_of_a_run_before_are_no_datasets(layers, number):
    assert layers["inference"].GetFeature(number)["datasets"] is None


def test_the_message_of_a_failed_run_is_explained_behind_it(layers, sen2cube):
    layer = layers["inference"]
    message = layer.GetFeature(8344)["status_message"]
    assert message.startswith("The inference failed: Evaluation failed at 'mask' because of ")
    assert 'no identity\')" (nothing was selected: ' in message and message.endswith(")")
    sen2cube.change_inference(8344, status_message="ERROR:4203")
    sen2cube.change_inference(10426, status_message="ERROR:4203")
    try:
        assert "took longer than the service allows" in layer.GetFeature(8344)["status_message"]
        stale = layer.GetFeature(10426)
        assert (stale["status"], stale["status_message"]) == ("CREATED", "ERROR:4203")
        # Filters look at what the server has, here as there.
        layer.SetAttributeFilter("status_message = 'ERROR:4203'")
        assert ids(layer) == [10426, 8344]
        layer.SetAttributeFilter("status_message LIKE '%service allows%' AND OGR_GEOM_AREA > 0")
        assert ids(layer) == []
    finally:
        sen2cube.change_inference(8344, status_message=message.split(" (nothing was")[0])
        sen2cube.change_inference(10426, status_message="The inference was successfully processed")


def test_what_the_service_leaves_out_is_null(layers):
    found = layers["inference"].GetFeature(10436)
    filled = {name for name, value in found.items().items() if value is not None}
    assert filled == {"status", "output", "datasets", "factbase_id", "knowledgebase_id"}
    assert (found["factbase_id"], found["knowledgebase_id"]) == (1, 218)
    assert found.GetGeometryRef() is None


def test_areas_of_interest_are_geometries_in_longitude_and_latitude(layers):
    found = shape(layers["inference"].GetFeature(8300))
    assert found["type"] == "MultiPolygon"
    assert found["coordinates"][0][0][0] == [10 + 8300 * 37 % 700 / 100,
                                             46.6 + 8300 * 53 % 200 / 100]
    assert layers["inference"].GetFeature(10425).GetGeometryRef().GetGeometryCount() == 4


def test_a_factbase_is_online_when_its_workers_were_heard_of(layers, sen2cube):
    assert [(feature["status"], feature["online"]) for feature in layers["factbase"]] \
        == [("OK", 0), ("OK", 1), ("OK", 1), ("OK", 1)]
    sen2cube.change_factbase(3, free_worker_ping=None, busy_worker_ping=None)
    sen2cube.change_factbase(2, free_worker_ping="2021-01-01T00:00:00+00:00")
    try:
        assert layers["factbase"].GetFeature(3)["online"] == 0
        assert layers["factbase"].GetFeature(2)["online"] == 0, "the other ping is 687 s old"
    finally:
        sen2cube.change_factbase(3, free_worker_ping="2100-01-01T00:00:00+00:00")
        sen2cube.change_factbase(2, free_worker_ping="2100-01-01T00:00:00+00:00")


def test_factbases_have_their_values(layers):
    found = layers["factbase"].GetFeature(3)
    assert (found["title"], found["sensor"], found["project"]) == ("SemantiX", "avhrr", "semantix")
    assert (found["resolution_x"], found["resolution_y"]) == (1000.0, 1000.0)
    assert (found["dateStart"], found["dateEnd"]) == ("1981/08/25", "2020/12/31")
    assert found["preview_factor"] == 10
    assert set(json.loads(found["layout"])) == {"reflectance", "appearance", "topography",
                                                "atmosphere", "artifacts"}


def test_footprints_are_multipolygons_in_two_dimensions(layers):
    found = {feature.GetFID(): feature.GetGeometryRef().Clone() for feature in layers["factbase"]}
    assert {geometry.GetGeometryType() for geometry in found.values()} == {ogr.wkbMultiPolygon}
    assert {number: geometry.GetGeometryCount() for number, geometry in found.items()} \
        == {8: 2, 3: 1, 2: 2, 1: 2}
    assert all(geometry.IsValid() for geometry in found.values())


def test_srs_of_all_kinds_import(layers):
    found = {}
    for feature in layers["factbase"]:
        srs = osr.SpatialReference()
        assert srs.ImportFromWkt(feature["srs"]) == ogr.OGRERR_NONE
        srs.AutoIdentifyEPSG() if srs.GetAuthorityCode(None) else None
        found[feature.GetFID()] = (srs.GetAuthorityCode(None), bool(srs.IsProjected()))
    assert found == {8: ("32642", True), 3: (None, True), 2: ("32637", True), 1: ("3035", True)}


def test_knowledgebases_have_their_values(layers):
    found = layers["knowledgebase"].GetFeature(218)
    assert found["title"] == "Cloud free composite"
    assert found["favourite"] in (0, 1)
    assert found["date"].startswith("2021/") and found["date"].endswith("+00")
    assert found["blockdefs"].startswith("<xml ")
    assert found.GetGeometryRef() is None


def test_ogrinfo_with_a_filter_takes_one_request_beside_the_token(machine, sen2cube):
    report = machine.succeed("ogrinfo", "S2C:", "inference", "-where",
                             "status='FAILED' AND knowledgebase_id IN (218,221)")
    assert "Feature Count: 27" in report and "Extent: (" in report
    assert report.count("OGRFeature(inference):") == 27
    assert sen2cube.request_lines() \
        == [TOKEN, OPENING, list_request("inference", filters=FAILED_FILTER)]


def test_a_whole_layer_is_one_request_beside_what_opening_asks(machine, sen2cube):
    machine.succeed("ogrinfo", "S2C:")
    assert sen2cube.request_lines() == [TOKEN, OPENING]
    for name in ("inference", "factbase", "knowledgebase"):
        sen2cube.forget()
        machine.succeed("ogrinfo", "S2C:", name)
        assert sen2cube.request_lines() == [TOKEN, OPENING, list_request(name)]


def test_an_empty_result_is_one_request(layers, sen2cube):
    layer = layers["inference"]
    layer.SetAttributeFilter("status = 'NEVER'")
    assert (layer.GetFeatureCount(), ids(layer)) == (0, [])
    assert len(api_lines(sen2cube)) == 1


def test_the_count_is_the_servers(layers, sen2cube):
    layer = layers["inference"]
    assert layer.TestCapability(ogr.OLCFastFeatureCount)
    assert layer.GetFeatureCount() == len(NUMBERS)
    layer.SetAttributeFilter(FAILED)
    assert layer.TestCapability(ogr.OLCFastFeatureCount)
    assert layer.GetFeatureCount() == 27
    assert api_lines(sen2cube) == [list_request("inference"),
                                   list_request("inference", filters=FAILED_FILTER)]


def test_a_count_in_the_middle_of_a_reading_does_not_disturb_it(layers, sen2cube):
    layer = layers["inference"]
    first = [layer.GetNextFeature().GetFID() for _ in range(3)]
    assert layer.GetFeatureCount() == len(NUMBERS)
    assert first + ids_left(layer) == NUMBERS
    assert len(api_lines(sen2cube)) == 1


def ids_left(layer):
    found = []
    while (feature := layer.GetNextFeature()) is not None:
        found.append(feature.GetFID())
    return found


def test_what_does_not_translate_is_counted_here(layers, sen2cube):
    layer = layers["inference"]
    layer.SetAttributeFilter("output LIKE '%mean_ndvi%'")
    assert not layer.TestCapability(ogr.OLCFastFeatureCount)
    assert layer.GetFeatureCount() == 1
    assert ids(layer) == [10424]
    assert api_lines(sen2cube) == [list_request("inference")]


WHERE = [
    "fid = 8310", "fid IN (10424, 8301, 5)", "id > 10430", "id BETWEEN 8310 AND 8315",
    "status = 'succeeded'", "status <> 'FAILED'", "status LIKE 'S%'", "status ILIKE '%ED'",
    "NOT (status = 'FAILED' OR favourite = 1)", "comment = ''", "comment IS NULL",
    "comment LIKE 'Run 83_1'", "owner IS NOT NULL AND owner <> 'demo'", "factbase_id = 3",
    "factbase_id IN (2, 8) AND knowledgebase_id = 221", "favourite = 1", "favourite = 0",
    "timestamp_created > '2021/07/10 00:00:00'", "timestamp_created < '2021-07-03T12:00:00Z'",
    "timestamp_finished IS NULL", "output_scale_factor = 1", "status_message LIKE '%zero-size%'",
    "status_progress IS NULL", "status_progress > 0", "output = '[]'", "datasets IS NULL",
    "qgis_project_location IS NOT NULL", "OGR_GEOM_AREA > 0.0001", "owner = comment",
    "status = 'FAILED' AND OGR_GEOM_AREA > 0", "status = 'FAILED' OR OGR_GEOM_AREA > 0.0001",
]


@pytest.mark.parametrize("where", WHERE)
def test_a_filter_finds_what_ogr_finds_in_a_copy(layers, where):
    layer = layers["inference"]
    copy = ogr.GetDriverByName("Memory").CreateDataSource("copy")
    local = copy.CopyLayer(layer, "inference")
    assert layer.SetAttributeFilter(where) == local.SetAttributeFilter(
        where.replace("id ", "fid ") if where.startswith("id ") else where) == 0
    # The copy has them in the order of their ids.
    expected = ids(local)[::-1]
    assert ids(layer) == expected
    assert layer.GetFeatureCount() == len(expected)


def test_a_feature_by_its_id_is_one_request_and_no_filter_hides_it(layers, sen2cube):
    layer = layers["inference"]
    layer.SetAttributeFilter("status = 'NEVER'")
    layer.SetSpatialFilterRect(0, 0, 1, 1)
    assert layer.GetFeature(10424)["comment"] == "Cloud free composite of Salzburg"
    assert api_lines(sen2cube) == [one_request("inference", 10424)]


def test_an_id_that_is_not_there_is_no_feature(layers, sen2cube):
    assert layers["inference"].GetFeature(-1) is None
    assert sen2cube.request_lines() == []
    assert layers["inference"].GetFeature(5) is None
    assert api_lines(sen2cube) == [one_request("inference", 5)]


def test_ignored_fields_are_not_asked_for(layers, sen2cube):
    layer = layers["inference"]
    assert layer.TestCapability(ogr.OLCIgnoreFields)
    names = [name for name, _ in INFERENCE_FIELDS if name not in ("owner", "datasets")]
    layer.SetIgnoredFields([*(name for name, _ in INFERENCE_FIELDS), "OGR_GEOMETRY"])
    assert ids(layer) == NUMBERS
    layer.SetIgnoredFields([*names, "OGR_GEOMETRY"])
    assert layer.GetNextFeature()["owner"] == "demo"
    assert api_lines(sen2cube) == [list_request("inference", "owner"),
                                   list_request("inference", "output,status,owner")]
    layer.SetIgnoredFields([])
    assert layer.GetNextFeature()["comment"] == "Files elsewhere"


def test_rows_that_came_whole_serve_who_wants_fewer_fields(layers, sen2cube):
    layer = layers["inference"]
    assert ids(layer) == NUMBERS
    layer.SetIgnoredFields(["owner", "OGR_GEOMETRY"])
    assert [(feature["owner"], feature.GetGeometryRef()) for feature in layer] \
        == [(None, None)] * len(NUMBERS)
    assert api_lines(sen2cube) == [list_request("inference")]


def test_fields_that_only_the_filter_needs_are_asked_for(layers, sen2cube):
    layer = layers["inference"]
    layer.SetIgnoredFields([*(name for name, _ in INFERENCE_FIELDS), "OGR_GEOMETRY"])
    layer.SetAttributeFilter("favourite = 1 AND OGR_GEOM_AREA > 0.0001")
    assert ids(layer) == [10424, 8340, 8330, 8320, 8310, 8300]
    assert "fields[inference]=favourite,area_of_interest" in api_lines(sen2cube)[0]


def test_the_basemaps_are_never_asked_for(layers, sen2cube):
    ids(layers["factbase"])
    layers["factbase"].GetFeature(1)
    assert api_lines(sen2cube) == [list_request("factbase"), one_request("factbase", 1)]
    assert not [line for line in api_lines(sen2cube) if "basemaps" in line]


def test_a_spatial_filter_is_done_here(layers, sen2cube):
    layer = layers["inference"]
    layer.SetSpatialFilterRect(13.0, 47.7, 13.1, 47.8)
    found = ids(layer)
    assert 10424 in found and 8300 not in found and len(found) < len(NUMBERS)
    assert layer.GetFeatureCount() == len(found)
    assert not layer.TestCapability(ogr.OLCFastFeatureCount)
    assert not layer.TestCapability(ogr.OLCFastSpatialFilter)
    layer.SetSpatialFilter(None)
    assert layer.GetFeatureCount() == len(NUMBERS)
    assert api_lines(sen2cube) == [list_request("inference")]


def test_the_extent_is_that_of_the_rows_that_are_found(layers):
    layer = layers["inference"]
    layer.SetAttributeFilter("id = 8300")
    west, east, south, north = layer.GetExtent()
    assert (west, south) == (10 + 8300 * 37 % 700 / 100, 46.6 + 8300 * 53 % 200 / 100)
    assert (round(east - west, 9), round(north - south, 9)) == (0.02, 0.02)
    assert layers["knowledgebase"].GetExtent(can_return_null=True) is None


def test_a_change_is_seen_by_who_reads_later(layers, sen2cube):
    layer = layers["inference"]
    assert layer.GetFeature(8300)["comment"] == "Run 8300"
    sen2cube.change_inference(8300, comment="Changed")
    try:
        assert layer.GetFeature(8300)["comment"] == "Changed"
        assert next(feature for feature in layer if feature.GetFID() == 8300)["comment"] == "Changed"
    finally:
        sen2cube.change_inference(8300, comment="Run 8300")


def test_the_catalogue_opens_as_vector_only():
    for update in (0, gdal.OF_UPDATE):
        with pytest.raises(RuntimeError, match="no raster"):
            gdal.OpenEx("S2C:", gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR | update)
    opened = catalogue()
    assert not opened.TestCapability(ogr.ODsCCreateLayer)
    for capability in (ogr.OLCSequentialWrite, ogr.OLCRandomWrite, ogr.OLCDeleteFeature):
        assert not opened.GetLayer(0).TestCapability(capability)


def test_an_open_option_acts_on_this_catalogue(sen2cube):
    opened = catalogue(PAGE_SIZE=7)
    assert len(ids(opened.GetLayer(2))) == 40
    assert api_lines(sen2cube)[1] == list_request("knowledgebase", size=7)
    assert len(api_lines(sen2cube)) == 3
