"""Ids that nobody can read are short in tables, and may be given short."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from solver.cli.ids import Ambiguous, meant, shortened_rows, shortener
from solver.cli.tables import answer_details, plans_table
from solver.client import FulfilmentPlan, PlanState
from solver.sourcing.solve import solve
from tests.sourcing.made import flat, lane, line, offer, problem

ONE = "1f50f920176fa81dab994f9023523100"
TWIN = "1f50f920176fb81dab994f9023523100"  # differs from ONE in its 13th character
OTHER = "ed8c7b1b3eb256c70ce0c74231e1da88"


def test_ids_that_differ_early_keep_eight_characters() -> None:
    shorten = shortener([f"seller-{ONE}", OTHER])
    assert shorten(f"next seller-{ONE} and {OTHER}") == "next seller-1f50f920… and ed8c7b1b…"


def test_ids_that_begin_alike_keep_as_much_as_tells_them_apart() -> None:
    assert shortened_rows([(ONE, "a"), (f"x {TWIN}", OTHER)]) == [
        ("1f50f920176fa…", "a"),
        ("x 1f50f920176fb…", "ed8c7b1b3eb25…"),
    ]


@pytest.mark.parametrize("text", ["WH-GUANGZHOU-NORTH-01", "FL-split", "12345678901234567890", "deadbeef", ""])
def test_what_people_can_read_stays(text: str) -> None:
    assert shortener([text])(text) == text


def test_a_uuid_is_shortened_as_well() -> None:
    text = "6f6f0a5e-4f0c-5c55-9d35-7d6d3b1f9a10"
    assert shortener([text])(text) == "6f6f0a5e…"


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        (ONE, ONE),
        ("ed8c", OTHER),
        ("ed8c7b1b…", OTHER),
        ("1f50f920176fa", ONE),
        ("unknown", "unknown"),
    ],
)
def test_the_beginning_of_one_id_alone_stands_for_it(given: str, whole: str) -> None:
    assert meant(given, [ONE, TWIN, OTHER]) == whole


def test_an_id_that_another_begins_with_is_itself() -> None:
    assert meant("TEA", ["TEA", "TEAPOT"]) == "TEA"


def test_the_beginning_of_several_ids_is_refused_with_all_of_them() -> None:
    with pytest.raises(Ambiguous) as refused:
        meant("1f50…", [TWIN, OTHER, ONE])
    assert str(refused.value) == f"'1f50' may be {ONE}, {TWIN}: give more of the one that is meant"
    with pytest.raises(Ambiguous, match="'T' may be T0, T1, T2, T3, T4 and 3 more: give more"):
        meant("T", [f"T{number}" for number in range(8)])


def test_tables_of_plans_show_short_ids_and_sentences_whole_ones() -> None:
    asked = problem(
        lines=(line("1", 1, {OTHER: 1}),),
        grams={OTHER: 100},
        offers=(offer(ONE, {OTHER: 1}), offer(TWIN, {OTHER: 1})),
        lanes=(lane(ONE, flat(500)), lane(TWIN, flat(600))),
    )
    plan = replace(solve(asked), order_id=OTHER)
    table = shown(plans_table([FulfilmentPlan(plan=plan, state=PlanState.DRAFT)], 5, 120))
    assert all(short in table for short in ("ed8c7b1b3eb25…", "1f50f920176fa…", "1f50f920176fb…"))
    assert not any(whole in table for whole in (ONE, TWIN, OTHER))
    details = shown(*answer_details(plan, 120))
    assert "1 x ed8c7b1b…" in details
    assert f"order {OTHER}: {ONE} ships all" in " ".join(details.split())


def shown(*parts: object) -> str:
    console = Console(file=io.StringIO(), width=120)
    for part in parts:
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
