# SPDX-License-Identifier: MIT
"""Edit sessions in QGIS: attributes changed, rows deleted, and pasted as new runs."""

import json
import os

import pytest

from .catalogue import sent
from .running import newest

OPTIONS = ("--job-seconds", "600")
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_catalogue.py")


@pytest.fixture
def edit(machine):
    def run(layer, **orders):
        return machine.qgis(PROGRAM, "edit", layer, json.dumps(orders))[0]
    return run


def test_attributes_are_changed_and_rows_deleted(edit, sen2cube):
    sen2cube.change_inference(8300, status="FAILED")
    found = edit("inference", show="comment", delete=[8300],
                 change={"10424": {"comment": "by QGIS", "favourite": False},
                         "10428": {"status": "ABORTED"}})
    assert found["begun"] and found["done"], found["errors"] + found["log"]
    assert sorted(sent(sen2cube), key=str) == [
        ("DELETE", "inference/8300", None),
        ("PATCH", "inference/10424", {"comment": "by QGIS", "favourite": False}),
        ("PATCH", "inference/10428", {"status": "ABORTED"})]
    assert found["rows"]["10424"] == ["10424", "by QGIS"] and "8300" not in found["rows"]


def test_a_row_that_is_pasted_runs_and_is_there(edit, sen2cube):
    found = edit("inference", show="status", copy=[10425])
    assert found["done"], found["errors"] + found["log"]
    made = newest(sen2cube)
    assert [change[:2] for change in sent(sen2cube)] == [("POST", "inference")]
    assert made["attributes"]["temp_range_start"] == "2021-03-01T00:00:00+00:00"
    # QGIS 3.22 knows no fractions of a second.
    assert made["attributes"]["temp_range_end"].startswith("2021-08-31T23:59:59")
    assert found["rows"][str(made["id"])] == [str(made["id"]), "CREATED"]


def test_what_is_refused_is_told_in_the_log(edit, sen2cube):
    found = edit("inference", show="comment", change={"10424": {"owner": "somebody"}})
    assert not found["done"]
    assert "owner of inference 10424 cannot be changed" in "".join(found["errors"] + found["log"])
    found = edit("inference", show="comment", delete=[10427])
    assert not found["done"]
    assert "its status is SCHEDULED" in "".join(found["errors"] + found["log"])
    assert sent(sen2cube) == []


def test_models_are_edited_too(edit, sen2cube):
    found = edit("knowledgebase", show="title", change={"200": {"title": "Renamed"}}, copy=[218],
                 delete=[201])
    assert found["done"], found["errors"] + found["log"]
    assert found["rows"]["200"] == ["200", "Renamed"] and "201" not in found["rows"]
    assert sorted(change[0] for change in sent(sen2cube)) == ["DELETE", "PATCH", "POST"]


def test_a_layer_that_cannot_be_changed_is_not_edited(edit, sen2cube):
    assert not edit("factbase", show="title")["begun"]
    assert sent(sen2cube) == []
