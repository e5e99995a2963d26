# SPDX-License-Identifier: MIT
"""What lies between a client and a server, and what a network can do to them.

As long as no rule with "wire" is there for its server, a wire hands bytes on as they come, TLS and
HTTP/2 included. Where one is, the connections that are made take one request each, in HTTP/1.1, and
the rule says what becomes of its answer.
"""

import contextlib
import select
import socket
import ssl
import threading
import time

from .exchange import Request

LONGEST = 65536
NO_HTTP = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + bytes(range(256))
RESET = b"\x01\0\0\0\0\0\0\0"
# Behind a TLS handshake, and within what follows it.
BEFORE_RESET = 4000
# A passing refusal is over sooner than the default number of attempts.
CYCLE = 0.1


def socket_of_port(port):
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def reset(client):
    """A TCP RST in place of an end, whatever has been sent before."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    client.close()


def serving_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.file, certificate.key)
    context.set_alpn_protocols(["http/1.1"])
    return context


def asking_context():
    """What is asked is a server of our own, on loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def read_request(client):
    """(Request, its bytes with "Connection: close") or None where the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(LONGEST)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.title(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("Content-Length") or 0):
        body += client.recv(LONGEST)
    headers["Connection"] = "close"
    method, target, _ = line.split(" ")
    lines = [line, *(f"{name}: {value}" for name, value in headers.items())]
    whole = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return Request(method, target, headers, body, ""), whole


class Wire:
    """Faults of the network before the server of that name, which listens on port `target`."""

    def __init__(self, server, target, faults, certificate=None):
        self.server, self.target, self.faults = server, target, faults
        self.context = serving_context(certificate) if certificate else None
        self.asking = asking_context() if certificate else None
        # Bound as long as this lives, so that nobody else gets the port while it refuses.
        self.holder = socket_of_port(0)
        self.port = self.holder.getsockname()[1]
        self.lock = threading.Lock()
        self.listener, self.share, self.stopped = None, 0, threading.Event()
        self.clients = set()
        self.listen(True)
        threading.Thread(target=self.alternate, daemon=True).start()

    def listen(self, wanted):
        with self.lock:
            if wanted and not self.listener:
                self.listener = socket_of_port(self.port)
                self.listener.listen(512)
                threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()
            elif not wanted and self.listener:
                # Wakes the thread that waits for connections.
                self.listener.shutdown(socket.SHUT_RDWR)
                self.listener.close()
                self.listener = None

    def update(self):
        """When the rules have changed: what was handed on ends with the first rule, and from here on
        connections are refused, or no longer."""
        if self.faults.of_wire(self.server):
            for client in list(self.clients):
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
        rule = self.faults.of_wire(self.server, "refused")
        self.share = rule.share if rule else 0
        if self.share in (0, 1):
            self.listen(self.share == 0)

    def alternate(self):
        while not self.stopped.wait(CYCLE * (1 - self.share)):
            if 0 < self.share < 1:
                self.listen(False)
                time.sleep(CYCLE * self.share)
                # The rules may be others by now.
                if self.share < 1:
                    self.listen(True)

    def stop(self):
        self.stopped.set()
        self.share = 0
        self.listen(False)
        self.holder.close()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with contextlib.suppress(OSError, ValueError):
            self.clients.add(client)
            rule = self.faults.of_wire(self.server)
            if rule is None:
                self.hand_on(client)
            elif rule.rule["wire"] == "reset on the way":
                self.hand_on(client, BEFORE_RESET if self.faults.take(rule) else None)
            else:
                self.answer_one(client)
        self.clients.discard(client)
        with contextlib.suppress(OSError):
            client.close()

    def hand_on(self, client, left=None):
        """With `left`, the server's side is cut after so many bytes, whatever they are."""
        with socket.create_connection(("127.0.0.1", self.target)) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            others = {client: server, server: client}
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    data = ready.recv(LONGEST)
                    if not data:
                        return
                    if ready is server and left is not None:
                        client.sendall(data[:left])
                        left -= len(data)
                        if left <= 0:
                            reset(client)
                            return
                        continue
                    others[ready].sendall(data)

    def answer_one(self, client):
        if self.context:
            client = self.context.wrap_socket(client, server_side=True)
        with client:
            found = read_request(client)
            if found is None:
                return
            request, data = found
            request.server = self.server
            fault = self.faults.match(request, on_wire=True)
            kind = fault.rule["wire"] if fault else None
            if kind in KINDS:
                KINDS[kind](self, client, data)
            else:
                client.sendall(self.ask(data))

    def ask(self, data):
        """All that the server answers to the bytes of a request."""
        with socket.create_connection(("127.0.0.1", self.target)) as plain:
            server = self.asking.wrap_socket(plain) if self.asking else plain
            with server:
                server.sendall(data)
                pieces = []
                with contextlib.suppress(OSError):
                    while piece := server.recv(LONGEST):
                        pieces.append(piece)
                return b"".join(pieces)

    def parts(self, data):
        head, end, body = self.ask(data).partition(b"\r\n\r\n")
        return head + end, body

    def keep(self, client):
        """Silence until the client goes."""
        client.settimeout(0.1)
        while not self.stopped.is_set():
            with contextlib.suppress(TimeoutError):
                if not client.recv(LONGEST):
                    return

    def drip(self, client, data):
        for place in range(len(data)):
            client.sendall(data[place:place + 1])
            if self.stopped.wait(1):
                return


def reset_before(_wire, client, _data):
    reset(client)


def reset_in_head(wire, client, data):
    client.sendall(wire.parts(data)[0][:30])
    reset(client)


def reset_after_head(wire, client, data):
    client.sendall(wire.parts(data)[0])
    reset(client)


def reset_in_body(wire, client, data):
    head, body = wire.parts(data)
    client.sendall(head + body[:len(body) // 2])
    reset(client)


def silent(wire, client, _data):
    wire.keep(client)


def silent_in_body(wire, client, data):
    head, body = wire.parts(data)
    client.sendall(head + body[:len(body) // 2])
    wire.keep(client)


def byte_by_byte(wire, client, data):
    wire.drip(client, b"".join(wire.parts(data)))


def body_byte_by_byte(wire, client, data):
    head, body = wire.parts(data)
    client.sendall(head)
    wire.drip(client, body)


def no_http(_wire, client, _data):
    client.sendall(NO_HTTP)


KINDS = {"reset before": reset_before, "reset within the head": reset_in_head,
         "reset after the head": reset_after_head, "reset within the body": reset_in_body,
         "silent": silent, "silent within the body": silent_in_body,
         "a byte a second": byte_by_byte, "a body of a byte a second": body_byte_by_byte,
         "no HTTP": no_http}
