"""The made world in an application without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from tests.begun import begun
from tests.made_world import MONDAY_AT_8, made_world


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(tmp_path: Path, clock: ManualClock) -> Iterator[Application]:
    with begun(tmp_path, made_world(), clock) as application:
        yield application
