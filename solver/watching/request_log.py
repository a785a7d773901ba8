"""One line of JSON for each call: who called what, what came of it, and the key facts of the plan.

A line holds no name, phone or address, no token, and nothing else of a request but its ids.
"""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from solver.watching.call_notes import CallNotes, PlanFacts
from solver.watching.records import CallRecord

STANDARD_ERROR = "-"


def line_of(record: CallRecord, trace_id: str) -> bytes:
    """The line of one call."""
    fields: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.ended_at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": record.method,
        "caller": record.caller_id,
        "status": record.status,
        "seconds": round(record.seconds, 6),
        "waited_seconds": round(record.waited_seconds, 6),
    }
    if trace_id:
        fields["trace_id"] = trace_id
    if record.notes is not None:
        fields.update(_noted(record.notes))
    return msgspec.json.encode(fields) + b"\n"


def _noted(notes: CallNotes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if notes.request_id:
        found["request_id"] = notes.request_id
    if notes.reason:
        found["reason"] = notes.reason
    if notes.laps:
        seconds = notes.phase_seconds().items()
        found["phase_seconds"] = {phase.name.lower(): round(spent, 6) for phase, spent in seconds}
    if notes.conflicts:
        found["conflicts"] = notes.conflicts
    if len(notes.plans) == 1:
        found["plan"] = _facts(notes.plans[0])
    elif notes.plans:
        found["plans"] = {
            "number": len(notes.plans),
            "unfilled": sum(one.unfilled_units > 0 for one in notes.plans),
            "fallbacks": sum(bool(one.fallback_reason) for one in notes.plans),
        }
    return found


def _facts(plan: PlanFacts) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PlanFacts.__slots__}


class RequestLog:
    """Lines at the end of a file, or on standard error. A file that was moved away is begun anew: rotate it so."""

    def __init__(self, where: str) -> None:
        self._path = None if where == STANDARD_ERROR else Path(where)
        self._file: BinaryIO = sys.stderr.buffer if self._path is None else self._path.open("ab")

    def write(self, lines: Iterable[bytes]) -> None:
        """Write lines, all at once."""
        if self._path is not None and not self._is_there(self._path):
            self._file.close()
            self._file = self._path.open("ab")
        self._file.write(b"".join(lines))
        self._file.flush()

    def close(self) -> None:
        """Write no more."""
        if self._path is not None:
            self._file.close()

    def _is_there(self, path: Path) -> bool:
        try:
            return path.stat().st_ino == os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:
            return False
