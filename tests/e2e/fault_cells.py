# SPDX-License-Identifier: MIT
"""What the fault matrix has seen, cell by cell, and the table that is printed of it."""

import collections
import contextlib

KEY = "fault cell"
ENDINGS = ("right", "error", "broken")


class Cell:
    """One fault in one operation; it holds where its block ends without an exception."""

    ending = "broken"

    def ended(self, error):
        self.ending = "error" if error else "right"


class Cells:
    """Those of a test: among its properties, which reach the end of a run in several processes."""

    def __init__(self, item):
        self.item = item

    @contextlib.contextmanager
    def cell(self, consumer, operation, fault):
        found, ending = Cell(), "broken"
        try:
            yield found
            ending = found.ending
        finally:
            self.item.user_properties.append((KEY, [consumer, operation, fault, ending]))


def cells_of(reports):
    return [value for report in reports for name, value in report.user_properties if name == KEY]


def table(cells):
    """Lines: of each operation of a consumer how many cells ended in what is right, and how many in
    an error."""
    counts = collections.Counter(map(tuple, cells))
    operations = list(dict.fromkeys((cell[0], cell[1]) for cell in cells))
    faults = list(dict.fromkeys(cell[2] for cell in cells))
    for consumer in dict.fromkeys(name for name, _ in operations):
        names = [operation for name, operation in operations if name == consumer]
        widths = [max(8, len(name)) for name in names]
        yield f"{consumer + ': right/error':26}" + "".join(
            f"  {name:>{width}}" for name, width in zip(names, widths))
        for fault in faults:
            found = [[counts[consumer, name, fault, ending] for ending in ENDINGS]
                     for name in names]
            if any(map(any, found)):
                yield f"{fault:26}" + "".join(
                    f"  {in_short(*one):>{width}}" for one, width in zip(found, widths))
        yield ""


def in_short(right, error, broken):
    if not right + error + broken:
        return ""
    return f"{right}/{error}" + (f"/{broken}!" if broken else "")


def verdict(cells):
    broken = sum(cell[3] == "broken" for cell in cells)
    right = sum(cell[3] == "right" for cell in cells)
    faults = len({cell[2] for cell in cells})
    return (f"{len(cells)} cells of {faults} faults, "
            + (f"{broken} did not hold" if broken else "all held")
            + f": {right} right, {len(cells) - right - broken} errors")


def summary(terminal):
    """Of a run without any cell, nothing."""
    reports = [report for found in terminal.stats.values() for report in found
               if getattr(report, "when", None) == "call"]
    cells = cells_of(reports)
    if not cells:
        return
    terminal.section("fault matrix")
    for line in table(cells):
        terminal.line(line)
    terminal.line(verdict(cells))
