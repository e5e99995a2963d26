# SPDX-License-Identifier: MIT
"""A copy of a commit in a folder of its own, built and tested there."""

import filecmp
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

# A break may ask for all memory, or write without end.
MEMORY, FILE = 6 << 30, 1 << 30
BUILD_SECONDS, UNIT_SECONDS, E2E_SECONDS = 400, 150, 600
SUITE = re.compile(r"^TEST(?:_F|_P)?\((\w+),", re.MULTILINE)
FAILED_UNIT = re.compile(r"^\[  FAILED  \] ([\w./]+)", re.MULTILINE)
STARTED_UNIT = re.compile(r"^\[ RUN      \] ([\w./]+)", re.MULTILINE)
FAILED_E2E = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def files_of(folder):
    found = set()
    for place, folders, names in os.walk(folder):
        if place == folder and "build" in folders:
            folders.remove("build")
        found.update(os.path.relpath(os.path.join(place, name), folder) for name in names)
    return found


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Run:
    """A program in a process group of its own; all of that is ended with it."""

    def __init__(self, command, folder, environment, limited=True):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=self.output,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        start_new_session=True,
                                        preexec_fn=limit if limited else None)

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def text(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")


def wait_for(runs, seconds):
    """Until one has failed or all have ended: the first that failed or took too long, or None."""
    until = time.monotonic() + seconds
    try:
        while True:
            codes = [run.process.poll() for run in runs]
            for run, code in zip(runs, codes):
                if code not in (None, 0):
                    return run
            if None not in codes:
                return None
            if time.monotonic() > until:
                return runs[codes.index(None)]
            time.sleep(0.05)
    finally:
        for run in runs:
            run.end()


class Copy:
    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        self.build_folder = os.path.join(folder, "build")
        self.suites = {}

    def make(self, commit):
        os.makedirs(self.build_folder, exist_ok=True)
        self.take(commit)
        checker = os.path.join(self.root, "build", "test_ogrsf")
        if os.path.exists(checker):
            shutil.copy2(checker, self.build_folder)
        environment = self.environment("/tmp")
        subprocess.run(["cmake", "--preset", "release", "-DS2C_BUILD_TESTS=ON"], cwd=self.folder,
                       env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["ninja", "-C", "build", "-j", "2"], cwd=self.folder, env=environment,
                       check=True, stdout=subprocess.DEVNULL)

    def take(self, commit):
        """Only what differs is written: the rest need not be built again."""
        with tempfile.TemporaryDirectory() as fresh:
            archive = subprocess.Popen(["git", "archive", commit], cwd=self.root,
                                       stdout=subprocess.PIPE)
            # The present time: what was built of another commit would seem to be newer.
            subprocess.run(["tar", "-xm"], cwd=fresh, stdin=archive.stdout, check=True)
            assert archive.wait() == 0
            names = files_of(fresh)
            for name in files_of(self.folder) - names:
                os.remove(os.path.join(self.folder, name))
            for name in names:
                source, target = os.path.join(fresh, name), os.path.join(self.folder, name)
                if not os.path.exists(target) or not filecmp.cmp(source, target, shallow=False):
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    shutil.copy2(source, target)

    def environment(self, home, **more):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "CCACHE_DIR")
                if name in os.environ}
        kept.setdefault("CCACHE_DIR", os.path.expanduser("~/.cache/ccache"))
        # As scripts/test has it: what one clone has compiled is another's.
        return {**kept, "HOME": home, "S2C_WERROR": "ON", "CCACHE_BASEDIR": self.folder,
                "CCACHE_NOHASHDIR": "1", **more}

    def read(self, path):
        with open(os.path.join(self.folder, path), encoding="utf-8", newline="") as file:
            return file.read()

    def write(self, path, text, time_of=None):
        """With the time that it had, where nothing has been built meanwhile."""
        place = os.path.join(self.folder, path)
        with open(place, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if time_of:
            os.utime(place, ns=(time_of, time_of))

    def time_of(self, path):
        return os.stat(os.path.join(self.folder, path)).st_mtime_ns

    def left_to_compile(self, *targets):
        dry = subprocess.run(["ninja", "-C", "build", "-n", *targets], cwd=self.folder,
                             capture_output=True, text=True, check=True).stdout
        return dry.count("Building CXX object")

    def build(self, *targets):
        """Whether that can be compiled, within bounded time."""
        # What is compiled of a broken file is nobody's.
        with tempfile.TemporaryDirectory() as home:
            build = Run(["ninja", "-C", "build", "-j", "2", *targets], self.folder,
                        self.environment(home, CCACHE_READONLY="1"), limited=False)
            return wait_for([build], BUILD_SECONDS) is None

    def suites_of(self, folder):
        """The test suites of a folder of tests/unit."""
        if folder not in self.suites:
            place = os.path.join(self.folder, "tests", "unit", folder)
            names = set()
            for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
                if name.endswith(".cpp"):
                    names.update(SUITE.findall(self.read(os.path.join(place, name))))
            self.suites[folder] = sorted(names)
        return self.suites[folder]

    def unit(self, program, wanted="*", shards=1):
        """The test that fails, or what else happened; None where all pass."""
        with tempfile.TemporaryDirectory() as home:
            runs = [Run([os.path.join(self.build_folder, "tests", "unit", program),
                         f"--gtest_filter={wanted}", "--gtest_fail_fast"], self.folder,
                        self.environment(home, GTEST_TOTAL_SHARDS=str(shards),
                                         GTEST_SHARD_INDEX=str(index), TMPDIR=home))
                    for index in range(shards)]
            failed = wait_for(runs, UNIT_SECONDS)
        if failed is None:
            return None
        text = failed.text()
        names = FAILED_UNIT.findall(text)
        if names:
            return names[0]
        started = STARTED_UNIT.findall(text)
        return (started[-1] if started else program) + \
            (" (crashed)" if failed.process.returncode != -signal.SIGKILL else " (did not end)")

    def e2e(self, files):
        """The same of end-to-end tests."""
        with tempfile.TemporaryDirectory() as home:
            run = Run(["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-x",
                       # With -x xdist waits for ever where one of its workers has crashed.
                       "-n", "2", "--dist", "loadfile", "--max-worker-restart", "0", *files],
                      self.folder, self.environment(home, TMPDIR=home), limited=False)
            if wait_for([run], E2E_SECONDS) is None:
                return None
        names = FAILED_E2E.findall(run.text())
        return names[0] if names else files[0] + " (did not end)"
