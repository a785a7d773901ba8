"""The entries of one order: at any prices of stock and services, its best plan is made of them."""

import random
from dataclasses import replace

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Ints
from solver.sourcing.exact.arrays import NEVER, Arrays, arrays_of, prepared
from solver.sourcing.exact.leaving import leaving_cost
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import search
from solver.sourcing.exact.states import describe
from solver.waves.laying.room import ENTRIES, ROWS, Room, new_room
from solver.waves.laying.shares import DONE, LINES_COUPLE, NONE, PACKAGES_COUPLE, add_shares
from tests.sourcing.exact.cases import plain_case, random_case

CASES = 600


def arrays(case: Case) -> Arrays:
    ready = prepared(case)
    assert not isinstance(ready, GaveUp)
    return arrays_of(case, *ready, np.ones_like(case.demand))


def laid(c: Arrays, lane_resource: Ints, lane_over: Ints | None = None) -> tuple[int, Room]:
    room = new_room(rows=16, entries=4096, packages=4096)
    over = np.full(len(lane_resource), NEVER) if lane_over is None else lane_over
    over = np.where(lane_resource == NONE, 0, over)
    status = add_shares(c, describe(c), lane_resource, over, np.zeros(len(c.source_cost), dtype=bool), room)
    return status, room


def best_of(c: Arrays, room: Room, lane_price: Ints, unit_price: Ints) -> int:
    """The least cost of an order by its entries, trying every plan: row after row, each with one share at most."""
    values = {(0, 0): 0}  # by what is covered, and in how many shares
    most = min(c.most_packages, c.most_sources)
    for row in range(room.used[ROWS]):
        known = dict(values)
        offer = room.row_offer[row]
        for at in range(room.entry_start[row], room.entry_start[row + 1]):
            state = int(room.entry_state[at])
            units = state // c.stride % c.radix
            extra = int(room.entry_cost[at]) + int(units @ unit_price[offer]) + priced(room, at, lane_price)
            for (covered, shares), value in known.items():
                if shares < most and (covered // c.stride % c.radix + units < c.radix).all():
                    key = covered + state, shares + 1
                    values[key] = min(values.get(key, NEVER), value + extra + (c.spared if shares else 0))
    leave = leaving_cost(c, len(c.line_state))
    if c.complete:
        leave[1:-1] = NEVER
    whole = len(leave) - 1
    return min(value + int(leave[whole - covered]) for (covered, _), value in values.items())


def priced(room: Room, at: int, lane_price: Ints) -> int:
    lane = int(room.entry_lane[at])
    if lane >= 0:
        return int(lane_price[lane])
    packages = range(int(room.way_start[-1 - lane]), int(room.way_start[-lane]))
    assert len(packages) > 1
    assert sum(int(room.way_state[one]) for one in packages) == room.entry_state[at]
    return sum(int(lane_price[int(room.way_lane[one])]) for one in packages)


def a_case(number: int) -> Case | None:
    """A case of one level and of one offer a source, whose services are limited by prices alone."""
    case = random_case(number)
    if case.levels > 1 or len(np.unique(case.offer_source)) < len(case.offer_source):
        return None
    return replace(case, service_most_packages=np.full_like(case.service_most_packages, NO_LIMIT))


def test_at_any_prices_the_best_plan_is_made_of_entries(seed: int) -> None:
    compared = 0
    for number in range(seed, seed + CASES):
        case = a_case(number)
        if case is None:
            continue
        rng = random.Random(number)
        of_service = np.array([rng.choice((0, 0, 3, 11)) for _ in case.service_most_packages])
        unit_price = np.array([rng.choice((0, 0, 2, 7)) for _ in range(case.stock.size)]).reshape(case.stock.shape)
        c = arrays(case)
        lane_resource = np.where(of_service > 0, np.arange(len(of_service)), NONE)[c.lane_service]
        status, room = laid(c, lane_resource)
        if status != DONE:
            assert status in (LINES_COUPLE, PACKAGES_COUPLE), f"case {number}"
            continue
        of_lanes = replace(
            case,
            package_cost=case.package_cost + of_service[case.lane_service],
            unit_cost=case.unit_cost + unit_price[case.lane_offer],
        )
        found = search(of_lanes)
        assert not found.reason, f"case {number}"
        best = best_of(c, room, of_service[c.lane_service], unit_price)
        assert (best,) == found.cost, f"case {number}"
        compared += 1
    assert compared > CASES // 8


def test_every_service_with_a_resource_keeps_its_entry_and_others_only_the_cheapest() -> None:
    case = replace(
        plain_case([[1]], [0], [1]),
        package_cost=np.array([[7, 5, 6]]),
        lane_offer=np.zeros(3, dtype=np.int64),
        lane_service=np.arange(3),
        lane_tariff=np.zeros(3, dtype=np.int64),
        carries=np.ones((3, 1), dtype=bool),
        package_most_grams=np.full(3, NO_LIMIT),
        package_most_mm3=np.full(3, NO_LIMIT),
        package_most_units=np.full(3, NO_LIMIT),
        kind_cost=np.zeros((1, 3), dtype=np.int64),
        unit_cost=np.zeros((1, 3, 1), dtype=np.int64),
        service_most_packages=np.full(3, NO_LIMIT),
    )
    c = arrays(case)
    status, room = laid(c, np.arange(3), np.array([1, 1, 1]))
    assert room.entry_cost[: room.used[ENTRIES]].tolist() == [5]  # even if it costs one more, it costs no more than 6
    for resources, kept in (
        ([NONE, NONE, NONE], [5]),
        ([0, 1, 2], [7, 5, 6]),
        ([NONE, 1, NONE], [6, 5]),
        ([0, NONE, 0], [5]),
    ):
        status, room = laid(arrays(case), np.array(resources))
        assert status == DONE
        assert room.entry_cost[: room.used[ENTRIES]].tolist() == kept


def test_what_no_single_package_holds_is_a_way_of_several() -> None:
    case = plain_case([[2]], [5], [2], package_most_units=np.array([1]))
    status, room = laid(arrays(case), np.array([0]))
    assert status == DONE
    assert room.entry_state[:2].tolist() == [1, 2]
    assert room.entry_cost[:2].tolist() == [5, 10]
    assert room.entry_lane[:2].tolist() == [0, -1]
    assert room.entry_resource[:2].tolist() == [0, NONE]
    assert room.way_start[:2].tolist() == [0, 2]
    assert room.way_state[:2].tolist() == [1, 1]
    assert room.way_resource[:2].tolist() == [0, 0]


def test_ways_of_several_packages_are_outside_the_structure_where_packages_are_few() -> None:
    case = plain_case([[2]], [5], [2], package_most_units=np.array([1]), most_packages=1)
    status, room = laid(arrays(case), np.array([0]))
    assert status == DONE  # one package only, so there is none of two
    assert room.used[ENTRIES] == 1
    three = plain_case([[3]], [5], [3], package_most_units=np.array([1]), most_packages=2)
    status, room = laid(arrays(three), np.array([0]))
    assert (status, room.used[ENTRIES]) == (PACKAGES_COUPLE, 0)
