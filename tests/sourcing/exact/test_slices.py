"""Time limits: work in slices finds what it finds in one go, and ends when its time is up."""

from math import inf

import numpy as np
import pytest

from solver.sourcing.exact import branch, load_prices, slices
from solver.sourcing.exact.arrays import arrays_of, prepared
from solver.sourcing.exact.load_prices import Basis, best_load_prices, improve
from solver.sourcing.exact.loads import Loads, loads_of
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import Limits, search
from tests.sourcing.exact.cases import plain_case, random_case


@pytest.mark.parametrize(
    ("until", "nodes"),
    [
        (inf, 4_000),
        (30.0, 4_000),  # time for five more times
        (17.5, 2_500),
        (12.0, 0),  # no more than was given
        (9.0, 0),
    ],
)
def test_the_next_slice_is_four_times_the_last_or_what_there_is_time_for(
    until: float, nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "perf_counter", lambda: 10.0)
    assert slices.next_slice(1_000, begun=7.0, until=until) == nodes


def test_slices_change_no_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [random_case(number) for number in range(seed, seed + 200)]
    in_one_go = [search(case, limits=Limits(loads=0)) for case in cases]
    monkeypatch.setattr(branch, "FEW_NODES", 1)
    for case, expected in zip(cases, in_one_go, strict=True):
        found = search(case, limits=Limits(loads=0))
        assert [(one.lane, one.units.tolist()) for one in found.shipments] == [
            (one.lane, one.units.tolist()) for one in expected.shipments
        ]
        assert (found.cost, found.bound, found.reason) == (expected.cost, expected.bound, expected.reason)


def test_when_time_is_up_branch_and_bound_ends_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch, "FEW_NODES", 1)
    case = plain_case(stock=[[1], [1]], package_cost=[10, 30], demand=[2])
    finding = search(case, limits=Limits(loads=0, until=-inf))
    assert (finding.reason, finding.cost, finding.bound) == (GaveUp.SEARCH_BUDGET, (2000,), (10 + 10,))
    assert search(case, limits=Limits(loads=0)).cost == (10 + 30,)


def test_the_first_slice_is_given_however_late_it_is() -> None:
    case = plain_case(stock=[[1], [1]], package_cost=[10, 30], demand=[2])
    assert search(case, limits=Limits(loads=0, until=-inf)).cost == (10 + 30,)


def a_wide_order(parts: int) -> Loads:
    """Each of two sources has every other part."""
    stock = [[50 * ((part + source) % 2) for part in range(parts)] for source in range(2)]
    case = plain_case(stock, [10, 30], [40] * parts)
    ready = prepared(case)
    assert not isinstance(ready, GaveUp)
    loads = loads_of(case, arrays_of(case, *ready, np.ones_like(case.demand)))
    assert loads is not None
    return loads


def test_prices_of_a_wide_order_are_given_up_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def counted(a: Loads, leave: load_prices.Floats, basis: Basis, turns: int) -> bool:
        given.append(turns)
        return improve(a, leave, basis, turns)

    monkeypatch.setattr(load_prices, "improve", counted)
    loads, leave = a_wide_order(12), np.full(12, 1000.0)
    assert best_load_prices(loads, leave, 5.0, until=-inf) is None
    assert given == [1]
    assert best_load_prices(loads, leave, 5.0, until=inf) is not None
    assert given[1:4] == [1, 4, 16]


def test_slices_change_no_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    loads, leave = a_wide_order(6), np.full(6, 1000.0)
    turn_by_turn = best_load_prices(loads, leave, 5.0, until=inf)
    monkeypatch.setattr(load_prices, "_FEW_TURNS", 1_000)
    in_one_go = best_load_prices(loads, leave, 5.0, until=inf)
    assert in_one_go is not None
    assert turn_by_turn is not None
    assert in_one_go.tolist() == turn_by_turn.tolist()
