# SPDX-License-Identifier: MIT
"""Answers of file servers, balancers and proxies that RFC 9110 allows (issue 10)."""

import gzip
import http.server
import itertools
import json
import re
import threading
from email.utils import formatdate

import numpy as np
import pytest
from osgeo import gdal

from .support import COMPOSITE, content, same_pixels, sample

CONTENT = content(sample("Cloud_free_composite"))
CHANGED = formatdate(1627293600, usegmt=True)
ETAGS = itertools.count()


class FileServer(http.server.ThreadingHTTPServer):
    """Serves one file; `bend` changes the answer: (status, headers, body) of a range."""

    daemon_threads = True

    def __init__(self, served, bend):
        self.served, self.bend, self.count, self.sent = served, bend, 0, 0
        super().__init__(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        served = self.server.served
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        first, last = int(found[1]), min(int(found[2]), len(served) - 1)
        status, headers, body = self.server.bend(served, first, last)
        self.server.count += 1
        self.server.sent += len(body)
        self.send_response(status)
        for name, value in {"ETag": '"v1"', "Last-Modified": CHANGED, "Content-Type": "image/tiff",
                            "Content-Length": len(body), **headers}.items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def part(served, first, last, **headers):
    span = {"Content-Range": f"bytes {first}-{last}/{len(served)}"}
    return 206, {**span, **{name.replace("_", "-"): value for name, value in headers.items()}}, \
        served[first:last + 1]


def as_asked(served, first, last):
    return part(served, first, last)


def fewer(served, first, last):
    return part(served, first, min(last, first + 20_000))


def more(served, first, last):
    return part(served, first // 50_000 * 50_000, min(last + 33_333, len(served) - 1))


def weak_and_strong(served, first, last):
    return part(served, first, last, ETag=('"v1"', 'W/"v1"')[next(ETAGS) % 2])


def alternating(served, first, last):
    return part(served, first, last, ETag=('"a"', '"b"')[next(ETAGS) % 2])


def alternating_without_a_time(served, first, last):
    return part(served, first, last, ETag=('"a"', '"b"')[next(ETAGS) % 2], Last_Modified=None)


def of_html(served, first, last):
    return part(served, first, last, Content_Type="text/html")


def gzipped_part(served, first, last):
    status, headers, body = part(served, first, last)
    return status, {**headers, "Content-Encoding": "gzip", "ETag": 'W/"v1"'}, gzip.compress(body)


def gzipped_whole(served, _first, _last):
    return 200, {"Content-Encoding": "gzip"}, gzip.compress(served)


def part_of_gzipped(served, first, last):
    coded = gzip.compress(served)
    status, headers, body = part(coded, min(first, len(coded) - 1), min(last, len(coded) - 1) // 2)
    return status, {**headers, "Content-Encoding": "gzip"}, body


def short_parts(bend):
    """As `bend`, in several requests for this small file."""
    def bent(served, first, last):
        return bend(served, first, min(last, first + 30_000))
    return bent


@pytest.fixture
def serve(sen2cube):
    """Makes the results of factbase 1 come from a FileServer."""
    started = []

    def begin(served, bend):
        started.append(FileServer(served, bend).__enter__())
        sen2cube.change_factbase(1, uri=started[-1].url)
        return started[-1]
    yield begin
    sen2cube.change_factbase(1, uri=sen2cube.files_url)
    for server in started:
        server.__exit__()


@pytest.mark.parametrize("bend", [
    as_asked, fewer, more, short_parts(weak_and_strong), short_parts(alternating), of_html,
    gzipped_part, gzipped_whole, short_parts(gzipped_part)])
def test_an_answer_that_is_allowed_gives_the_right_pixels(serve, bend):
    serve(CONTENT, bend)
    arrays = [gdal.Open(name).ReadAsArray() for name in (COMPOSITE, sample("Cloud_free_composite"))]
    assert same_pixels(*arrays)


@pytest.mark.parametrize("bend, reason", [
    (short_parts(alternating_without_a_time), "was changed on the server"),
    (part_of_gzipped, "cannot be read")])
def test_what_could_be_another_version_is_refused(serve, bend, reason):
    serve(CONTENT, bend)
    with pytest.raises(RuntimeError, match=reason):
        gdal.Open(COMPOSITE).ReadAsArray()


def test_small_tiles_out_of_order_are_fetched_together(serve, sen2cube, tmp_path):
    path, side = str(tmp_path / "scattered.tiff"), 64 * 50
    made = gdal.GetDriverByName("GTiff").Create(
        path, side, side, 1, gdal.GDT_UInt16,
        ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=NONE"])
    pixels = np.random.default_rng(1).integers(0, 60000, (side, side), dtype=np.uint16)
    order = np.random.default_rng(2).permutation(50 * 50)
    for tile in order:
        y, x = 64 * (tile // 50), 64 * (tile % 50)
        made.GetRasterBand(1).WriteArray(pixels[y:y + 64, x:x + 64], int(x), int(y))
        made.FlushCache()
    made = None
    served = content(path)
    server = serve(served, as_asked)
    document = [{"name": "scattered", "file_type": "geotiff", "data": "/output/scattered.tiff",
                 "bytes": len(served)}]
    sen2cube.change_inference(10425, output=json.dumps(document))
    opened = gdal.Open("S2C:10425:scattered")
    for y, x in itertools.product(range(0, side, 64), repeat=2):
        assert np.array_equal(opened.ReadAsArray(x, y, 64, 64), pixels[y:y + 64, x:x + 64])
    assert server.count < 800
    assert server.sent < 1.1 * len(served)
