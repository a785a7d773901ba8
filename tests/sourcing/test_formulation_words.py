"""The program as a whole: one word for each rule and each cost, and values that mean what the plan says."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from solver.sourcing.case import Case
from solver.sourcing.cost import cost_of
from solver.sourcing.mip.engine import MipReason
from solver.sourcing.mip.families import capacities, contents, levels, lines, splits, weights
from solver.sourcing.mip.families.levels import better_levels_keep_their_value
from solver.sourcing.mip.variables import Formulation
from tests.sourcing.exact.cases import random_case
from tests.sourcing.formulated import formulated
from tests.sourcing.rows import broken_families, cost, families_of

FAMILIES = (
    "units_are_shipped_or_unfilled",
    "sources_ship_only_what_is_available",
    "units_leave_only_in_open_packages",
    "kinds_in_a_package_are_counted",
    "incompatible_materials_travel_apart",
    "units_beyond_a_stair_pay_for_it",
    "open_packages_use_one_band",
    "bands_bound_the_billable_weight",
    "billable_weight_covers_the_contents",
    "billable_weight_is_not_inflated",
    "steps_pay_for_the_additional_weight",
    "packages_weigh_at_most_the_limit",
    "packages_fill_at_most_the_limit",
    "packages_hold_at_most_the_limit",
    "sources_stay_within_their_capacity",
    "services_stay_within_their_capacity",
    "packages_stay_within_the_limit",
    "packages_leave_only_from_used_sources",
    "sources_stay_within_the_limit",
    "every_further_package_pays_for_the_split",
    "every_further_source_pays_for_the_split",
    "slots_of_a_lane_open_in_order",
    "orders_ship_complete",
    "lines_ship_complete",
    "lines_ship_together",
    "better_levels_keep_their_value",
)
REFERENCE = Path(__file__).parents[2] / "docs" / "formulation.md"
SEEDS = range(400)


def with_levels_kept(case: Case) -> Formulation:
    """The program as it is when the last level is minimised."""
    formulation = formulated(case)
    for level in range(case.levels - 1):
        better_levels_keep_their_value(formulation, level, 1_000)
    return formulation


def test_every_public_function_of_a_family_module_is_a_constraint_family() -> None:
    functions = {
        name
        for module in (capacities, contents, levels, lines, splits, weights)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert functions == set(FAMILIES)


def test_every_family_and_nothing_else_prefixes_the_rows() -> None:
    prefixes = set[str]()
    for seed in SEEDS:
        prefixes |= families_of(with_levels_kept(random_case(seed)).program)
    assert prefixes == set(FAMILIES)


def test_names_of_rows_and_columns_are_unique() -> None:
    for seed in SEEDS:
        program = with_levels_kept(random_case(seed)).program
        assert len(set(program.row_names)) == len(program.row_names), f"random_case({seed})"
        assert len(set(program.names)) == len(program.names), f"random_case({seed})"


def test_the_reference_has_a_heading_for_every_family_and_no_other() -> None:
    assert sorted(re.findall(r"^### (.*)$", REFERENCE.read_text("utf-8"), re.MULTILINE)) == sorted(FAMILIES)


def test_the_reference_explains_every_column() -> None:
    columns = set[str]()
    for seed in SEEDS:
        columns |= {name.split("[")[0] for name in formulated(random_case(seed)).program.names}
    variables = REFERENCE.read_text("utf-8").split("## Variables")[1].split("## Objective")[0]
    assert columns == set(re.findall(r"`(\w+)(?:\[[\w, ]+\])?`", variables))


@pytest.mark.parametrize("name", [field.name for field in fields(Case)])
def test_the_reference_names_what_the_case_knows(name: str) -> None:
    assert re.search(rf"`{name}\b", REFERENCE.read_text("utf-8"))


@pytest.mark.parametrize("reason", MipReason)
def test_the_reference_explains_why_a_proof_is_missing(reason: MipReason) -> None:
    assert f"| `{reason}` |" in REFERENCE.read_text("utf-8")


def test_the_best_point_breaks_no_row_and_costs_what_its_packages_cost(seed: int) -> None:
    for drawn in range(seed, seed + 200):
        case = random_case(drawn)
        formulation = formulated(case)
        solution = formulation.program.solve(time_limit_seconds=60)
        exact = cost_of(case, formulation.shipments(solution), formulation.unfilled(solution))
        assert broken_families(formulation.program, solution.values) == set(), f"random_case({drawn})"
        assert cost(formulation.program, solution.values, level=0) == pytest.approx(exact[0], abs=1e-4), drawn
