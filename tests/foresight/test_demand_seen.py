"""Demand by day: when a forecast is known, and how it lifts what is expected."""

from datetime import timedelta

import pytest

from solver.catalog.catalog import Catalog
from solver.foresight.demand_seen import FORECAST_ALONE, MOST_DAYS, DemandSeen
from solver.foresight.seen_orders import SeenOrders
from tests.made_world import GIFT, MATERIALS, MONDAY_AT_8, order_of

CATALOG = Catalog.of(MATERIALS, (GIFT,))
DAY = timedelta(days=1)


def grown(days: int) -> DemandSeen:
    """Two teas a day, and from the third week on six; a cup each day."""
    seen = DemandSeen(MONDAY_AT_8)
    for day in range(days):
        seen.see(MONDAY_AT_8 + day * DAY, {"TEA": 2 if day < 14 else 6, "CUP": 1})
    return seen


def test_without_two_whole_weeks_nothing_is_forecast() -> None:
    now = MONDAY_AT_8 + 14 * DAY
    assert grown(14).factors(now, now + DAY, {"TEA": 2.0}) == {}
    now = MONDAY_AT_8 + 15 * DAY
    assert grown(15).factors(now, now + DAY, {"TEA": 2.0, "CUP": 1.0})["CUP"] == pytest.approx(1.0)
    assert grown(15).factors(now, now, {"TEA": 2.0}) == {}


def test_demand_that_has_grown_is_expected_to_stay_grown() -> None:
    now = MONDAY_AT_8 + 35 * DAY
    factors = grown(35).factors(now, now + 7 * DAY, {"TEA": 7 * 4.4, "CUP": 7.0})  # the plain mean, over all weeks
    assert factors == {"TEA": pytest.approx(6 / 4.4, rel=0.05), "CUP": pytest.approx(1.0)}


def test_a_forecast_is_bounded_and_old_days_are_forgotten() -> None:
    now = MONDAY_AT_8 + 35 * DAY
    assert grown(35).factors(now, now + 7 * DAY, {"TEA": 1.0})["TEA"] == 4.0
    assert len(grown(MOST_DAYS + 9).days) == MOST_DAYS


def test_goods_beyond_the_most_wanted_share_a_forecast() -> None:
    seen = DemandSeen(MONDAY_AT_8)
    names = [f"S-{number:02}" for number in range(FORECAST_ALONE + 2)]
    for day in range(20):
        seen.see(MONDAY_AT_8 + day * DAY, dict.fromkeys(names[:FORECAST_ALONE], 3) | dict.fromkeys(names[-2:], 1))
    now = MONDAY_AT_8 + 20 * DAY
    factors = seen.factors(now, now + DAY, {names[0]: 3.0, names[-2]: 1.0, names[-1]: 3.0})
    assert factors == {names[0]: pytest.approx(1.0), names[-2]: pytest.approx(0.5), names[-1]: pytest.approx(0.5)}


def test_kinds_are_expected_as_often_as_the_forecasts_of_their_goods_say_and_go_on_from_a_state() -> None:
    seen = SeenOrders(CATALOG, MONDAY_AT_8)
    for day in range(35):
        for number in range(1 if day < 14 else 3):
            seen.see(order_of(("TEA", 2), placed_at=MONDAY_AT_8 + day * DAY + timedelta(minutes=number)))
    now = MONDAY_AT_8 + 35 * DAY
    [often] = seen.expected(now, now + 7 * DAY).values()
    assert often == pytest.approx(21, rel=0.05)  # three a day, not 77 in 35 days
    again = SeenOrders(CATALOG, MONDAY_AT_8)
    again.restore(seen.state())
    assert again.expected(now, now + 7 * DAY) == seen.expected(now, now + 7 * DAY)
    assert again.state() == seen.state()
