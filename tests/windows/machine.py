# SPDX-License-Identifier: MIT
"""GDAL's programs for Windows as somebody runs them who uses the local Sen2Cube."""

import pathlib
import time

from ..backend.process import LocalSen2Cube
from .support import BUILD, PREFIX, SECONDS, run, start, windows_path

# wine's Schannel takes no certificate but with an RSA key, and for a name.
SERVER = ("--rsa", "--api-host", "localhost", "--files-host", "localhost")
COMPOSITE = "S2C:10424:Cloud_free_composite"
COMPOSITE_PATH = "/vsis2c/10424/Cloud_free_composite.tiff"


class Done:
    """What a program has left: its exit code, its two streams, and when it was gone."""

    def __init__(self, returncode, output, errors):
        self.returncode, self.output, self.errors = returncode, output, errors
        self.end = time.time()

    def __repr__(self):
        return f"exit code {self.returncode}\n{self.output}\n{self.errors}"


class Machine:
    """What is remembered between its programs is in `folder`, and nothing of it is anybody's."""

    def __init__(self, folder, sen2cube: LocalSen2Cube, launcher):
        self.folder, self.sen2cube, self.launcher = folder, sen2cube, launcher

    def variables(self, **changes):
        """A variable that is None is taken away."""
        variables = {**self.sen2cube.environment(), "GDAL_DRIVER_PATH": BUILD / "gdalplugins",
                     "S2C_TOKEN_CACHE": self.folder / "tokens",
                     "S2C_ANSWER_CACHE": self.folder / "answers", "S2C_RETRY_DELAY": "0.01",
                     "GDAL_CURL_CA_BUNDLE": pathlib.Path(self.sen2cube.ca_file),
                     "CURL_CA_BUNDLE": None, **changes}
        return {name: value for name, value in variables.items() if value is not None}

    @staticmethod
    def program(name):
        """GDAL's, or this project's own."""
        own = BUILD / f"{name}.exe"
        return own if own.exists() else PREFIX / "bin" / f"{name}.exe"

    def run(self, name, *arguments, given="", **variables):
        done = run(self.program(name), *arguments, cwd=self.folder, given=given,
                   **self.variables(**variables))
        return Done(done.returncode, done.stdout, done.stderr)

    def succeed(self, name, *arguments, **variables):
        """The standard output of a program that ends well and complains of nothing."""
        done = self.run(name, *arguments, **variables)
        assert (done.returncode, done.errors) == (0, ""), done
        return done.output

    def refusal(self, name, *arguments, **variables):
        """All that a program says which fails."""
        done = self.run(name, *arguments, **variables)
        assert done.returncode not in (0, 139), done
        return done.output + done.errors

    def run_together(self, count, name, *arguments, **variables):
        """That many at once."""
        started = [start(self.program(name), *arguments, cwd=self.folder,
                         **self.variables(**variables)) for _ in range(count)]
        ended = []
        try:
            for process in started:
                output, errors = process.communicate(timeout=SECONDS)
                ended.append(Done(process.returncode, output, errors))
        finally:
            for process in started:
                process.kill()
        return ended

    def run_at_home(self, home, name, *arguments, **variables):
        """As the user whose folder that is, who has set nothing but what names the service."""
        set_there = [f"{key}={value}" for key, value in
                     (("USERPROFILE", windows_path(home)), ("LOCALAPPDATA", ""))]
        return run(self.launcher, *set_there, "--", self.program(name), *arguments,
                   cwd=self.folder,
                   **self.variables(S2C_TOKEN_CACHE=None, S2C_ANSWER_CACHE=None, **variables))

    def grants(self):
        """What the login server was asked for, and how it answered."""
        return [(entry["grant"], entry["status"]) for entry in self.sen2cube.requests("auth")
                if entry["path"].endswith("/token")]
