"""Stock that is not there yet."""

from datetime import UTC, datetime

import pytest

from solver.network.later import backorder_available_at, days_to_ship


@pytest.mark.parametrize(
    ("material_days", "source_days", "days"),
    [(None, None, 30), (None, 12, 12), (7, None, 7), (7, 12, 7), (0, 12, 0), (None, 0, 0), (45, 12, 45)],
)
def test_what_the_product_says_goes_before_what_the_source_says_and_thirty_days_before_nothing(
    material_days: int | None, source_days: int | None, days: int
) -> None:
    assert days_to_ship(material_days, source_days) == days


def test_a_backorder_of_which_nothing_is_known_ships_thirty_days_after_the_order() -> None:
    placed_at = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert backorder_available_at(placed_at, days_to_ship(None, None), "Asia/Shanghai") == datetime(
        2026, 4, 1, 8, 30, tzinfo=UTC
    )


def test_days_are_days_of_the_calendar_at_the_source() -> None:
    placed_at = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)  # 23:30 in Berlin, in winter time
    assert backorder_available_at(placed_at, 30, "Europe/Berlin") == datetime(2026, 4, 19, 21, 30, tzinfo=UTC)
