# SPDX-License-Identifier: MIT
"""Whatever the service's documents say, GDAL asks nobody else and opens no file of the user's."""

import base64
import json
import os
import sys

import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .stranger import HTTP_OPTIONS, Stranger, WatchedFile
from .support import FOLDER
from .tiff_file import tiff

ID = 10433
FACTBASE = 1
SQUARE = {"type": "Polygon",
          "coordinates": [[[13, 47], [14, 47], [14, 48], [13, 48], [13, 47]]]}
GRID = ('PROJCS["x",GEOGCS["y",DATUM["z",SPHEROID["GRS_1980",6378137.0,298.257222101],'
        'EXTENSION["PROJ4_GRIDS","{}"]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",0.0],'
        'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
        'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')
STRING = ('PROJCS["x",GEOGCS["y",DATUM["z",SPHEROID["GRS_1980",6378137.0,298.257222101]],'
          'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
          'PROJECTION["Transverse_Mercator"],UNIT["Meter",1.0],EXTENSION["PROJ4",'
          '"+proj=tmerc +lon_0=9 +ellps=GRS80 +nadgrids={} +units=m"]]')


@pytest.fixture
def stranger():
    with Stranger() as server:
        yield server


@pytest.fixture
def file(tmp_path):
    """A raster that everybody could open, and nobody should."""
    path = tmp_path / "own.tif"
    path.write_bytes(tiff())
    watched = WatchedFile(path)
    yield watched
    watched.close()


@pytest.fixture(params=["address", "remote file", "file"])
def named(request, stranger, file):
    """What a document names: an address, the same in GDAL's way, or a file."""
    return {"address": f"{stranger.url}/x", "remote file": f"/vsicurl/{stranger.url}/x.tif",
            "file": str(file.path)}[request.param]


@pytest.fixture(autouse=True)
def nobody_else(stranger, file):
    yield
    assert stranger.received == []
    assert not file.was_opened()


def run(machine, *command, **variables):
    """A program, whatever comes of it."""
    return machine.run(*command, **HTTP_OPTIONS, **variables)


def feature(geometry, **more):
    return {"type": "Feature", "properties": {"name": "Altstadt"}, "geometry": geometry, **more}


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": [*features], **more}


def link(address, kind="link", member="href", name="crs"):
    return {name: {"type": kind, "properties": {member: address}}}


AREAS = {
    "collection": lambda to: collection(feature(SQUARE), **link(to)),
    "feature": lambda to: collection(feature(SQUARE, **link(to))),
    "only feature": lambda to: feature(SQUARE, **link(to)),
    "geometry": lambda to: collection(feature({**SQUARE, **link(to)})),
    "only geometry": lambda to: {**SQUARE, **link(to)},
    "inner geometry": lambda to: collection(feature({
        "type": "GeometryCollection", "geometries": [{**SQUARE, **link(to)}]})),
    "capitals": lambda to: collection(feature({**SQUARE, **link(to, name="CRS")})),
    "other case": lambda to: collection(feature(SQUARE), **link(to, "LINK", name="Crs")),
    "url": lambda to: {**SQUARE, **link(to, "url", "url")},
    "name": lambda to: collection(feature(SQUARE), **link(to, "name", "name")),
    "twice": lambda to: json.dumps({**SQUARE, **link("x")})[:-1] + "," + json.dumps(link(to))[1:],
    "pages": lambda to: collection(feature(SQUARE), exceededTransferLimit=True,
                                   properties={"exceededTransferLimit": True}, next=to),
    "JSON-FG": lambda to: collection(feature(SQUARE), coordRefSys=to, conformsTo=[
        "http://www.opengis.net/spec/json-fg-1/0.2/conf/core"]),
    "Esri": lambda to: {"geometryType": "esriGeometryPolygon", "features": [],
                        "spatialReference": {"wkt": to}, "exceededTransferLimit": True},
    "Topo": lambda to: {"type": "Topology", "objects": {}, "arcs": [], "crs": link(to)["crs"]},
    "text": lambda to: to,
    "prefix": lambda to: f"GeoJSON:{to}",
    "call": lambda to: f"load({json.dumps({**SQUARE, **link(to)})});",
}


@pytest.fixture(params=["address", "file"])
def place(request, stranger, file):
    return {"address": f"{stranger.url}/x", "file": str(file.path)}[request.param]


@pytest.fixture(params=AREAS)
def area(request, place):
    return AREAS[request.param](place)


def as_text(area):
    return area if isinstance(area, str) else json.dumps(area)


@pytest.mark.parametrize("form", [as_text, lambda area: area], ids=["text", "object"])
def test_an_area_of_interest_leads_nowhere(machine, sen2cube, area, form):
    before = attribute(sen2cube, "inference", 10424, "area_of_interest")
    sen2cube.change_inference(10424, area_of_interest=form(area))
    try:
        catalogue = run(machine, "ogrinfo", "-al", "-where", "fid = 10424", "S2C:", "inference")
        assert "OGRFeature(inference):10424" in catalogue.stdout
        tables = run(machine, "ogrinfo", "-al", "S2C:10424")
        assert "OGRFeature(green_spaces):1" in tables.stdout
    finally:
        sen2cube.change_inference(10424, area_of_interest=before)


@pytest.mark.parametrize("form", [as_text, lambda area: area], ids=["text", "object"])
def test_a_footprint_leads_nowhere(machine, sen2cube, area, form):
    before = attribute(sen2cube, "factbase", FACTBASE, "footprint")
    sen2cube.change_factbase(FACTBASE, footprint=form(area))
    try:
        done = run(machine, "ogrinfo", "-al", "S2C:", "factbase")
        assert f"OGRFeature(factbase):{FACTBASE}" in done.stdout
    finally:
        sen2cube.change_factbase(FACTBASE, footprint=before)


def test_both_layers_say_what_rfc_7946_says(sen2cube):
    before = attribute(sen2cube, "inference", 10424, "area_of_interest")
    area = collection(feature(SQUARE), **link("EPSG:3857", "name", "name"))
    sen2cube.change_inference(10424, area_of_interest=json.dumps(area))
    try:
        for name, layer in ("S2C:", "inference"), ("S2C:10424", "area_of_interest"):
            dataset = gdal.OpenEx(name, gdal.OF_VECTOR)
            found = dataset.GetLayerByName(layer)
            found.SetAttributeFilter("fid = 10424" if layer == "inference" else None)
            assert found.GetNextFeature().GetGeometryRef().GetEnvelope() == (13, 14, 47, 48)
            assert found.GetSpatialRef().GetAuthorityCode(None) == "4326"
    finally:
        sen2cube.change_inference(10424, area_of_interest=before)


def attribute(sen2cube, kind, number, name):
    return UserAgent(sen2cube).get(f"/{kind}/{number}").json["data"]["attributes"][name]


@pytest.mark.parametrize("name", ["srs", "layout", "title", "sensor", "resolution", "status"])
def test_what_a_factbase_says_is_text_alone(machine, sen2cube, named, name):
    before = attribute(sen2cube, "factbase", FACTBASE, name)
    sen2cube.change_factbase(FACTBASE, **{name: named})
    try:
        done = run(machine, "ogrinfo", "-al", "S2C:", "factbase")
        assert f"OGRFeature(factbase):{FACTBASE}" in done.stdout
        assert "Cloud_free_composite" in run(machine, "gdalinfo", "S2C:10424").stdout
    finally:
        sen2cube.change_factbase(FACTBASE, **{name: before})


def test_a_model_is_text_alone(machine, sen2cube, named):
    before = attribute(sen2cube, "knowledgebase", 218, "blockdefs")
    sen2cube.change_knowledgebase(218, blockdefs=(
        f'<!DOCTYPE x SYSTEM "{named}"><xml xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include href="{named}"/></xml>'))
    try:
        done = run(machine, "ogrinfo", "-al", "S2C:", "knowledgebase")
        assert named in done.stdout
    finally:
        sen2cube.change_knowledgebase(218, blockdefs=before)


def test_a_token_answer_names_nothing(machine, sen2cube, named):
    sen2cube.fault(server="auth", body=json.dumps({
        "access_token": "a.b.c", "token_type": "Bearer", "expires_in": 300, "refresh_token": "r",
        **{name: named for name in ("token_endpoint", "iss", "jwks_uri", "userinfo_endpoint")}}))
    run(machine, "gdalinfo", "S2C:10424:water_count", S2C_MAX_RETRY=0)
    assert {entry["server"] for entry in sen2cube.requests()} <= {"auth", "api", "files"}


class Outputs:
    """The outputs of an inference of this test's own making."""

    def __init__(self, sen2cube):
        self.sen2cube, self.list, self.places = sen2cube, [], []

    def add(self, name, data, kind, file_content):
        place = f"{FOLDER}/hostile_{data}"
        self.sen2cube.create_file(place, base64.b64encode(file_content).decode())
        self.places.append(place)
        self.list.append({"name": name, "file_type": kind, "data": place, "dims": ["time"],
                          "bytes": len(file_content)})
        self.sen2cube.change_inference(ID, output=json.dumps(self.list))

    def remove(self):
        self.sen2cube.change_inference(ID, output="[]")
        for place in self.places:
            self.sen2cube.delete_file(place)


@pytest.fixture
def outputs(sen2cube):
    made = Outputs(sen2cube)
    yield made
    made.remove()


def item(domain, **items):
    return "".join(f'<Item name="{name}" domain="{domain}">{value}</Item>'
                   for name, value in items.items())


FILES = {
    "overviews": lambda to: tiff(item("OVERVIEWS", OVERVIEW_FILE=to)),
    "proxy": lambda to: tiff(item("ProxyOverviewRequest", FILENAME=to)),
    "geolocation": lambda to: tiff(item(
        "GEOLOCATION", X_DATASET=to, X_BAND=1, Y_DATASET=to, Y_BAND=1, PIXEL_OFFSET=0,
        PIXEL_STEP=1, LINE_OFFSET=0, LINE_STEP=1, SRS="EPSG:4326"), is_placed=False),
    "subdatasets": lambda to: tiff(item("SUBDATASETS", SUBDATASET_1_NAME=to,
                                        SUBDATASET_1_DESC="x")),
    "directory": lambda to: tiff(item("SUBDATASETS", SUBDATASET_1_NAME=f"GTIFF_DIR:1:{to}")),
    "directory of nothing": lambda _: tiff(item("SUBDATASETS", SUBDATASET_1_NAME="GTIFF_DIR:1")),
    "RPC": lambda to: tiff(item("RPC", RPC_DEM=to, LINE_OFF=0), is_placed=False),
    "VRT": lambda to: tiff(f'<Item name="x" domain="xml:VRT" format="xml"><VRTDataset><SourceFilename>'
                           f"{to}</SourceFilename></VRTDataset></Item>"),
    "grid": lambda to: tiff(citation=GRID.format(to)),
    "grid in a string": lambda to: tiff(citation=STRING.format(to)),
    "system": lambda to: tiff(citation=to),
    "VRT in place of a file": lambda to: vrt(to).encode().ljust(2000),
}


def vrt(source):
    return ('<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1">'
            f"<SimpleSource><SourceFilename>{source}</SourceFilename><SourceBand>1</SourceBand>"
            "</SimpleSource></VRTRasterBand></VRTDataset>")


@pytest.mark.parametrize("kind", FILES)
def test_a_geotiff_leads_nowhere(machine, sen2cube, outputs, named, kind):
    outputs.add("y", "y.tiff", "geotiff", FILES[kind](named))
    name = f"S2C:{ID}:y"
    for command in (["gdalinfo", "-stats", name], ["gdalinfo", "-mdd", "all", name],
                    ["gdal_translate", "-q", "-outsize", "10%", "10%", name, "small.tif"],
                    ["gdal_translate", "-q", "-of", "VRT", name, "y.vrt"], ["gdalinfo", "y.vrt"],
                    ["gdalbuildvrt", "-q", "all.vrt", name],
                    ["gdalwarp", "-q", "-t_srs", "EPSG:4326", name, "warped.tif"]):
        run(machine, *command)
    assert {entry["path"] for entry in sen2cube.requests("files")} == {f"{FOLDER}/hostile_y.tiff"}


@pytest.mark.parametrize("kind, domain", [
    ("overviews", "OVERVIEWS"), ("geolocation", "GEOLOCATION"), ("subdatasets", "SUBDATASETS"),
    ("directory", "SUBDATASETS"), ("directory of nothing", "SUBDATASETS")])
def test_what_names_other_datasets_is_left_out(outputs, named, kind, domain):
    outputs.add("y", "y.tiff", "geotiff", FILES[kind](named))
    dataset = gdal.Open(f"S2C:{ID}:y")
    assert domain not in dataset.GetMetadataDomainList()
    assert not dataset.GetMetadata(domain)
    assert dataset.GetMetadataItem("OVERVIEW_FILE", domain) is None
    assert dataset.GetMetadataItem("SUBDATASET_1_NAME", domain) is None
    assert dataset.GetSubDatasets() == []
    assert dataset.GetRasterBand(1).GetOverviewCount() == 0


def test_a_reference_system_that_needs_a_file_is_told_and_left_out(machine, outputs, file):
    outputs.add("y", "y.tiff", "geotiff", tiff(citation=GRID.format(file.path)))
    done = run(machine, "gdalinfo", f"S2C:{ID}:y")
    assert "has no reference system, because that of its file would open another file" \
        in done.stderr
    assert done.stderr.count("Warning") == 1
    assert "PROJCRS" not in done.stdout and "Pixel Size = (10.0" in done.stdout


SIDECARS = {
    "y.tiff": ["y.tiff.ovr", "y.tiff.msk", "y.tiff.aux.xml", "y_RPC.TXT", "y.RPB", "y.IMD",
               "METADATA.DIM", "y.xml", "y.tfw", "y.tiffw", "y.tab", "y.aux", "y.tiff.vat.dbf",
               "y.hdr", "y_metadata.txt", "y.tiff.msk.ovr"],
    "y.csv": ["y.csvt", "y.prj", "y.vrt", "y.csv.vrt", "y.csv.aux.xml"]}


@pytest.mark.parametrize("main", SIDECARS)
def test_no_output_is_the_sidecar_file_of_another(machine, sen2cube, outputs, named, main):
    table = b"time,y\n2021-03-01,1\n2021-03-02,2\n"
    is_table = main == "y.csv"
    outputs.add("y", main, "csv" if is_table else "geotiff", table if is_table else tiff())
    for number, name in enumerate(SIDECARS[main]):
        stem, end = os.path.splitext(name)
        inside = b"Integer,Integer" if end == ".csvt" else named.encode()
        kind = "csv" if is_table and number % 2 == 0 else "other"
        outputs.add(stem, f"{number}{end}", kind, inside)
    listed = gdal.ReadDir(f"/vsis2c/{ID}/")
    assert set(listed) == {main, *SIDECARS[main], "inference.json"}
    sen2cube.forget()
    command = ["ogrinfo", "-al"] if is_table else ["gdalinfo", "-stats"]
    done = run(machine, *command, f"S2C:{ID}:y")
    assert (done.returncode, done.stderr) == (0, "")
    if is_table:
        assert "time (Date)" in done.stdout and "2021/03/02" in done.stdout
    assert {entry["path"] for entry in sen2cube.requests("files")} == {f"{FOLDER}/hostile_{main}"}


NAMES = {
    "VRT": vrt,
    "VRT behind": lambda to: f"x {vrt(to)}",
    "WMS": lambda to: f"{to}/?SERVICE=WMS&REQUEST=GetCapabilities",
    "WMTS": lambda to: f"{to}/?SERVICE=WMTS&REQUEST=GetCapabilities",
    "MRF": lambda to: f"{to}:MRF:1",
    "GDALG": lambda to: json.dumps({"type": "gdal_streamed_alg",
                                    "command_line": f"gdal raster info {to}"}),
    "address": lambda to: to,
    "list": lambda to: f"x;{to},{to}",
    "tile index": lambda to: "x.gti.fgb",
    "QGIS": lambda to: f"x|option:AUTH_URL={to}|option:API_URL={to}|layername=x",
}


@pytest.fixture(params=NAMES)
def name(request, named):
    return NAMES[request.param](named)


def test_a_name_is_a_name(machine, outputs, named, name):
    outputs.add(name, "a.tiff", "geotiff", tiff())
    outputs.add("other", "b.tiff", "geotiff", tiff())
    outputs.add(name, "c.csv", "csv", f"time,location\n2021-03-01,{named}\n".encode())
    listed = gdal.Open(f"S2C:{ID}").GetSubDatasets()
    assert len(listed) == 2
    for subdataset, _ in listed:
        done = run(machine, "gdalinfo", "-stats", subdataset)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Driver: S2C" in done.stdout
    tables = run(machine, "ogrinfo", "-al", f"S2C:{ID}")
    assert (tables.returncode, tables.stderr) == (0, "")
    run(machine, "ogrinfo", "-al", "-where", f"fid = {ID}", "S2C:", "inference")
    run(machine, "gdalbuildvrt", "all.vrt", f"S2C:{ID}")


QGIS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_program.py")


def test_qgis_opens_layers_of_any_name_from_the_service_alone(machine, sen2cube, outputs,
                                                              stranger):
    name = f"x|option:AUTH_URL={stranger.url}|option:API_URL={stranger.url}|option:MAX_RETRY=0"
    outputs.add(name, "a.tiff", "geotiff", tiff())
    outputs.add("other", "b.tiff", "geotiff", tiff())
    outputs.add(name, "c.csv", "csv", b"time,y\n2021-03-01,1\n")
    done = run(machine, sys.executable, QGIS, "open_all", f"S2C:{ID}",
               QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=machine.folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert [one["valid"] for one in found] == [True] * 4, found


def test_the_folder_of_files_leads_nowhere(machine, outputs, named):
    outputs.add("../../etc/x", "a.tiff", "geotiff", tiff())
    outputs.add(named, "b.csv", "csv", b"time,y\n2021-03-01,1\n")
    done = run(machine, sys.executable, "-c", "import sys; from osgeo import gdal\n"
               "gdal.UseExceptions()\nfor name in gdal.ReadDirRecursive(sys.argv[1]): print(name)", f"/vsis2c/{ID}/")
    assert len(done.stdout.splitlines()) == 3
