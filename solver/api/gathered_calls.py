"""Calls of a method that are worked on together, by one thread: it begins those that are there, has what they wait for
done in one go, and answers them, while the next ones gather. To wait and to be woken costs a call nothing so.

What would keep the others waiting is finished by threads beside it: an answer that needs more than what came of it in
the round. Of some methods every call is done by itself (`ONE_BY_ONE`), which one thread does in less time than several
that share an interpreter, and answers in the sequence in which they came.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from solver.admission.model import WaitingCall
from solver.api.handed_over import begin, finishing
from solver.api.later import Later
from solver.watching.call_notes import begin_notes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """How the items of calls are worked on: `work` says of each what came of it, `is_soon` whether it is soon answered.

    At most so many go together.
    """

    work: Callable[[Sequence[Any]], Sequence[Any]]
    is_soon: Callable[[Any], bool]
    most: int


def _nobody_waits(items: Sequence[Any]) -> Sequence[Any]:
    raise AssertionError(f"nobody waits for others, and yet there are {items}")


ONE_BY_ONE = Together(work=_nobody_waits, is_soon=bool, most=1)
"""Each call is answered as soon as it has begun, unless it says by a `Later` without an item that it takes long."""


class GatheredCalls:
    """One thread, started when it is needed. `answer` gives a begun call's answer, `aside` has another thread do so."""

    def __init__(
        self,
        name: str,
        together: Together,
        *,
        answer: Callable[[WaitingCall], object],
        aside: Callable[[WaitingCall], object],
    ) -> None:
        self._together = together
        self._answer = answer
        self._aside = aside
        self._handed: SimpleQueue[WaitingCall | None] = SimpleQueue()
        self._gate = threading.Lock()  # guards the start of the thread
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self, call: WaitingCall) -> None:
        """Have the call begun with those that come meanwhile."""
        self._handed.put(call)
        if self._thread.ident is None:
            with self._gate:
                if self._thread.ident is None:
                    self._thread.start()

    def stop(self, within_seconds: float) -> None:
        """Do what is handed over already, and end; what takes longer is not waited for."""
        if self._thread.ident is not None:
            self._handed.put(None)
            self._thread.join(within_seconds)

    def _work(self) -> None:
        is_open = True
        while is_open:
            waiting: list[tuple[WaitingCall, Later]] = []
            call = self._handed.get()
            try:
                while call is not None:
                    self._begin(call, waiting)
                    if len(waiting) == self._together.most:
                        break
                    call = self._handed.get_nowait()
                is_open = call is not None
            except Empty:
                pass
            if waiting:
                self._work_on(waiting)

    def _begin(self, call: WaitingCall, waiting: list[tuple[WaitingCall, Later]]) -> None:
        run, parts, future = call.work
        try:
            parts, later = begin(run, parts)
        except BaseException:  # it is gRPC's own then: its message, or its context
            _log.exception("%s could not be begun", call.method)
            later = None
        call.work = run, parts, future
        if later is None:
            self._answer(call)
        elif later.item is None:
            self._end(call, later, None)
        else:
            waiting.append((call, later))

    def _work_on(self, waiting: Sequence[tuple[WaitingCall, Later]]) -> None:
        begin_notes()  # those of the round: each of its calls gets what is noted
        try:
            outcomes = self._together.work([later.item for _, later in waiting])
        except BaseException:
            _log.exception("%d calls that came together go on one by one", len(waiting))
            outcomes = [None] * len(waiting)
        for (call, later), outcome in zip(waiting, outcomes, strict=True):
            self._end(call, later, outcome)

    def _end(self, call: WaitingCall, later: Later, outcome: object) -> None:
        run, parts, future = call.work
        call.work = run, finishing(parts, later, outcome), future
        (self._answer if outcome is not None and self._together.is_soon(outcome) else self._aside)(call)
