# SPDX-License-Identifier: MIT
"""s2c model get, put and delete."""

import os
import re
import stat

import pytest

from .support import content
from .terminal import S2C, Terminal, answer, refusal, run_s2c, succeed

BLOCKS = '<xml xmlns="https://developers.google.com/blockly/xml"><block type="a" id="ü1"/></xml>\n'


def blocks_of(machine, number):
    return succeed(machine, "model", "get", number)


def test_a_model_goes_to_a_file_and_back_as_another(machine):
    succeed(machine, "model", "get", "218", "-o", "model.xml")
    text = content(machine.work / "model.xml").decode()
    assert text.startswith("<xml") and text == blocks_of(machine, 218)
    made = answer(machine, "model", "put", "model.xml", "--title", "A copy", "--description", "x")
    assert list(made) == ["id"]
    [model] = [row for row in answer(machine, "models") if row["id"] == made["id"]]
    assert (model["title"], model["description"], model["owner"], model["favourite"]) \
        == ("A copy", "x", "demo", False)
    assert blocks_of(machine, made["id"]) == text
    assert answer(machine, "model", "delete", made["id"]) == made
    assert "no model" in refusal(machine, 4, "model", "get", made["id"])


def test_a_model_that_is_there_is_changed_where_something_is_given(machine):
    (machine.work / "model.xml").write_text(BLOCKS)
    made = answer(machine, "model", "put", "model.xml", "--title", "First", "--favourite")["id"]
    changed = BLOCKS.replace("ü1", "ö2")
    (machine.work / "model.xml").write_text(changed)
    assert answer(machine, "model", "put", "model.xml", "--id", made) == {"id": made}
    [model] = [row for row in answer(machine, "models") if row["id"] == made]
    assert (model["title"], model["favourite"]) == ("First", True)
    assert blocks_of(machine, made) == changed
    succeed(machine, "model", "put", "model.xml", "--id", made, "--no-favourite")
    [model] = [row for row in answer(machine, "models") if row["id"] == made]
    assert model["favourite"] is False


def test_what_cannot_be_a_model_is_refused_before_anything_is_sent(machine, sen2cube):
    (machine.work / "model.xml").write_text(BLOCKS)
    (machine.work / "broken.xml").write_text("<xml><block></xml>")
    assert "title" in refusal(machine, 2, "model", "put", "model.xml")
    assert "XML" in refusal(machine, 2, "model", "put", "broken.xml", "--title", "x")
    assert "missing.xml" in refusal(machine, 2, "model", "put", "missing.xml", "--title", "x")
    assert [entry for entry in sen2cube.requests("api") if entry["method"] != "GET"] == []


def test_a_model_in_use_stays(machine):
    assert "inferences use it" in refusal(machine, 1, "model", "delete", "218")
    assert blocks_of(machine, 218).startswith("<xml")


def test_a_model_is_written_as_a_whole_or_not_at_all(machine):
    (machine.work / "folder").mkdir()
    (machine.work / "model.xml").write_text("old")
    (machine.work / "folder" / "model.xml.part").mkdir()
    assert refusal(machine, 2, "model", "get", "218", "-o", "folder/model.xml")
    assert "no model" in refusal(machine, 4, "model", "get", "9999", "-o", "model.xml")
    assert content(machine.work / "model.xml") == b"old"
    assert sorted(os.listdir(machine.work)) == ["folder", "model.xml"]
    succeed(machine, "model", "get", "218", "-o", "model.xml")
    assert content(machine.work / "model.xml").startswith(b"<xml")
    assert stat.S_ISREG(os.stat(machine.work / "model.xml").st_mode)


@pytest.mark.parametrize("is_terminal", (True, False))
def test_blocks_with_controls_are_harmless_in_a_terminal_and_whole_in_a_pipe(machine, sen2cube,
                                                                             is_terminal):
    sen2cube.change_knowledgebase(299, blockdefs="<xml>\n\x1b[2J\x9b\n</xml>")
    if is_terminal:
        with Terminal(machine, S2C, "model", "get", "299") as terminal:
            code, text = terminal.end()
        assert code == 0 and not re.search("[\x1b\x9b]", text)
        assert text.splitlines()[-1] == "</xml>"
    else:
        done = run_s2c(machine, "model", "get", "299")
        assert done.stdout == "<xml>\n\x1b[2J\x9b\n</xml>"
