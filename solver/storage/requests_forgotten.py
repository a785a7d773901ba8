"""Answers to requests are forgotten in time. That they were carried out is not: a mark of each is left."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from solver.clock import Clock, to_micros
from solver.storage.database import Database, Reader, Transaction
from solver.storage.requests import Asked, mark_of

AT_ONCE = 500
_REST_SECONDS = 0.05  # after each of these, so that calls are answered meanwhile
_FIRST: Asked = ("", "")


class RequestsForgotten:
    """Forgets answers. `rest` waits for so many seconds."""

    def __init__(self, database: Database, clock: Clock, rest: Callable[[float], object] = time.sleep) -> None:
        self._database = database
        self._clock = clock
        self._rest = rest

    def forget(self, older_than: timedelta) -> int:
        """Forget those that were given so long ago; how many. It looks at every answer that is kept."""
        before_us = to_micros(self._clock.now() - older_than)
        after, total = _FIRST, 0
        while True:
            with self._database.read() as reader:
                page = _page(reader, after)
            if not page:
                return total
            after = page[-1][0]
            old = [asked for asked, at_us in page if at_us < before_us]
            if old:
                self._database.run(partial(_forget, asked=old))
                total += len(old)
            self._rest(_REST_SECONDS)


def _page(reader: Reader, after: Asked) -> list[tuple[Asked, int]]:
    rows = reader.query(
        """SELECT method, request_id, at_us FROM request WHERE (method, request_id) > (?, ?)
           ORDER BY method, request_id LIMIT ?""",
        (*after, AT_ONCE),
    )
    return [((method, request_id), at_us) for method, request_id, at_us in rows]


def _forget(tx: Transaction, *, asked: list[Asked]) -> None:
    marks = [(mark,) for mark in sorted({mark_of(*one) for one in asked})]
    tx.execute_rows("INSERT INTO request_forgotten (mark) {rows} ON CONFLICT (mark) DO NOTHING", marks)
    tx.execute_rows("DELETE FROM request WHERE (method, request_id) IN ({rows})", asked)
