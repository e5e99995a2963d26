# SPDX-License-Identifier: MIT
"""Filters in both syntaxes, against the same question asked of all rows in Python."""

import json
import sys

import pytest

from .process import LocalSen2Cube
from .user_agent import UserAgent


@pytest.fixture
def rows(agent):
    data = agent.get("/inference", "page[size]=0").json["data"]
    return {item["id"]: item["attributes"] for item in data}


def chosen(rows, test):
    return sorted(number for number, row in rows.items() if test(row.get("status"), row))


CASES = [
    ([{"name": "status", "op": "eq", "val": "FAILED"}], lambda status, row: status == "FAILED"),
    ([{"name": "status", "op": "ne", "val": "FAILED"}], lambda status, row: status != "FAILED"),
    ([{"name": "status", "op": "in", "val": ["FAILED", "ABORTED"]}],
     lambda status, row: status in ("FAILED", "ABORTED")),
    ([{"name": "status", "op": "in_", "val": ["FAILED"]},
      {"name": "knowledgebase_id", "op": "in", "val": [218]}],
     lambda status, row: status == "FAILED" and row["knowledgebase_id"] == 218),
    ([{"name": "status", "op": "notin_", "val": ["FAILED"]}],
     lambda status, row: status != "FAILED"),
    ([{"name": "status_message", "op": "ilike", "val": "%PSYCOPG2%"}],
     lambda status, row: "psycopg2" in (row["status_message"] or "").lower()),
    ([{"name": "comment", "op": "like", "val": "Run 83_0"}],
     lambda status, row: (row["comment"] or "").startswith("Run 83")
     and row["comment"].endswith("0")),
    ([{"name": "comment", "op": "notlike", "val": "Run%"}],
     lambda status, row: row["comment"] is not None and not row["comment"].startswith("Run")),
    ([{"name": "comment", "op": "startswith", "val": "Run"}],
     lambda status, row: (row["comment"] or "").startswith("Run")),
    ([{"name": "timestamp_finished", "op": "is_", "val": None}],
     lambda status, row: row.get("timestamp_finished") is None),
    ([{"name": "timestamp_finished", "op": "isnot", "val": None}],
     lambda status, row: row.get("timestamp_finished") is not None),
    ([{"name": "timestamp_finished", "op": "eq", "val": None}],
     lambda status, row: row.get("timestamp_finished") is None),
    ([{"name": "favourite", "op": "is_", "val": True}], lambda status, row: row["favourite"]),
    ([{"name": "timestamp_started", "op": "gt", "val": "2021-09-01"}],
     lambda status, row: (row.get("timestamp_started") or "") > "2021-09-01"),
    ([{"or": [{"name": "status", "op": "eq", "val": "FAILED"},
              {"and": [{"name": "factbase_id", "op": "ge", "val": 3},
                       {"not": {"name": "status", "op": "eq", "val": "CREATED"}}]}]}],
     lambda status, row: status == "FAILED"
     or (int(row["factbase_id"]) >= 3 and status != "CREATED")),
    ([{"name": "timestamp_started", "op": "lt", "field": "timestamp_created"}],
     lambda status, row: bool(row.get("timestamp_started") and row.get("timestamp_created"))
     and row["timestamp_started"] < row["timestamp_created"]),
    ([{"name": "factbase__title", "op": "has", "val": "Austria"}],
     lambda status, row: int(row["factbase_id"]) == 1),
    ([{"name": "factbase", "op": "has", "val": {"name": "sensor", "op": "ilike",
                                                "val": "SENTINEL%"}}],
     lambda status, row: int(row["factbase_id"]) != 3),
    ([], lambda status, row: True),
]


@pytest.mark.parametrize("nodes, test", CASES, ids=[json.dumps(case[0])[:60] for case in CASES])
def test_filter_chooses_the_rows_that_python_chooses(agent, rows, nodes, test):
    # 10436 has nulls in most columns; ids as strings count as their numbers.
    rows[10436]["knowledgebase_id"] = int(rows[10436]["knowledgebase_id"])
    assert sorted(agent.filtered(nodes).ids) == chosen(rows, test)


def test_not_of_an_unknown_is_unknown(agent):
    positive = agent.filtered([{"name": "owner", "op": "eq", "val": "demo"}]).ids
    negative = agent.filtered([{"not": {"name": "owner", "op": "eq", "val": "demo"}}]).ids
    assert 10436 not in positive and 10436 not in negative


def test_simple_filters_are_anded_and_mix_with_json(agent, rows):
    query = {"filter[status]": "FAILED", "filter[knowledgebase_id]": "221", "page[size]": "0"}
    wanted = chosen(rows, lambda status, row: status == "FAILED"
                    and row["knowledgebase_id"] == 221)
    assert sorted(agent.get("/inference", query).ids) == wanted
    query["filter"] = json.dumps([{"name": "id", "op": "lt", "val": 8320}])
    assert sorted(agent.get("/inference", query).ids) == [n for n in wanted if n < 8320]


def test_to_many_relation_takes_any(agent):
    nodes = [{"name": "inferences_fb", "op": "any",
              "val": {"name": "id", "op": "eq", "val": 10424}}]
    assert agent.filtered(nodes, "factbase").ids == [1]
    assert agent.filtered([dict(nodes[0], op="has")], "factbase").status == 500


@pytest.mark.parametrize("nodes", [
    [{"name": "nothing", "op": "eq", "val": 1}], [{"op": "eq", "val": 1}],
    [{"name": "status", "val": 1}], [{"name": "status", "op": "eq"}],
    [{"name": "status", "op": "resembles", "val": 1}], 7])
def test_wrong_filters_are_400_with_the_title(agent, nodes):
    reply = agent.filtered(nodes)
    assert reply.status == 400
    assert reply.error["title"] == "Invalid filters querystring parameter."
    assert reply.error["status"] == "400" and set(reply.error) == {"status", "title", "detail"}


def test_bad_json_is_a_parse_error(agent):
    reply = agent.get("/inference", {"filter": "[{"})
    assert (reply.status, reply.error["detail"]) == (400, "Parse error")
    # Before 3.12 Python gives up on the depth, before it sees that there is no end.
    deep = 500 if sys.version_info < (3, 12) else 400
    assert agent.get("/inference", {"filter": "[" * 1200}).status == deep


@pytest.mark.parametrize("nodes", [
    [{"name": "id", "op": "eq", "val": "abc"}], [{"name": "favourite", "op": "eq", "val": "true"}],
    [{"name": "id", "op": "between", "val": [1, 2]}], [{"name": "id", "op": "like", "val": "1%"}],
    [{"name": "status", "op": "gt", "val": None}], [{"name": "favourite", "op": "gt", "val": True}],
    [{"name": "comment", "op": "like", "val": "Run\\"}],
    [{"name": "owner", "op": "eq", "val": "\0"}],
    [{"name": "status", "op": "eq", "val": 1}], [{"name": "id", "op": "eq", "val": "1_0"}],
    [{"name": "id", "op": "in_", "val": 5}],
    [{"name": "timestamp_created", "op": "gt", "val": "yesterday"}]])
def test_what_the_database_refuses_is_500(agent, nodes):
    assert agent.filtered(nodes).status == 500


def test_texts_are_ordered_as_by_a_language_and_equal_as_bytes(agent):
    below = agent.filtered([{"name": "status", "op": "lt", "val": "b"}]).json["data"]
    assert {item["attributes"]["status"] for item in below} == {"ABORTED"}
    assert agent.filtered([{"name": "status", "op": "eq", "val": "failed"}]).ids == []
    assert agent.filtered([{"name": "status", "op": "ilike", "val": "failed"}]).ids != []


def test_a_date_is_compared_with_the_date_of_a_time(agent):
    nodes = [{"name": "dateStart", "op": "eq", "val": "2015-07-04T12:00:00+00:00"}]
    assert agent.filtered(nodes, "factbase").ids == [1]


def test_a_request_line_has_a_limit(agent):
    nodes = [{"name": "id", "op": "in", "val": list(range(10000, 10600))}]
    assert agent.filtered(nodes).status == 400


def test_list_in_a_simple_filter_differs_between_the_versions(agent):
    assert agent.get("/inference", {"filter[status]": "FAILED,ABORTED"}).status == 500
    with LocalSen2Cube("--library", "0.31") as server:
        strict = UserAgent(server)
        both = strict.get("/inference", {"filter[status]": "FAILED,ABORTED", "page[size]": "0"})
        found = {item["attributes"]["status"] for item in both.json["data"]}
        assert found == {"FAILED", "ABORTED"}
        missing = strict.get("/inference/777")
        assert (missing.status, missing.body) == (200, b"null")
