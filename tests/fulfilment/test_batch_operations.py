"""Started batches that are cancelled, whose server ends, whose time runs out, and that two servers share."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.clock import ManualClock, SystemClock
from solver.errors import DeadlineTooShort, InvalidRequest
from solver.fulfilment.batching.model import BatchCommand
from solver.fulfilment.batching.operation_model import BatchOperation, OperationState
from solver.fulfilment.model import PlanCommand
from solver.scenario.load import load
from solver.storage.once import Request, request_for
from solver.waves.limits import Watch, WaveLimits
from tests.made_world import made_world, order_of

SECONDS = 60.0


def command(*units: int, seconds: float | None = 60.0) -> BatchCommand:
    orders = tuple(order_of(("TEA", count), order_id=f"O-{number}") for number, count in enumerate(units))
    return BatchCommand(orders=orders, wave_limits=WaveLimits(time_limit_seconds=seconds))


def named(name: str = "long") -> Request:
    return request_for("StartBatch", name, name)


def search_until_cancelled(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search of this server has its plan, and looks for a better one until it is told to end."""
    decide = application.batches._decided

    def patient(asked: BatchCommand, questions: Any, ends_at: float, watch: Watch, *, fits: bool) -> Any:
        found = decide(asked, questions, ends_at, Watch(), fits=fits)
        while not watch.is_cancelled():
            time.sleep(0.01)
        return found

    monkeypatch.setattr(application.batches, "_decided", patient)


def ended(application: Application, started: BatchOperation) -> OperationState:
    return application.operations.wait(started.operation_id, SECONDS).state


def plans_kept(application: Application) -> int:
    with application.database.read() as reader:
        assert application.stock.audit(reader) == ()
        return int(reader.query("SELECT count(*) FROM plan")[0][0])


def test_cancelling_holds_the_best_plan_so_far(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    search_until_cancelled(application, monkeypatch)
    started = application.operations.start(named(), command(2, 2))
    assert application.operations.get(started.operation_id).state is OperationState.RUNNING
    application.operations.cancel(started.operation_id, discard=False)
    assert ended(application, started) is OperationState.SUCCEEDED
    planned = application.operations.planned(started.operation_id)
    assert planned is not None
    assert sorted(one.plan.source_ids for one in planned.plans) == [("S-EAST",), ("W-EAST",)]
    assert application.operations.cancel(started.operation_id, discard=True).state is OperationState.SUCCEEDED


def test_cancelling_with_discard_holds_nothing(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    search_until_cancelled(application, monkeypatch)
    started = application.operations.start(named(), command(2, 2))
    application.operations.cancel(started.operation_id, discard=True)
    assert ended(application, started) is OperationState.CANCELLED
    assert (application.operations.planned(started.operation_id), plans_kept(application)) == (None, 0)


def test_what_is_discarded_is_not_laid_out_to_the_end(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second order is never asked about."""
    asked: list[str] = []
    question = application.planner.asking._plain

    def discarding(moment: Any, order: Any, *rest: Any) -> Any:
        asked.append(order.order_id)
        [operation_id] = application.operations._runs
        application.operations.cancel(operation_id, discard=True)
        return question(moment, order, *rest)

    monkeypatch.setattr(application.planner.asking, "_plain", discarding)
    started = application.operations.start(named(), command(2, 2))
    assert ended(application, started) is OperationState.CANCELLED
    assert (asked, plans_kept(application)) == (["O-0"], 0)


def test_a_server_that_ends_interrupts_its_batches_also_those_that_wait(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = Application.open(tmp_path, clock)
    load(application, made_world())
    search_until_cancelled(application, monkeypatch)
    started = [application.operations.start(named(name), command(2, 2)) for name in ("first", "second")]
    application.close()
    again = Application.open(tmp_path, clock)
    states = [again.operations.get(one.operation_id).state for one in started]
    assert states == [OperationState.INTERRUPTED, OperationState.INTERRUPTED]
    assert plans_kept(again) == 0
    restarted = again.operations.start(named("third"), command(2, 2))
    assert ended(again, restarted) is OperationState.SUCCEEDED
    again.close()


def test_a_batch_whose_server_was_killed_reads_interrupted(application: Application) -> None:
    started = application.operations.start(named(), command(2, 2))
    assert ended(application, started) is OperationState.SUCCEEDED
    body = b'"state":"running"'
    with application.database.write() as tx:
        ((kept,),) = tx.query("SELECT body FROM batch_operation")
        tx.execute("UPDATE batch_operation SET body = ?", (bytes(kept).replace(b'"state":"succeeded"', body),))
    assert application.operations.get(started.operation_id).state is OperationState.INTERRUPTED


def test_time_that_runs_out_gives_the_best_plan_so_far(application: Application) -> None:
    started = application.operations.start(named(), command(2, 2, 2, seconds=0.001))
    assert ended(application, started) is OperationState.SUCCEEDED
    assert plans_kept(application) == 3


def test_a_request_without_an_id_is_told_everything_else_that_is_wrong_too(application: Application) -> None:
    unsound = replace(command(1), orders=(order_of(("NOTHING", 1), order_id="O-0"),))
    nameless = Request(method="PlanBatch", request_id="", body_digest=b"")
    for ask in (
        lambda: application.batches.plan(nameless, unsound, seconds_left=SECONDS),
        lambda: application.operations.start(nameless, unsound),
    ):
        with pytest.raises(InvalidRequest) as refused:
            ask()
        assert [one.field for one in refused.value.violations] == ["request_id", "orders[0].lines[0].sku"]
    alone = PlanCommand(order=unsound.orders[0])
    with pytest.raises(InvalidRequest) as refused:
        application.planner.plan(nameless, alone, seconds_left=SECONDS)
    assert [one.field for one in refused.value.violations] == ["request_id", "order.lines[0].sku"]


def test_a_call_without_time_to_decide_holds_nothing(application: Application) -> None:
    with pytest.raises(DeadlineTooShort):
        application.batches.plan(named(), command(2, 2), seconds_left=0.0)
    assert plans_kept(application) == 0


@pytest.fixture
def servers(postgres_url: str) -> Iterator[tuple[Application, Application]]:
    """Two servers on one PostgreSQL."""
    clock = SystemClock()
    first = Application.open(postgres_url, clock)
    load(first, made_world())
    second = Application.open(postgres_url, clock)
    yield first, second
    second.close()
    first.close()


@pytest.mark.parametrize(
    ("discard", "state", "plans"), [(False, OperationState.SUCCEEDED, 2), (True, OperationState.CANCELLED, 0)]
)
def test_another_server_sees_a_batch_and_cancels_it(
    servers: tuple[Application, Application],
    monkeypatch: pytest.MonkeyPatch,
    discard: bool,
    state: OperationState,
    plans: int,
) -> None:
    first, second = servers
    search_until_cancelled(first, monkeypatch)
    started = first.operations.start(named(), command(2, 2))
    assert second.operations.get(started.operation_id).state is OperationState.RUNNING
    assert second.operations.start(named(), command(2, 2)).operation_id == started.operation_id
    second.operations.cancel(started.operation_id, discard=discard)
    assert ended(second, started) is state
    planned = second.operations.planned(started.operation_id)
    assert (0 if planned is None else len(planned.plans), plans_kept(second)) == (plans, plans)
