# SPDX-License-Identifier: MIT
"""Makes the sample results in this folder: python3 data/make_samples.py [FOLDER].

They have the shapes that results of Sen2Cube.AT have (kinds of file, dimensions, types,
missing values, coordinate system); every number in them is invented.
"""

import csv
import datetime
import io
import json
import math
import os
import sys
import zipfile

import numpy as np
from osgeo import gdal, ogr, osr

from landscape import HEIGHT, WATER, WIDTH, Landscape

gdal.UseExceptions()

SEED = 10424
PIXEL = 10.0
NODATA = -9999.0
# Salzburg in EPSG:3035, on the 10 m grid.
LEFT, TOP = 4547400.0, 2745600.0
# Name and middle (in parts of the window) and radius (in pixels) of each area of interest.
AREAS = [("Mönchsberg", 0.27, 0.30, 56), ("Kapuzinerberg", 0.72, 0.27, 52),
         ("Nonntal", 0.30, 0.74, 54), ("Altstadt", 0.74, 0.73, 53)]


def reference_system(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def area_polygon(index, radius, column, row):
    """A blob in EPSG:3035: a circle whose radius swings."""
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for step in range(49):
        turn = 2 * math.pi * (step % 48) / 48
        reach = radius * (1 + 0.09 * math.sin(3 * turn + index) + 0.05 * math.sin(7 * turn))
        ring.AddPoint_2D(LEFT + PIXEL * (column + reach * math.cos(turn)),
                         TOP - PIXEL * (row + reach * math.sin(turn)))
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon


def area_polygons():
    return {name: area_polygon(index, radius, x * WIDTH, y * HEIGHT)
            for index, (name, x, y, radius) in enumerate(AREAS)}


def inside_mask(polygons):
    """True where a pixel's middle lies in one of the areas."""
    grid = gdal.GetDriverByName("MEM").Create("", WIDTH, HEIGHT, 1, gdal.GDT_Byte)
    grid.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    grid.SetProjection(reference_system(3035).ExportToWkt())
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = source.CreateLayer("areas", reference_system(3035))
    for polygon in polygons.values():
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(polygon)
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(grid, [1], layer, burn_values=[1])
    return grid.ReadAsArray() == 1


def write_raster(path, bands, data_type, nodata, descriptions=(), predictor="YES"):
    """A COG as the engine writes them: LZW, overviews, no colour interpretation."""
    memory = gdal.GetDriverByName("MEM").Create("", WIDTH, HEIGHT, len(bands), data_type)
    memory.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    memory.SetProjection(reference_system(3035).ExportToWkt())
    for number, values in enumerate(bands, 1):
        band = memory.GetRasterBand(number)
        band.SetNoDataValue(nodata)
        band.WriteArray(values)
        # MEM takes three bands for red, green and blue unless told otherwise.
        band.SetColorInterpretation(gdal.GCI_GrayIndex if number == 1 else gdal.GCI_Undefined)
        if number <= len(descriptions):
            band.SetDescription(descriptions[number - 1])
    gdal.GetDriverByName("COG").CreateCopy(path, memory, options=[
        "COMPRESS=LZW", f"PREDICTOR={predictor}", "BLOCKSIZE=128", "OVERVIEWS=AUTO",
        "RESAMPLING=NEAREST", "NUM_THREADS=1"])


def write_composite(path, land, inside):
    bands = [np.where(inside, land.reflectance(means, texture), NODATA) for means, texture in
             (((420, 310, 560, 1480, 1320), 260), ((610, 460, 790, 1260, 1180), 220),
              ((700, 270, 430, 930, 1020), 200))]
    write_raster(path, bands, gdal.GDT_Float32, NODATA)


def write_water_count(path, land, inside):
    near = np.where(land.classes == WATER, 1.0, 0.02)
    count = land.random.binomial(38, np.clip(near * 0.86, 0, 1))
    write_raster(path, [np.where(inside, count, 65535)], gdal.GDT_UInt16, 65535)


def write_land_cover(path, land, inside):
    # The engine keeps categories as floats so that NaN can mean "nothing selected here".
    holes = inside & (land.height < 0.95)
    write_raster(path, [np.where(holes, land.classes, np.nan)], gdal.GDT_Float32, math.nan,
                 predictor="NO")


def write_time_stack(path, land, inside):
    months = [f"2021-{month:02d}-01" for month in range(3, 9)]
    bands = []
    for number, _ in enumerate(months):
        share = 40 + 40 * math.sin(0.5 + number * 0.5) * (land.classes >= 2)
        share = np.round(share + 8 * land.height + 6 * land.parcel_value)
        bands.append(np.where(inside, np.clip(share, 0, 100), NODATA))
    write_raster(path, bands, gdal.GDT_Float32, NODATA, months)


def write_tables(folder, land):
    """pandas writes these with to_csv: commas, LF, and nothing for a missing value."""
    first = datetime.datetime(2021, 3, 2, 10, 17, 33, 408715)
    with open(os.path.join(folder, "water_time_series.csv"), "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["time", "water_time_series"])
        for step in range(60):
            value = 1200 + 300 * math.sin(step / 9) + land.random.uniform(-40, 40)
            time = first + datetime.timedelta(days=5 * (step // 2), seconds=14.3 * (step % 2))
            table.writerow([time, "" if step % 7 == 4 else round(value, 3)])
    with open(os.path.join(folder, "green_spaces.csv"), "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["space", "time", "green_spaces"])
        for name, *_ in AREAS:
            for step in range(24):
                day = (first + datetime.timedelta(days=10 * step)).date()
                value = 55 + 20 * math.sin(step / 4) + land.random.uniform(-5, 5)
                table.writerow([name, day, "" if step % 11 == 7 else round(value, 2)])
    with open(os.path.join(folder, "mean_ndvi.csv"), "w", newline="") as file:
        file.write("0.6173529411764706\n")


def write_areas(path, polygons):
    """The area of interest of the samples, in EPSG:4326 as the API takes it."""
    change = osr.CoordinateTransformation(reference_system(3035), reference_system(4326))
    features = []
    for name, polygon in polygons.items():
        geometry = polygon.Clone()
        geometry.Transform(change)
        ring = [[round(x, 7), round(y, 7)] for x, y, *_ in geometry.GetGeometryRef(0).GetPoints()]
        features.append({"type": "Feature", "properties": {"name": name},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    with open(path, "w", encoding="utf-8", newline="") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file, ensure_ascii=False)
        file.write("\n")


def project_xml():
    srs = ("<spatialrefsys><authid>EPSG:3035</authid>"
           "<proj4>+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 "
           "+units=m +no_defs</proj4></spatialrefsys>")
    return ("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
            '<qgis projectname="Sen2Cube sample" version="3.16.0-Hannover">\n'
            f"<title>Sen2Cube sample</title><projectCrs>{srs}</projectCrs>"
            '<layer-tree-group><layer-tree-layer id="composite" name="Cloud_free_composite" '
            'source="./Cloud_free_composite.tiff" providerKey="gdal" checked="Qt::Checked"/>'
            "</layer-tree-group><projectlayers>"
            '<maplayer type="raster"><id>composite</id>'
            "<datasource>./Cloud_free_composite.tiff</datasource>"
            f"<layername>Cloud_free_composite</layername><srs>{srs}</srs>"
            "<provider>gdal</provider></maplayer></projectlayers></qgis>\n")


def write_project(path):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed date keeps the bytes equal from run to run.
        entry = zipfile.ZipInfo("project.qgs", (2021, 9, 28, 12, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, project_xml())
    with open(path, "wb") as file:
        file.write(memory.getvalue())


def main(folder):
    os.makedirs(folder, exist_ok=True)
    land = Landscape(SEED)
    polygons = area_polygons()
    inside = inside_mask(polygons)
    for write, name in ((write_composite, "Cloud_free_composite"),
                        (write_water_count, "water_count"), (write_land_cover, "land_cover"),
                        (write_time_stack, "vegetation_over_time")):
        write(os.path.join(folder, name + ".tiff"), land, inside)
    write_tables(folder, land)
    write_areas(os.path.join(folder, "area_of_interest.geojson"), polygons)
    write_project(os.path.join(folder, "qgis-project.zip"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))
