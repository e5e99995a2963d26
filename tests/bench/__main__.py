# SPDX-License-Identifier: MIT
"""python3 -m tests.bench: runs the cases and prints what they took."""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time

from . import cases, contenders, document, files, report, rival
from .link import measured
from .runs import Failed, Measurement
from .service import SLOW, Service


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Compares the ways to a remote pixel through one slow "
        "link. Ends with 1 when pixels differ from the local file's; missed goals are reported.")
    parser.add_argument("--rounds", type=int, help="5 unless --quick")
    parser.add_argument("--case", nargs="+", action="extend", default=[], metavar="NAME",
                        choices=[case.name for case in cases.all_cases(files.SIDES)],
                        help="only these: %(choices)s")
    parser.add_argument("--quick", action="store_true",
                        help="one round, and large files a quarter as large")
    parser.add_argument("--round-trip", type=float, default=0.04, metavar="SECONDS")
    parser.add_argument("--rate", type=float, default=100e6, metavar="BITS_PER_SECOND")
    parser.add_argument("--folder", help="keeps the rasters here for the next time")
    parser.add_argument("--rivals", action="store_true",
                        help="with async-geotiff, from PyPI in a venv, where it can read the case")
    parser.add_argument("--write", action="store_true",
                        help="writes docs/performance.md and its plot")
    found = parser.parse_args()
    if found.rounds is not None and found.rounds < 1:
        parser.error("--rounds must be at least 1")
    if found.write and (found.quick or found.case or found.rivals):
        parser.error("--write wants all cases as they are, without --quick, --case and --rivals")
    if not os.path.exists(os.path.join(contenders.PLUGINS, "gdal_S2C.so")):
        parser.error("the plugin is not built: scripts/set-up demo")
    return found


@contextlib.contextmanager
def folder_of(options):
    if options.folder:
        yield os.path.abspath(options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="s2c-bench-") as folder:
        yield folder


def measured_link(service):
    """curl's look at the link itself, so that the figures can be judged."""
    place = service.places["striped", SLOW]
    return measured(service.url(place), [service.authorization()], service.ca_file)


def progress(run):
    sys.stderr.write(f"\r\033[K{run.case.name} round {run.round + 1}: {run.contender} "
                     f"{run.seconds:.2f} s")
    sys.stderr.flush()


def silent(_run):
    """When nobody looks."""


def run(options, folder):
    groups = files.make(folder, options.quick)
    rounds = options.rounds or (1 if options.quick else 5)
    sides = files.QUICK_SIDES if options.quick else files.SIDES
    chosen = [case for case in cases.all_cases(sides)
              if not options.case or case.name in options.case]
    rivals = rival.make_venv(folder) if options.rivals else None
    for case in chosen:
        case.has_rival = bool(rivals) and case.name in rival.CASES
    results, start = [], time.monotonic()
    with Service(groups, options.round_trip, options.rate) as service:
        link = measured_link(service)
        print(document.link_sentence(link) + "\n")
        report.print_head()
        measurement = Measurement(service, rivals)
        for case in chosen:
            result = report.Result(case, measurement.case(
                case, rounds, progress if sys.stderr.isatty() else silent))
            if sys.stderr.isatty():
                sys.stderr.write("\r\033[K")
            report.print_result(result)
            results.append(result)
    report.print_summary(results)
    print(f"{rounds} rounds in {time.monotonic() - start:.0f} s")
    if options.write:
        document.write(results, link, rounds)


def main():
    for number in (signal.SIGTERM, signal.SIGHUP):
        # An exception, so that every `with` ends what it has started.
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    options = arguments()
    try:
        with folder_of(options) as folder:
            run(options, folder)
    except Failed as failure:
        sys.exit(f"{failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
