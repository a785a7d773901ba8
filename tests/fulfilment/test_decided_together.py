"""Questions that are asked, and decided, many at once are those that are asked and decided one by one."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import BrokenInvariant
from solver.fulfilment.decided import decided, decided_each, decisions_on, planned_briefly_each
from solver.fulfilment.question import UnitsBySource
from solver.fulfilment.questions import Question
from solver.orders.model import Order
from solver.scenario.load import load
from solver.sourcing.check_straight import StraightJudge
from solver.sourcing.plan import Plan
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.itemised import Itemiser
from solver.sourcing.snapshot.planned import priced
from solver.sourcing.snapshot.prepared import Prepared
from solver.sourcing.straight import Straight
from solver.storage.portable import Params
from solver.storage.sqlite import SqliteReader
from tests.fulfilment.divided import divide
from tests.made_world import MONDAY_AT_8, made_world, order_of

OTHER = Policy(policy_id="other", max_packages=2, split_minor=900)
MOST_RUNS = 3  # of machine code: the best, the best without the main source, and without rules where they may bind


def opened(where: Path | str, *, divided: bool = False) -> Application:
    application = Application.open(where, ManualClock(MONDAY_AT_8))
    load(application, made_world())
    if divided:
        divide(application)
    application.planner.make_ready(OTHER)
    return application


def orders(draw: random.Random, count: int) -> list[Order]:
    items = (("TEA", 1), ("TEA", 2), ("CUP", 1), ("POT", 1), ("GIFT", 1))
    return [
        order_of(draw.choice(items), order_id=f"O-{number}", channel=draw.choice(("", "web")))
        for number in range(count)
    ]


def as_dictionaries(units: UnitsBySource) -> dict[str, dict[str, int]]:
    return {sku: dict(of) for sku, of in units.items()}


def seen(question: Question) -> tuple[object, ...]:
    facts = question.amounts, question.values, question.landed_costs, question.values_version
    return (
        question.order,
        question.policy,
        as_dictionaries(question.available),
        as_dictionaries(question.on_hand),
        facts,
    )


@pytest.mark.parametrize("divided", [False, True], ids=["whole", "divided"])
def test_questions_asked_together_are_those_asked_one_by_one(store_url: str, seed: int, divided: bool) -> None:
    application, draw = opened(store_url, divided=divided), random.Random(seed)
    asked = [(order, draw.choice((DEFAULT_POLICY, OTHER))) for order in orders(draw, 30)]
    together = application.planner.asking.questions(asked)
    assert [seen(one) for one in together] == [seen(application.planner.asking.question(*one)) for one in asked]
    application.close()


def test_many_questions_take_as_many_statements_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = opened(tmp_path)
    counts, told, query = list[int](), list[str](), SqliteReader.query

    def counted(reader: SqliteReader, sql: str, *params: Params) -> list[tuple[Any, ...]]:
        told.append(sql)
        return query(reader, sql, *params)

    monkeypatch.setattr(SqliteReader, "query", counted)
    for number in (1, 40):
        asked = [(order_of(("TEA", 1), ("CUP", 1), order_id=f"{one}"), DEFAULT_POLICY) for one in range(number)]
        application.planner.asking.questions(asked)
        told.clear()
        application.planner.asking.questions(asked)
        counts.append(len(told))
    assert 0 < counts[0] == counts[1]
    application.close()


def test_questions_decided_together_get_the_plans_that_each_gets_alone(
    store_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, draw = opened(store_url), random.Random(seed)
    asked = [(order, draw.choice((DEFAULT_POLICY, OTHER))) for order in orders(draw, 30)]
    questions = application.planner.asking.questions(asked)
    questions[3] = replace(questions[3], standing=(("S-EAST", "ground"),))  # which no snapshot says
    readiness = application.planner.readiness
    alone = [decided(one, readiness, seconds_left=30.0) for one in questions]
    runs, run = [], Prepared.run

    def counted(prepared: Prepared, stock: NDArray[np.int32], first: int = 0, *, counts_down: bool) -> int:
        runs.append(prepared)
        return run(prepared, stock, first, counts_down=counts_down)

    monkeypatch.setattr(Prepared, "run", counted)
    decisions = decisions_on(questions, readiness)
    assert len(runs) <= 2 * MOST_RUNS, "as many for 30 orders under two policies"
    assert decisions[3].found is None
    assert sum(one.found is not None for one in decisions) > 10
    plans = decided_each(decisions, lambda _: 30.0)
    assert [_text(plan) for plan in plans] == [_text(plan) for plan in alone]
    monkeypatch.setattr("solver.fulfilment.decided.MOST_AT_ONCE", 4)
    looks: list[int] = []
    assert decisions_on(questions, readiness, lambda: looks.append(1)) == decisions
    assert len(looks) > 6
    application.close()


def test_a_plan_that_is_not_sound_is_made_anew_and_the_others_stay(
    store_url: str, seed: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One whose terms do not come to what was decided, and one in which the judge finds fault."""
    application = opened(store_url)
    asked = [(order, DEFAULT_POLICY) for order in orders(random.Random(seed), 30)]
    decisions = decisions_on(application.planner.asking.questions(asked), application.planner.readiness)
    plans = decided_each(decisions, lambda _: 30.0)
    found = [number for number, one in enumerate(decisions) if one.found is not None]
    assert len(found) > 4
    dear, refused = asked[found[1]][0].order_id, asked[found[3]][0].order_id

    def misprice(itemiser: Itemiser, straight: Straight, *rest: Any) -> Plan | None:
        assert straight.order.order_id != dear, "a plan costs what was decided"
        return priced(itemiser, straight, *rest)

    def doubt(judge: StraightJudge, straight: Straight, plan: Plan) -> bool:
        return plan.order_id != refused and is_sound(judge, straight, plan)

    def object_to(judged: Sequence[tuple[Problem, Plan]]) -> list[BrokenInvariant | None]:
        return [BrokenInvariant("a fault") if plan.order_id == refused else None for _, plan in judged]

    monkeypatch.setattr("solver.sourcing.snapshot.briefly.priced", misprice)
    is_sound = StraightJudge.is_sound
    monkeypatch.setattr(StraightJudge, "is_sound", doubt)
    monkeypatch.setattr("solver.sourcing.snapshot.briefly.refusals", object_to)
    assert [_text(plan) for plan in decided_each(decisions, lambda _: 30.0)] == [_text(plan) for plan in plans]
    told = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert told == [f"order {dear}", f"order {refused}"]
    application.close()


def test_no_problem_is_made_of_an_order_that_ships_straight_from_what_is_there(
    store_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But of one of which the judge's short way is not sure."""
    application = opened(store_url)
    asked = [(order, DEFAULT_POLICY) for order in orders(random.Random(seed), 30)]
    decisions = decisions_on(application.planner.asking.questions(asked), application.planner.readiness)
    made: list[str] = []
    problem_of = Question.problem_of

    def counted(question: Question, *of: Any) -> Problem:
        made.append(question.order.order_id)
        return problem_of(question, *of)

    monkeypatch.setattr(Question, "problem_of", counted)
    plans = planned_briefly_each(decisions)
    assert made == []
    monkeypatch.setattr(StraightJudge, "is_sound", lambda *_: False)
    assert planned_briefly_each(decisions) == plans
    assert made == [plan.order_id for plan in plans if plan is not None]
    assert len(made) > 4
    application.close()


def _text(plan: object) -> bytes:
    told = msgspec.to_builtins(plan)
    return msgspec.json.encode({name: value for name, value in told.items() if "micros" not in name})
