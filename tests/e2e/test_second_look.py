# SPDX-License-Identifier: MIT
"""What one process was told is kept for the next, which asks API and file host at once and believes
nothing before both have answered."""

import os
import re
import resource
import stat
import subprocess
import time

import pytest

from ..backend.process import LocalSen2Cube
from .rasters import noise, publish, write
from .support import COMPOSITE, COMPOSITE_PATH, FOLDER, SECONDS, inference, result, sample
from .terminal import S2C

NUMBER = 10427
MAP_FILE = f"{FOLDER}/map_id{NUMBER}_3035.tiff"
MAP = f"S2C:{NUMBER}:map"
LOOK = ["gdalinfo", "-checksum"]


def seen(output):
    """The checksums of all pixels, or why there are none."""
    return re.findall(r"Checksum=(\d+)", output) or output.strip()


class Looker:
    """A user whose programs come one after the other, with one folder of what is kept."""

    def __init__(self, machine, folder):
        self.machine, self.folder = machine, folder
        self.cache = folder / "tokens"
        self.answers = self.cache / "answers"

    def start(self, name, **variables):
        environment = self.machine.environment(**{"S2C_TOKEN_CACHE": self.cache, **variables})
        return subprocess.Popen([*LOOK, name], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def look(self, name=COMPOSITE, **variables):
        process = self.start(name, **variables)
        return seen(process.communicate(timeout=SECONDS)[0])

    def kept(self):
        return sorted(self.answers.iterdir()) if self.answers.exists() else []


def grow_old():
    """Bytes that came within a second of the file's last change are not kept: another change may
    follow that does not show."""
    time.sleep(1.1)


@pytest.fixture(scope="module", autouse=True)
def old_samples(sen2cube):
    """The server has copied them when it was started."""
    grow_old()


@pytest.fixture
def user(machine, tmp_path):
    return Looker(machine, tmp_path)


def seen_locally(path):
    done = subprocess.run([*LOOK, path], text=True, capture_output=True, timeout=SECONDS,
                          check=True)
    return seen(done.stdout)


@pytest.fixture(scope="module")
def right():
    return seen_locally(sample("Cloud_free_composite"))


def statuses(sen2cube):
    return [entry["status"] for entry in sen2cube.requests("files")]


def test_a_second_process_asks_for_the_file_while_the_api_answers(sen2cube, user, right):
    assert user.look() == right
    assert statuses(sen2cube) == [206]
    sen2cube.forget()
    sen2cube.fault(server="api", path="/v1/inference/10424", delay=1.5)
    process = user.start(COMPOSITE)
    entries = {entry["server"]: entry for entry in sen2cube.wait_for_request(2, seconds=60)}
    assert set(entries) == {"api", "files"} and entries["api"]["status"] is None
    assert seen(process.communicate(timeout=SECONDS)[0]) == right
    assert sorted(sen2cube.request_lines()) == [inference(10424), result("Cloud_free_composite")]
    assert statuses(sen2cube) == [304], "its bytes are on the disk, and the server says so"


@pytest.mark.parametrize("name", [COMPOSITE_PATH, "S2C:10424:CLOUD_FREE_composite"])
def test_other_names_of_a_result_are_looked_at_again_as_well(sen2cube, user, right, name):
    assert user.look() == right
    sen2cube.forget()
    assert user.look(name) == right
    assert statuses(sen2cube) == [304]


def test_of_another_result_of_the_inference_the_place_is_known(sen2cube, user):
    user.look()
    sen2cube.forget()
    sen2cube.fault(server="api", path="/v1/inference/10424", delay=1.5)
    process = user.start("S2C:10424:water_count")
    entries = sen2cube.wait_for_request(2, seconds=60)
    assert {entry["server"] for entry in entries} == {"api", "files"}
    assert seen(process.communicate(timeout=SECONDS)[0]) == seen_locally(sample("water_count"))


def test_tables_are_looked_at_again_as_well(sen2cube, user, machine):
    lines = [machine.succeed("ogrinfo", "-ro", "-al", "S2C:10424:mean_ndvi",
                             S2C_TOKEN_CACHE=user.cache) for _ in range(2)]
    assert lines[0] == lines[1]
    assert statuses(sen2cube)[0] == 206 and statuses(sen2cube)[-1] == 304


def test_a_large_file_keeps_its_header(sen2cube, user, tmp_path):
    path = write(tmp_path / "large.tiff", noise(1), "GTiff", ["TILED=YES"])
    publish(sen2cube, NUMBER, {"map": path})
    grow_old()
    expected = seen_locally(path)
    assert user.look(MAP) == expected
    sen2cube.forget()
    assert user.look(MAP) == expected
    answers = [(entry["range"], entry["status"]) for entry in sen2cube.requests("files")]
    assert answers[0] == ("bytes=0-32767", 304)
    assert [status for _, status in answers[1:]] == [206] * (len(answers) - 1)


def published(sen2cube, tmp_path, seed, **more):
    """A small result with these pixels; what is to be seen of it."""
    path = write(tmp_path / f"{seed}.tiff", noise(seed, 1, 64, 64), "GTiff", [])
    publish(sen2cube, NUMBER, {"map": path}, **more)
    return seen_locally(path)


def test_after_a_rerun_the_new_pixels_are_seen(sen2cube, user, tmp_path):
    first = published(sen2cube, tmp_path, 1)
    assert user.look(MAP) == first
    second = published(sen2cube, tmp_path, 2, finished="2021-09-29T07:42:10+00:00")
    assert second != first
    assert user.look(MAP) == second
    assert user.look(MAP) == second


def test_bytes_that_change_under_the_old_time_are_seen(sen2cube, user, tmp_path):
    first = published(sen2cube, tmp_path, 1)
    grow_old()
    assert user.look(MAP) == first
    # As large, and finished at the same time.
    second = published(sen2cube, tmp_path, 2)
    assert user.look(MAP) == second


def test_while_it_is_run_again_nothing_old_is_seen(sen2cube, user, tmp_path):
    published(sen2cube, tmp_path, 1)
    user.look(MAP)
    sen2cube.change_inference(NUMBER, status="STARTED")
    assert "its status is STARTED" in user.look(MAP)


def test_what_is_deleted_is_missing(sen2cube, user, tmp_path):
    published(sen2cube, tmp_path, 1)
    user.look(MAP)
    sen2cube.delete_file(MAP_FILE)
    assert "no longer on the server" in user.look(MAP)


def test_another_account_is_told_nothing(sen2cube, user, right):
    other = {"S2C_USERNAME": LocalSen2Cube.OTHER_USERNAME,
             "S2C_PASSWORD": LocalSen2Cube.OTHER_PASSWORD}
    assert user.look() == right
    sen2cube.forget()
    assert user.look(**other) == right
    assert statuses(sen2cube) == [206]
    sen2cube.fault(server="api", path="/v1/inference/10424", status=403, count=None)
    assert user.look(**other)[:5] == "ERROR"
    assert user.look()[:5] == "ERROR"


def test_a_token_that_is_given_is_of_whom_it_says(sen2cube, user, right):
    user.look()
    sen2cube.forget()
    # Neither refused nor believed: it is no token of this service.
    assert user.look(S2C_ACCESS_TOKEN="opaque", S2C_USERNAME=None,
                     S2C_PASSWORD=None)[:5] == "ERROR"
    assert sen2cube.request_lines("files") == []


def damaged(user, how):
    for path in user.kept():
        how(path)


def change_every_byte(path):
    path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def change_pixels(path):
    content = bytearray(path.read_bytes())
    content[-50:] = bytes(50)
    path.write_bytes(content)


def open_to_others(path):
    path.chmod(0o644)


def linked(path):
    path.rename(path.with_suffix(".real"))
    path.symlink_to("/etc/passwd")


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_pipe(path):
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize("how", [change_every_byte, cut, change_pixels, open_to_others, linked,
                                 a_folder, a_pipe])
def test_a_broken_file_is_as_good_as_none(sen2cube, user, right, how):
    assert user.look() == right
    assert user.kept()
    damaged(user, how)
    sen2cube.forget()
    assert user.look() == right
    assert statuses(sen2cube) == [206]
    assert os.path.getsize("/etc/passwd") > 0


def test_files_that_are_swapped_are_told_apart(sen2cube, user, right):
    user.look("S2C:10424:water_count")
    user.look()
    kept = user.kept()
    contents = [path.read_bytes() for path in kept]
    for path, content in zip(kept, contents[1:] + contents[:1]):
        path.write_bytes(content)
    assert user.look() == right


def test_what_is_kept_is_closed_to_others_and_holds_no_secret(sen2cube, user):
    user.look()
    assert stat.S_IMODE(user.answers.stat().st_mode) == 0o700
    for path in user.kept():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert LocalSen2Cube.PASSWORD.encode() not in path.read_bytes()
        assert b"eyJ" not in path.read_bytes(), "no token"


@pytest.mark.parametrize("variables", [
    {"S2C_ANSWER_CACHE": "NO"}, {"S2C_TOKEN_CACHE": "NO"}])
def test_who_wants_nothing_kept_finds_nothing(sen2cube, user, right, variables):
    assert user.look(**variables) == right
    sen2cube.forget()
    assert user.look(**variables) == right
    assert statuses(sen2cube) == [206]
    assert user.kept() == []


def test_a_folder_that_is_named_serves_without_a_token_cache(sen2cube, user, machine, right):
    folder = user.folder / "elsewhere"
    run = {"S2C_ANSWER_CACHE": str(folder)}
    for expected in (206, 304):
        sen2cube.forget()
        environment = machine.environment(S2C_TOKEN_CACHE="NO", **run)
        done = subprocess.run([*LOOK, COMPOSITE], env=environment, text=True, capture_output=True,
                              timeout=SECONDS, check=True)
        assert seen(done.stdout) == right
        assert statuses(sen2cube) == [expected]
    assert sorted(folder.iterdir())


def limited():
    """Room for tokens, and none for a result; a program that writes more is ended by a signal."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))


def test_a_full_disk_is_nobodys_trouble(sen2cube, user, machine, right):
    environment = machine.environment(S2C_TOKEN_CACHE=user.cache)
    for _ in range(2):
        done = subprocess.run([*LOOK, COMPOSITE], env=environment, text=True, capture_output=True,
                              timeout=SECONDS, check=True, preexec_fn=limited)
        assert (seen(done.stdout), done.stderr) == (right, "")


def test_a_folder_that_cannot_be_made_is_nobodys_trouble(sen2cube, user, right):
    user.cache.mkdir(mode=0o700)
    user.answers.write_text("no folder")
    assert user.look() == right and user.look() == right
    assert user.answers.read_text() == "no folder"


def test_eight_processes_at_once_see_right_pixels(sen2cube, user, right):
    for _ in range(2):
        processes = [user.start(COMPOSITE) for _ in range(8)]
        assert [seen(one.communicate(timeout=SECONDS)[0]) for one in processes] == [right] * 8
    assert statuses(sen2cube)[-1] == 304


def test_the_clock_does_not_matter(sen2cube, user, right):
    user.look()
    for path in user.kept():
        os.utime(path, (4102444800, 4102444800))
    sen2cube.forget()
    assert user.look() == right
    assert statuses(sen2cube) == [304]


def test_s2c_cache_clear_removes_it(sen2cube, user, machine):
    user.look()
    count = len(user.kept())
    assert machine.succeed(S2C, "cache", "clear", S2C_TOKEN_CACHE=user.cache) == f"{count}\n"
    assert count >= 3 and user.kept() == []
    assert machine.succeed(S2C, "cache", "clear", S2C_TOKEN_CACHE=user.cache) == "0\n"
    done = machine.run(S2C, "cache", "clear", S2C_ANSWER_CACHE="NO")
    assert done.returncode and "S2C_ANSWER_CACHE" in done.stderr


def test_a_server_without_include_has_a_second_look_too(machine, tmp_path, right):
    with LocalSen2Cube("--no-include") as server:
        machine.sen2cube = server
        user = Looker(machine, tmp_path)
        grow_old()
        assert user.look() == right
        server.forget()
        assert user.look() == right
        assert statuses(server) == [304]
