# SPDX-License-Identifier: MIT
"""docs/performance.md."""

import os
import platform

from osgeo import gdal

from tests.backend.process import ROOT

from . import plot, report
from .contenders import AT_ITS_BEST, OURS

PAGE = """\
# Performance

Written by `scripts/bench --write --rounds {rounds}`. In each round the contenders of a case run
one after the other, another one first each time, every run in a fresh process. Times and figures
are medians, ratios are medians of the ratios within a round. The pixels of every run are equal to
the local file's.

![Time of each case and contender, as multiples of curl's](performance.svg)

## Goals

{goals}

{missed}

## Figures

`ratio` is to what the goal compares with (the best of the others, curl, the limit, or
/vsicurl/'s processor time). `MB down` is what came through the link from the file host, with TLS.
`MB peak` is VmHWM of the process.

{figures}

## Method

* **Link.** A relay in user space between the clients and nginx (TLS 1.3, HTTP/2): {link} All
  connections share the rate. Connecting costs a round trip. Slow start and loss are not modelled.
  API and files are two hosts behind the one link.
* **Machine.** {machine}
* **/vsicurl/ at its best**: {best}.
* **`info` and `rasterio`** are the whole way from the start of the process, with a valid token at
  hand. `info` is the program gdalinfo on `S2C:ID:NAME` and on the local file. /vsicurl/ needs a
  script there: a `requests` session for the inference (its output alone) and its factbase (its uri
  alone), then the same of GDAL's Python module. curl loads the inference and the file.
* **`first` and `again`** are `info` where a process was there before that has kept what it was told
  (S2C_ANSWER_CACHE): of another result of the same account and file host, or of this one. In all
  other cases nothing is kept.
* **All other cases** run in a process that has loaded its libraries and opened a local file. The
  inference is resolved before the clock starts: /vsis2c/ by a stat of the path, which asks the API
  and nothing of the file host; /vsicurl/ is given the address and asks something of the API host as
  well, so that its TLS library too has been used. The relay's count shows that nobody has a
  connection to the file host at that moment. The process's end is not counted.
* **`open`** reads the metadata, the RPC domain and the file list, as gdalinfo and QGIS do. The
  other cases read pixels only, which is why /vsicurl/ as it comes asks less often than there.
* **curl** loads as many bytes as the case needs, from the file's start, in one request: the header
  and the tiles or strips that the windows touch, by the file's own tables. Its time is its own
  `time_total`.
* **Unused bytes** are what came for /vsis2c/ less what came for curl, less what the first request
  brought too much, less what was asked for again after the cache had let it go.
* **`processor`** is user and system time on loopback, without the relay.
* **Files**: `data/Cloud_free_composite.tiff` (167 kB), LZW in strips (14.4 MB), COG with DEFLATE
  (166 MB; for `threads` 109 MB), three bands of UInt16, and a hundred composites of 160 kB.
"""


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
             if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30
    return (f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}, "
            f"{memory:.0f} GB, Linux {platform.release()}, GDAL "
            f"{gdal.VersionInfo('RELEASE_NAME')}. Clients, relay and servers share the cores.")


def link_sentence(link):
    return (f"curl's TCP and TLS take {link['tls'] * 1000:.0f} ms through it, the first byte "
            f"{link['first_byte'] * 1000:.0f} ms more, the rate is {link['rate'] / 1e6:.1f} "
            "Mbit/s.")


def table(rows, right_from):
    head, *rest = rows
    rule = ["---" if place < right_from else "--:" for place in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rest])


def goals(results):
    rows = [["case", "", "verdict"]]
    for result in results:
        texts = [report.verdict(check) for check in result.checks]
        rows.append([f"`{result.case.name}`", result.case.title, "<br>".join(
            text if text.endswith("ok") else f"**{text}**" for text in texts)])
    return table(rows, 3)


def missed(results):
    found = [f"* `{result.case.name}`: {report.verdict(check)}."
             + (floor(result) if check is result.checks[0] else "")
             for result in results for check in result.checks if not check[3]]
    return "Missed:\n\n" + "\n".join(found) if found else "No goal is missed."


def floor(result):
    """What the limit itself has of the goal's measure: some goals lie below it."""
    if "curl" not in result.rows:
        return f" /vsis2c/ takes {result.rows[OURS].seconds:.2f} s of the clock."
    return (f" curl's bare download of the needed bytes has the ratio "
            f"{result.ratio('curl'):.2f}, the local file {result.ratio('local file'):.2f}.")


def figures(results):
    rows = [report.HEAD]
    for result in results:
        for row in result.rows.values():
            made = report.cells(result, row)
            rows.append([f"**{cell}**" for cell in made] if row.contender == OURS else made)
    return table(rows, 2)


def write(results, link, rounds):
    best = ", ".join(f"`{name}={value}`" for name, value in AT_ITS_BEST.items())
    text = PAGE.format(rounds=rounds, goals=goals(results), missed=missed(results),
                       figures=figures(results), link=link_sentence(link), machine=machine(),
                       best=best)
    folder = os.path.join(ROOT, "docs")
    with open(os.path.join(folder, "performance.md"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "performance.svg"), "w", encoding="utf-8") as file:
        file.write(plot.drawing(results))
