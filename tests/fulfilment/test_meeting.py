"""Requests to plan that arrive together: those that contend are decided and held as one, others are left alone."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from solver.app import Application
from solver.fulfilment.batching.contention import contended, overrun
from solver.fulfilment.batching.meeting import Candidate, Meeting, contending
from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.questions import Question
from solver.sourcing.plan import Engine
from solver.sourcing.policy import DEFAULT_POLICY
from solver.storage.once import Request
from tests.fulfilment.test_planner import planner_of
from tests.made_world import order_of


def named(name: str) -> Request:
    return Request(method="PlanFulfillment", request_id=name, body_digest=name.encode())


def candidate(application: Application, name: str, sku: str, units: int) -> Candidate:
    question = application.planner.asking.question(order_of((sku, units), order_id=name), DEFAULT_POLICY)
    command = PlanCommand(order=question.order, validate_only=True)
    plan = application.planner.plan(named(name), command, seconds_left=30.0).plan
    return Candidate(request=named(name), question=question, plan=plan, hold_for=DEFAULT_HOLD)


def test_only_orders_that_together_want_more_than_there_is_are_grouped(application: Application) -> None:
    """The store has 3 teas and 1 cup."""
    teas = [candidate(application, f"tea-{number}", "TEA", 2) for number in range(2)]
    one_tea = candidate(application, "one-tea", "TEA", 1)
    cup = candidate(application, "cup", "CUP", 1)
    assert [[one.request.request_id for one in group] for group in contending([teas[0], cup, teas[1]])] == [
        ["tea-0", "tea-1"]
    ]
    assert contending([teas[0], one_tea, cup]) == []
    asked = [(one.question, one.plan) for one in teas]
    assert overrun(("S-EAST", "", "TEA"), asked)
    assert contended([question for question, _ in asked], [plan for _, plan in asked])
    assert not contended([one_tea.question, cup.question], [one_tea.plan, cup.plan])


def test_a_request_that_is_alone_meets_nobody(application: Application) -> None:
    settled: list[Sequence[Candidate]] = []
    meeting = Meeting(settled.append, window_seconds=60.0)
    with meeting.deciding():
        one = candidate(application, "one", "TEA", 2)
    assert meeting.meet(one) == ""
    assert settled == []


@dataclass
class _Gate:
    """Lets decisions end only when so many have begun."""

    barrier: threading.Barrier
    decide: Callable[..., tuple[object, int, Question]]

    def __call__(self, *asked: object) -> tuple[object, int, Question]:
        decided = self.decide(*asked)
        self.barrier.wait(timeout=60)
        return decided


@pytest.mark.parametrize("attempt", range(3))
def test_orders_that_arrive_together_and_contend_are_held_as_one_wave(
    application: Application, monkeypatch: pytest.MonkeyPatch, attempt: int
) -> None:
    planner = planner_of(application)
    gate = _Gate(barrier=threading.Barrier(3), decide=planner._decide)
    monkeypatch.setattr(planner, "_decide", gate)
    monkeypatch.setattr(planner._meeting, "_window", 60.0)

    def plan(number: int) -> FulfilmentPlan:
        command = PlanCommand(order=order_of(("TEA", 2), order_id=f"O-{attempt}-{number}"))
        return planner.plan(named(f"r-{number}"), command, seconds_left=60.0)

    with ThreadPoolExecutor(3) as pool:
        plans = list(pool.map(plan, range(3)))
    assert {one.state for one in plans} == {PlanState.HELD}
    assert {one.plan.engine for one in plans} == {Engine.BATCH}
    assert sorted(one.plan.source_ids for one in plans) == [("S-EAST",), ("W-EAST",), ("W-EAST",)]
    with application.database.read() as reader:
        assert application.stock.audit(reader) == ()
    assert plan(0) == plans[0]


def test_where_the_group_cannot_be_held_each_is_planned_alone(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = planner_of(application)
    monkeypatch.setattr(planner, "_settle", lambda group: None)
    monkeypatch.setattr(planner._meeting, "_settle", lambda group: None)
    gate = _Gate(barrier=threading.Barrier(2), decide=planner._decide)
    monkeypatch.setattr(planner, "_decide", _once_gated(gate, planner._decide))
    monkeypatch.setattr(planner._meeting, "_window", 60.0)

    def plan(number: int) -> FulfilmentPlan:
        command = PlanCommand(order=order_of(("TEA", 2), order_id=f"O-{number}"))
        return planner.plan(named(f"r-{number}"), command, seconds_left=60.0)

    with ThreadPoolExecutor(2) as pool:
        plans = list(pool.map(plan, range(2)))
    assert sorted(one.plan.source_ids for one in plans) == [("S-EAST",), ("W-EAST",)]
    assert {one.plan.engine for one in plans} == {Engine.EXACT}


def _once_gated(gate: _Gate, decide: Callable[..., tuple[object, int, Question]]) -> Callable[..., object]:
    """Each thread waits at the gate the first time it decides."""
    seen = threading.local()

    def gated(*asked: object) -> object:
        if getattr(seen, "once", False):
            return decide(*asked)
        seen.once = True
        return gate(*asked)

    return gated
