"""What is kept of a call that ended until it is written down, in the log and in traces."""

from dataclasses import dataclass

from solver.watching.call_notes import CallNotes

_TRACEPARENT_PARTS, _TRACE_HEX = 4, 32


@dataclass(slots=True, kw_only=True, eq=False)
class CallRecord:
    """A call that ended.

    `ended_at` is seconds since 1970, `ended` the same moment by `perf_counter`. `seconds` are from its message to its
    answer, `waited_seconds` came before. `traceparent` is what the caller sent as such, unread.
    """

    method: str
    caller_id: str
    status: str
    ended_at: float
    ended: float
    seconds: float
    waited_seconds: float
    traceparent: str
    notes: CallNotes | None


def trace_id_of(traceparent: str) -> str:
    """The trace that a caller's call is part of; empty where it names none."""
    parts = traceparent.split("-")
    if len(parts) < _TRACEPARENT_PARTS or len(parts[1]) != _TRACE_HEX:
        return ""
    return parts[1] if all(one in "0123456789abcdef" for one in parts[1]) else ""
