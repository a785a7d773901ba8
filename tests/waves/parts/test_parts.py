"""Waves in parts: what is split, what each part is given, and that bound and plans are those of the whole wave."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.wave_judge import bound_of, cost_of, faults
from benchmarks.wave_worlds import wave_world
from solver.sourcing.case import Ints
from solver.waves.case import PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.check import violations_of_wave
from solver.waves.check_bound import violations_of_bound
from solver.waves.engine.search import search
from solver.waves.from_snapshot import lay_out_orders
from solver.waves.limits import Watch, WaveLimits
from solver.waves.parts.cut import cut
from solver.waves.parts.executors import hands_of
from solver.waves.parts.hands import Hands
from solver.waves.parts.in_parts import InParts
from solver.waves.parts.potential import potential_of
from solver.waves.parts.shares import shared_out
from solver.waves.parts.split import components, split
from solver.waves.plan import SplitCost
from solver.waves.sharing import TwoPrices
from solver.waves.solve import solve_wave
from tests.waves.any_wave import any_wave
from tests.waves.by_hand import best_finding
from tests.waves.parts.cases import LEAVE, WORK, mortal_engine, same_answer, single_unit_case

SMALL_NUMBERS = st.integers(0, 30)


@pytest.fixture(scope="module")
def tight() -> WaveCase:
    made = wave_world(3, orders=60, sources=8, skus=80)
    return lay_out_orders(made.world.snapshot(), made.orders, made.terms()).case


def numbers(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def test_orders_that_share_something_scarce_stay_together() -> None:
    costs = np.array([[1, -1, -1], [1, -1, 2], [-1, 3, 4], [-1, 3, 4]])
    apart = single_unit_case(costs, numbers(1, 1, 9))  # there is enough of the third source for all
    assert [one.tolist() for one in components(apart, potential_of(apart))] == [[0, 1], [2, 3]]
    linked = single_unit_case(costs, numbers(1, 1, 2))
    assert [one.tolist() for one in components(linked, potential_of(linked))] == [[0, 1, 2, 3]]


def test_a_source_that_costs_something_to_open_links_its_orders() -> None:
    costs = np.array([[1, -1], [1, -1], [-1, 1]])
    case = single_unit_case(costs, numbers(9, 9), opening=5)
    assert [one.tolist() for one in components(case, potential_of(case))] == [[0, 1], [2]]


def test_a_large_component_is_cut_by_the_nearest_sources() -> None:
    west, east = [1, 2, 50, 60], [50, 60, 1, 2]
    case = single_unit_case(np.array([west, east] * 4), numbers(1, 1, 1, 1))
    assert [one.tolist() for one in split(case, potential_of(case), 4)] == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_small_components_share_a_part() -> None:
    case = single_unit_case(np.array([[1], [1], [1]]), numbers(9))
    assert [one.tolist() for one in split(case, potential_of(case), 2)] == [[0, 1], [2]]


@given(st.lists(st.tuples(SMALL_NUMBERS, SMALL_NUMBERS, SMALL_NUMBERS), min_size=1, max_size=4), SMALL_NUMBERS)
def test_shares_add_up_and_enough_for_all_is_enough_for_each(rows: list[tuple[int, int, int]], amount: int) -> None:
    possible = np.array(rows, dtype=np.int64)
    wanted = possible // 2
    shares = shared_out(np.full(3, amount), wanted, possible)
    assert (shares >= 0).all()
    for at in range(3):
        if possible[:, at].sum() > amount:
            assert shares[:, at].sum() == amount
        else:
            assert (shares[:, at] >= possible[:, at]).all()
        if wanted[:, at].sum() <= amount:
            assert (shares[:, at] >= wanted[:, at]).all()


def test_fractions_of_a_share_go_to_the_largest_remainder() -> None:
    wanted = np.array([[1], [2], [4]])
    assert shared_out(numbers(5), wanted, wanted).ravel().tolist() == [1, 1, 3]  # of 5/7, 10/7, 20/7


def test_a_part_is_the_wave_of_its_orders_alone(tight: WaveCase) -> None:
    orders = np.arange(0, 60, 3)
    part = cut(tight, orders)
    mine, whole = search(part.case, WORK, Watch()), part.case
    assert faults(whole, mine) == []
    assert np.array_equal(np.diff(whole.leave_start), np.diff(tight.leave_start)[orders])
    assert np.array_equal(whole.entry_cost, tight.entry_cost[part.entries])
    assert np.array_equal(whole.capacity, tight.capacity[part.resources])


@pytest.mark.parametrize("most_orders", [30, 20, 7])
def test_plans_and_bound_of_parts_are_those_of_the_undivided_wave(tight: WaveCase, most_orders: int) -> None:
    costs: list[SplitCost] = []
    found = InParts(most_orders=most_orders, tell_cost=costs.append)(tight, WORK, Watch())
    assert faults(tight, found) == []
    assert found.total == cost_of(tight, found)
    assert found.bound == bound_of(tight, found.prices)
    whole = search(tight, WaveLimits(), Watch())
    assert found.bound <= whole.total * PRICES_PER_MINOR
    assert whole.bound <= found.total * PRICES_PER_MINOR
    [cost] = costs
    assert (cost.parts, cost.largest_orders <= most_orders) == (-(-60 // most_orders), True)
    gap = found.total - -(-found.bound // PRICES_PER_MINOR)
    assert cost.most_minor - cost.recovered_minor + cost.own_gap_minor >= gap


@pytest.mark.parametrize("seed", range(6))
def test_small_waves_in_parts_keep_below_and_above_the_very_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = single_unit_case(rng.integers(-1, 60, size=(6, 3)), rng.integers(0, 4, size=3))
    found, best = InParts(most_orders=2)(case, WORK, Watch()), best_finding(case)
    assert found.bound <= best.total * PRICES_PER_MINOR
    assert best.total <= found.total == cost_of(case, found)
    assert faults(case, found) == []


def test_a_split_by_what_is_connected_costs_nothing() -> None:
    costs = np.array([[1, 5, -1, -1], [1, 9, -1, -1], [-1, -1, 2, 3], [-1, -1, 2, 8]])
    case = single_unit_case(costs, numbers(1, 9, 1, 9))
    told: list[SplitCost] = []
    found = InParts(most_orders=2, tell_cost=told.append)(case, WORK, Watch())
    assert (found.total, best_finding(case).total) == (1 + 5 + 2 + 3, 11)
    [cost] = told
    assert (cost.parts, cost.is_lossless, cost.most_minor) == (2, True, 0)


def test_what_one_part_leaves_fills_the_orders_of_another() -> None:
    costs = np.array([[1, -1]] * 3 + [[-1, 1]] * 3 + [[4, 4]])
    case = single_unit_case(costs, numbers(3, 4))
    found = InParts(most_orders=4)(case, WORK, Watch())
    assert found.total == 6 + 4 < LEAVE


def test_a_small_wave_is_not_split(tight: WaveCase) -> None:
    told: list[SplitCost] = []
    found = InParts(most_orders=60, tell_cost=told.append)(tight, WORK, Watch())
    assert same_answer(found, search(tight, WORK, Watch()))
    assert told == []


def test_every_executor_and_number_of_workers_gives_the_same_answer(tight: WaveCase) -> None:
    here = InParts(most_orders=20)(tight, WORK, Watch())
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as executor:
            hands = Hands(executor=executor, at_once=workers)
            there = InParts(most_orders=20, hands=hands, worth_sending=0)(tight, WORK, Watch())
        assert same_answer(here, there)


def test_processes_give_the_same_answer_also_when_one_dies(tight: WaveCase, tmp_path: Path) -> None:
    here = InParts(most_orders=30)(tight, WORK, Watch())
    with hands_of("processes:2") as hands:
        engine = InParts(most_orders=30, hands=hands, engine=mortal_engine(tmp_path), worth_sending=0)
        there = engine(tight, WORK, Watch())
    assert (tmp_path / "died").exists()
    assert same_answer(here, there)


def test_no_time_at_all_is_a_plan_and_a_bound(tight: WaveCase) -> None:
    found = InParts(most_orders=20)(tight, WaveLimits(time_limit_seconds=0.0), Watch())
    assert faults(tight, found) == []
    assert 0 < found.bound == bound_of(tight, found.prices)
    assert found.reason == "time_limit"


class OnlyOnce(Executor):
    """Does the first piece of work that it is given, at once, and no other."""

    def __init__(self) -> None:
        self.is_used = False

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.is_used:
            self.is_used = True
            future.set_result(work(*arguments, **named))
        return future


def test_cancelling_keeps_what_was_decided_and_plans_the_rest(tight: WaveCase) -> None:
    executor, told = OnlyOnce(), list[SplitCost]()
    engine = InParts(most_orders=20, hands=Hands(executor=executor, at_once=3), tell_cost=told.append)
    found = engine(tight, WORK, Watch(is_cancelled=lambda: executor.is_used))
    assert found.reason == "cancelled"
    assert faults(tight, found) == []
    assert found.bound == bound_of(tight, found.prices)
    assert told[0].undecided_orders == 40


def test_work_that_fails_here_as_well_is_an_error(tight: WaveCase) -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError):
        InParts(most_orders=20, hands=Hands(executor=executor), engine=broken)(tight, WORK, Watch())


def broken(case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
    raise ZeroDivisionError


@pytest.mark.parametrize("block", range(4))
def test_random_waves_with_every_term_in_parts_are_sound(block: int) -> None:
    split_up = 0
    for seed in range(25 * block, 25 * block + 25):
        told: list[SplitCost] = []
        try:
            plan = solve_wave(any_wave(seed), limits=WORK, engine=InParts(most_orders=1, tell_cost=told.append))
        except TwoPrices:
            continue
        assert violations_of_wave(any_wave(seed), plan) == [], seed
        assert violations_of_bound(any_wave(seed), plan) == [], seed
        split_up += bool(told)
    assert split_up >= 10
