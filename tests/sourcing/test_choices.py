"""A priority that prices packages alone, as distance does: settled by itself, with the plans that all levels give."""

import random
from dataclasses import replace

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Finding
from solver.sourcing.choices import choices_at, is_priced_by_package
from solver.sourcing.counts import may_be_counted, search_by_counts
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.mip.engine import solve_by_mip
from tests.sourcing.exact.brute import best_cost
from tests.sourcing.exact.cases import plain_case

QUICK = Limits(states=1_000, nodes=20_000, loads=100_000)
FILL, PACKAGES, DISTANCE, MONEY = range(4)


def priced_case(stock: list[list[int]], meters: list[int], money: list[int], demand: list[int]) -> Case:
    """Fill the order, then few packages, then a short way, then money; one lane for each offer."""
    offers, parts = len(stock), len(demand)
    none = np.zeros(4, dtype=np.int64)
    package_cost = np.zeros((4, offers), dtype=np.int64)
    package_cost[PACKAGES], package_cost[DISTANCE], package_cost[MONEY] = 1, meters, money
    unfilled_cost = np.zeros((4, parts), dtype=np.int64)
    unfilled_cost[FILL], unfilled_cost[MONEY] = 1, 1000
    case = plain_case(stock, money, demand)
    return replace(
        case,
        tariffs=tuple(replace(tariff, cards=(None,) * 4) for tariff in case.tariffs),
        package_cost=package_cost,
        kind_cost=np.zeros((4, offers), dtype=np.int64),
        unit_cost=np.zeros((4, offers, parts), dtype=np.int64),
        source_cost=np.zeros((4, offers), dtype=np.int64),
        stair_cost=np.zeros((4, 0), dtype=np.int64),
        further_package_cost=none,
        further_source_cost=none,
        unfilled_cost=unfilled_cost,
    )


def drawn_case(rng: random.Random, units: int) -> Case:
    """Short ways are often equally long, so that several choices are as good."""
    parts, offers = rng.randint(1, 3), rng.randint(2, 4)
    demand = [rng.randint(1, units) for _ in range(parts)]
    stock = [[rng.randint(0, wanted) for wanted in demand] for _ in range(offers)]
    meters = [rng.choice((100, 200, 300)) for _ in range(offers)]
    case = priced_case(stock, meters, [rng.randint(0, 20) for _ in range(offers)], demand)
    unit_cost = case.unit_cost.copy()
    unit_cost[MONEY] = np.array([[rng.randint(0, 3) for _ in range(parts)] for _ in range(offers)])
    most_grams = np.array([rng.choice((NO_LIMIT, 100 * rng.randint(1, units + 1))) for _ in range(offers)])
    return replace(case, unit_cost=unit_cost, package_most_grams=most_grams, most_packages=rng.randint(1, 4))


def by_counts(case: Case) -> Finding | None:
    assert may_be_counted(case)
    return search_by_counts(case, lambda one: search(one, limits=QUICK))


def test_only_a_level_of_packages_is_priced_by_them() -> None:
    case = priced_case([[3], [3]], [100, 200], [5, 1], [4])
    assert [is_priced_by_package(case, level) for level in range(4)] == [False, True, True, False]
    further = np.array([0, 1, 0, 0])
    assert not is_priced_by_package(replace(case, further_package_cost=further), PACKAGES)


def test_choices_have_all_parts_and_come_to_just_the_cost() -> None:
    """Of 5 units, the first and the second offer have all, the first and the third as well; equally far."""
    case = priced_case([[3], [2], [2], [4]], [100, 200, 200, 200], [5, 1, 2, 3], [5])
    chosen = choices_at(case, DISTANCE, 2, 300)
    assert chosen is not None
    assert [np.flatnonzero(lanes).tolist() for lanes in chosen] == [[0, 1], [0, 2], [0, 3]]
    assert choices_at(case, DISTANCE, 2, 200) == []


def test_lanes_of_one_offer_are_told_apart_by_their_price_alone() -> None:
    case = priced_case([[4], [4]], [100, 200], [5, 1], [4])
    lanes = np.array([0, 0, 0, 1])
    many = replace(
        case,
        lane_offer=lanes,
        lane_service=np.zeros(4, dtype=np.int64),
        lane_tariff=np.zeros(4, dtype=np.int64),
        carries=np.ones((4, 1), dtype=bool),
        package_cost=np.array([[0] * 4, [1] * 4, [100, 100, 150, 200], [1, 2, 3, 4]]),
    )
    chosen = choices_at(many, DISTANCE, 1, 100)
    assert chosen is not None
    assert [np.flatnonzero(one).tolist() for one in chosen] == [[0, 1]]


def test_small_orders_are_decided_as_by_every_plan(seed: int) -> None:
    rng = random.Random(seed)
    filled = 0
    for number in range(80):
        case = drawn_case(rng, 3)
        found, best = by_counts(case), best_cost(case)
        if found is not None:
            assert (found.reason, found.cost, found.bound) == ("", best, best), f"case {number} of seed {seed}"
            filled += 1
    assert filled > 20


def test_large_orders_are_decided_as_by_the_program(seed: int) -> None:
    rng = random.Random(seed)
    proven = 0
    for number in range(8):
        case = drawn_case(rng, 40)
        found = by_counts(case)
        program, _ = solve_by_mip(case, tolerances=(0,) * 4, time_limit_seconds=2)
        if found is not None and not found.reason and program.is_proven:
            assert found.cost == program.cost, f"case {number} of seed {seed}"
            proven += 1
    assert proven > 0
