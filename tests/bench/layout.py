# SPDX-License-Identifier: MIT
"""Which bytes of a TIFF a case needs, read from the local file's own tables."""

import os

from osgeo import gdal

gdal.UseExceptions()


def block(band, x, y):
    """(offset, size) of a tile or strip, None for one that is not stored."""
    offset = band.GetMetadataItem(f"BLOCK_OFFSET_{x}_{y}", "TIFF")
    size = band.GetMetadataItem(f"BLOCK_SIZE_{x}_{y}", "TIFF")
    return (int(offset), int(size)) if offset and size else None


def blocks(bands, window):
    """The distinct blocks below a window (x, y, width, height) of a level."""
    x, y, width, height = window
    found = set()
    for band in bands:
        wide, high = band.GetBlockSize()
        for row in range(y // high, (y + height - 1) // high + 1):
            for column in range(x // wide, (x + width - 1) // wide + 1):
                found.add(block(band, column, row))
    return found - {None}


def levels(dataset):
    """The bands of each level, the full one first."""
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    count = bands[0].GetOverviewCount()
    return [bands] + [[band.GetOverview(level) for band in bands] for level in range(count)]


def everything(level):
    return blocks(level, (0, 0, level[0].XSize, level[0].YSize))


def header_size(dataset, path):
    """All that is not a block: tables, tags, and what COG writes around its blocks."""
    stored = sum(size for level in levels(dataset) for _, size in everything(level))
    return os.path.getsize(path) - stored


def needed_blocks(case, dataset):
    work, arguments = case.work, case.arguments
    found = levels(dataset)
    if work in ("info", "metadata"):
        return set()
    if work == "threads":
        return set().union(*(blocks(found[0], window) for window in arguments["windows"]))
    if "buf_xsize" in arguments:
        # GDAL takes the smallest level that has at least as many pixels as are wanted.
        fit = [level for level in found if level[0].XSize >= arguments["buf_xsize"]]
        return everything(fit[-1])
    if "xoff" in arguments:
        return blocks(found[0], [arguments[name] for name in ("xoff", "yoff", "xsize", "ysize")])
    return everything(found[0])


class Need:
    """The bytes of one file that a case needs, the header always among them."""

    def __init__(self, case, path):
        dataset = gdal.Open(path)
        self.blocks = sorted(needed_blocks(case, dataset))
        self.header = header_size(dataset, path)
        self.file_size = os.path.getsize(path)
        self.size = self.header + sum(size for _, size in self.blocks)

    def unused_of(self, first, last):
        """How many bytes of a range are neither needed blocks nor the header before them."""
        used = sum(max(0, min(last + 1, offset + size) - max(first, offset))
                   for offset, size in self.blocks)
        if first < self.header:
            used += min(last + 1, self.header) - first
        return max(0, last + 1 - first - used)
