# SPDX-License-Identifier: MIT
"""Cuts the sample results to an area of interest, as a run of the engine would."""

import csv
import itertools
import json
import os
import threading

from osgeo import gdal, ogr, osr

from . import outputs

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

names = itertools.count(1)


class NothingSelected(Exception):
    """The area does not meet the data."""


class InvalidArea(Exception):
    """The area is no GeoJSON FeatureCollection in EPSG:4326."""


def system(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


class Area:
    """The features with their names; points and lines become areas of a pixel's width."""

    def __init__(self, text):
        try:
            collection = json.loads(text)
            self.features = collection["features"]
            self.names = [(feature.get("properties") or {}).get("name") or f"feature_{place}"
                          for place, feature in enumerate(self.features, 1)]
            shapes = [ogr.CreateGeometryFromJson(json.dumps(feature["geometry"]))
                      for feature in self.features]
        except (TypeError, ValueError, KeyError, AttributeError, RuntimeError):
            raise InvalidArea("not a GeoJSON FeatureCollection") from None
        if not shapes or None in shapes:
            raise InvalidArea("no usable feature")
        self.geometry = self.union(shapes)

    @staticmethod
    def union(shapes):
        change = osr.CoordinateTransformation(system(4326), system(3035))
        whole = ogr.Geometry(ogr.wkbPolygon)
        for shape in shapes:
            west, east, south, north = shape.GetEnvelope()
            if west < -180 or east > 180 or south < -90 or north > 90:
                raise InvalidArea("coordinates are not in EPSG:4326")
            try:
                shape.Transform(change)
                shape = shape if shape.GetDimension() == 2 else shape.Buffer(15)
                whole = whole.Union(shape.Buffer(0))
            except RuntimeError as error:
                raise InvalidArea(str(error)) from None
        return whole


class Cutter:
    def __init__(self, samples):
        self.samples = samples
        # GDAL's /vsimem files are shared by all threads, the counter's names are not.
        self.lock = threading.Lock()

    def cut(self, name, area, target, scale, run):
        """Writes one output; later runs differ from the first, as data that grew would."""
        source = os.path.join(self.samples, outputs.file_name(name))
        if name in outputs.RASTERS:
            self.raster(source, area, target, scale, run)
        elif name == "green_spaces":
            self.zonal(source, area, target, run)
        else:
            with open(source, encoding="utf-8") as file:
                lines = file.read().splitlines(keepends=True)
            with open(target, "w", encoding="utf-8", newline="") as file:
                file.writelines(lines[:-run] if run and len(lines) > run + 1 else lines)

    def raster(self, source, area, target, scale, run):
        dataset = gdal.Open(source)
        left, size, _, top, _, _ = dataset.GetGeoTransform()
        extent = (left, top - size * dataset.RasterYSize,
                  left + size * dataset.RasterXSize, top)
        window = ogr.CreateGeometryFromWkt(
            "POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))".format(*extent))
        if not area.geometry.Intersects(window):
            raise NothingSelected
        cutline = f"/vsimem/cutline_{next(names)}.geojson"
        self.write_cutline(cutline, area.geometry.Intersection(window))
        try:
            cut = gdal.Warp("", dataset, format="MEM", cutlineDSName=cutline,
                            cropToCutline=True, xRes=size * scale, yRes=size * scale,
                            targetAlignedPixels=True)
        finally:
            gdal.Unlink(cutline)
        self.finish(dataset, cut, run)
        gdal.GetDriverByName("COG").CreateCopy(target, cut, options=[
            "COMPRESS=LZW", "BLOCKSIZE=128", "OVERVIEWS=AUTO", "RESAMPLING=NEAREST"])

    @staticmethod
    def write_cutline(path, geometry):
        dataset = ogr.GetDriverByName("GeoJSON").CreateDataSource(path)
        layer = dataset.CreateLayer("cutline", system(3035))
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)

    @staticmethod
    def finish(dataset, cut, run):
        found = False
        for number in range(1, cut.RasterCount + 1):
            band, values = cut.GetRasterBand(number), cut.GetRasterBand(number).ReadAsArray()
            band.SetDescription(dataset.GetRasterBand(number).GetDescription())
            nodata = band.GetNoDataValue()
            valid = (values == values) & (values != nodata)
            found = found or bool(valid.any())
            # Categories stay what they are; counts and measurements move a little.
            if run and not (nodata != nodata):
                values[valid] += run
                band.WriteArray(values)
        if not found:
            raise NothingSelected

    @staticmethod
    def zonal(source, area, target, run):
        with open(source, encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        series = {}
        for space, time, value in rows:
            series.setdefault(space, []).append((time, value))
        known = list(series.values())
        with open(target, "w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(header)
            for place, name in enumerate(area.names):
                values = series.get(name) or known[place % len(known)]
                table.writerows((name, time, value) for time, value in
                                values[:len(values) - run % len(values)])
