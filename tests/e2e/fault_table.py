# SPDX-License-Identifier: MIT
"""The faults that a server, something on the way to it or the network can have, as rules of the local
Sen2Cube."""

import base64

from .support import content, sample

HTML = "<!doctype html><html><body>Please log in.</body></html>"
# By what they are called in docs/reliability.md.
ANSWERS = {
    "closed before": {"close": True},
    "cut within the head": {"truncate": 0},
    "cut within the body": {"truncate": 100},
    "400": {"status": 400},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "408": {"status": 408},
    "416": {"status": 416},
    "429 in seconds": {"status": 429, "headers": {"Retry-After": "0"}},
    "429 by a date": {"status": 429, "headers": {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "504": {"status": 504},
    "204": {"status": 204, "body": ""},
    "empty": {"empty": True},
    "short": {"cut": 90},
    "long": {"more": "of what nobody asked for"},
    "wrong Content-Range": {"headers": {"Content-Range": "bytes 5-104/9999999"}},
    "no Content-Range": {"headers": {"Content-Range": None}},
    "coded": {"headers": {"Content-Encoding": "gzip"}},
    "another ETag": {"headers": {"ETag": '"of another version"'}},
    "a web page": {"status": 200, "body": HTML, "headers": {"Content-Type": "text/html"}},
    "another file": {"status": 200, "headers": {"Content-Type": "image/tiff"},
                     "body_base64": base64.b64encode(content(sample("water_count"))).decode()},
    "redirected to itself": {"status": 302, "headers": {"Location": "?again"}},
    "redirected to a stranger": {"status": 302, "headers": {"Location": "https://localhost:1/x"}},
    "redirected to http": {"status": 302, "headers": {"Location": "http://localhost:1/x"}},
    "redirected elsewhere": {"status": 302, "headers": {"Location": "ftp://localhost/x"}},
    "later than the timeout": {"delay": 1.5},
}
# Of the network: tests/backend/wire.py.
NETWORK = {name: {"wire": name} for name in (
    "refused", "reset before", "reset within the head", "reset after the head",
    "reset within the body", "reset on the way", "no HTTP")}
# Each attempt takes all of the time that there is: these have a few operations stand for all.
SLOW = {name: {"wire": name} for name in (
    "silent", "silent within the body", "a byte a second", "a body of a byte a second")}
FAULTS = {**ANSWERS, **NETWORK, **SLOW}
# Which a repetition survives: nearly always where a fifth of the answers is so. A 401 is not among
# them: a bearer that is refused is replaced once.
PASSING = ("closed before", "cut within the head", "cut within the body", "408", "416",
           "429 in seconds", "429 by a date", "500", "502", "503", "504", "empty", "short", "long",
           "wrong Content-Range", "no Content-Range", "coded")
# So does it here, and each costs a TIMEOUT.
SLOW_PASSING = ("later than the timeout",)
