# SPDX-License-Identifier: MIT
"""The ways to a result: their names, environments and paths."""

import os
import urllib.parse

from tests.backend.process import ROOT

OURS, PLAIN, BEST, CURL, LOCAL = "/vsis2c/", "/vsicurl/ as it comes", "/vsicurl/ at its best", \
    "curl", "local file"
RIVAL = "async-geotiff"
FIRST, AGAIN = "first", "again"
ALL = (OURS, PLAIN, BEST, CURL, LOCAL)
PLUGINS = os.path.abspath(os.environ.get("S2C_PLUGIN_DIR")
                          or os.path.join(ROOT, "build", "gdalplugins"))
AT_ITS_BEST = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_HTTP_MULTIPLEX": "YES",
               "GDAL_HTTP_VERSION": "2", "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
               "VSI_CACHE": "TRUE", "GDAL_INGESTED_BYTES_AT_OPEN": "32768"}


def environment(case, contender, service):
    """Nothing of the user's settings; the plugin is loaded by nobody but its contender."""
    found = {name: value for name, value in os.environ.items()
             if not name.startswith(("S2C_", "GDAL_", "CPL_", "OGR_", "VSI_", "XDG_"))
             and not name.lower().endswith("_proxy") and not name.startswith("SSL_CERT")}
    found.update(HOME=service.backend.folder, GDAL_CONFIG_FILE="", GDAL_DRIVER_PATH="disable",
                 CURL_CA_BUNDLE=service.ca_file, GDAL_CURL_CA_BUNDLE=service.ca_file,
                 REQUESTS_CA_BUNDLE=service.ca_file)
    if contender == OURS:
        found.update(GDAL_DRIVER_PATH=PLUGINS, S2C_API_URL=service.api_url,
                     S2C_AUTH_URL=service.auth_url, S2C_ACCESS_TOKEN=service.token,
                     S2C_ANSWER_CACHE=service.answers if case.look else "NO")
    elif contender in (PLAIN, BEST):
        found["GDAL_HTTP_HEADERS"] = service.authorization()
        if contender == BEST:
            found.update(AT_ITS_BEST)
    return found


def job(case, contender, service):
    """What the worker is told."""
    place = service.places[case.group, case.factbase]
    if contender == RIVAL:
        return {"arguments": case.arguments, "program": False, "api_url": service.api_url,
                "files_url": service.uris[case.factbase], "path": place.data[0].lstrip("/"),
                "token": service.token}
    made = {"work": case.work, "arguments": case.arguments, "whole_way": case.whole_way,
            "script": False, "sample": service.groups["composite"][0][1],
            # The command of the first row; without the plugin it takes a script.
            "program": case.work == "info" and contender in (OURS, LOCAL), "paths": paths(case, contender, service, place)}
    if contender == OURS:
        made["warm"] = made["paths"][0]
    if contender in (PLAIN, BEST):
        made["script"] = case.whole_way
        made["warm"] = f"/vsicurl/{service.api_url}/inference/{place.number}"
        made.update(api_url=service.api_url, ca_file=service.ca_file, token=service.token,
                    inference=place.number, name=place.names[0])
    return made


def earlier_path(case, service):
    """What a process has opened before; None where nothing is kept of that."""
    group = {FIRST: "small", AGAIN: case.group}.get(case.look)
    place = group and service.places[group, case.factbase]
    return place and f"S2C:{place.number}:{place.names[0]}"


def paths(case, contender, service, place):
    if contender == LOCAL:
        return place.paths
    if contender != OURS:
        return ["/vsicurl/" + service.url(place, index) for index in range(len(place.names))]
    if case.whole_way:
        return [f"S2C:{place.number}:{place.names[0]}"]
    return [f"/vsis2c/{place.number}/{name}.tiff" for name in place.names]


def curl_command(case, service, needed):
    """Plain downloads one after the other in one process, of as many bytes as are needed."""
    place = service.places[case.group, case.factbase]
    command = ["curl", "-s", "--fail", "--noproxy", "*", "--max-time", "120", "--http2",
               "--cacert", service.ca_file, "-H", service.authorization(),
               "-w", "%{time_total}\\n"]
    if case.whole_way:
        query = urllib.parse.urlencode({"include": "factbase", "fields[factbase]": "uri",
                                        "fields[inference]": "output,factbase"})
        command += ["-o", "/dev/null", f"{service.api_url}/inference/{place.number}?{query}",
                    "-o", "/dev/null", service.url(place)]
        return command
    if len(needed) == 1:
        command += ["-r", f"0-{needed[0] - 1}"]
    for index in range(len(needed)):
        command += ["-o", "/dev/null", service.url(place, index)]
    return command
