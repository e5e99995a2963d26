# SPDX-License-Identifier: MIT
"""/vsis2c/ entry by entry: pages, sizes and times, prefixes, and what the stats after it cost."""

import calendar
import os
import stat

import pytest
from osgeo import gdal

from ..backend.process import LocalSen2Cube
from .support import TOKEN, config_options, inference, sample, vsi_content

FINISHED = calendar.timegm((2021, 9, 28, 7, 42, 10))
FILES = "timestamp_finished,status,output,qgis_project_location"
NUMBERS = [*range(10437, 10423, -1), *range(8344, 8299, -1)]


def list_request(fields="timestamp_finished", size=100):
    return f"api GET /v1/inference?sort=-id&page[size]={size}&fields[inference]={fields}"


def entries(path, depth=0, *options):
    """(name, mode, size, time) of every entry, None for what is not known."""
    found = []
    for entry in gdal.listdir(path, depth, list(options)):
        assert entry.modeKnown
        found.append((entry.name, entry.mode, entry.size if entry.sizeKnown else None,
                      entry.mtime if entry.mtimeKnown else None))
    return found


def names(path, depth=0, *options):
    return [entry[0] for entry in entries(path, depth, *options)]


def first_names(path, count, depth=0):
    directory = gdal.OpenDir(path, depth)
    try:
        return [gdal.GetNextDirEntry(directory).name for _ in range(count)]
    finally:
        gdal.CloseDir(directory)


class Warnings:
    """What GDAL says meanwhile, instead of printing it."""

    def __enter__(self):
        self.said = []
        gdal.PushErrorHandler(lambda kind, _number, text: self.said.append((kind, text)))
        return self.said

    def __exit__(self, *_):
        gdal.PopErrorHandler()


def test_the_root_gives_directories_with_the_time_when_they_finished(sen2cube):
    found = entries("/vsis2c/")
    assert [name for name, *_ in found] == [str(number) for number in NUMBERS]
    assert {(mode, size) for _, mode, size, _ in found} == {(stat.S_IFDIR | 0o555, 0)}
    times = {name: time for name, *_, time in found}
    assert times["10424"] == FINISHED and times["10428"] is None
    assert sen2cube.request_lines() == [TOKEN, list_request()]


def test_an_inference_gives_files_with_size_and_time(sen2cube):
    found = entries("/vsis2c/10425")
    document = "/vsis2c/10425/inference.json"
    assert found == [(name, stat.S_IFREG | 0o444, size, FINISHED) for name, size in (
        ("water_count.tiff", os.path.getsize(sample("water_count"))),
        ("water_time_series.csv", os.path.getsize(sample("water_time_series"))),
        ("inference.json", len(vsi_content(document))))]
    assert sen2cube.request_lines() == [TOKEN, inference(10425), "api GET /v1/inference/10425"]


@pytest.mark.parametrize("listed", [
    lambda: entries("/vsis2c/10424/"), lambda: entries("/vsis2c/", -1, "PREFIX=10424/")])
def test_all_sizes_of_one_inference_are_those_of_its_bytes(sen2cube, listed):
    found = {name.split("/")[-1]: size for name, _, size, _ in listed()}
    assert sen2cube.request_lines("files") == [
        "files GET /output/sen2cube/demo/qgis-project-id10424.zip"]
    assert found == {name: len(vsi_content(f"/vsis2c/10424/{name}")) for name in found}
    assert len(found) == len(gdal.ReadDir("/vsis2c/10424/"))


def test_who_reads_names_alone_or_stops_early_asks_for_no_size(sen2cube):
    assert len(names("/vsis2c/10424/", 0, "NAME_AND_TYPE_ONLY=YES")) == 9
    assert len(first_names("/vsis2c/10424/", 7)) == 7
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


def test_a_file_that_is_not_to_be_had_has_no_size_in_a_list(sen2cube):
    sen2cube.fault(server="files", status=404, count=None)
    sizes = {name: size for name, _, size, _ in entries("/vsis2c/10424/")}
    assert [name for name, size in sizes.items() if size is None] == ["qgis-project-id10424.zip"]


def test_a_list_with_the_stats_of_all_that_it_names_is_one_request(sen2cube):
    listed = entries("/vsis2c/")
    for name in gdal.ReadDir("/vsis2c/"):
        assert gdal.VSIStatL(f"/vsis2c/{name}").IsDirectory()
    for name, mode, _, time in listed:
        found = gdal.VSIStatL(f"/vsis2c/{name}/")
        assert (found.mode, found.mtime) == (mode, time or 0)
    assert sen2cube.request_lines() == [TOKEN, list_request(), list_request()]


def test_recursion_asks_for_the_files_with_the_list(sen2cube):
    found = entries("/vsis2c/", -1)
    assert sen2cube.request_lines() == [TOKEN, list_request(FILES)]
    for name, mode, size, time in found:
        if mode & stat.S_IFREG and not name.endswith(".zip"):
            about = gdal.VSIStatL(f"/vsis2c/{name}", gdal.VSI_STAT_EXISTS_FLAG
                                  | gdal.VSI_STAT_NATURE_FLAG)
            assert (about.mode, about.mtime) == (mode, time or 0)
    assert sen2cube.request_lines() == [TOKEN, list_request(FILES)]
    expected = []
    for number in NUMBERS:
        expected += [str(number), *(f"{number}/{name}"
                                    for name in gdal.ReadDir(f"/vsis2c/{number}"))]
    assert [name for name, *_ in found] == expected
    assert names("/vsis2c/", 1) == expected


def test_a_file_of_a_recursive_list_opens_as_ever(sen2cube):
    names("/vsis2c/", -1)
    sen2cube.forget()
    path = "/vsis2c/10425/water_count.tiff"
    assert gdal.VSIStatL(path).size == len(vsi_content(path))
    assert sen2cube.request_lines("api") == [inference(10425)]
    assert len(sen2cube.requests("files")) == 1


def test_a_sidecar_that_is_looked_for_after_a_recursive_list_costs_one_look_at_the_api(sen2cube):
    names("/vsis2c/", -1)
    sen2cube.forget()
    for ending in ("aux.xml", "ovr", "msk"):
        assert gdal.VSIStatL(f"/vsis2c/10425/water_count.tiff.{ending}") is None
    assert sen2cube.request_lines() == [inference(10425)]


@pytest.mark.parametrize("prefix", ["", "1", "10", "1042", "10424", "10424/", "10424/water",
                                    "10424/water_count.tiff", "8", "9", "0", "010424", "104240",
                                    "x", "/", "10424/nothing", "77777/x", "99999999999999", "-1"])
@pytest.mark.parametrize("depth", [0, -1])
def test_a_prefix_gives_what_begins_with_it(prefix, depth):
    everything = names("/vsis2c/", depth)
    assert names("/vsis2c/", depth, f"PREFIX={prefix}") \
        == [name for name in everything if name.startswith(prefix)]


@pytest.mark.parametrize("prefix", ["2147483648", "99999999999999", "99999999999999999999999",
                                    "0", "010424", "x", "-1", "10424x", "/",
                                    "2147483648/", "99999999999999999999999/x", "010424/water"])
@pytest.mark.parametrize("depth", [0, -1])
def test_a_prefix_that_no_id_can_have_gives_nothing_and_costs_nothing(sen2cube, prefix, depth):
    assert names("/vsis2c/", depth, f"PREFIX={prefix}") == []
    assert sen2cube.request_lines() == []


def test_a_prefix_inside_an_inference_gives_what_begins_with_it():
    assert names("/vsis2c/10424", 0, "PREFIX=water") == ["water_count.tiff",
                                                         "water_time_series.csv"]


def test_a_prefix_into_an_inference_asks_for_that_one_alone(sen2cube):
    assert names("/vsis2c/", -1, "PREFIX=10424/water_c") == ["10424/water_count.tiff"]
    assert sen2cube.request_lines() == [TOKEN, inference(10424)]


@pytest.mark.parametrize("path", ["/vsis2c/99999", "/vsis2c/x", "/vsis2c/10424/water_count.tiff",
                                  "/vsis2c/10424/nothing", "/vsis2c/~7"])
def test_what_is_no_directory_is_not_listed(path):
    # From 3.10 on GDAL raises where this is null.
    for listing in (gdal.ReadDir, lambda name: gdal.OpenDir(name, -1)):
        try:
            assert listing(path) is None
        except RuntimeError:
            pass


def test_the_document_is_as_long_as_its_stat_says_and_asked_for_once(sen2cube):
    path = "/vsis2c/10424/inference.json"
    size = gdal.VSIStatL(path).size
    sen2cube.change_inference(10424, comment="Longer than it was before")
    assert size == len(vsi_content(path)) > 170_000
    assert sen2cube.request_lines("api").count("api GET /v1/inference/10424") == 1
    sen2cube.change_inference(10424, comment="Cloud free composite of Salzburg")


def test_a_server_that_clips_pages_is_listed_to_the_end():
    with LocalSen2Cube("--clip-page-size", "20") as server, config_options(**server.environment()):
        assert names("/vsis2c/") == gdal.ReadDir("/vsis2c/") == [str(one) for one in NUMBERS]
        assert len(server.requests("api")) == 6


def test_no_row_comes_twice_or_is_missed_in_a_list_that_changes_while_it_is_read():
    with LocalSen2Cube() as server, config_options(S2C_PAGE_SIZE="10", **server.environment()):
        server.churn(insert=3, count=None)
        server.churn(remove_newest=1, count=None)
        server.churn(remove=[8320], count=1, skip=2)
        found = names("/vsis2c/")
        assert len(found) == len(set(found))
        assert [name for name in found if int(name) < 10424 and name != "8320"] \
            == [str(one) for one in NUMBERS if one < 10424 and one != 8320]


def test_a_failure_on_the_way_is_told_and_ends_the_list(sen2cube):
    with config_options(S2C_PAGE_SIZE="20", S2C_MAX_RETRY="0"):
        sen2cube.fault(server="api", path="/inference$", skip=1, status=503, count=None)
        directory = gdal.OpenDir("/vsis2c/", 0)
        for number in NUMBERS[:20]:
            assert gdal.GetNextDirEntry(directory).name == str(number)
        with pytest.raises(RuntimeError, match="HTTP 503"):
            gdal.GetNextDirEntry(directory)
        assert gdal.GetNextDirEntry(directory) is None
        gdal.CloseDir(directory)
        with pytest.raises(RuntimeError, match="HTTP 503"):
            gdal.ReadDir("/vsis2c/")


def test_rows_that_no_schema_allows_for_do_not_end_a_list():
    with LocalSen2Cube("--strange-rows") as server, config_options(**server.environment()):
        with Warnings() as said:
            found = names("/vsis2c/", -1)
        assert {kind for kind, _ in said} == {gdal.CE_Warning}
        assert {str(number) for number in NUMBERS} <= set(found)
        assert {str(number) for number in range(10501, 10535)} <= set(found)
        for name in found:
            assert gdal.VSIStatL(f"/vsis2c/{name}", gdal.VSI_STAT_EXISTS_FLAG) is not None
        assert names("/vsis2c/10519") == ["7", "inference.json"]
        assert names("/vsis2c/10520") == ["inference.json"]


# Python warns of a fork beside threads since 3.12; just that is what is tested.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_listing_that_a_forked_child_goes_on_reading_says_so(sen2cube):
    with config_options(S2C_PAGE_SIZE="10"):
        directory = gdal.OpenDir("/vsis2c/", 0)
        for _ in range(10):
            gdal.GetNextDirEntry(directory)
        child = os.fork()
        if child == 0:
            gdal.DontUseExceptions()
            with Warnings() as said:
                ended = gdal.GetNextDirEntry(directory) is None and "fork" in said[0][1]
                gdal.CloseDir(directory)
            os._exit(0 if ended and len(names("/vsis2c/")) == len(NUMBERS) else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert gdal.GetNextDirEntry(directory).name == str(NUMBERS[10])
        gdal.CloseDir(directory)
