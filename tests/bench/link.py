# SPDX-License-Identifier: MIT
"""Starts the relay in a process of its own, reads its counters, and measures the link."""

import json
import select
import subprocess
import sys
import time

from tests.backend.nginx import die_with_parent
from tests.backend.process import ROOT

ANSWER_SECONDS = 10
SETTLE_SECONDS = 5
CURL_FIELDS = ("time_appconnect", "time_starttransfer", "time_total", "size_download")


class Link:
    """`ports` stand in the order of `targets` ("HOST:PORT"); all share one rate."""

    def __init__(self, targets, round_trip=0.04, rate=100e6):
        self.round_trip, self.rate = round_trip, rate
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.relay", "--round-trip", str(round_trip),
             "--rate", str(rate), *targets],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        try:
            self.ports = self.line()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], ANSWER_SECONDS)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise RuntimeError("the relay does not answer; its standard error says why")
        return json.loads(line)

    def counters(self):
        """For each target connections ever made, those open, bytes up and bytes down."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return self.line()

    def settle(self):
        """Until no connection of the run before is open; its bytes are not the next one's."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while any(target["open"] for target in self.counters()):
            if time.monotonic() > deadline:
                raise RuntimeError("connections of the run before do not end")
            time.sleep(0.01)

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def timed_curl(url, headers=(), ca_file=None, options=()):
    """curl's own clock of one download, as {field: number}."""
    command = ["curl", "-s", "--fail", "--noproxy", "*", "--max-time", "60", "-o", "/dev/null",
               "-w", json.dumps({name: f"%{{{name}}}" for name in CURL_FIELDS})]
    for header in headers:
        command += ["-H", header]
    if ca_file:
        command += ["--cacert", ca_file]
    done = subprocess.run([*command, *options, url], check=True, capture_output=True, text=True)
    return {name: float(value) for name, value in json.loads(done.stdout).items()}


def measured(url, headers=(), ca_file=None):
    """What the link is in fact: {tls, first_byte, rate}. TLS 1.3 costs two round trips with
    TCP's one, the first byte one more; the rate is that of the body alone."""
    whole = timed_curl(url, headers, ca_file)
    seconds = whole["time_total"] - whole["time_starttransfer"]
    return {"tls": whole["time_appconnect"],
            "first_byte": whole["time_starttransfer"] - whole["time_appconnect"],
            "rate": whole["size_download"] * 8 / seconds}
