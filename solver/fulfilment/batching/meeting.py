"""Requests to plan that arrive within a few milliseconds of each other: those that contend are decided together.

Each is decided alone first. Then, if what is being decided at that moment could want the same units, it waits for that,
a few milliseconds at most. Of those that meet, the ones whose plans together take more than there is are decided as one
wave and held in one transaction; the others go on alone at once. A request that is alone, or that wants what there is
plenty of, waits for nobody.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
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


@dataclass(slots=True, kw_only=True, eq=False)
class _Group:
    """Candidates that contend; the first settles for all."""

    members: Sequence[Candidate]
    is_settled: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, kw_only=True, eq=False)
class _Present:
    """A request that is being decided, or (with a candidate) waits for others; `group` when it has met them."""

    wanted: Mapping[str, int]
    candidate: Candidate | None = None
    group: _Group | None = None
    has_met: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One request at a meeting, until it leaves.

    `contends` tells whether others that are present could want what the candidate takes; if not, it has left. `meet`
    waits for those others, as `Meeting.attending` says.
    """

    contends: Callable[[Candidate], bool]
    meet: Callable[[Candidate, float], str]
    leave: Callable[[], None]


class Meeting:
    """Where candidates meet. `settle` decides and holds some that contend, and writes their plan ids."""

    def __init__(self, settle: Callable[[Sequence[Candidate]], None], window_seconds: float = WINDOW_SECONDS) -> None:
        self._settle = settle
        self._window = window_seconds
        self._changed = threading.Condition()
        self._present: list[_Present] = []
        self._has_host = False

    @contextmanager
    def attending(self, wanted: Mapping[str, int]) -> Iterator[Callable[[Candidate, float], str]]:
        """While a request for so many units of each SKU is decided; others that want the same wait for it a little.

        What it yields is called once with the candidate and the seconds that it has left, and returns the plan that it
        got together with others; empty: it contends with nobody, or too little time was left, and goes on alone.
        """
        present = self.attend(wanted)
        try:
            yield present.meet
        finally:
            present.leave()

    def attend(self, wanted: Mapping[str, int]) -> "Presence":
        """As `attending`, until `leave` is called on what is returned."""
        me = _Present(wanted=wanted)
        with self._changed:
            self._present.append(me)
        return Presence(
            contends=lambda candidate: self._contends(me, candidate),
            meet=lambda candidate, seconds_left: self._meet(me, candidate, seconds_left),
            leave=lambda: self._left(me),
        )

    def _left(self, me: _Present) -> None:
        with self._changed:
            self._leave(me)

    def _contends(self, me: _Present, candidate: Candidate) -> bool:
        with self._changed:
            contends = self._may_contend(me, candidate)
            if not contends:
                self._leave(me)
            return contends

    def _meet(self, me: _Present, candidate: Candidate, seconds_left: float) -> str:
        with self._changed:
            me.candidate = candidate
            if not self._may_contend(me, candidate):
                self._leave(me)
                return ""
            hosts, self._has_host = not self._has_host, True
            self._changed.notify_all()
        if hosts:
            self._gather()
        me.has_met.wait()
        group = me.group
        if group is None:
            return ""
        if group.members[0] is candidate:
            try:
                self._settle(group.members)
            finally:
                group.is_settled.set()
        group.is_settled.wait(max(0.0, seconds_left))
        return candidate.plan_id

    def _leave(self, me: _Present) -> None:
        if me in self._present:
            self._present.remove(me)
            self._changed.notify_all()

    def _may_contend(self, me: _Present, candidate: Candidate) -> bool:
        """True where too little would be left of what its plan takes if the others wanted all of theirs from there."""
        if len(self._present) == 1:
            return False
        taken, available = taken_by(candidate.plan), candidate.question.available
        others = {sku: sum(one.wanted.get(sku, 0) for one in self._present if one is not me) for _, _, sku in taken}
        return any(
            others[sku] and (bool(offer_id) or units + others[sku] > available.get(sku, {}).get(source_id, 0))
            for (source_id, offer_id, sku), units in taken.items()
        )

    def _gather(self) -> None:
        """Wait for those that could want the same, then tell everybody who is here with whom they contend."""
        with self._changed:
            self._changed.wait_for(self._all_are_decided, self._window)
            met = {one.candidate: one for one in self._present if one.candidate is not None}
            self._present = [one for one in self._present if one.candidate is None]
            self._has_host = False
        try:
            for members in contending(list(met)):
                group = _Group(members=members)
                for candidate in members:
                    met[candidate].group = group
        finally:
            for one in met.values():
                one.has_met.set()

    def _all_are_decided(self) -> bool:
        """True where nobody who waits has anything to expect of those that are being decided."""
        awaited = {sku for one in self._present if one.candidate is not None for sku in one.wanted}
        return not any(one.candidate is None and not awaited.isdisjoint(one.wanted) for one in self._present)


def contending(met: Sequence[Candidate]) -> list[list[Candidate]]:
    """Those whose plans together take more than there is, in groups that have nothing to do with each other.

    A request that is sent twice, and meets itself, is in no group twice: the repeat gets the first one's answer.
    """
    met = list({one.question.order.order_id: one for one in reversed(met)}.values())[::-1]
    takers: dict[Slot, dict[int, int]] = {}
    for number, one in enumerate(met):
        for slot, units in taken_by(one.plan).items():
            takers.setdefault(slot, {})[number] = units
    group_of = list(range(len(met)))
    for slot, numbers in takers.items():
        if len(numbers) > 1 and overrun(slot, [(met[number].question, units) for number, units in numbers.items()]):
            joined = {group_of[number] for number in numbers}
            group_of = [min(joined) if group in joined else group for group in group_of]
    groups = [[one for number, one in enumerate(met) if group_of[number] == group] for group in range(len(met))]
    return [group for group in groups if len(group) > 1]
