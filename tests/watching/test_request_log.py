"""The request log: exact lines, files that are rotated, and what happens where nothing can be written."""

import json
from pathlib import Path

import pytest

from solver.watching import watching as watching_module
from solver.watching.call_notes import CallNotes, Phase
from solver.watching.meters import Meters
from solver.watching.records import CallRecord, trace_id_of
from solver.watching.request_log import RequestLog, line_of
from solver.watching.watching import Watching

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def record(number: int = 0, notes: CallNotes | None = None) -> CallRecord:
    return CallRecord(
        method="/a.B/C",
        caller_id=f"caller-{number}",
        status="OK",
        ended_at=1_700_000_000.125,
        ended=20.0,
        seconds=0.25,
        waited_seconds=0.5,
        traceparent=f"00-{TRACE}-00f067aa0ba902b7-01",
        notes=notes,
    )


def test_a_line_says_exactly_this() -> None:
    notes = CallNotes()
    notes.begun, notes.request_id, notes.reason, notes.conflicts = 10.0, "r-1", "LOST_RACE", 2
    notes.laps = [(Phase.DECODE, 10.5), (Phase.SOLVE, 11.0), (Phase.SOLVE, 11.25)]
    assert json.loads(line_of(record(7, notes), TRACE)) == {
        "at": "2023-11-14T22:13:20.125Z",
        "method": "/a.B/C",
        "caller": "caller-7",
        "status": "OK",
        "seconds": 0.25,
        "waited_seconds": 0.5,
        "trace_id": TRACE,
        "request_id": "r-1",
        "reason": "LOST_RACE",
        "phase_seconds": {"decode": 0.5, "solve": 0.75},
        "conflicts": 2,
    }


@pytest.mark.parametrize("traceparent", ["", "00", "00-xyz-1-01", f"00-{TRACE.upper()}-00f067aa0ba902b7-01"])
def test_what_is_no_traceparent_names_no_trace(traceparent: str) -> None:
    assert trace_id_of(traceparent) == ""


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = RequestLog(str(path))
    log.write([b"1\n", b"2\n"])
    path.rename(tmp_path / "log.1")
    log.write([b"3\n"])
    log.close()
    assert ((tmp_path / "log.1").read_bytes(), path.read_bytes()) == (b"1\n2\n", b"3\n")


def test_all_calls_are_written_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    watching = Watching(Meters(), RequestLog(str(path)))
    for number in range(500):
        watching.note(record(number))
    watching.close()
    callers = [json.loads(line)["caller"] for line in path.read_text().splitlines()]
    assert callers == [f"caller-{number}" for number in range(500)]


def test_more_than_is_kept_is_dropped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching_module, "MOST_RECORDS", 3)
    monkeypatch.setattr(watching_module, "_PAUSE_SECONDS", 60.0)
    path = tmp_path / "log"
    watching = Watching(Meters(), RequestLog(str(path)))
    for number in range(5):
        watching.note(record(number))
    watching.close()
    assert (watching.dropped, len(path.read_text().splitlines())) == (2, 3)


def test_a_log_that_cannot_be_written_loses_lines_and_says_how_many(tmp_path: Path) -> None:
    log = RequestLog(str(tmp_path / "log"))
    watching = Watching(Meters(), log)
    log.close()
    watching.note(record())
    watching.close()
    assert watching.dropped == 1
