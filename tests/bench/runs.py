# SPDX-License-Identifier: MIT
"""Runs the cases: every contender in a fresh process, in turn, round after round."""

import json
import re
import select
import shutil
import subprocess
import sys
import time

from tests.backend.nginx import die_with_parent
from tests.backend.process import ROOT

from . import contenders
from .layout import Need

RUN_SECONDS = 240
API, FILES = 0, 1  # the link's targets


class Failed(Exception):
    """A run that went wrong, or whose pixels are not the local file's."""


def span(header, size):
    """(first, last) of a request's range."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", header or "")
    return (int(found[1]), min(int(found[2] or size), size - 1)) if found else (0, size - 1)


def repeated(spans):
    """How many of the asked bytes were asked for before."""
    count, end = 0, -1
    for first, last in sorted(spans):
        count += max(0, min(last, end) - first + 1)
        end = max(end, last)
    return count


class Run:
    """One contender in one round."""

    def __init__(self, case, contender, number):
        self.case, self.contender, self.round = case, contender, number
        self.seconds = self.inside = self.cpu = self.peak = None
        self.checksum = None
        self.api_requests = self.file_requests = self.connections = self.down = 0
        self.first_unused = self.repeated = 0


class Measurement:
    def __init__(self, service, rivals_python=None):
        self.service, self.rivals_python = service, rivals_python

    def needs(self, case):
        paths = self.service.places[case.group, case.factbase].paths
        return [Need(case, path) for path in paths]

    def case(self, case, rounds, progress):
        """All runs of a case; whoever goes first changes with the round."""
        needs, runs = self.needs(case), []
        for number in range(rounds):
            order = case.contenders
            shift = number % len(order)
            for contender in order[shift:] + order[:shift]:
                run = Run(case, contender, number)
                self.measure(run, needs)
                progress(run)
                runs.append(run)
            self.compare([run for run in runs if run.round == number])
        return runs

    @staticmethod
    def compare(runs):
        local = next(run for run in runs if run.contender == contenders.LOCAL)
        for run in runs:
            if run.contender != contenders.CURL and run.checksum != local.checksum:
                raise Failed(f"{run.case.name}: {run.contender} gives other pixels or metadata "
                             "than the local file")

    def measure(self, run, needs):
        link = self.service.link
        self.look_before(run)
        link.settle()
        self.service.forget()
        before = link.counters()
        if run.contender == contenders.CURL:
            self.curl(run, needs)
        else:
            before = self.worker(run, before)
        after = link.counters()
        run.connections = after[FILES]["connections"] - before[FILES]["connections"]
        run.down = after[FILES]["down"] - before[FILES]["down"]
        self.count(run, needs)

    def look_before(self, run):
        """The process that was there before, where the case has one."""
        path = contenders.earlier_path(run.case, self.service)
        if run.contender != contenders.OURS or not path:
            return
        shutil.rmtree(self.service.answers, ignore_errors=True)
        subprocess.run(["gdalinfo", path], stdout=subprocess.DEVNULL, timeout=RUN_SECONDS,
                       env=contenders.environment(run.case, run.contender, self.service),
                       preexec_fn=die_with_parent, check=True)

    def count(self, run, needs):
        entries = self.service.journal()
        files = [entry for entry in entries if entry["server"] == "files"]
        run.file_requests = len(files)
        run.api_requests = sum(entry["server"] == "api" for entry in entries)
        # /vsicurl/ as it comes begins with a HEAD.
        spans = [span(one["range"], needs[0].file_size) for one in files if one["method"] == "GET"]
        if len(needs) == 1 and spans:
            run.first_unused = needs[0].unused_of(*spans[0])
            run.repeated = repeated(spans)

    def curl(self, run, needs):
        command = contenders.curl_command(run.case, self.service, [need.size for need in needs])
        start = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS,
                              preexec_fn=die_with_parent, check=False)
        wall = time.monotonic() - start
        if done.returncode:
            raise Failed(f"{run.case.name}: curl ended with {done.returncode}")
        run.inside = sum(float(line) for line in done.stdout.split())
        run.seconds = wall if run.case.whole_way else run.inside

    def worker(self, run, before):
        """The run itself; returns the link's counters of the moment the clock started."""
        job = contenders.job(run.case, run.contender, self.service)
        start = time.monotonic()
        command = [self.rivals_python, "-m", "tests.bench.rival"] \
            if run.contender == contenders.RIVAL else [sys.executable, "-m", "tests.bench.worker"]
        process = subprocess.Popen(
            command, cwd=ROOT, text=True,
            env=contenders.environment(run.case, run.contender, self.service), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        try:
            self.say(process, json.dumps(job))
            if not run.case.whole_way:
                self.line(process, run)
                before = self.at_the_start(run, before)
                self.say(process, "go")
            self.take(run, json.loads(self.line(process, run)), start, job["program"])
            process.wait(10)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
        return before

    def at_the_start(self, run, before):
        now = self.service.link.counters()
        if now[FILES]["connections"] != before[FILES]["connections"]:
            raise Failed(f"{run.case.name}: {run.contender} had a connection to the file host "
                         "before the clock started")
        self.service.forget()
        return now

    @staticmethod
    def say(process, text):
        process.stdin.write(text + "\n")
        process.stdin.flush()

    @staticmethod
    def line(process, run):
        ready, _, _ = select.select([process.stdout], [], [], RUN_SECONDS)
        line = process.stdout.readline() if ready else ""
        if not line:
            raise Failed(f"{run.case.name}: {run.contender} gave no answer; its standard error "
                         "says why")
        return line

    @staticmethod
    def take(run, result, start, program):
        run.inside = result["end"] - result["start"]
        # A script's time is with its interpreter's start.
        whole = run.case.whole_way and not program
        run.seconds = result["end"] - start if whole else run.inside
        run.cpu, run.peak, run.checksum = result["cpu"], result["peak"], result["checksum"]
