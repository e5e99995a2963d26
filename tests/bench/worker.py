# SPDX-License-Identifier: MIT
"""One measured run in a process of its own: `python3 -m tests.bench.worker`, a job on stdin.

The job is a line of JSON. For cases whose inference is resolved before, the worker prepares, prints
"ready", waits for a line, and only then starts its clock; its connections to the file host are made
after that. The result is one JSON line. Checksums are made when the clock has stopped and the
memory has been read.
"""

import json
import os
import resource
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

# What gdalinfo, QGIS and gdal_translate ask of every raster; RPC makes GDAL look for sidecars.
DOMAINS = ("", "IMAGE_STRUCTURE", "GEOLOCATION", "RPC")


def resolve(job):
    """The script of a user without the plugin: the inference, then its factbase."""
    import requests
    session = requests.Session()
    session.verify = job["ca_file"]
    session.headers["Authorization"] = "Bearer " + job["token"]
    inference = session.get(f"{job['api_url']}/inference/{job['inference']}",
                            params={"fields[inference]": "output,factbase"}).json()["data"]
    found = next(output for output in json.loads(inference["attributes"]["output"])
                 if output["name"] == job["name"])
    number = inference["relationships"]["factbase"]["data"]["id"]
    factbase = session.get(f"{job['api_url']}/factbase/{number}",
                           params={"fields[factbase]": "uri"}).json()["data"]
    return "/vsicurl/" + factbase["attributes"]["uri"] + found["data"]


def described(found):
    """What gdalinfo says of a file and the driver of a result alike."""
    return {"size": found["size"], "transform": found["geoTransform"],
            "crs": found["coordinateSystem"]["wkt"],
            "bands": [band["type"] for band in found["bands"]]}


class Work:
    """What a case does with its paths; each method returns what is to be checked."""

    def __init__(self, job):
        self.job = job
        self.arguments = job.get("arguments", {})

    def info(self, paths):
        from osgeo import gdal
        return described(gdal.Info(paths[0], format="json"))

    def rasterio(self, paths):
        import rasterio
        with rasterio.open(paths[0]) as dataset:
            return dataset.read()

    def metadata(self, paths):
        from osgeo import gdal
        dataset = gdal.Open(paths[0])
        bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
        return {"size": [dataset.RasterXSize, dataset.RasterYSize],
                "transform": dataset.GetGeoTransform(), "crs": dataset.GetProjection(),
                "metadata": {domain: dataset.GetMetadata(domain) for domain in DOMAINS},
                "files": len(dataset.GetFileList()),
                "bands": [[band.DataType, band.GetBlockSize(), band.GetNoDataValue(),
                           band.GetOverviewCount()] for band in bands]}

    def pixels(self, paths):
        """All, a window, or an overview: the arguments are ReadAsArray's."""
        from osgeo import gdal
        return gdal.Open(paths[0]).ReadAsArray(**self.arguments)

    def threads(self, paths):
        from osgeo import gdal
        windows, count = self.arguments["windows"], self.arguments["threads"]

        def read(thread):
            dataset = gdal.Open(paths[0])
            return [dataset.ReadAsArray(*window) for window in windows[thread::count]]
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(read, range(count)))

    def one_by_one(self, paths):
        from osgeo import gdal
        return [gdal.Open(path).ReadAsArray() for path in paths]


def prepare(job):
    """Loads the libraries and does what comes before the clock, for all contenders alike.

    A local file is opened, so that GTiff's and PROJ's first use is nobody's time. `warm` is a path
    at the API's host: with /vsis2c/ the output, whose stat resolves the inference and asks nothing
    of the file host; with /vsicurl/ an API address. So both have a TLS library that is loaded, and
    neither a connection to the file host.
    """
    from osgeo import gdal
    import osgeo.gdal_array  # noqa: F401
    gdal.UseExceptions()
    gdal.Open(job["sample"]).GetProjection()
    if job.get("warm"):
        if gdal.VSIStatL(job["warm"]) is None and job["warm"].startswith("/vsis2c/"):
            raise RuntimeError(f"{job['warm']} is not there: {gdal.GetLastErrorMsg()}")
        gdal.ErrorReset()
    print("ready", flush=True)
    sys.stdin.readline()


def checksum(found):
    if isinstance(found, list):
        return [checksum(one) for one in found]
    if isinstance(found, dict):
        return found
    return [zlib.crc32(memoryview(found).cast("B")), list(found.shape), str(found.dtype)]


def peak_kilobytes():
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def program(job):
    """gdalinfo itself. This process is small: a child's peak counts its parent's before exec."""
    start = time.monotonic()
    child = subprocess.Popen(["gdalinfo", "-json", job["paths"][0]], stdout=subprocess.PIPE)
    text = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    end = time.monotonic()
    if status:
        sys.exit(f"gdalinfo ended with {status}")
    return {"start": start, "end": end, "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss, "checksum": described(json.loads(text))}


def measured(job):
    if job["whole_way"]:
        if job["work"] == "info":
            from osgeo import gdal
            gdal.UseExceptions()
        else:
            import rasterio  # noqa: F401
        if job["script"]:
            import requests  # noqa: F401
    else:
        prepare(job)
    cpu, start = processor_seconds(), time.monotonic()
    paths = [resolve(job)] if job["script"] else job["paths"]
    found = getattr(Work(job), job["work"])(paths)
    end = time.monotonic()
    return {"start": start, "end": end, "cpu": processor_seconds() - cpu,
            "peak": peak_kilobytes(), "checksum": checksum(found)}


def main():
    job = json.loads(sys.stdin.readline())
    print(json.dumps(program(job) if job["program"] else measured(job)), flush=True)


if __name__ == "__main__":
    main()
