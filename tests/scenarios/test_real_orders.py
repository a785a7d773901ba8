"""Real orders, one after the other on the stock that is left: all answered, soundly, and never worse than a rule."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.real_sets import compare
from solver.importers.cn.importer import import_cn
from solver.importers.cn.options import CnOptions
from solver.importers.olist.importer import import_olist
from solver.importers.olist.options import OlistOptions
from solver.scenario.model import Scenario
from solver.sourcing.plan import Engine

ORDERS = 300  # `python -m benchmarks.real_sets` takes thousands


def patient(scenario: Scenario) -> Scenario:
    """With time enough for a slow machine to prove what a fast one proves at once."""
    return replace(scenario, policy=replace(scenario.policy, time_limit_ms=60_000))


def test_brazilian_orders_are_planned_to_the_optimum(shared_data: Path) -> None:
    comparison = compare("olist", patient(import_olist(shared_data, OlistOptions(orders=ORDERS)).scenario))
    assert (comparison.orders, comparison.proven, comparison.gap_minor) == (ORDERS, ORDERS, 0)
    assert comparison.never_worse
    assert comparison.alike_minor[Engine.EXACT] < comparison.alike_minor[Engine.NEAREST]


def test_chinese_orders_are_planned_to_the_optimum(shared_data: Path) -> None:
    comparison = compare("cn", patient(import_cn(shared_data, CnOptions(orders=ORDERS)).scenario))
    assert (comparison.orders, comparison.proven, comparison.gap_minor) == (ORDERS, ORDERS, 0)
    assert comparison.never_worse
    assert comparison.alike_minor[Engine.EXACT] < comparison.alike_minor[Engine.GREEDY]


@pytest.mark.parametrize("seed", [1, 2])
def test_raw_quantities_are_answered_too(shared_data: Path, seed: int) -> None:
    comparison = compare("raw", import_cn(shared_data, CnOptions(orders=8, quantity_divisor=1, seed=seed)).scenario)
    assert comparison.orders == 8
    assert comparison.never_worse
    assert comparison.unfilled_units < comparison.ordered_units
