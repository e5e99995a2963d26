# SPDX-License-Identifier: MIT
"""The link is as slow as it says; `pytest -s` prints what curl measures."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.backend.options import parse

from .link import Link, measured, timed_curl
from .service import Backend

SIZE = 25_000_000


@pytest.fixture(scope="module")
def backend():
    with Backend(parse(["--open-files"])) as running:
        with open(running.results.place("/output/zeros.tiff"), "wb") as file:
            file.truncate(SIZE)
        yield running


def address(port, path="/output/zeros.tiff"):
    return f"https://127.0.0.1:{port}{path}"


def target(backend):
    return backend.files_url.split("//")[1]


def test_round_trip_and_rate(backend):
    with Link([target(backend)], 0.04, 100e6) as link:
        found = measured(address(link.ports[0]), (), backend.certificate.authority)
    print(f"\nTCP and TLS {found['tls'] * 1000:.1f} ms, first byte {found['first_byte'] * 1000:.1f}"
          f" ms later, then {found['rate'] / 1e6:.1f} Mbit/s")
    assert 0.08 <= found["tls"] < 0.12
    assert 0.04 <= found["first_byte"] < 0.06
    assert 93e6 < found["rate"] < 103e6


def test_connections_share_the_rate(backend):
    with Link([target(backend)], 0.04, 100e6) as link:
        with ThreadPoolExecutor(2) as pool:
            seconds = [one["time_total"] for one in pool.map(
                lambda _: timed_curl(address(link.ports[0]), (), backend.certificate.authority,
                                     ("-r", f"0-{SIZE // 5 - 1}")), range(2))]
        counted = link.counters()[0]
    print(f"\nTwo downloads of {SIZE // 5} bytes at once: {seconds}")
    assert counted["connections"] == 2
    assert counted["down"] == pytest.approx(2 * SIZE / 5, rel=0.02)
    # Each gets half: both end when both are through.
    assert min(seconds) > 0.9 * 2 * SIZE / 5 * 8 / 100e6


def test_counters_stand_still_when_nothing_is_open(backend):
    with Link([target(backend)], 0.01, 1e9) as link:
        timed_curl(address(link.ports[0]), (), backend.certificate.authority)
        link.settle()
        before = link.counters()
        assert before[0]["down"] > SIZE
        assert link.counters() == before
