# SPDX-License-Identifier: MIT
"""What nobody may be sent to: a server that has no part in the service, and a file of the user's."""

import ctypes
import os
import socket
import threading

IN_OPEN = 0x20
# GDAL's own options, which act on each of its requests.
HTTP_OPTIONS = {"GDAL_HTTP_HEADERS": "X-Key: for-the-service", "GDAL_HTTP_USERPWD": "me:my-word",
                "GDAL_HTTP_TIMEOUT": "5", "PROJ_NETWORK": "ON"}


class Stranger:
    """Listens on loopback, and keeps what is sent to it; a context manager."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.received = []
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                self.received.append("")
                try:
                    self.received[-1] = connection.recv(10_000).decode(errors="replace")
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n"
                                       b"Connection: close\r\n\r\n")
                except OSError:
                    pass


class WatchedFile:
    """Tells whether anybody has opened the file since this was made."""

    def __init__(self, path):
        self.path = path
        libc = ctypes.CDLL(None, use_errno=True)
        self.events = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(self.events, os.fsencode(path), IN_OPEN) > 0

    def was_opened(self):
        try:
            return bool(os.read(self.events, 10_000))
        except BlockingIOError:
            return False

    def close(self):
        os.close(self.events)
