# SPDX-License-Identifier: MIT
"""The factbases 1, 2, 3, 8 with the oddities of the real list, and 99 on a foreign host."""

import base64
import datetime
import json
import math
import random
import re

from osgeo import osr

from .rows import Row
from .schema import FACTBASE

osr.UseExceptions()

FOREIGN = 99
FOREIGN_URI = "https://evil.example"
# Bytes of thumbnails per factbase; with them the whole list has about 1.3 MB.
BASEMAP_BYTES = 206_000
# A factbase whose workers ping this recently is online; 8 was last heard of 44 h ago.
FRESH, STALE = 20, 158_364


def iso(seconds_ago):
    moment = datetime.datetime.now(datetime.timezone.utc)
    return (moment - datetime.timedelta(seconds=seconds_ago)).isoformat(timespec="microseconds")


class FactbaseRow(Row):
    """Its pings are as old at every answer as they were at the first."""

    def __init__(self, number, attributes, age):
        super().__init__(number, attributes)
        self.ages = {"free_worker_ping": age, "busy_worker_ping": age + 667}

    def value(self, name):
        return iso(self.ages[name]) if name in self.ages else super().value(name)

    def text(self, name):
        return json.dumps(self.value(name)) if name in self.ages else super().text(name)

    def change(self, **attributes):
        for name in attributes:
            self.ages.pop(name, None)
        super().change(**attributes)


def wkt(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    return srs


def srs_with_towgs84():
    """GDAL 3 leaves TOWGS84 out; the service's older GDAL wrote it, after the SPHEROID."""
    text = wkt(3035).ExportToWkt()
    end = text.index("]]", text.index("SPHEROID[")) + 2
    return text[:end] + ",TOWGS84[0,0,0,0,0,0,0]" + text[end:]


def srs_without_code():
    srs = osr.SpatialReference()
    srs.ImportFromProj4("+proj=lcc +lat_1=49 +lat_2=46 +lat_0=47.5 +lon_0=13.3333333333333 "
                        "+x_0=400000 +y_0=400000 +datum=WGS84 +units=m +no_defs")
    text = re.sub(r',AUTHORITY\["[^]]*\]', "", srs.ExportToWkt())
    return text.replace('SPHEROID["WGS 84"', 'SPHEROID["WGS\n 84"') + "\n"


def ring(random_numbers, middle, radius, count, height=None):
    points = []
    for step in range(count):
        turn = 2 * math.pi * step / count
        reach = radius * (1 + 0.05 * math.sin(5 * turn) + random_numbers.uniform(-0.004, 0.004))
        points.append([middle[0] + 1.5 * reach * math.cos(turn),
                       middle[1] + reach * math.sin(turn)])
    points.append(points[0])
    return points if height is None else [[*point, height] for point in points]


def footprint(name, geometry, properties):
    return {"type": "FeatureCollection", "name": name,
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}


def multipolygon(rings):
    return {"type": "MultiPolygon", "coordinates": [[one] for one in rings]}


def box(*corners):
    points = [list(corner) for corner in corners]
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def square(west, south, east, north):
    return box((west, south), (east, south), (east, north), (west, north))


def layout():
    def bands():
        for number, role in ((2, "blue"), (3, "green"), (4, "red"), (8, None)):
            band = {"name": f"B0{number}", "label": f"Band {number}", "type": "continuous",
                    "description": "Reflectance at the top of the atmosphere",
                    "values": {"min": 0, "max": 10000 if number != 8 else None, "precision": 1}}
            yield {**band, "role": role} if role else band
    types = [{"id": 1, "label": "SVHNIR", "description": "Strong vegetation with high NIR"},
             {"id": 22, "label": "SLWASH", "description": "Shallow water or shadow"},
             {"id": 25, "label": "CL", "description": "Cloud"}]
    haze = [{"id": 50 * step, "label": str(50 * step), "description": text} for step, text in
            enumerate(("No or very low haze", "Low haze", "Medium haze"), 1)]

    def categorical(name, label, values):
        return {"name": name, "label": label, "description": "", "type": "categorical",
                "values": values}
    return {
        "reflectance": [{"product": "s2_l1c", "measurements": list(bands())}],
        "appearance": [{"product": "siam_il_lndstlk_minimal", "measurements": [
            categorical("33SharedSpCt", "Color type", types[:2])]}],
        "topography": [{"product": "dem", "measurements": [
            {"name": "elevation", "label": "Elevation", "description": "Height above the geoid",
             "type": "continuous", "values": {"min": 0, "max": None, "precision": 1}}]}],
        "atmosphere": [{"product": "siam_il_lndstlk_minimal", "measurements": [
            categorical("33SharedSpCt", "Color type", types[2:]),
            categorical("HazePentarnaryMask", "Haze", haze)]}],
        "artifacts": [{"product": "siam_il_lndstlk_minimal", "measurements": [
            categorical("33SharedSpCt", "Color type",
                        [{"id": 33, "label": "UN", "description": "Unknown classification"}])]}]}


def attributes(numbers, title, uri, **more):
    image = base64.b64encode(numbers.randbytes(BASEMAP_BYTES // 2)).decode()
    other = base64.b64encode(numbers.randbytes(BASEMAP_BYTES // 2)).decode()
    found = {
        "owner": "Martin Sudmanns", "location": None, "dateStart": "2015-07-04",
        "busy_worker_ping": None, "free_worker_ping": None, "dateEnd": "2022-01-20",
        "resolution": [10.0, 10.0], "sensor": "sentinel-2", "title": title,
        "description": f"Observations of {title}", "preview_factor": 10, "uri": uri,
        "project": "sen2cube", "status": "OK", "owner_email": "owner@example.org",
        "basemaps": [{"name": "overview", "image": "data:image/png;base64," + image},
                     {"name": "relief", "image": "data:image/png;base64," + other}],
        "layout": layout(), **more}
    assert set(found) == set(FACTBASE.attributes)
    return found


def rows(uri):
    """Rows by number. `uri` is where the result files are, the same for all as in reality."""
    numbers = random.Random(8343)
    austria = attributes(
        numbers, "Austria", uri, srs=srs_with_towgs84(),
        footprint=footprint("austria", multipolygon([
            ring(numbers, (13.3, 47.6), 1.4, 2250), ring(numbers, (10.0, 47.2), 0.3, 180)]),
            {"_uid_": 1}),
        footprint_bbox=box((9.41, 46.42), (17.11, 46.28), (17.32, 48.97), (9.38, 49.11)))
    syria = attributes(
        numbers, "North-Western Syria", uri, srs=wkt(32637).ExportToWkt(), project="syriadc",
        dateStart="2015-07-08", dateEnd="2022-01-25",
        footprint=footprint("syria", multipolygon([ring(numbers, (36.6, 35.6), 0.6, 700),
                                                   ring(numbers, (38.8, 35.9), 0.2, 90)]), {}),
        footprint_bbox=square(35.6, 34.9, 37.7, 36.3))
    semantix = attributes(
        numbers, "SemantiX", uri, srs=srs_without_code(), project="semantix", sensor="avhrr",
        resolution=[1000.0, 1000.0], dateStart="1981-08-25", dateEnd="2020-12-31",
        footprint=footprint("semantix", square(9.4, 46.3, 17.2, 49.1), {}),
        footprint_bbox=square(9.4, 46.3, 17.2, 49.1))
    afghanistan = attributes(
        numbers, "Afghanistan", uri, srs=wkt(32642).ExportToPrettyWkt(), sensor="Sentinel-2",
        project="afghanistan_agriculture", dateStart="2020-01-02", dateEnd="2022-01-23",
        footprint=footprint("42SWD", multipolygon([ring(numbers, (69.5, 34.8), 0.5, 900, 0.0),
                                                   ring(numbers, (71.0, 34.8), 0.1, 60, 0.0)]),
                            {"Name": "42SWD"}),
        footprint_bbox=square(68.7, 34.2, 71.2, 35.4))
    foreign = dict(austria, title="Foreign", uri=FOREIGN_URI, basemaps=[])
    made = {1: austria, 2: syria, 3: semantix, 8: afghanistan, FOREIGN: foreign}
    return [FactbaseRow(number, values, STALE if number == 8 else FRESH)
            for number, values in made.items()]
