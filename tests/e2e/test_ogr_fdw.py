# SPDX-License-Identifier: MIT
"""The catalogue as tables of a PostgreSQL database (ogr_fdw, PostGIS)."""

import json

import pytest

from .catalogue import INFERENCE_FIELDS
from .postgres import PostgreSQL
from .support import Machine

COUNTS = {"inference": 59, "factbase": 4, "knowledgebase": 40}
FAVOURITES = ["8300", "8310", "8320", "8330", "8340", "10424"]


@pytest.fixture(scope="module")
def database(sen2cube, tmp_path_factory):
    environment = Machine(tmp_path_factory.mktemp("database"), sen2cube).environment()
    with PostgreSQL(environment) as running:
        running.query(
            "CREATE EXTENSION postgis", "CREATE EXTENSION ogr_fdw",
            "CREATE SERVER s2c FOREIGN DATA WRAPPER ogr_fdw "
            "OPTIONS (datasource 'S2C:', format 'S2C')",
            "IMPORT FOREIGN SCHEMA ogr_all FROM SERVER s2c INTO public")
        yield running


def fids(database, where):
    return [row[0] for row in database.query(
        f"SELECT fid FROM inference WHERE {where} ORDER BY fid")]


def test_the_schema_has_every_field(database):
    found = database.query("SELECT column_name, data_type FROM information_schema.columns "
                           "WHERE table_name = 'inference' ORDER BY ordinal_position")
    assert [name for name, _ in found] == ["fid", "geom", *(name for name, _ in INFERENCE_FIELDS)]
    types = dict(found)
    assert types["favourite"] == "boolean"
    assert types["output"] == types["datasets"] == "character varying"


@pytest.mark.parametrize("name", COUNTS)
def test_every_table_is_read_with_all_columns(database, name):
    assert len(database.query(f"SELECT * FROM {name}")) == COUNTS[name]


def test_json_texts_are_json_for_who_wants_it(database):
    [[output, datasets]] = database.query(
        "SELECT output::json -> 0 ->> 'name', json_array_length(datasets::json) "
        "FROM inference WHERE fid = 10424")
    assert (output, datasets) == ("Cloud_free_composite", "7")
    assert json.loads(database.query("SELECT datasets FROM inference WHERE fid = 10424")[0][0])


@pytest.mark.parametrize("where", ["favourite", "favourite = true", "favourite IS TRUE"])
def test_favourites_are_found(database, where):
    assert fids(database, where) == FAVOURITES


def test_what_is_no_favourite_is_found(database):
    assert len(fids(database, "NOT favourite")) == COUNTS["inference"] - len(FAVOURITES) - 1


def test_rows_are_found_by_their_ids(database):
    assert fids(database, "fid IN (10424, 8300, 5)") == ["8300", "10424"]
    assert fids(database, "fid = 8300") == ["8300"]


def test_rows_are_found_by_their_places(database):
    found = fids(database, "geom && ST_MakeEnvelope(13.0, 47.7, 13.1, 47.8, 4326)")
    assert "10424" in found and "8300" not in found
    assert database.query("SELECT DISTINCT GeometryType(geom), ST_SRID(geom), ST_IsValid(geom) "
                          "FROM inference WHERE geom IS NOT NULL") == [["MULTIPOLYGON", "4326", "t"]]


def test_tables_are_joined(database):
    [[title]] = database.query("SELECT f.title FROM inference i JOIN factbase f "
                               "ON f.fid = i.factbase_id WHERE i.fid = 10424")
    assert title == "Austria"
