# SPDX-License-Identifier: MIT
"""A PostgreSQL of a test's own, which ends with it. It listens on a socket in its own folder."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time

SECONDS = 120
USER = "postgres"


def program(name):
    """Of the newest version that Debian has installed."""
    found = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    assert found, "scripts/set-up test installs PostgreSQL"
    return max(found, key=lambda path: float(path.split("/")[4]))


class PostgreSQL:
    """`environment` is what its processes, and so GDAL in them, see."""

    def __init__(self, environment):
        # Of the root, PostgreSQL wants to be run by nobody, who has no way into a test's folder.
        self.folder = tempfile.mkdtemp(prefix="s2c")
        self.as_user = []
        if os.geteuid() == 0:
            self.as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        self.environment = {**environment, "HOME": self.folder, "TMPDIR": self.folder}
        for name in ("GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE"):
            self.environment[name] = shutil.copy(environment[name], self.folder)
        self.process = None

    def __enter__(self):
        try:
            if self.as_user:
                subprocess.run(["chown", "-R", USER, self.folder], check=True)
            self.run(program("initdb"), "-D", self.place("data"), "-A", "trust", "-U", USER,
                     "--no-sync", "-E", "UTF8", "--no-locale")
            self.process = subprocess.Popen(
                [*self.as_user, program("postgres"), "-D", self.place("data"), "-k", self.folder,
                 "-c", "listen_addresses=", "-c", "fsync=off"], env=self.environment,
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder)

    def place(self, name):
        return os.path.join(self.folder, name)

    def run(self, *command):
        done = subprocess.run([*self.as_user, *command], cwd=self.folder, env=self.environment,
                              text=True, capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_until_ready(self):
        last = time.monotonic() + SECONDS
        while subprocess.run([program("pg_isready"), "-q", "-h", self.folder], check=False,
                             stdin=subprocess.DEVNULL).returncode != 0:
            assert self.process.poll() is None and time.monotonic() < last, "it does not start"
            time.sleep(0.1)

    def query(self, *statements):
        """The rows of the last statement, each as its texts; a null is an empty one."""
        orders = [part for statement in statements for part in ("-c", statement)]
        text = self.run(program("psql"), "-h", self.folder, "-U", USER, "-d", "postgres", "-X",
                        "-A", "-t", "-q", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1",
                        *orders)
        return [row.split("\x1f") for row in text.removesuffix("\n").split("\x1e") if row]
