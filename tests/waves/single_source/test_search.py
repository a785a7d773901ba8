"""The search for orders that ship whole from one source, against every plan there is."""

import numpy as np
import pytest

from solver.waves.limits import Watch, WaveLimits
from solver.waves.single_source.ascent import ascended
from solver.waves.single_source.effort import Effort
from solver.waves.single_source.openings import planned, tries_in_time
from solver.waves.single_source.polish import polished
from solver.waves.single_source.reading import read
from solver.waves.single_source.search import search
from tests.waves.engine.cases import as_plans, best_total, bound_at, cost_together
from tests.waves.single_source.by_chance import single_source_case

QUICK = WaveLimits(passes=150, moves=300)


@pytest.mark.parametrize("opening", [True, False])
@pytest.mark.parametrize("slack", [0.6, 1.05, 1.5])
@pytest.mark.parametrize("seed", range(6))
def test_small_waves_are_planned_best_also_where_not_all_orders_fit(seed: int, slack: float, opening: bool) -> None:
    case = single_source_case(seed, slack=slack, opening=opening)
    found = search(case, QUICK, Watch())
    assert found is not None
    assert found.total == best_total(case) == cost_together(case, as_plans(case, found))
    assert found.bound <= bound_at(case, found.prices)
    assert found.bound <= 1000 * found.total


@pytest.mark.parametrize("seed", range(12))
def test_packing_whole_orders_never_proves_more_than_is_true(seed: int) -> None:
    case = single_source_case(seed, slack=1.1)
    reading = read(case)
    assert reading is not None
    prices = ascended(reading.instance, np.zeros(reading.instance.sources), 200, Watch(), float("inf"))
    assert prices.bound <= 1000 * best_total(case)


def test_orders_that_nothing_has_room_for_are_left() -> None:
    case = single_source_case(1)
    case.capacity[:] = 0
    found = search(case, QUICK, Watch())
    assert found is not None
    assert (found.total, len(found.share_entry), found.left.tolist()) == (5 * 5000, 0, [1] * 5)


def test_the_same_work_gives_the_same_answer() -> None:
    case = single_source_case(3, orders=40, sources=6, slack=1.05)
    one, two = (search(case, QUICK, Watch()) for _ in range(2))
    assert one is not None
    assert two is not None
    for name in one._fields:
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_restarts_have_so_many_tries_that_they_cool_by_the_deadline() -> None:
    """5,000 tries take a second: a quarter of the nine that are left has room for 11,250; then time runs out."""
    clock = iter([0.0, 1.0, 1.0, 9.5, 10.0])
    watch = Watch(clock=lambda: next(clock))
    assert list(tries_in_time(4, 300_000, watch, 10.0)) == [5_000, 11_250, 1_000]
    assert list(tries_in_time(4, 300_000, Watch(), float("inf"))) == [300_000] * 4


def test_a_single_plan_is_made_better_twice() -> None:
    case = single_source_case(3, orders=40, sources=6, slack=1.05)
    reading = read(case)
    assert reading is not None
    prices = ascended(reading.instance, np.zeros(reading.instance.sources), 100, Watch(), float("inf"))
    first = planned(reading.instance, np.ones(reading.instance.sources, dtype=np.bool_), prices, moves=400, seed=1)
    assert first is not None
    effort = Effort(steps=20_000, seed=1, watch=Watch())
    both = polished(reading.instance, [first], prices, np.zeros(reading.instance.sources), effort)
    assert len(both) == 2
    assert both[0].cost <= both[1].cost <= first.cost


def test_a_caller_who_cancels_gets_a_plan_all_the_same() -> None:
    case = single_source_case(4, orders=30, sources=5)
    found = search(case, QUICK, Watch(is_cancelled=lambda: True))
    assert found is not None
    assert found.reason == "cancelled"
    assert cost_together(case, as_plans(case, found)) == found.total


def test_what_a_program_knows_for_the_best_is_not_searched_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    case = single_source_case(3, orders=20, sources=4, slack=1.05)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the best plan was known")

    for name in ("walked", "polished", "improved"):
        monkeypatch.setattr(f"solver.waves.single_source.search.{name}", never)
    found = search(case, QUICK, Watch())
    monkeypatch.undo()
    assert found is not None
    at_length = search(case, WaveLimits(passes=150, moves=300, columns=0), Watch())
    assert at_length is not None
    assert found.total <= at_length.total
    assert cost_together(case, as_plans(case, found)) == found.total


def test_waves_of_another_kind_are_left_to_the_engine_of_all_waves() -> None:
    soft, several, quota = single_source_case(5), single_source_case(5), single_source_case(5)
    soft.over_cost[:] = 3
    quota.least[0] = 1
    several.source_orders[:] = 0  # all sources share one limit
    several.capacity[0] = 1
    assert [search(case, QUICK, Watch()) for case in (soft, quota, several)] == [None] * 3


def test_a_limit_that_all_orders_together_cannot_reach_does_not_count() -> None:
    case = single_source_case(6)
    case.capacity[0] = 1000
    reading = read(case)
    assert reading is not None
    assert reading.resource.tolist() == [-1, 1, 2]
