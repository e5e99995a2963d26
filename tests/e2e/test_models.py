# SPDX-License-Identifier: MIT
"""Models, the layer knowledgebase: made, changed, deleted, and copied to another server."""

import pytest
from osgeo import ogr

from ..backend.process import LocalSen2Cube
from .catalogue import ORDER, PLACE, catalogue, feature, for_update, ids, refusal, sent
from .support import config_options, messages

OPTIONS = ("--job-seconds", "0.05")
BLOCKS = '<xml xmlns="https://developers.google.com/blockly/xml"><block type="a" id="ä"/></xml>'


@pytest.fixture
def layer():
    opened = for_update()
    yield opened.GetLayer("knowledgebase")


def test_a_model_is_made_with_owner_and_date(sen2cube, layer):
    row = feature(layer, title="Mine", description="of a test", blockdefs=BLOCKS, favourite=True,
                  owner="nobody", date="2001-01-01T00:00:00Z")
    layer.CreateFeature(row)
    [[method, kind, values]] = sent(sen2cube)
    assert (method, kind, values["owner"]) == ("POST", "knowledgebase", "demo")
    found = layer.GetFeature(row.GetFID())
    assert [found[name] for name in ("title", "description", "blockdefs", "favourite", "owner")] \
        == ["Mine", "of a test", BLOCKS, True, "demo"]
    assert found["date"] > "2025"
    row["favourite"] = 0
    layer.SetFeature(row)
    assert not layer.GetFeature(row.GetFID())["favourite"]


def test_of_a_whole_row_what_was_changed_is_sent_with_its_date(sen2cube, layer):
    row = layer.GetFeature(200)
    sen2cube.forget()
    layer.SetFeature(row)
    assert sen2cube.request_lines() == []
    row["title"], row["description"] = "New title", None
    layer.SetFeature(row)
    [[method, kind, values]] = sent(sen2cube)
    assert (method, kind, set(values)) == ("PATCH", "knowledgebase/200",
                                           {"title", "description", "date"})
    found = layer.GetFeature(200)
    assert (found["title"], found["description"]) == ("New title", "")


@pytest.mark.parametrize("field, value", [("owner", "me"), ("date", "2021-01-01T00:00:00Z")])
def test_owner_and_date_are_refused(sen2cube, layer, field, value):
    row = layer.GetFeature(201)
    row[field], row["title"] = value, "changed, too"
    assert f"{field} of knowledgebase 201 cannot be changed" \
        in refusal(lambda: layer.SetFeature(row))
    assert sent(sen2cube) == []


@pytest.mark.parametrize("blocks", ["<xml>", "no XML", "<a><b></a></b>",
                                    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_blocks_that_are_no_xml_are_refused_before_they_are_sent(sen2cube, layer, blocks):
    row = layer.GetFeature(202)
    row["blockdefs"] = blocks
    for change in (lambda: layer.SetFeature(row),
                   lambda: layer.CreateFeature(feature(layer, title="x", blockdefs=blocks))):
        assert "blockdefs of the model are no well-formed XML" in refusal(change)
    assert sent(sen2cube) == []


def test_a_model_needs_a_title(sen2cube, layer):
    row = layer.GetFeature(203)
    row["title"] = " "
    assert "cannot lose its title" in refusal(lambda: layer.SetFeature(row))
    assert "no title" in refusal(lambda: layer.CreateFeature(feature(layer, description="x")))
    assert sent(sen2cube) == []


def test_a_model_is_deleted_unless_it_is_in_use(sen2cube, layer):
    before = layer.GetFeatureCount()
    assert "model 218 cannot be deleted: inferences use it" \
        in refusal(lambda: layer.DeleteFeature(218))
    layer.DeleteFeature(204)
    assert layer.GetFeature(204) is None and layer.GetFeatureCount() == before - 1


def test_unknown_models_are_told_as_that(sen2cube, layer, results):
    for change in (lambda: layer.DeleteFeature(4711),
                   lambda: layer.SetFeature(feature(layer, fid=4711, title="x"))):
        with messages() as found:
            assert change() == ogr.OGRERR_NON_EXISTING_FEATURE
        assert len(found) == 1 and "4711" in found[0]


def test_models_are_changed_by_sql(sen2cube):
    opened = for_update()
    opened.ExecuteSQL("UPDATE knowledgebase SET favourite = 1, title = title || '!' "
                      "WHERE rowid = 205 OR rowid = 206")
    opened.ExecuteSQL("DELETE FROM knowledgebase WHERE rowid = 207")
    made = opened.ExecuteSQL("INSERT INTO knowledgebase (title) VALUES ('by SQL'), ('again')")
    assert len([row["id"] for row in made]) == 2
    opened.ReleaseResultSet(made)
    assert sorted(change[:2] for change in sent(sen2cube)) == [
        ("DELETE", "knowledgebase/207"), ("PATCH", "knowledgebase/205"),
        ("PATCH", "knowledgebase/206"), ("POST", "knowledgebase"), ("POST", "knowledgebase")]


def test_another_dataset_sees_a_model_at_once(sen2cube, layer):
    other = catalogue()
    models = other.GetLayer("knowledgebase")
    count = models.GetFeatureCount()
    assert len(ids(models)) == count
    row = feature(layer, title="Seen")
    layer.CreateFeature(row)
    assert models.GetFeatureCount() == count + 1 and row.GetFID() in ids(models)
    assert len(ids(models)) == count + 1


@pytest.mark.parametrize("library", ["0.30", "0.31"])
def test_a_model_that_is_copied_to_another_server_runs_there(sen2cube, layer, library):
    original = layer.GetFeature(218)
    with LocalSen2Cube("--library", library, "--job-seconds", "0.05") as server, \
            config_options(**server.environment()):
        opened = for_update()
        there = opened.GetLayer("knowledgebase")
        copy = feature(there)
        copy.SetFrom(original)
        copy["title"] = "A copy"
        there.CreateFeature(copy)
        found = there.GetFeature(copy.GetFID())
        assert found["blockdefs"] == original["blockdefs"]
        run = feature(opened.GetLayer("inference"), PLACE,
                      **{**ORDER, "knowledgebase_id": copy.GetFID()})
        opened.GetLayer("inference").CreateFeature(run)
        assert opened.GetLayer("inference").GetFeature(run.GetFID())["knowledgebase_id"] \
            == copy.GetFID()
