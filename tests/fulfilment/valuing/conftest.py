"""An application in which the west's warehouse also serves the east a little cheaper than the store there does.

It has as much as the west will ask for, so that what the east takes of it the west misses: see tests/replay.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.orders.model import Address
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Policy
from tests.begun import begun
from tests.made_world import EAST_DOOR, MONDAY_AT_8, made_world

WEST_DOOR = Address(region_id="WEST-CITY", latitude=30.0, longitude=104.0)
DOORS = (EAST_DOOR, WEST_DOOR)
MINDS = Policy(split_minor=0, lateness_minor_per_hour=0, settings={"stock_value_permille": 1_000})


def out_of_balance(units: int = 12) -> Scenario:
    """So many teas in the west, and twice as many in the store in the east."""
    made = made_world()
    sources = tuple(
        replace(source, handling_per_unit_minor=610) if source.source_id == "S-EAST" else source
        for source in made.sources
    )
    stock = (
        OpeningStock(source_id="W-WEST", sku="TEA", units=units),
        OpeningStock(source_id="S-EAST", sku="TEA", units=2 * units),
    )
    return replace(made, sources=sources, stock=stock)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY_AT_8)


@pytest.fixture
def application(tmp_path: Path, clock: ManualClock) -> Iterator[Application]:
    with begun(tmp_path, out_of_balance(), clock) as application:
        yield application
