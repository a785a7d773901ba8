"""Each constraint family alone: which points it allows and which it forbids."""

from collections.abc import Mapping

import pytest

from solver.network.model import RateCard
from solver.sourcing.candidates import candidates
from solver.sourcing.formulation import Formulation, formulate
from solver.sourcing.problem import Problem
from tests.sourcing.made import FALLING_BRACKETS, first_and_more, flat, lane, line, offer, problem
from tests.sourcing.rows import allows, families_of

Point = Mapping[str, float]


def formulated(asked: Problem) -> Formulation:
    return formulate(asked, candidates(asked))


def units_of_900_grams(
    quantity: int,
    card: RateCard,
    *,
    mm3: int = 0,
    volumetric_divisor_cm3_per_kg: int = 0,
    min_billable_grams: int = 0,
    max_weight_grams: int = 0,
) -> Formulation:
    way = lane(
        "S1",
        card,
        volumetric_divisor_cm3_per_kg=volumetric_divisor_cm3_per_kg,
        min_billable_grams=min_billable_grams,
        max_weight_grams=max_weight_grams,
    )
    return formulated(
        problem(
            lines=(line("1", quantity, {"A": 1}),),
            grams={"A": 900},
            mm3={"A": mm3},
            offers=(offer("S1", {"A": quantity}),),
            lanes=(way,),
        )
    )


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[1,A,S1,V,0]": 2, "ship_units[1,B,S1,V,0]": 4}, True),
        ({"ship_units[1,A,S1,V,0]": 1, "ship_units[1,B,S1,V,0]": 2, "unfilled_units[1]": 1}, True),
        ({"unfilled_units[1]": 2}, True),
        ({}, False),
        ({"ship_units[1,A,S1,V,0]": 1, "ship_units[1,B,S1,V,0]": 1, "unfilled_units[1]": 1}, False),
        ({"ship_units[1,A,S1,V,0]": 2, "unfilled_units[1]": 2}, False),
        ({"ship_units[1,A,S1,V,0]": 2, "ship_units[1,B,S1,V,0]": 4, "unfilled_units[1]": 1}, False),
    ],
)
def test_a_bundle_is_shipped_with_all_its_parts_or_counted_as_unfilled(point: Point, allowed: bool) -> None:
    formulation = formulated(
        problem(
            lines=(line("1", 2, {"A": 1, "B": 2}),),
            grams={"A": 900, "B": 50},
            offers=(offer("S1", {"A": 2, "B": 4}),),
            lanes=(lane("S1", flat(600)),),
        )
    )
    assert allows(formulation, "units_are_shipped_or_unfilled", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[1,A,S1,U,0]": 3}, True),
        ({"ship_units[1,A,S1,U,0]": 1, "ship_units[1,A,S1,V,0]": 1, "ship_units[2,A,S1,V,0]": 1}, True),
        ({"ship_units[1,A,S1,U,0]": 3, "ship_units[2,A,S1,U,0]": 1}, False),
        ({"ship_units[1,A,S1,U,0]": 2, "ship_units[1,A,S1,V,0]": 2}, False),
        ({"ship_units[2,A,S1,U,0]": 2, "ship_units[1,A,S1,V,0]": 2}, False),
    ],
)
def test_all_lines_and_packages_together_take_no_more_than_a_source_has(point: Point, allowed: bool) -> None:
    formulation = formulated(
        problem(
            lines=(line("1", 3, {"A": 1}), line("2", 2, {"A": 1})),
            grams={"A": 900},
            offers=(offer("S1", {"A": 3}),),
            lanes=(
                lane("S1", flat(600), service_id="U", max_weight_grams=2_700),
                lane("S1", flat(900, up_to_grams=None), service_id="V"),
            ),
        )
    )
    assert allows(formulation, "sources_ship_only_what_is_available", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[1,A,S1,V,0]": 2, "open_package[S1,V,0]": 1}, True),
        ({"open_package[S1,V,0]": 1}, True),
        ({"ship_units[1,A,S1,V,0]": 1}, False),
        ({"ship_units[1,A,S1,V,0]": 2, "open_package[S1,V,0]": 0.5}, False),
        ({"ship_units[1,A,S1,V,0]": 1, "open_package[S1,V,0]": 0.5}, True),  # the tightest bound: half of two units
    ],
)
def test_nothing_leaves_in_a_package_that_is_not_open(point: Point, allowed: bool) -> None:
    assert allows(units_of_900_grams(2, flat(600)), "units_leave_only_in_open_packages", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"open_package[S1,V,0]": 1, "use_band[S1,V,0,0]": 1}, True),
        ({"open_package[S1,V,0]": 1, "use_band[S1,V,0,1]": 1}, True),
        ({}, True),
        ({"open_package[S1,V,0]": 1}, False),
        ({"use_band[S1,V,0,0]": 1}, False),
        ({"open_package[S1,V,0]": 1, "use_band[S1,V,0,0]": 1, "use_band[S1,V,0,1]": 1}, False),
    ],
)
def test_an_open_package_is_priced_by_exactly_one_band(point: Point, allowed: bool) -> None:
    assert allows(units_of_900_grams(2, first_and_more(700, 200)), "open_packages_use_one_band", point) is allowed


@pytest.mark.parametrize(
    ("band", "grams", "allowed"),
    [
        (0, 0, False),
        (0, 1, True),
        (0, 1_000, True),
        (0, 1_001, False),
        (1, 1_000, False),
        (1, 1_001, True),
        (1, 1_800, True),
        (1, 1_801, False),
    ],
)
def test_the_billable_weight_lies_within_the_band_in_use(band: int, grams: int, allowed: bool) -> None:
    point = {f"use_band[S1,V,0,{band}]": 1, f"band_grams[S1,V,0,{band}]": grams}
    formulation = units_of_900_grams(2, first_and_more(700, 200))
    assert allows(formulation, "bands_bound_the_billable_weight", point) is allowed


def test_a_band_that_is_not_in_use_bears_no_weight() -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200))
    assert not allows(formulation, "bands_bound_the_billable_weight", {"band_grams[S1,V,0,0]": 1})


@pytest.mark.parametrize(("grams", "allowed"), [(1_499, False), (1_500, True)])
def test_no_band_bears_less_than_the_least_billable_weight(grams: int, allowed: bool) -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200), min_billable_grams=1_500)
    assert "use_band[S1,V,0,0]" not in formulation.program.names  # the first kilogram lies below the minimum
    point = {"use_band[S1,V,0,1]": 1, "band_grams[S1,V,0,1]": grams}
    assert allows(formulation, "bands_bound_the_billable_weight", point) is allowed


@pytest.mark.parametrize(
    ("mm3", "units", "grams", "allowed"),
    [
        (0, 2, 1_800, True),
        (0, 2, 1_799, False),
        (0, 0, 0, True),
        (5_000_001, 1, 1_000, False),
        (5_000_001, 1, 1_001, True),
        (4_000_000, 1, 899, False),  # 800 volumetric grams do not excuse the 900 actual ones
    ],
)
def test_the_billable_weight_covers_actual_and_volumetric_weight(
    mm3: int, units: int, grams: int, allowed: bool
) -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200), mm3=mm3, volumetric_divisor_cm3_per_kg=5000)
    point = {"ship_units[1,A,S1,V,0]": units, "band_grams[S1,V,0,1]": grams}
    assert allows(formulation, "billable_weight_covers_the_contents", point) is allowed


@pytest.mark.parametrize(
    ("kind", "grams", "allowed"),
    [
        ("actual", 900, True),
        ("actual", 901, False),
        ("volumetric", 921, True),  # 920.0002 rounded up
        ("volumetric", 922, False),
        ("minimum", 950, True),
        ("minimum", 951, False),
    ],
)
def test_the_weight_that_bills_a_package_is_not_blown_up_to_a_cheaper_bracket(
    kind: str, grams: int, allowed: bool
) -> None:
    formulation = units_of_900_grams(
        2, FALLING_BRACKETS, mm3=4_600_001, volumetric_divisor_cm3_per_kg=5000, min_billable_grams=950
    )
    point = {
        "open_package[S1,V,0]": 1,
        "ship_units[1,A,S1,V,0]": 1,
        "band_grams[S1,V,0,0]": grams,
        f"billed_by[S1,V,0,{kind}]": 1,
    }
    assert allows(formulation, "billable_weight_is_not_inflated", point) is allowed


@pytest.mark.parametrize("kinds", [(), ("actual", "minimum")])
def test_exactly_one_weight_bills_an_open_package(kinds: tuple[str, ...]) -> None:
    formulation = units_of_900_grams(2, FALLING_BRACKETS, min_billable_grams=950)
    point = {"open_package[S1,V,0]": 1.0, "ship_units[1,A,S1,V,0]": 1.0, "band_grams[S1,V,0,0]": 900.0}
    point |= {f"billed_by[S1,V,0,{kind}]": 1.0 for kind in kinds}
    assert not allows(formulation, "billable_weight_is_not_inflated", point)


def test_nothing_guards_against_inflated_weight_where_prices_only_rise() -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200))
    assert "billable_weight_is_not_inflated" not in families_of(formulation.program)
    assert not any(name.startswith("billed_by") for name in formulation.program.names)


@pytest.mark.parametrize(
    ("grams", "steps", "allowed"),
    [(1_001, 0, False), (1_001, 1, True), (2_000, 1, True), (2_001, 1, False), (2_001, 2, True), (2_700, 2, True)],
)
def test_every_begun_kilogram_after_the_first_is_paid(grams: int, steps: int, allowed: bool) -> None:
    formulation = units_of_900_grams(3, first_and_more(700, 200))
    point = {"use_band[S1,V,0,1]": 1, "band_grams[S1,V,0,1]": grams, "added_steps[S1,V,0,1]": steps}
    assert allows(formulation, "steps_pay_for_the_additional_weight", point) is allowed


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"ship_units[1,A,S1,V,0]": 2, "open_package[S1,V,0]": 1}, True),
        ({"ship_units[1,A,S1,V,0]": 3, "open_package[S1,V,0]": 1}, False),
        ({"ship_units[1,A,S1,V,1]": 3, "open_package[S1,V,1]": 1}, False),
        ({"ship_units[1,A,S1,V,0]": 1}, False),
    ],
)
def test_no_package_weighs_more_than_its_service_takes(point: Point, allowed: bool) -> None:
    formulation = units_of_900_grams(3, flat(600), max_weight_grams=2_500)
    assert allows(formulation, "packages_weigh_at_most_the_limit", point) is allowed
