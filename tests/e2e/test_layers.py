# SPDX-License-Identifier: MIT
"""What programs expect of any layer: an order, an end, metadata, and silence while they look."""

import pytest
from osgeo import gdal, ogr

from .own_table import area, changed, feature, own_table
from .support import TOKEN, inference, messages
from .test_tables import AREA

# Connection strings with the name of a layer, and a filter that some of its rows pass.
LAYERS = [("S2C:10424", "water_time_series", "water_time_series > 1500"),
          ("S2C:10424", "green_spaces", "space = 'Nonntal'"),
          ("S2C:10424", "mean_ndvi", "mean_ndvi > 0"), ("S2C:10424", AREA, "name LIKE '%berg'"),
          ("S2C:", "inference", "status = 'SUCCEEDED'"), ("S2C:", "factbase", "title <> 'x'"),
          ("S2C:", "knowledgebase", "title <> 'x'")]


def layer_names(dataset):
    return [dataset.GetLayer(place).GetName() for place in range(dataset.GetLayerCount())]


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("name, layer_name, condition", LAYERS)
@pytest.mark.parametrize("filtered", [False, True])
def test_an_index_that_is_none_is_the_end(name, layer_name, condition, filtered):
    dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
    layer = dataset.GetLayerByName(layer_name)
    layer.SetAttributeFilter(condition if filtered else None)
    fids = [row.GetFID() for row in layer]
    assert fids != []
    for index in (-1, -2 ** 40, len(fids) + 1, 2_000_000_000):
        error = layer.SetNextByIndex(index)
        # test_ogrsf of GDAL before 3.12 insists on another one for what is less.
        assert error == ogr.OGRERR_NON_EXISTING_FEATURE or index < -1 and error, index
        assert layer.GetNextFeature() is None and layer.GetNextFeature() is None
    assert layer.SetNextByIndex(len(fids) - 1) == ogr.OGRERR_NONE
    assert layer.GetNextFeature().GetFID() == fids[-1] and layer.GetNextFeature() is None
    layer.SetNextByIndex(-1)
    layer.ResetReading()
    assert [row.GetFID() for row in layer] == fids
    layer.SetNextByIndex(-1)
    layer.SetAttributeFilter(condition)
    assert layer.GetNextFeature() is not None


def test_a_layer_with_a_geometry_comes_first(sen2cube):
    dataset = gdal.OpenEx("S2C:10424", gdal.OF_VECTOR)
    assert layer_names(dataset) == ["green_spaces", AREA, "water_time_series", "mean_ndvi"]
    # What the API says is enough to know it.
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]
    first = dataset.GetLayer(0)
    assert first.GetGeomType() == ogr.wkbPolygon
    assert first.GetSpatialRef().GetAuthorityCode(None) == "4326"


def test_without_a_table_of_places_the_area_comes_first(sen2cube):
    with own_table(sen2cube, "time,own\n2021-03-01,1\n") as name:
        dataset = gdal.OpenEx(name.split(":own")[0], gdal.OF_VECTOR)
        assert layer_names(dataset) == [AREA, "own"]


@pytest.mark.parametrize("name, layer_name", [layer[:2] for layer in LAYERS])
def test_metadata_that_were_set_are_kept(name, layer_name):
    dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
    for item in (dataset, dataset.GetLayerByName(layer_name)):
        before = item.GetMetadata()
        item.SetMetadataItem("OWN", "value")
        item.SetMetadata({"KEY": "1"}, "MINE")
        item.SetMetadata(["<x/>"], "xml:MINE")
        assert item.GetMetadata() == {**before, "OWN": "value"}
        assert item.GetMetadata("MINE") == {"KEY": "1"}
        assert item.GetMetadataItem("KEY", "MINE") == "1"
        assert item.GetMetadata_List("xml:MINE") == ["<x/>"]
        assert {"", "MINE", "xml:MINE"} <= {*item.GetMetadataDomainList()}


def test_the_document_is_among_the_domains_beside_those_that_were_set():
    dataset = gdal.OpenEx("S2C:10424", gdal.OF_VECTOR)
    dataset.SetMetadata({"KEY": "1"}, "MINE")
    assert {"json:S2C", "MINE"} <= {*dataset.GetMetadataDomainList()}


ODD = [("time,own\n2021-03-01,1\n2021-03-02,2,3\n", ["time"], None, "more values in row 2"),
       ("", ["time"], None, "is an empty file"),
       ("when,own\n1,2\n", ["time"], None, "has no column 'time'"),
       ("space,own\nhere,1\n", ["space"], "", "has no geometries, because its inference has no "
                                              "area of interest"),
       ("space,own\nhere,1\n", ["space"], "{", "is not GeoJSON that GDAL can read in full"),
       ("space,own\nhere,1\n", ["space"], area(feature({"name": "there"})),
        "has no geometry for 'here'")]


@pytest.mark.parametrize("content, dims, place, oddity", ODD, ids=range(len(ODD)))
def test_oddities_are_told_with_the_first_row_and_not_before(sen2cube, content, dims, place,
                                                             oddity):
    """GDAL 3.13's ogr2ogr takes what is said during GetLayerDefn() for a failure."""
    more = {} if place is None else {"area_of_interest": place}
    with own_table(sen2cube, content, dims, **more) as name, messages() as said:
        for opened in (name, name.split(":own")[0]):
            del said[:]
            dataset = gdal.OpenEx(opened, gdal.OF_VECTOR)
            layer = dataset.GetLayerByName("own")
            assert layer.GetLayerDefn().GetFieldCount() == 2
            layer.GetSpatialRef()
            layer.GetFeatureCount()
            assert said == []
            layer.GetNextFeature()
            assert len([text for text in said if oddity in text]) == 1
            before = [*said]
            layer.ResetReading()
            layer.GetNextFeature()
            layer.GetFeature(1)
            assert said == before


def test_an_area_that_is_odd_is_told_with_its_first_row(sen2cube):
    with changed(sen2cube, area_of_interest="{") as name, messages() as said:
        dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
        layer = dataset.GetLayer(0)
        layer.GetLayerDefn()
        assert said == []
        assert layer.GetFeature(0) is None
    assert len(said) == 1 and "is not GeoJSON" in said[0]


@pytest.mark.parametrize("content, dims, place, oddity", ODD, ids=range(len(ODD)))
def test_oddities_are_no_failure_of_a_copy(machine, sen2cube, content, dims, place, oddity):
    more = {} if place is None else {"area_of_interest": place}
    with own_table(sen2cube, content, dims, **more) as name:
        done = machine.run("ogr2ogr", "copy.gpkg", name.split(":own")[0])
    assert done.returncode == 0, done.stderr
    assert oddity in done.stderr
    assert gdal.OpenEx(str(machine.work / "copy.gpkg")).GetLayerByName("own") is not None


def test_a_retry_is_no_failure_of_a_copy_either(machine, sen2cube):
    sen2cube.fault(server="files", path="green_spaces", status=503)
    done = machine.run("ogr2ogr", "copy.gpkg", "S2C:10424", "green_spaces", S2C_RETRY_DELAY="0.01")
    assert done.returncode == 0, done.stderr
