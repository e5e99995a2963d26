# SPDX-License-Identifier: MIT
"""A folder that holds a release of Debian, in which programs run as on a machine of its own."""

import os
import pathlib
import shutil
import subprocess

SECONDS = 300
# What any program, and apt itself, may write at any time.
RESTLESS = ("dev", "proc", "root", "run", "srv", "sys", "tmp", "var/cache", "var/lib/apt",
            "var/lib/dpkg", "var/log")


class Folder:
    WORK = "tmp/gdal_S2C-package"

    def __init__(self, path, sen2cube):
        self.path, self.sen2cube = pathlib.Path(path), sen2cube
        self.work = self.path / self.WORK
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "home").mkdir(parents=True)
        self.take(sen2cube.ca_file)

    def take(self, file):
        """Copies a file into the folder; what it is called there."""
        return "/" + str(pathlib.Path(shutil.copy(file, self.work)).relative_to(self.path))

    def run(self, *command):
        """With no variable that says where GDAL's plugins are."""
        variables = self.sen2cube.environment({
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": f"/{self.WORK}/home",
            "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
            "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": f"/{self.WORK}/home"})
        for name in ("GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE"):
            variables[name] = f"/{self.WORK}/{os.path.basename(self.sen2cube.ca_file)}"
        return subprocess.run(["chroot", self.path, *map(str, command)], env=variables, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS,
                              check=False)

    def succeed(self, *command):
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self):
        """All that is there but for what changes by itself."""
        found = set()
        for place, folders, files in os.walk(self.path):
            here = os.path.relpath(place, self.path)
            folders[:] = [name for name in folders if name != "__pycache__"
                          and os.path.normpath(os.path.join(here, name)) not in RESTLESS]
            found.update(os.path.normpath(os.path.join(here, name)) for name in folders + files)
        return found
