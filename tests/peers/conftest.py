"""The public way in: the Python client on a server that knows nothing yet, on a clock that is turned by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.client import Client
from solver.clock import ManualClock
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    running = Running(tmp_path / "data", clock)
    yield running
    running.close()


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected
