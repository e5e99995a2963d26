# SPDX-License-Identifier: MIT
"""The inferences that other tests know by number, and control over them."""

import json

from .user_agent import exchange


def one(agent, number):
    return agent.get(f"/inference/{number}").json["data"]


def outputs(agent, number):
    found = one(agent, number)["attributes"]["output"]
    return json.loads(found) if isinstance(found, str) else found


def test_10424_has_seven_outputs_with_true_bytes_and_a_long_document(agent):
    reply = agent.get("/inference/10424")
    assert 180_000 < len(reply.body) < 200_000
    values = reply.json["data"]["attributes"]
    assert isinstance(values["output"], str)
    found = json.loads(values["output"])
    assert [output["name"] for output in found] == [
        "Cloud_free_composite", "water_count", "land_cover", "vegetation_over_time",
        "water_time_series", "green_spaces", "mean_ndvi"]
    for output in found:
        assert len(agent.curl(output["data"])[2]) == output["bytes"], output["name"]
    composite, tables = found[0], found[4:]
    assert (composite["dims"], composite["vis_type"]) == (["band", "y", "x"], "composite")
    assert len(composite["band_value_ranges"]) == 3 and "value_range" in composite
    assert found[2]["value_type"] == "categorical"
    assert {"x-axis", "y-axis", "lines"} < set(tables[0]) and tables[2]["dims"] == []
    assert values["timestamp_started"] < values["timestamp_created"]
    assert agent.curl(values["qgis_project_location"])[2][:2] == b"PK"


def test_10424_names_its_features_as_green_spaces_does(agent):
    collection = json.loads(one(agent, 10424)["attributes"]["area_of_interest"])
    names = {feature["properties"]["name"] for feature in collection["features"]}
    table = agent.curl("/output/sen2cube/demo/green_spaces_id10424.csv")[2].decode()
    assert {line.split(",")[0] for line in table.splitlines()[1:]} == names


def test_10425_has_its_output_as_an_array_of_two(agent):
    found = one(agent, 10425)["attributes"]["output"]
    assert [output["file_type"] for output in found] == ["geotiff", "csv"]


def test_unfinished_ones_have_output_in_every_form(agent):
    forms = {number: (one(agent, number)["attributes"]["status"],
                      one(agent, number)["attributes"]["output"]) for number in range(10427, 10430)}
    assert forms == {10427: ("SCHEDULED", "[]"), 10428: ("STARTED", None), 10429: ("FAILED", "")}
    assert "OperationalError" in one(agent, 10429)["attributes"]["status_message"]


def test_stale_outputs_stay_after_rerun_and_abort(agent):
    for number, status in ((10426, "CREATED"), (10430, "ABORTED")):
        values = one(agent, number)["attributes"]
        assert values["status"] == status and len(outputs(agent, number)) == 1
        assert values["timestamp_finished"] and values["qgis_project_location"]
    assert "successfully processed" in one(agent, 10426)["attributes"]["status_message"]


def test_10431_is_gone_and_10432_lies_about_bytes_and_10433_has_nothing(agent):
    assert "404" in agent.curl(outputs(agent, 10431)[0]["data"])[1][0]
    lies = [len(agent.curl(output["data"])[2]) - output["bytes"] for output in
            outputs(agent, 10432)]
    assert lies == [1000, -1000]
    assert outputs(agent, 10433) == []


def test_10434_has_odd_names_and_all_its_files(agent):
    import urllib.parse
    found = outputs(agent, 10434)
    names = [output["name"] for output in found]
    assert {"a: b", "water/land", "..", "Water", "water", "tab\there"} < set(names)
    assert names.count("twice") == 2 and found[-1]["file_type"] == "netcdf"
    for output in found:
        body = agent.curl(urllib.parse.quote(output["data"]))[2]
        assert len(body) == output["bytes"], output["name"]


def test_10435_is_hostile_10436_bare_and_10437_elsewhere(agent):
    assert [output["name"] for output in outputs(agent, 10435)] == [
        f"hostile_{place}" for place in range(1, 7)]
    bare = one(agent, 10436)
    assert "timestamp_created" not in bare["attributes"] and bare["attributes"]["comment"] is None
    assert bare["relationships"]["factbase"]["data"]["id"] == "1"
    assert "bytes" not in outputs(agent, 10436)[0]
    assert agent.get("/inference/10437/factbase").json["data"]["attributes"]["uri"] == \
        "https://evil.example"


def test_ordinary_ones_are_mixed_in_status(agent):
    found = agent.filtered([{"name": "id", "op": "lt", "val": 9000}]).json["data"]
    states = [item["attributes"]["status"] for item in found]
    assert len(states) == 45 and set(states) == {"FAILED", "SUCCEEDED", "CREATED", "STARTED",
                                                 "ABORTED"}
    assert states.count("FAILED") > states.count("SUCCEEDED") > states.count("ABORTED")


def test_control_makes_an_inference_strange(agent, sen2cube):
    sen2cube.change_inference(8300, status=7, comment={"absent": True}, output={"a": [1]},
                              document={"id": "8300", "relationships": None})
    data = one(agent, 8300)
    assert data["attributes"]["status"] == 7 and "comment" not in data["attributes"]
    assert data["attributes"]["output"] == {"a": [1]}
    assert data["id"] == "8300" and data["relationships"] is None
    assert agent.get("/inference", "page[size]=0&sort=status").status == 200


def test_control_refuses_what_it_does_not_know(sen2cube):
    for name, body in (("settings", b'{"nothing": 1}'), ("faults", b'{"nothing": 1}'),
                       ("file", b"{}"), ("inference/777", b"{}")):
        assert exchange(f"{sen2cube.control_url}/{name}", "POST", body).status == 400
