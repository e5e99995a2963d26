# SPDX-License-Identifier: MIT
"""One local Sen2Cube for each module of tests."""

import pytest

from .process import LocalSen2Cube
from .user_agent import UserAgent


@pytest.fixture(scope="module")
def sen2cube(request):
    """A module chooses the server's options with OPTIONS = (…)."""
    with LocalSen2Cube(*getattr(request.module, "OPTIONS", ())) as server:
        yield server


@pytest.fixture
def agent(sen2cube):
    made = UserAgent(sen2cube)
    made.log_in()
    sen2cube.clear_faults()
    sen2cube.forget()
    return made
