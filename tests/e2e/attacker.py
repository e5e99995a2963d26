# SPDX-License-Identifier: MIT
"""A server that means harm, and programs that are run against it with a measure of what they take."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib

from .support import SECONDS

MEGABYTE = 1 << 20
# Its own figure is small: that of a child begins with what the one that started it has taken.
MEASURE = """
import os, sys
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss // 1024))
code = os.waitstatus_to_exitcode(status)
os._exit(code if code >= 0 else 128 - code)
"""
HUNG = 60


class Attacker:
    """Listens on loopback; a context manager. `play(request)` gives the bytes of an answer piece by
    piece, as many as are taken; a request is the lines of its head."""

    def __init__(self, play):
        self.play = play
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests, self.sent = [], 0
        self.lock = threading.Lock()
        self.ended = False

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            connection.settimeout(HUNG)
            try:
                request = read_head(connection)
                if not request:
                    return
                with self.lock:
                    self.requests.append(request)
                for piece in self.play(request):
                    if self.ended:
                        return
                    connection.sendall(piece)
                    with self.lock:
                        self.sent += len(piece)
                # Not all of a request's body may have been read: it would be a reset otherwise.
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(65536):
                    pass
            except OSError:
                pass


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    return data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")


def head(status=200, **headers):
    """A header's name is written with underscores."""
    lines = [f"HTTP/1.1 {status} Odd", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body, status=200, **headers):
    yield head(status, Content_Length=len(body), **headers) + body


def chunks(pieces, **headers):
    """An answer that does not say how long it is."""
    yield head(Transfer_Encoding="chunked", **headers)
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def endless(piece):
    while True:
        yield piece


def zeros_in_gzip(size=None):
    """Pieces of a gzip file of so many zeros, or of zeros for ever: 16 MB in 16 kB."""
    block = 16 * MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    sent = 0
    while size is None or sent < size:
        yield piece
        sent += block


class Measured:
    """How a program ended, what it said, and the most memory (MB) and the time (s) that it took."""

    def __init__(self, code, out, err, peak, seconds):
        self.code, self.out, self.err, self.peak, self.seconds = code, out, err, peak, seconds


def measure(machine, *command, **variables):
    place = machine.folder / "peak"
    place.unlink(missing_ok=True)
    begin = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", MEASURE, str(place), *map(str, command)],
        cwd=machine.work, env=machine.environment(**variables), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = program.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.communicate()
        raise
    return Measured(program.returncode, out.decode(errors="surrogateescape"),
                    err.decode(errors="surrogateescape"), int(place.read_text()),
                    time.monotonic() - begin)
