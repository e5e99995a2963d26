# SPDX-License-Identifier: MIT
"""The command line of the local Sen2Cube."""

import argparse
import os

SAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))), "data")


def user(text):
    name, separator, password = text.partition(":")
    if not name or not separator:
        raise argparse.ArgumentTypeError("expected NAME:PASSWORD")
    return name, password


def names(text):
    return tuple(name for name in text.split(",") if name)


def add_places(parser):
    parser.add_argument("--port", type=int, default=0, help="of API, token endpoint and control")
    parser.add_argument("--files-port", type=int, default=0, help="of the result files")
    parser.add_argument("--api-host", default="127.0.0.1", help="host written into api_url")
    parser.add_argument("--files-host", default="127.0.0.1", help="host written into factbase.uri")
    parser.add_argument("--api-tls", action="store_true",
                        help="API and token endpoint behind TLS and HTTP/2 as well")
    parser.add_argument("--rsa", action="store_true",
                        help="certificates with RSA keys: wine's Schannel takes no others")
    parser.add_argument("--wire", action="store_true",
                        help="connections go through what may break them: see wire.py")
    parser.add_argument("--samples", default=SAMPLES, help="folder of the sample results")


def add_tokens(parser):
    parser.add_argument("--token-lifetime", type=float, default=300, metavar="SECONDS")
    parser.add_argument("--refresh-lifetime", type=float, default=1800, metavar="SECONDS")
    parser.add_argument("--user", type=user, action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--open-files", action="store_true", help="result files need no token")


def is_newer(options):
    """Whether the API is to answer as flask-rest-jsonapi 0.31 does, which is made of marshmallow 3:
    what it does not know it refuses, and fields[…] it ignores."""
    return options.library == "0.31"


def add_api(parser):
    parser.add_argument("--library", choices=("0.30", "0.31"), default="0.30",
                        help="the generation of flask-rest-jsonapi: 0.30.1 or 0.31")
    parser.add_argument("--unknown-id", choices=("data-null", "null", "error"), default=None,
                        help="the answer to an id that is not there: 200 with data null (0.30.1), "
                             "200 with a bare null (0.31), or the 500 of 0.30.1 with "
                             "marshmallow-jsonapi 0.23; the library's own unless given")
    parser.add_argument("--inferences", type=int, default=0, metavar="N",
                        help="that many synthetic inferences more")
    parser.add_argument("--tables", action="store_true",
                        help="inference 10440 with CSV results that need care")
    parser.add_argument("--large-table", type=int, default=0, metavar="BYTES",
                        help="inference 10441 with a CSV result of about that size")
    parser.add_argument("--maps", action="store_true",
                        help="inference 10442 with classes, colours, and a copy in EPSG:4326")
    parser.add_argument("--many", type=int, default=0, metavar="N",
                        help="that many inferences from 200001 on, over overlapping areas and "
                             "months")
    parser.add_argument("--no-include", action="store_true", help="400 for include")
    parser.add_argument("--no-fields", action="store_true", help="400 for fields[…]")
    parser.add_argument("--omit-attributes", type=names, default=(), metavar="A,B",
                        help="attributes that are absent from every document")
    parser.add_argument("--output-form", choices=("string", "array"), default="string",
                        help="how the output attribute is written")
    parser.add_argument("--linkage", choices=("always", "included"), default="always",
                        help="when relationships carry data with the related id")
    parser.add_argument("--max-page-size", type=int, default=None, help="400 for a larger one")
    parser.add_argument("--clip-page-size", type=int, default=None,
                        help="pages are no larger than that, whatever is asked, without a word")
    parser.add_argument("--list-count", metavar="JSON",
                        help="meta.count of all lists, in place of what is right; or 'absent'")
    parser.add_argument("--no-list-links", action="store_true",
                        help="lists do not name their other pages")
    parser.add_argument("--no-page-zero", action="store_true", help="400 for page[size]=0")
    parser.add_argument("--show-foreign-factbase", action="store_true",
                        help="list factbase 99 too, whose uri is another host's")
    parser.add_argument("--strange-rows", action="store_true",
                        help="rows of each kind whose attributes are left out, added or wrong")
    parser.add_argument("--job-seconds", type=float, default=1, metavar="SECONDS",
                        help="how long a posted inference stays in each state")


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="python3 -m tests.backend", description=__doc__)
    add_places(parser)
    add_tokens(parser)
    add_api(parser)
    parser.add_argument("--print-requests", action="store_true", help="on standard error")
    parser.add_argument("--exports", action="store_true",
                        help="print lines for a shell in place of JSON")
    parser.add_argument("--until-stdin-closes", action="store_true",
                        help="end when standard input does, so as not to outlive a test")
    return parser.parse_args(arguments)
