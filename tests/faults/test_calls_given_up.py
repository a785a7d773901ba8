"""A caller gives up at many steps of a hold or a plan, or his deadline passes: it is done whole or not at all.

`test_every_call_given_up.py` asks the same of every other method, at fewer steps.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.scenario.load import load
from tests.faults.lasting import chosen
from tests.faults.remote import ask, future
from tests.faults.simulation.calls import Answer, Call
from tests.faults.steps import Steps, cancelled, out_of_time
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


def steps_of(steps: Steps, call: Callable[[str], object]) -> int:
    """How many steps a call takes, once there was one before it."""
    for name in ("first", "counted"):
        steps.stop_at(0)
        call(name)
    assert steps.count > 0
    return steps.count


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
    count = steps_of(steps, lambda name: ask(service, hold_of(name)))
    held, reached = 4, 0
    for step in (1 + one for one in chosen(count, seed, of_each=4)):
        call = hold_of(f"given up at {step}")
        steps.stop_at(step)
        reached += steps.give_up(future(service, call, seconds), give_up)
        assert ask(service, call) == Answer(call=call), "whoever repeats it gets his hold"
        held += 2
        assert service.levels("TEA") == {("W-EAST", "TEA"): (1000 - held, held, 0)}
    assert reached > 0
    prove_all_workers_serve(service)


@pytest.mark.parametrize("give_up", [cancelled, out_of_time])
def test_a_plan_given_up_at_any_step_is_planned_once_or_not_at_all(
    service: Running, seed: int, give_up: Callable[[Any], None]
) -> None:
    steps, seconds = Steps(service.application), DEADLINE_SECONDS if give_up is out_of_time else SECONDS
    count = steps_of(steps, lambda name: service.plan(plan_request(order_of(("TEA", 2), order_id=name))))
    held, reached = 4, 0
    for step in (1 + one for one in chosen(count, seed, of_each=6)):
        request = plan_request(order_of(("TEA", 2), order_id=f"given up at {step}"))
        steps.stop_at(step)
        reached += steps.give_up(service.sourcing.PlanFulfillment.future(request, timeout=seconds), give_up)
        plan = service.plan(request)
        assert service.state(plan.plan_id) == "HELD"
        held += 2
        assert service.levels("TEA") == {("W-EAST", "TEA"): (1000 - held, held, 0)}
    assert reached > 0
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
