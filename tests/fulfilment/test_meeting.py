"""Requests to plan that arrive together: those that contend are decided and held as one, others are left alone."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from solver.app import Application
from solver.errors import BrokenInvariant, StockShort
from solver.fulfilment.batching import settling
from solver.fulfilment.batching.contention import contended, overrun
from solver.fulfilment.batching.meeting import Candidate, Meeting, contending
from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.planner import LEAST_SECONDS_TO_MEET
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
    assert overrun(("S-EAST", "", "TEA"), [(one.question, 2) for one in teas])
    assert not overrun(("S-EAST", "", "TEA"), [(teas[0].question, 2), (one_tea.question, 1)])
    assert contended([one.question for one in teas], [one.plan for one in teas])
    assert not contended([one_tea.question, cup.question], [one_tea.plan, cup.plan])


def test_a_request_that_is_alone_meets_nobody(application: Application) -> None:
    settled: list[Sequence[Candidate]] = []
    meeting = Meeting(settled.append, window_seconds=60.0)
    with meeting.attending({"TEA": 2}) as meet:
        assert meet(candidate(application, "one", "TEA", 2), 60.0) == ""
    assert settled == []


def test_orders_of_what_there_is_plenty_of_or_of_other_goods_wait_for_nobody(application: Application) -> None:
    """The store has 3 teas: one and two are not too many."""
    meeting = Meeting(lambda _: None, window_seconds=3600.0)
    with meeting.attending({"TEA": 1, "CUP": 9}), meeting.attending({"TEA": 2}) as meet:
        assert meet(candidate(application, "two", "TEA", 2), 60.0) == ""


def test_who_contends_with_nobody_does_not_wait_until_the_others_are_settled(application: Application) -> None:
    settling, may_end = threading.Event(), threading.Event()

    def settle(group: Sequence[Candidate]) -> None:
        settling.set()
        assert may_end.wait(60.0)
        for one in group:
            one.plan_id = "together"

    meeting = Meeting(settle, window_seconds=60.0)
    asked = [candidate(application, f"tea-{number}", "TEA", 2) for number in range(2)]
    asked.append(candidate(application, "cup", "CUP", 1))
    all_are_here = threading.Barrier(3)

    def attend(one: Candidate) -> str:
        wanted = {"CUP": 1} if one is asked[2] else {"TEA": 2, "CUP": 1}  # it takes none in the end
        with meeting.attending(wanted) as meet:
            all_are_here.wait(60.0)
            return meet(one, 60.0)

    with ThreadPoolExecutor(3) as pool:
        first, second, cup = (pool.submit(attend, one) for one in asked)
        assert cup.result(60.0) == ""
        assert settling.wait(60.0)
        assert not first.done() or not second.done()
        may_end.set()
        assert [first.result(60.0), second.result(60.0)] == ["together", "together"]


def test_a_request_that_is_sent_twice_is_no_rival_of_itself(application: Application) -> None:
    tea = candidate(application, "tea", "TEA", 2)
    again = candidate(application, "tea", "TEA", 2)
    other = candidate(application, "other", "TEA", 2)
    assert contending([tea, again]) == []
    assert contending([tea, again, other]) == [[tea, other]]


def test_an_order_with_little_time_left_meets_nobody(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = planner_of(application)
    monkeypatch.setattr(planner._meeting, "_window", 3600.0)
    with planner._meeting.attending({"TEA": 9}):
        command = PlanCommand(order=order_of(("TEA", 2), order_id="O-1"))
        made = planner.plan(named("r-1"), command, seconds_left=LEAST_SECONDS_TO_MEET)
    assert (made.state, made.plan.engine) == (PlanState.HELD, Engine.EXACT)


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


@pytest.mark.parametrize("broken", [StockShort("taken"), BrokenInvariant("unsound"), KeyError("a bug")])
def test_where_the_group_cannot_be_held_each_is_planned_alone(
    application: Application, monkeypatch: pytest.MonkeyPatch, broken: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    planner = planner_of(application)

    def fail(*_: object) -> None:
        raise broken

    monkeypatch.setattr(settling, "once_all", fail)
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
    told = [one.levelname for one in caplog.records if "planned one by one" in one.message]
    assert told == ([] if isinstance(broken, StockShort) else ["ERROR"])


def _once_gated(gate: _Gate, decide: Callable[..., tuple[object, int, Question]]) -> Callable[..., object]:
    """Each thread waits at the gate the first time it decides."""
    seen = threading.local()

    def gated(*asked: object) -> object:
        if getattr(seen, "once", False):
            return decide(*asked)
        seen.once = True
        return gate(*asked)

    return gated
