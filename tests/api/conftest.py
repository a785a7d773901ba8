"""The made world behind a server, on a clock that is turned by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.scenario.load import load
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import Running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    """A server with the made world in it."""
    running = Running(tmp_path / "data", clock)
    load(running.application, made_world())
    yield running
    running.close()


@pytest.fixture
def empty(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    """A server that knows nothing yet."""
    running = Running(tmp_path / "data", clock)
    yield running
    running.close()
