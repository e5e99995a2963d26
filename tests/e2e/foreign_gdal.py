# SPDX-License-Identifier: MIT
"""A second GDAL in one process, as Python wheels bring them: a copy of the system's by another name.

Run as a program, it reads results with the GDALs that it is given, one after the other, in the
order in which they stand, and prints each one's pixels.
"""

import ctypes
import json
import pathlib
import re
import sys

WIDTH, HEIGHT = 40, 30


def library_of_gdal():
    """The file of the libgdal that this process has loaded, and the name by which it is needed."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        path = re.search(r"\S*/libgdal\.so\S*", maps.read())[0]
    return pathlib.Path(path), re.search(r"libgdal\.so\.\d+", path)[0]


def copy_of_gdal(folder):
    """With the last digit of its name changed, wherever the file has it."""
    path, name = library_of_gdal()
    other = name[:-1] + ("8" if name[-1] == "9" else "9")
    copy = folder / f"copy-{other}"
    copy.write_bytes(path.read_bytes().replace(name.encode() + b"\0", other.encode() + b"\0"))
    return copy


def pixels_by(path, name):
    gdal = ctypes.CDLL(path)
    gdal.GDALAllRegister()
    gdal.GDALOpen.restype = gdal.GDALGetRasterBand.restype = ctypes.c_void_p
    dataset = gdal.GDALOpen(name.encode(), 0)
    if not dataset:
        return None
    band = ctypes.c_void_p(gdal.GDALGetRasterBand(ctypes.c_void_p(dataset), 1))
    values = (ctypes.c_float * (WIDTH * HEIGHT))()
    failed = gdal.GDALRasterIO(band, 0, 0, 0, WIDTH, HEIGHT, values, WIDTH, HEIGHT, 6, 0, 0)
    gdal.GDALClose(ctypes.c_void_p(dataset))
    return None if failed else list(values)


if __name__ == "__main__":
    print(json.dumps([pixels_by(path, sys.argv[1]) for path in sys.argv[2:]]))
