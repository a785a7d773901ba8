"""The audit log: what became of calls, and every change of the rules.

A change is written in its own transaction. Calls are counted in memory and written in groups, equal ones as one line
with how often they came, so that a call costs no write and a flood of refusals fills no disk. What is in memory is lost
with a crash of the process: of refusals what came within a second, of calls that were let in within ten.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from urllib.parse import unquote

from solver.access.model import AuditRecord, Decision
from solver.clock import Clock, from_micros, to_micros
from solver.errors import XunyuanError
from solver.storage.database import Database, Reader, Transaction

ALLOWED_SECONDS = 10.0
MOST_LINES = 1_000  # of one group; what is beyond is counted in one line by decision
MOST_DETAIL_CHARACTERS = 500
_Line = tuple[Decision, str, str, str, str]  # decision, caller, method, detail, peer
_log = logging.getLogger(__name__)


def write_change(tx: Transaction, at_us: int, caller_id: str, method: str, detail: str) -> None:
    """Write that the rules were changed, in the transaction that changes them."""
    _write(tx, at_us, [((Decision.CHANGED, caller_id, method, detail, ""), 1)])


def records_after(
    reader: Reader, number: int, most: int, *, caller_id: str = "", decisions: Collection[Decision] = ()
) -> list[AuditRecord]:
    """So many records with higher numbers, in their order."""
    wanted = [str(one) for one in decisions or Decision]
    rows = reader.query_within(
        """SELECT number, at_us, decision, caller_id, method, times, detail, peer FROM access_audit
           WHERE number > ? AND (? = '' OR caller_id = ?) AND decision IN (?) ORDER BY number LIMIT ?""",
        (number, caller_id, caller_id, wanted, most),
    )
    return [
        AuditRecord(
            number=number,
            at=from_micros(at_us),
            decision=Decision(decision),
            caller_id=caller,
            method=method,
            times=times,
            detail=detail,
            peer=peer,
        )
        for number, at_us, decision, caller, method, times, detail, peer in rows
    ]


class AuditLog:
    """Counts what became of calls, for any number of threads, until somebody writes it down."""

    def __init__(self, database: Database, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._refused: Counter[_Line] = Counter()
        self._allowed: Counter[_Line] = Counter()
        self._allowed_at = monotonic()

    def allowed(self, caller_id: str, method: str) -> None:
        """A call was let in."""
        with self._lock:
            self._count(self._allowed, (Decision.ALLOWED, caller_id, method, "", ""))

    def refused(self, decision: Decision, caller_id: str, method: str, detail: str, peer: str) -> None:
        """A call was not. The address of the peer is kept without the port: every connection has another one."""
        host = unquote(peer.rpartition(":")[0] or peer)
        with self._lock:
            self._count(self._refused, (decision, caller_id, method, detail[:MOST_DETAIL_CHARACTERS], host))

    def write(self, *, everything: bool = False) -> None:
        """Write refusals, and of the others what is older than ten seconds, or `everything`.

        What cannot be written is kept for the next time, and told on the log.
        """
        with self._lock:
            lines, self._refused = self._refused, Counter()
            now = self._monotonic()
            if everything or now - self._allowed_at >= ALLOWED_SECONDS:
                lines += self._allowed
                self._allowed, self._allowed_at = Counter(), now
        if not lines:
            return
        at_us = to_micros(self._clock.now())
        try:
            self._database.run(lambda tx: _write(tx, at_us, list(lines.items())))
        except XunyuanError as error:
            _log.error("%d lines of the audit log could not be written yet: %s", len(lines), error)
            with self._lock:
                for line, times in lines.items():
                    self._count(self._refused, line, times)

    def _count(self, lines: "Counter[_Line]", line: _Line, times: int = 1) -> None:
        if line not in lines and len(lines) >= MOST_LINES:
            line = (line[0], "", "", "many different calls", "")
        lines[line] += times


def _write(tx: Transaction, at_us: int, lines: Sequence[tuple[_Line, int]]) -> None:
    last: int = tx.query("SELECT coalesce(max(number), 0) FROM access_audit")[0][0]
    tx.execute_rows(
        "INSERT INTO access_audit (number, at_us, decision, caller_id, method, detail, peer, times) {rows}",
        [(last + place, at_us, str(line[0]), *line[1:], times) for place, (line, times) in enumerate(lines, 1)],
    )
