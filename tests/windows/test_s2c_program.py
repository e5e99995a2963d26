# SPDX-License-Identifier: MIT
"""s2c.exe: what is there, what it holds, and a new run of it."""

import json

from ..e2e.support import content, sample


def s2c(windows, *arguments, **variables):
    return json.loads(windows.succeed("s2c", *arguments, "--json", **variables))


def test_inferences_are_listed(windows):
    assert 10424 in [row["id"] for row in s2c(windows, "list")]


def test_a_file_comes_as_it_is_and_is_then_there(windows):
    target = windows.folder / "Ergebnisse von 10424"
    (row,) = s2c(windows, "get", "10424", "water_count", "-o", target)
    assert row["state"] == "fetched"
    assert content(target / "water_count.tiff") == content(sample("water_count"))
    assert [file.name for file in target.iterdir()] == ["water_count.tiff"]
    (row,) = s2c(windows, "get", "10424", "water_count", "-o", target)
    assert row["state"] == "there"


def test_names_that_windows_has_no_file_of_stay_in_the_folder(windows):
    target = windows.folder / "results"
    windows.run("s2c", "get", "10434", "-o", target)
    assert "Grünflächen.tiff" in [file.name for file in target.iterdir()]
    assert [path.name for path in windows.folder.iterdir() if path.suffix] == []


def test_a_run_is_waited_for_and_its_results_are_there(windows):
    area = windows.folder / "Äcker.geojson"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [
        [[13.028, 47.771], [13.036, 47.771], [13.036, 47.775], [13.028, 47.775], [13.028, 47.771]]]}))
    done = windows.run("s2c", "run", "--aoi", area, "--knowledgebase", "218", "--factbase", "Austria",
                       "--start", "2021-03-01", "--end", "2021-07-31", "--wait", "--json",
                       S2C_POLL_INTERVAL="0.1")
    assert done.returncode == 0, done
    assert json.loads(done.output)["status"] == "SUCCEEDED"


NOBODY = {"S2C_USERNAME": None, "S2C_PASSWORD": None}


def test_a_login_by_a_pipe_is_kept_until_a_logout(windows, sen2cube):
    windows.run("s2c", "login", "--username", "demo", given=f"{sen2cube.PASSWORD}\n", **NOBODY)
    assert 10424 in [row["id"] for row in s2c(windows, "list", **NOBODY)]
    assert windows.run("s2c", "logout", **NOBODY).returncode == 0
    assert "s2c login" in windows.refusal("s2c", "list", **NOBODY)


def test_a_login_by_a_wrong_password_is_none(windows):
    said = windows.refusal("s2c", "login", "--username", "demo", given="hidden\n", **NOBODY)
    assert "refused" in said and "hidden" not in said
    assert "s2c login" in windows.refusal("s2c", "list", **NOBODY)
