"""A call that asks to be let in, and why it may be turned away."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Cause(StrEnum):
    """Why a call is turned away."""

    FULL = "QUEUE_FULL"
    LATE = "DEADLINE_TOO_NEAR"


@dataclass(slots=True, kw_only=True, eq=False)
class WaitingCall:
    """One call. `ends_at` and `since` are seconds of the stopwatch that its line is told the time by.

    `work` is what the one who waits for it wants back; the line never looks at it.
    """

    caller_id: str
    method: str
    ends_at: float
    since: float
    work: Any = None
    cost_seconds: float = 0.0
    is_waiting: bool = field(default=False, init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """A call that will not be worked on; the caller may try again after `retry_seconds`."""

    call: WaitingCall
    cause: Cause
    retry_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLimits:
    """What one line takes.

    `workers` calls are worked on at once, `waiting_calls` wait, none longer than about `waiting_seconds`.
    """

    workers: int
    waiting_calls: int
    waiting_seconds: float = 20.0
