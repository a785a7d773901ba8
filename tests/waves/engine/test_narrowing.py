"""Passes over few entries steer prices; what is proven is proven by passes over all."""

import numpy as np
import pytest

from solver.waves.engine import narrowing, promising
from solver.waves.engine.crew import Crew
from solver.waves.engine.narrowing import narrowed
from solver.waves.engine.passes import Passes
from solver.waves.engine.promising import promising_entries
from solver.waves.engine.search import search
from solver.waves.limits import Watch, WaveLimits
from tests.waves.engine.cases import as_plans, best_total, bound_at, cost_together, random_case

QUICK = WaveLimits(passes=100, moves=200, columns=10)


def test_a_wave_narrowed_to_all_its_entries_is_priced_as_it_was() -> None:
    case = random_case(4, orders=30, sources=6, skus=10)
    crew, prices = Crew(case.orders, None), np.arange(case.resources, dtype=np.int64) * 300
    every = Passes(case, crew).at(prices)
    same = Passes(narrowed(case, np.arange(len(case.entry_cost))), crew).at(prices)
    assert (same.bound, same.used.tolist()) == (every.bound, every.used.tolist())


@pytest.mark.parametrize("seed", range(10))
def test_few_entries_seem_no_cheaper_and_as_cheap_where_they_were_chosen(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promising, "_ENTRIES_PER_UNIT", 2)
    case = random_case(seed, orders=30, sources=6, skus=10)
    crew, prices = Crew(case.orders, None), np.arange(case.resources, dtype=np.int64) % 7 * 900
    entries = promising_entries(case, crew, prices)
    assert len(entries) < len(case.entry_cost)
    few, every = Passes(narrowed(case, entries), crew), Passes(case, crew)
    elsewhere = prices[::-1].copy()
    assert few.at(elsewhere).bound >= every.at(elsewhere).bound
    assert few.at(prices).bound >= every.at(prices).bound


@pytest.mark.parametrize("seed", range(15))
def test_the_bound_of_a_search_by_few_entries_is_proven_by_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promising, "_ENTRIES_PER_UNIT", 1)
    monkeypatch.setattr(narrowing, "_WORTH_IT", 1.0)
    case = random_case(seed)
    found = search(case, QUICK, Watch())
    assert found.bound <= bound_at(case, found.prices)
    assert found.bound <= 1000 * best_total(case) <= 1000 * found.total
    assert cost_together(case, as_plans(case, found)) == found.total
