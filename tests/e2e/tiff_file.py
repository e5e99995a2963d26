# SPDX-License-Identifier: MIT
"""GeoTIFF files with whatever GDAL's own writer would not write into them."""

import struct

SHORT, LONG, DOUBLE, ASCII = 3, 4, 12, 2
SIZES = {SHORT: ("H", 2), LONG: ("I", 4), DOUBLE: ("d", 8), ASCII: ("B", 1)}
SIDE = 32
GEOTIFF_VERSION = [1, 1, 0]
PROJECTED, USER_DEFINED = 1, 32767


def geo_keys(srs, citation):
    """The key directory and the text of its only text key.

    `srs` is the code of a projected system; with `citation` it is what that text says, as ESRI's
    programs write it.
    """
    text = ""
    keys = [[1024, 0, 1, PROJECTED], [1025, 0, 1, 1], [3072, 0, 1, srs]]
    if citation:
        text = f"ESRI PE String = {citation}|"
        keys = [[1024, 0, 1, USER_DEFINED], [1025, 0, 1, 1], [3073, 34737, len(text), 0]]
    directory = [*GEOTIFF_VERSION, len(keys), *(number for key in keys for number in key)]
    return directory, text + "\0"


def tiff(metadata="", srs=3035, citation="", is_placed=True):
    """The bytes of a file with one band of zeros, and `metadata` in GDAL's own tag."""
    pixels = bytes(SIDE * SIDE)
    directory, text = geo_keys(srs, citation)
    tags = {256: (SHORT, [SIDE]), 257: (SHORT, [SIDE]), 258: (SHORT, [8]), 259: (SHORT, [1]),
            262: (SHORT, [1]), 273: (LONG, [8]), 277: (SHORT, [1]), 278: (SHORT, [SIDE]),
            279: (LONG, [len(pixels)]), 34735: (SHORT, directory), 34737: (ASCII, text.encode())}
    if is_placed:
        tags[33550] = (DOUBLE, [10.0, 10.0, 0.0])
        tags[33922] = (DOUBLE, [0.0, 0.0, 0.0, 4550000.0, 2750000.0, 0.0])
    if metadata:
        tags[42112] = (ASCII, f"<GDALMetadata>{metadata}</GDALMetadata>\0".encode())
    place = 8 + len(pixels) + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for number, (kind, numbers) in sorted(tags.items()):
        code, size = SIZES[kind]
        packed = struct.pack(f"<{len(numbers)}{code}", *numbers)
        if len(packed) > 4:
            field = struct.pack("<I", place + len(values))
            values += packed + bytes(len(packed) % 2)
        else:
            field = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", number, kind, len(packed) // size) + field
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels \
        + struct.pack("<H", len(tags)) + entries + bytes(4) + values
