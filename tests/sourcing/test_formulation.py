"""The constraint families on the contents of packages, each alone: which points it allows and which it forbids.

Names of columns: ship_units[part, lane, number], open_package[lane, number], unfilled_units[line].
"""

from collections.abc import Mapping
from typing import Any

import pytest

from solver.sourcing.mip.variables import Formulation
from tests.sourcing.formulated import formulated
from tests.sourcing.rows import allows, families_of
from tests.sourcing.small import small_case

Point = Mapping[str, float]


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[0,0,0]": 2, "ship_units[1,0,0]": 4}, True),
        ({"ship_units[0,0,0]": 1, "ship_units[1,0,0]": 2, "unfilled_units[0]": 1}, True),
        ({"unfilled_units[0]": 2}, True),
        ({}, False),
        ({"ship_units[0,0,0]": 1, "ship_units[1,0,0]": 1, "unfilled_units[0]": 1}, False),
        ({"ship_units[0,0,0]": 2, "unfilled_units[0]": 2}, False),
        ({"ship_units[0,0,0]": 2, "ship_units[1,0,0]": 4, "unfilled_units[0]": 1}, False),
    ],
)
def test_a_bundle_is_shipped_with_all_its_parts_or_counted_as_unfilled(point: Point, allowed: bool) -> None:
    formulation = formulated(small_case(stock=[[2, 4]], line_quantity=[2], line_units=[[1, 2]]))
    assert allows(formulation, "units_are_shipped_or_unfilled", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[0,0,0]": 5}, True),
        ({"ship_units[0,0,0]": 2, "unfilled_units[0]": 3}, True),
        ({"ship_units[0,0,0]": 2, "unfilled_units[0]": 1, "unfilled_units[1]": 2}, True),
        ({"ship_units[0,0,0]": 2, "unfilled_units[1]": 2}, False),
    ],
)
def test_a_part_that_stands_on_two_lines_is_shipped_or_unfilled_on_either(point: Point, allowed: bool) -> None:
    formulation = formulated(small_case(stock=[[5]], line_quantity=[3, 2], line_units=[[1], [1]]))
    assert allows(formulation, "units_are_shipped_or_unfilled", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[0,0,0]": 3}, True),
        ({"ship_units[0,0,0]": 1, "ship_units[0,1,0]": 2}, True),
        ({"ship_units[0,0,0]": 3, "ship_units[0,1,0]": 1}, False),
        ({"ship_units[0,0,0]": 3, "ship_units[0,2,0]": 2}, True),  # the source's other offer
        ({"ship_units[0,2,0]": 3}, False),
    ],
)
def test_all_packages_together_take_no_more_than_an_offer_has(point: Point, allowed: bool) -> None:
    case = small_case(
        stock=[[3], [2]],
        line_quantity=[5],
        offer_source=[0, 0],
        lane_offer=[0, 0, 1],
        package_cost=[[10, 0, 10]],
        unit_cost=[[[0], [10], [0]]],
    )
    assert allows(formulated(case), "sources_ship_only_what_is_available", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[0,0,0]": 2, "open_package[0,0]": 1}, True),
        ({"open_package[0,0]": 1}, True),
        ({"ship_units[0,0,0]": 1}, False),
        ({"ship_units[0,0,0]": 2, "open_package[0,0]": 0.5}, False),
        ({"ship_units[0,0,0]": 1, "open_package[0,0]": 0.5}, True),  # the tightest bound: half of two units
    ],
)
def test_nothing_leaves_in_a_package_that_is_not_open(point: Point, allowed: bool) -> None:
    formulation = formulated(small_case(stock=[[2]], line_quantity=[2]))
    assert allows(formulation, "units_leave_only_in_open_packages", point) is allowed


def three_parts(**changes: Any) -> Formulation:
    return formulated(small_case(stock=[[2, 1, 1]], line_quantity=[2, 1, 1], **changes))


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[0,0,0]": 2, "hold_kind[0,0,0]": 1}, True),
        ({"ship_units[0,0,0]": 2, "ship_units[1,0,0]": 1, "hold_kind[0,0,0]": 1, "hold_kind[1,0,0]": 1}, True),
        ({"ship_units[0,0,0]": 2, "ship_units[1,0,0]": 1, "hold_kind[0,0,0]": 1}, False),
        ({"ship_units[0,0,0]": 2, "hold_kind[0,0,0]": 0.5}, False),
        ({"hold_kind[2,0,0]": 1}, True),
    ],
)
def test_every_kind_in_a_package_is_counted(point: Point, allowed: bool) -> None:
    formulation = three_parts(kind_cost=[[7]])
    assert allows(formulation, "kinds_in_a_package_are_counted", point) is allowed
    assert formulation.program.cost_terms(0)[formulation.program.names.index("hold_kind[0,0,0]")] == 7


def test_where_a_kind_costs_nothing_and_all_may_travel_together_no_row_counts_kinds() -> None:
    assert "kinds_in_a_package_are_counted" not in families_of(three_parts().program)


@pytest.mark.parametrize(
    ("kinds", "opened", "allowed"),
    [((0,), 1, True), ((1,), 1, True), ((0, 1), 1, False), ((0,), 0, False)],
)
def test_parts_that_must_travel_apart_share_no_package(kinds: tuple[int, ...], opened: int, allowed: bool) -> None:
    formulation = three_parts(apart=[[False, True, False], [True, False, False], [False, False, False]])
    point = {f"hold_kind[{kind},0,1]": 1.0 for kind in kinds} | {"open_package[0,1]": float(opened)}
    assert allows(formulation, "incompatible_materials_travel_apart", point) is allowed
    assert "hold_kind[2,0,0]" not in formulation.program.names  # travels with either


@pytest.mark.parametrize(
    ("units", "beyond", "allowed"),
    [((1, 0), 0, True), ((2, 0), 0, False), ((2, 0), 1, True), ((2, 1), 1, False), ((2, 1), 2, True)],
)
def test_units_beyond_a_stair_are_counted_over_all_packages_of_the_offer(
    units: tuple[int, int], beyond: int, allowed: bool
) -> None:
    case = small_case(
        stock=[[3]],
        line_quantity=[3],
        lane_offer=[0, 0],
        package_cost=[[1, 0]],
        unit_cost=[[[0], [1]]],
        stair_offer=[0],
        stair_part=[0],
        stair_after_units=[1],
        stair_cost=[[40]],
    )
    point = {"ship_units[0,0,0]": units[0], "ship_units[0,1,0]": units[1], "units_beyond[0]": beyond}
    formulation = formulated(case)
    assert allows(formulation, "units_beyond_a_stair_pay_for_it", point) is allowed
    assert formulation.program.cost_terms(0)[formulation.program.names.index("units_beyond[0]")] == 40


@pytest.mark.parametrize(("after_units", "stair_cost"), [(3, 40), (1, 0)])
def test_a_stair_that_no_plan_reaches_or_that_costs_nothing_has_no_row(after_units: int, stair_cost: int) -> None:
    stair: dict[str, Any] = {
        "stair_offer": [0],
        "stair_part": [0],
        "stair_after_units": [after_units],
        "stair_cost": [[stair_cost]],
    }
    formulation = formulated(small_case(stock=[[3]], line_quantity=[3], **stair))
    assert "units_beyond_a_stair_pay_for_it" not in families_of(formulation.program)
