# SPDX-License-Identifier: MIT
"""SQL that changes rows of the catalogue: UPDATE, DELETE and INSERT, from Python and ogrinfo."""

import itertools

import pytest

from ..backend.process import LocalSen2Cube
from .catalogue import PLACE, catalogue, for_update, ids, sent
from .support import config_options, messages

OPTIONS = ("--job-seconds", "600", "--inferences", "90")
NUMBERS = itertools.count(100001)
DIALECTS = [None, "SQLITE", "OGRSQL"]
NEW = ("INSERT INTO inference (comment, knowledgebase_id, factbase_id, temp_range_start, "
       f"temp_range_end, GEOMETRY) SELECT 'by SQL', 218, 1, '2021-03-01', '2021-07-31', "
       f"ST_GeomFromText('{PLACE}')")


def rows_in(sen2cube, *states):
    """The ids of inferences in these states, which no other test has touched; falling."""
    numbers = sorted(itertools.islice(NUMBERS, len(states)), reverse=True)
    for number, status in zip(numbers, states):
        sen2cube.change_inference(number, status=status, comment="mine", favourite=False)
    return numbers


def refusal(opened, statement, dialect=None):
    """The one message of a statement that fails."""
    with messages() as found:
        assert opened.ExecuteSQL(statement, dialect=dialect or "") is None
    assert len(set(found)) == 1, found
    return found[0]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("truth", ["1", "true", "TRUE"])
def test_favourites_are_set_where_a_condition_holds(sen2cube, dialect, truth):
    numbers = rows_in(sen2cube, "FAILED", "SUCCEEDED")
    opened = for_update()
    opened.ExecuteSQL(f"UPDATE inference SET favourite = {truth} WHERE rowid IN "
                      f"({numbers[0]}, {numbers[1]})", dialect=dialect or "")
    assert sorted(sent(sen2cube)) == [("PATCH", f"inference/{number}", {"favourite": True})
                                      for number in sorted(numbers)]
    assert all(opened.GetLayer(0).GetFeature(number)["favourite"] for number in numbers)


def test_what_is_so_already_costs_no_request(sen2cube):
    [number] = rows_in(sen2cube, "FAILED")
    opened = for_update()
    opened.ExecuteSQL(f"\n  update inference set favourite = 0, comment = 'mine', status = 'FAILED' "
                      f"where rowid = {number}")
    assert sent(sen2cube) == []


@pytest.mark.parametrize("status, allowed", [("CREATED", ("ABORTED", "FAILED", "SUCCEEDED")),
                                             ("ABORTED", ("CREATED", "SCHEDULED", "STARTED"))])
def test_a_status_runs_again_or_aborts_by_the_rules(sen2cube, status, allowed):
    opened = for_update()
    for before in ("ABORTED", "FAILED", "SUCCEEDED", "CREATED", "SCHEDULED", "STARTED"):
        [number] = rows_in(sen2cube, before)
        sen2cube.forget()
        statement = f"UPDATE inference SET status = '{status}', comment = 'x' WHERE rowid = {number}"
        if before in allowed:
            opened.ExecuteSQL(statement)
            assert [change[2] for change in sent(sen2cube)] == [{"status": status},
                                                                {"comment": "x"}]
        elif before == status:
            opened.ExecuteSQL(statement)
            assert [change[2] for change in sent(sen2cube)] == [{"comment": "x"}]
        else:
            assert f"its status is {before}" in refusal(opened, statement)
            assert sent(sen2cube) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_rows_are_deleted_where_a_condition_holds(sen2cube, dialect):
    numbers = rows_in(sen2cube, "FAILED", "SUCCEEDED", "ABORTED")
    opened = for_update()
    before = opened.GetLayer(0).GetFeatureCount()
    opened.ExecuteSQL(f"DELETE FROM inference WHERE comment = 'mine' AND rowid >= {numbers[-1]} "
                      f"AND rowid <= {numbers[0]}", dialect=dialect or "")
    assert {change[:2] for change in sent(sen2cube)} \
        == {("DELETE", f"inference/{number}") for number in numbers}
    assert opened.GetLayer(0).GetFeatureCount() == before - 3


def test_every_match_is_deleted_and_not_the_first_page_alone():
    with LocalSen2Cube("--inferences", "350") as server, config_options(**server.environment()):
        opened = for_update(PAGE_SIZE=20)
        layer = opened.GetLayer("inference")
        layer.SetAttributeFilter("status = 'SUCCEEDED' OR status = 'FAILED' OR status = 'ABORTED'")
        count = layer.GetFeatureCount()
        layer.SetAttributeFilter(None)
        everything = layer.GetFeatureCount()
        opened.ExecuteSQL("DELETE FROM inference WHERE status IN ('SUCCEEDED', 'FAILED', 'ABORTED')",
                          dialect="SQLITE")
        assert len([change for change in sent(server) if change[0] == "DELETE"]) == count > 200
        assert len(ids(layer)) == everything - count


def test_a_row_that_is_refused_ends_the_statement_with_its_cause(sen2cube):
    numbers = rows_in(sen2cube, "FAILED", "STARTED", "FAILED")
    opened = for_update()
    said = refusal(opened, f"DELETE FROM inference WHERE rowid IN {tuple(numbers)}")
    assert f"inference {numbers[1]} cannot be deleted: its status is STARTED" in said
    assert len(sent(sen2cube)) == int(said[-1]) if "changed before" in said else not sent(sen2cube)
    assert "SQL logic error" not in said


def test_how_many_rows_were_changed_before_one_that_is_refused_is_told(sen2cube):
    numbers = rows_in(sen2cube, "FAILED", "STARTED")
    opened = for_update()
    said = refusal(opened, f"UPDATE inference SET status = 'CREATED' WHERE rowid >= {numbers[1]} "
                           f"AND rowid <= {numbers[0]}")
    assert f"inference {numbers[1]} cannot be run again" in said
    assert said.endswith("rows that were changed before, and stay so: 1")
    assert sent(sen2cube) == [("PATCH", f"inference/{numbers[0]}", {"status": "CREATED"})]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_row_that_is_inserted_runs_and_tells_what_it_opens_as(sen2cube, dialect):
    opened = for_update()
    made = opened.ExecuteSQL(NEW, dialect=dialect or "")
    [row] = [(row["id"], row["dataset"]) for row in made]
    opened.ReleaseResultSet(made)
    assert row[1] == f"S2C:{row[0]}"
    [[method, kind, values]] = sent(sen2cube)
    assert (method, kind, values["comment"]) == ("POST", "inference", "by SQL")
    assert opened.GetLayer(0).GetFeature(row[0])["status"] == "CREATED"


def test_a_row_is_copied_by_sql_and_what_is_returned_runs_nothing_twice(sen2cube):
    opened = for_update()
    fields = "comment, knowledgebase_id, factbase_id, temp_range_start, temp_range_end, GEOMETRY"
    made = opened.ExecuteSQL(f"INSERT INTO inference ({fields}) SELECT {fields} FROM inference "
                             "WHERE rowid = 10425 RETURNING rowid")
    assert made.GetFeatureCount() == 1
    opened.ReleaseResultSet(made)
    assert [change[0] for change in sent(sen2cube)] == ["POST"]


def test_what_cannot_be_inserted_is_told_with_its_cause(sen2cube):
    opened = for_update()
    said = refusal(opened, NEW.replace("218", "4711"))
    assert "no knowledgebase '4711'" in said
    assert sent(sen2cube) == []


@pytest.mark.parametrize("statement, told", [
    ("UPDATE inference SET owner = 'me' WHERE rowid = 10424", "owner of inference 10424 cannot"),
    ("UPDATE factbase SET title = 'x'", "layer 'factbase' cannot be changed"),
    ("DELETE FROM factbase", "layer 'factbase' cannot be changed"),
    ("DELETE FROM nothing", "nothing"), ("UPDATE inference SET nothing = 1", "nothing"),
    ("ALTER TABLE inference ADD COLUMN x INTEGER", "only rows of inference and knowledgebase can")])
def test_what_cannot_be_changed_is_told(sen2cube, statement, told):
    assert told in refusal(for_update(), statement)
    assert sent(sen2cube) == []


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("statement", ["DELETE FROM inference", NEW,
                                       "UPDATE knowledgebase SET favourite = 1"])
def test_a_catalogue_that_is_open_for_reading_says_how_to_open_it(sen2cube, statement, dialect):
    said = refusal(catalogue(), statement, dialect)
    assert "the data cannot be written: the catalogue is open read-only" in said
    assert "gdal.OF_UPDATE" in said
    assert sent(sen2cube) == []


def test_ogrinfo_changes_rows(machine, sen2cube):
    numbers = rows_in(sen2cube, "FAILED", "STARTED")
    machine.succeed("ogrinfo", "-q", "S2C:", "-sql",
                    f"UPDATE inference SET favourite = 1 WHERE rowid = {numbers[0]}")
    machine.succeed("ogrinfo", "-q", "-dialect", "SQLite", "S2C:", "-sql",
                    f"DELETE FROM inference WHERE rowid = {numbers[0]}")
    told = machine.succeed("ogrinfo", "-q", "S2C:", "-sql", NEW)
    made = sent(sen2cube)
    assert [change[0] for change in made] == ["PATCH", "DELETE", "POST"]
    assert "dataset (String) = S2C:10" in told
    done = machine.run("ogrinfo", "-q", "S2C:", "-sql",
                       f"DELETE FROM inference WHERE rowid = {numbers[1]}")
    [error] = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    assert "cannot be deleted: its status is STARTED" in error
    done = machine.run("ogrinfo", "-ro", "-q", "S2C:", "-sql", "DELETE FROM inference")
    assert "open S2C: for update" in done.stderr
    assert len(sent(sen2cube)) == 3


def test_ogr2ogr_appends_rows_that_run(machine, sen2cube):
    """A table of orders: one inference for each of its rows."""
    orders = machine.work / "orders.csv"
    orders.write_text("comment,knowledgebase_id,factbase_id,temp_range_start,temp_range_end,WKT\n"
                      + "".join(f'{name},218,1,2021/03/01,2021/07/31,"{PLACE}"\n'
                                for name in ("one", "two")))
    machine.succeed("ogr2ogr", "-append", "S2C:", orders, "-nln", "inference",
                    "-oo", "AUTODETECT_TYPE=YES", "-a_srs", "EPSG:4326")
    assert [(change[0], change[2]["comment"]) for change in sent(sen2cube)] \
        == [("POST", "one"), ("POST", "two")]


def test_a_condition_that_is_not_translated_changes_what_fits_alone(sen2cube):
    numbers = rows_in(sen2cube, "FAILED", "FAILED")
    sen2cube.change_inference(numbers[0], comment="100 % mine")
    opened = for_update()
    opened.ExecuteSQL("UPDATE inference SET favourite = 1 WHERE instr(comment, '% mine') > 0")
    assert [change[1] for change in sent(sen2cube)] == [f"inference/{numbers[0]}"]


def test_the_layer_is_as_it_was_after_a_statement(sen2cube):
    [number] = rows_in(sen2cube, "FAILED")
    opened = for_update()
    layer = opened.GetLayer("inference")
    everything = layer.GetFeatureCount()
    statement = f"UPDATE inference SET favourite = 1 WHERE rowid = {number}"
    opened.ExecuteSQL(statement)
    assert layer.GetFeatureCount() == everything == len(ids(layer))
    layer.SetAttributeFilter("favourite = true AND id = 10424")
    opened.ExecuteSQL(statement.replace("1", "0", 1))
    assert ids(layer) == [10424]
