"""The program as a whole: one word for each rule and each cost, and values that mean what the plan says."""

import inspect
import re
from pathlib import Path

import pytest

from solver.sourcing import formulation as formulation_module
from solver.sourcing.assemble import assemble
from solver.sourcing.candidates import candidates
from solver.sourcing.formulation import formulate
from solver.sourcing.plan import Engine, Stop, Term
from tests.sourcing.rows import broken_families, cost_minor, families_of
from tests.sourcing.worlds import random_problem

FAMILIES = (
    "units_are_shipped_or_unfilled",
    "sources_ship_only_what_is_available",
    "units_leave_only_in_open_packages",
    "open_packages_use_one_band",
    "bands_bound_the_billable_weight",
    "billable_weight_covers_the_contents",
    "billable_weight_is_not_inflated",
    "steps_pay_for_the_additional_weight",
    "packages_weigh_at_most_the_limit",
    "packages_stay_within_the_limit",
    "sources_stay_within_the_limit",
    "every_further_package_pays_for_the_split",
    "slots_of_a_lane_open_in_order",
)
REFERENCE = Path(__file__).parents[2] / "docs" / "formulation.md"


def test_every_public_function_but_formulate_is_a_constraint_family() -> None:
    functions = {
        name
        for name, function in inspect.getmembers(formulation_module, inspect.isfunction)
        if function.__module__ == formulation_module.__name__ and not name.startswith("_")
    }
    assert functions - {"formulate"} == set(FAMILIES)


def test_every_family_and_nothing_else_prefixes_the_rows() -> None:
    prefixes = set[str]()
    for seed in range(60):
        asked = random_problem(seed)
        prefixes |= families_of(formulate(asked, candidates(asked)).program)
    assert prefixes == set(FAMILIES)


def test_names_of_rows_and_columns_are_unique() -> None:
    for seed in range(60):
        asked = random_problem(seed)
        program = formulate(asked, candidates(asked)).program
        assert len(set(program.row_names)) == len(program.row_names), f"random_problem({seed})"
        assert len(set(program.names)) == len(program.names), f"random_problem({seed})"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_reference_has_a_heading_for_the_family(family: str) -> None:
    headings = [text.strip("` ") for text in re.findall(r"^### (.*)$", REFERENCE.read_text("utf-8"), re.MULTILINE)]
    assert headings.count(family) == 1


@pytest.mark.parametrize("term", Term)
def test_the_reference_names_the_cost_term(term: Term) -> None:
    assert re.search(rf"\b{term}\b", REFERENCE.read_text("utf-8"))


def test_the_best_point_breaks_no_row_and_costs_what_its_plan_costs() -> None:
    for seed in range(150):
        asked = random_problem(seed)
        formulation = formulate(asked, candidates(asked))
        solution = formulation.program.solve(time_limit_seconds=60)
        values = [
            float(round(value)) if whole else value
            for value, whole in zip(solution.values, formulation.program.integers, strict=True)
        ]
        plan = assemble(asked, formulation.chosen(solution), engine=Engine.MIP, stop=Stop.OPTIMAL)
        assert broken_families(formulation.program, values) == set(), f"random_problem({seed})"
        assert cost_minor(formulation.program, values) == pytest.approx(plan.total_minor, abs=1e-4), f"seed {seed}"
