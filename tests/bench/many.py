# SPDX-License-Identifier: MIT
"""scripts/bench many: many results as one raster, beside what reads them one by one.

Every run is a fresh process with a valid token; its clock starts when the libraries are loaded, and
what comes after it includes the API's answers. For /vsicurl/ a VRT is made before, without them.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

from tests.backend.nginx import die_with_parent
from tests.backend.process import ROOT

from . import contenders
from .service import SLOW, Place, Service

FIRST = 40_001
OURS, THREADS, BEST, CURL, LOCAL = ("S2C:", "16 threads of S2C:ID:NAME",
                                    "gdalbuildvrt, /vsicurl/ at its best", "curl --parallel",
                                    "gdalbuildvrt, local files")
ALL = (OURS, THREADS, BEST, CURL, LOCAL)
SECONDS = 600


class Case:
    """`goals` maps a contender to how much of its time ours may take."""

    look = None  # no process was there before, as in `cases.Case`

    def __init__(self, name, count, kind, window, goals, megabytes=None):
        self.name, self.count, self.kind, self.window = name, count, kind, window
        self.goals, self.megabytes = goals, megabytes
        # What one of them has is small or large.
        self.size = "20 kB" if count > 1000 else "160 kB"

    @property
    def selection(self):
        return f"S2C:{self.kind}(fid >= {FIRST}):result"

    def contenders(self, patient):
        """Without those that take minutes: a round trip or two for each of thousands of files."""
        return [one for one in ALL if patient or self.count <= 1000 or one not in (BEST, THREADS)]


CASES = [Case("many", 100, "mosaic", None, {BEST: 0.15, CURL: 1.3}),
         Case("stack", 100, "stack", [101, 20, 64, 64], {BEST: 0.15}),
         Case("thousands", 2000, "mosaic", None, {CURL: 1.5}, 200)]


def make_file(path, case, number, sample):
    """The sample, or noise of 20 kB, in its place: areas that overlap, one month over the other."""
    import numpy as np
    from osgeo import gdal
    numbers = np.random.default_rng(number)
    if case.count > 1000:
        values = numbers.integers(1, 65000, (1, 100, 100), dtype=np.uint16)
        area, step = number % 250, 90
    else:
        values = np.roll(gdal.Open(sample).ReadAsArray(), 7 * number, axis=2)
        area, step = (number % 25 if case.kind == "mosaic" else 0), 200
    kind = gdal.GDT_UInt16 if case.count > 1000 else gdal.GDT_Float32
    memory = gdal.GetDriverByName("MEM").Create("", values.shape[2], values.shape[1],
                                                values.shape[0], kind)
    memory.SetProjection(gdal.Open(sample).GetProjection())
    memory.SetGeoTransform((4547400 + area % 5 * step * 10, 10, 0,
                            2745600 - area // 5 * step * 10, 0, -10))
    for band in range(values.shape[0]):
        memory.GetRasterBand(band + 1).WriteArray(values[band])
        memory.GetRasterBand(band + 1).SetNoDataValue(0 if case.count > 1000 else -9999)
    driver = "GTiff" if case.count > 1000 else "COG"
    # The sample's own, or what it has of bytes is not what they have.
    options = ["TILED=NO"] if case.count > 1000 else [
        "COMPRESS=LZW", "PREDICTOR=YES", "BLOCKSIZE=128", "OVERVIEW_RESAMPLING=NEAREST"]
    gdal.GetDriverByName(driver).CreateCopy(path + ".part", memory, options=options)
    os.replace(path + ".part", path)


def make_files(folder, case):
    os.makedirs(folder, exist_ok=True)
    sample = os.path.join(ROOT, "data", "Cloud_free_composite.tiff")
    paths = []
    for number in range(case.count):
        paths.append(os.path.join(folder, f"{case.name}_{number:04d}.tiff"))
        if not os.path.exists(paths[-1]):
            make_file(paths[-1], case, number, sample)
    return paths


def build(paths, case, target):
    """A VRT as gdalbuildvrt makes it, of the files' own names."""
    from osgeo import gdal
    if case.kind == "mosaic":
        gdal.BuildVRT(target, paths, resolution="highest").FlushCache()
        return target
    # gdalbuildvrt -separate takes one band of each file.
    count = gdal.Open(paths[0]).RasterCount
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    made = gdal.BuildVRT("", [path for path in paths for _ in range(count)], separate=True)
    gdal.PopErrorHandler()
    xml = made.GetMetadata("xml:VRT")[0]
    for place in range(len(paths) * count):
        head, tail = f'band="{place + 1}"', "<SourceBand>1</SourceBand>"
        at = xml.index(tail, xml.index(head))
        xml = xml[:at] + f"<SourceBand>{place % count + 1}</SourceBand>" + xml[at + len(tail):]
    with open(target, "w", encoding="utf-8") as file:
        file.write(xml)
    return target


def remote(vrt, paths, urls, target):
    """The same VRT over the addresses, so that it is made without a request."""
    with open(vrt, encoding="utf-8") as file:
        xml = file.read()
    for path, url in zip(paths, urls):
        xml = xml.replace(f'relativeToVRT="1">{os.path.basename(path)}<',
                          f'relativeToVRT="0">/vsicurl/{url}<')
        xml = xml.replace(f'relativeToVRT="0">{path}<', f'relativeToVRT="0">/vsicurl/{url}<')
    with open(target, "w", encoding="utf-8") as file:
        file.write(xml)
    return target


class ManyService(Service):
    """Each result is that of an inference of its own."""

    def __init__(self, case, paths, round_trip, rate):
        super().__init__({}, round_trip, rate)
        self.case, self.paths, self.urls = case, paths, []

    def start(self):
        # The token is issued for a group's first file otherwise.
        super().start()
        for number, path in enumerate(self.paths, FIRST):
            place = self.place(Place(number, SLOW, [("result", path)]))
            row = self.backend.store["inference"].keep(number)
            month = (number - FIRST) // 25 % 240
            row.change(temp_range_start=f"{2000 + month // 12}-{month % 12 + 1:02d}-01T00:00:00Z",
                       temp_range_end="2020-01-01T00:00:00Z")
            self.urls.append(self.url(place))


def worker(job):
    """One run in a process of its own."""
    from osgeo import gdal
    import osgeo.gdal_array  # noqa: F401
    gdal.UseExceptions()
    gdal.Open(job["sample"]).GetProjection()
    start = time.monotonic()
    if job["threads"]:
        def read(name):
            opened = gdal.Open(name)
            return opened.ReadAsArray(*job["window"] or [])
        with ThreadPoolExecutor(job["threads"]) as pool:
            found = list(pool.map(read, job["names"]))
    else:
        found = gdal.Open(job["names"][0]).ReadAsArray(*job["window"] or [])
    end = time.monotonic()
    with open("/proc/self/status", encoding="ascii") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    same = None if job["threads"] else zlib.crc32(memoryview(found).cast("B"))
    print(json.dumps({"seconds": end - start, "peak": peak / 1024, "checksum": same}))


class Runs:
    def __init__(self, case, service, folder, paths):
        self.case, self.service = case, service
        vrt = build(paths, case, os.path.join(folder, case.name + "_local.vrt"))
        self.names = {OURS: [case.selection], LOCAL: [vrt], BEST: [remote(
            vrt, paths, service.urls, os.path.join(folder, case.name + "_remote.vrt"))],
            THREADS: [f"S2C:{FIRST + place}:result" for place in range(case.count)]}
        self.urls = os.path.join(folder, case.name + "_urls")
        with open(self.urls, "w", encoding="utf-8") as file:
            file.writelines(f'url = "{url}"\noutput = "/dev/null"\n' for url in service.urls)

    def run(self, contender):
        self.service.link.settle()
        self.service.forget()
        if contender == CURL:
            return self.curl()
        way = {OURS: contenders.OURS, THREADS: contenders.OURS, BEST: contenders.BEST,
               LOCAL: contenders.LOCAL}[contender]
        job = {"names": self.names[contender], "window": self.case.window,
               "threads": 16 if contender == THREADS else 0,
               "sample": os.path.join(ROOT, "data", "Cloud_free_composite.tiff")}
        done = subprocess.run([sys.executable, "-m", "tests.bench.many", "--worker"], cwd=ROOT,
                              input=json.dumps(job), text=True, stdout=subprocess.PIPE,
                              env=contenders.environment(self.case, way, self.service),
                              timeout=SECONDS,
                              preexec_fn=die_with_parent, check=True)
        return json.loads(done.stdout)

    def curl(self):
        start = time.monotonic()
        subprocess.run(["curl", "-s", "--no-progress-meter", "--fail",
                        "--parallel", "--noproxy", "*", "--http2",
                        "--cacert", self.service.ca_file, "-H", self.service.authorization(),
                        "-K", self.urls], check=True, timeout=SECONDS)
        return {"seconds": time.monotonic() - start, "peak": None, "checksum": None}


def measure(case, folder, options):
    paths = make_files(folder, case)
    with ManyService(case, paths, options.round_trip, options.rate) as service:
        runs = Runs(case, service, folder, paths)
        contenders_here = case.contenders(options.patient)
        found = {one: [] for one in contenders_here}
        for number in range(options.rounds):
            shift = number % len(found)
            for one in [*contenders_here[shift:], *contenders_here[:shift]]:
                found[one].append(runs.run(one))
                found[one][-1]["api"] = sum(entry["server"] == "api" for entry in service.journal())
                found[one][-1]["files"] = sum(entry["server"] == "files"
                                              for entry in service.journal())
    return found


def median(found, contender, figure):
    values = [run[figure] for run in found[contender] if run[figure] is not None]
    return statistics.median(values) if values else None


def judged(case, found):
    """(sentence, met) of each goal."""
    for contender, factor in case.goals.items():
        if contender not in found:
            continue
        ratio = statistics.median(mine["seconds"] / other["seconds"] for mine, other
                                  in zip(found[OURS], found[contender]))
        yield f"{ratio:.2f} of {contender}, goal {factor}", ratio <= factor
    if case.megabytes:
        peak = median(found, OURS, "peak")
        yield f"{peak:.0f} MB at most, goal {case.megabytes}", peak <= case.megabytes
    checksums = {run["checksum"] for one in (OURS, BEST, LOCAL) if one in found
                 for run in found[one]}
    yield "pixels equal to gdalbuildvrt's over the local files", len(checksums) == 1


def report(case, found):
    print(f"{case.name}: {case.count} results of {case.size}, {case.selection}")
    for one in found:
        peak = median(found, one, "peak")
        print(f"  {one:38}{median(found, one, 'seconds'):8.2f} s{peak or 0:8.0f} MB"
              f"{median(found, one, 'api'):6.0f} API{median(found, one, 'files'):7.0f} files")
    for sentence, met in judged(case, found):
        print(f"  {sentence}: {'ok' if met else 'MISSED'}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench many", description=__doc__)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--case", nargs="+", choices=[case.name for case in CASES])
    parser.add_argument("--patient", action="store_true",
                        help="of thousands also those that take minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--round-trip", type=float, default=0.04, metavar="SECONDS")
    parser.add_argument("--rate", type=float, default=100e6, metavar="BITS_PER_SECOND")
    parser.add_argument("--folder", help="keeps the rasters here for the next time")
    options = parser.parse_args()
    if options.worker:
        worker(json.loads(sys.stdin.read()))
        return
    with contextlib.ExitStack() as stack:
        folder = options.folder or stack.enter_context(
            tempfile.TemporaryDirectory(prefix="s2c-bench-"))
        for case in CASES:
            if not options.case or case.name in options.case:
                report(case, measure(case, os.path.join(os.path.abspath(folder), case.name),
                                     options))


if __name__ == "__main__":
    main()
