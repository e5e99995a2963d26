# SPDX-License-Identifier: MIT
"""Runs inferences: CREATED, SCHEDULED, STARTED, then SUCCEEDED or FAILED."""

import datetime
import os
import threading

from . import outputs
from .cutter import Area, Cutter, InvalidArea, NothingSelected
from .inferences import (ABORTED, ACCEPTED, CREATED, NO_CONNECTION, NOTHING_SELECTED, SUCCEEDED,
                         failure)
from .knowledgebases import FAILING


def now():
    moment = datetime.datetime.now(datetime.timezone.utc)
    return moment.isoformat(timespec="microseconds")


class Cancelled(Exception):
    """Aborted, deleted or started anew meanwhile."""


class Jobs:
    """A run is named by its inference and a ticket; a newer ticket ends it."""

    def __init__(self, store, results, options):
        self.store, self.results, self.options = store, results, options
        self.cutter = Cutter(options.samples)
        self.changed = threading.Condition()
        self.tickets, self.runs = {}, {}

    def create(self, row):
        """What the API itself fills in, whatever the client sent."""
        row.change(status="CREATED", status_message=CREATED, status_progress=None,
                   status_timestamp=None, timestamp_created=now(), timestamp_started=None,
                   timestamp_finished=None, qgis_project_location=None,
                   output=outputs.attribute([], "array"),
                   favourite=bool(row.attributes["favourite"]),
                   output_scale_factor=row.attributes["output_scale_factor"] or 1)

    def rerun(self, row):
        """Only the status changes: the rest tells of the run before until this one ends."""
        self.cancel(row)
        self.runs[row.number] = self.runs.get(row.number, 0) + 1
        row.change(status="CREATED")

    def abort(self, row):
        self.cancel(row)
        row.change(status="ABORTED", status_message=ABORTED)

    def forget(self, row):
        self.cancel(row)

    def cancel(self, row):
        with self.changed:
            self.tickets[row.number] = self.tickets.get(row.number, 0) + 1
            self.changed.notify_all()

    def start(self, row):
        self.cancel(row)
        threading.Thread(target=self.run, args=(row, self.tickets[row.number]),
                         name=f"inference {row.number}", daemon=True).start()

    def pause(self, row, ticket):
        """A state's time; ends at once with Cancelled when the run is no longer wanted."""
        with self.changed:
            if self.changed.wait_for(lambda: self.tickets[row.number] != ticket,
                                     self.options.job_seconds):
                raise Cancelled

    def set(self, row, ticket, **attributes):
        with self.changed:
            if self.tickets[row.number] != ticket:
                raise Cancelled
            row.change(**attributes)

    def run(self, row, ticket):
        try:
            self.pause(row, ticket)
            self.set(row, ticket, status="SCHEDULED", status_message=ACCEPTED)
            self.pause(row, ticket)
            self.set(row, ticket, status="STARTED", timestamp_started=now())
            self.pause(row, ticket)
            self.set(row, ticket, **self.outcome(row, ticket))
        except Cancelled:
            pass

    def outcome(self, row, ticket):
        try:
            if row.related("knowledgebase") == FAILING:
                return self.failed(NO_CONNECTION)
            found = self.produce(row, ticket)
        except NothingSelected:
            return self.failed(NOTHING_SELECTED)
        except InvalidArea as error:
            return self.failed(failure("area_of_interest", f"ValueError('{error}')"))
        except (RuntimeError, OSError) as error:
            return self.failed(failure("export", repr(error)))
        project = f"{self.folder(row)}/qgis-project-id{row.number}.zip"
        self.results.copy(os.path.join(self.options.samples, "qgis-project.zip"), project)
        return {"status": "SUCCEEDED", "status_message": SUCCEEDED, "timestamp_finished": now(),
                "qgis_project_location": project,
                "output": outputs.attribute(found, self.options.output_form)}

    @staticmethod
    def failed(message):
        return {"status": "FAILED", "status_message": message, "timestamp_finished": now(),
                "output": []}

    def folder(self, row):
        factbase = self.store["factbase"].get(row.related("factbase") or 1)
        return f"/output/{factbase.value('project')}/{row.value('owner') or 'unknown'}"

    def produce(self, row, ticket):
        """All samples, cut; the files change only once all of them are made."""
        area = Area(row.value("area_of_interest"))
        scale = float(row.value("output_scale_factor") or 1)
        run, folder, made = self.runs.get(row.number, 0), self.folder(row), []
        for name in outputs.NAMES:
            data = f"{folder}/{outputs.result_name(name, row.number)}"
            target = self.results.place(data)
            if target is None:
                raise InvalidArea("the owner's name is no folder")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            self.cutter.cut(name, area, f"{target}.{ticket}", scale, run)
            made.append((name, data, target))
        with self.changed:
            if self.tickets[row.number] != ticket:
                raise Cancelled
            for _, _, target in made:
                os.replace(f"{target}.{ticket}", target)
        return [self.describe(name, row, data, target, area) for name, data, target in made]

    @staticmethod
    def describe(name, row, data, target, area):
        output = outputs.describe(name, row.number, target, data)
        if name == "green_spaces":
            output["lines"] = area.names
        return output
