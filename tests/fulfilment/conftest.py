"""The made world in an application without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(tmp_path: Path, clock: ManualClock) -> Iterator[Application]:
    opened = Application.open(tmp_path, clock)
    load(opened, made_world())
    yield opened
    opened.close()
