"""Plan events as a whole: streams, pages, and the thread that looks for what is new and tends the outbox."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from solver.clock import Clock, to_micros
from solver.fulfilment.plan_events.model import MOST_EVENTS, PlanAudience, PlanEventPage
from solver.fulfilment.plan_events.rows import last_number, prune
from solver.fulfilment.plan_events.watch import PlanWatch
from solver.stock.feed.bell import Bell
from solver.stock.stock import Stock
from solver.storage.database import Database, Reader
from solver.storage.errors import StorageUnusable

LOOK_SECONDS = 0.05  # between looks; other processes write too, so nothing else tells of news
SWEEP_SECONDS = 5.0  # a hold's expiry is told at most so long after it
PRUNE_SECONDS = 3_600.0
PRUNED_AT_ONCE = 5_000
RETENTION = timedelta(days=30)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Due:
    """When something is done again, in seconds of a stopwatch."""

    every_seconds: float
    at: float

    def is_now(self, seconds: float) -> bool:
        """True once in every so many seconds."""
        if seconds < self.at:
            return False
        self.at = seconds + self.every_seconds
        return True


class PlanEvents:
    """What becomes of plans. Streams end when it is stopped; pages can be read at any time.

    From `start` to `stop` its thread wakes streams, voids holds that are due (a hold is void from the very instant of
    its expiry, but only a transaction can tell of it), and drops events older than `retention`, except those that
    `still_needed` says somebody must have: it returns the last number that may go.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stock: Stock,
        *,
        retention: timedelta = RETENTION,
        still_needed: Callable[[Reader, int], int] = lambda _, last: last,
    ) -> None:
        self._database = database
        self._clock = clock
        self._stock = stock
        self._retention = retention
        self._still_needed = still_needed
        self._bell = Bell()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_stopped(self) -> bool:
        """True once no more is to come."""
        return self._bell.is_silent

    def start(self) -> None:
        """Begin to look. Twice does nothing more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="plan-events", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and every stream. Twice does nothing more."""
        self._stopping.set()
        self._bell.fall_silent()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Let every stream look whether it is still wanted."""
        self._bell.wake()

    def page(self, audience: PlanAudience, after_number: int, most: int = MOST_EVENTS) -> PlanEventPage:
        """Some events after a number; an empty page: there are no more. Raises what `PlanWatch` raises."""
        watch = PlanWatch(self._database, audience, after_number, most_events=most)
        return watch.take() or watch.sign_of_life()

    def stream(
        self,
        audience: PlanAudience,
        after_number: int | None,
        *,
        heartbeat_seconds: float,
        wanted: Callable[[], bool],
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> Iterator[PlanEventPage]:
        """Events until they are wanted no longer; first of all where the stream begins, without events.

        Raises at once what `PlanWatch` raises; and EVENTS_PRUNED later, for a listener slower than the retention.
        """
        watch = PlanWatch(self._database, audience, after_number)
        return self._told(watch, heartbeat_seconds, wanted, stopwatch)

    def tend(self) -> None:
        """Void holds that are due. Their expiry is told in the same transaction."""
        self._stock.sweep_if_due(self._database)

    def prune(self) -> int:
        """Drop what is older than the retention; how many events."""
        before_us = to_micros(self._clock.now() - self._retention)
        with self._database.read() as reader:
            through = self._still_needed(reader, last_number(reader))
        dropped = 0
        while part := self._database.run(lambda tx: prune(tx, before_us, through, PRUNED_AT_ONCE)):
            dropped += part
        return dropped

    def _told(
        self, watch: PlanWatch, heartbeat_seconds: float, wanted: Callable[[], bool], stopwatch: Callable[[], float]
    ) -> Iterator[PlanEventPage]:
        yield watch.sign_of_life()
        said_at = stopwatch()
        while wanted() and not self._bell.is_silent:
            told = watch.take()
            if told is None:
                left = said_at + heartbeat_seconds - stopwatch()
                if left > 0:
                    self._bell.wait(watch.number, left, wanted)
                    continue
                told = watch.sign_of_life()
            yield told
            said_at = stopwatch()

    def _run(self) -> None:
        begun = time.monotonic()
        sweep = _Due(SWEEP_SECONDS, begun + SWEEP_SECONDS)
        pruning = _Due(PRUNE_SECONDS, begun + SWEEP_SECONDS)
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                if sweep.is_now(time.monotonic()):
                    self.tend()
                if pruning.is_now(time.monotonic()):
                    self.prune()
                with self._database.read() as reader:
                    self._bell.ring(last_number(reader))
            except StorageUnusable:  # closed: nothing more can come
                return
            except Exception:
                _log.exception("plan events could not be looked for; it is tried again")
                self._stopping.wait(1.0)
