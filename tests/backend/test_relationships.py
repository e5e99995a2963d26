# SPDX-License-Identifier: MIT
"""The relationships' own places."""

import pytest

from .process import LocalSen2Cube
from .user_agent import JSON_API

PLACE = "/inference/10433/relationships/factbase"
MANY = "/knowledgebase/299/relationships/inferences_kb"


@pytest.fixture(scope="module", params=["0.30", "0.31"])
def sen2cube(request):
    with LocalSen2Cube("--library", request.param) as server:
        yield server


def linkage(number, kind="factbase"):
    return {"data": {"type": kind, "id": number}}


def inferences(*numbers):
    return {"data": [{"type": "inference", "id": str(number)} for number in numbers]}


def factbase_of(agent, number=10433):
    return agent.get(f"/inference/{number}/relationships/factbase").json["data"]["id"]


@pytest.mark.parametrize("method, word", [("PATCH", "updated"), ("POST", "created")])
def test_the_factbase_is_set_and_a_second_time_nothing_is_said(agent, method, word):
    agent.send("PATCH", PLACE, linkage("1"))
    reply = agent.send(method, PLACE, linkage("2"))
    assert reply.status == 200
    assert reply.json["meta"] == {"message": f"Relationship successfully {word}"}
    again = agent.send(method, PLACE, linkage(2))
    assert (again.status, again.body, again.headers["Content-Type"]) == (204, b"", JSON_API)
    assert factbase_of(agent) == 2
    inference = agent.get("/inference/10433").json["data"]["attributes"]
    assert inference["factbase_id"] == 2
    assert 10433 in agent.get("/factbase/2/inferences_fb", "page[size]=0").ids


def test_it_is_read_with_what_is_included(agent):
    agent.send("PATCH", PLACE, linkage("1"))
    reply = agent.get(PLACE, "include=factbase").json
    assert reply["data"] == {"type": "factbase", "id": 1}
    assert reply["links"] == {"self": f"/v1{PLACE}", "related": "/v1/inference/10433/factbase"}
    assert [item["attributes"]["title"] for item in reply["included"]] == ["Austria"]
    assert "included" not in agent.get(PLACE).json


@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE"])
@pytest.mark.parametrize("document, status, title", [
    ({}, 400, "Bad request"), ({"data": {"id": "2"}}, 400, "Bad request"),
    ({"data": {"type": "factbase"}}, 400, "Bad request"),
    (linkage("2", "knowledgebase"), 409, "Invalid type"),
    ({"data": None}, 500, "Unknown error"), ({"data": [linkage("2")["data"]]}, 500,
                                             "Unknown error")])
def test_what_is_no_linkage_changes_nothing(agent, method, document, status, title):
    agent.send("PATCH", PLACE, linkage("1"))
    reply = agent.send(method, PLACE, document)
    assert (reply.status, reply.error["title"]) == (status, title)
    assert factbase_of(agent) == 1


def test_an_inference_without_a_factbase_cannot_be(agent):
    reply = agent.send("DELETE", PLACE, linkage("1"))
    assert reply.status == 500 and "not-null constraint" in reply.error["detail"]
    assert factbase_of(agent) == 1


def test_unknown_ids_are_404(agent):
    for method in ("PATCH", "POST"):
        reply = agent.send(method, PLACE, linkage("77"))
        assert (reply.status, reply.error["title"]) == (404, "Related object not found")
    for method in ("GET", "PATCH", "POST", "DELETE"):
        body = None if method == "GET" else linkage("2")
        reply = agent.send(method, "/inference/779/relationships/factbase", body)
        assert (reply.status, reply.error["title"]) == (404, "Object not found")


def test_inferences_are_added_to_a_model_and_cannot_be_taken_from_it(agent):
    assert agent.get(MANY).json["data"] == []
    assert agent.send("POST", MANY, inferences(8300, 8301)).status == 200
    assert agent.send("POST", MANY, inferences(8300)).status == 204
    assert agent.send("PATCH", MANY, inferences(8301, 8300)).status == 204
    assert agent.send("PATCH", MANY, inferences(8300, 8301, 8302)).status == 200
    assert {one["id"] for one in agent.get(MANY).json["data"]} == {8300, 8301, 8302}
    assert agent.get("/inference/8302").json["data"]["attributes"]["knowledgebase_id"] == 299
    for method, document in (("PATCH", inferences(8300)), ("DELETE", inferences(8300)),
                             ("PATCH", linkage("8303", "inference")), ("DELETE", {"data": None})):
        assert agent.send(method, MANY, document).status == 500
    assert agent.send("DELETE", MANY, inferences(8303)).status == 204
    assert agent.send("PATCH", MANY, {"data": None}).status == 204
    assert agent.send("POST", MANY, inferences(779)).status == 404
    assert len(agent.get(MANY).json["data"]) == 3
