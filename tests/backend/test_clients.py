# SPDX-License-Identifier: MIT
"""The requests of sen2cli, sen2cubeR and the ArcGIS toolbox, word by word as they send them."""

import json

import pytest

from .process import LocalSen2Cube
from .sent import area, inference
from .user_agent import JSON_API, exchange

SEN2CLI = {"User-Agent": "sen2cli 0.2.0 (python-requests/2.28.1)",
           "Accept-Encoding": "gzip, deflate", "Accept": "*/*", "Connection": "keep-alive"}


@pytest.fixture(scope="module", params=["0.30", "0.31"])
def sen2cube(request):
    with LocalSen2Cube("--library", request.param, "--job-seconds", "1000") as server:
        yield server


def ask(agent, path):
    """requests' spelling of what jsonapi-client joins, and no Content-Type."""
    return exchange(agent.sen2cube.api_url + path, headers=agent.headers(SEN2CLI))


def tell(agent, method, path, body):
    return exchange(agent.sen2cube.api_url + path, method, body,
                    agent.headers({**SEN2CLI, "Content-Type": JSON_API}))


def create(agent, **attributes):
    """jsonapi-client keeps ids as the numbers that they were given as."""
    collection = area([]).replace("\n", " ")
    return tell(agent, "POST", "/inference", json.dumps({"data": {
        "type": "inference", "attributes": {
            "owner": "demo", "temp_range_start": "2021-03-01T00:00:00.000Z",
            "temp_range_end": "2021-07-31T23:59:59.999Z", "area_of_interest": collection,
            "output": [], "comment": "Created by sen2cli", "output_scale_factor": 1,
            "favourite": False, **attributes},
        "relationships": {"factbase": {"data": {"id": 1, "type": "factbase"}},
                          "knowledgebase": {"data": {"id": 218, "type": "knowledgebase"}}}}}))


NULLS = dict.fromkeys(("timestamp_created", "timestamp_started", "timestamp_finished", "status",
                       "status_message"))


@pytest.mark.parametrize("nulls", [{}, NULLS], ids=["without nulls", "with nulls"])
def test_sen2cli_creates_an_inference(agent, nulls):
    reply = create(agent, **nulls)
    assert reply.status == 201 and reply.headers["Location"]
    data = reply.json["data"]
    values = data["attributes"]
    assert (values["status"], values["output"], values["comment"]) == (
        "CREATED", [], "Created by sen2cli")
    assert (values["factbase_id"], values["knowledgebase_id"]) == (1, 218)
    # It reads the answer as the resource from here on.
    assert type(data["id"]) is int and data["links"]["self"] == f"/v1/inference/{data['id']}"
    assert set(reply.json) == {"data", "links", "jsonapi"}


def test_sen2cli_finds_reruns_aborts_and_deletes(agent):
    number = create(agent).json["data"]["id"]
    found = ask(agent, "/inference?filter=%5B%7B%22name%22:%22id%22,%20%22op%22:%20%22in%22,%20"
                       f"%22val%22:%20%5B{number}%5D%7D%5D")
    assert found.ids == [number] and found.json["meta"]["count"] == 1
    place = found.json["data"][0]["links"]["self"].removeprefix("/v1")
    for status in ("ABORTED", "CREATED"):
        body = {"data": {"type": "inference", "id": number, "attributes": {"status": status},
                         "relationships": {}}}
        reply = tell(agent, "PATCH", place, json.dumps(body))
        assert (reply.status, reply.json["data"]["attributes"]["status"]) == (200, status)
    # Nothing has changed, and it commits all the same.
    body["data"]["attributes"] = {}
    assert tell(agent, "PATCH", place, json.dumps(body)).status == 200
    reply = tell(agent, "DELETE", place, "{}")
    assert reply.status == 200
    assert reply.json["meta"]["message"] == "Object successfully deleted"
    assert ask(agent, "/inference?filter=%5B%7B%22name%22:%22id%22,%20%22op%22:%20%22in%22,%20"
                      f"%22val%22:%20%5B{number}%5D%7D%5D").ids == []


def test_sen2cli_lists_by_filter_and_follows_the_next_page(agent):
    query = ("&filter=%5B%7B%22name%22:%22knowledgebase_id%22,%20%22op%22:%20%22in%22,%20%22val%22:"
             "%20%5B221%5D%7D,%7B%22name%22:%22status%22,%20%22op%22:%20%22in%22,%20%22val%22:"
             "%20%5B%22FAILED%22,%22SUCCEEDED%22%5D%7D%5D&sort=status,-id&page%5Bsize%5D=5"
             "&page%5Bnumber%5D=1")
    reply = ask(agent, f"/inference?{query}")
    count, rows = reply.json["meta"]["count"], reply.json["data"]
    assert count > 10 and len(rows) == 5
    while "next" in reply.json["links"]:
        # The link is followed as it stands: http, and percent-encoded in another way.
        link = reply.json["links"]["next"]
        assert link.startswith(agent.sen2cube.api_url + "/inference?filter=%5B%7B%22name%22%3A")
        reply = exchange(link, headers=agent.headers(SEN2CLI))
        rows += reply.json["data"]
    order = [(row["attributes"]["status"], -row["id"]) for row in rows]
    assert len(rows) == count and order == sorted(order)
    assert {row["attributes"]["knowledgebase_id"] for row in rows} == {221}


def test_sen2cli_takes_raw_modifiers(agent):
    reply = ask(agent, "/inference?&filter=%5B%7B%22name%22:%22status_message%22,%22op%22:"
                       "%22ilike%22,%22val%22:%22%25PSYCOPG2%25%22%7D,%7B%22name%22:"
                       "%22timestamp_started%22,%22op%22:%22gt%22,%22val%22:%222021-09-01%22%7D%5D"
                       "&sort=-id")
    assert reply.status == 200 and reply.ids
    for row in reply.json["data"]:
        assert "psycopg2" in row["attributes"]["status_message"]


def test_sen2cuber_lists_with_raw_brackets(agent):
    assert len(ask(agent, "/inference?page[size]=10").ids) == 10


def test_the_arcgis_toolbox_lists_and_creates(agent):
    assert len(ask(agent, "/factbase").ids) == 4
    assert len(ask(agent, "/knowledgebase?page[size]=0").ids) == 40
    reply = agent.send("POST", "/inference", inference(), "application/json")
    if "0.31" in agent.sen2cube.options:
        assert reply.status == 415
        return
    assert reply.status == 201
    number = reply.json["data"]["id"]
    assert ask(agent, f"/inference/{number}").json["data"]["attributes"]["status"] == "CREATED"
