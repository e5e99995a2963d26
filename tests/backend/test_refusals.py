# SPDX-License-Identifier: MIT
"""What POST and PATCH refuse and take, as both generations of flask-rest-jsonapi do it."""

import json

import pytest

from .process import LocalSen2Cube
from .sent import change, inference, knowledgebase
from .user_agent import JSON_API, UserAgent, exchange

VALIDATION = (422, "Validation error")
UNKNOWN = (500, "Unknown error")
MISSING, NULL = "Missing data for required field.", "Field may not be null."


@pytest.fixture(scope="module", params=["0.30", "0.31"])
def library(request):
    return request.param


@pytest.fixture(scope="module")
def sen2cube(library):
    """Nothing runs meanwhile."""
    with LocalSen2Cube("--library", library, "--job-seconds", "1000") as server:
        yield server


@pytest.fixture
def newer(library):
    return library == "0.31"


def post(agent, document, path="/inference"):
    return agent.send("POST", path, document)


def told(reply):
    return reply.status, reply.error["title"]


def pointed(reply):
    """{pointer: detail} of a refusal by validation."""
    assert reply.status == 422 and reply.headers["Content-Type"] == JSON_API
    assert {error["title"] for error in reply.json["errors"]} == {"Validation error"}
    return {error["source"]["pointer"]: error["detail"] for error in reply.json["errors"]}


def send_text(agent, method, path, text, content_type=JSON_API):
    kind = {} if content_type is None else {"Content-Type": content_type}
    return exchange(agent.sen2cube.api_url + path, method, text.encode(), agent.headers(kind))


@pytest.mark.parametrize("method, path", [
    ("POST", "/inference"), ("PATCH", "/inference/10433"), ("POST", "/knowledgebase"),
    ("PATCH", "/inference/10433/relationships/factbase")])
def test_broken_json_is_500_with_flasks_code(agent, newer, method, path):
    for text in ('{"data": ', "", "["):
        reply = send_text(agent, method, path, text)
        assert told(reply) == UNKNOWN
        assert reply.error["code"] == 400 and reply.error["status"] == "500"
        assert reply.error["detail"].startswith("400 Bad Request: ")
        assert reply.headers["Content-Type"] == (JSON_API if newer else "application/json")


@pytest.mark.parametrize("text", ["{}", "null", "[]", "0", '{"errors": []}'])
def test_a_document_without_data_is_422(agent, text):
    assert pointed(send_text(agent, "POST", "/inference", text)) == {
        "/": "Object must include `data` key."}


@pytest.mark.parametrize("text", [
    '{"data": null}', "5", '"data"', '["data"]', '{"data": {"type": "inference", '
    '"attributes": null}}', '{"data": {"type": "inference", "relationships": []}}'])
def test_null_and_lists_where_an_object_is_expected_are_500(agent, text):
    assert told(send_text(agent, "POST", "/inference", text)) == UNKNOWN


@pytest.mark.parametrize("data", [[], "x", {"attributes": {}}])
def test_data_without_a_type_is_422(agent, data):
    assert pointed(post(agent, {"data": data})) == {
        "/data": "`data` object must include `type` key."}


def test_another_type_is_409(agent):
    for kind in ("factbase", None, 5):
        reply = post(agent, inference(type=kind))
        assert told(reply) == (409, "Incorrect type")
        assert reply.error["source"] == {"pointer": "/data/type"}


def test_what_is_required_must_be_there(agent):
    assert pointed(post(agent, {"data": {"type": "inference"}})) == {
        **dict.fromkeys((f"/data/attributes/{name}" for name in (
            "owner", "area_of_interest", "temp_range_start", "temp_range_end", "comment",
            "favourite", "output_scale_factor")), MISSING),
        **dict.fromkeys((f"/data/relationships/{name}/data" for name in (
            "factbase", "knowledgebase")), MISSING)}
    assert agent.send("PATCH", "/inference/10433", {"data": {
        "type": "inference", "id": "10433"}}).status == 200


@pytest.mark.parametrize("name", ["owner", "area_of_interest", "temp_range_start", "favourite",
                                  "temp_range_end", "comment", "output_scale_factor"])
def test_null_is_422_also_in_a_patch(agent, name):
    for reply in (post(agent, inference({name: None})),
                  agent.send("PATCH", "/inference/10433", change(10433, **{name: None}))):
        assert pointed(reply) == {f"/data/attributes/{name}": NULL}


@pytest.mark.parametrize("name", ["status", "status_message", "timestamp_created",
                                  "timestamp_started", "timestamp_finished"])
def test_null_is_taken_where_the_service_decides(agent, name):
    assert post(agent, inference({name: None})).status == 201


@pytest.mark.parametrize("value", ["2021-03-01", "soon", "", 5, True, [], "2021-03-01T25:00:00Z",
                                   "2021-03", "20210301T000000", "2021-03-01T00:00:00 UTC"])
def test_a_date_without_a_time_and_what_is_no_time_are_422(agent, value):
    assert pointed(post(agent, inference({"temp_range_start": value}))) == {
        "/data/attributes/temp_range_start": "Not a valid datetime."}


@pytest.mark.parametrize("sent, kept", [
    ("2021-03-01T00:00:00.000Z", "2021-03-01T00:00:00+00:00"),
    ("2021-07-31T23:59:59.999Z", "2021-07-31T23:59:59.999000+00:00"),
    ("2021-03-01T00:00:00+02:00", "2021-02-28T22:00:00+00:00"),
    ("2021-03-01 00:00", "2021-03-01T00:00:00+00:00")])
def test_times_come_back_in_one_form(agent, sent, kept):
    reply = post(agent, inference({"temp_range_start": sent}))
    assert reply.json["data"]["attributes"]["temp_range_start"] == kept
    number = reply.json["data"]["id"]
    changed = agent.send("PATCH", f"/inference/{number}", change(number, temp_range_end=sent))
    assert changed.json["data"]["attributes"]["temp_range_end"] == kept
    read = agent.get(f"/inference/{number}").json["data"]["attributes"]
    assert (read["temp_range_start"], read["temp_range_end"]) == (kept, kept)


@pytest.mark.parametrize("name, value, detail", [
    ("owner", 5, "string"), ("owner", ["demo"], "string"), ("comment", {}, "string"),
    ("area_of_interest", {"type": "FeatureCollection"}, "string"), ("status", 5, "string"),
    ("favourite", "perhaps", "boolean"), ("favourite", 2, "boolean"), ("favourite", [], "boolean"),
    ("output_scale_factor", "x", "integer"), ("output_scale_factor", [], "integer"),
    ("status_progress", "x", "number")])
def test_values_of_another_type_are_422(agent, name, value, detail):
    assert pointed(post(agent, inference({name: value}))) == {
        f"/data/attributes/{name}": f"Not a valid {detail}."}


@pytest.mark.parametrize("name, value, kept", [
    ("favourite", "true", True), ("favourite", 0, False), ("output_scale_factor", "3", 3),
    ("output_scale_factor", 2.5, 2)])
def test_values_that_marshmallow_can_read_are_taken(agent, name, value, kept):
    reply = post(agent, inference({name: value}))
    assert reply.json["data"]["attributes"][name] == kept


def test_the_generations_differ_in_some_values(agent, newer):
    for name, value, is_newer in (("favourite", "yes", True), ("output_scale_factor", True, False)):
        assert post(agent, inference({name: value})).status == (201 if newer == is_newer else 422)


@pytest.mark.parametrize("name", ["nonsense", "factbase_id", "knowledgebase_id"])
def test_the_newer_one_refuses_what_it_does_not_know_and_the_older_ignores_it(agent, newer, name):
    replies = (post(agent, inference({name: 2})),
               agent.send("PATCH", "/inference/10433", change(10433, **{name: 2})))
    for reply in replies:
        if newer:
            assert pointed(reply) == {f"/data/attributes/{name}": "Unknown field."}
        else:
            assert reply.status in (200, 201)
            assert reply.json["data"]["attributes"]["factbase_id"] == 1
            assert "nonsense" not in reply.json["data"]["attributes"]


def test_an_unknown_relationship_and_meta_are_as_an_unknown_attribute(agent, newer):
    for name, document in (
            ("project", inference(relationships={"project": {"data": None}})),
            ("_resource_meta", inference(meta={"by": "me"}))):
        reply = post(agent, document)
        if newer:
            assert pointed(reply) == {f"/data/attributes/{name}": "Unknown field."}
        else:
            assert reply.status == 201


@pytest.mark.parametrize("value, detail", [
    (None, "Must include a `data` key"), ({}, "Must include a `data` key"),
    ("1", "Must include a `data` key"), ({"data": None}, NULL),
    ({"data": []}, "Relationship is not list-like"),
    ({"data": {"type": "factbase"}}, "Must have an `id` field"),
    ({"data": {"id": "1"}}, "Must have a `type` field"),
    ({"data": {"type": "knowledgebase", "id": "1"}}, "Invalid `type` specified"),
    ({"data": {"type": "factbase", "id": None}}, NULL),
    ({"data": {"type": "factbase", "id": "Austria"}}, "Not a valid integer."), (..., MISSING)])
def test_a_relationship_must_name_one_resource(agent, value, detail):
    reply = post(agent, inference(relationships={"factbase": value}))
    assert pointed(reply) == {"/data/relationships/factbase/data": detail}
    if value is not ...:
        reply = agent.send("PATCH", "/inference/10433", change(10433, {"factbase": value}))
        assert pointed(reply) == {"/data/relationships/factbase/data": detail}


def test_a_relationship_takes_ids_of_both_kinds_and_an_unknown_one_is_404(agent):
    for number, status in (("1", 201), (1, 201), ("77", 404), (77, 404)):
        linkage = {"data": {"type": "factbase", "id": number}}
        reply = post(agent, inference(relationships={"factbase": linkage}))
        assert reply.status == status
        if status == 404:
            assert told(reply) == (404, "Related object not found")
            assert reply.error["detail"] == "Factbase.id: 77 not found"


def test_everything_that_is_wrong_is_told_at_once(agent):
    document = inference({"owner": 5, "favourite": None}, {"factbase": None}, id="x")
    assert set(pointed(post(agent, document))) == {
        "/data/attributes/owner", "/data/attributes/favourite", "/data/id",
        "/data/relationships/factbase/data"}


def test_an_id_may_be_chosen_but_once(agent):
    for number in (777, "778"):
        reply = post(agent, inference(id=number))
        assert (reply.status, reply.json["data"]["id"]) == (201, int(number))
        again = post(agent, inference(id=number))
        assert told(again) == UNKNOWN and "duplicate key" in again.error["detail"]
    assert pointed(post(agent, inference(id=None))) == {"/data/id": NULL}
    assert told(post(agent, inference(id=2 ** 31))) == UNKNOWN


def test_a_new_inference_is_created_with_its_output_an_empty_list(agent):
    for value in ([], "[]", ...):
        data = post(agent, inference({"output": value, "status": "SUCCEEDED"})).json["data"]
        assert (data["attributes"]["status"], data["attributes"]["output"]) == ("CREATED", [])


def test_location_is_absolute_or_relative_by_generation(agent, newer):
    reply = post(agent, inference())
    path = f"/inference/{reply.json['data']['id']}"
    assert reply.headers["Location"] == ("/v1" if newer else agent.sen2cube.api_url) + path


def test_include_of_a_changed_resource_brings_the_related_rows(agent, newer):
    for reply in (post(agent, inference(), "/inference?include=factbase,knowledgebase"),
                  agent.send("PATCH", "/inference/10433?include=factbase,knowledgebase",
                             change(10433, comment="more"))):
        assert reply.status in (200, 201)
        assert {item["type"] for item in reply.json["included"]} == {"factbase", "knowledgebase"}
    sparse = post(agent, inference(), "/inference?fields[inference]=status").json["data"]
    assert ("owner" in sparse["attributes"]) == newer


@pytest.mark.parametrize("name", ["nothing", "status"])
def test_include_of_no_relation_is_400_before_anything_is_made(agent, name):
    before = agent.get("/inference", "page[size]=1").json["meta"]["count"]
    reply = post(agent, inference(), f"/inference?include={name}")
    assert told(reply) == (400, "Invalid include querystring parameter.")
    reply = agent.send("PATCH", f"/inference/10433?include={name}", change(10433))
    assert told(reply) == (400, "Invalid include querystring parameter.")
    assert agent.get("/inference", "page[size]=1").json["meta"]["count"] == before


@pytest.mark.parametrize("content_type, older_status", [
    (JSON_API, 201), (f"{JSON_API}; charset=utf-8", 415), ("application/json", 201),
    ("application/json; charset=utf-8", 201), ("Application/VND.api+json", 201),
    ("text/plain", 422), ("application/x-www-form-urlencoded", 422), (None, 422)])
def test_only_json_is_read_and_by_the_newer_only_its_own(agent, newer, content_type, older_status):
    reply = send_text(agent, "POST", "/inference", json.dumps(inference()), content_type)
    assert reply.status == ((201 if content_type == JSON_API else 415) if newer else older_status)
    if reply.status == 415:
        assert reply.error["title"] == "Invalid request header"
        assert reply.headers["Content-Type"] == JSON_API


def test_a_patch_names_the_id_that_it_is_sent_to(agent):
    bare = {"data": {"type": "inference", "attributes": {"comment": "x"}}}
    for document, status in ((change("10433"), 200), (change(10433), 200), (change(10434), 400),
                             (bare, 400), (change(None), 422), (change("x"), 422)):
        assert agent.send("PATCH", "/inference/10433", document).status == status
    assert told(agent.send("PATCH", "/inference/779", change(779))) == (404, "Object not found")


@pytest.mark.parametrize("path, methods", [
    ("/inference", "GET POST"), ("/inference/10433", "GET PATCH DELETE"),
    ("/inference/779", "GET PATCH DELETE"), ("/inference/10433/factbase", "GET PATCH DELETE"),
    ("/inference/10433/relationships/factbase", "GET POST PATCH DELETE"),
    ("/factbase/1/inferences_fb", "GET POST")])
def test_options_and_refused_methods_say_what_is_allowed(agent, path, methods):
    allowed = {*methods.split(), "HEAD", "OPTIONS"}
    reply = agent.send("OPTIONS", path)
    assert (reply.status, reply.body) == (200, b"")
    assert set(reply.headers["Allow"].split(", ")) == allowed
    for method in {"PUT", "POST", "PATCH", "DELETE"} - allowed:
        reply = agent.send(method, path, {})
        assert reply.status == 405 and reply.headers["Content-Type"].startswith("text/html")
        assert set(reply.headers["Allow"].split(", ")) == allowed


def test_an_inference_may_be_posted_to_its_factbase_and_nothing_changed_there(agent):
    assert post(agent, inference(), "/factbase/1/inferences_fb").status == 201
    assert told(agent.send("DELETE", "/inference/10433/factbase")) == UNKNOWN


def test_models_are_held_to_the_same(agent, newer):
    missing = pointed(post(agent, knowledgebase(description="x"), "/knowledgebase"))
    assert missing == {"/data/attributes/title": MISSING, "/data/attributes/owner": MISSING}
    for name in ("title", "description", "blockdefs", "favourite", "date"):
        reply = post(agent, knowledgebase(**{"title": "t", "owner": "demo", name: None}),
                     "/knowledgebase")
        assert pointed(reply) == {f"/data/attributes/{name}": NULL}
    reply = post(agent, knowledgebase(title="t", owner="demo", blocks="<xml/>"), "/knowledgebase")
    assert reply.status == (422 if newer else 201)


def test_a_model_is_made_changed_and_deleted(agent):
    values = {"title": "Mine", "owner": "demo", "description": "d", "favourite": True,
              "blockdefs": "<xml/>", "date": "2021-03-01T10:00:00Z"}
    data = post(agent, knowledgebase(**values), "/knowledgebase").json["data"]
    assert data["attributes"] == {**values, "date": "2021-03-01T10:00:00+00:00"}
    place = f"/knowledgebase/{data['id']}"
    reply = agent.send("PATCH", place, knowledgebase(data["id"], title="Ours", favourite=False))
    assert (reply.status, reply.json["data"]["attributes"]["title"]) == (200, "Ours")
    found = agent.get(place).json["data"]["attributes"]
    assert (found["favourite"], found["blockdefs"]) == (False, "<xml/>")
    assert agent.send("DELETE", place).json["meta"]["message"] == "Object successfully deleted"
    assert told(agent.send("DELETE", place)) == (404, "Object not found")


def test_a_model_in_use_stays(agent):
    """What the web application tells as error 2408."""
    model = post(agent, knowledgebase(title="t", owner="demo"), "/knowledgebase").json["data"]["id"]
    linkage = {"data": {"type": "knowledgebase", "id": model}}
    run = post(agent, inference(relationships={"knowledgebase": linkage})).json["data"]["id"]
    reply = agent.send("DELETE", f"/knowledgebase/{model}")
    assert told(reply) == UNKNOWN and "violates foreign key" in reply.error["detail"]
    assert agent.get(f"/knowledgebase/{model}").json["data"]["id"] == model
    assert agent.send("DELETE", f"/inference/{run}").status == 200
    assert agent.send("DELETE", f"/knowledgebase/{model}").status == 200
