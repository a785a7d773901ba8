"""What is noted of a call while it is worked on: when each phase ended, and what came of it.

Any room may note: outside of a watched call it costs a look at a variable and does nothing.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum
from time import perf_counter

from solver.frozen import quickly_made


class Phase(IntEnum):
    """Where the time of a call goes.

    DECODE: from the message to the command. SNAPSHOT: what is asked about, as it stands now. SOLVE: the decision.
    CHECK: every rule and cent anew. HOLD: stock held, the plan kept, and the wait for the commit. ENCODE: the answer.
    """

    DECODE = 0
    SNAPSHOT = 1
    SOLVE = 2
    CHECK = 3
    HOLD = 4
    ENCODE = 5


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What a log may say of a plan; nothing that belongs to a person."""

    order_id: str
    plan_id: str
    engine: str
    currency: str
    cost_minor: int
    gap_minor: int
    fallback_reason: str
    sources: int
    unfilled_units: int


class CallNotes:
    """The notes of one call. Times are `perf_counter` seconds."""

    __slots__ = ("begun", "conflicts", "laps", "plans", "reason", "request_id")

    def __init__(self) -> None:
        self.laps: list[tuple[Phase, float]] = []  # each phase with when it ended
        self.request_id = ""
        self.reason = ""
        self.conflicts = 0
        self.plans: list[PlanFacts] = []
        self.begun = perf_counter()

    def phase_seconds(self) -> dict[Phase, float]:
        """How long each phase took in all; what came after the last is in none."""
        found: dict[Phase, float] = {}
        last = self.begun
        for phase, ended in self.laps:
            found[phase] = found.get(phase, 0.0) + ended - last
            last = ended
        return found


_notes: ContextVar[CallNotes | None] = ContextVar("call notes", default=None)


def begin_notes() -> CallNotes:
    """From now on what is noted in this context is noted here."""
    notes = CallNotes()
    _notes.set(notes)
    return notes


def lap(phase: Phase) -> None:
    """The time since the last lap, or since the call began, went into this phase."""
    notes = _notes.get()
    if notes is not None:
        notes.laps.append((phase, perf_counter()))


def note_request(request_id: str) -> None:
    """The call has this id."""
    notes = _notes.get()
    if notes is not None:
        notes.request_id = request_id


def note_reason(reason: str) -> None:
    """The call failed for this reason, named for programs."""
    notes = _notes.get()
    if notes is not None:
        notes.reason = reason


def note_conflict() -> None:
    """Others were quicker: a plan could not be held and was made anew."""
    notes = _notes.get()
    if notes is not None:
        notes.conflicts += 1


def notes_of_call() -> CallNotes | None:
    """Where the call's notes are; None where nobody watches."""
    return _notes.get()
