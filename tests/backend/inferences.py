# SPDX-License-Identifier: MIT
"""The inferences that tests know by number, the ordinary ones and the synthetic ones."""

import datetime
import json
import os

from . import many, maps, outputs, tables
from .area import dense_area, sample_area, small_area
from .knowledgebases import COMPOSITE, WATER
from .rows import Row

OWNER = "demo"
FOLDER = f"/output/sen2cube/{OWNER}"
CREATED = "Inference sucessfully created"
ACCEPTED = "The inference was accepted by the inference engine"
SUCCEEDED = "The inference was successfully processed"
ABORTED = "The inference was aborted."


def failure(step, error):
    return f"The inference failed: Evaluation failed at '{step}' because of \"{error}\""


NO_CONNECTION = failure("data", "OperationalError('(psycopg2.OperationalError) FATAL:  remaining "
                        "connection slots are reserved for non-replication superuser "
                        "connections')")
NOTHING_SELECTED = failure("mask", "ValueError('zero-size array to reduction operation fmin "
                           "which has no identity')")
START = datetime.datetime(2021, 9, 28, 7, 41, 12, 520318, datetime.timezone.utc)


def stamp(seconds):
    return (START + datetime.timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def attributes(status, message, area, **more):
    """Some start before they were created: engine and API keep different clocks."""
    return {"owner": OWNER, "comment": "", "favourite": False, "status": status,
            "status_message": message, "status_progress": None, "status_timestamp": None,
            "timestamp_created": stamp(0.75), "timestamp_started": stamp(0.03),
            "timestamp_finished": stamp(58.4), "temp_range_start": "2021-03-01T00:00:00+00:00",
            "temp_range_end": "2021-08-31T23:59:59.999000+00:00", "area_of_interest": area,
            "output": [], "output_scale_factor": 1, "qgis_project_location": None,
            "factbase_id": 1, "knowledgebase_id": COMPOSITE, **more}


def row(number, values):
    return Row(number, values, {"factbase": values["factbase_id"],
                                "knowledgebase": values["knowledgebase_id"]})


class Seeds:
    """Makes the rows and lays their files into the results folder."""

    def __init__(self, samples, results, options):
        self.samples, self.results, self.options = samples, results, options
        self.form = options.output_form
        self.area = sample_area(samples)

    def sample(self, name):
        return os.path.join(self.samples, outputs.file_name(name))

    def output(self, name, number, data=None, code=3035):
        """Describes a sample and puts its file at `data`."""
        data = data or f"{FOLDER}/{outputs.result_name(name, number, code)}"
        return outputs.describe(name, number, self.results.copy(self.sample(name), data), data)

    def succeeded(self, number, found, comment, **more):
        written = outputs.attribute(found, self.form) if isinstance(found, list) else found
        return row(number, attributes("SUCCEEDED", SUCCEEDED, self.area, output=written,
                                      comment=comment, **more))

    def unfinished(self, number, status, message, output, **more):
        return row(number, attributes(status, message, self.area, output=output,
                                      timestamp_finished=more.pop("finished", None),
                                      comment=f"{status.lower()} inference", **more))

    def rows(self):
        yield from self.complete()
        yield from self.states()
        yield self.deleted()
        yield self.wrong_bytes()
        yield self.succeeded(10433, [], "Without outputs")
        yield self.odd_names()
        yield self.hostile()
        yield self.bare()
        yield self.succeeded(10437, [self.output("water_count", 10437)], "Files elsewhere",
                             factbase_id=99, knowledgebase_id=WATER)
        for number in range(8300, 8345):
            yield self.ordinary(number)
        if self.options.tables:
            yield self.odd_tables()
        if self.options.large_table:
            yield self.large_table()
        if self.options.maps:
            yield self.succeeded(maps.MAPS, [*maps.described(self)], "Maps that need care")
        yield from many.rows(self, self.options.many, FOLDER)

    def complete(self):
        project = f"{FOLDER}/qgis-project-id10424.zip"
        self.results.copy(os.path.join(self.samples, "qgis-project.zip"), project)
        yield self.succeeded(10424, [self.output(name, 10424) for name in outputs.NAMES],
                             "Cloud free composite of Salzburg", favourite=True,
                             qgis_project_location=project,
                             area_of_interest=dense_area(self.samples))
        found = [self.output("water_count", 10425), self.output("water_time_series", 10425)]
        yield row(10425, attributes("SUCCEEDED", SUCCEEDED, self.area, output=found,
                                    comment=" ", knowledgebase_id=WATER))

    def states(self):
        """Outputs, message and end of the run before stay until the next run ends."""
        for number, status, message in ((10426, "CREATED", SUCCEEDED), (10430, "ABORTED", ABORTED)):
            stale = [self.output("Cloud_free_composite", number)]
            yield self.unfinished(number, status, message, outputs.attribute(stale, self.form),
                                  finished=stamp(58.4), qgis_project_location=(
                                      f"{FOLDER}/qgis-project-id{number}.zip"))
        yield self.unfinished(10427, "SCHEDULED", ACCEPTED, "[]", timestamp_started=None)
        yield self.unfinished(10428, "STARTED", ACCEPTED, None)
        yield self.unfinished(10429, "FAILED", NO_CONNECTION, "", finished=stamp(3.1))

    def deleted(self):
        output = self.output("water_count", 10431)
        os.remove(self.results.place(output["data"]))
        return self.succeeded(10431, [output], "Results were cleaned away")

    def wrong_bytes(self):
        small, large = self.output("water_count", 10432), self.output("land_cover", 10432)
        small["bytes"] -= 1000
        large["bytes"] += 1000
        return self.succeeded(10432, [small, large], "Sizes that are not the files'")

    def odd_names(self):
        names = ["water count", "a: b", "Grünflächen", "🌍 map", "water/land", "it's \"quoted\"",
                 "..", "tab\there", "Water", "water", "twice", "twice"]
        found = []
        for place, name in enumerate(names):
            # A slash cannot be in a file's name; all else stands there as it is.
            safe = name.replace("/", "_").replace("\t", "_")
            output = self.output("water_count" if place % 2 else "land_cover", 10434,
                                 f"{FOLDER}/{safe}_{place}_id10434_3035.tiff")
            found.append({**output, "name": name})
        cube = self.output("water_count", 10434, f"{FOLDER}/cube_id10434.nc")
        found.append({**cube, "name": "cube", "file_type": "netcdf"})
        return self.succeeded(10434, found, "Names that need care")

    def hostile(self):
        places = ["@evil.example/x.tiff", ".evil.example/x.tiff", "//evil.example/x.tiff",
                  "https://evil.example/x.tiff", "/output/../../etc/passwd", "\\\\evil"]
        model = outputs.describe("water_count", 10435, self.sample("water_count"), "")
        found = [{**model, "name": f"hostile_{place}", "data": data}
                 for place, data in enumerate(places, 1)]
        return self.succeeded(10435, found, "Places that lead elsewhere")

    def bare(self):
        """What a service may leave out is left out, or null; ids are strings."""
        data = f"{FOLDER}/{outputs.result_name('water_count', 10436)}"
        self.results.copy(self.sample("water_count"), data)
        found = [{"name": "water_count", "file_type": "geotiff", "data": data}]
        return Row(10436, {
            "status": "SUCCEEDED", "output": outputs.attribute(found, self.form),
            "comment": None, "favourite": None, "status_message": None, "owner": None,
            "qgis_project_location": None, "output_scale_factor": None,
            "area_of_interest": None, "factbase_id": "1", "knowledgebase_id": "218",
        }, {"factbase": "1", "knowledgebase": "218"})

    def odd_tables(self):
        found = []
        for place, name in enumerate(tables.TABLES):
            data = f"{FOLDER}/table{place}_id{tables.ODD}.csv"
            self.results.write(data, tables.content(name))
            found.append(tables.table(name, tables.ODD, data))
        return self.succeeded(tables.ODD, found, "Tables that need care",
                              area_of_interest=tables.area(self.samples))

    def large_table(self):
        data = f"{FOLDER}/large_id{tables.LARGE}.csv"
        path = self.results.write(data, b"")
        tables.write_large(path, self.options.large_table)
        return self.succeeded(tables.LARGE, [{
            "name": "large", "file_type": "csv", "dims": ["space", "time"], "data": data,
            "value_type": "numerical", "bytes": os.path.getsize(path)}], "A table of any size")

    def ordinary(self, number):
        """States in the mix of the 40 rows that sen2cli's documentation prints."""
        turn = (number * 7) % 40
        status = ("FAILED" if turn < 23 else "SUCCEEDED" if turn < 31 else
                  "CREATED" if turn < 36 else "STARTED" if turn < 38 else "ABORTED")
        message = {"SUCCEEDED": SUCCEEDED, "CREATED": CREATED, "STARTED": ACCEPTED,
                   "ABORTED": ABORTED}.get(status)
        message = message or (NO_CONNECTION if number % 2 else NOTHING_SELECTED)
        found = [self.output("water_count", number, code=4326)] if status == "SUCCEEDED" else []
        seconds = (number - 10424) * 3600
        values = attributes(
            status, message, small_area(number), output=outputs.attribute(found, self.form),
            comment=f"Run {number}", knowledgebase_id=WATER if number % 3 else COMPOSITE,
            owner=OWNER if number % 4 else "steffen.example", favourite=number % 10 == 0,
            factbase_id=(1, 1, 2, 3, 8)[number % 5], timestamp_created=stamp(seconds),
            timestamp_started=None if status == "CREATED" else stamp(
                seconds + (-0.6 if number % 11 == 0 else 1.2)),
            timestamp_finished=stamp(seconds + 61) if status in ("FAILED", "SUCCEEDED") else None)
        return row(number, values)
