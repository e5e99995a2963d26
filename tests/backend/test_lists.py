# SPDX-License-Identifier: MIT
"""Lists that are long, that change while they are read, that are cut, and that hold odd rows."""

import json
import time

import pytest

from .process import LocalSen2Cube
from .user_agent import UserAgent

OPTIONS = ("--inferences", "100000", "--strange-rows")
FAILED = json.dumps([{"name": "status", "op": "eq", "val": "FAILED"}])


def page(agent, number, size=100, **more):
    return agent.get("/inference", {"sort": "-id", "page[size]": size, "page[number]": number,
                                    **more})


def seconds(ask):
    started = time.monotonic()
    reply = ask()
    assert reply.status == 200
    return time.monotonic() - started


def best(ask):
    """Of several, so that a busy machine does not decide."""
    return min(seconds(ask) for _ in range(5))


def test_a_page_of_100000_takes_milliseconds_and_a_filtered_one_no_more(agent):
    assert best(lambda: page(agent, 500)) < 0.05
    seconds(lambda: page(agent, 500, filter=FAILED))
    assert best(lambda: page(agent, 400, filter=FAILED)) < 0.05


def test_a_page_below_an_id_is_found_at_once_and_is_what_sql_gives(agent):
    below = {"name": "id", "op": "lt", "val": 150_000}
    everything = page(agent, 1, size=5, filter=json.dumps([below])).json
    assert [item["id"] for item in everything["data"]] == [*range(149_999, 149_994, -1)]
    assert everything["meta"]["count"] == 49_999 + 59 + 39
    for op, ids in (("le", [150_000, 149_999]), ("lt", [149_999, 149_998])):
        nodes = [{**below, "op": op}, {"name": "id", "op": "gt", "val": ids[1] - 1}]
        assert page(agent, 1, filter=json.dumps(nodes)).ids == ids
        nodes[1] = {"name": "id", "op": "ge", "val": ids[1]}
        assert page(agent, 1, filter=json.dumps(nodes)).ids == ids
        assert page(agent, 1, filter=json.dumps([{"and": nodes}])).ids == ids
    nodes = [below, *json.loads(FAILED)]
    assert best(lambda: page(agent, 1, filter=json.dumps(nodes))) < 0.05
    assert page(agent, 1, filter=json.dumps(nodes)).ids[0] == 149_998


def test_the_memory_of_100000_rows_is_small(agent, sen2cube):
    page(agent, 1, filter=FAILED)
    with open(f"/proc/{sen2cube.pid}/status", encoding="ascii") as file:
        peak = next(line for line in file if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 400_000


def test_a_filter_finds_what_has_changed_since(agent, sen2cube):
    nodes = json.dumps([{"name": "comment", "op": "eq", "val": "changed"}])
    assert page(agent, 1, filter=nodes).ids == []
    sen2cube.change_inference(150_000, comment="changed")
    assert page(agent, 1, filter=nodes).ids == [150_000]
    sen2cube.change_inference(150_000, comment="changed again")
    assert page(agent, 1, filter=nodes).ids == []


def test_synthetic_ones_that_succeeded_have_files(agent):
    data = agent.get("/inference/100001").json["data"]["attributes"]
    assert data["status"] == "SUCCEEDED"
    for output in json.loads(data["output"]):
        assert len(agent.curl(output["data"])[2]) == output["bytes"]
    assert agent.get("/inference/100003").json["data"]["attributes"]["timestamp_finished"] is None


def test_rows_come_and_go_before_the_lists_that_are_told(agent, sen2cube):
    sen2cube.churn(insert=2, skip=1)
    first = page(agent, 1).ids
    top = first[0]
    assert page(agent, 1).ids == [top + 2, top + 1, *first[:-2]]
    assert page(agent, 1).ids[0] == top + 2
    sen2cube.churn(remove_newest=3, count=2)
    assert page(agent, 1).ids[:2] == first[1:3]
    assert page(agent, 1).ids[0] == first[4]
    assert agent.get(f"/inference/{top}").json["data"] is None
    sen2cube.churn(remove=[first[50]], insert=1, count=None)
    assert first[50] not in page(agent, 1).ids
    count = page(agent, 1).json["meta"]["count"]
    assert page(agent, 1).json["meta"]["count"] == count + 1
    assert agent.get("/knowledgebase").status == 200
    sen2cube.churn()
    assert page(agent, 1).json["meta"]["count"] == count + 1
    with pytest.raises(ValueError, match="unknown in churn: nothing"):
        sen2cube.churn(nothing=1)


def test_a_changed_synthetic_row_can_be_removed(agent, sen2cube):
    sen2cube.change_inference(123_456, comment="kept")
    sen2cube.churn(remove=[123_456])
    page(agent, 1)
    assert agent.get("/inference/123456").json["data"] is None
    assert 123_456 not in page(agent, 1, filter=json.dumps(
        [{"name": "id", "op": "eq", "val": 123_456}])).ids


def test_a_server_may_clip_pages_without_a_word():
    with LocalSen2Cube("--clip-page-size", "20") as server:
        agent = UserAgent(server)
        first = page(agent, 1)
        assert len(first.ids) == 20 and first.json["meta"]["count"] == 59
        assert first.json["links"]["last"].endswith("page%5Bnumber%5D=3")
        assert len(page(agent, 1, size=0).ids) == 20 and len(page(agent, 3).ids) == 19
        assert len(page(agent, 1, size=7).ids) == 7


def test_a_server_may_count_wrongly_and_name_no_pages():
    with LocalSen2Cube() as server:
        agent = UserAgent(server)
        for told in ("20", "null", '"many"'):
            server.settings(list_count=told)
            found = page(agent, 1).json
            assert found["meta"]["count"] == json.loads(told) and len(found["data"]) == 59
        server.settings(list_count="absent", no_list_links=True)
        found = page(agent, 1, size=20).json
        assert "meta" not in found and list(found["links"]) == ["self"]


def test_strange_rows_are_in_the_lists(agent):
    nodes = [{"name": "id", "op": "lt", "val": 100_000}, {"name": "id", "op": "gt", "val": 10500}]
    data = agent.filtered(nodes, sort="id").json["data"]
    assert len(data) == 39
    numbers = {str(item["id"]) for item in data}
    assert "10530" in numbers and {"None", "abc", "-4"} < numbers
    assert {item["type"] for item in data} == {"inference", "factbase", None}
    areas = [item["attributes"].get("area_of_interest") for item in data[:13]]
    with pytest.raises(ValueError):
        json.loads(areas[0])
    assert isinstance(areas[3], float) and isinstance(areas[4], dict)
    sensors = {item["id"] for item in agent.get("/factbase").json["data"]}
    assert sensors == {1, 2, 3, 8, 101, 102, 103, 104, 105}
    assert {301, 302} < set(agent.get("/knowledgebase", "page[size]=0").ids)


def test_strange_rows_can_be_filtered_and_sorted(agent):
    for name in ("timestamp_created", "output_scale_factor", "owner", "favourite"):
        assert agent.filtered([{"name": "id", "op": "lt", "val": 100_000}], sort=name).status == 200
        assert agent.filtered([{"name": name, "op": "is_", "val": None}]).status == 200
