# SPDX-License-Identifier: MIT
"""QGIS projects that are saved, moved and opened again, and the style of the catalogue's rows."""

import os

import pytest

from ..backend.maps import MAPS
from .rasters import publish
from .support import RASTERS, ROOT, TABLES, sample

OPTIONS = ("--maps",)
PROGRAM = os.path.join(ROOT, "tests", "e2e", "qgis_project.py")
STYLE = os.path.join(ROOT, "data", "inference.qml")


@pytest.fixture
def qgis(machine):
    def run(*arguments, **variables):
        return machine.qgis(PROGRAM, *arguments, **variables)[0]
    return run


@pytest.fixture
def moved(machine, qgis):
    """What a project of these layers has when it was saved, moved to another folder and opened."""
    def run(*uris):
        saved = qgis("save", machine.folder / "saved.qgs", *uris)
        (machine.folder / "elsewhere").mkdir()
        (machine.folder / "saved.qgs").rename(machine.folder / "elsewhere" / "moved.qgs")
        found = qgis("open", machine.folder / "elsewhere" / "moved.qgs")
        assert found == saved
        return found
    return run


def test_a_project_of_thirty_layers_with_relative_paths_opens_elsewhere(moved, machine, sen2cube):
    publish(sen2cube, 10427, {f"map {number}": sample("water_count") for number in range(30)})
    uris = [f"S2C:10427:map {number}" for number in range(14)] \
        + [f"/vsis2c/10427/map {number}.tiff" for number in range(14, 28)] \
        + ["S2C:10424|layername=green_spaces", "S2C:|layername=inference"]
    found = moved(*uris)
    assert [layer["source"] for layer in found] == uris
    assert all(layer["valid"] for layer in found)
    assert [*machine.work.iterdir()] == []


def test_options_act_and_are_kept(moved, sen2cube):
    raster = f"S2C:{MAPS}:water_count|option:NATIVE_CRS=YES"
    table = "S2C:|layername=knowledgebase|option:PAGE_SIZE=20"
    found = moved(raster, table, f"S2C:{MAPS}:water_count")
    assert [(layer["valid"], layer["crs"]) for layer in found] \
        == [(True, "EPSG:3035"), (True, ""), (True, "EPSG:4326")]
    assert [layer["source"] for layer in found[:2]] == [raster, table]


def test_a_login_behind_a_path_acts_in_qgis_3_40_and_newer(qgis, machine):
    """https://github.com/qgis/QGIS/pull/57826; an older QGIS takes it for the file's name."""
    (machine.folder / "password").write_text("demo-password")
    (machine.folder / "password").chmod(0o600)
    login = f"|credential:S2C_PASSWORD_FILE={machine.folder}/password|credential:S2C_USERNAME=demo"
    nobody = {"S2C_USERNAME": None, "S2C_PASSWORD": None}
    found = qgis("save", machine.folder / "saved.qgs", f"/vsis2c/{MAPS}/water_count.tiff{login}",
                 **nobody)
    assert found[0]["valid"] == (qgis("version") >= 34000)
    assert not qgis("save", machine.folder / "saved.qgs", f"S2C:{MAPS}:water_count",
                    **nobody)[0]["valid"]


def test_an_inference_is_opened_by_the_action_of_its_row(qgis):
    found = qgis("act", STYLE, "10424")
    assert (found["renderer"], found["groups"]) == ("categorizedSymbol", ["inference 10424"])
    assert found["categories"] == ["SUCCEEDED", "FAILED", "ABORTED", ""]
    names = {layer["name"]: layer for layer in found["layers"]}
    assert {*names} == {"inference", *RASTERS, *TABLES}
    assert all(layer["valid"] for layer in found["layers"])
    assert "S2C:10424:land_cover" in names["land_cover"]["source"]


def test_the_action_of_a_row_without_results_adds_nothing(qgis):
    found = qgis("act", STYLE, "10426")
    assert ([layer["name"] for layer in found["layers"]], found["groups"]) == (["inference"], [])


def test_the_action_takes_no_text_of_the_service_for_a_program(qgis, sen2cube):
    sen2cube.change_inference(10424, comment="'''; raise SystemExit(3) #")
    try:
        found = qgis("act", STYLE, "10424")
    finally:
        sen2cube.change_inference(10424, comment="Cloud free composite of Salzburg")
    assert len(found["layers"]) == 8
