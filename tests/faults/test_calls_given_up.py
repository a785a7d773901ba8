"""A caller gives up at many steps of a hold or a plan, or his deadline passes: it is done whole or not at all.

`test_every_call_given_up.py` asks the same of every other method, at fewer steps.
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import grpc
import pytest

from solver.clock import ManualClock
from solver.scenario.load import load
from tests.faults.lasting import chosen
from tests.faults.remote import ask, future
from tests.faults.simulation.calls import Answer, Call
from tests.faults.steps import Steps
from tests.made_world import MONDAY_AT_8, made_world, order_of
from tests.running import SECONDS, Running, plan_request

DEADLINE_SECONDS = 1.0
WORKERS = 8


@pytest.fixture
def service(store_url: str) -> Iterator[Running]:
    running = Running(store_url, ManualClock(MONDAY_AT_8))
    load(running.application, made_world(stock=()))
    assert ask(running, Call(request_id="stock", verb="receive", rows=(("W-EAST", "TEA", 1000),))) is not None
    yield running
    running.close()


def cancelled(under_way: Any) -> None:
    assert under_way.cancel()


def out_of_time(under_way: Any) -> None:
    assert under_way.exception(SECONDS).code() is grpc.StatusCode.DEADLINE_EXCEEDED


def steps_of(steps: Steps, call: Callable[[], object]) -> int:
    """How many steps a call takes."""
    steps.stop_at(0)
    call()
    assert steps.count > 0
    return steps.count


def given_up(steps: Steps, step: int, under_way: Callable[[], Any], give_up: Callable[[Any], None]) -> None:
    """Begin a call, give it up when it is at this step or its time is over, and let the server go on with it."""
    steps.stop_at(step)
    begun = under_way()
    while not steps.is_reached.wait(0.01):
        assert not begun.done() or begun.code() is grpc.StatusCode.DEADLINE_EXCEEDED, "the step is never reached"
        if begun.done():
            break
    give_up(begun)
    steps.may_go_on.set()


def hold_of(name: str) -> Call:
    return Call(request_id=name, verb="hold", hold_id=name, rows=(("W-EAST", "TEA", 2),), minutes=60)


def prove_all_workers_serve(service: Running) -> None:
    """None of them still waits for a caller who has gone."""
    together = [future(service, hold_of(f"afterwards {number}")) for number in range(2 * WORKERS)]
    assert {one.result(SECONDS).hold.hold_id for one in together} == {
        f"afterwards {number}" for number in range(2 * WORKERS)
    }
    assert service.discrepancies() == []


@pytest.mark.parametrize("give_up", [cancelled, out_of_time])
def test_a_hold_given_up_at_any_step_is_held_once_or_not_at_all(
    service: Running, seed: int, give_up: Callable[[Any], None]
) -> None:
    steps, seconds = Steps(service.application), DEADLINE_SECONDS if give_up is out_of_time else SECONDS
    count = steps_of(steps, lambda: ask(service, hold_of("counted")))
    held = 2
    for step in (1 + one for one in chosen(count, seed, of_each=4)):
        call = hold_of(f"given up at {step}")
        given_up(steps, step, partial(future, service, call, seconds), give_up)
        assert ask(service, call) == Answer(call=call), "whoever repeats it gets his hold"
        held += 2
        assert service.levels("TEA") == {("W-EAST", "TEA"): (1000 - held, held, 0)}
    prove_all_workers_serve(service)


@pytest.mark.parametrize("give_up", [cancelled, out_of_time])
def test_a_plan_given_up_at_any_step_is_planned_once_or_not_at_all(
    service: Running, seed: int, give_up: Callable[[Any], None]
) -> None:
    steps, seconds = Steps(service.application), DEADLINE_SECONDS if give_up is out_of_time else SECONDS
    service.plan(plan_request(order_of(("TEA", 2), order_id="first")))
    count = steps_of(steps, lambda: service.plan(plan_request(order_of(("TEA", 2), order_id="counted"))))
    held = 4
    for step in (1 + one for one in chosen(count, seed, of_each=6)):
        request = plan_request(order_of(("TEA", 2), order_id=f"given up at {step}"))
        given_up(steps, step, partial(service.sourcing.PlanFulfillment.future, request, timeout=seconds), give_up)
        plan = service.plan(request)
        assert service.state(plan.plan_id) == "HELD"
        held += 2
        assert service.levels("TEA") == {("W-EAST", "TEA"): (1000 - held, held, 0)}
    prove_all_workers_serve(service)


def test_a_call_cancelled_while_it_waits_for_its_turn_to_write_is_done_once_when_it_is_repeated(
    service: Running,
) -> None:
    call = hold_of("waiting")
    with service.application.database.write():
        under_way = future(service, call)
        while not service.application.database._groups._led:
            threading.Event().wait(0.01)
        cancelled(under_way)
    assert ask(service, call) == Answer(call=call)
    assert service.levels("TEA") == {("W-EAST", "TEA"): (998, 2, 0)}
    prove_all_workers_serve(service)
