# SPDX-License-Identifier: MIT
"""The rows of the database, each with its attributes' JSON text kept ready."""

import json
import random
import threading

from .columns import LARGEST_ID
from .errors import database_error


class Changes:
    """How often anything was changed: what was found in the rows before may not hold any more."""

    count = 0


class Row:
    """`relations` maps a to-one relation's name to the id written in the document.

    `overrides` replaces members of the document itself (id, type, links, relationships):
    tests send strange documents that way.
    """

    def __init__(self, number, attributes, relations=None):
        self.number = number
        self.attributes = attributes
        self.relations = relations or {}
        self.overrides = {}
        self.texts = {}

    def value(self, name):
        return self.number if name == "id" else self.attributes.get(name)

    def names(self):
        return self.attributes

    def text(self, name):
        """The attribute as JSON; an AOI of 190 kB is not written anew for each request."""
        text = self.texts.get(name)
        if text is None:
            text = self.texts[name] = json.dumps(self.attributes[name])
        return text

    def related(self, relation):
        """The related row's number (ids are also strings here and there)."""
        found = self.relations.get(relation)
        return int(found) if found is not None else None

    def change(self, **attributes):
        Changes.count += 1
        self.attributes = {**self.attributes, **attributes}
        for name in attributes:
            self.texts.pop(name, None)

    def relate(self, relation, number):
        self.relations = {**self.relations, relation: number}
        self.change(**({f"{relation}_id": number} if f"{relation}_id" in self.attributes else {}))


class Collection:
    """All rows of a type. `synthetic` makes rows on demand, for lists of 100,000."""

    def __init__(self, schema, synthetic=None):
        self.schema = schema
        self.rows = {}
        self.synthetic = synthetic
        self.hidden = set()
        self.lock = threading.RLock()
        self.sorted_numbers = None

    def add(self, row):
        with self.lock:
            self.rows[row.number] = row
            self.changed()
        return row

    def changed(self):
        Changes.count += 1
        self.sorted_numbers = None

    def remove(self, number):
        with self.lock:
            self.changed()
            self.rows.pop(number, None)
            if self.synthetic:
                self.synthetic.removed.add(number)

    def get(self, number):
        if number > LARGEST_ID:
            raise database_error("(psycopg2.errors.NumericValueOutOfRange) integer out of range")
        row = self.rows.get(number)
        if row is None and self.synthetic and self.synthetic.holds(number):
            row = self.synthetic.row(number)
        return row

    def keep(self, number):
        """The row to change: a synthetic one becomes a kept one first."""
        with self.lock:
            row = self.get(number)
            if row is not None and number not in self.rows:
                self.rows[number] = row
            return row

    def numbers(self):
        """The numbers of all listed rows, ascending; not to be changed by the caller."""
        with self.lock:
            if self.sorted_numbers is None:
                listed = set(self.rows) - self.hidden
                if self.synthetic:
                    listed.update(self.synthetic.numbers())
                self.sorted_numbers = sorted(listed)
            return self.sorted_numbers

    def show(self, number, hidden):
        with self.lock:
            (self.hidden.add if hidden else self.hidden.discard)(number)
            self.changed()

    def next_number(self):
        # Synthetic rows lie above, changed ones too; a serial column would go on after the last real
        # insert.
        own = [number for number in self.rows if not (self.synthetic and self.synthetic.holds(number))]
        return max(own, default=0) + 1

    def page(self, numbers, first, size):
        """`size` rows of no particular order: what SQL gives without ORDER BY."""
        length = max(0, min(size, len(numbers) - first))
        return self.get_all(random.sample(numbers, length))

    def get_all(self, numbers):
        """The rows of these numbers, without those that have gone meanwhile."""
        rows = (self.get(number) for number in numbers)
        return [row for row in rows if row is not None]


class Store:
    def __init__(self, collections):
        self.collections = collections

    def __getitem__(self, kind):
        return self.collections[kind]

    def inverse(self, row, schema, name):
        """The rows behind a relation of `row`: a list for to-many, else a row or None."""
        relation = schema.relations[name]
        target = self[relation.target]
        if not relation.many:
            number = row.related(name)
            return target.get(number) if number is not None else None
        rows = (target.get(number) for number in target.numbers())
        return [other for other in rows if other.related(relation.inverse) == row.number]
