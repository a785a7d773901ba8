"""A transaction that is interrupted in the middle of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

from solver.storage.database import Row, Transaction
from solver.storage.portable import Params, SqlValue


class Crash(BaseException):
    """The process is gone: nobody catches this and goes on."""


class InterruptedTransaction(Transaction):
    """Passes everything on; once so many statements have been run, `interrupt` is called before the next one."""

    def __init__(self, inner: Transaction, statements: int, interrupt: Callable[[], None]) -> None:
        self._inner = inner
        self._left = statements
        self._interrupt = interrupt
        self.memo = inner.memo

    def query(self, sql: str, params: Params = ()) -> list[Row]:
        self._count()
        return self._inner.query(sql, params)

    def query_within(self, sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> list[Row]:
        self._count()
        return self._inner.query_within(sql, params)

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        self._count()
        return self._inner.stream(sql, params)

    def execute(self, sql: str, params: Params = ()) -> None:
        self._count()
        self._inner.execute(sql, params)

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        self._count()
        self._inner.executemany(sql, rows)

    def attempt(self) -> AbstractContextManager[None]:
        return self._inner.attempt()

    def plan_for_many(self) -> None:
        self._inner.plan_for_many()

    def lifted(self, table: str) -> AbstractContextManager[None]:
        return self._inner.lifted(table)

    def _count(self) -> None:
        self._left -= 1
        if self._left == -1:
            self._interrupt()
