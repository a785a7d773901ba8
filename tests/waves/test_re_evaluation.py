"""A pool of assigned orders looked at again: fewer shipments, few orders moved, every promise kept."""

import numpy as np
import pytest

from benchmarks.experiments.pool_optimum import fewest_shipments
from benchmarks.experiments.pools import PLACEMENTS, assigned_pool, check
from solver.waves.re_evaluation import Pool, least_shipments, re_evaluate, shipments

Rows = list[list[tuple[int, int, int]]]  # orders of (item, units, source)


def pool_of(orders: Rows, free: list[list[int]], may_ship: list[list[bool]] | None = None) -> Pool:
    lines = [line for order in orders for line in order]
    item, units, source = (np.array(column, dtype=np.int64) for column in zip(*lines, strict=True))
    return Pool(
        line_start=np.cumsum([0, *map(len, orders)]),
        item=item,
        units=units,
        source=source,
        may_ship=np.ones((len(orders), len(free)), dtype=np.bool_) if may_ship is None else np.array(may_ship),
        free=np.array(free, dtype=np.int64),
    )


def test_a_split_order_goes_to_a_free_unit() -> None:
    found = re_evaluate(pool_of([[(0, 1, 0), (1, 1, 1)]], [[0, 1], [0, 0]]), most_moved_permille=1000)
    assert found.source.tolist() == [0, 0]
    assert found.free.tolist() == [[0, 0], [0, 1]]
    assert found.moved.tolist() == [True]


def test_an_order_of_one_line_changes_places_with_a_split_one() -> None:
    pool = pool_of([[(0, 1, 0), (1, 1, 1)], [(1, 1, 0)]], [[0, 0], [0, 0]])
    found = re_evaluate(pool, most_moved_permille=1000)
    assert sorted(found.source.tolist()) == [0, 0, 1]
    assert shipments(pool, found.source).tolist() == [1, 1]
    assert found.moved.tolist() == [True, True]


def test_nobody_makes_room_from_where_its_promise_would_break() -> None:
    pool = pool_of([[(0, 1, 0), (1, 1, 1)], [(1, 1, 0)]], [[0, 0], [0, 0]], [[True, True], [True, False]])
    found = re_evaluate(pool, most_moved_permille=1000)
    assert found.source.tolist() == [0, 1, 0]
    assert not found.moved.any()


def test_a_split_order_stays_away_from_sources_that_are_too_late_for_it() -> None:
    pool = pool_of([[(0, 1, 0), (1, 1, 1)]], [[0, 0], [0, 0], [1, 1]], [[True, True, False]])
    assert re_evaluate(pool, most_moved_permille=1000).source.tolist() == [0, 1]


def test_no_more_orders_move_than_may() -> None:
    split: Rows = [[(0, 1, 0), (1, 1, 1)] for _ in range(10)]
    pool = pool_of(split, [[0, 10], [0, 0]])
    found = re_evaluate(pool, most_moved_permille=300)
    assert found.moved.sum() == 3
    assert shipments(pool, found.source).sum() == 17


def test_the_least_an_order_needs_is_told_with_all_stock_of_the_pool_before_it() -> None:
    pool = pool_of([[(0, 1, 0), (1, 1, 1)], [(1, 1, 0)], [(0, 1, 0), (2, 1, 1)]], [[0, 0, 0], [0, 0, 0]])
    assert least_shipments(pool).tolist() == [1, 1, 2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stock_adds_up_and_shipments_lie_between_the_bound_and_what_they_were(seed: int) -> None:
    pool = assigned_pool(seed, 600, 40, unassigned=0.1)
    found = re_evaluate(pool)
    check(pool, found.source, found.free)
    before, after = shipments(pool, pool.source), shipments(pool, found.source)
    assert least_shipments(pool).sum() <= after.sum() < before.sum()
    assert (after <= before).all()
    assert found.moved.sum() <= 60
    order_of = np.repeat(np.arange(len(pool)), np.diff(pool.line_start))
    assert set(order_of[found.source != pool.source]) <= set(np.flatnonzero(found.moved))


def test_the_optimum_of_a_pool_is_what_changing_places_alone_can_save() -> None:
    pool = pool_of([[(0, 1, 0), (1, 1, 1)], [(1, 1, 0)], [(0, 1, 0), (2, 1, 1)]], [[0, 0, 0], [0, 0, 0]])
    assert int(least_shipments(pool).sum()) == 4
    assert fewest_shipments(pool) == 4
    kept = pool_of([[(0, 1, 0), (1, 1, 1)], [(1, 1, 0)]], [[0, 0], [0, 0]], [[True, True], [True, False]])
    assert int(least_shipments(kept).sum()) == 2  # as if both could have the only unit
    assert fewest_shipments(kept) == 3


@pytest.mark.parametrize("name", PLACEMENTS)
def test_no_placement_lets_fewer_be_shipped_than_the_optimum_nor_that_than_the_bound(name: str) -> None:
    pool = assigned_pool(1, 600, 40, unassigned=0.1, placement=PLACEMENTS[name])
    found = re_evaluate(pool, most_moved_permille=1000)
    check(pool, found.source, found.free)
    assert least_shipments(pool).sum() <= fewest_shipments(pool) <= shipments(pool, found.source).sum()


def test_with_a_hub_every_item_that_is_asked_for_lies_there() -> None:
    pool = assigned_pool(1, 600, 40, unassigned=0.1, placement=PLACEMENTS["with a hub"])
    stock = pool.free.copy()
    np.add.at(stock, (pool.source, pool.item), pool.units)
    units, elsewhere = stock[0], stock[1:]
    assert (units[stock.sum(axis=0) > 8] > 0).all()
    assert ((elsewhere > 0).sum(axis=0) <= 3).all()


def test_items_of_a_department_lie_at_no_more_than_its_four_warehouses() -> None:
    placement = PLACEMENTS["by departments"]
    pool = assigned_pool(1, 600, 48, unassigned=0.1, placement=placement)
    stock = pool.free.copy()
    np.add.at(stock, (pool.source, pool.item), pool.units)
    for first in range(placement.departments):
        of_department = stock[:, first :: placement.departments] > 0
        assert of_department.any(axis=1).sum() <= 4
