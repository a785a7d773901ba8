"""Large quantities by what packages are opened as: against every plan, against the program, and by hand."""

import random
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import Case, Finding, Tariff
from solver.sourcing.cost import cost_of
from solver.sourcing.exact.loads import may_be_loaded
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.mip.engine import solve_by_mip
from tests.sourcing.exact.brute import best_cost
from tests.sourcing.exact.cases import plain_case, random_case

SMALL, LARGE = 300, 60
BY_KILOGRAM = RateCard(
    bands=(Band(up_to_grams=None, base_minor=800, from_grams=1000, step_grams=1000, step_minor=100),)
)


@pytest.fixture
def by_loads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the quantities, units are not counted."""
    module = import_module("solver.sourcing.exact.search")
    monkeypatch.setattr(module, "_FEW_SPLITS", -1)
    monkeypatch.setattr(module._Question, "may_search", lambda *_: False)


def without_coupling(case: Case) -> Case:
    """The case without the rules that loads leave to others."""
    no_limit = np.full_like(case.source_most_units, 2**62)
    return replace(
        case,
        together=np.zeros_like(case.together),
        stair_cost=np.zeros_like(case.stair_cost),
        source_most_units=no_limit,
        source_most_minutes=no_limit,
    )


def many_units(case: Case, number: int) -> Case:
    """The case with many times its units, of less weight each; offers have a little less."""
    rng = random.Random(number)
    times = rng.randint(3, 40)
    quantity = case.line_quantity * times
    missing = np.array([rng.randrange(times) for _ in range(case.stock.size)]).reshape(case.stock.shape)
    return replace(
        case,
        line_quantity=quantity,
        demand=quantity @ case.line_units,
        stock=np.maximum(0, case.stock * times - missing),
        unit_grams=np.maximum(1, case.unit_grams // rng.choice((1, 7, times))),
        unit_mm3=np.maximum(1, case.unit_mm3 // rng.choice((1, 7, times))),
        most_packages=rng.randint(2, 5),
    )


def is_consistent(case: Case, finding: Finding) -> bool:
    """The cost is that of the shipments, and what ships and what does not is the order."""
    shipped = sum((one.units for one in finding.shipments), np.zeros_like(case.demand))
    whole = shipped + finding.unfilled @ case.line_units
    return cost_of(case, finding.shipments, finding.unfilled) == finding.cost and (whole == case.demand).all()


@pytest.mark.usefixtures("by_loads_alone")
def test_no_plan_of_a_small_case_is_better(seed: int) -> None:
    proven = 0
    for number in range(seed, seed + SMALL):
        case = without_coupling(random_case(number))
        finding, best = search(case), best_cost(case)
        assert is_consistent(case, finding), f"case {number}"
        assert finding.bound <= best <= finding.cost, f"case {number}"
        assert finding.reason or finding.cost == best, f"case {number}"
        proven += not finding.reason
    assert proven > SMALL // 2


@pytest.mark.usefixtures("by_loads_alone")
def test_the_program_finds_nothing_better_for_many_units(seed: int) -> None:
    proven = 0
    for number in range(seed, seed + LARGE):
        case = many_units(without_coupling(random_case(number)), number)
        finding = search(case, limits=Limits(loads=200_000))
        program, _ = solve_by_mip(case, tolerances=(0,) * case.levels, time_limit_seconds=2)
        assert is_consistent(case, finding), f"case {number}"
        assert finding.bound <= program.cost, f"case {number}"
        assert program.bound <= finding.cost, f"case {number}"
        assert finding.reason or finding.cost <= program.cost, f"case {number}"
        proven += not finding.reason
    assert proven > LARGE // 4


def test_large_quantities_that_no_source_has_whole_are_decided_without_counting_units() -> None:
    case = plain_case(
        [[40_000, 20_000], [40_000, 20_000]],
        [50, 60],
        [50_000, 30_000],
        tariffs=(Tariff(cards=(BY_KILOGRAM,)),),
        unit_grams=np.array([2, 2]),
        most_packages=2,
    )
    finding = search(case)
    assert finding.is_proven
    # 160 kg in two packages, neither of which begins a kilogram that it does not fill.
    assert finding.cost == (50 + 60 + 2 * 800 + 158 * 100,)


def test_parcels_are_filled_to_the_gram_where_a_flat_price_ends() -> None:
    flat = RateCard(
        bands=(
            Band(up_to_grams=3000, base_minor=450),
            Band(up_to_grams=None, base_minor=350, step_grams=1000, step_minor=180),
        )
    )
    case = plain_case(
        [[130, 98]], [80], [130, 98], tariffs=(Tariff(cards=(flat,)),), unit_grams=np.array([60, 35]), most_packages=4
    )
    finding = search(case, limits=Limits(states=100))
    assert finding.is_proven
    # 11,230 g: three parcels of 3 kg at 450, and 2,230 g at 450.
    assert finding.cost == (4 * (80 + 450),)


def test_a_price_that_falls_with_weight_holds_only_from_its_weight_on() -> None:
    falling = RateCard(bands=(Band(up_to_grams=50_000, base_minor=9_000), Band(up_to_grams=None, base_minor=5_000)))
    light = plain_case(
        [[300, 300], [300, 300]],
        [10, 10],
        [300, 150],
        tariffs=(Tariff(cards=(falling,)),),
        most_packages=3,
    )
    limits = Limits(states=100)
    assert search(light, limits=limits).cost == (9_010,)  # 45 kg
    assert search(replace(light, unit_grams=np.array([100, 140])), limits=limits).cost == (5_010,)  # 51 kg


@pytest.mark.usefixtures("by_loads_alone")
def test_parts_that_travel_apart_may_be_left_together() -> None:
    case = plain_case(
        [[2, 2]],
        [10],
        [2, 2],
        apart=np.array([[False, True], [True, False]]),
        package_most_units=np.array([1]),
        most_packages=1,
        unfilled_cost=np.array([[20, 30]]),
    )
    finding = search(case)
    assert (finding.reason, finding.cost) == ("", (10 + 2 * 20 + 30,))  # one unit of the second ships
    assert finding.unfilled.tolist() == [2, 1]


def test_without_nodes_for_loads_it_gives_up_with_a_bound() -> None:
    case = plain_case(
        [[400, 200], [400, 200]], [50, 60], [500, 300], tariffs=(Tariff(cards=(BY_KILOGRAM,)),), most_packages=3
    )
    best = search(case)
    assert best.is_proven
    cut_off = search(case, limits=Limits(states=2000, loads=1))
    assert cut_off.reason is GaveUp.TOO_MANY_STATES
    assert (0,) < cut_off.bound <= best.cost <= cut_off.cost


def test_rules_that_bind_a_source_or_a_line_are_not_for_loads() -> None:
    case = plain_case([[5]], [1], [5])
    assert may_be_loaded(case)
    assert not may_be_loaded(replace(case, source_most_units=np.array([4])))
    assert not may_be_loaded(replace(case, together=np.array([True])))
