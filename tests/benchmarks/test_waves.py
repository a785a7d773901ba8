"""Benchmarks of waves: the judge sees what is wrong, and the whole model of other solvers is the same question."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from benchmarks.wave_baselines import as_finding, nearest_first
from benchmarks.wave_growth import plot
from benchmarks.wave_judge import bound_of, cost_of, faults, used_by
from benchmarks.wave_rivals import SOLVERS, solved
from benchmarks.wave_runs import Run
from benchmarks.wave_worlds import Severity, wave_world
from solver.waves.case import PRICES_PER_MINOR, WaveFinding
from solver.waves.from_snapshot import LaidOrders, lay_out_orders
from solver.waves.limits import Watch, WaveLimits
from tests.waves.by_turn import by_turn


def a_wave(orders: int = 12) -> LaidOrders:
    made = wave_world(2, orders=orders, sources=6, skus=8)
    return lay_out_orders(made.world.snapshot(), made.orders, made.terms())


def answered(laid: LaidOrders) -> WaveFinding:
    return by_turn(laid.case, WaveLimits(), Watch())


def test_the_same_seed_makes_the_same_wave() -> None:
    one, two = (wave_world(5, orders=30, sources=8, skus=10) for _ in range(2))
    assert (one.orders, one.world.available, one.terms()) == (two.orders, two.world.available, two.terms())
    assert one.orders != wave_world(6, orders=30, sources=8, skus=10).orders


def test_stock_and_capacities_are_as_tight_as_asked() -> None:
    made = wave_world(1, orders=2_000, sources=40, skus=300, severity=Severity(stock_ratio=1.5, carrier_slack=None))
    asked = sum(line.quantity for order in made.orders for line in order.lines)
    there = sum(units for rows in made.world.available.values() for units in rows.values())
    assert there / asked == pytest.approx(1.5, abs=0.01)
    lines = sum(len(order.lines) for order in made.orders)
    assert sum(made.source_packages.values()) == round((2_000 + 0.75 * (lines - 2_000)) * 1.15)
    assert made.service_packages == {}


def test_a_sound_answer_has_no_faults() -> None:
    laid = a_wave()
    assert faults(laid.case, answered(laid)) == []


def test_a_wrong_cost_a_wrong_bound_and_a_share_too_few_are_found() -> None:
    laid = a_wave()
    found = answered(laid)
    assert faults(laid.case, found._replace(total=found.total - 1)) == [
        f"the plans cost {found.total}, not {found.total - 1}"
    ]
    assert "the prices prove" in faults(laid.case, found._replace(bound=found.bound + 1))[0]
    starts = np.maximum(0, found.share_start - 1)
    fewer = found._replace(share_start=starts, share_entry=found.share_entry[1:])
    assert faults(laid.case, fewer)[0] == "order 0: its shares and what is left are not what is asked"


def test_stock_that_is_taken_twice_is_found() -> None:
    laid = a_wave()
    found = answered(laid)
    stock = int(np.flatnonzero(used_by(laid.case, found)[len(laid.limits) :])[0]) + len(laid.limits)
    laid.case.capacity[stock] = 0
    assert faults(laid.case, found)[0].startswith(f"resource {stock}: ")


def test_a_price_raises_the_bound_of_scarce_stock_and_never_above_the_best_plan() -> None:
    laid = a_wave()
    best = solved(laid.case, "HiGHS", 30)
    assert best.total is not None
    rng = np.random.default_rng(3)
    for _ in range(20):
        most = np.minimum(laid.case.over_cost, 400) * PRICES_PER_MINOR
        prices = (rng.random(laid.case.resources) * most * (rng.random(laid.case.resources) < 0.3)).astype(np.int64)
        assert bound_of(laid.case, prices) <= round(best.total) * PRICES_PER_MINOR


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_whole_model_has_the_same_least_cost_for_every_solver(solver: str) -> None:
    laid = a_wave(6)
    best = solved(laid.case, solver, 30)
    assert best.total is not None
    assert best.bound == pytest.approx(best.total, abs=0.5)
    assert round(best.total) == round(solved(laid.case, "SCIP", 30).total or 0)
    assert round(best.total) <= answered(laid).total


def test_what_orders_cost_one_by_one_and_nearest_first_is_never_less_than_the_best() -> None:
    made = wave_world(2, orders=12, sources=6, skus=8)
    snapshot = made.world.snapshot()
    laid = lay_out_orders(snapshot, made.orders, made.terms())
    best = solved(laid.case, "HiGHS", 30)
    assert best.total is not None
    for plans in (as_finding(laid, snapshot.decide_all(made.orders)), nearest_first(laid)):
        wrong = faults(laid.case, plans._replace(total=cost_of(laid.case, plans)))
        assert wrong == []
        assert cost_of(laid.case, plans) >= round(best.total)


def test_the_plot_is_sound_xml_with_a_line_for_each_measure() -> None:
    runs = [
        Run(
            orders=orders, seed=1, total=2, bound=1, seconds=orders / 100, processor_seconds=1, layout_seconds=0.01,
            peak_mb=200, laid_mb=150, one_by_one=3, nearest=4, unfilled=0, reason="", entries=9,
        )
        for orders in (100, 1_000)
    ]  # fmt: skip
    drawn = ET.fromstring(plot(runs))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3
