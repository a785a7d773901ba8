"""Every rule and every kind of cost alone, with the optimum worked out by hand, for both ways to run the search."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import NO_LIMIT, Case, Tariff
from solver.sourcing.exact.search import search
from solver.sourcing.exact.ways import COMPILED, PLAIN, Way
from tests.sourcing.exact.cases import plain_case


@pytest.fixture(params=[COMPILED, PLAIN], ids=["compiled", "plain"])
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


def best(case: Case, way: Way) -> tuple[int, list[tuple[int, list[int]]]]:
    """Cost of the only level, and the packages: lane and units."""
    finding = search(case, way=way)
    assert finding.is_proven
    assert finding.reason == ""
    return finding.cost[0], [(one.lane, one.units.tolist()) for one in finding.shipments]


def array(*values: Any) -> Any:
    return np.array(values)


def test_the_last_unit_of_a_source_is_not_shipped_twice(way: Way) -> None:
    case = plain_case(stock=[[1], [1]], package_cost=[10, 30], demand=[2])
    assert best(case, way) == (40, [(0, [1]), (1, [1])])


def test_a_missing_part_is_left_and_the_rest_ships(way: Way) -> None:
    case = plain_case(stock=[[1, 0]], package_cost=[10], demand=[1, 1])
    finding = search(case, way=way)
    assert (finding.cost, finding.unfilled.tolist()) == ((1010,), [0, 1])


def test_nothing_ships_when_leaving_is_cheaper(way: Way) -> None:
    assert best(plain_case(stock=[[1]], package_cost=[2000], demand=[1]), way) == (1000, [])


def test_without_a_lane_everything_is_left(way: Way) -> None:
    assert best(plain_case(stock=[], package_cost=[], demand=[2]), way) == (2000, [])


def test_of_equal_lanes_the_first_is_taken(way: Way) -> None:
    assert best(plain_case(stock=[[1], [1]], package_cost=[7, 7], demand=[1]), way) == (7, [(0, [1])])


CHEAP_APART: dict[str, Any] = {"stock": [[1, 0], [0, 1], [1, 1]], "package_cost": [5, 5, 30], "demand": [1, 1]}


def test_cheap_packages_of_two_sources_beat_a_dear_one(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART), way) == (10, [(0, [1, 0]), (1, [0, 1])])


def test_most_packages_holds(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART, most_packages=1), way) == (30, [(2, [1, 1])])


def test_most_sources_holds(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART, most_sources=1), way) == (30, [(2, [1, 1])])


def test_no_packages_allowed_leaves_everything(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART, most_packages=0), way) == (2000, [])


def test_further_packages_cost(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART, further_package_cost=array(15)), way)[0] == 25
    assert best(plain_case(**CHEAP_APART, further_package_cost=array(21)), way)[0] == 30


def test_further_sources_cost(way: Way) -> None:
    assert best(plain_case(**CHEAP_APART, further_source_cost=array(15)), way)[0] == 25
    assert best(plain_case(**CHEAP_APART, further_source_cost=array(21)), way)[0] == 30


def test_two_packages_of_a_source_pay_it_once(way: Way) -> None:
    case = plain_case(
        stock=[[2], [1]],
        package_cost=[10, 5],
        demand=[2],
        package_most_units=array(1, 1),
        source_cost=array([100, 100]),
    )
    assert best(case, way) == (120, [(0, [1]), (0, [1])])


def test_offers_of_one_source_pay_it_once(way: Way) -> None:
    case = plain_case(
        stock=[[1], [1], [2]],
        package_cost=[10, 10, 30],
        demand=[2],
        offer_source=array(0, 0, 1),
        source_cost=array([50, 50]),
        source_most_units=array(NO_LIMIT, NO_LIMIT),
        source_most_minutes=array(NO_LIMIT, NO_LIMIT),
        source_package_minutes=array(0, 0),
        source_unit_minutes=array(0, 0),
    )
    assert best(case, way) == (70, [(0, [1]), (1, [1])])


def test_parts_that_travel_apart_take_two_packages(way: Way) -> None:
    apart = array([False, True], [True, False])
    case = plain_case(stock=[[1, 1]], package_cost=[10], demand=[1, 1])
    assert best(case, way) == (10, [(0, [1, 1])])
    assert best(replace(case, apart=apart), way) == (20, [(0, [1, 0]), (0, [0, 1])])


def test_a_line_stays_together(way: Way) -> None:
    case = plain_case(stock=[[1], [1], [2]], package_cost=[1, 1, 50], demand=[2])
    assert best(case, way)[0] == 2
    assert best(replace(case, together=array(True)), way) == (50, [(2, [2])])


def test_a_line_that_stays_together_may_take_two_packages(way: Way) -> None:
    case = plain_case(
        stock=[[1], [1], [2]],
        package_cost=[1, 1, 50],
        demand=[2],
        together=array(True),
        package_most_units=array(1, 1, 1),
    )
    assert best(case, way) == (100, [(2, [1]), (2, [1])])


def test_a_complete_order_ships_whole_or_not_at_all(way: Way) -> None:
    case = plain_case(stock=[[1, 0]], package_cost=[10], demand=[1, 1])
    assert best(case, way)[0] == 1010
    assert best(replace(case, complete=True), way) == (2000, [])


def test_a_complete_line_ships_whole_or_not_at_all(way: Way) -> None:
    case = plain_case(stock=[[2, 1]], package_cost=[10], demand=[3, 1])
    assert best(case, way)[0] == 1010
    assert best(replace(case, complete_lines=array(True, False)), way) == (3010, [(0, [0, 1])])


@pytest.mark.parametrize(
    "limit",
    [
        {"package_most_grams": array(199)},
        {"package_most_mm3": array(1999)},
        {"package_most_units": array(1)},
        {"tariffs": (Tariff(cards=(RateCard(bands=(Band(up_to_grams=199, base_minor=0),)),)),)},
    ],
    ids=["grams", "mm3", "units", "end of the rate card"],
)
def test_a_limit_of_the_package_makes_two(way: Way, limit: dict[str, Any]) -> None:
    assert best(plain_case(stock=[[2]], package_cost=[10], demand=[2], **limit), way) == (20, [(0, [1]), (0, [1])])


def test_a_lane_carries_only_its_parts(way: Way) -> None:
    case = plain_case(stock=[[1, 1], [1, 1]], package_cost=[1, 10], demand=[1, 1])
    assert best(replace(case, carries=array([True, False], [True, True])), way) == (10, [(1, [1, 1])])


def test_most_units_of_a_source_hold_for_all_its_packages(way: Way) -> None:
    case = plain_case(stock=[[2], [2]], package_cost=[10, 40], demand=[2], package_most_units=array(1, 2))
    assert best(case, way)[0] == 20
    assert best(replace(case, source_most_units=array(1, NO_LIMIT)), way) == (40, [(1, [2])])


def test_minutes_of_a_source_count_packages_and_units(way: Way) -> None:
    case = plain_case(
        stock=[[2], [2]],
        package_cost=[10, 40],
        demand=[2],
        package_most_units=array(1, 2),
        source_package_minutes=array(5, 5),
        source_unit_minutes=array(1, 1),
    )
    assert best(replace(case, source_most_minutes=array(12, 12)), way)[0] == 20
    assert best(replace(case, source_most_minutes=array(11, 12)), way) == (40, [(1, [2])])
    assert best(replace(case, source_most_minutes=array(11, 6)), way)[0] == 50
    assert best(replace(case, source_most_minutes=array(4, 5)), way) == (2000, [])


def test_packages_of_a_service_are_limited(way: Way) -> None:
    case = plain_case(**CHEAP_APART, lane_service=array(0, 0, 1), service_most_packages=array(2, 2))
    assert best(case, way)[0] == 10
    assert best(replace(case, service_most_packages=array(1, 2)), way) == (30, [(2, [1, 1])])
    assert best(replace(case, service_most_packages=array(1, 0)), way)[0] == 1005


def test_stairs_make_many_units_of_one_offer_dear(way: Way) -> None:
    case = plain_case(
        stock=[[3], [3]],
        package_cost=[10, 20],
        demand=[3],
        stair_offer=array(0),
        stair_part=array(0),
        stair_after_units=array(1),
        stair_cost=array([6]),
    )
    assert best(case, way) == (20, [(1, [3])])
    assert best(replace(case, stair_cost=array([4])), way) == (18, [(0, [3])])
    limited = replace(case, package_most_units=array(1, 1), package_cost=array([10, 20]))
    assert best(limited, way)[0] == 42  # 10 + 10 + 6 would be 26 for two units; the third: 16 here, 20 there


def test_kinds_and_units_cost(way: Way) -> None:
    case = plain_case(stock=[[2, 1]], package_cost=[10], demand=[2, 1])
    costs = replace(case, kind_cost=array([3]), unit_cost=array([[5, 7]]))
    assert best(costs, way)[0] == 10 + 2 * 3 + 2 * 5 + 7


def test_a_bundle_ships_whole_or_is_left_whole(way: Way) -> None:
    case = plain_case(
        stock=[[2, 1]],
        package_cost=[10],
        demand=[2, 2],
        line_quantity=array(2),
        line_units=array([1, 1]),
        unfilled_cost=array([500]),
        complete_lines=array(False),
        together=array(False),
    )
    finding = search(case, way=way)
    assert (finding.cost, finding.unfilled.tolist()) == ((510,), [1])
    assert [one.units.tolist() for one in finding.shipments] == [[1, 1]]


def test_a_part_on_two_lines_is_left_where_it_costs_less(way: Way) -> None:
    case = plain_case(
        stock=[[1]],
        package_cost=[10],
        demand=[2],
        line_quantity=array(1, 1),
        line_units=array([1], [1]),
        unfilled_cost=array([900, 300]),
        complete_lines=array(False, False),
        together=array(False, False),
    )
    finding = search(case, way=way)
    assert (finding.cost, finding.unfilled.tolist()) == ((310,), [0, 1])


def test_the_first_level_decides_and_the_next_among_equals(way: Way) -> None:
    case = plain_case(stock=[[1], [1], [1]], package_cost=[0, 0, 0], demand=[1])
    zeros = np.zeros((2, 3), dtype=np.int64)
    two = replace(
        case,
        tariffs=(Tariff(cards=(None, None)),),
        package_cost=array([5, 4, 4], [1, 90, 80]),
        kind_cost=zeros,
        unit_cost=zeros[:, :, None],
        source_cost=zeros,
        stair_cost=np.zeros((2, 0), dtype=np.int64),
        unfilled_cost=array([10], [0]),
        further_package_cost=array(0, 0),
        further_source_cost=array(0, 0),
    )
    finding = search(two, way=way)
    assert (finding.cost, finding.bound) == ((4, 80), (4, 80))
    assert [one.lane for one in finding.shipments] == [2]
