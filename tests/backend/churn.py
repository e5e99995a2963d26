# SPDX-License-Identifier: MIT
"""Rows that come and go while a list is read: other users run and delete inferences."""

import threading

from .rows import Row

KEYS = {"kind", "insert", "remove_newest", "remove", "skip", "count"}


class Churn:
    """An order acts before the answer to a list: {"insert": 2} puts two rows above all others,
    {"remove_newest": 3} takes the three newest away, {"remove": [7]} those of these numbers.

    The first `skip` lists are left alone; `count` lists are acted on, 1 unless given, null for all
    that come. {} ends it.
    """

    def __init__(self, store):
        self.store, self.lock, self.orders = store, threading.Lock(), []

    def order(self, order):
        unknown = set(order) - KEYS
        if unknown:
            raise ValueError(f"unknown in churn: {', '.join(sorted(unknown))}")
        with self.lock:
            self.orders = [*self.orders, {"skip": 0, "count": 1, **order}] if order else []

    def act(self, kind):
        with self.lock:
            for order in self.orders:
                if order.get("kind", "inference") != kind:
                    continue
                if order["skip"] > 0:
                    order["skip"] -= 1
                elif order["count"] is None or order["count"] > 0:
                    order["count"] = order["count"] and order["count"] - 1
                    self.change(self.store[kind], order)

    @staticmethod
    def change(collection, order):
        for number in order.get("remove", []):
            collection.remove(number)
        newest = order.get("remove_newest", 0)
        for number in collection.numbers()[::-1][:newest]:
            collection.remove(number)
        for _ in range(order.get("insert", 0)):
            last = collection.get(collection.numbers()[-1])
            collection.add(Row(last.number + 1, {**last.attributes}, {**last.relations}))
