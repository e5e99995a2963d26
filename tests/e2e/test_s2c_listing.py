# SPDX-License-Identifier: MIT
"""s2c list, models, factbases and show, in a terminal, in a pipe and as JSON."""

import json
import re
import subprocess

import pytest

from .support import TOKEN
from .terminal import S2C, Terminal, answer, refusal, rows, run_s2c, shown, succeed

OPTIONS = ("--inferences", 240)
LIST_KEYS = ["id", "status", "status_message", "comment", "owner", "favourite", "knowledgebase_id",
             "factbase_id", "temp_range_start", "temp_range_end", "output_scale_factor",
             "timestamp_created", "timestamp_started", "timestamp_finished", "datasets"]
# C0 without line ends, DEL, C1, and what turns the direction of writing.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def test_a_list_in_a_pipe_has_a_line_for_each_inference_with_tabs_between(machine):
    found = rows(succeed(machine, "list", "--limit", "3"))
    assert [list(row) for row in found] == 3 * [
        ["id", "status", "timestamp_created", "knowledgebase_id", "factbase_id", "owner",
         "comment"]]
    assert [int(row["id"]) for row in found] \
        == sorted((int(row["id"]) for row in found), reverse=True)


def test_a_list_goes_to_the_last_page(machine, sen2cube):
    found = answer(machine, "list", S2C_PAGE_SIZE="20")
    assert len({row["id"] for row in found}) == len(found) > 280
    assert sum("/inference?" in line for line in sen2cube.request_lines("api")) > 3


def test_json_has_the_same_keys_for_each_inference_and_values_of_their_types(machine):
    found = {row["id"]: row for row in answer(machine, "list", "--where", "id > 10000")}
    assert all(list(row) == LIST_KEYS for row in found.values())
    row = found[10424]
    assert row["datasets"][0] == "S2C:10424:Cloud_free_composite"
    assert (row["favourite"], row["knowledgebase_id"]) == (True, 218)
    assert row["timestamp_finished"] == "2021-09-28T07:42:10Z"
    # What the service does not say is null, not absent.
    assert found[10436]["owner"] is None
    assert found[10429]["datasets"] is None


def test_nothing_found_is_an_empty_list(machine):
    assert succeed(machine, "list", "--where", "id < 0", "--json") == "[]\n"
    assert rows(succeed(machine, "list", "--where", "id < 0")) == []


def test_status_and_where_are_both_asked_of_the_server(machine, sen2cube):
    failed = answer(machine, "list", "--status", "FAILED", "--status", "ABORTED", "--where",
                    "id > 10000 OR id < 0")
    assert {row["status"] for row in failed} == {"FAILED", "ABORTED"}
    assert all(row["id"] > 10000 for row in failed)
    asked = [line for line in sen2cube.request_lines("api") if "filter=" in line]
    assert "FAILED" in asked[-1] and "ABORTED" in asked[-1]


def test_a_condition_that_cannot_be_is_told(machine):
    assert "--where" in refusal(machine, 2, "list", "--where", "status =")
    assert "no_such" in refusal(machine, 2, "list", "--where", "no_such = 1")


def test_a_table_asks_for_what_it_shows(machine, sen2cube):
    succeed(machine, "list", "--limit", "1")
    [asked] = [line for line in sen2cube.request_lines("api") if "page[size]=1&" not in line
               and "status_message" not in line and "fields" in line and "comment" in line]
    assert "area_of_interest" not in asked and "output" not in asked
    assert sen2cube.request_lines()[0] == TOKEN


def test_models_and_factbases_are_listed(machine):
    models = {row["id"]: row for row in answer(machine, "models")}
    assert models[218]["title"] == "Cloud free composite"
    assert "blockdefs" not in models[218]
    factbases = {row["id"]: row for row in answer(machine, "factbases")}
    assert factbases[1]["title"] == "Austria"
    assert (factbases[1]["dateStart"], factbases[1]["preview_factor"]) == ("2015-07-04", 10)
    assert len(rows(succeed(machine, "models"))) == len(models) > 30
    assert [row["title"] for row in rows(succeed(machine, "factbases", "--where", "id = 1"))] \
        == ["Austria"]


def test_an_inference_is_shown_with_its_outputs(machine):
    found = answer(machine, "show", "10424")
    assert (found["id"], found["knowledgebase"], found["factbase"]) \
        == (10424, "Cloud free composite", "Austria")
    assert found["timestamp_finished"] == "2021-09-28T07:42:10Z"
    first = found["outputs"][0]
    assert (first["name"], first["dataset"], first["file"]) == (
        "Cloud_free_composite", "S2C:10424:Cloud_free_composite", "Cloud_free_composite.tiff")
    text = succeed(machine, "show", "10424")
    assert re.search(r"^status: +SUCCEEDED$", text, re.MULTILINE)
    assert re.search(r"^  dataset: +S2C:10424:water_count$", text, re.MULTILINE)


def test_a_failed_inference_is_explained(machine):
    found = answer(machine, "show", "10429")
    assert "rerun it later" in found["explanation"]
    # What the server still says of a run before is none of its results.
    assert answer(machine, "show", "10430")["outputs"] == []


def test_an_unknown_inference_has_an_exit_code_of_its_own(machine):
    assert "99999" in refusal(machine, 4, "show", "99999")
    assert "'x'" in refusal(machine, 2, "show", "x")


def test_a_terminal_gets_an_aligned_table_that_fits(machine, sen2cube):
    sen2cube.change_inference(10424, comment="漢字 Grünflächen " + "very long " * 20)
    sen2cube.change_inference(10425, comment="plain")
    with Terminal(machine, S2C, "list", "--where", "id IN (10424, 10425)", columns=90) as terminal:
        code, text = terminal.end()
    lines = shown(text).splitlines()
    assert code == 0 and len(lines) == 3
    places = {line.index(word) for line, word in zip(lines, ("comment", "plain", "漢字"))}
    assert len(places) == 1
    assert lines[2].endswith("…") and "漢字" in lines[2]
    # Each of the two takes two columns.
    assert max(len(line) + 2 * ("漢字" in line) for line in lines) <= 90
    assert "\x1b" not in text


@pytest.mark.parametrize("where", ("terminal", "pipe"))
def test_what_a_terminal_would_act_on_never_reaches_it(machine, sen2cube, where):
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eabc\r\nrm -rf\tx\x7f"
    sen2cube.change_inference(10424, comment=evil, owner=evil)
    sen2cube.change_inference(10429, status_message=evil)
    for command in (("list", "--where", "id IN (10424, 10429)"), ("show", "10424"),
                    ("show", "10429"), ("get", "10429")):
        if where == "pipe":
            done = run_s2c(machine, *command)
            text = (done.stdout + done.stderr).replace("\t", "")
        else:
            with Terminal(machine, S2C, *command) as terminal:
                text = terminal.end()[1].replace("\r\n", "\n")
        assert "owned" in text or command[0] == "list"
        assert not ACTIVE.search(text), (command, text)
    # Scripts get what the service has.
    [row] = answer(machine, "list", "--where", "id = 10424")
    assert row["owner"] == evil


def test_a_terminal_gets_json_when_it_is_asked_for(machine):
    with Terminal(machine, S2C, "list", "--json", "--limit", "2") as terminal:
        code, text = terminal.end()
    assert code == 0
    assert [list(row) for row in json.loads(text)] == 2 * [LIST_KEYS]


def test_options_come_as_for_any_program_of_gdal(machine, sen2cube):
    url = sen2cube.api_url
    for command in (("list", "--oo", f"API_URL={url}"), ("list", "--config", "S2C_API_URL", url),
                    ("--config", f"S2C_API_URL={url}", "list"), ("--oo", f"API_URL={url}", "list")):
        assert len(answer(machine, *command, "--limit", "1", S2C_API_URL=None)) == 1
    assert "NAME=VALUE" in refusal(machine, 2, "list", "--oo", "API_URL")
    assert "S2C_MAX_RETRY" in refusal(machine, 2, "list", S2C_MAX_RETRY="many")


def test_no_plugin_is_needed_and_none_is_in_the_way(machine):
    for path in ("", "disable", None, machine.folder):
        assert len(answer(machine, "list", "--limit", "1", GDAL_DRIVER_PATH=path)) == 1


def test_a_login_that_is_refused_and_a_service_that_is_not_there_differ(machine):
    assert "refused" in refusal(machine, 3, "list", S2C_PASSWORD="wrong")
    message = refusal(machine, 7, "list", S2C_API_URL="http://127.0.0.1:9/v1", S2C_MAX_RETRY="0")
    assert "127.0.0.1:9" in message


def test_a_command_line_that_is_none_is_told_with_what_helps(machine):
    for command, help_of in ((("list", "--no-such"), "s2c list --help"), (("lst",), "s2c --help"),
                             ((), "s2c --help"), (("show",), "s2c show --help"),
                             (("model", "show"), "s2c model --help")):
        assert help_of in refusal(machine, 2, *command)


def test_an_answer_that_cannot_be_written_is_a_failure(machine):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([S2C, "list"], env=machine.environment(), stdout=full, text=True,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr
