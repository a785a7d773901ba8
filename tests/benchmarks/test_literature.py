"""Published single-source instances, by way of the public problem format."""

from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.literature import as_wave, decided, names, published


@pytest.mark.parametrize("name", ["gap/c0515_1", "3_ORLib_small/p1", "3_ORLib_small/p14"])
def test_small_instances_come_near_their_known_optimum(shared_data: Path, name: str) -> None:
    row = decided(published(name), seconds=None)
    assert row.fault == ""
    assert row.gap_percent <= 0.5


def test_all_instances_are_read(shared_data: Path) -> None:
    found = list(names())
    assert (len(found), found[0], found[24], found[44]) == (134, "3_ORLib_small/p1", "4_Yang/p1", "gap/a05100")


def test_amounts_are_whole_minor_units_of_as_many_decimals_as_are_needed(shared_data: Path) -> None:
    instance = published("3_ORLib_small/p3")
    assert instance.optimum == Decimal("1014099.61")
    assert (instance.decimals, instance.costs[0][0]) == (5, 673972500)
    assert as_wave(instance)["money_decimals"] == 5
