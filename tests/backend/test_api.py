# SPDX-License-Identifier: MIT
"""The JSON:API as flask-rest-jsonapi up to 0.30.1 answers it."""

import urllib.parse

import pytest

from .process import LocalSen2Cube
from .user_agent import JSON_API, UserAgent, exchange


def pages(reply):
    """{'next': {'page[number]': '2', …}, …} of the links."""
    return {name: dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))
            for name, link in reply.json["links"].items()}


def test_ids_are_numbers_and_resource_links_are_paths(agent):
    data = agent.get("/inference/10424").json["data"]
    assert data["id"] == 10424 and data["type"] == "inference"
    assert data["links"] == {"self": "/v1/inference/10424"}
    assert data["relationships"]["factbase"]["links"] == {
        "self": "/v1/inference/10424/relationships/factbase",
        "related": "/v1/inference/10424/factbase"}


def test_list_has_30_rows_and_the_whole_count(agent):
    reply = agent.get("/inference")
    assert len(reply.ids) == 30 and reply.json["meta"]["count"] == 59
    assert reply.headers["Content-Type"] == JSON_API
    assert reply.json["jsonapi"] == {"version": "1.0"}


def test_page_size_zero_gives_all(agent):
    reply = agent.get("/inference", "page[size]=0")
    assert len(reply.ids) == 59 and set(reply.json["links"]) == {"self"}


def test_no_stable_order_without_sort_and_a_stable_one_with(agent):
    orders = {tuple(agent.get("/inference", "page[size]=0").ids) for _ in range(5)}
    assert len(orders) > 1
    found = agent.get("/inference", "page[size]=0&sort=-id").ids
    assert found == sorted(found, reverse=True)


def test_links_are_http_and_name_the_other_pages(agent):
    first = agent.get("/inference", "sort=id&page[size]=20")
    assert all(link.startswith("http://") for link in first.json["links"].values())
    links = pages(first)
    assert set(links) == {"self", "first", "last", "next"}
    assert links["next"] == {"sort": "id", "page[size]": "20", "page[number]": "2"}
    assert links["last"]["page[number]"] == "3" and "page[number]" not in links["first"]
    middle = pages(agent.get("/inference", "sort=id&page[size]=20&page[number]=2"))
    assert set(middle) == {"self", "first", "last", "prev", "next"}
    assert set(pages(agent.get("/inference", "sort=id&page[size]=20&page[number]=3"))) == {
        "self", "first", "last", "prev"}


def test_pages_partition_the_rows(agent):
    found = sum((agent.get("/inference", f"sort=-id&page[size]=20&page[number]={page}").ids
                 for page in (1, 2, 3)), [])
    assert found == agent.get("/inference", "sort=-id&page[size]=0").ids
    assert agent.get("/inference", "sort=-id&page[size]=20&page[number]=9").ids == []


@pytest.mark.parametrize("query", ["page[limit]=3", "page[size]=x", "page=3"])
def test_other_page_parameters_are_400(agent, query):
    assert agent.get("/inference", query).status == 400


@pytest.mark.parametrize("query", ["page[size]=-1", "page[number]=0"])
def test_negative_limits_reach_the_database_and_are_500(agent, query):
    assert agent.get("/inference", query).status == 500


def test_sort_takes_several_names_and_strips_all_hyphens(agent):
    reply = agent.get("/inference", "page[size]=0&sort=status,-id")
    keys = [(item["attributes"]["status"], -item["id"]) for item in reply.json["data"]]
    known = [key for key in keys if key[0]]
    assert known == sorted(known)
    assert agent.get("/inference", "sort=-i-d").status == 200


def test_null_sorts_last_ascending_and_first_descending(agent):
    up = agent.get("/inference", "page[size]=0&sort=timestamp_finished").json["data"]
    down = agent.get("/inference", "page[size]=0&sort=-timestamp_finished").json["data"]
    assert up[-1]["attributes"].get("timestamp_finished") is None
    assert up[0]["attributes"]["timestamp_finished"] is not None
    assert down[0]["attributes"].get("timestamp_finished") is None


@pytest.mark.parametrize("name", ["nothing", "factbase", ""])
def test_sort_by_unknown_or_relation_is_400(agent, name):
    reply = agent.get("/inference", f"sort=id,{name}")
    assert reply.status == 400
    assert reply.error["title"] == "Invalid sort querystring parameter."


def test_sparse_fields_keep_the_id_and_drop_relationships(agent):
    data = agent.get("/inference/10424", "fields[inference]=status,output").json["data"]
    assert set(data["attributes"]) == {"status", "output"} and data["id"] == 10424
    assert "relationships" not in data
    named = agent.get("/inference/10424", "fields[inference]=status,factbase").json["data"]
    assert set(named["relationships"]) == {"factbase"}


def test_sparse_fields_refuse_unknown_names_and_types(agent):
    reply = agent.get("/inference", "fields[inference]=status,nothing")
    assert reply.status == 400
    assert reply.error["title"] == "Invalid fields querystring parameter."
    assert agent.get("/inference", "fields[nothing]=x").status == 500


def test_include_brings_the_related_rows_once(agent):
    reply = agent.get("/inference", {"include": "factbase,knowledgebase", "page[size]": "0",
                                     "fields[factbase]": "title,uri"})
    included = [(item["type"], item["id"]) for item in reply.json["included"]]
    assert len(included) == len(set(included))
    assert {("factbase", 1), ("knowledgebase", 218), ("factbase", 99)} < set(included)


def test_include_needs_its_relation_among_the_fields(agent):
    without = agent.get("/inference/10424", "include=factbase&fields[inference]=status")
    assert "included" not in without.json
    reply = agent.get("/inference/10424", "include=factbase&fields[inference]=factbase")
    assert reply.json["included"][0]["id"] == 1
    assert reply.json["data"]["relationships"]["factbase"]["data"] == {
        "type": "factbase", "id": "1"}


@pytest.mark.parametrize("path", ["/inference", "/inference/10424", "/inference/10424/factbase"])
def test_include_of_what_is_unknown_is_400_and_of_a_column_500(agent, path):
    reply = agent.get(path, "include=nothing")
    assert (reply.status, reply.error["title"]) == (400, "Invalid include querystring parameter.")
    column = "title" if path.endswith("factbase") else "status"
    reply = agent.get(path, f"include={column}")
    assert (reply.status, reply.error["title"]) == (500, "Unknown error")


@pytest.mark.parametrize("options, status, body", [
    ((), 200, {"data": None, "jsonapi": {"version": "1.0"}}),
    (("--library", "0.31"), 200, None),
    (("--library", "0.31", "--unknown-id", "data-null"), 200,
     {"data": None, "jsonapi": {"version": "1.0"}}),
    (("--unknown-id", "null"), 200, None),
    (("--unknown-id", "error"), 500, {"errors": [{
        "status": "500", "title": "Unknown error",
        "detail": "'id' is not a valid attribute of None"}], "jsonapi": {"version": "1.0"}})])
def test_an_unknown_id_is_answered_in_three_forms_and_is_no_404(options, status, body):
    with LocalSen2Cube(*options) as server:
        agent = UserAgent(server)
        for path in ("/inference/777", "/factbase/777", "/inference/777/factbase"):
            reply = agent.get(path)
            assert (reply.status, reply.json) == (status, body)


def test_the_newer_library_looks_at_the_names_of_sparse_fields_and_ignores_them():
    with LocalSen2Cube("--library", "0.31") as server:
        agent = UserAgent(server)
        reply = agent.get("/inference/10424", {"fields[inference]": "status", "include": "factbase",
                                               "fields[factbase]": "title"}).json
        assert {"area_of_interest", "output"} < set(reply["data"]["attributes"])
        assert "basemaps" in reply["included"][0]["attributes"]
        assert len(agent.get("/factbase", "fields[factbase]=title").body) > 1_000_000
        assert agent.get("/inference", "fields[inference]=nothing").status == 400
        assert agent.get("/inference", "fields[nothing]=x").status == 500


def test_id_beyond_32_bits_is_500_from_the_database(agent):
    assert agent.get("/inference/99999999999999999999").status == 500


def test_related_and_relationship_links_work(agent):
    related = agent.get("/inference/10424/factbase").json
    assert (related["data"]["id"], related["links"]["self"]) == (1, "/v1/factbase/1")
    linkage = agent.get("/inference/10424/relationships/factbase").json
    assert linkage["data"] == {"type": "factbase", "id": 1}
    assert linkage["links"]["related"] == "/v1/inference/10424/factbase"
    listing = agent.get("/factbase/8/inferences_fb", "page[size]=0")
    assert listing.json["meta"]["count"] == len(listing.ids) > 0


def test_missing_and_bad_bearer_are_401_html(agent, sen2cube):
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eA=="}):
        reply = exchange(sen2cube.api_url + "/inference", headers=headers)
        assert reply.status == 401 and reply.headers["Content-Type"].startswith("text/html")
    assert [entry["bearer"] for entry in sen2cube.requests()] == ["none", "bad", "bad"]


@pytest.mark.parametrize("path", ["/nothing", "/inference/x", "/inference/-1", "/inference/1/x",
                                  "/inference/"])
def test_other_places_are_404_html(agent, path):
    reply = agent.get(path)
    assert reply.status == 404 and reply.headers["Content-Type"].startswith("text/html")


def test_head_is_answered_with_the_length_of_get(agent):
    head = agent.get("/inference/10424", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(agent.get("/inference/10424").body)


def test_accept_with_parameters_alone_is_406(agent):
    assert agent.get("/factbase/1", headers={"Accept": JSON_API + ";v=1"}).status == 406
    for accept in ("*/*", JSON_API, f"{JSON_API};v=1, {JSON_API}", "text/html"):
        assert agent.get("/factbase/99", headers={"Accept": accept}).status == 200


def test_factbase_list_has_the_real_sizes_and_kinds(agent):
    reply = agent.get("/factbase")
    assert 1_200_000 < len(reply.body) < 1_400_000
    rows = {item["id"]: item["attributes"] for item in reply.json["data"]}
    assert sorted(rows) == [1, 2, 3, 8] and all(len(row) == 20 for row in rows.values())
    kinds = {number: row["footprint"]["features"][0]["geometry"] for number, row in rows.items()}
    assert [kinds[number]["type"] for number in (1, 2, 3, 8)] == [
        "MultiPolygon", "MultiPolygon", "Polygon", "MultiPolygon"]
    assert len(kinds[8]["coordinates"][0][0][0]) == 3 and len(kinds[1]["coordinates"]) == 2
    assert "TOWGS84" in rows[1]["srs"] and '"WGS\n 84"' in rows[3]["srs"]
    assert "EPSG" not in rows[3]["srs"] and rows[3]["srs"].endswith("\n")
    assert rows[8]["srs"].count("\n") > 10 and "\n" not in rows[2]["srs"]
    assert rows[8]["sensor"] == "Sentinel-2" and rows[8]["resolution"] == [10.0, 10.0]


def test_every_srs_imports_and_two_are_recognised(agent):
    from osgeo import osr
    codes = {}
    for item in agent.get("/factbase").json["data"]:
        srs = osr.SpatialReference()
        assert srs.ImportFromWkt(item["attributes"]["srs"]) == 0
        codes[item["id"]] = srs.GetAuthorityCode(None)
    assert (codes[2], codes[8], codes[3]) == ("32637", "32642", None)


def test_pings_of_factbase_8_are_44_hours_old(agent):
    import datetime
    ages = {}
    for item in agent.get("/factbase").json["data"]:
        ping = datetime.datetime.fromisoformat(item["attributes"]["free_worker_ping"])
        ages[item["id"]] = (datetime.datetime.now(datetime.timezone.utc) - ping).total_seconds()
    assert ages[1] < 300 and 158_000 < ages[8] < 159_000


def test_foreign_factbase_is_not_listed_but_reachable(agent):
    assert agent.get("/factbase/99").json["data"]["attributes"]["uri"] == "https://evil.example"
    assert 99 not in agent.get("/factbase").ids


def test_about_forty_knowledgebases_with_models(agent):
    data = agent.get("/knowledgebase", "page[size]=0").json["data"]
    assert {218, 221} < {item["id"] for item in data} and len(data) == 40
    assert all(item["attributes"]["blockdefs"].startswith("<xml") for item in data)


def test_switches_refuse_include_and_fields_and_omit_attributes():
    with LocalSen2Cube("--no-include", "--no-fields", "--omit-attributes", "comment,favourite",
                       "--max-page-size", "50", "--no-page-zero", "--linkage", "included",
                       "--output-form", "array", "--show-foreign-factbase") as server:
        agent = UserAgent(server)
        assert agent.get("/inference", "include=factbase").status == 400
        assert agent.get("/inference", "fields[inference]=status").status == 400
        assert agent.get("/inference", "page[size]=51").status == 400
        assert agent.get("/inference", "page[size]=0").status == 400
        data = agent.get("/inference/10424").json["data"]
        assert not {"comment", "favourite"} & set(data["attributes"])
        assert "data" not in data["relationships"]["factbase"]
        assert isinstance(data["attributes"]["output"], list)
        assert 99 in agent.get("/factbase").ids


def test_100000_inferences_are_served_in_pages():
    import time
    with LocalSen2Cube("--inferences", "100000") as server:
        agent = UserAgent(server)
        agent.log_in()
        started = time.monotonic()
        reply = agent.get("/inference", "sort=-id&page[size]=100&page[number]=500")
        assert time.monotonic() - started < 0.5
        assert reply.json["meta"]["count"] == 100_059 and len(reply.ids) == 100
