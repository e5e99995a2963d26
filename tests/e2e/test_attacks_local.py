# SPDX-License-Identifier: MIT
"""Another user of the machine, or a program of the user's own, that means harm to what is kept in the
token cache: nothing is followed, waited for or lost (issue 15)."""

import json
import os
import random
import stat
import subprocess
import threading
import time

import pytest

from .attacker import measure
from .support import COMPOSITE, SECONDS, assert_no_secret
from .test_login import grants

NOTE = "not to be touched\n"
LONGEST = 20


class Cache:
    """A user's token cache, and a file of his beside it that nothing may be done to."""

    def __init__(self, machine, folder):
        self.machine, self.folder = machine, folder / "cache"
        self.decoy = folder / "decoy"
        self.decoy.write_text(NOTE)
        self.decoy.chmod(0o600)

    def look(self, *arguments, **variables):
        return measure(self.machine, "gdalinfo", "-checksum", COMPOSITE, *arguments,
                       S2C_TOKEN_CACHE=self.folder, **variables)

    def files(self):
        return sorted(path for path in self.folder.rglob("*") if not path.is_dir())

    def assert_untouched(self):
        assert self.decoy.read_text() == NOTE
        assert stat.S_IMODE(self.decoy.stat().st_mode) == 0o600


@pytest.fixture
def cache(machine, tmp_path):
    made = Cache(machine, tmp_path)
    yield made
    made.assert_untouched()


def linked(path, decoy):
    path.unlink()
    path.symlink_to(decoy)


def linked_to_nothing(path, decoy):
    path.unlink()
    path.symlink_to(decoy.with_name("nothing"))


def linked_in_a_circle(path, decoy):
    path.unlink()
    path.symlink_to(path)


def linked_to_a_device(path, decoy):
    path.unlink()
    path.symlink_to("/dev/zero")


def linked_to_a_pipe(path, decoy):
    path.unlink()
    pipe = decoy.with_name("pipe")
    if not pipe.exists():
        os.mkfifo(pipe, 0o600)
    path.symlink_to(pipe)


def hard_linked(path, decoy):
    path.unlink()
    os.link(decoy, path)


def a_pipe(path, decoy):
    path.unlink()
    os.mkfifo(path, 0o600)


def a_folder(path, decoy):
    path.unlink()
    path.mkdir()
    (path / "within").write_text("x")


def open_to_others(path, decoy):
    path.chmod(0o666)


def of_another_user(path, decoy):
    """Root can give files away; all others are tested by what they cannot."""
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    else:
        linked_to_a_device(path, decoy)


def of_a_terabyte(path, decoy):
    os.truncate(path, 1 << 40)


PLANTS = [linked, linked_to_nothing, linked_in_a_circle, linked_to_a_device, linked_to_a_pipe,
          hard_linked, a_pipe, a_folder, open_to_others, of_another_user, of_a_terabyte]


@pytest.mark.parametrize("lock", [False, True], ids=["files", "locks"])
@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_planted_in_the_cache_is_as_good_as_nothing(sen2cube, cache, plant, lock):
    right = cache.look()
    assert right.code == 0
    planted = [path for path in cache.files() if (path.suffix == ".lock") == lock]
    assert planted
    for path in planted:
        plant(path, cache.decoy)
    for _ in range(2):
        done = cache.look()
        assert (done.code, done.err, done.out) == (0, "", right.out)
        assert done.seconds < LONGEST and done.peak < right.peak + 20
        cache.assert_untouched()
    assert not cache.decoy.with_name("nothing").exists()
    for path in cache.files():
        found = path.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_size < 1 << 20 and b"eyJ" in path.read_bytes():
            assert stat.S_IMODE(found.st_mode) == 0o600 and found.st_nlink == 1
            # Of another's file, which is left alone, only the first program knew the token.
            assert found.st_uid == os.geteuid() or plant is of_another_user


@pytest.mark.parametrize("below", ["", "answers"])
@pytest.mark.parametrize("how", ["open", "foreign", "file", "pipe", "link in a circle"])
def test_a_folder_that_is_not_the_users_own_gets_nothing(sen2cube, cache, how, below):
    folder = cache.folder / below
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    if how == "open":
        folder.mkdir()
        folder.chmod(0o777)
    elif how == "foreign":
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
        else:
            folder.chmod(0o755)
    elif how == "file":
        folder.write_text("x")
    elif how == "pipe":
        os.mkfifo(folder)
    else:
        folder.symlink_to(folder)
    for _ in range(2):
        done = cache.look()
        assert (done.code, done.err) == (0, "") and done.seconds < LONGEST
    if how == "open":
        assert [path for path in folder.rglob("*") if not path.is_dir()] == []
    assert not list(cache.decoy.parent.glob("cache/*.json")) or below
    assert below or grants(sen2cube) == ["password", "password"]


def start(cache):
    return subprocess.Popen(
        ["gdalinfo", "-checksum", COMPOSITE], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        env=cache.machine.environment(S2C_TOKEN_CACHE=cache.folder))


def token_file(cache):
    [found] = [path for path in cache.folder.glob("*.json")
               if "access_token" in path.read_text()]
    return found


class Swapper:
    """Puts links, old tokens and nothing in the place of the token file, as fast as it can."""

    def __init__(self, path, decoy):
        self.path, self.decoy, self.ended = path, decoy, False
        self.old = path.read_bytes()
        self.thread = threading.Thread(target=self.swap)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()

    def swap(self):
        beside = self.path.with_name("beside")
        turn = 0
        while not self.ended:
            turn += 1
            if turn % 3 == 0:
                beside.symlink_to(self.decoy)
            elif turn % 3 == 1:
                beside.write_bytes(self.old)
                beside.chmod(0o600)
            if turn % 3 == 2:
                self.path.unlink(missing_ok=True)
            else:
                os.replace(beside, self.path)
            time.sleep(0.001)


def test_a_race_on_the_token_file_leaks_and_loses_nothing(sen2cube, cache):
    right = cache.look().out
    path = token_file(cache)
    sen2cube.expire_access()
    with Swapper(path, cache.decoy) as swapper:
        for _ in range(3):
            for program in [start(cache) for _ in range(4)]:
                out, err = program.communicate(timeout=SECONDS)
                assert (program.returncode, err, out) == (0, "", right)
                assert_no_secret(out)
            sen2cube.expire_access()
    cache.assert_untouched()
    assert swapper.path == path
    path.unlink(missing_ok=True)
    assert cache.look().out == right
    assert "access_token" in json.loads(token_file(cache).read_text())


def test_programs_that_are_killed_leave_a_login_or_none_and_nothing_open(sen2cube, cache):
    right = cache.look().out
    chance = random.Random(15)
    for _ in range(30):
        sen2cube.expire_access()
        program = start(cache)
        time.sleep(chance.uniform(0.0, 0.3))
        program.kill()
        program.communicate(timeout=SECONDS)
        for path in cache.files():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        json.loads(token_file(cache).read_text())
    assert cache.look().out == right


def test_a_lock_that_somebody_holds_for_ever_is_waited_for_no_longer_than_it_says(cache):
    right = cache.look()
    lock = token_file(cache).with_name(token_file(cache).name + ".lock")
    holder = subprocess.Popen(["flock", str(lock), "sleep", "300"], start_new_session=True)
    try:
        time.sleep(0.5)
        token_file(cache).unlink()
        done = cache.look()
        assert (done.code, done.out) == (0, right.out) and done.seconds < 30 + LONGEST
    finally:
        os.killpg(holder.pid, 15)
        holder.wait()
