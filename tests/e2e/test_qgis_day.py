# SPDX-License-Identifier: MIT
"""A day of use of QGIS in some seconds: tokens that last two of them, eight rendering threads.

DAY_OF_USE=300 makes it five minutes (tests/conftest.py takes what begins with S2C_ away).
"""

import json
import os
import shutil
import subprocess
import sys

from .support import ROOT, SECONDS

OPTIONS = ("--token-lifetime", "2")
PROGRAM = os.path.join(ROOT, "tests", "e2e", "qgis_day.py")
DAY = float(os.environ.get("DAY_OF_USE", 8))


def test_pictures_are_those_of_the_local_files_all_day_with_one_login(machine, sen2cube):
    samples = machine.folder / "samples"
    # QGIS writes beside local files.
    shutil.copytree(os.path.join(ROOT, "data"), samples)
    variables = {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": machine.folder,
                 # Each picture asks the server again.
                 "S2C_CACHE_SIZE": "0", "GDAL_CACHEMAX": "0"}
    done = subprocess.run([sys.executable, PROGRAM, str(DAY), str(samples)],
                          cwd=machine.work, env=machine.environment(**variables), text=True,
                          capture_output=True, timeout=DAY + SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    logins = [(entry["grant"], entry["status"]) for entry in sen2cube.requests("auth")]
    print({**found, "logins": len(logins), "files": len(sen2cube.requests("files"))})
    assert (found["different"], found["errors"], found["rows"]) == (0, [], [96])
    assert found["pictures"] > 3 and found["threads"] == 8
    assert logins.count(("password", 200)) == 1
    assert {*logins[1:]} == {("refresh_token", 200)}
    # Nothing beside remote data, where QGIS was started.
    assert [*machine.work.iterdir()] == []
