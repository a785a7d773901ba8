"""The ids of plans follow the time at which they are made; a request has the first plan that was made for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.plan_ids import plan_id_of
from solver.fulfilment.questions import Question
from solver.scenario.load import load
from solver.storage.once import Request
from tests.made_world import MONDAY_AT_8, made_world, order_of

MILLISECOND = timedelta(milliseconds=1)
HURRIED_SECONDS = 0.9  # so that it neither joins a round nor meets others


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    application = Application.open(tmp_path, ManualClock(MONDAY_AT_8))
    load(application, made_world())
    yield application
    application.close()


def request(name: str) -> Request:
    return Request(method="PlanFulfillment", request_id=name, body_digest=b"the same")


def test_an_id_says_when_then_for_which_request_and_order() -> None:
    assert plan_id_of(request("a"), at=MONDAY_AT_8) == "plan-019cad8fac00ca978112ca1bbdcafac2"
    made = [plan_id_of(request(name), order, at=MONDAY_AT_8) for name in "ab" for order in ("", "1", "2")]
    assert len(set(made)) == 6


def test_ids_of_later_plans_come_later() -> None:
    times = [MONDAY_AT_8 + step * MILLISECOND for step in (0, 1, 2, 1_000, 10**9)]
    made = [plan_id_of(request(str(number)), at=at) for number, at in enumerate(times)]
    assert made == sorted(made)


def test_who_repeats_a_request_while_it_is_decided_gets_the_plan_that_was_held_first(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, planner = application.clock, application.planner
    assert isinstance(clock, ManualClock)
    first: list[FulfilmentPlan] = []
    prepare, command = planner.questions.prepare, PlanCommand(order=order_of(("TEA", 1)))

    def and_the_other_is_quicker(question: Question) -> None:
        prepare(question)
        if not first:
            monkeypatch.undo()
            clock.advance(MILLISECOND)
            first.append(planner.plan(request("r"), command, seconds_left=HURRIED_SECONDS))

    monkeypatch.setattr(planner.questions, "prepare", and_the_other_is_quicker)
    assert planner.plan(request("r"), command, seconds_left=HURRIED_SECONDS) == first[0]
    with application.database.read() as reader:
        assert reader.query("SELECT plan_id FROM plan") == [(first[0].plan_id,)]
