"""Facts: limits that may not be stated, and arrays that problems share which differ by their policy alone."""

from dataclasses import fields, replace
from gc import collect
from typing import Any

import numpy as np

from solver.sourcing.brief import brief
from solver.sourcing.case import NO_LIMIT
from solver.sourcing.facts import Facts
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from tests.sourcing.made import flat, lane, line, offer, problem
from tests.sourcing.terms.random_world import rich_problem

ASKED = problem(
    lines=(line("1", 3, {"A": 1}),),
    grams={"A": 400},
    offers=(
        replace(offer("S1", {"A": 3}), orders_left=3),
        offer("S2", {"A": 3}),
        replace(offer("S3", {"A": 3}), orders_left=-2),
    ),
    lanes=(replace(lane("S1", flat(500)), packages_left=0), lane("S2", flat(600))),
)


def test_a_limit_that_is_not_stated_does_not_limit_and_one_overdrawn_is_0() -> None:
    facts = Facts(ASKED)
    assert facts.limits_of_offers("orders_left").tolist() == [3, NO_LIMIT, 0]
    assert facts.limits_of_lanes("packages_left").tolist() == [0, NO_LIMIT]


def test_a_problem_under_another_policy_shares_the_arrays_and_has_its_own_policy() -> None:
    facts, other = Facts.of(ASKED), replace(ASKED, policy=Policy(max_packages=1))
    shared = Facts.of(other)
    assert shared.of_lanes("distance_meters") is facts.of_lanes("distance_meters")
    assert shared.of_stock("available") is facts.of_stock("available")
    assert (facts.problem, shared.problem) == (ASKED, other)
    assert Facts.of(ASKED) is facts


def test_other_offers_lanes_lines_or_items_share_nothing() -> None:
    facts = Facts.of(ASKED)
    changed: list[dict[str, Any]] = [
        {"offers": (offer("S1", {"A": 1}), *ASKED.offers[1:])},
        {"lanes": ASKED.lanes[:1]},
        {"lines": (line("1", 2, {"A": 1}),)},
        {"items": {**ASKED.items}},
    ]
    for changes in changed:
        other = Facts.of(replace(ASKED, **changes))
        assert other.of_stock("available") is not facts.of_stock("available")


def test_what_nobody_holds_on_to_is_forgotten() -> None:
    facts = Facts.of(ASKED)
    before = facts.of_lanes("distance_meters")
    del facts
    collect()
    assert Facts.of(ASKED).of_lanes("distance_meters") is not before


def test_a_case_is_the_same_from_shared_facts(seed: int) -> None:
    for number in range(seed, seed + 30):
        asked = rich_problem(number)
        held = Facts.of(asked)
        freed = replace(asked, policy=replace(asked.policy, settings={}, off=("handling",)))
        fresh = replace(freed, items={**freed.items})
        assert Facts.of(freed).of_stock("available") is held.of_stock("available")
        assert Facts.of(fresh).of_stock("available") is not held.of_stock("available")
        assert _case(freed) == _case(fresh)


def _case(asked: Problem) -> dict[str, object]:
    made = brief(asked).case
    stated = {field.name: getattr(made, field.name) for field in fields(made)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in stated.items()}
