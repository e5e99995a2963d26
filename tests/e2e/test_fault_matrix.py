# SPDX-License-Identifier: MIT
"""Every fault of fault_table.py in every operation: it ends in what is right or in an error, within
the time that was configured, and what comes afterwards is right (issue 15)."""

import contextlib
import itertools
import threading

import numpy as np
import pytest

from .fault_operations import (IMPATIENT, OF_SLOW, OPERATIONS, descriptors, every_inference,
                               is_remembered, new_session, outcome, publish_tiled, read_window,
                               run_inference, same, wait_for)
from .fault_table import ANSWERS, FAULTS, NETWORK, SLOW
from .support import config_options

OPTIONS = ("--job-seconds", "0.2", "--wire")
WAITED = 10426
LASTING = pytest.mark.parametrize("share", [1, 0.2], ids=["lasting", "passing"])


@pytest.fixture(scope="module")
def pixels(sen2cube, tmp_path_factory):
    return publish_tiled(sen2cube, tmp_path_factory.mktemp("matrix"))


@pytest.fixture(autouse=True)
def impatient():
    with config_options(**IMPATIENT):
        yield


TRUTH = {}


@pytest.fixture
def truth(pixels, request):
    """What an operation gives when nothing is wrong."""
    def of(name):
        if name not in TRUTH:
            with new_session():
                TRUTH[name] = OPERATIONS[name]()
        return TRUTH[name]
    return of


def assert_well_again(server, operation, expected, error):
    """This session has seen the file's ill. What the API and the login say of the service holds for
    some seconds (issue 10)."""
    if is_remembered(error):
        return
    with new_session() if server != "files" else contextlib.nullcontext():
        found, error = outcome(operation)
    assert error is None or is_remembered(error), error
    assert error or same(found, expected)


def chosen(server, fault):
    """(name, GDAL_NUM_THREADS) of each operation."""
    if fault in SLOW:
        return [(name, None) for name in OF_SLOW[server]]
    if fault in NETWORK:
        # Whatever decodes, the network breaks beneath it.
        return list(zip(OPERATIONS, itertools.cycle((None, "2"))))
    return [(name, threads) for name in OPERATIONS for threads in (None, "2")]


@LASTING
@pytest.mark.parametrize("server", ["files", "api", "auth"])
@pytest.mark.parametrize("fault", FAULTS)
def test_it_ends_in_what_is_right_or_in_an_error(sen2cube, truth, cells, tmp_path, fault, server,
                                                 share):
    for place, (name, threads) in enumerate(chosen(server, fault)):
        operation, expected = OPERATIONS[name], truth(name)
        with config_options(GDAL_NUM_THREADS=threads, S2C_TOKEN_CACHE=str(tmp_path / f"{place}"),
                            S2C_MAX_RETRY="0" if fault in SLOW and share == 1 else "3"), \
                new_session(), cells.cell(*name, fault) as cell:
            sen2cube.fault(server=server, count=None, share=share, **FAULTS[fault])
            found, error = outcome(operation)
            sen2cube.clear_faults()
            if error is None:
                assert same(found, expected), (name, threads)
            else:
                assert "Bearer" not in error and sen2cube.PASSWORD not in error
                assert_well_again(server, operation, expected, error)
            cell.ended(error)


@pytest.mark.parametrize("fault", ["503", "closed before", "cut within the body", "short",
                                   "refused", "reset within the body", "reset on the way"])
def test_nothing_is_left_open(sen2cube, truth, fault):
    truth(("osgeo", "window"))
    with new_session():
        read_window()
        before = descriptors()
        sen2cube.fault(server="files", count=None, share=0.5, **FAULTS[fault])
        for _ in range(30):
            outcome(read_window)
        sen2cube.clear_faults()
        read_window()
    assert descriptors() <= before + 8, "the connections that one host may have"


@LASTING
@pytest.mark.parametrize("fault", FAULTS)
def test_an_inference_is_never_lost_and_never_two(sen2cube, cells, fault, share):
    before = {number for number, _ in every_inference()}
    with new_session(), cells.cell("osgeo", "create", fault) as cell:
        sen2cube.fault(server="api", method="POST", count=None, share=share, **FAULTS[fault])
        made, error = outcome(run_inference)
        sen2cube.clear_faults()
        after = {number for number, _ in every_inference()}
        assert len(after - before) <= 1
        if made is not None:
            assert after - before == {made}
        elif after - before:
            assert "S2C:" in error or "inference" in error, error
        cell.ended(error)


@pytest.fixture(scope="module")
def waited(sen2cube, tmp_path_factory):
    return publish_tiled(sen2cube, tmp_path_factory.mktemp("waited"), WAITED)[:, :200, :200]


@LASTING
@pytest.mark.parametrize("fault", [*ANSWERS, *NETWORK])
def test_who_waits_for_an_inference_gets_its_result_or_an_error(sen2cube, cells, waited, fault,
                                                               share):
    name = f"S2C:{WAITED}:tiled"
    sen2cube.change_inference(WAITED, status="STARTED")
    ending = threading.Timer(0.3, sen2cube.change_inference, (WAITED,), {"status": "SUCCEEDED"})
    with new_session(), cells.cell("osgeo", "wait", fault) as cell:
        sen2cube.fault(server="api", count=None, share=share, **FAULTS[fault])
        ending.start()
        found, error = outcome(lambda: wait_for(name))
        sen2cube.clear_faults()
        ending.join()
        assert error or np.array_equal(found, waited)
        cell.ended(error)
    with new_session():
        found, later = outcome(lambda: wait_for(name))
    assert later is None and np.array_equal(found, waited) or is_remembered(later or "")
