"""The calls of one lane: begun where there is room, else kept waiting in a fair line, or turned away at once."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeAlias

import grpc

from solver.admission.line import FairLine
from solver.admission.model import Cause, LineLimits, TurnedAway, WaitingCall
from solver.admission.service_times import ServiceTimes
from solver.api.errors import status_of
from solver.api.handed_over import answer_with, caller_id_of, deadline_of
from solver.errors import TooBusy
from solver.watching.histogram import Histogram
from solver.watching.lanes import LaneState

WAIT_BOUNDS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
TellTurnedAway: TypeAlias = Callable[[str, str, str], object]
"""Takes the method, the caller and the cause of a call that was refused."""
_RETRY_STEP_SECONDS = 0.05

_log = logging.getLogger(__name__)


class LaneCalls:
    """One line, and what carries out its calls: `start`, which is to call `carry_out` with each that it is given."""

    def __init__(
        self, name: str, limits: LineLimits, shares: Mapping[str, float], tell: TellTurnedAway = lambda *_: None
    ) -> None:
        self.name = name
        self._tell = tell
        self.limits = limits
        self.start: Callable[[WaitingCall], object] = _nobody
        self._gate = threading.Lock()  # guards all below
        self._times = ServiceTimes()
        self._line = FairLine(limits, self._times, shares)
        self._at_once = 0
        self._waits = Histogram(WAIT_BOUNDS)
        self._turned_away: Counter[tuple[str, Cause]] = Counter()

    def enter(self, method: str, run: Callable[..., Any], parts: tuple[Any, ...]) -> "Future[None]":
        """Take what gRPC hands over; done when it was answered, in whatever way."""
        future: Future[None] = Future()
        now = time.monotonic()
        call = WaitingCall(
            caller_id=caller_id_of(run),
            method=method,
            ends_at=now + deadline_of(parts) - time.time(),
            since=now,
            work=(run, parts, future),
        )
        with self._gate:
            away = self._line.join(call, now)
            begins = not call.is_waiting and not any(one.call is call for one in away)
            self._at_once += begins
        if away:
            self._turn_away(away)
        if begins:
            self.start(call)
        return future

    def carry_out(self, call: WaitingCall) -> WaitingCall | None:
        """Answer a call; what is to be carried out next."""
        run, parts, future = call.work
        try:
            run(*parts)
        except BaseException:
            _log.exception("%s: gRPC could not answer", call.method)
        future.set_result(None)
        with self._gate:
            self._line.done(call)
            now = time.monotonic()
            following, late = self._line.next(now)
        if late:
            self._turn_away(late)
        if following is not None:
            self._waits.observe(now - following.since)
        return following

    def took(self, method: str, seconds: float) -> None:
        """A call of the method took so long, from its message to its answer."""
        with self._gate:
            self._times.note(method, seconds, time.monotonic())

    def state(self) -> LaneState:
        """How it stands."""
        with self._gate:
            return LaneState(
                name=self.name,
                running=self._line.running,
                waiting=len(self._line),
                begun_at_once=self._at_once,
                waits=self._waits.counted(),
                turned_away={(method, cause.value): number for (method, cause), number in self._turned_away.items()},
            )

    def _turn_away(self, away: tuple[TurnedAway, ...]) -> None:
        for one in away:
            with self._gate:
                self._turned_away[one.call.method, one.cause] += 1
            run, parts, future = one.call.work
            steps = max(1, round(one.retry_seconds / _RETRY_STEP_SECONDS))
            answer_with(_status(self.name, one.cause, steps, self.limits.waiting_calls), run, parts)
            future.set_result(None)
            self._tell(one.call.method, one.call.caller_id, one.cause)


def _nobody(call: WaitingCall) -> None:
    raise AssertionError(f"nobody carries out {call.method}")


@lru_cache(maxsize=1024)
def _status(lane: str, cause: Cause, retry_steps: int, most: int) -> grpc.Status:
    retry_seconds = retry_steps * _RETRY_STEP_SECONDS
    texts = {
        Cause.FULL: f"{most} calls wait already, which is the most",
        Cause.LATE: "the call could not be answered before its deadline, so many come before it",
    }
    error = TooBusy(
        f"{texts[cause]}; nothing was done: try again in {retry_seconds:.2f} s", retry_seconds=retry_seconds
    )
    error.metadata.update(cause=cause.value, lane=lane)
    return status_of(error)
