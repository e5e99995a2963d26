# SPDX-License-Identifier: MIT
"""POST, PATCH and DELETE, and the runs that they start."""

import json
import os
import time

import pytest
from osgeo import gdal

from .area import sample_features
from .options import SAMPLES
from .process import LocalSen2Cube
from .user_agent import UserAgent

OPTIONS = ("--job-seconds", "0.15")
MANY = 20


def area(features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def box(west, south, east, north, properties=None):
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties or {},
            "geometry": {"type": "Polygon", "coordinates": [corners]}}


def document(number=None, attributes=None, **more):
    values = {"owner": "demo", "area_of_interest": area(sample_features(SAMPLES)[:1]),
              "temp_range_start": "2021-03-01T00:00:00.000Z",
              "temp_range_end": "2021-07-31T23:59:59.999Z", "comment": "a run",
              "favourite": False, "output_scale_factor": 1, "status": None, "output": []}
    links = {"factbase": {"data": {"type": "factbase", "id": "1"}},
             "knowledgebase": {"data": {"type": "knowledgebase", "id": "218"}}}
    data = {"type": "inference", "attributes": {**values, **(attributes or {})},
            "relationships": links, **more}
    return {"data": data if number is None else {**data, "id": number}}


def patch(agent, number, **attributes):
    return agent.send("PATCH", f"/inference/{number}", {"data": {
        "type": "inference", "id": number, "attributes": attributes, "relationships": {}}})


def attributes(agent, number):
    return agent.get(f"/inference/{number}").json["data"]["attributes"]


def wait(agent, number, *states, seconds=MANY):
    """The states seen on the way to one of `states`."""
    seen, deadline = [], time.monotonic() + seconds
    while True:
        status = attributes(agent, number)["status"]
        if not seen or seen[-1] != status:
            seen.append(status)
        if status in states:
            return seen
        assert time.monotonic() < deadline, seen
        time.sleep(0.01)


def create(agent, **values):
    reply = agent.send("POST", "/inference", document(attributes=values))
    assert reply.status == 201, reply.body
    return reply.json["data"]["id"]


def test_posted_inference_runs_through_its_states(agent):
    reply = agent.send("POST", "/inference", document())
    data = reply.json["data"]
    assert reply.status == 201 and reply.headers["Location"] == f"/v1/inference/{data['id']}"
    first = data["attributes"]
    assert (first["status"], first["output"]) == ("CREATED", [])
    assert first["status_message"] == "Inference sucessfully created"
    assert (first["factbase_id"], first["knowledgebase_id"]) == (1, 218)
    assert wait(agent, data["id"], "SUCCEEDED", "FAILED") == [
        "CREATED", "SCHEDULED", "STARTED", "SUCCEEDED"]


def test_outputs_are_cut_to_the_area_with_their_true_bytes(agent, tmp_path):
    number = create(agent)
    wait(agent, number, "SUCCEEDED", "FAILED")
    done = attributes(agent, number)
    found = json.loads(done["output"])
    assert [output["name"] for output in found][:2] == ["Cloud_free_composite", "water_count"]
    for output in found:
        assert output["data"].startswith("/output/sen2cube/demo/")
        assert f"_id{number}" in output["data"]
        assert len(agent.curl(output["data"])[2]) == output["bytes"]
    (tmp_path / "cut.tiff").write_bytes(agent.curl(found[0]["data"])[2])
    cut, whole = gdal.Open(str(tmp_path / "cut.tiff")), gdal.Open(
        os.path.join(SAMPLES, "Cloud_free_composite.tiff"))
    assert cut.RasterCount == 3 and cut.RasterXSize < whole.RasterXSize
    column = round((cut.GetGeoTransform()[0] - whole.GetGeoTransform()[0]) / 10)
    row = round((whole.GetGeoTransform()[3] - cut.GetGeoTransform()[3]) / 10)
    middle = cut.RasterXSize // 2, cut.RasterYSize // 2
    assert cut.ReadAsArray(*middle, 1, 1).tolist() == whole.ReadAsArray(
        column + middle[0], row + middle[1], 1, 1).tolist()
    assert "200" in agent.curl(done["qgis_project_location"])[1][0]
    green = next(output for output in found if output["name"] == "green_spaces")
    assert b"M\xc3\xb6nchsberg" in agent.curl(green["data"])[2] and len(green["lines"]) == 1


def test_scale_factor_makes_larger_pixels(agent, tmp_path):
    number = create(agent, output_scale_factor=4)
    wait(agent, number, "SUCCEEDED", "FAILED")
    output = json.loads(attributes(agent, number)["output"])[1]
    (tmp_path / "cut.tiff").write_bytes(agent.curl(output["data"])[2])
    assert gdal.Open(str(tmp_path / "cut.tiff")).GetGeoTransform()[1] == 40


def test_point_and_line_are_areas_too(agent):
    corner = sample_features(SAMPLES)[0]["geometry"]["coordinates"][0]
    x = sum(point[0] for point in corner) / len(corner)
    y = sum(point[1] for point in corner) / len(corner)
    shapes = [{"type": "Point", "coordinates": [x, y]},
              {"type": "LineString", "coordinates": [[x, y], [x + 0.002, y]]}]
    number = create(agent, area_of_interest=area(
        [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]))
    assert wait(agent, number, "SUCCEEDED", "FAILED")[-1] == "SUCCEEDED"


@pytest.mark.parametrize("text, reason", [
    (area([box(0, 0, 1, 1)]), "zero-size array"), ("{}", "FeatureCollection"),
    (area([]), "no usable feature"), (area([box(4547400, 2743200, 4547500, 2743300)]), "4326")])
def test_area_without_data_or_sense_fails(agent, text, reason):
    number = create(agent, area_of_interest=text)
    assert wait(agent, number, "SUCCEEDED", "FAILED")[-1] == "FAILED"
    assert reason in attributes(agent, number)["status_message"]


def test_failing_knowledgebase_fails(agent):
    body = document()
    body["data"]["relationships"]["knowledgebase"]["data"]["id"] = "299"
    number = agent.send("POST", "/inference", body).json["data"]["id"]
    wait(agent, number, "FAILED")
    assert "OperationalError" in attributes(agent, number)["status_message"]


def test_rerun_keeps_the_old_until_it_ends_and_then_new_bytes_lie_at_the_old_path(agent):
    number = create(agent)
    wait(agent, number, "SUCCEEDED")
    before = attributes(agent, number)
    path = json.loads(before["output"])[0]["data"]
    old = agent.curl(path)[2]
    answer = patch(agent, number, status="CREATED").json["data"]["attributes"]
    assert answer["status"] == "CREATED"
    for name in ("output", "timestamp_finished", "status_message", "qgis_project_location"):
        assert answer[name] == before[name], name
    assert wait(agent, number, "SUCCEEDED")[0] == "CREATED"
    after = attributes(agent, number)
    assert json.loads(after["output"])[0]["data"] == path
    assert after["timestamp_finished"] > before["timestamp_finished"]
    assert agent.curl(path)[2] != old


def test_abort_stops_a_run(agent):
    number = create(agent)
    answer = patch(agent, number, status="ABORTED").json["data"]["attributes"]
    assert (answer["status"], answer["status_message"]) == ("ABORTED",
                                                            "The inference was aborted.")
    time.sleep(0.8)
    assert attributes(agent, number)["status"] == "ABORTED"


def test_comment_and_favourite_can_be_changed_and_survive(agent):
    answer = patch(agent, 10433, comment="übrig", favourite=True)
    assert answer.status == 200
    assert attributes(agent, 10433)["comment"] == "übrig"
    assert attributes(agent, 10433)["status"] == "SUCCEEDED"


def test_delete_answers_with_a_message_and_removes(agent):
    number = create(agent)
    reply = agent.send("DELETE", f"/inference/{number}")
    assert reply.status == 200
    assert reply.json["meta"] == {"message": "Object successfully deleted"}
    assert agent.get(f"/inference/{number}").json["data"] is None


def test_delete_with_a_json_body_works_and_a_used_model_stays(agent):
    number = create(agent)
    assert agent.send("DELETE", f"/inference/{number}", {}).status == 200
    assert agent.send("DELETE", "/knowledgebase/218").status == 500


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_change_of_an_unknown_id_is_404(agent, method):
    body = document(777) if method == "PATCH" else None
    reply = agent.send(method, "/inference/777", body)
    assert (reply.status, reply.error["title"]) == (404, "Object not found")


def test_validation_names_every_problem(agent):
    reply = agent.send("POST", "/inference", document(
        attributes={"owner": None, "temp_range_start": "soon"}))
    assert reply.status == 422
    assert {(error["title"], error["source"]["pointer"]) for error in reply.json["errors"]} == {
        ("Validation error", "/data/attributes/owner"),
        ("Validation error", "/data/attributes/temp_range_start")}


def test_wrong_type_is_409_and_wrong_id_400(agent):
    assert agent.send("POST", "/inference", document(type="factbase")).status == 409
    wrong = document(10433)
    assert agent.send("PATCH", "/inference/10434", wrong).status == 400
    assert agent.send("PATCH", "/inference/10434", document()).status == 400
    assert agent.send("PATCH", "/inference/10433", document("10433", {"status": "SUCCEEDED"})
                      ).status == 200


def test_unknown_factbase_is_404_and_no_json_is_400_html(agent):
    body = document()
    body["data"]["relationships"]["factbase"]["data"]["id"] = "77"
    assert agent.send("POST", "/inference", body).status == 404
    assert agent.send("POST", "/inference", {}).status == 422
    assert agent.send("PUT", "/inference/10433", {}).status == 405


def test_content_types_of_the_older_version(agent):
    assert agent.send("POST", "/inference", document(), "application/json").status == 201
    kind = "application/vnd.api+json; charset=utf-8"
    assert agent.send("POST", "/inference", document(), kind).status == 415


def test_content_types_of_the_newer_version():
    with LocalSen2Cube("--content-types", "strict", "--job-seconds", "0") as server:
        agent = UserAgent(server)
        assert agent.send("POST", "/inference", document(), "application/json").status == 415
        assert agent.send("POST", "/inference", document()).status == 201


def test_knowledgebase_can_be_made_changed_and_deleted(agent):
    reply = agent.send("POST", "/knowledgebase", {"data": {
        "type": "knowledgebase", "attributes": {"title": "Mine", "owner": "demo"}}})
    number = reply.json["data"]["id"]
    agent.send("PATCH", f"/knowledgebase/{number}", {"data": {
        "type": "knowledgebase", "id": str(number), "attributes": {"title": "Ours"}}})
    found = agent.get(f"/knowledgebase/{number}").json["data"]["attributes"]
    assert found["title"] == "Ours"
    assert agent.send("DELETE", f"/knowledgebase/{number}").status == 200
