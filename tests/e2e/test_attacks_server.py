# SPDX-License-Identifier: MIT
"""A server that means harm: whatever it sends, and however much, a program ends with an error or
with what is right, in the time and the memory that SECURITY.md says (issue 15)."""

import json
import re
import struct
import time

import pytest

from .attacker import MEGABYTE, Attacker, chunks, endless, head, measure, whole, zeros_in_gzip
from .support import FOLDER
from .terminal import S2C
from .test_s2c_listing import ACTIVE
from .tiff_file import tiff

ID = 10433
NAME = f"S2C:{ID}:y"
FACTBASE = 1
QUICK = {"S2C_TIMEOUT": 2, "S2C_CONNECTTIMEOUT": 2, "S2C_RETRY_DELAY": "0.01"}
# MB: a program of GDAL takes 60, and an answer of 64 is copied once while it grows.
MOST, MOST_OF_LOGIN = 300, 100
# GDAL reads whole blocks, each of less than 2 GB.
MOST_OF_BLOCK = 2300
# Of a document with as many values as there is room for.
MOST_OF_VALUES = 450
# Four attempts that end after two seconds each, and what a busy machine takes.
LONGEST = 40


def json_of_a_gigabyte(_):
    piece = b'"aaaaaaaaaaaaaaa",' * 50_000
    pieces = (b'{"data":[' if number == 0 else piece for number in range(1200))
    yield from chunks(pieces, Content_Type="application/json")


def body_of_a_gigabyte(_):
    yield head(Content_Length=1 << 30)
    yield from endless(bytes(MEGABYTE))


def endless_body(_):
    yield head()
    yield from endless(b" " * MEGABYTE)


def endless_chunks(_):
    yield from chunks(endless(b" " * MEGABYTE))


def chunk_of_most(_):
    yield head(Transfer_Encoding="chunked") + b"7fffffffffffffff\r\n"
    yield from endless(b" " * MEGABYTE)


def chunk_extension(_):
    yield head(Transfer_Encoding="chunked") + b"2;"
    yield from endless(b"x" * 100_000)


def headers(_):
    yield b"HTTP/1.1 200 OK\r\n"
    yield from endless((b"X-A: %s\r\n" % (b"b" * 1000)) * 50)


def one_header(_):
    yield b"HTTP/1.1 200 OK\r\nX-A: "
    yield from endless(b"b" * 100_000)


def interim_answers(_):
    yield from endless(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500)


def trailers(_):
    yield head(Transfer_Encoding="chunked") + b"2\r\n{}\r\n0\r\n"
    yield from endless((b"X-A: %s\r\n" % (b"b" * 1000)) * 50)


def gzip_bomb(_):
    yield from chunks(zeros_in_gzip(), Content_Encoding="gzip")


def gzip_within_gzip(_):
    yield from chunks(zeros_in_gzip(), Content_Encoding="gzip, gzip, gzip")


def deep(_):
    yield from whole(b'{"a":[' * 1_000_000)


ANSWERS = {play.__name__: play for play in (
    json_of_a_gigabyte, body_of_a_gigabyte, endless_body, endless_chunks, chunk_of_most,
    chunk_extension, headers, one_header, interim_answers, trailers, gzip_bomb, gzip_within_gzip,
    deep)}


def refused(done, most):
    """The one sentence of a program that has ended as it should."""
    assert done.code == 1 and done.peak < most and done.seconds < LONGEST, vars(done)
    errors = [line for line in done.err.splitlines() if line.startswith("ERROR ")]
    assert len(errors) == 1 and "S2C: " in errors[0], done.err
    assert not ACTIVE.search(done.err)
    return errors[0]


def is_taken_in_bounds(attacker, answer):
    """Of 64 MB, and what is under way; libcurl reads on in what says how long a chunk is."""
    return attacker.sent < 100 * MEGABYTE or answer == "chunk_extension"


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_api_is_given_up(machine, answer):
    with Attacker(ANSWERS[answer]) as attacker:
        done = measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK)
    assert attacker.url in refused(done, MOST)
    assert len(attacker.requests) <= 4 and is_taken_in_bounds(attacker, answer)


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_login_server_is_given_up(machine, answer):
    with Attacker(ANSWERS[answer]) as attacker:
        done = measure(machine, "gdalinfo", NAME, S2C_AUTH_URL=attacker.url, **QUICK)
    assert "check S2C_AUTH_URL" in refused(done, MOST_OF_LOGIN)
    # A password in doubt is sent once more.
    assert len(attacker.requests) <= 2


# The second is what is still read: client/base/json.cpp has the bound.
@pytest.mark.parametrize("most", [63 << 20, 3_950_000, 7_900_000])
@pytest.mark.parametrize("value", [b"0", b"{}", b"[]", b'""', b'"":0'])
def test_a_document_of_tiny_values_has_a_bound(machine, value, most):
    count = min((63 << 20) // (len(value) + 1), most)
    begin, end = (b"{", b"}") if b":" in value else (b"[", b"]")

    def values(_):
        yield from whole(b'{"data":' + begin + (value + b",") * count + value + end + b"}")
    with Attacker(values) as attacker:
        done = measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK)
    assert "check S2C_API_URL" in refused(done, MOST_OF_VALUES)


@pytest.mark.parametrize("path", [b"a" + b" " * (60 << 20), b"a" * (60 << 20)], ids=len)
def test_a_result_with_a_path_without_end_has_a_bound(machine, path):
    output = b'[{\\"name\\":\\"y\\",\\"file_type\\":\\"geotiff\\",\\"data\\":\\"' + path + b'\\"}]'

    def play(_):
        yield from whole(b'{"data":{"type":"inference","id":"10433","attributes":{"status":'
                         b'"SUCCEEDED","output":"' + output + b'"},"relationships":{"factbase":'
                         b'{"data":{"type":"factbase","id":"1"}}}},"included":[{"type":"factbase",'
                         b'"id":"1","attributes":{"uri":"https://a.example/"}}]}')
    with Attacker(play) as attacker:
        done = measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK)
    assert "it is too long" in refused(done, MOST_OF_VALUES)


def drips(piece):
    def play(_):
        yield head(Transfer_Encoding="chunked")
        for one in endless(b"1\r\n" + piece + b"\r\n"):
            time.sleep(0.1)
            yield one
    return play


@pytest.mark.parametrize("option", ["S2C_API_URL", "S2C_AUTH_URL"])
def test_who_sends_hardly_anything_is_left_after_gdals_timeout(machine, option):
    with Attacker(drips(b" ")) as attacker:
        done = measure(machine, "gdalinfo", NAME, GDAL_HTTP_TIMEOUT=1, S2C_MAX_RETRY=1,
                       **{option: attacker.url})
    refused(done, MOST)


class Results:
    """One result, whose file a server of the test's own has."""

    def __init__(self, sen2cube):
        self.sen2cube = sen2cube
        self.factbase = sen2cube.files_url

    def serve(self, url, size, kind="geotiff"):
        self.sen2cube.change_factbase(FACTBASE, uri=url)
        self.sen2cube.change_inference(ID, status="SUCCEEDED", output=json.dumps([{
            "name": "y", "file_type": kind, "bytes": size, "dims": ["time"],
            "data": f"{FOLDER}/y.{'csv' if kind == 'csv' else 'tiff'}"}]))

    def restore(self):
        self.sen2cube.change_factbase(FACTBASE, uri=self.factbase)
        self.sen2cube.change_inference(ID, output="[]")


@pytest.fixture
def results(sen2cube):
    made = Results(sen2cube)
    yield made
    made.restore()


def part(play):
    """The same as an answer to a request for a part."""
    def as_part(request):
        for number, piece in enumerate(play(request)):
            if number == 0:
                piece = piece.replace(b" 200 Odd\r\n", b" 206 Part\r\n"
                                      b"Content-Range: bytes 0-999/1000\r\n", 1)
            yield piece
    return as_part


@pytest.mark.parametrize("kind", ["geotiff", "csv"])
@pytest.mark.parametrize("as_answered", [part, lambda play: play], ids=["part", "whole"])
@pytest.mark.parametrize("answer", [name for name in ANSWERS if name != "deep"])
def test_a_file_is_given_up(machine, results, answer, as_answered, kind):
    with Attacker(as_answered(ANSWERS[answer])) as attacker:
        results.serve(attacker.url, 1000, kind)
        command = ["ogrinfo", "-al"] if kind == "csv" else ["gdalinfo"]
        done = measure(machine, *command, NAME, **QUICK, TMPDIR=machine.folder)
    assert done.peak < MOST and done.seconds < LONGEST, vars(done)
    assert "S2C: output 'y' of inference 10433" in done.err or "S2C: what " in done.err, done.err
    assert done.code == 1 or kind == "csv"
    assert attacker.requests
    assert is_taken_in_bounds(attacker, answer)
    assert not list(machine.folder.glob("s2c.*"))


SIZES = [10 << 30, -1, -(1 << 63), 1 << 63, 1 << 64, 1e300, -1e300, 1 << 60, (1 << 32) + 1298, True,
         None, "10 GB", [], {}]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_size_that_is_none_is_an_error_or_no_size(machine, results, size):
    def play(request):
        yield from answer_part(tiff(), request)
    with Attacker(play) as attacker:
        results.serve(attacker.url, size)
        for command in (["gdalinfo", "-checksum", NAME], [S2C, "get", ID, "y", "--overwrite"]):
            done = measure(machine, *command, **QUICK)
            assert done.peak < MOST and done.seconds < LONGEST
            if done.code == 0:
                assert "Checksum=0" in done.out or "1298" in done.out
            else:
                assert "has 1298 bytes on the server but" in done.err, done.err


def answer_part(content, request, size=None):
    """`content`, of a file that goes on with zeros where it is of another size."""
    size = size or len(content)
    asked = next(line for line in request if line.lower().startswith("range:"))
    begin, end = (int(number) for number in re.findall(r"\d+", asked))
    end = min(end, size - 1)
    body = content[begin:end + 1].ljust(end + 1 - begin, b"\0")
    yield from whole(body, 206, Content_Range=f"bytes {begin}-{end}/{size}",
                     Content_Type="image/tiff")


@pytest.mark.parametrize("size", [10 << 30, 1 << 60], ids=str)
def test_of_a_file_of_any_size_a_program_takes_what_it_reads(machine, results, size):
    def play(request):
        yield from answer_part(tiff(), request, size)
    with Attacker(play) as attacker:
        results.serve(attacker.url, size)
        done = measure(machine, "gdalinfo", "-checksum", NAME, **QUICK)
    assert (done.code, done.err) == (0, "") and "Checksum=0" in done.out
    assert done.peak < MOST and attacker.sent < MEGABYTE


def changed(tag, value=None, count=None):
    """tiff() with another value, or number of values, of a tag."""
    data = bytearray(tiff())
    place, = struct.unpack_from("<I", data, 4)
    entries, = struct.unpack_from("<H", data, place)
    for entry in range(place + 2, place + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", data, entry)[0] != tag:
            continue
        if value is not None:
            struct.pack_into("<HII", data, entry + 2, 4, 1, value)
        if count is not None:
            struct.pack_into("<I", data, entry + 4, count)
    return bytes(data)


def looped():
    """Directories that follow each other in a circle."""
    data = bytearray(tiff())
    place, = struct.unpack_from("<I", data, 4)
    entries, = struct.unpack_from("<H", data, place)
    struct.pack_into("<I", data, place + 2 + 12 * entries, place)
    return bytes(data)


def chain():
    """As many directories as there is room for, each of one tag."""
    data = bytearray(tiff())
    place, = struct.unpack_from("<I", data, 4)
    entries, = struct.unpack_from("<H", data, place)
    data += bytes(len(data) % 2)
    struct.pack_into("<I", data, place + 2 + 12 * entries, len(data))
    count, size = 60_000, 18
    for number in range(count):
        following = len(data) + size if number + 1 < count else 0
        data += struct.pack("<HHHIII", 1, 256, 4, 1, 32, following)
    return bytes(data)


def both(first, second):
    data, other, original = bytearray(first), second, tiff()
    for place, byte in enumerate(original):
        if other[place] != byte:
            data[place] = other[place]
    return bytes(data)


WIDE, HIGH = 256, 257
MANY = (1 << 31) - 1
TIFFS = {
    "wide": changed(WIDE, MANY), "high": changed(HIGH, MANY),
    "huge": both(changed(WIDE, MANY), changed(HIGH, MANY)),
    "wider than GDAL's": changed(WIDE, 0xFFFFFFFF), "strip of most": changed(278, MANY),
    "strips of one row": both(changed(HIGH, MANY), changed(278, 1)),
    "many offsets": changed(273, count=MANY), "many sizes": changed(279, count=MANY),
    "long strip": changed(279, value=0xFFFFFFFF), "many keys": changed(34735, count=MANY),
    "long text": changed(34737, count=MANY), "many bands": changed(277, 65535),
    "many bits": changed(258, 65535), "loop": looped(), "chain": chain(),
    "no directory": b"II*\0\xff\xff\xff\xff" + bytes(1000),
    "itself": b"II*\0\0\0\0\0" + bytes(1000), "cut": tiff()[:1100],
}


@pytest.mark.parametrize("kind", TIFFS)
def test_a_tiff_that_claims_too_much_takes_no_more_than_it_has(machine, results, kind):
    def play(request):
        yield from answer_part(TIFFS[kind], request)
    with Attacker(play) as attacker:
        results.serve(attacker.url, len(TIFFS[kind]))
        for command in (["gdalinfo", NAME],
                        ["gdal_translate", "-q", "-srcwin", 0, 0, 9, 9, NAME, "y.tif"]):
            done = measure(machine, *command, **QUICK)
            assert done.code in (0, 1) and done.seconds < LONGEST, vars(done)
            assert done.peak < (MOST_OF_BLOCK if kind == "wide" else MOST), vars(done)
            assert done.code == 0 or "ERROR" in done.err
        assert attacker.sent < 10 * MEGABYTE


@pytest.mark.parametrize("location", [
    "javascript:alert(1)", "file:///etc/passwd", "--browser=/bin/sh", "gopher://127.0.0.1/x",
    "data:text/html,x", "//[::1", "http://a b/\x1b[2J\x9b31m", "http://user:word@127.0.0.1:1/x",
    "http://127.0.0.1:1/" + "x" * 100_000, "/\x00\x07", "\\\\host\\share", ""])
def test_a_redirect_to_no_place_is_told_in_one_sentence(machine, results, location):
    def play(_):
        yield f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with Attacker(play) as attacker:
        for option in ("S2C_API_URL", "S2C_AUTH_URL"):
            error = refused(measure(machine, "gdalinfo", NAME, **QUICK, CPL_DEBUG="ON",
                                    **{option: attacker.url}), MOST)
            assert len(error) < 12_000 and "word" not in error
        results.serve(attacker.url, 1000)
        refused(measure(machine, "gdalinfo", NAME, **QUICK, CPL_DEBUG="ON"), MOST)


def test_redirects_without_an_end_end_after_five(machine, results):
    def play(request):
        place = request[0].split()[1].split("?")[0]
        yield from whole(b"", 302, Location=f"{place}/x")
    with Attacker(play) as attacker:
        refused(measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK), MOST)
        assert len(attacker.requests) == 6
        results.serve(attacker.url, 1000)
        refused(measure(machine, "gdalinfo", NAME, **QUICK), MOST)
        assert len(attacker.requests) == 12


def test_who_is_redirected_elsewhere_brings_no_token(machine, results):
    """And not by the second step either, which is on the stranger's own host."""
    def strange(request):
        yield from whole(b"", 302, Location="/again") if "again" not in request[0] \
            else whole(b"", 404)
    with Attacker(strange) as stranger:
        def play(_):
            yield from whole(b"", 302, Location=f"{stranger.url}/x")
        with Attacker(play) as attacker:
            measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK)
            results.serve(attacker.url, 1000)
            measure(machine, "gdalinfo", NAME, **QUICK)
        assert any("Authorization" in line for request in attacker.requests for line in request)
        assert len(stranger.requests) == 4
        assert not any("uthorization" in line for request in stranger.requests for line in request)


@pytest.mark.parametrize("asked", ["999999999999999999999", "9999999", "-1", "\x1b[2J",
                                   "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_longer_than_a_retry_may_take(machine, asked):
    def play(_):
        yield from whole(b"", 503, Retry_After=asked)
    with Attacker(play) as attacker:
        done = measure(machine, "gdalinfo", NAME, S2C_API_URL=attacker.url, **QUICK,
                       S2C_MAX_RETRY=1)
    refused(done, MOST)
    assert len(attacker.requests) == 2
