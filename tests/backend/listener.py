# SPDX-License-Identifier: MIT
"""HTTP/1.1 on a loopback port, one thread a connection."""

import socket
import socketserver
import sys
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .exchange import Request, html_answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # One write an answer: a header and a body in two packets cost a delayed ACK.
    wbufsize = -1

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self.chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def chunks(self):
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            chunk = self.rfile.read(size)
            self.rfile.readline()
            if not size:
                return
            yield chunk

    def serve(self):
        request = Request(self.command, self.path, self.headers, self.read_body(),
                          f"{self.client_address[0]}:{self.client_address[1]}")
        try:
            answer = self.server.answer(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            answer = html_answer(500, "The local Sen2Cube failed; see its standard error.")
            # The journal promises the status that the client saw.
            request.entry["status"] = 500
        self.send(answer)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = serve

    def send(self, answer):
        if answer.close:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       b"\x01\0\0\0\0\0\0\0")
            return
        body = b"" if self.command == "HEAD" else answer.body
        if answer.truncate is not None:
            body = body[:answer.truncate]
            self.close_connection = True
        reason = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "Odd"
        lines = [f"HTTP/1.1 {answer.status} {reason}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if "Content-Length" not in answer.headers and answer.status not in (204, 304):
            lines.append(f"Content-Length: {len(answer.body)}")
        if self.close_connection:
            lines.append("Connection: close")
        self.wfile.write("\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body)
        self.wfile.flush()

    def log_message(self, *_):
        """The journal prints requests, when asked to."""


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, port, answer):
        super().__init__(("127.0.0.1", port), Handler)
        self.answer = answer
        self.port = self.server_address[1]

    def server_bind(self):
        # HTTPServer's own would look the address up in the DNS.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        """A client that hangs up is no event here."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ValueError, TimeoutError)):
            super().handle_error(request, client_address)


