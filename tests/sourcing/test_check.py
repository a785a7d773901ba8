"""The judge: a sound plan passes, and every kind of tampering with it is reported."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from solver.errors import BrokenInvariant
from solver.sourcing.check import check, violations_of
from solver.sourcing.plan import Package, PackedUnits, Plan, Term
from solver.sourcing.problem import Stage
from tests.sourcing.judged import ASKED, sound_plan, with_contents, with_line, with_package
from tests.sourcing.made import PROMISED_AT


def test_the_plan_to_be_tampered_with_is_sound_and_worked_out_by_hand() -> None:
    plan = sound_plan()
    assert violations_of(ASKED, plan) == []
    check(ASKED, plan)
    first, second = plan.packages
    assert (first.weight_grams, first.volume_mm3, first.billable_grams) == (1_800, 12_000_000, 2_400)
    assert first.cost_minor == {Term.FREIGHT: 1_100, Term.HANDLING: 210, Term.DISTANCE: 121, Term.LATENESS: 0}
    assert second.cost_minor == {Term.FREIGHT: 800, Term.HANDLING: 30, Term.DISTANCE: 0, Term.LATENESS: 150}
    assert second.late_minutes == 150
    assert plan.cost_minor[Term.SPLIT] == 200
    assert plan.cost_minor[Term.UNFILLED] == 100_000
    assert plan.total_minor == 1_100 + 210 + 121 + 800 + 30 + 150 + 200 + 100_000


PACKAGE_TAMPERINGS: dict[str, tuple[Any, str]] = {
    "source_id": ("S2", "weight, volume and billable weight"),
    "service_id": ("W", "package 0 (S1, W): there is no such lane"),
    "carrier_id": ("C-W", "carrier, distance, arrival or province are not the lane's"),
    "contents": ((PackedUnits(line_id="1", sku="A", units=1),), "line 1: 1 of A are shipped for 2 planned units"),
    "weight_grams": (1_799, "weight, volume and billable weight are 1800, 12000000, 2400, not (1799, 12000000, 2400)"),
    "volume_mm3": (0, "weight, volume and billable weight are 1800, 12000000, 2400, not (1800, 0, 2400)"),
    "billable_grams": (
        1_800,
        "weight, volume and billable weight are 1800, 12000000, 2400, not (1800, 12000000, 1800)",
    ),
    "distance_meters": (120_499, "carrier, distance, arrival or province are not the lane's"),
    "arrives_at": (PROMISED_AT, "carrier, distance, arrival or province are not the lane's"),
    "late_minutes": (1, "it is late by 0:00:00, not by 1 minutes"),
    "crosses_province": (True, "carrier, distance, arrival or province are not the lane's"),
    "cost_minor": ({Term.FREIGHT: 1_431}, "it costs {"),
    "via_source_id": ("S2", "package 0 (S1, V): there is no such lane"),
    "offer_id": ("later", "package 0 (S1, V): there is no such lane"),
    "stage": (Stage.BACKORDER, "its stock is on_hand, not backorder"),
}


def test_every_field_of_a_package_is_tampered_with() -> None:
    assert PACKAGE_TAMPERINGS.keys() == {field.name for field in fields(Package)}


@pytest.mark.parametrize("field", PACKAGE_TAMPERINGS)
def test_a_package_with_one_field_changed_is_reported(field: str) -> None:
    value, expected = PACKAGE_TAMPERINGS[field]
    found = violations_of(ASKED, with_package(sound_plan(), 0, **{field: value}))
    assert any(expected in violation for violation in found), found


def test_an_unknown_source_is_reported() -> None:
    found = violations_of(ASKED, with_package(sound_plan(), 0, source_id="S9"))
    assert "package 0 (S9, V): there is no such lane" in found
    assert "S9 ships 2 of A but has 0 available" in found


@pytest.mark.parametrize("term", [Term.FREIGHT, Term.HANDLING, Term.DISTANCE, Term.LATENESS])
@pytest.mark.parametrize("by", [-1, 1])
def test_each_cent_of_a_package_counts_even_where_the_total_is_changed_with_it(term: Term, by: int) -> None:
    plan = sound_plan()
    cost = {**plan.packages[1].cost_minor, term: plan.packages[1].cost_minor[term] + by}
    tampered = replace(
        with_package(plan, 1, cost_minor=cost),
        cost_minor={**plan.cost_minor, term: plan.cost_minor[term] + by},
        total_minor=plan.total_minor + by,
        bound_minor=0,
    )
    of_package, of_plan, of_total = violations_of(ASKED, tampered)
    assert of_package.startswith("package 1 (S2, V): it costs {")
    assert of_plan.startswith("the terms are {")
    assert of_total.startswith("the terms sum to ")


@pytest.mark.parametrize("term", Term)
def test_each_term_of_the_plan_counts(term: Term) -> None:
    plan = sound_plan()
    tampered = replace(plan, cost_minor={**plan.cost_minor, term: plan.cost_minor[term] + 1})
    (violation,) = violations_of(ASKED, tampered)
    assert violation.startswith("the terms are {")


@pytest.mark.parametrize("term", Term)
def test_a_missing_term_is_reported_also_where_it_is_zero(term: Term) -> None:
    plan = sound_plan()
    without = {one: minor for one, minor in plan.cost_minor.items() if one is not term}
    assert len(violations_of(ASKED, replace(plan, cost_minor=without))) == 1


Tampering = Callable[[Plan], Plan]
PLAN_TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "other order": (lambda plan: replace(plan, order_id="order-2"), "plan is for order order-2 in CNY"),
    "other currency": (lambda plan: replace(plan, currency="EUR"), "plan is for order order-1 in EUR"),
    "total": (
        lambda plan: replace(plan, total_minor=102_610, bound_minor=0),
        "the terms sum to 102611, not to 102610",
    ),
    "bound above the total": (
        lambda plan: replace(plan, bound_minor=102_612),
        "the bound 102612 does not lie between 0 and the total 102611",
    ),
    "bound below zero": (
        lambda plan: replace(plan, bound_minor=-1),
        "the bound -1 does not lie between 0 and the total 102611",
    ),
    "a line less": (
        lambda plan: replace(plan, lines=plan.lines[:1]),
        "the plan does not answer each line once, in the order's own sequence",
    ),
    "a line twice": (
        lambda plan: replace(plan, lines=(*plan.lines, plan.lines[0])),
        "the plan does not answer each line once, in the order's own sequence",
    ),
    "lines in another sequence": (
        lambda plan: replace(plan, lines=plan.lines[::-1]),
        "the plan does not answer each line once, in the order's own sequence",
    ),
    "a line about another item": (
        lambda plan: with_line(plan, 0, sku="ITEM-9"),
        "the plan does not answer each line once, in the order's own sequence",
    ),
    "more ordered": (
        lambda plan: with_line(plan, 0, ordered_units=3),
        "line 1: planned and unfilled do not add up to the 2 ordered",
    ),
    "more planned": (
        lambda plan: with_line(plan, 1, planned_units=2, unfilled_units=0),
        "line 2: 1 of B are shipped for 2 planned units",
    ),
    "planned and unfilled at once": (
        lambda plan: with_line(plan, 0, unfilled_units=1),
        "line 1: planned and unfilled do not add up to the 2 ordered",
    ),
    "negative units": (
        lambda plan: with_line(plan, 0, planned_units=3, unfilled_units=-1),
        "line 1: a negative number of units",
    ),
    "an extra package": (
        lambda plan: replace(plan, packages=(*plan.packages, plan.packages[0])),
        "S1 ships 4 of A but has 2 available",
    ),
    "a package less": (
        lambda plan: replace(plan, packages=plan.packages[:1]),
        "line 2: 0 of B are shipped for 1 planned units",
    ),
    "an empty package": (
        lambda plan: with_contents(plan, 0),
        "package 0 (S1, V): it must hold at least one unit of each of its contents",
    ),
    "no units": (
        lambda plan: with_contents(plan, 1, ("2", "B", 1), ("2", "C", 0)),
        "package 1 (S2, V): it must hold at least one unit of each of its contents",
    ),
    "stock exceeded": (
        lambda plan: with_contents(plan, 1, ("2", "B", 1), ("2", "C", 3)),
        "S2 ships 3 of C but has 2 available",
    ),
    "half a bundle": (
        lambda plan: with_contents(plan, 1, ("2", "B", 1), ("2", "C", 1)),
        "line 2: 1 of C are shipped for 1 planned units",
    ),
    "contents for an unknown line": (
        lambda plan: with_contents(plan, 0, ("9", "A", 2)),
        "A is shipped for line 9, which does not ask for it",
    ),
    "contents that the line does not ask for": (
        lambda plan: with_contents(plan, 0, ("1", "A", 2), ("1", "C", 1)),
        "C is shipped for line 1, which does not ask for it",
    ),
    "contents that nobody knows": (
        lambda plan: with_contents(plan, 0, ("1", "A", 2), ("1", "Z", 1)),
        "package 0 (S1, V): the order knows nothing of Z",
    ),
}


@pytest.mark.parametrize("kind", PLAN_TAMPERINGS)
def test_a_plan_that_was_tampered_with_is_reported_and_refused(kind: str) -> None:
    tamper, expected = PLAN_TAMPERINGS[kind]
    plan = tamper(sound_plan())
    found = violations_of(ASKED, plan)
    assert expected in found
    with pytest.raises(BrokenInvariant) as refusal:
        check(ASKED, plan)
    assert str(refusal.value) == "the plan for order order-1 breaks rules: " + "; ".join(found)
