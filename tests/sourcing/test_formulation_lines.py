"""The constraint families on whole lines, and the one that keeps strict levels, each alone."""

from collections.abc import Mapping

import pytest

from solver.sourcing.mip.families.levels import better_levels_keep_their_value
from solver.sourcing.mip.variables import Formulation
from tests.sourcing.formulated import formulated
from tests.sourcing.rows import allows, families_of
from tests.sourcing.small import small_case

Point = Mapping[str, float]


@pytest.mark.parametrize(
    ("unfilled", "ships", "allowed"),
    [((0, 0), 1, True), ((2, 1), 0, True), ((2, 0), 0, False), ((2, 0), 1, False), ((1, 1), 0.5, False)],
)
def test_a_complete_order_ships_every_line_or_none(unfilled: tuple[int, int], ships: float, allowed: bool) -> None:
    formulation = formulated(small_case(stock=[[2, 1]], line_quantity=[2, 1], complete=True))
    point = {"unfilled_units[0]": unfilled[0], "unfilled_units[1]": unfilled[1], "ship_order": ships}
    assert allows(formulation, "orders_ship_complete", point) is allowed


@pytest.mark.parametrize(
    ("unfilled", "ships", "allowed"),
    [((0, 0), 1, True), ((2, 0), 0, True), ((0, 1), 1, True), ((1, 0), 0, False), ((1, 0), 1, False)],
)
def test_a_complete_line_ships_whole_or_not_at_all(unfilled: tuple[int, int], ships: int, allowed: bool) -> None:
    formulation = formulated(small_case(stock=[[2, 3]], line_quantity=[2, 3], complete_lines=[True, False]))
    point = {"unfilled_units[0]": unfilled[0], "unfilled_units[1]": unfilled[1], "ship_line[0]": ships}
    assert allows(formulation, "lines_ship_complete", point) is allowed


def one_line_together() -> Formulation:
    """Two units of a bundle of one A and two B must ship together, one more A may come from anywhere."""
    case = small_case(stock=[[2, 4], [3, 2]], line_quantity=[2, 1], line_units=[[1, 2], [1, 0]], together=[True, False])
    return formulated(case)


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"units_from[0,0]": 2, "serve_line[0,0]": 1, "ship_units[0,0,0]": 2, "ship_units[1,0,0]": 4}, True),
        ({"unfilled_units[0]": 2, "ship_units[0,1,0]": 1}, True),
        (
            {
                "unfilled_units[0]": 1,
                "units_from[0,1]": 1,
                "serve_line[0,1]": 1,
                "ship_units[0,1,0]": 2,
                "ship_units[1,1,0]": 2,
            },
            True,
        ),
        # from two sources
        (
            {
                "units_from[0,0]": 1,
                "units_from[0,1]": 1,
                "serve_line[0,0]": 1,
                "serve_line[0,1]": 1,
                "ship_units[0,0,0]": 1,
                "ship_units[1,0,0]": 2,
                "ship_units[0,1,0]": 1,
                "ship_units[1,1,0]": 2,
            },
            False,
        ),
        # a part of it from elsewhere
        (
            {
                "units_from[0,0]": 2,
                "serve_line[0,0]": 1,
                "ship_units[0,0,0]": 2,
                "ship_units[1,0,0]": 2,
                "ship_units[1,1,0]": 2,
            },
            False,
        ),
        # from a source that is not said to serve it
        ({"units_from[0,0]": 2, "ship_units[0,0,0]": 2, "ship_units[1,0,0]": 4}, False),
        # shipped, but from nowhere
        ({"ship_units[0,0,0]": 2, "ship_units[1,0,0]": 4}, False),
    ],
)
def test_all_that_ships_of_a_line_together_leaves_one_source(point: Point, allowed: bool) -> None:
    assert allows(one_line_together(), "lines_ship_together", point) is allowed


def test_no_source_is_asked_for_more_of_a_line_together_than_its_stock_makes() -> None:
    program = one_line_together().program
    assert program.upper_bounds[program.names.index("units_from[0,1]")] == 1  # two B make one bundle


@pytest.mark.parametrize(
    ("sources", "allowed"), [((0, 1), True), ((0, 0), False)], ids=["each line from another", "both from one"]
)
def test_two_lines_together_do_not_count_on_the_same_units(sources: tuple[int, int], allowed: bool) -> None:
    case = small_case(
        stock=[[1], [1]], line_quantity=[1, 1], line_units=[[1], [1]], together=[True, True], source_cost=[[0, 1]]
    )
    point = {f"units_from[{one},{source}]": 1.0 for one, source in enumerate(sources)}
    point |= {f"serve_line[{one},{source}]": 1.0 for one, source in enumerate(sources)}
    point |= {"ship_units[0,0,0]": 1.0, "ship_units[0,1,0]": 1.0}
    assert allows(formulated(case), "lines_ship_together", point) is allowed


def test_lines_that_may_split_and_stay_partial_have_no_rows() -> None:
    families = families_of(formulated(small_case(stock=[[2, 3]], line_quantity=[2, 3])).program)
    assert not families & {"orders_ship_complete", "lines_ship_complete", "lines_ship_together"}


@pytest.mark.parametrize(("opened", "unfilled", "allowed"), [(1, 0, True), (2, 0, False), (0, 1, True), (1, 1, False)])
def test_a_level_that_is_settled_is_not_exceeded(opened: int, unfilled: int, allowed: bool) -> None:
    case = small_case(
        stock=[[1], [1]],
        line_quantity=[2],
        cards=(None, None),
        package_cost=[[3, 3], [9, 8]],
        unfilled_cost=[[4], [0]],
    )
    formulation = formulated(case)
    better_levels_keep_their_value(formulation, 0, 5)
    point = {f"open_package[{lane},0]": 1.0 for lane in range(opened)} | {"unfilled_units[0]": float(unfilled)}
    assert allows(formulation, "better_levels_keep_their_value", point) is allowed


def test_a_level_at_which_nothing_costs_anything_needs_no_row() -> None:
    formulation = formulated(small_case(stock=[[1]], line_quantity=[1], cards=(None, None), unfilled_cost=[[0], [5]]))
    better_levels_keep_their_value(formulation, 0, 0)
    assert "better_levels_keep_their_value" not in families_of(formulation.program)
