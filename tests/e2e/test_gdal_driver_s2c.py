# SPDX-License-Identifier: MIT
"""gdal driver s2c run|wait|abort|rerun|delete, which GDAL has a place for from 3.11 on (conftest)."""

import json
import os
import pty
import re
import subprocess

import pytest
from osgeo import gdal

from .running import FAILING, HOLED, PARTS, POST, SQUARE, assert_cut, newest, write_area
from .support import SECONDS, assert_no_secret, config_options

OPTIONS = ("--job-seconds", "0.05")
NAMES = ["abort", "delete", "rerun", "run", "wait"]
ORDER = ("--knowledgebase", "218", "--factbase", "1", "--start", "2021-03-01", "--end",
         "2021-07-31")


@pytest.fixture
def fields(tmp_path):
    return write_area(tmp_path / "fields.gpkg", "GPKG", 3035, {"a": SQUARE, "b": PARTS})


@pytest.fixture
def slow(sen2cube):
    """Runs that are under way until they are aborted."""
    sen2cube.settings(job_seconds=1000)
    yield
    sen2cube.settings(job_seconds=0.05)


def call(machine, name, *arguments, **variables):
    """The finished program."""
    done = machine.run("gdal", "driver", "s2c", name, *arguments, S2C_POLL_INTERVAL="0.1",
                       **variables)
    assert_no_secret(done.stdout + done.stderr)
    return done


def answer(machine, name, *arguments, **variables):
    """Of a program that ends well, its standard output being JSON and nothing else."""
    done = call(machine, name, *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def failure(machine, name, *arguments, **variables):
    """The standard output, and the one error of a program that fails."""
    done = call(machine, name, *arguments, **variables)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR ")]
    assert len(errors) == 1, done.stderr
    return done.stdout, errors[0]


def started(machine, fields, *more):
    return answer(machine, "run", fields, *ORDER, *more)["id"]


def in_terminal(machine, *command):
    """What a program writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([str(part) for part in command], stdin=theirs, stdout=theirs,
                          stderr=theirs, cwd=machine.work,
                          env=machine.environment(S2C_POLL_INTERVAL="0.1")) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux' way to say that nobody holds the other end any more
                break
            if not piece:
                break
            written += piece
        process.wait(SECONDS)
    os.close(ours)
    assert process.returncode == 0, written
    return written.decode().replace("\r\n", "\n")


def test_gdal_knows_them(machine):
    usage = machine.succeed("gdal", "driver", "s2c", "--help")
    assert [name for name in NAMES if re.search(rf"^  - {name}: ", usage, re.MULTILINE)] == NAMES
    for name in NAMES:
        assert f"Usage: gdal driver s2c {name} " in \
            machine.succeed("gdal", "driver", "s2c", name, "--help")


def test_a_run_is_waited_for_and_its_results_open(machine, fields):
    done = call(machine, "run", fields, *ORDER, "--where", "name = 'a'", "--wait")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    number = record["id"]
    assert (record["dataset"], record["status"], record["error"]) == (f"S2C:{number}", "SUCCEEDED",
                                                                     None)
    assert f"S2C:{number}:Cloud_free_composite" in record["datasets"]
    assert record["features"] == 1 and abs(record["square_metres"] - 3.23e6) < 1e4
    # Whoever ends the program knows by now what to wait for.
    assert re.fullmatch(rf"Warning 1: S2C: inference {number} was created: .*\n", done.stderr)
    assert_cut(gdal.Open(f"S2C:{number}:Cloud_free_composite"), "Cloud_free_composite", SQUARE)


def test_the_order_is_what_the_arguments_say(machine, sen2cube, tmp_path):
    area = tmp_path / "areas.gpkg"
    write_area(area, "GPKG", 31287, {"x": HOLED}, layer="fields")
    gdal.VectorTranslate(str(area), str(area), accessMode="append", layerName="others",
                         options=["-sql", "SELECT 'nine' AS plot, * FROM fields"])
    record = answer(machine, "run", "--aoi", area, "--layer", "others", "--name-field", "plot",
                    "--knowledgebase", "218", "--factbase", "Austria", "--start", "2021-03-01",
                    "--end", "2021-03-31T12:00", "--scale", "2", "--comment", 'a "b"', "--favourite")
    found = newest(sen2cube)
    values = found["attributes"]
    assert found["id"] == record["id"] and record["status"] == "CREATED"
    assert (values["comment"], values["favourite"], values["output_scale_factor"]) == ('a "b"', True,
                                                                                       2)
    assert values["temp_range_end"] == "2021-03-31T12:00:00+00:00"
    assert values["owner"] == record["owner"] == "demo"
    assert (record["factbase_id"], record["factbase"], record["knowledgebase_id"]) == (1, "Austria",
                                                                                       218)
    assert [feature["properties"]["name"]
            for feature in json.loads(values["area_of_interest"])["features"]] == ["nine"]


def test_a_preview_has_the_factbases_scale(machine, fields):
    assert answer(machine, "run", fields, *ORDER, "--preview",
                  "--dry-run")["output_scale_factor"] == 10
    _, error = failure(machine, "run", fields, *ORDER, "--preview", "--scale", "3")
    assert "mutually exclusive" in error


def test_a_dry_run_checks_and_sends_nothing(machine, sen2cube, fields):
    record = answer(machine, "run", fields, *ORDER, "--dry-run")
    assert record["features"] == 2 and record["pixels"] > 10000 and "id" not in record
    assert POST not in sen2cube.request_lines("api")
    _, error = failure(machine, "run", fields, *ORDER[:-1], "2030-01-01", "--dry-run")
    assert "END 2030-01-01" in error


def test_what_cannot_be_run_is_refused_in_words(machine, sen2cube, tmp_path, fields):
    crossed = write_area(tmp_path / "crossed.geojson", "GeoJSON", 4326,
                         {"bow": "POLYGON((13 47,14 48,14 47,13 48,13 47))"})
    output, error = failure(machine, "run", crossed, *ORDER)
    assert "feature 1 ('bow')" in error and "-makevalid" in error
    assert json.loads(output)["error"] in error
    _, error = failure(machine, "run", fields, *ORDER, "--layer", "parcels")
    assert "has no layer 'parcels'" in error
    _, error = failure(machine, "run", fields, *ORDER, "--where", "nom = 'a'")
    assert "no such column: nom" in error
    assert failure(machine, "run", tmp_path / "none.gpkg", *ORDER)
    assert POST not in sen2cube.request_lines("api")


def test_a_terminal_shows_progress(machine, fields):
    number = started(machine, fields)
    shown = in_terminal(machine, "gdal", "driver", "s2c", "wait", number)
    bar, _, rest = shown.partition("\n")
    assert re.fullmatch(r"0\.\.\.10\.\.\.20.*100 - done.*", bar), shown
    assert json.loads(rest)[0]["status"] == "SUCCEEDED"
    quiet = in_terminal(machine, "gdal", "driver", "s2c", "wait", "--quiet", number)
    assert json.loads(quiet)[0]["id"] == number


def test_each_is_waited_for_whatever_becomes_of_the_others(machine, fields):
    good = started(machine, fields)
    bad = answer(machine, "run", fields, "--knowledgebase", FAILING, *ORDER[2:])["id"]
    output, error = failure(machine, "wait", bad, good)
    first, second = json.loads(output)
    assert (first["id"], first["status"], second["id"], second["status"], second["error"]) \
        == (bad, "FAILED", good, "SUCCEEDED", None)
    assert first["error"] in error and "connection slots" in error
    assert f"S2C:{good}:water_count" in second["datasets"] and "datasets" not in first


def test_a_wait_ends_with_its_timeout(machine, sen2cube, fields, slow):
    number = started(machine, fields)
    output, error = failure(machine, "wait", number, "--wait-timeout", "0.5")
    assert "WAIT_TIMEOUT" in error and f"wait {number}" in error
    assert json.loads(output)[0]["status"] in ("CREATED", "SCHEDULED", "STARTED")
    _, error = failure(machine, "wait", number, "--wait-timeout", "soon")
    assert "WAIT_TIMEOUT" in error and "soon" in error
    failure(machine, "run", fields, *ORDER, "--wait", "--wait-timeout", "soon")
    assert newest(sen2cube)["id"] == number


def test_progress_ends_a_wait(machine, fields, slow):
    number = started(machine, fields)
    calls = []

    def cancel(share, text, _):
        calls.append((share, text))
        return 0 if len(calls) > 1 else 1

    with config_options(S2C_POLL_INTERVAL="0.1"), \
            pytest.raises(RuntimeError, match=rf"inference {number} goes on.*s2c wait {number}"):
        gdal.Run("driver", "s2c", "wait", id=[str(number)], progress=cancel)
    assert len(calls) == 2 and f"inference {number}" in calls[-1][1]


def test_progress_ends_what_is_done_to_many(machine, sen2cube, fields):
    numbers = [started(machine, fields), started(machine, fields)]
    answer(machine, "wait", *numbers)
    with pytest.raises(RuntimeError, match="cancelled: 1 of 2 inferences are left"):
        gdal.Run("driver", "s2c", "delete", id=[str(number) for number in numbers],
                 progress=lambda *_: 0)
    assert newest(sen2cube)["id"] == numbers[1]
    assert failure(machine, "delete", numbers[0])


def test_python_gets_the_answer_as_objects(fields):
    shares = []
    with config_options(S2C_POLL_INTERVAL="0.1"), \
            gdal.Run("driver", "s2c", "run", input=str(fields), knowledgebase="218", factbase="1",
                     start="2021-03-01", end="2021-07-31", wait=True,
                     progress=lambda share, *_: shares.append(share) or 1) as done:
        record = done.Output()
    assert record["status"] == "SUCCEEDED"
    assert shares == sorted(shares) and shares[-1] == 1


def test_a_run_is_aborted_run_again_and_deleted(machine, sen2cube, fields):
    sen2cube.settings(job_seconds=1000)
    number = started(machine, fields)
    assert answer(machine, "abort", number, "--dry-run") \
        == [{"id": number, "result": "would be aborted", "error": None}]
    assert newest(sen2cube)["attributes"]["status"] != "ABORTED"
    assert answer(machine, "abort", number) == [{"id": number, "result": "aborted", "error": None}]
    assert newest(sen2cube)["attributes"]["status"] == "ABORTED"
    _, error = failure(machine, "abort", number)
    assert "cannot be aborted" in error
    sen2cube.settings(job_seconds=0.05)
    assert answer(machine, "rerun", f"S2C:{number}")[0]["result"] == "rerun"
    assert answer(machine, "wait", number)[0]["status"] == "SUCCEEDED"
    assert answer(machine, "delete", number)[0]["result"] == "deleted"
    assert newest(sen2cube)["id"] != number


def test_one_that_cannot_be_deleted_leaves_the_others(machine, fields):
    numbers = [started(machine, fields), started(machine, fields)]
    answer(machine, "wait", *numbers)
    output, error = failure(machine, "delete", numbers[0], 77, numbers[1])
    assert [one["result"] for one in json.loads(output)] == ["deleted", "failed", "deleted"]
    assert "77" in error


def test_what_is_no_id_is_seen_before_anything_is_done(machine, sen2cube):
    for wrong in ("x", "S2C:10424:water_count", "-1"):
        output, error = failure(machine, "delete", "10424", wrong)
        assert output == "" and "ERROR" in error
    assert sen2cube.request_lines("api") == []


def test_a_refused_login_is_told_once(machine, fields):
    for name, option, things in (("delete", "--oo", ("10424", "10425")),
                                 ("run", "--service-option", (fields, *ORDER))):
        _, error = failure(machine, name, *things, option, "USERNAME=demo", option, "PASSWORD=wrong")
        assert "Invalid user credentials" in error
