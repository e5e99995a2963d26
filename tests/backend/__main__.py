# SPDX-License-Identifier: MIT
"""python3 -m tests.backend: prints its places as one JSON line and serves until it is ended."""

import json
import shlex
import signal
import sys
import threading

from .options import parse
from .process import client_variables
from .sen2cube import LocalBackend


def exports(urls):
    variables = client_variables(urls["api_url"], urls["auth_url"], urls["ca_file"])
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def main():
    options = parse()
    ended = threading.Event()

    def end(*_):
        ended.set()
    # A signal during the start raises, so that `with` still cleans up.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    with LocalBackend(options) as backend:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, end)
        if options.until_stdin_closes:
            threading.Thread(target=lambda: (sys.stdin.buffer.read(), end()), daemon=True).start()
        print(exports(backend.urls) if options.exports else json.dumps(backend.urls), flush=True)
        while not ended.wait(0.5):
            if backend.nginx.process.poll() is not None:
                sys.exit(f"nginx ended: {backend.nginx.log()}")


if __name__ == "__main__":
    main()
