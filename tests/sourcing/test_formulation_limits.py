"""The constraint families on what packages, sources and services can take, each alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.mip.variables import Formulation
from tests.sourcing.formulated import formulated
from tests.sourcing.rows import allows, families_of
from tests.sourcing.small import small_case

Point = Mapping[str, float]


def two_parts(**changes: Any) -> Formulation:
    """One lane; two units of 900 g and 3 l, and two of 100 g and 1 l."""
    case = small_case(
        stock=[[2, 2]], line_quantity=[2, 2], unit_grams=[900, 100], unit_mm3=[3_000_000, 1_000_000], **changes
    )
    return formulated(case)


@pytest.mark.parametrize(
    ("family", "limit"),
    [
        ("packages_weigh_at_most_the_limit", {"package_most_grams": [1_900]}),
        ("packages_fill_at_most_the_limit", {"package_most_mm3": [7_000_000]}),
        ("packages_hold_at_most_the_limit", {"package_most_units": [3]}),
    ],
)
@pytest.mark.parametrize(
    ("heavy", "light", "opened", "allowed"),
    [(2, 1, 1, True), (2, 2, 1, False), (1, 2, 1, True), (1, 0, 0, False), (0, 0, 0, True)],
)
@pytest.mark.parametrize("number", [0, 1])
def test_no_package_holds_more_than_its_lane_takes(
    family: str, limit: dict[str, list[int]], heavy: int, light: int, opened: int, allowed: bool, number: int
) -> None:
    point = {
        f"ship_units[0,0,{number}]": heavy,
        f"ship_units[1,0,{number}]": light,
        f"open_package[0,{number}]": opened,
    }
    assert allows(two_parts(**limit), family, point) is allowed


def test_what_one_part_alone_may_fill_is_a_bound_and_needs_no_row() -> None:
    formulation = formulated(small_case(stock=[[3]], line_quantity=[3], unit_grams=[900], package_most_grams=[2_500]))
    program = formulation.program
    assert program.upper_bounds[program.names.index("ship_units[0,0,0]")] == 2
    assert "packages_weigh_at_most_the_limit" not in families_of(program)


def test_where_the_whole_order_fits_no_row_weighs_it() -> None:
    assert "packages_weigh_at_most_the_limit" not in families_of(two_parts(package_most_grams=[2_000]).program)


def two_lanes_of_one_source(**changes: Any) -> Formulation:
    """Two offers of one source by two services; 4 units are asked."""
    case = small_case(
        stock=[[4], [4]],
        line_quantity=[4],
        offer_source=[0, 0],
        lane_service=[0, 1],
        package_cost=[[1, 0]],
        unit_cost=[[[0], [1]]],
        **changes,
    )
    return formulated(case)


@pytest.mark.parametrize(("first", "second", "allowed"), [(3, 0, True), (2, 1, True), (2, 2, False), (4, 0, False)])
def test_a_source_ships_no_more_units_than_it_has_capacity_for(first: int, second: int, allowed: bool) -> None:
    formulation = two_lanes_of_one_source(source_most_units=[3])
    point = {"ship_units[0,0,0]": first, "ship_units[0,1,0]": second}
    assert allows(formulation, "sources_stay_within_their_capacity", point) is allowed


@pytest.mark.parametrize(
    ("units", "packages", "allowed"), [((4, 0), 1, True), ((2, 2), 2, False), ((1, 2), 2, True), ((0, 0), 2, True)]
)
def test_a_source_works_no_more_minutes_than_it_has_left(units: tuple[int, int], packages: int, allowed: bool) -> None:
    formulation = two_lanes_of_one_source(  # 10 a package and 2 a unit
        source_most_minutes=[27], source_package_minutes=[10], source_unit_minutes=[2]
    )
    point = {f"ship_units[0,{lane},0]": of_lane for lane, of_lane in enumerate(units)}
    point |= {f"open_package[{lane},0]": 1 for lane in range(packages)}
    assert allows(formulation, "sources_stay_within_their_capacity", point) is allowed


def test_a_source_that_could_ship_the_whole_order_has_no_row() -> None:
    formulation = two_lanes_of_one_source(
        source_most_units=[4], source_most_minutes=[28], source_package_minutes=[10], source_unit_minutes=[2]
    )
    assert "sources_stay_within_their_capacity" not in families_of(formulation.program)


@pytest.mark.parametrize(("numbers", "allowed"), [((), True), ((0,), True), ((0, 1), True), ((0, 1, 2), False)])
def test_a_service_takes_no_more_packages_than_it_has_room_for(numbers: tuple[int, ...], allowed: bool) -> None:
    case = small_case(
        stock=[[2], [1]], line_quantity=[3], package_most_units=[1, 1], service_most_packages=[2], source_cost=[[1, 0]]
    )
    opened = [("0,0", "0,1", "1,0")[number] for number in numbers]
    point = dict.fromkeys((f"open_package[{slot}]" for slot in opened), 1.0)
    assert allows(formulated(case), "services_stay_within_their_capacity", point) is allowed


def three_sources_of_one_unit(
    *, most_packages: int = 3, most_sources: int = NO_LIMIT, further_package: int = 0, further_source: int = 0
) -> Formulation:
    case = small_case(
        stock=[[1], [1], [1]],
        line_quantity=[3],
        most_packages=most_packages,
        most_sources=most_sources,
        further_package_cost=[further_package],
        further_source_cost=[further_source],
    )
    return formulated(case)


@pytest.mark.parametrize(("sources", "allowed"), [("", True), ("0", True), ("02", True), ("012", False)])
def test_at_most_the_allowed_number_of_packages_opens(sources: str, allowed: bool) -> None:
    point = {f"open_package[{number},0]": 1 for number in sources}
    formulation = three_sources_of_one_unit(most_packages=2)
    assert allows(formulation, "packages_stay_within_the_limit", point) is allowed


@pytest.mark.parametrize(("opened", "used", "allowed"), [("01", "01", True), ("0", "01", True), ("01", "0", False)])
def test_a_package_leaves_only_from_a_used_source(opened: str, used: str, allowed: bool) -> None:
    point = {f"open_package[{number},0]": 1 for number in opened} | {f"use_source[{number}]": 1 for number in used}
    formulation = three_sources_of_one_unit(most_sources=2)
    assert allows(formulation, "packages_leave_only_from_used_sources", point) is allowed


@pytest.mark.parametrize(("used", "allowed"), [("", True), ("01", True), ("012", False)])
def test_at_most_the_allowed_number_of_sources_ships(used: str, allowed: bool) -> None:
    point = {f"use_source[{number}]": 1 for number in used}
    formulation = three_sources_of_one_unit(most_sources=2)
    assert allows(formulation, "sources_stay_within_the_limit", point) is allowed


def test_only_a_source_that_costs_something_is_counted_where_there_is_no_limit_on_sources() -> None:
    case = small_case(stock=[[1], [1]], line_quantity=[2], source_cost=[[0, 70]])
    program = formulated(case).program
    assert [name for name in program.names if name.startswith("use_source")] == ["use_source[1]"]
    assert program.cost_terms(0)[program.names.index("use_source[1]")] == 70
    assert "sources_stay_within_the_limit" not in families_of(program)


def test_without_a_limit_and_a_cost_no_row_counts_sources() -> None:
    assert "packages_leave_only_from_used_sources" not in families_of(three_sources_of_one_unit().program)


@pytest.mark.parametrize(
    ("opened", "further", "allowed"),
    [("", 0, True), ("1", 0, True), ("01", 0, False), ("01", 1, True), ("012", 1, False), ("012", 2, True)],
)
def test_each_package_after_the_first_pays_for_the_split(opened: str, further: int, allowed: bool) -> None:
    point = {f"open_package[{number},0]": 1.0 for number in opened} | {"further_packages": float(further)}
    formulation = three_sources_of_one_unit(further_package=200)
    assert allows(formulation, "every_further_package_pays_for_the_split", point) is allowed


@pytest.mark.parametrize(
    ("used", "further", "allowed"),
    [("", 0, True), ("1", 0, True), ("01", 0, False), ("01", 1, True), ("012", 1, False), ("012", 2, True)],
)
def test_each_source_after_the_first_pays_for_the_split(used: str, further: int, allowed: bool) -> None:
    point = {f"use_source[{number}]": 1.0 for number in used} | {"further_sources": float(further)}
    formulation = three_sources_of_one_unit(further_source=200)
    assert allows(formulation, "every_further_source_pays_for_the_split", point) is allowed


def test_where_a_split_costs_nothing_no_row_counts_it() -> None:
    families = families_of(three_sources_of_one_unit().program)
    assert "every_further_package_pays_for_the_split" not in families
    assert "every_further_source_pays_for_the_split" not in families


@pytest.mark.parametrize(
    ("slots", "allowed"),
    [
        ((), True),
        (("0,0",), True),
        (("0,0", "0,1"), True),
        (("1,0",), True),  # another lane's first slot waits for nobody
        (("0,1",), False),
        (("0,0", "1,1"), False),
    ],
)
def test_the_slots_of_a_lane_open_in_order(slots: tuple[str, ...], allowed: bool) -> None:
    case = small_case(
        stock=[[2]],
        line_quantity=[2],
        lane_offer=[0, 0],
        package_most_units=[1, 1],
        package_cost=[[1, 0]],
        unit_cost=[[[0], [2]]],
    )
    point = {f"open_package[{slot}]": 1 for slot in slots}
    assert allows(formulated(case), "slots_of_a_lane_open_in_order", point) is allowed
