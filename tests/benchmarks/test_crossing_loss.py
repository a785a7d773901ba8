"""Why parcels cross is told on the same decisions as the experiment's, and units that are kept have their price."""

from dataclasses import replace
from datetime import timedelta

from benchmarks.experiments.cross_province import stock_of, told_of, week_of
from benchmarks.experiments.crossing_loss import by_the_day, one_by_one
from benchmarks.experiments.crossing_run import CrossingRun
from benchmarks.experiments.crossing_wait import Waiting, waited
from benchmarks.experiments.protected_units import ProtectedUnits

PLACEMENT = "everywhere alike"


def quick_run(crossing_minor: int) -> CrossingRun:
    """The first forty orders of the week, the stock being that of all."""
    week, demand = week_of(0, is_quick=True)
    return CrossingRun(replace(week, stock=stock_of(PLACEMENT, week, demand)), crossing_minor)


def test_decided_without_books_it_comes_to_what_the_experiment_does() -> None:
    run = quick_run(1200)
    ran = run.one_by_one(run.orders)
    told = told_of((PLACEMENT, "12 yuan a crossing", 0), is_quick=True)
    assert ran.paid_minor == told.figure("paid_minor")
    assert ran.crossing / ran.packages == told.figure("cross_province_share")
    assert sum(run.causes(ran).values()) == ran.crossing


def test_in_portions_it_comes_to_the_same_and_units_taken_are_gone() -> None:
    run = quick_run(1200)
    at_once = run.one_by_one(run.orders)
    first = run.nothing() + run.one_by_one(run.orders[:15])
    in_two = first + run.one_by_one(run.orders[15:], None, first.left)
    assert in_two == at_once
    shipped = sum(units for _, one in at_once.decided for chosen in one.packages for units in chosen.units.values())
    assert sum(run.nothing().left.values()) - sum(at_once.left.values()) == shipped


def test_a_unit_is_worth_its_price_by_the_chance_that_its_province_asks_for_it() -> None:
    run = quick_run(1200)
    begins, ends = run.horizon.starts_at, run.horizon.ends_at
    kept = ProtectedUnits([{("N", "A"): 1}, {("N", "A"): 3}], {"n1": "N", "n2": "N", "s": "S"}, run.horizon, 1000)
    left = {("n1", "A"): 1, ("n2", "A"): 0, ("s", "A"): 1}
    assert kept.values(left, begins) == {"A": {"n1": 865, "n2": 865, "s": 0}}  # 1 - 1 / e²
    assert kept.values(left, begins + (ends - begins) / 2) == {"A": {"n1": 632, "n2": 632, "s": 0}}  # 1 - 1 / e
    assert kept.values({**left, ("n2", "A"): 1}, begins)["A"]["n1"] == 594  # two or more: 1 - 3 / e²
    assert kept.values(left, ends + timedelta(days=1)) == {"A": {"n1": 0, "n2": 0, "s": 0}}


def test_units_kept_for_nothing_change_nothing_and_days_ship_all() -> None:
    run = quick_run(1600)
    plain = one_by_one(run, [], 0)
    assert one_by_one(run, [{("CN-110000", "nothing"): 5}], 300) == plain
    daily = by_the_day(run, [{("CN-110000", "nothing"): 5}], 300)
    assert (daily.orders, sum(daily.left.values())) == (plain.orders, sum(plain.left.values()))


def test_whoever_does_not_wait_is_decided_by_the_day() -> None:
    run, earlier = quick_run(1600), [{("CN-110000", "SL-GRINDER-HAND"): 5}]
    assert waited(run, earlier, 300, Waiting(name="", every=timedelta(days=1))).ran == by_the_day(run, earlier, 300)


def test_only_orders_that_split_or_cross_wait_and_all_ship_in_the_end() -> None:
    run, earlier = quick_run(1600), [{("CN-110000", "nothing"): 5}]
    every = timedelta(hours=10)  # of the forty orders, all placed between eight and noon, some come before ten
    first = [order for order in run.orders if order.placed_at <= run.horizon.starts_at + every]
    assert 0 < len(first) < len(run.orders)
    at_first = run.planned(first, run.horizon.starts_at + every, {}, run.nothing().left)
    simple = [
        order.order_id
        for order, plan in zip(first, at_first, strict=True)
        if len(plan.packages) == 1 and not run.crosses(order, plan)
    ]
    assert 0 < len(simple) < len(first)
    ran = waited(run, earlier, 0, Waiting(name="", every=every, at_most=2 * every)).ran
    assert [order.order_id for order, _ in ran.decided[: len(simple)]] == simple
    assert {order.order_id for order, _ in ran.decided} == {order.order_id for order in run.orders}
    late = waited(run, earlier, 0, Waiting(name="", every=every, at_most=2 * every, spare=timedelta(days=9))).ran
    assert [order for order, _ in late.decided[: len(first)]] == first  # nobody has so much time to spare
