# SPDX-License-Identifier: MIT
"""Which breaks are tried, by which tests, and what came of each."""

import json
import os
import random
import re

from .sites import QUIET, Site, sites_of

# Built and run one after the other, the nearest first.
PROGRAMS = {"client": ("client_tests", "plugin_tests", "apps_tests"),
            "vsi": ("plugin_tests", "apps_tests"), "driver": ("plugin_tests", "apps_tests")}
TARGETS = PROGRAMS["client"]
# What a header is in may be half of the house: minutes for one break.
MOST_COMPILED = 12
SHARDS = {"client_tests": 2}
# A survivor is shown to these files of tests/e2e: the first row whose beginning fits.
E2E = (
    ("client/auth", "login tokens passwords login_stored"),
    ("client/sign_in", "s2c_login sign_in"),
    ("client/api", "catalogue long_lists growing_pages hostile_documents fault_matrix"),
    ("client/jobs", "running models changes s2c_jobs"),
    ("client/base", "raster tables tokens sharing s2c_get homes"),
    ("client/http", "raster failing_reads dead_servers passing_faults client_certificates"),
    ("client/io", "raster failing_reads allowed_answers copying requests vsis2c"),
    ("client", "second_look sharing requests listing tokens failing_opens"),
    ("vsi", "vsis2c listing copying sync options sharing homes secret_options"),
    ("driver/catalogue", "catalogue catalogue_lists catalogue_sql catalogue_writing "
                         "catalogue_editing catalogue_areas random_filters"),
    ("driver/many", "mosaic stack many_metadata many_deep many_kinds many_large"),
    ("driver/raster", "raster names categories metadata native_crs rasterio requests "
                      "failing_opens hostile_documents"),
    ("driver/run", "running no_gdal_driver_s2c changes"),
    ("driver/tables", "tables odd_tables table_lines table_times areas layers large_table "
                      "failing_opens"),
    ("driver/loader", "loader installing"),
    ("driver/gdal_caller", "loader installing"),
    ("driver/run_area", "running catalogue_areas areas"),
    ("driver", "names raster tables areas options metadata failing_opens catalogue_areas"),
)
PRODUCT = re.compile(r"^(client|vsi|driver)/.*\.(cpp|h)$")
# Not compiled where the tests run.
WINDOWS = re.compile(r"/(windows\w*|gdal_caller_windows)\.cpp$|/windows\w*\.h$")


def all_sites(copy, names):
    for name in sorted(names):
        if PRODUCT.match(name) and not WINDOWS.search(name):
            yield from sites_of(name, copy.read(name))


def order_of(sites, seed):
    """Every line that can be broken once, by chance; and by chance which of its breaks."""
    by_line = {}
    for site in sites:
        by_line.setdefault((site.path, site.line), []).append(site)
    chance = random.Random(seed)
    lines = sorted(by_line)
    chance.shuffle(lines)
    return [chance.choice(by_line[line]) for line in lines]


def e2e_files(path):
    names = next(files for beginning, files in E2E if path.startswith(beginning))
    return [f"tests/e2e/test_{name}.py" for name in names.split()]


def room_of(path):
    """The folder of tests/unit that is nearest."""
    folder = os.path.dirname(path)
    if folder.startswith("client"):
        return folder.partition("/")[2] or "session"
    return folder


def caught_by_unit(copy, path):
    """The test that says so twice; "not compiled"; or None."""
    near = ":".join(f"*{suite}.*" for suite in copy.suites_of(room_of(path)))
    for program in PROGRAMS[path.partition("/")[0]]:
        if not copy.build(program):
            return "not compiled"
        first = program != "apps_tests" and near
        for wanted in ([near, "-" + near] if first else ["*"]):
            shards = SHARDS.get(program, 1)
            # A busy machine can make a test fail that has nothing to do with it.
            if copy.unit(program, wanted, shards):
                test = copy.unit(program, wanted, shards)
                if test:
                    return test
    return None


def caught_by_e2e(copy, path):
    if not copy.build():
        return "not compiled"
    files = e2e_files(path)
    test = copy.e2e(files)
    # A whole run again costs a minute, the one test seconds.
    return test if test and copy.e2e([test.split(" ")[0]]) else None


def result_of(copy, path, with_e2e):
    """What caught the break that is there, and the test."""
    test = caught_by_unit(copy, path)
    how = "unit"
    if test is None and with_e2e:
        how, test = "e2e", caught_by_e2e(copy, path)
    if test == "not compiled":
        return test, None
    return how if test else "survived", test


def tried(copy, site, with_e2e):
    """The break's entry."""
    whole, time, targets = copy.read(site.path), copy.time_of(site.path), TARGETS
    broken = site.applied(whole)
    before = copy.left_to_compile(*targets)
    copy.write(site.path, broken)
    how, test = "too much to compile", None
    if copy.left_to_compile(*targets) <= before + MOST_COMPILED:
        try:
            how, test = result_of(copy, site.path, with_e2e)
        finally:
            copy.write(site.path, whole)
    else:
        copy.write(site.path, whole, time)
    line = site.line - 1
    return {**site._asdict(), "was": whole.split("\n")[line].strip(),
            "became": broken.split("\n")[line].replace(QUIET, "").strip(), "result": how,
            "test": test}


class Results:
    """A line for each break, in a file: an interrupted run goes on."""

    def __init__(self, path):
        self.path = path

    def write(self, head, entries):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            for line in (head, *entries):
                print(json.dumps(line), file=file)
        os.replace(self.path + ".new", self.path)

    def read(self):
        with open(self.path, encoding="utf-8") as file:
            head, *entries = [json.loads(line) for line in file]
        return head, entries

    def add(self, entry):
        with open(self.path, "a", encoding="utf-8") as file:
            print(json.dumps(entry), file=file)


def site_of(entry):
    return Site(*(entry[name] for name in Site._fields))
