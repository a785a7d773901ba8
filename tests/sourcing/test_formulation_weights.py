"""The constraint families on billable weight and rate cards, each alone: which points it allows and forbids.

Names of columns: use_band[lane, number, band], band_grams[lane, number, band], added_steps[lane, number, band, level].
"""

from collections.abc import Mapping

import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import Tariff
from solver.sourcing.mip.variables import Formulation
from tests.sourcing.formulated import formulated
from tests.sourcing.made import FALLING_BRACKETS, first_and_more, flat
from tests.sourcing.rows import allows, families_of
from tests.sourcing.small import small_case

Point = Mapping[str, float]

CLOSED_FROM_1_TO_2_KG = RateCard(
    bands=(
        Band(up_to_grams=1000, base_minor=700),
        Band(up_to_grams=2000, base_minor=0, closed=True),
        Band(up_to_grams=None, base_minor=900),
    )
)


def units_of_900_grams(quantity: int, *cards: RateCard | None, mm3: int = 0, **tariff: int) -> Formulation:
    return formulated(
        small_case(
            stock=[[quantity]],
            line_quantity=[quantity],
            unit_grams=[900],
            unit_mm3=[mm3],
            cards=cards,
            tariffs=(Tariff(cards=cards, **tariff),),
        )
    )


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"open_package[0,0]": 1, "use_band[0,0,0]": 1}, True),
        ({"open_package[0,0]": 1, "use_band[0,0,1]": 1}, True),
        ({}, True),
        ({"open_package[0,0]": 1}, False),
        ({"use_band[0,0,0]": 1}, False),
        ({"open_package[0,0]": 1, "use_band[0,0,0]": 1, "use_band[0,0,1]": 1}, False),
    ],
)
def test_an_open_package_is_priced_by_exactly_one_band(point: Point, allowed: bool) -> None:
    assert allows(units_of_900_grams(2, first_and_more(700, 200)), "open_packages_use_one_band", point) is allowed


def test_where_weight_costs_nothing_at_any_level_there_are_no_bands() -> None:
    assert not any(name.startswith("use_band") for name in units_of_900_grams(2, None, None).program.names)


@pytest.mark.parametrize(
    ("band", "grams", "allowed"),
    [
        (0, 899, False),  # one unit is the lightest package
        (0, 900, True),
        (0, 1_000, True),
        (0, 1_001, False),
        (1, 1_000, False),
        (1, 1_001, True),
        (1, 1_800, True),
        (1, 1_801, False),
    ],
)
def test_the_billable_weight_lies_within_the_band_in_use(band: int, grams: int, allowed: bool) -> None:
    point = {f"use_band[0,0,{band}]": 1, f"band_grams[0,0,{band}]": grams}
    formulation = units_of_900_grams(2, first_and_more(700, 200))
    assert allows(formulation, "bands_bound_the_billable_weight", point) is allowed


def test_a_band_that_is_not_in_use_bears_no_weight() -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200))
    assert not allows(formulation, "bands_bound_the_billable_weight", {"band_grams[0,0,0]": 1})


@pytest.mark.parametrize(("grams", "allowed"), [(1_499, False), (1_500, True)])
def test_no_band_bears_less_than_the_least_billable_weight(grams: int, allowed: bool) -> None:
    formulation = units_of_900_grams(2, first_and_more(700, 200), min_billable_grams=1_500)
    assert "use_band[0,0,1]" not in formulation.program.names  # the first kilogram lies below the minimum
    point = {"use_band[0,0,0]": 1, "band_grams[0,0,0]": grams}
    assert allows(formulation, "bands_bound_the_billable_weight", point) is allowed


def test_bands_of_two_levels_are_cut_at_each_others_ends_and_each_pays_at_its_own_level() -> None:
    by_pound = RateCard(bands=(Band(up_to_grams=1_200, base_minor=5), Band(up_to_grams=None, base_minor=8)))
    program = units_of_900_grams(2, first_and_more(700, 200), by_pound).program
    used = [program.names.index(f"use_band[0,0,{band}]") for band in range(3)]  # to 1,000, to 1,200, to 1,800
    assert "use_band[0,0,3]" not in program.names
    assert [program.costs[column] for column in used] == [(700, 5), (700, 5), (700, 8)]
    assert program.costs[program.names.index("added_steps[0,0,2,0]")] == (200, 0)
    assert "added_steps[0,0,2,1]" not in program.names


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
    card = first_and_more(700, 200)
    formulation = units_of_900_grams(2, card, mm3=mm3, volumetric_divisor_cm3_per_kg=5000)
    last = max(name for name in formulation.program.names if name.startswith("band_grams"))
    point = {"ship_units[0,0,0]": units, last: grams}
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
        "open_package[0,0]": 1,
        "ship_units[0,0,0]": 1,
        "band_grams[0,0,0]": grams,
        f"billed_by[0,0,{kind}]": 1,
    }
    assert allows(formulation, "billable_weight_is_not_inflated", point) is allowed


@pytest.mark.parametrize(("grams", "allowed"), [(994, False), (995, True), (996, True)])
def test_a_begun_gram_of_cubic_inches_per_pound_need_not_be_covered(grams: int, allowed: bool) -> None:
    formulation = units_of_900_grams(
        1, first_and_more(700, 200), mm3=5_000_000, volumetric_divisor_in3_per_lb=139
    )  # 995.68 g
    point = {"open_package[0,0]": 1, "ship_units[0,0,0]": 1, "band_grams[0,0,0]": grams}
    assert allows(formulation, "billable_weight_covers_the_contents", point) is allowed


@pytest.mark.parametrize(("grams", "allowed"), [(995, True), (996, False)])
def test_cubic_inches_per_pound_are_not_rounded_up_to_a_cheaper_bracket(grams: int, allowed: bool) -> None:
    formulation = units_of_900_grams(2, FALLING_BRACKETS, mm3=5_000_000, volumetric_divisor_in3_per_lb=139)
    point = {
        "open_package[0,0]": 1,
        "ship_units[0,0,0]": 1,
        "band_grams[0,0,0]": grams,
        "billed_by[0,0,volumetric]": 1,
    }
    assert allows(formulation, "billable_weight_is_not_inflated", point) is allowed


@pytest.mark.parametrize("kinds", [(), ("actual", "minimum")])
def test_exactly_one_weight_bills_an_open_package(kinds: tuple[str, ...]) -> None:
    formulation = units_of_900_grams(2, FALLING_BRACKETS, min_billable_grams=950)
    point = {"open_package[0,0]": 1.0, "ship_units[0,0,0]": 1.0, "band_grams[0,0,0]": 900.0}
    point |= {f"billed_by[0,0,{kind}]": 1.0 for kind in kinds}
    assert not allows(formulation, "billable_weight_is_not_inflated", point)


def test_a_price_that_falls_at_any_level_guards_against_inflated_weight() -> None:
    formulation = units_of_900_grams(2, flat(700), FALLING_BRACKETS)
    assert "billable_weight_is_not_inflated" in families_of(formulation.program)


@pytest.mark.parametrize(("units", "grams", "allowed"), [(3, 2_700, True), (2, 2_001, False), (1, 900, True)])
def test_a_closed_band_is_no_column_and_is_not_jumped_by_inflated_weight(units: int, grams: int, allowed: bool) -> None:
    formulation = units_of_900_grams(3, CLOSED_FROM_1_TO_2_KG)
    names = formulation.program.names
    assert [name for name in names if name.startswith("use_band[0,0,")] == ["use_band[0,0,0]", "use_band[0,0,1]"]
    point = {"open_package[0,0]": 1, "ship_units[0,0,0]": units, "billed_by[0,0,actual]": 1}
    point |= {f"band_grams[0,0,{1 if grams > 2_000 else 0}]": grams}
    assert allows(formulation, "billable_weight_is_not_inflated", point) is allowed
    assert allows(formulation, "billable_weight_covers_the_contents", point)


def test_a_closed_band_at_the_start_is_not_jumped_either() -> None:
    bands = (Band(up_to_grams=1_000, base_minor=0, closed=True), Band(up_to_grams=None, base_minor=9))
    formulation = units_of_900_grams(2, RateCard(bands=bands))
    jumped = {"open_package[0,0]": 1, "ship_units[0,0,0]": 1, "band_grams[0,0,0]": 1_001, "billed_by[0,0,actual]": 1}
    assert not allows(formulation, "billable_weight_is_not_inflated", jumped)


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
    point = {"use_band[0,0,1]": 1, "band_grams[0,0,1]": grams, "added_steps[0,0,1,0]": steps}
    assert allows(formulation, "steps_pay_for_the_additional_weight", point) is allowed
