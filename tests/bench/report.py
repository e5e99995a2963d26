# SPDX-License-Identifier: MIT
"""Medians, ratios and verdicts of the runs, as a table for the terminal."""

import statistics

from .contenders import BEST, CURL, LOCAL, OURS, PLAIN

# What a run may need beyond the local file's: S2C_CACHE_SIZE's default and 32 MB.
MEMORY = (64 + 32) * 1024
UNUSED = 0.05


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


class Row:
    """All runs of one contender in one case."""

    def __init__(self, contender, runs):
        self.contender, self.runs = contender, runs

    def __getattr__(self, name):
        """The median of a run's figure."""
        if name.startswith("__"):
            raise AttributeError(name)
        return median([getattr(run, name) for run in self.runs])


class Result:
    """One case with its rows, the ratios within each round, and what the goal says to them."""

    def __init__(self, case, runs):
        self.case = case
        self.rows = {one: Row(one, [run for run in runs if run.contender == one])
                     for one in case.contenders}
        self.checks = list(self.judged())

    def reference(self, number, figure="seconds"):
        """What the goal compares with, in one round."""
        def of(contender):
            return getattr(self.rows[contender].runs[number], figure)
        against = self.case.goal.against
        if against == "processor":
            return min(of(PLAIN), of(BEST))
        if against == "limit":
            return max(of(CURL), of(LOCAL))
        return of(CURL if against == "curl" else BEST)

    def ratio(self, contender):
        """The median of the ratios within a round."""
        figure = self.figure
        if getattr(self.rows[contender].runs[0], figure) is None:
            return None
        return median([getattr(run, figure) / self.reference(number, figure)
                       for number, run in enumerate(self.rows[contender].runs)])

    @property
    def figure(self):
        return "cpu" if self.case.goal.against == "processor" else "seconds"

    @property
    def memory(self):
        return self.rows[OURS].peak - self.rows[LOCAL].peak

    def unused(self):
        """Bytes that came and that nobody needed, beyond the first request: what came for
        /vsis2c/ less what came for curl, which has the same handshakes, headers and needed bytes,
        less what the first request brought too much, less what was asked for again because the
        cache had let it go: that cost time and was used. None where curl loads something else."""
        if CURL not in self.rows or self.case.work == "one_by_one":
            return None
        mine, plain = self.rows[OURS], self.rows[CURL]
        # On the whole way curl loads the whole file, so does the first request.
        first = 0 if self.case.whole_way else mine.first_unused
        return max(0, mine.down - plain.down - first - mine.repeated)

    def judged(self):
        """(what, figure, bound, met) of every goal."""
        goal, mine = self.case.goal, self.rows[OURS]
        names = {"best": "of the best", "curl": "of curl", "limit": "of the limit",
                 "processor": "of /vsicurl/'s processor time"}
        ratio = self.ratio(OURS)
        yield names[goal.against], f"{ratio:.2f}", f"{goal.factor:.2f}", ratio <= goal.factor
        for what, bound, figure in (("file requests", goal.files, "file_requests"),
                                    ("API requests", goal.api, "api_requests"),
                                    ("connections", goal.connections, "connections")):
            if bound is not None:
                worst = max(getattr(run, figure) for run in mine.runs)
                yield what, str(worst), str(bound), worst <= bound
        unused = self.unused()
        if unused is not None:
            share = unused / mine.down
            yield "of the bytes unused", f"{share:.1%}", f"{UNUSED:.0%}", share <= UNUSED
        yield ("MB memory", f"{self.memory / 1024:+.0f}", f"{MEMORY // 1024}",
               self.memory <= MEMORY)


def verdict(check):
    what, figure, bound, met = check
    return f"{figure} {what}, goal {bound}: {'ok' if met else 'MISSED'}"


def number(value, form="{:.0f}"):
    return "–" if value is None else form.format(value)


def cells(result, row):
    """case, contender, s, cpu, ratio, API and file requests, connections, MB down, MB peak."""
    return [result.case.name, row.contender, number(row.seconds, "{:.3f}"),
            number(row.cpu, "{:.2f}"), number(result.ratio(row.contender), "{:.2f}"),
            number(row.api_requests), number(row.file_requests), number(row.connections),
            number(row.down / 1e6, "{:.2f}"),
            number(row.peak and row.peak / 1024)]


HEAD = ["case", "contender", "s", "cpu s", "ratio", "API", "file", "conn.", "MB down", "MB peak"]
WIDTHS = [11, 23, 8, 7, 6, 4, 5, 6, 8, 8]


def line(values):
    return "".join(value.ljust(width) if place < 2 else value.rjust(width)
                   for place, (value, width) in enumerate(zip(values, WIDTHS)))


def print_head():
    print(line(HEAD), flush=True)


def print_result(result):
    for row in result.rows.values():
        print(line(cells(result, row)))
    for check in result.checks:
        print(f"{'':11}{verdict(check)}")
    print(flush=True)


def print_summary(results):
    checks = [(result, check) for result in results for check in result.checks]
    missed = [(result, check) for result, check in checks if not check[3]]
    print(f"{len(checks) - len(missed)} of {len(checks)} goals are met; the pixels of every run "
          "are the local file's")
    for result, check in missed:
        print(f"  {result.case.name}: {verdict(check)}")
