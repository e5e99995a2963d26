# SPDX-License-Identifier: MIT
"""s2c run, wait, rerun, abort and delete."""

import re
import signal
import time

import pytest
from osgeo import gdal

from ..backend.user_agent import UserAgent
from .running import FAILING, PARTS, SQUARE, assert_cut, write_area
from .support import SECONDS
from .terminal import (S2C, Terminal, answer, interrupted, refusal, rows, run_s2c, shown,
                       start_s2c, succeed)

OPTIONS = ("--job-seconds", "0.2", "--inferences", 150)
FAST = {"S2C_POLL_INTERVAL": "0.2"}
ORDER = ("--knowledgebase", "218", "--factbase", "Austria", "--start", "2021-03-01", "--end",
         "2021-07-31")


@pytest.fixture
def fields(machine):
    return write_area(machine.work / "fields.gpkg", "GPKG", 31287, {"a field": SQUARE, "b": PARTS})


def attributes_of(sen2cube, number):
    return UserAgent(sen2cube).get(f"/inference/{number}").json["data"]["attributes"]


def status_of(sen2cube, number):
    return attributes_of(sen2cube, number)["status"]


def changes(sen2cube):
    """What was asked to be changed, in order."""
    return [line for line in sen2cube.request_lines("api") if " GET " not in line]


@pytest.fixture
def never(sen2cube):
    """Runs take for ever."""
    sen2cube.settings(job_seconds=1000)
    yield
    sen2cube.settings(job_seconds=0.2)


def test_a_run_that_is_waited_for_tells_its_dataset(machine, sen2cube, fields):
    made = answer(machine, "run", "--aoi", fields, *ORDER, "--where", "name = 'a field'",
                  "--comment", "mine", "--favourite", "--wait", **FAST)
    assert list(made) == ["id", "dataset", "status", "error"]
    assert (made["status"], made["dataset"]) == ("SUCCEEDED", f"S2C:{made['id']}")
    values = attributes_of(sen2cube, made["id"])
    assert (values["comment"], values["favourite"], values["owner"]) == ("mine", True, "demo")
    assert_cut(gdal.Open(f"{made['dataset']}:Cloud_free_composite"), "Cloud_free_composite", SQUARE)
    assert answer(machine, "get", made["id"], "Cloud_free_composite")[0]["state"] == "fetched"


def test_a_run_that_is_not_waited_for_is_waited_for_later(machine, sen2cube, fields):
    made = answer(machine, "run", "--aoi", fields, *ORDER, **FAST)
    assert made["status"] == "CREATED"
    assert rows(succeed(machine, "wait", made["id"], **FAST)) \
        == [{"id": str(made["id"]), "status": "SUCCEEDED", "error": ""}]


def test_a_dry_run_checks_everything_and_makes_nothing(machine, sen2cube, fields):
    found = answer(machine, "run", "--aoi", fields, *ORDER, "--preview", "--dry-run")
    assert (found["knowledgebase"], found["factbase"], found["features"]) \
        == ("Cloud free composite", "Austria", 2)
    assert found["output_scale_factor"] == 10
    assert found["temp_range_start"] == "2021-03-01T00:00:00.000Z"
    assert changes(sen2cube) == []


def test_what_cannot_be_run_is_told_before_anything_is_sent(machine, sen2cube, fields):
    def refused(*more, order=ORDER):
        return refusal(machine, 2, "run", "--aoi", fields, *order, *more)
    assert "missing.gpkg" in refusal(machine, 2, "run", "--aoi", "missing.gpkg", *ORDER)
    assert "no layer 'x'" in refused("--layer", "x")
    assert "name =" in refused("--where", "name =")
    assert "no_such" in refused("--name-field", "no_such")
    assert "--scale" in refused("--scale", "2", "--preview")
    assert "Nowhere" in refused(order=(*ORDER[:2], "--factbase", "Nowhere", *ORDER[4:]))
    assert "--start" in refused(order=ORDER[:4])
    assert changes(sen2cube) == []


def test_a_run_that_fails_has_its_reason_and_a_code_of_its_own(machine, fields):
    order = ("--knowledgebase", FAILING, *ORDER[2:])
    done = run_s2c(machine, "run", "--aoi", fields, *order, "--wait", **FAST)
    assert done.returncode == 5
    assert "FAILED" in done.stderr and "S2C:" in done.stdout


def test_every_id_is_waited_for_and_the_code_is_that_of_the_first_that_is_not_well(machine):
    done = run_s2c(machine, "wait", "10424", "10429", "10425", "99999", **FAST)
    found = rows(done.stdout)
    assert [row["status"] for row in found] == ["SUCCEEDED", "FAILED", "SUCCEEDED", ""]
    assert done.returncode == 5 and len(done.stderr.splitlines()) == 2


def test_a_wait_ends_when_its_time_is_over(machine, sen2cube):
    started = time.monotonic()
    assert "10428" in run_s2c(machine, "wait", "10428", "10427", "--wait-timeout", "1",
                              **FAST).stderr
    assert time.monotonic() - started < 30
    assert run_s2c(machine, "wait", "10428", S2C_WAIT_TIMEOUT="0.1", **FAST).returncode == 6


@pytest.mark.parametrize("number, code", ((signal.SIGINT, 130), (signal.SIGTERM, 143)))
def test_a_wait_that_is_interrupted_ends_within_a_second_and_says_how_to_go_on(machine, sen2cube,
                                                                             number, code):
    # While the server keeps an answer back.
    process = start_s2c(machine, "wait", "10424", "10428", "10427")
    sen2cube.fault(server="api", path="/inference/10428", delay=60, count=None)
    sen2cube.wait_for_request(3)
    started = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=SECONDS)
    taken = time.monotonic() - started
    assert 128 - process.returncode == code
    assert "'s2c wait 10428 10427'" in errors or "'s2c wait 10424 10428 10427'" in errors
    # A second on a machine that does nothing else.
    assert taken < 5


def test_a_run_that_is_interrupted_tells_its_number(machine, sen2cube, fields, never):
    process = start_s2c(machine, "run", "--aoi", fields, *ORDER, "--wait", **FAST)
    deadline = time.monotonic() + SECONDS
    while not changes(sen2cube) and time.monotonic() < deadline:
        time.sleep(0.05)
    sen2cube.wait_for_request(len(sen2cube.requests()) + 2)
    errors = interrupted(process)
    number = re.search(r"'s2c wait (\d+)'", errors)[1]
    # It goes on at the service.
    assert status_of(sen2cube, number) in ("CREATED", "SCHEDULED", "STARTED")


def test_a_terminal_shows_how_a_wait_stands(machine, sen2cube, fields, never):
    made = answer(machine, "run", "--aoi", fields, *ORDER)["id"]
    with Terminal(machine, S2C, "wait", made, columns=90, **FAST) as terminal:
        bar = terminal.wait_for("CREATED")
        assert "about" in bar and f"inference {made}" in bar
        terminal.interrupt()
        code, text = terminal.end()
    assert code == 130
    assert shown(text).strip().startswith("s2c: interrupted") or f"s2c wait {made}" in shown(text)


@pytest.mark.parametrize("command, allowed, refused", (
    ("rerun", ("SUCCEEDED", "FAILED", "ABORTED"), ("CREATED", "SCHEDULED", "STARTED")),
    ("abort", ("CREATED", "SCHEDULED", "STARTED"), ("SUCCEEDED", "FAILED", "ABORTED")),
    ("delete", ("SUCCEEDED", "FAILED", "ABORTED"), ("CREATED", "SCHEDULED", "STARTED"))))
def test_what_a_state_allows_is_done_and_what_not_is_told(machine, sen2cube, never, command,
                                                         allowed, refused):
    ids = {status: 8300 + place for place, status in enumerate((*allowed, *refused))}
    for status, number in ids.items():
        try:
            sen2cube.change_inference(number, status=status)
        except ValueError:  # deleted by the run before
            pytest.fail(f"inference {number} is gone")
    done = run_s2c(machine, command, *ids.values())
    assert done.returncode == 1
    found = {int(row["id"]): row["result"] for row in rows(done.stdout)}
    assert [found[ids[status]] != "failed" for status in (*allowed, *refused)] \
        == [True] * 3 + [False] * 3
    assert len(done.stderr.splitlines()) == 3
    assert all(status in done.stderr for status in refused)
    assert len(changes(sen2cube)) == 3
    if command == "delete":
        for status in allowed:
            assert refusal(machine, 4, "show", ids[status])
    else:
        wanted = "CREATED" if command == "rerun" else "ABORTED"
        assert {status_of(sen2cube, ids[status]) for status in allowed} <= {wanted, "SCHEDULED",
                                                                           "STARTED"}


def test_a_condition_acts_on_every_match_and_not_on_the_first_page(machine, sen2cube, never):
    matches = [row["id"] for row in answer(machine, "list", "--where", "id > 20000")]
    assert len(matches) >= 150
    for number in matches:
        sen2cube.change_inference(number, comment="of the batch", status="STARTED")
    sen2cube.forget()
    command = ("abort", "--where", "comment = 'of the batch'", "--status", "STARTED")
    dry = answer(machine, *command, "--dry-run", S2C_PAGE_SIZE="10")
    assert {row["result"] for row in dry} == {"would be aborted"}
    assert changes(sen2cube) == []
    done = answer(machine, *command, S2C_PAGE_SIZE="10")
    assert sorted(row["id"] for row in done) == sorted(matches) == sorted(row["id"] for row in dry)
    assert {row["result"] for row in done} == {"aborted"}
    assert all(row["error"] is None for row in done)
    # Nothing is left to be done.
    assert answer(machine, *command) == []


def test_ids_and_a_condition_mean_those_of_both(machine, sen2cube):
    found = answer(machine, "rerun", "10424", "10429", "--status", "FAILED", "--dry-run")
    assert [row["id"] for row in found] == [10429]


def test_a_batch_without_any_choice_is_none(machine, sen2cube):
    for command in ("rerun", "abort", "delete"):
        assert "--where" in refusal(machine, 2, command)
    assert "number" in refusal(machine, 2, "wait")
    assert changes(sen2cube) == []


def test_an_unknown_id_does_not_keep_the_others_from_it(machine, sen2cube):
    sen2cube.change_inference(8310, status="FAILED")
    done = run_s2c(machine, "delete", "99999", "8310")
    assert done.returncode == 4
    assert [row["result"] for row in rows(done.stdout)] == ["failed", "deleted"]


def test_a_batch_in_a_terminal_is_a_table(machine, sen2cube):
    with Terminal(machine, S2C, "rerun", "10424", "--dry-run") as terminal:
        code, text = terminal.end()
    assert code == 0
    assert [line.split(maxsplit=1) for line in shown(text).splitlines()] \
        == [["id", "result"], ["10424", "would be rerun"]]
