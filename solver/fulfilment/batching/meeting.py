"""Requests to plan that arrive within a few milliseconds of each other: those that contend are decided together.

Each is decided alone first. Then, if others are being decided at that moment, it waits for them, a few milliseconds at
most. Of those that meet, the ones whose plans together take more than there is are decided as one wave and held in one
transaction; the others go on alone. A request that is alone waits for nobody.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from solver.fulfilment.batching.contention import Slot, overrun, taken_by
from solver.fulfilment.questions import Question
from solver.sourcing.plan import Plan
from solver.storage.once import Request

WINDOW_SECONDS = 0.003


@dataclass(slots=True, kw_only=True, eq=False)
class Candidate:
    """A request with the plan that it gets alone. `plan_id` is what it gets of the meeting; empty: nothing."""

    request: Request
    question: Question
    plan: Plan
    hold_for: timedelta
    plan_id: str = ""
    has_met: threading.Event = field(default_factory=threading.Event)


class Meeting:
    """Where candidates meet. `settle` decides and holds some that contend, and writes their plan ids."""

    def __init__(self, settle: Callable[[Sequence[Candidate]], None], window_seconds: float = WINDOW_SECONDS) -> None:
        self._settle = settle
        self._window = window_seconds
        self._changed = threading.Condition()
        self._deciding = 0
        self._waiting: list[Candidate] = []
        self._has_host = False

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """While a request is decided alone; others wait for it a little."""
        with self._changed:
            self._deciding += 1
        try:
            yield
        finally:
            with self._changed:
                self._deciding -= 1
                self._changed.notify_all()

    def meet(self, candidate: Candidate) -> str:
        """The plan that the candidate got together with others; empty: it contends with nobody, and goes on alone."""
        with self._changed:
            if not self._deciding and not self._waiting:
                return ""
            self._waiting.append(candidate)
            hosts, self._has_host = not self._has_host, True
        if not hosts:
            candidate.has_met.wait()
            return candidate.plan_id
        with self._changed:
            self._changed.wait_for(lambda: not self._deciding, self._window)
            met, self._waiting, self._has_host = self._waiting, [], False
        try:
            for group in contending(met):
                self._settle(group)
        finally:
            for one in met:
                one.has_met.set()
        return candidate.plan_id


def contending(met: Sequence[Candidate]) -> list[list[Candidate]]:
    """Those whose plans together take more than there is, in groups that have nothing to do with each other."""
    takers: dict[Slot, list[int]] = {}
    for number, one in enumerate(met):
        for slot in taken_by(one.plan):
            takers.setdefault(slot, []).append(number)
    group_of = list(range(len(met)))
    for slot, numbers in takers.items():
        if len(numbers) > 1 and overrun(slot, [(met[number].question, met[number].plan) for number in numbers]):
            joined = {group_of[number] for number in numbers}
            group_of = [min(joined) if group in joined else group for group in group_of]
    groups = [[one for number, one in enumerate(met) if group_of[number] == group] for group in range(len(met))]
    return [group for group in groups if len(group) > 1]
