# SPDX-License-Identifier: MIT
"""Inferences in numbers, made when they are asked for: 100,000 of them cost no memory."""

import json

from . import outputs
from .area import small_area
from .inferences import (ABORTED, CREATED, NO_CONNECTION, NOTHING_SELECTED, OWNER, SUCCEEDED,
                         attributes, stamp)
from .knowledgebases import COMPOSITE, WATER
from .rows import Row
from .schema import INFERENCE

STATES = ("FAILED", "SUCCEEDED", "FAILED", "CREATED", "FAILED", "ABORTED", "FAILED", "SUCCEEDED")
MESSAGES = {"SUCCEEDED": SUCCEEDED, "CREATED": CREATED, "ABORTED": ABORTED}


class Synthetic:
    """The rows 100001…"""

    FIRST = 100_001

    def __init__(self, count):
        self.count = count
        self.removed = set()
        self.outputs = {}

    def take_outputs(self, row, form):
        """All that succeeded have the files of `row`."""
        self.outputs = {"SUCCEEDED": outputs.attribute(row.attributes["output"], form)}

    def holds(self, number):
        return self.FIRST <= number < self.FIRST + self.count and number not in self.removed

    def numbers(self):
        return [number for number in range(self.FIRST, self.FIRST + self.count)
                if number not in self.removed]

    def row(self, number):
        return SyntheticRow(number, self.outputs)


def status(number):
    return STATES[number % len(STATES)]


def message(number):
    failed = NO_CONNECTION if number % 3 else NOTHING_SELECTED
    return MESSAGES.get(status(number), failed)


class SyntheticRow(Row):
    """Filters, sorting and sparse documents ask for single attributes, each made by itself."""

    QUICK = {
        "status": status,
        "status_message": message,
        "comment": lambda number: f"Synthetic run {number}",
        "owner": lambda number: OWNER if number % 2 else "steffen.example",
        "favourite": lambda number: number % 10 == 0,
        "knowledgebase_id": lambda number: WATER if number % 3 else COMPOSITE,
        "factbase_id": lambda number: (1, 1, 2, 3, 8)[number % 5],
        "timestamp_created": lambda number: stamp(number * 10),
        "timestamp_finished": lambda number: (
            None if status(number) == "CREATED" else stamp(number * 10 + 58.4)),
        "area_of_interest": small_area,
    }
    SAME = attributes(None, None, None)
    SAME_TEXTS = {name: json.dumps(value) for name, value in SAME.items()}

    def __init__(self, number, outputs_by_status):
        self.number = number
        self.made = None
        self.outputs_by_status = outputs_by_status

    def __getattr__(self, name):
        """What most rows are never asked for."""
        if name == "relations":
            self.relations = {relation: self.QUICK[f"{relation}_id"](self.number)
                              for relation in INFERENCE.relations}
        elif name in ("overrides", "texts"):
            setattr(self, name, {})
        else:
            raise AttributeError(name)
        return self.__dict__[name]

    @property
    def attributes(self):
        if self.made is None:
            self.made = {name: self.quick(name) for name in INFERENCE.attributes}
        return self.made

    @attributes.setter
    def attributes(self, values):
        self.made = values

    def quick(self, name):
        if name == "output":
            return self.outputs_by_status.get(status(self.number), "[]")
        make = self.QUICK.get(name)
        return make(self.number) if make else self.SAME.get(name)

    def value(self, name):
        if self.made is None and name != "id":
            return self.quick(name)
        return super().value(name)

    def names(self):
        return INFERENCE.attributes if self.made is None else self.made

    def text(self, name):
        if self.made is None:
            if name in self.QUICK or name == "output":
                return json.dumps(self.quick(name))
            return self.SAME_TEXTS[name]
        return super().text(name)
