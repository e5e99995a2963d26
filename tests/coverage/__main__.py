# SPDX-License-Identifier: MIT
"""Reports what gcovr has counted; ends with 1 where that is too little, or has no reason."""

import collections
import fnmatch
import json
import os
import re
import sys
import typing

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REASONS = os.path.join(HERE, "uncovered.txt")
LEAST_OF_CLIENT = 95
# What a race alone runs is not run each time.
MOST_UNEXPLAINED = 10
ALONE = "[unit tests alone]"
# As clang-format writes the head of a function, in a namespace or in a class.
HEAD = re.compile(r"^(?:  )?(?!(?:if|for|while|switch|return|else|try|case)\b)[A-Za-z~][^=]*\(")


class Reason(typing.NamedTuple):
    files: str
    text: str
    why: str

    def fits(self, path, line, head):
        return fnmatch.fnmatchcase(path, self.files) and \
            (self.text == "*" or self.text in line or self.text in head)


def read_reasons(tests):
    """Those of the section for unit tests alone have no part in what all tests run."""
    found, applies = [], True
    with open(REASONS, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("["):
                applies = line != ALONE or tests == "unit"
            elif line and not line.startswith("#") and applies:
                found.append(Reason(*(part.strip() for part in line.split(" | ", 2))))
    return found


class Counts:
    def __init__(self):
        self.lines = self.lines_run = self.branches = self.branches_run = 0

    def add(self, line):
        self.lines += 1
        self.lines_run += line["count"] > 0
        self.branches += len(line["branches"])
        self.branches_run += sum(branch["count"] > 0 for branch in line["branches"])

    def percent(self):
        return 100 * self.lines_run / self.lines if self.lines else 100

    def __str__(self):
        of_branches = 100 * self.branches_run / self.branches if self.branches else 100
        return (f"{self.lines_run:5} of {self.lines:5} lines {self.percent():6.1f} %  "
                f"{self.branches_run:5} of {self.branches:5} branches {of_branches:6.1f} %")


def folders_of(path):
    """The folders that a file counts for."""
    folder = os.path.dirname(path)
    while folder:
        yield folder
        folder = os.path.dirname(folder)
    yield "all"


def counts_of(files):
    counts = collections.defaultdict(Counts)
    for file in files:
        for line in file["lines"]:
            for folder in folders_of(file["file"]):
                counts[folder].add(line)
    return counts


def not_run(file):
    """Each line of a file that is not, with its text and the head of its function."""
    with open(os.path.join(ROOT, file["file"]), encoding="utf-8") as source:
        texts = source.read().split("\n")
    for line in file["lines"]:
        if line["count"] == 0:
            number = line["line_number"]
            head = next((text for text in reversed(texts[:number])
                         if HEAD.match(text) and not text.endswith(";")), "")
            yield number, texts[number - 1], head


def ranges(numbers):
    found = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def explain(files, reasons):
    """Prints what is not run, by its reason; returns what has none, by file."""
    unexplained, used = collections.defaultdict(list), set()
    explained = collections.defaultdict(lambda: collections.defaultdict(list))
    for file in files:
        for number, line, head in not_run(file):
            reason = next((r for r in reasons if r.fits(file["file"], line, head)), None)
            if reason is None:
                unexplained[file["file"]].append(number)
            else:
                used.add(reason)
                explained[reason.why][file["file"]].append(number)
    for why, places in explained.items():
        print(f"\nNot run: {why}")
        for path, numbers in places.items():
            print(f"  {path}: {ranges(numbers)}")
    for reason in reasons:
        if reason not in used:
            print(f"\nNo line is left for a reason: {reason.files} | {reason.text}")
    return unexplained


def main(path, tests):
    with open(path, encoding="utf-8") as file:
        files = sorted(json.load(file)["files"], key=lambda file: file["file"])
    for file in files:
        file["lines"] = [line for line in file["lines"] if not line.get("gcovr/noncode")]
    counts = counts_of(files)
    unexplained = explain(files, read_reasons(tests))
    if unexplained:
        print("\nNot run, and no reason in tests/coverage/uncovered.txt:")
        for name, numbers in unexplained.items():
            print(f"  {name}: {ranges(numbers)}")
    print()
    for folder in sorted(counts, key=lambda name: (name == "all", name)):
        print(f"{folder:18} {counts[folder]}")
    if counts["client"].percent() < LEAST_OF_CLIENT:
        print(f"client is below {LEAST_OF_CLIENT} % of its lines")
        return 1
    return 1 if sum(map(len, unexplained.values())) > MOST_UNEXPLAINED else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
