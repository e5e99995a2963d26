# SPDX-License-Identifier: MIT
"""s2c get: whole or nothing per file, and on from where a command before has ended."""

import base64
import json
import os
import random
import resource
import signal
import subprocess
import time

import pytest

from ..backend.user_agent import UserAgent
from .support import RASTERS, SECONDS, TABLES, content, place, sample
from .terminal import (S2C, Terminal, answer, interrupted, refusal, rows, run_s2c, shown,
                       start_s2c, succeed)

SIZE = 24 << 20
NAME = "Cloud_free_composite"
FILE = f"{NAME}.tiff"
FINISHED = "2021-09-28T07:42:10+00:00"


def publish(sen2cube, seed, finished=FINISHED, size=SIZE):
    """What a run leaves on the server: a file, its size, and a time."""
    data = random.Random(seed).randbytes(size)
    document = UserAgent(sen2cube).get("/inference/10424").json["data"]["attributes"]
    outputs = json.loads(document["output"])
    outputs[0] = {**outputs[0], "bytes": len(data)}
    sen2cube.replace_file(place(NAME), base64.b64encode(data).decode())
    sen2cube.change_inference(10424, output=json.dumps(outputs), timestamp_finished=finished)
    sen2cube.forget()
    return data


@pytest.fixture
def large(sen2cube):
    return publish(sen2cube, 1)


@pytest.fixture
def slow(sen2cube):
    """From 8 MB on the server takes its time, so that a command can be caught at work."""
    sen2cube.fault(server="files", range="^bytes=(8[4-9][0-9]{5}|9[0-9]{6}|[12][0-9]{7})-",
                   delay=30, count=None)


def caught(process, part, seconds=SECONDS):
    """Waits until some of the file is there, and no more comes."""
    deadline = time.monotonic() + seconds
    while not part.exists() or part.stat().st_size < 4 << 20:
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.05)
    return part.stat().st_size


def fetched(sen2cube):
    """How many bytes were asked for."""
    total = 0
    for entry in sen2cube.requests("files"):
        first, last = entry["range"].removeprefix("bytes=").split("-")
        total += int(last) - int(first) + 1
    return total


def test_without_a_name_all_files_come_as_the_folder_lists_them(machine):
    found = rows(succeed(machine, "get", "10424", "-o", "results/of 10424"))
    folder = machine.work / "results" / "of 10424"
    names = [f"{name}.tiff" for name in RASTERS] + [f"{name}.csv" for name in TABLES] \
        + ["qgis-project-id10424.zip", "inference.json"]
    assert [row["file"] for row in found] == [f"results/of 10424/{name}" for name in names]
    assert {row["state"] for row in found} == {"fetched"}
    assert sorted(os.listdir(folder)) == sorted(names)
    for name in (*RASTERS, *TABLES):
        [file] = folder.glob(f"{name}.*")
        assert content(file) == content(sample(name))
    assert json.loads(content(folder / "inference.json"))["data"]["id"] == 10424
    # As anybody's file: by the umask.
    assert (folder / FILE).stat().st_mode & 0o777 == 0o666 & ~umask()
    assert (folder / FILE).stat().st_mtime == 1632814930


def umask():
    now = os.umask(0)
    os.umask(now)
    return now


def test_outputs_are_named_as_in_connection_strings_and_files_by_their_names(machine):
    found = answer(machine, "get", "10424", "LAND_cover", "inference.json", "land_cover",
                   "qgis-project-id10424.zip")
    assert [row["file"] for row in found] \
        == ["land_cover.tiff", "inference.json", "qgis-project-id10424.zip"]
    assert [list(row) for row in found] == 3 * [["file", "state", "bytes"]]
    assert "water_count" in refusal(machine, 4, "get", "10424", "no_such")
    assert not (machine.work / "no_such").exists()


def test_what_is_there_of_the_same_run_is_not_fetched_again(machine, sen2cube):
    succeed(machine, "get", "10424", "land_cover")
    sen2cube.forget()
    assert answer(machine, "get", "10424", "land_cover")[0]["state"] == "there"
    assert sen2cube.requests("files") == []
    assert answer(machine, "get", "10424", "land_cover", "--overwrite")[0]["state"] == "fetched"
    sen2cube.change_inference(10424, timestamp_finished="2021-09-29T07:42:10+00:00")
    try:
        assert answer(machine, "get", "10424", "land_cover")[0]["state"] == "fetched"
    finally:
        sen2cube.change_inference(10424, timestamp_finished=FINISHED)


def test_names_that_lead_elsewhere_stay_in_the_folder(machine):
    folder = machine.work / "results"
    succeed(machine, "get", "10434", "-o", "results")
    assert list(machine.work.iterdir()) == [folder]
    assert {"%2E%2E.tiff", "water%2Fland.tiff", "tab%09here.tiff", "Grünflächen.tiff"} \
        <= set(os.listdir(folder))


def test_a_result_that_leads_elsewhere_is_refused_and_the_others_come(machine):
    done = run_s2c(machine, "get", "10435", "--json")
    assert done.returncode == 1
    states = {row["file"]: row["state"] for row in json.loads(done.stdout)}
    assert states.pop("inference.json") == "fetched"
    assert set(states.values()) == {"failed"} and len(states) == len(done.stderr.splitlines())
    assert os.listdir(machine.work) == ["inference.json"]


def test_an_inference_without_results_says_why_and_the_code_tells_which(machine):
    assert "STARTED" in refusal(machine, 6, "get", "10428")
    assert "FAILED" in refusal(machine, 5, "get", "10429")
    assert "ABORTED" in refusal(machine, 5, "get", "10430", NAME)
    assert os.listdir(machine.work) == []
    assert answer(machine, "get", "10429", "inference.json")[0]["state"] == "fetched"


def test_a_file_that_is_gone_leaves_nothing(machine, sen2cube):
    sen2cube.fault(server="files", status=404, count=None)
    assert "rerun" in refusal(machine, 4, "get", "10424", NAME)
    assert os.listdir(machine.work) == []


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGTERM, signal.SIGKILL))
def test_a_command_that_was_ended_goes_on_where_it_was(machine, sen2cube, large, slow, number):
    process = start_s2c(machine, "get", "10424", NAME)
    part = machine.work / f"{FILE}.part"
    caught(process, part)
    begun = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=SECONDS)
    # It waits for a server that takes 30 s.
    assert time.monotonic() - begun < 15
    assert process.returncode == -number
    assert errors == "" or "goes on" in errors
    assert not (machine.work / FILE).exists()
    size = part.stat().st_size
    sen2cube.clear_faults()
    sen2cube.forget()
    [row] = answer(machine, "get", "10424", NAME)
    assert (row["state"], row["bytes"]) == ("resumed", SIZE)
    assert content(machine.work / FILE) == large
    assert os.listdir(machine.work) == [FILE]
    assert fetched(sen2cube) < SIZE - size + (1 << 20)


def test_after_a_rerun_a_part_begins_anew(machine, sen2cube, large, slow):
    process = start_s2c(machine, "get", "10424", NAME)
    caught(process, machine.work / f"{FILE}.part")
    interrupted(process)
    sen2cube.clear_faults()
    other = publish(sen2cube, 2, "2021-09-29T07:42:10+00:00")
    [row] = answer(machine, "get", "10424", NAME)
    assert row["state"] == "fetched"
    assert content(machine.work / FILE) == other != large
    assert os.listdir(machine.work) == [FILE]


def test_a_part_of_a_file_that_the_server_replaced_in_silence_begins_anew(machine, sen2cube, large,
                                                                          slow):
    """Same size, same time in the API: the server's own word for the version differs."""
    process = start_s2c(machine, "get", "10424", NAME)
    caught(process, machine.work / f"{FILE}.part")
    interrupted(process)
    sen2cube.clear_faults()
    other = publish(sen2cube, 3)
    # Within the same second nginx would say the same of both.
    sen2cube.touch_file(place(NAME))
    [row] = answer(machine, "get", "10424", NAME)
    assert row["state"] == "fetched"
    assert content(machine.work / FILE) == other != large


@pytest.mark.parametrize("note", (None, "", "{", "[]", '{"version": "other", "validator": ""}'))
def test_a_part_of_which_nobody_knows_the_version_begins_anew(machine, sen2cube, large, slow, note):
    process = start_s2c(machine, "get", "10424", NAME)
    caught(process, machine.work / f"{FILE}.part")
    interrupted(process)
    sen2cube.clear_faults()
    [known] = machine.work.glob(".s2c-part-*")
    known.unlink() if note is None else known.write_text(note)
    assert answer(machine, "get", "10424", NAME)[0]["state"] == "fetched"
    assert content(machine.work / FILE) == large


def test_a_connection_that_breaks_is_gone_on_with(machine, sen2cube, large):
    sen2cube.fault(server="files", range="^bytes=1[2-9][0-9]{6}", close=True, count=None)
    message = refusal(machine, 7, "get", "10424", NAME, S2C_MAX_RETRY="1")
    assert NAME in message
    assert (machine.work / f"{FILE}.part").exists() and not (machine.work / FILE).exists()
    sen2cube.clear_faults()
    assert answer(machine, "get", "10424", NAME)[0]["state"] == "resumed"
    assert content(machine.work / FILE) == large


def test_two_programs_do_not_write_one_file(machine, sen2cube, large, slow):
    process = start_s2c(machine, "get", "10424", NAME)
    caught(process, machine.work / f"{FILE}.part")
    assert "another program" in refusal(machine, 2, "get", "10424", NAME)
    interrupted(process)
    sen2cube.clear_faults()
    assert answer(machine, "get", "10424", NAME)[0]["state"] == "resumed"
    assert content(machine.work / FILE) == large


def test_a_file_that_finds_no_room_is_a_failure_and_not_half_there(machine, large):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))
    done = subprocess.run([S2C, "get", "10424", NAME], cwd=machine.work, preexec_fn=limit,
                          env=machine.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{FILE}.part" in done.stderr and "too large" in done.stderr
    assert not (machine.work / FILE).exists()
    # What has come is of use where there is room.
    assert answer(machine, "get", "10424", NAME)[0]["state"] == "resumed"
    assert content(machine.work / FILE) == large


def test_a_folder_that_cannot_be_is_told_before_anything_comes(machine, sen2cube):
    (machine.work / "file").write_text("")
    assert "'file'" in refusal(machine, 2, "get", "10424", NAME, "-o", "file")
    assert "'file/below'" in refusal(machine, 2, "get", "10424", NAME, "-o", "file/below")
    assert sen2cube.requests("files") == []


def test_a_terminal_has_a_bar_that_goes_away_and_a_pipe_has_none(machine, sen2cube, large, slow):
    with Terminal(machine, S2C, "get", "10424", NAME, columns=70) as terminal:
        bar = terminal.wait_for("[==")
        bar += terminal.wait_for(FILE[:8])
        assert "%" in bar and " MB" in bar
        terminal.interrupt()
        code, text = terminal.end()
    assert code == 130
    assert "the same command goes on" in shown(text)
    sen2cube.clear_faults()
    with Terminal(machine, S2C, "get", "10424", NAME, columns=70) as terminal:
        code, text = terminal.end()
    assert code == 0
    assert "%" in text and "%" not in shown(text)
    assert max(len(line) for part in text.split("\n") for line in part.split("\r")) < 70
    done = run_s2c(machine, "get", "10424", NAME, "--overwrite")
    assert (done.returncode, done.stderr) == (0, "")
