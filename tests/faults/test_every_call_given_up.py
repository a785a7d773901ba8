"""Whatever is asked, and at whatever step the caller gives up: it is done wholly once, or not at all."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.fulfilment.batching.operation_model import OperationState
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from solver.storage import once
from solver.waves.limits import Watch
from tests.faults.books_cases import settled
from tests.faults.every_method import Asked, mutating, named_requests
from tests.faults.given_up_cases import CASES, order
from tests.faults.lasting import chosen
from tests.faults.steps import Steps, cancelled, out_of_time
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import SECONDS, Running

DEADLINE_SECONDS = 0.5
WITHOUT_REQUEST_ID = ["CancelBatch"]  # it names what it ends, and ends it once
IN_THE_BACKGROUND = ["CancelBatch", "StartBatch"]  # what they begin or end goes on after the answer; tested below

IN_STEPS = ["RunSettlement"]  # each of its transactions stays, and who asks again goes on from there; tested below


@pytest.fixture
def asked(store_url: str, tmp_path: Path) -> Iterator[Asked]:
    key_file = tmp_path / "persons.key"
    key_file.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    running = Running(store_url, ManualClock(MONDAY_AT_8), persons=PersonSettings(key_file=key_file))
    load(running.application, made_world(stock=()))
    made = Asked(running)
    made.ask("ReceiveStock", reference="po", movements=[{"site_id": "W-EAST", "sku": "TEA", "units": 1000}])
    yield made
    running.close()


def search_until_cancelled(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search of this server has its plan, and looks for a better one until it is told to end."""
    decide = application.batches._decided

    def patient(asked: Any, questions: Any, ends_at: float, watch: Watch, *, fits: bool) -> Any:
        found = decide(asked, questions, ends_at, Watch(), fits=fits)
        while not watch.is_cancelled():
            time.sleep(0.01)
        return found

    monkeypatch.setattr(application.batches, "_decided", patient)


def test_every_method_that_changes_something_has_its_case() -> None:
    assert sorted([*CASES, *IN_THE_BACKGROUND, *IN_STEPS]) == mutating()
    assert sorted([*named_requests(), *WITHOUT_REQUEST_ID]) == mutating()


def ended_given_up(steps: Steps, under_way: Any, how: Callable[[Any], None]) -> bool:
    """As `Steps.give_up`; and the server has come to the end of it."""
    return steps.give_up(under_way, how) and steps.has_ended.wait(SECONDS)


def steps_of(asked: Asked, steps: Steps, method: str) -> int:
    """How many steps a call takes, once there was one before it."""
    for number in range(2):
        request = asked.request(method, **CASES[method](asked, number))
        steps.stop_at(0)
        asked.future(method, request).result()
    assert steps.count >= 3, "a beginning, a statement and a commit"
    return steps.count


@pytest.mark.parametrize("method", sorted(CASES))
def test_a_call_given_up_at_any_step_is_done_wholly_once_or_not_at_all(asked: Asked, seed: int, method: str) -> None:
    give_up_at_some_steps(asked, seed, method)
    assert asked.service.discrepancies() == []


def test_without_the_memory_of_requests_it_is_found_that_a_call_was_done_twice(
    asked: Asked, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "answered_before", lambda *_: None)
    monkeypatch.setattr(once, "remember", lambda *_: None)
    with pytest.raises(AssertionError):
        give_up_at_some_steps(asked, seed, "AdjustStock")


def kept_of(answer: Any) -> Any:
    """An answer as it is given again: only the first one has the secret of a key."""
    if "token" in answer.DESCRIPTOR.fields_by_name:
        answer.ClearField("token")
    return answer


def give_up_at_some_steps(asked: Asked, seed: int, method: str) -> None:
    """Every call is another one; after each it is asked again, twice."""
    steps = Steps(asked.service.application)
    count = steps_of(asked, steps, method)
    tried = [1, *(1 + step for step in chosen(count - 1, seed, of_each=max(4, count // 2))), count]
    reached = 0
    for number, step in enumerate(dict.fromkeys(tried), 2):
        steps.stop_at(0)
        request = asked.request(method, **CASES[method](asked, number))
        before = asked.contents()
        by_deadline = number == 2 + seed % 3
        steps.stop_at(step)
        under_way = asked.future(method, request, DEADLINE_SECONDS if by_deadline else SECONDS)
        was_reached = ended_given_up(steps, under_way, out_of_time if by_deadline else cancelled)
        reached += was_reached
        given_up = asked.contents() if was_reached else before  # else it may be under way still, its deadline over
        first = kept_of(asked.future(method, request).result())
        after = asked.contents()
        assert after != before
        assert given_up in (before, after), f"step {step} left a part of it, or it was done twice"
        assert kept_of(asked.future(method, request).result()) == first
        assert asked.contents() == after, f"given up at step {step}, it was done twice"
    assert reached >= 2, "or nothing was tried"


@pytest.mark.parametrize("step", [9, 38])
def test_a_settlement_that_is_given_up_is_gone_on_with_and_ends_once(asked: Asked, step: int) -> None:
    asked.ask("RecordSettledOrders", orders=[settled(1)])
    steps = Steps(asked.service.application)
    request = asked.request("RunSettlement", party="carrier 1", currency="CNY", day="2026-01-31")
    steps.stop_at(step)
    ended_given_up(steps, asked.future("RunSettlement", request), cancelled)
    statement = asked.future("RunSettlement", request).result().statement
    assert asked.future("RunSettlement", request).result().statement == statement
    assert statement.payout_minor == 500
    assert [len(asked.contents()[table]) for table in ("settlement_run", "ledger_voucher")] == [1, 2]
    assert asked.service.discrepancies() == []


@pytest.mark.parametrize("step", range(1, 8))
def test_a_batch_whose_start_is_given_up_is_planned_once(asked: Asked, step: int) -> None:
    steps = Steps(asked.service.application)
    request = asked.request("StartBatch", batch={"orders": [order(f"order {number}") for number in range(3)]})
    steps.stop_at(step)
    ended_given_up(steps, asked.future("StartBatch", request), cancelled)
    operation_id = asked.future("StartBatch", request).result().operation.operation_id
    assert asked.future("StartBatch", request).result().operation.operation_id == operation_id
    ended = asked.service.application.operations.wait(operation_id, SECONDS)
    assert ended.state is OperationState.SUCCEEDED
    assert [len(asked.contents()[table]) for table in ("batch_operation", "plan")] == [1, 3]
    assert asked.service.levels("TEA") == {("W-EAST", "TEA"): (994, 6, 0)}
    assert asked.service.discrepancies() == []


def test_a_batch_whose_end_is_asked_by_one_who_gives_up_ends_once_and_holds_nothing(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = asked.service.application
    search_until_cancelled(application, monkeypatch)
    operation_id = asked.ask("StartBatch", batch={"orders": [order("order")]}).operation.operation_id
    request = asked.request("CancelBatch", operation_id=operation_id, discard=True)
    asked.future("CancelBatch", request).cancel()
    for _ in range(2):
        asked.future("CancelBatch", request).result()
        assert application.operations.wait(operation_id, SECONDS).state is OperationState.CANCELLED
    assert asked.contents()["plan"] == []
    assert asked.service.levels("TEA") == {("W-EAST", "TEA"): (1000, 0, 0)}
    assert asked.service.discrepancies() == []
