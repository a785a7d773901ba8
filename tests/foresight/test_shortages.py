"""Warnings and proposals where demand and stock are so simple that probabilities are known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from solver.catalog.catalog import Catalog
from solver.foresight.buyers import Cycle, cycles
from solver.foresight.history import daily_demand, nearest_sources
from solver.foresight.shortages import Settings, Shortage, Standing, chance_above, proposals, shortages
from solver.network.network import Network
from tests.made_world import CARRIERS, GIFT, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, SOURCES, order_of

NOW = datetime(2026, 3, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TEA = ("W-EAST", "TEA")
STEADY = {TEA: np.full(40, 2.0)}  # two a day, as ever: forecasts of Poisson's spread


def standing(units: int, *, arrivals: tuple[tuple[datetime, int], ...] = (), due: tuple[Cycle, ...] = ()) -> Standing:
    return Standing(now=NOW, units={TEA: units}, arrivals={TEA: arrivals}, cycles={TEA: due} if due else {})


def poisson_above(units: int, mean: float) -> float:
    terms = [np.exp(-mean)]
    for number in range(1, units + 1):
        terms.append(terms[-1] * mean / number)
    return 1 - float(sum(terms))


def test_a_place_that_may_run_out_before_more_could_come_is_warned_of_with_its_probability() -> None:
    [warned] = shortages(STEADY, standing(10), Settings(lead_days=7))
    assert warned.chance == pytest.approx(poisson_above(10, 14))
    assert replace(warned, chance=0.0) == Shortage(
        source_id="W-EAST",
        sku="TEA",
        units=10,
        daily_units=2.0,
        cover_days=5.0,
        next_arrival=None,
        until=NOW + 7 * DAY,
        chance=0.0,
        method="seasonal_naive",
    )


def test_until_the_next_arrival_less_is_asked_for() -> None:
    [warned] = shortages(STEADY, standing(10, arrivals=((NOW + 4 * DAY, 50),)), Settings())
    assert warned.next_arrival == NOW + 4 * DAY
    assert warned.chance == pytest.approx(poisson_above(10, 8))


def test_what_lasts_is_not_warned_of() -> None:
    assert shortages(STEADY, standing(40), Settings()) == ()


def test_a_proposal_orders_up_to_the_quantile_over_lead_and_review() -> None:
    [proposed] = proposals(STEADY, standing(10, arrivals=((NOW + 2 * DAY, 5),)), Settings(lead_days=7, review_days=7))
    assert poisson_above(proposed.up_to_units, 28) <= 0.05 < poisson_above(proposed.up_to_units - 1, 28)
    assert proposed.units == proposed.up_to_units - 15
    assert proposals(STEADY, standing(60), Settings()) == ()


def test_a_buyer_who_comes_every_ten_days_is_found_and_counted_when_due() -> None:
    times = [NOW - days * DAY for days in (32, 22, 12, 2)]
    irregular = [NOW - days * DAY for days in (40, 39, 3)]
    [cycle] = cycles({("dealer", "TEA"): [(at, 30) for at in times], ("walk-in", "TEA"): [(at, 1) for at in irregular]})
    assert cycle == Cycle(buyer="dealer", sku="TEA", every=10 * DAY, units=30, due_at=NOW + 8 * DAY)
    assert [cycle.due_within(NOW, NOW + days * DAY) for days in (7, 8, 9, 18, 19)] == [0, 0, 1, 1, 2]
    [proposed] = proposals({}, standing(10, due=(cycle,)), Settings(lead_days=7, review_days=7))
    assert (proposed.units, proposed.due_units) == (20, 30)


def test_an_overdue_buyer_is_due_now() -> None:
    late = Cycle(buyer="b", sku="TEA", every=10 * DAY, units=1, due_at=NOW - 3 * DAY)
    assert late.due_within(NOW, NOW + DAY) == 1


def test_demand_is_counted_by_day_where_its_nearest_keeper_is() -> None:
    network = Network.of(regions=REGIONS, sources=SOURCES, carriers=CARRIERS, services=SERVICES, calendars=())
    serves = nearest_sources(network, [("W-WEST", "CUP"), ("S-EAST", "CUP"), ("W-WEST", "POT")], ["EAST-CITY"])
    assert serves == {("CUP", "EAST-CITY"): "S-EAST", ("POT", "EAST-CITY"): "W-WEST"}
    orders = [order_of(("GIFT", 3)), order_of(("CUP", 1), placed_at=MONDAY_AT_8 + DAY), order_of(("TEA", 1))]
    demand = daily_demand(orders, Catalog.of(MATERIALS, (GIFT,)), serves, MONDAY_AT_8 + 2 * DAY, 3)
    assert {place: series.tolist() for place, series in demand.items()} == {
        ("S-EAST", "CUP"): [0.0, 6.0, 1.0],
        ("W-WEST", "POT"): [0.0, 3.0, 0.0],
    }


def test_how_likely_more_is_asked_for_follows_from_sales_by_day() -> None:
    steady = [1] * 28  # Poisson with a mean of 7 in a week
    assert chance_above(steady, 7, 7) == pytest.approx(poisson_above(7, 7))
    assert chance_above(steady, 14, 7) == pytest.approx(poisson_above(7, 14))
    assert chance_above(steady, 7, -1) == 1.0


@pytest.mark.parametrize(
    ("by_day", "days"), [([1] * 13, 7), ([0] * 27 + [9], 7), ([1] * 28, 0)], ids=["short", "one sale", "no time"]
)
def test_what_is_no_series_has_no_probability(by_day: list[int], days: int) -> None:
    assert chance_above(by_day, days, 3) is None
