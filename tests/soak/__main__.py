# SPDX-License-Identifier: MIT
"""python3 -m tests.soak [SECONDS]: what it prints is explained in docs/reliability.md."""

import argparse
import ctypes
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter

from .. import conftest  # noqa: F401 -- before osgeo, which loads all plugins at once
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from ..e2e.fault_table import ANSWERS, PASSING
from ..e2e.rasters import noise, publish, write
from .operations import NUMBER, OPERATIONS, same, truths

THREADS = 32
TOKEN_SECONDS = 5
SHARE = 0.02
# Four attempts at what takes one; a busy machine adds to it.
LONGEST = 60
LOOK_SECONDS = 60
OPTIONS = {"S2C_RETRY_DELAY": "0.05", "S2C_TIMEOUT": "5", "S2C_CACHE_SIZE": "16",
           "GDAL_CACHEMAX": "64"}
# An hour is half a million operations: a leak of 64 bytes in each would be twice as much.
MOST_GROWTH = 16 << 20


class Soak:
    """One lock for all counts; the operations themselves run without it."""

    def __init__(self, known, seconds):
        self.known, self.end = known, time.monotonic() + seconds
        self.lock = threading.Lock()
        self.counts, self.errors, self.reasons = Counter(), Counter(), Counter()
        self.wrong, self.longest = [], 0.0

    def work(self, number):
        chance = random.Random(number)
        gdal.SetThreadLocalConfigOption("GDAL_NUM_THREADS", chance.choice([None, "2"]))
        # Four sessions, so that eight threads share each.
        gdal.SetThreadLocalConfigOption("GDAL_HTTP_USERAGENT", f"soak {number % 4}")
        while time.monotonic() < self.end:
            self.do(chance.choice(OPERATIONS), chance)

    def do(self, operation, chance):
        begin, error, wrong = time.monotonic(), None, None
        gdal.ErrorReset()
        try:
            where, found = operation(chance)
            if not same(found, self.known[operation, where]):
                wrong = f"{operation.__name__} {where}"
        except (RuntimeError, OSError) as failure:
            error = str(failure)
        took = time.monotonic() - begin
        with self.lock:
            self.counts[operation.__name__] += 1
            self.errors[operation.__name__] += error is not None
            if error:
                self.reasons[error[:300]] += 1
            self.longest = max(self.longest, took)
            if wrong:
                self.wrong.append(wrong)


class Allocated(ctypes.Structure):
    """struct mallinfo2 (malloc.h); of all arenas."""

    _fields_ = [(name, ctypes.c_size_t) for name in
                ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks",
                 "uordblks", "fordblks", "keepcost")]


def used():
    """(bytes that are allocated, bytes of this process alone, descriptors). Between the first two
    lies what the allocator keeps: with 32 threads it grows for long, and by nobody's fault."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = Allocated
    found = libc.mallinfo2()
    with open("/proc/self/smaps_rollup", encoding="ascii") as lines:
        kib = next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))
    return found.uordblks + found.hblkhd, kib << 10, len(os.listdir("/proc/self/fd"))


def watch(soak, threads):
    """Looks once a minute until the threads have ended; a hang ends it with an error."""
    looks, begin = [], time.monotonic()
    while alive := [thread for thread in threads if thread.is_alive()]:
        if time.monotonic() > soak.end + 2 * LONGEST:
            sys.exit("threads hang")
        if time.monotonic() > soak.end:
            alive[0].join(1)
            continue
        time.sleep(max(0, min(LOOK_SECONDS, soak.end - time.monotonic())))
        looks.append(used())
        with soak.lock:
            print(f"{time.monotonic() - begin:6.0f} s  {soak.counts.total():8d} operations  "
                  f"{soak.errors.total():6d} errors  {len(soak.wrong):3d} wrong  "
                  f"{looks[-1][0] / 2**20:6.1f} of {looks[-1][1] >> 20:4d} MiB  "
                  f"{looks[-1][2]:4d} descriptors", flush=True)
    return looks


def disturb(sen2cube):
    for server in ("files", "api"):
        for fault in PASSING:
            sen2cube.fault(server=server, count=None, share=SHARE / len(PASSING), **ANSWERS[fault])
    for fault in ("503", "closed before"):
        sen2cube.fault(server="auth", count=None, share=SHARE / 2, **ANSWERS[fault])


def report(soak, looks):
    for name, count in sorted(soak.counts.items()):
        print(f"{name:22s} {count:8d}, of these {soak.errors[name]} errors")
    total, failed = soak.counts.total(), soak.errors.total()
    # Until a tenth of the time caches fill; then what is under way goes up and down.
    settled = [allocated for allocated, _, _ in looks[len(looks) // 10:]]
    half = (len(settled) + 1) // 2
    growth = statistics.median(settled[-half:]) - statistics.median(settled[:half])
    print(f"{THREADS} threads: {total} operations, {failed} errors ({100 * failed / total:.2f} %), "
          f"{len(soak.wrong)} wrong; the longest took {soak.longest:.1f} s; "
          f"{growth / 2**20:+.1f} MiB allocated from the one half to the other")
    for reason, count in soak.reasons.most_common(10):
        print(f"{count} times: {reason}")
    for wrong in soak.wrong[:10]:
        print("wrong:", wrong)
    return not soak.wrong and failed <= total / 100 and soak.longest <= LONGEST \
        and growth <= MOST_GROWTH


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=3600)
    seconds = parser.parse_args().seconds
    gdal.UseExceptions()
    with tempfile.TemporaryDirectory() as folder, \
            LocalSen2Cube("--token-lifetime", TOKEN_SECONDS) as sen2cube:
        os.environ["HOME"] = folder
        for name, value in {**OPTIONS, **sen2cube.environment()}.items():
            gdal.SetConfigOption(name, value)
        publish(sen2cube, NUMBER, {"tiled": write(
            os.path.join(folder, "tiled.tiff"), noise(3), "GTiff",
            ["TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "INTERLEAVE=PIXEL"])})
        soak = Soak(truths(random.Random(0)), seconds)
        disturb(sen2cube)
        threads = [threading.Thread(target=soak.work, args=(number,), daemon=True)
                   for number in range(THREADS)]
        for thread in threads:
            thread.start()
        sys.exit(0 if report(soak, watch(soak, threads)) else 1)


if __name__ == "__main__":
    main()
