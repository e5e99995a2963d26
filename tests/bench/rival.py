# SPDX-License-Identifier: MIT
"""async-geotiff's run, in a process of its own and by the Python of a venv that has it: a job on
stdin, one line of JSON as tests.bench.worker's. It knows no GDAL.

It is given the file's address, as /vsicurl/ is. Its library has been loaded, and has asked something
of the API's host, when the clock starts.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import zlib

PACKAGE = "async-geotiff==0.5.1"
# What it can read as it is: windows of a COG at full resolution. rasteret, which reads such windows
# as well, wants a later Python than Debian 12 has.
CASES = ("cog", "window512", "window2048")


def make_venv(folder):
    """The interpreter of a venv in `folder`, made where there is none."""
    python = os.path.join(folder, "rivals", "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", os.path.dirname(os.path.dirname(python))],
                       check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=True)
    return python


def store_of(job, url):
    from async_tiff.store import HTTPStore
    # It takes no file of authorities. What it spares itself are some milliseconds.
    return HTTPStore.from_url(url, client_options={
        "allow_invalid_certificates": True,
        "default_headers": {"Authorization": "Bearer " + job["token"]}})


async def read(job):
    from async_geotiff import GeoTIFF, Window
    found = await GeoTIFF.open(job["path"], store=store_of(job, job["files_url"]))
    arguments = job["arguments"]
    window = arguments and Window(col_off=arguments["xoff"], row_off=arguments["yoff"],
                                  width=arguments["xsize"], height=arguments["ysize"])
    return (await found.read(window=window or None)).data


async def warm(job):
    try:
        await store_of(job, job["api_url"]).get_range_async("inference", start=0, end=1)
    except Exception:  # whatever it says to the API's answer
        pass


def measured(job):
    import async_geotiff  # noqa: F401
    import numpy
    asyncio.run(warm(job))
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, start = time.process_time(), time.monotonic()
    found = asyncio.run(read(job))
    end = time.monotonic()
    cpu = time.process_time() - cpu
    found = numpy.ascontiguousarray(found)
    with open("/proc/self/status", encoding="ascii") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    return {"start": start, "end": end, "cpu": cpu, "peak": peak,
            "checksum": [zlib.crc32(memoryview(found).cast("B")), list(found.shape),
                         str(found.dtype)]}


if __name__ == "__main__":
    print(json.dumps(measured(json.loads(sys.stdin.readline()))), flush=True)
