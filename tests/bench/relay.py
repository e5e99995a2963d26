# SPDX-License-Identifier: MIT
"""A slow link in user space: TCP on loopback with a round trip and a rate of its own.

How the link is modelled:
* A byte is on its way for half a round trip, either way.
* Each direction has a rate that all connections share, in turns of CHUNK bytes. What finds the
  link busy stays in its sender's socket, as behind a router that queues fairly.
* Connecting costs a round trip. The kernel of loopback accepts at once, so the client's first
  bytes are held until a real SYN-ACK could have come back; TLS and HTTP clients speak first, so
  that is the same to them. curl's time_connect does not show it, its time_appconnect does.
* A connection has at most WINDOW bytes on their way to a receiver that does not read.
* Not modelled: loss, slow start, packet headers. All contenders are spared them alike.
"""

import argparse
import collections
import heapq
import json
import os
import select
import socket
import sys
import time

CHUNK = 16384
# Larger than rate times round trip (500 kB), smaller than what Linux lets a socket grow to.
WINDOW = 4 << 20
# What nginx may have written ahead of the link, about what a real sender's socket holds.
RECEIVE_BUFFER = 256 << 10
# A wake-up that comes late is made good, an idle link saves nothing up.
LATENESS = 0.01


class Direction:
    """One way of the link: when it is free, and what it has carried."""

    def __init__(self, bytes_per_second):
        self.seconds_per_byte = 1 / bytes_per_second
        self.free = 0.0
        self.turn = collections.deque()

    def carry(self, count, now):
        """The moment at which `count` bytes have left."""
        start = self.free if now - self.free < LATENESS else now
        self.free = max(start, self.free) + count * self.seconds_per_byte
        return self.free


class Half:
    """One way of one connection: from `source`, along the link, to `sink`."""

    def __init__(self, source, sink, direction, target):
        self.source, self.sink, self.direction, self.target = source, sink, direction, target
        self.earliest = 0.0
        self.on_way = 0
        self.waiting = collections.deque()
        self.ended = False
        self.done = False

    def may_read(self):
        return not self.ended and self.on_way < WINDOW

    def deliver(self):
        """Writes what has arrived as far as the receiver takes it."""
        while self.waiting:
            data = self.waiting[0]
            if data is None:
                self.done = True
                shut(self.sink)
                return
            try:
                sent = self.sink.send(data)
            except BlockingIOError:
                return
            except OSError:
                self.ended = self.done = True
                return
            self.on_way -= sent
            if sent == len(data):
                self.waiting.popleft()
            else:
                self.waiting[0] = data[sent:]


def shut(connection):
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Target:
    """A server behind the relay: where it is, and the counters of its connections."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.address = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.counts = {"connections": 0, "open": 0, "up": 0, "down": 0}


class Relay:
    def __init__(self, addresses, round_trip, bits_per_second):
        self.delay = round_trip / 2
        self.up, self.down = Direction(bits_per_second / 8), Direction(bits_per_second / 8)
        self.targets = [Target(address) for address in addresses]
        self.due, self.order = [], 0

    def accept(self, target):
        try:
            client, _ = target.listener.accept()
        except OSError:
            return
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        try:
            server.connect(target.address)
        except OSError:
            client.close()
            server.close()
            return
        for one in (client, server):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        up, down = Half(client, server, self.up, target), Half(server, client, self.down, target)
        up.earliest = time.monotonic() + 2 * self.delay
        self.up.turn.append(up)
        self.down.turn.append(down)
        up.other, down.other = down, up
        target.counts["connections"] += 1
        target.counts["open"] += 1

    def take(self, half, now):
        """The next chunk of a connection onto the link."""
        try:
            data = half.source.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            half.on_way += len(data)
            half.target.counts["up" if half.direction is self.up else "down"] += len(data)
        else:
            half.ended = True
        moment = half.direction.carry(len(data), now) + self.delay
        self.order += 1
        heapq.heappush(self.due, (moment, self.order, half, data or None))

    def arrive(self, now):
        while self.due and self.due[0][0] <= now:
            _, _, half, data = heapq.heappop(self.due)
            half.waiting.append(data)
            half.deliver()
            if half.done:
                self.finish(half)

    def finish(self, half):
        """Both ways done, or one broken: a client that ended wants no more of its answers."""
        if half.direction is self.up or half.other.done:
            self.close(half)

    def close(self, half):
        if half not in half.direction.turn:
            return
        half.target.counts["open"] -= 1
        for one in (half, half.other):
            one.direction.turn.remove(one)
            one.ended = one.done = True
            one.source.close()
            one.waiting.clear()

    def readers(self, now):
        """The halves whose next chunk may go now, and the moment at which others may."""
        found, next_moment = {}, now + 1
        for direction in (self.up, self.down):
            for half in direction.turn:
                if not half.may_read():
                    continue
                moment = max(direction.free, half.earliest)
                if moment <= now:
                    found[half.source] = half
                else:
                    next_moment = min(next_moment, moment)
        return found, next_moment

    def step(self, control):
        """One round of the loop; False when the other end of `control` is gone."""
        now = time.monotonic()
        self.arrive(now)
        readable, next_moment = self.readers(now)
        if self.due:
            next_moment = min(next_moment, self.due[0][0])
        blocked = {half.sink: half for direction in (self.up, self.down)
                   for half in direction.turn if half.waiting}
        listeners = {target.listener: target for target in self.targets}
        # select, because its timeout has microseconds where epoll's has milliseconds.
        ready, writable, _ = select.select(
            [control, *listeners, *readable], list(blocked), [], max(0, next_moment - now))
        now = time.monotonic()
        for sink in writable:
            blocked[sink].deliver()
            if blocked[sink].done:
                self.finish(blocked[sink])
        for one in ready:
            if one in listeners:
                self.accept(listeners[one])
            elif one in readable and not readable[one].ended:
                self.pull(readable[one], now)
        return self.answer() if control in ready else True

    def pull(self, half, now):
        """One chunk an idle link; whoever had its turn stands last in the next round."""
        if half.direction.free > now:
            return
        self.take(half, now)
        half.direction.turn.remove(half)
        half.direction.turn.append(half)

    def answer(self):
        """Any line on standard input asks for the counters, its end for the end."""
        if not os.read(0, 4096):
            return False
        print(json.dumps([target.counts for target in self.targets]), flush=True)
        return True


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.bench.relay", description=__doc__)
    parser.add_argument("target", nargs="+", help="HOST:PORT behind the link")
    parser.add_argument("--round-trip", type=float, default=0.04, metavar="SECONDS")
    parser.add_argument("--rate", type=float, default=100e6, metavar="BITS_PER_SECOND")
    arguments = parser.parse_args()
    try:
        # A cable has no other work: it must not wait for the programs that are measured.
        os.nice(-10)
    except OSError:
        pass
    relay = Relay(arguments.target, arguments.round_trip, arguments.rate)
    print(json.dumps([target.port for target in relay.targets]), flush=True)
    while relay.step(sys.stdin):
        pass


if __name__ == "__main__":
    main()
