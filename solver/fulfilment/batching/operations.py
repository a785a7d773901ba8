"""Batches that take long: started in one call, asked after in others, cancelled with or without what was found."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from solver.clock import Clock
from solver.errors import NotFound, XunyuanError
from solver.fulfilment.batching.batches import Batches
from solver.fulfilment.batching.model import BatchCommand, PlannedBatch
from solver.fulfilment.batching.operation_model import BatchOperation, OperationState
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, is_named, once
from solver.waves.limits import Progress, Watch

MOST_STARTED = 20_000
DEFAULT_SECONDS = 600.0
_GRACE = timedelta(minutes=10)  # for laying out and holding, after which nobody works on it any more
_IDS = uuid.UUID("5b1f3a86-64b0-5b8e-9d4a-0c1c9a6a7e31")
_ASK_SECONDS = 0.5
_ENOUGH, _DISCARD = "enough", "discard"
_log = logging.getLogger(__name__)

OPERATION_SCHEMA = """
CREATE TABLE IF NOT EXISTS batch_operation (
    operation_id TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    wish TEXT NOT NULL DEFAULT ''
) STRICT;
"""


@dataclass(slots=True)
class _Run:
    """What is told to and by a thread that works on a batch."""

    operation: BatchOperation
    closing: bool = False
    enough: threading.Event = field(default_factory=threading.Event)
    discard: bool = False
    progress: Progress | None = None


class BatchOperations:
    """Works on started batches, one after the other, in a thread of its own."""

    def __init__(self, *, database: Database, clock: Clock, batches: Batches) -> None:
        self._database = database
        self._clock = clock
        self._batches = batches
        self._runs: dict[str, _Run] = {}
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="batch")

    def start(self, request: Request, command: BatchCommand, *, by: str = "") -> BatchOperation:
        """Begin to plan a batch; a repeated request begins nothing. Raises what `Batches.refuse_unsound` raises.

        `by` is the name of the caller.
        """
        if not is_named(request):
            self._batches.refuse_unsound(request, command, MOST_STARTED)
        now = self._clock.now()

        def note(tx: Transaction) -> bytes:
            self._batches.refuse_unsound(request, command, MOST_STARTED)
            _write(tx, begun := _begun(request, command, now, by))
            return begun.operation_id.encode()

        fresh = once(self._database, self._clock, request, note).fresh
        operation = _begun(request, command, now, by)
        if not fresh:
            return self.get(operation.operation_id)
        self._runs[operation.operation_id] = _Run(operation=operation)
        self._executor.submit(self._work, operation, command, _seconds(command))
        return operation

    def get(self, operation_id: str) -> BatchOperation:
        """Where it stands. Raises NotFound."""
        run = self._runs.get(operation_id)  # before the row is read: who ends it writes the row first
        with self._database.read() as reader:
            operation = _found(reader, operation_id)
        if operation.state is not OperationState.RUNNING:
            return operation
        if run is not None:
            return replace(operation, progress=run.progress)
        lost = not self._database.shared or self._clock.now() > operation.ends_by
        return replace(operation, state=OperationState.INTERRUPTED) if lost else operation

    def planned(self, operation_id: str) -> PlannedBatch | None:
        """The plans of one that succeeded, as they stand now; None where there are none. Raises NotFound."""
        self.get(operation_id)
        return self._batches.planned(_holding(operation_id))

    def cancel(self, operation_id: str, *, discard: bool) -> BatchOperation:
        """End the search: the best plan so far is held, or with `discard` nothing is. Raises NotFound.

        Another server's search ends within about a second.
        """
        operation = self.get(operation_id)
        run = self._runs.get(operation_id)
        if run is not None:
            run.discard = discard
            run.enough.set()
        elif operation.state is OperationState.RUNNING:
            with self._database.write() as tx:
                wish = _DISCARD if discard else _ENOUGH
                tx.execute("UPDATE batch_operation SET wish = ? WHERE operation_id = ?", (wish, operation_id))
        return self.get(operation_id)

    def wait(self, operation_id: str, seconds: float, sleep: Callable[[float], object] = time.sleep) -> BatchOperation:
        """Wait for it so long; where it stands then."""
        step = 0.02
        for _ in range(int(seconds / step)):
            operation = self.get(operation_id)
            if operation.state is not OperationState.RUNNING:
                return operation
            sleep(step)
        return self.get(operation_id)

    def close(self) -> None:
        """Interrupt what runs or waits, without holding anything."""
        for run in list(self._runs.values()):
            run.closing = run.discard = True
            run.enough.set()
        self._executor.shutdown(cancel_futures=True)
        for run in list(self._runs.values()):
            self._end(run, replace(run.operation, state=OperationState.INTERRUPTED))

    def _work(self, operation: BatchOperation, command: BatchCommand, seconds: float) -> None:
        run = self._runs[operation.operation_id]

        def tell(progress: Progress) -> None:
            run.progress = progress

        wishes = _Wishes(self._database, run)

        def refuse_discarded() -> None:
            if wishes.is_enough() and run.discard:
                raise _Discarded

        watch = Watch(is_cancelled=wishes.is_enough, tell=tell, give_up=refuse_discarded)
        asked = replace(command, wave_limits=replace(command.wave_limits, time_limit_seconds=seconds))
        try:
            self._batches.plan(
                _holding(operation.operation_id),
                asked,
                seconds_left=seconds + _GRACE.total_seconds(),
                watch=watch,
                most_orders=MOST_STARTED,
                refuse=refuse_discarded,
            )
            ended = replace(operation, state=OperationState.SUCCEEDED)
        except _Discarded:
            state = OperationState.INTERRUPTED if run.closing else OperationState.CANCELLED
            ended = replace(operation, state=state)
        except XunyuanError as error:
            ended = replace(operation, state=OperationState.FAILED, error=str(error), reason=error.reason)
        except Exception:
            _log.exception("batch %s failed", operation.operation_id)
            ended = replace(
                operation, state=OperationState.FAILED, error="a bug of ours; see the log", reason="INTERNAL"
            )
        self._end(run, ended)

    def _end(self, run: _Run, ended: BatchOperation) -> None:
        with self._database.write() as tx:
            _write(tx, replace(ended, progress=run.progress))
        del self._runs[ended.operation_id]


class _Wishes:
    """Whether a batch is to end: said here, or to another server, which writes it down."""

    def __init__(self, database: Database, run: _Run) -> None:
        self._database = database
        self._run = run
        self._asked_at = time.monotonic()

    def is_enough(self) -> bool:
        run = self._run
        if self._database.shared and not run.enough.is_set() and time.monotonic() - self._asked_at >= _ASK_SECONDS:
            with self._database.read() as reader:
                rows = reader.query(
                    "SELECT wish FROM batch_operation WHERE operation_id = ?", (run.operation.operation_id,)
                )
            self._asked_at = time.monotonic()
            if rows and rows[0][0]:
                run.discard = rows[0][0] == _DISCARD
                run.enough.set()
        return run.enough.is_set()


class _Discarded(Exception):
    """The caller wants nothing of it."""


def _seconds(command: BatchCommand) -> float:
    limit = command.wave_limits.time_limit_seconds
    return DEFAULT_SECONDS if limit is None else limit


def _begun(request: Request, command: BatchCommand, now: datetime, by: str) -> BatchOperation:
    """The operation that a sound request begins."""
    return BatchOperation(
        operation_id=f"batch-{uuid.uuid5(_IDS, request.request_id).hex}",
        state=OperationState.RUNNING,
        started_at=now,
        orders=len(command.orders),
        ends_by=now + timedelta(seconds=_seconds(command)) + _GRACE,
        started_by=by,
    )


def _holding(operation_id: str) -> Request:
    """The request under which an operation's plans are held."""
    return Request(method="PlanBatch/operation", request_id=operation_id, body_digest=b"")


def _write(tx: Transaction, operation: BatchOperation) -> None:
    tx.execute(
        """INSERT INTO batch_operation (operation_id, body) VALUES (?, ?)
           ON CONFLICT (operation_id) DO UPDATE SET body = excluded.body""",
        (operation.operation_id, msgspec.json.encode(operation)),
    )


_decoder = msgspec.json.Decoder(BatchOperation)


def _found(reader: Reader, operation_id: str) -> BatchOperation:
    rows: Sequence[tuple[bytes]] = reader.query(
        "SELECT body FROM batch_operation WHERE operation_id = ?", (operation_id,)
    )
    if not rows:
        raise NotFound(f"there is no batch {operation_id!r}", metadata={"operation_id": operation_id[:128]})
    return _decoder.decode(rows[0][0])
