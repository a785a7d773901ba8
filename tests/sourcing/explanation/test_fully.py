"""Explanations of random problems hold together."""

from dataclasses import replace

import pytest

from solver.sourcing.explanation.fully import explain_fully
from solver.sourcing.explanation.model import Verdict
from solver.sourcing.policy import Level
from tests.sourcing.explanation.asked import decided
from tests.sourcing.worlds import random_problem

LEVELS = [
    (),
    (Level(measure="unfilled_units"), Level(measure="packages")),
    (Level(measure="unfilled_units"), Level(measure="latest_arrival_minutes")),
]


@pytest.mark.parametrize("levels", LEVELS, ids=["money", "packages", "arrival"])
def test_an_explanation_agrees_with_its_plan(seed: int, levels: tuple[Level, ...]) -> None:
    left_out = 0
    for drawn in range(seed + 80_000, seed + 80_012):
        asked = random_problem(drawn)
        asked = replace(asked, policy=replace(asked.policy, levels=levels))
        plan = decided(asked)
        explanation = explain_fully(asked, plan, decided, seconds_left=lambda: 60.0)
        chosen = [one.source_id for one in explanation.candidates if one.verdict is Verdict.CHOSEN]
        assert (chosen, explanation.complete) == (sorted(plan.source_ids), True), f"seed {drawn}"
        assert {one.source_id for one in explanation.candidates} == {offer.source_id for offer in asked.offers}
        assert {one.source_id for one in explanation.changes}.isdisjoint(chosen)
        assert all(one.text and one.text_zh for one in explanation.candidates)
        assert all(one.text and one.text_zh for one in explanation.changes)
        assert all(one.text and one.text_zh for one in explanation.limits)
        if not levels:
            assert all(one.extra_minor is None or one.extra_minor >= 0 for one in explanation.candidates)
            assert all(one.gain_minor > 0 for one in explanation.changes)
            assert all(one.saved_minor > 0 for one in explanation.limits)
        left_out += sum(one.verdict is Verdict.DOMINATED for one in explanation.candidates)
    assert left_out > 5


def test_the_same_question_gives_the_same_explanation() -> None:
    asked = random_problem(80_003)
    plan = decided(asked)
    first, second = (explain_fully(asked, plan, decided, seconds_left=lambda: 60.0) for _ in range(2))
    assert first == second
