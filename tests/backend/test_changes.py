# SPDX-License-Identifier: MIT
"""POST, PATCH and DELETE, and the runs that they start."""

import http.client
import json
import os
import time

import pytest
from osgeo import gdal

from .area import sample_features
from .options import SAMPLES
from .sent import area, change, inference

OPTIONS = ("--job-seconds", "0.15")
MANY = 20


def box(west, south, east, north, properties=None):
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties or {},
            "geometry": {"type": "Polygon", "coordinates": [corners]}}


def patch(agent, number, **attributes):
    return agent.send("PATCH", f"/inference/{number}", change(number, **attributes))


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
    reply = agent.send("POST", "/inference", inference(values))
    assert reply.status == 201, reply.body
    return reply.json["data"]["id"]


def test_posted_inference_runs_through_its_states(agent):
    reply = agent.send("POST", "/inference", inference())
    data = reply.json["data"]
    assert reply.status == 201
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
    linkage = {"data": {"type": "knowledgebase", "id": "299"}}
    reply = agent.send("POST", "/inference", inference(relationships={"knowledgebase": linkage}))
    number = reply.json["data"]["id"]
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


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_change_of_an_unknown_id_is_404(agent, method):
    body = change(777) if method == "PATCH" else None
    reply = agent.send(method, "/inference/777", body)
    assert (reply.status, reply.error["title"]) == (404, "Object not found")


@pytest.mark.parametrize("loss", [{"close": True}, {"status": 504}])
def test_an_answer_can_be_lost_of_what_was_done(sen2cube, agent, loss):
    before = max(agent.get("/inference", "sort=-id").ids)
    sen2cube.fault(server="api", method="POST", acts=True, **loss)
    try:
        assert agent.send("POST", "/inference", inference()).status == 504
    except (http.client.HTTPException, ConnectionError):
        assert "close" in loss
    assert max(agent.get("/inference", "sort=-id").ids) == before + 1
