"""Earlier weeks' orders, kept and joined with open ones, ask for the same as if they were laid out together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from benchmarks.experiments.cross_province import stock_of, week_of
from benchmarks.experiments.crossing_run import CrossingRun
from benchmarks.experiments.crossing_wait import Waiting, waited_with
from benchmarks.experiments.kept_waves import KeptWave, by_places, joined, most_promising
from benchmarks.experiments.protected_units import added
from benchmarks.experiments.sampled_futures import SampledFutures, sample_of
from solver.orders.model import Order
from solver.sourcing.case import Ints
from solver.waves.case import WaveCase
from solver.waves.engine.ascent import Priced
from solver.waves.engine.crew import crew_of
from solver.waves.engine.passes import Passes

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def run() -> CrossingRun:
    """The first forty orders of the week, the stock of the placement divided by eight."""
    week, demand = week_of(0, is_quick=True)
    scarce = [replace(row, units=(row.units + 7) // 8) for row in stock_of("everywhere alike", week, demand)]
    return CrossingRun(replace(week, stock=tuple(scarce)), 1600)


@pytest.fixture(scope="module")
def prices(run: CrossingRun) -> Ints:
    """Any prices, of the seed 3."""
    dice = np.random.default_rng(3)
    return dice.integers(0, 600_000, len(run.places)) * (dice.random(len(run.places)) < 0.5)


def asked(case: WaveCase, prices: Ints) -> Priced:
    with crew_of(case.orders) as crew:
        return Passes(case, crew).at(prices)


def hours(run: CrossingRun, orders: Sequence[Order]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([(order.placed_at - run.horizon.starts_at) / HOUR for order in orders])


def test_joined_waves_are_those_of_all_their_orders(run: CrossingRun, prices: Ints) -> None:
    left = run.nothing().left
    first, second = (by_places(run.laid_out(orders, left)) for orders in (run.orders[:25], run.orders[25:]))
    together = by_places(run.laid_out(run.orders, left))
    at_both, at_all = asked(joined(first, second), prices), asked(together, prices)
    assert at_both.bound == at_all.bound
    assert at_both.used.tolist() == at_all.used.tolist()
    assert asked(first, prices).bound != at_all.bound


def test_the_later_orders_of_a_kept_wave_are_those_laid_out_on_what_is_left(run: CrossingRun, prices: Ints) -> None:
    opening = run.nothing().left
    kept = KeptWave.of(by_places(run.laid_out(run.orders, opening)), hours(run, run.orders))
    hour = float(hours(run, run.orders)[20])
    later = [order for order in run.orders if (order.placed_at - run.horizon.starts_at) / HOUR > hour]
    assert 0 < len(later) < len(run.orders)
    left = {place: units // 2 for place, units in opening.items()}
    at_kept = asked(kept.later(hour, run.stock(left).astype(np.int64)), prices)
    at_laid = asked(by_places(run.laid_out(later, left)), prices)
    assert at_kept.used.tolist() == at_laid.used.tolist()
    whole = asked(by_places(run.laid_out(later, opening)), prices)
    assert whole.used.tolist() != at_laid.used.tolist()


def test_the_most_promising_entries_have_the_best_plans(run: CrossingRun, prices: Ints) -> None:
    case = by_places(run.laid_out(run.orders, run.nothing().left))
    with crew_of(case.orders) as crew:
        few = most_promising(case, crew, prices, 1)
        more = most_promising(case, crew, prices, 20)
    assert len(few) < len(more) < len(case.entry_cost)
    assert set(few.tolist()) <= set(more.tolist())


def test_a_unit_is_worth_what_samples_pay_for_it_and_nothing_once_the_week_is_over(run: CrossingRun) -> None:
    alike = sample_of(run, [replace(order, order_id=f"s-{order.order_id}") for order in run.orders])
    left, begins = run.nothing().left, run.horizon.starts_at
    values = SampledFutures(run, [alike]).values([], left, begins)
    prices = {place: minor for place, minor in zip(run.places, alike.prices.tolist(), strict=True) if minor}
    assert values
    assert all(left[source_id, sku] > 0 for sku, of in values.items() for source_id in of)
    assert all(minor <= 1600 + 2000 for of in values.values() for minor in of.values())  # a crossing and a long way
    assert {(source_id, sku) for sku, of in values.items() for source_id in of} <= prices.keys()
    assert SampledFutures(run, [alike]).values(run.orders, left, run.horizon.ends_at) == {}
    nobody = sample_of(run, run.orders[:1])
    half = SampledFutures(run, [alike, nobody]).values([], left, begins)
    whole = sum(minor for of in values.values() for minor in of.values())
    assert 0.45 < sum(minor for of in half.values() for minor in of.values()) / whole < 0.55


def test_who_waits_in_time_goes_by_when_the_same_plan_would_arrive(run: CrossingRun) -> None:
    noon = run.horizon.starts_at + 12 * HOUR
    left = run.nothing().left
    order = run.orders[0]
    (plan,) = run.planned([order], noon, {}, left)
    made_next = run.made_at(order, plan, noon + 48 * HOUR, {}, left)
    assert [one.source_id for one in made_next.packages] == [one.source_id for one in plan.packages]
    arrives_at = max(one.arrives_at for one in made_next.packages)
    assert arrives_at > max(one.arrives_at for one in plan.packages)
    in_time = Waiting(name="", every=48 * HOUR, at_most=99 * HOUR, spare=None)
    for promised_at, may in ((arrives_at, True), (arrives_at - HOUR, False)):
        assert in_time.may_wait(replace(order, promised_at=promised_at), plan, noon, lambda: made_next) is may
    assert not replace(in_time, at_most=HOUR).may_wait(
        replace(order, promised_at=arrives_at), plan, noon, lambda: made_next
    )


def test_a_share_of_what_samples_pay_counts_beside_units_kept(run: CrossingRun) -> None:
    alike = sample_of(run, [replace(order, order_id=f"s-{order.order_id}") for order in run.orders])
    left, begins = run.nothing().left, run.horizon.starts_at
    whole = SampledFutures(run, [alike]).values([], left, begins)
    half = SampledFutures(run, [alike], 0.5).values([], left, begins)
    sku, of = next(iter(whole.items()))
    source_id, minor = max(of.items(), key=lambda one: one[1])
    assert abs(2 * half[sku][source_id] - minor) <= 1
    assert added({"A": {"s": 3, "t": 1}}, {"A": {"s": 2}, "B": {"s": 5}}) == {"A": {"s": 5, "t": 1}, "B": {"s": 5}}


def test_who_takes_scarce_units_has_reason_to_wait(run: CrossingRun) -> None:
    noon, left = run.horizon.starts_at + 12 * HOUR, run.nothing().left
    planned = zip(run.orders, run.planned(run.orders, noon, {}, left), strict=True)
    order, plan = next((o, p) for o, p in planned if len(p.packages) == 1 and not run.crosses(o, p))
    (package,) = plan.packages
    content = package.contents[0]
    values = {content.sku: {package.source_id: 300}}
    worth_minor = 300 * sum(one.units for one in package.contents if one.sku == content.sku)
    assert run.worth_minor(plan, values, left) == worth_minor
    whoever = Waiting(name="", every=HOUR)
    assert not whoever.has_reason(order, plan, run, values, left)
    assert replace(whoever, scarce_minor=worth_minor).has_reason(order, plan, run, values, left)
    assert not replace(whoever, scarce_minor=worth_minor + 1).has_reason(order, plan, run, values, left)


def test_all_orders_ship_by_sampled_futures(run: CrossingRun) -> None:
    sample = sample_of(run, [replace(order, order_id=f"s-{order.order_id}") for order in run.orders])
    waiting = Waiting(name="", every=10 * HOUR, at_most=72 * HOUR, spare=None)
    ran = waited_with(run, SampledFutures(run, [sample]).values, waiting).ran
    assert sorted(order.order_id for order, _ in ran.decided) == sorted(order.order_id for order in run.orders)
