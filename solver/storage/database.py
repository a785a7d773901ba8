"""What every store offers: one writer at a time, many reading snapshots, each commit durable before it is acknowledged.

SQL is written once, in the portable subset that docs/storage.md describes: `?` stands for a value.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, TypeVar

from solver.errors import BrokenInvariant
from solver.storage.errors import StorageUnusable
from solver.storage.groups import GroupCommit
from solver.storage.portable import Params, SqlValue, adding_to_many, chunked, with_rows

T = TypeVar("T")
Item = TypeVar("Item")
Row = tuple[Any, ...]


class Reader(ABC):
    """Queries on one consistent snapshot. `memo` holds what is known within it, by any key."""

    __slots__ = ()

    memo: dict[object, Any]

    @abstractmethod
    def query(self, sql: str, params: Params = ()) -> list[Row]:
        """Every row of one statement. Raises ConstraintRefused where a constraint forbids a RETURNING statement."""

    @abstractmethod
    def query_within(self, sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> list[Row]:
        """As `query`, with sets: a parameter that is a collection of texts or numbers, for `column IN (?)`."""

    @abstractmethod
    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """As `query`, row by row: for more than memory should hold."""

    def query_rows(self, sql: str, rows: Sequence[Params]) -> list[Row]:
        """Every row of a statement in which `{rows}` stands for `VALUES (?, ?), ...`, one for each of `rows`.

        The statement runs as often as needed, on a part of the rows each time, so that what it finds for a row must
        not depend on the others.
        """
        return [row for part in chunked(rows) for row in self.query(*with_rows(sql, part))]


class Transaction(Reader):
    """A Reader that also writes; what it reads includes what it wrote.

    A refused statement changed nothing, and the act that asked for it must end: a store may keep nothing of it.
    Its `memo` must follow what is written, and is emptied when an act is undone.
    """

    __slots__ = ()

    @abstractmethod
    def execute(self, sql: str, params: Params = ()) -> None:
        """Run one statement. Raises ConstraintRefused."""

    @abstractmethod
    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        """Run one statement for each row. Raises ConstraintRefused."""

    def execute_rows(self, sql: str, rows: Sequence[Params]) -> None:
        """Run a statement in which `{rows}` stands for `VALUES (?, ?), ...`, on a part of the rows each time.

        Raises ConstraintRefused.
        """
        for part in chunked(rows):
            self.execute(*with_rows(sql, part))

    def add_to_rows(self, table: str, key: str, columns: tuple[str, ...], rows: Sequence[Params]) -> None:
        """Add to these columns of the rows that `key` finds. Each of `rows` is the key's value and what is added.

        No two have the same key. Raises ConstraintRefused.
        """
        self.execute_rows(adding_to_many(table, key, columns), rows)

    @abstractmethod
    def attempt(self) -> AbstractContextManager[None]:
        """Keep what is written inside, or undo it alone where it raises.

        Raises StorageFailed where the store undid the whole transaction, and otherwise what was raised inside.
        """

    @abstractmethod
    def plan_for_many(self) -> None:
        """From now on until the transaction ends, choose ways to read whole tables, not to find a few rows."""

    @abstractmethod
    def lifted(self, table: str) -> AbstractContextManager[None]:
        """Let rows of an append-only table be deleted inside. Only for archiving, which keeps them elsewhere first.

        The transaction ends with the table append-only again, or without effect: others never see it otherwise.
        """


class Database(ABC):
    """One store, open. `open_database` (solver.storage.url) opens one; `name` says which, without a password."""

    store: ClassVar[str]  # "sqlite" or "postgres"
    shared: ClassVar[bool]  # whether other processes may write to it as well

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: dict[type, object] = {}  # what there is one of for each database, by its type
        self._write_lock = threading.Lock()
        self._writing_thread: int | None = None
        self._groups = GroupCommit(self.write)
        self._own = threading.local()
        # Guards the two below; notified when the last read ends.
        self._gate = threading.Condition()
        self._reading = 0
        self._closed = False

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """The one writing transaction of the process: committed and durable on success, undone on any exception.

        Others wait meanwhile, so neither solve nor await inside. Raises TooBusy when another process keeps writing
        for longer than the busy timeout, and StorageFailed when the store is full, fails or cannot be reached.
        """
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("a writing transaction was begun inside another one")
        with self._write_lock:
            self._refuse_closed()
            self._writing_thread = threading.get_ident()
            try:
                with self._committed() as transaction:
                    yield transaction
            finally:
                self._writing_thread = None

    def run(self, act: Callable[[Transaction], T]) -> T:
        """What `act` returns, committed and durable; acts of many threads share a commit.

        An act that raises undoes only itself, and its caller gets what it raised. An act may be carried out by another
        thread, and again where the store undid it, so it must not take a lock that its caller holds, and it reads and
        writes through its transaction alone. Raises what `write` raises; then nothing of this act was kept.
        """
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("an act was begun inside a writing transaction")
        return self._groups.run(act)

    def run_each(self, act: Callable[[Transaction, Sequence[Item]], Sequence[T | Exception]], item: Item) -> T:
        """As `run`, of an act that does for many items at once what it does for one, with fewer statements.

        Items of callers who come together, with an equal `act`, go to one call of it. It returns what came of each: a
        result, or the error that this item's caller gets, for whom it changed nothing. Where it raises, each item is
        tried alone.
        """
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("an act was begun inside a writing transaction")
        return self._groups.run_each(act, item)

    def run_all(
        self, act: Callable[[Transaction, Sequence[Item]], Sequence[T | Exception]], items: Sequence[Item]
    ) -> list[T | Exception]:
        """As `run_each` for each of many items of one caller, who waits once: what came of each, or its error."""
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("an act was begun inside a writing transaction")
        return self._groups.run_all(act, items)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A snapshot of this thread's own, fixed at its first query; a read inside a read shares it."""
        outer: Reader | None = getattr(self._own, "reader", None)
        if outer is not None:
            yield outer
            return
        with self._gate:
            self._refuse_closed()
            self._reading += 1
        try:
            with self._snapshot() as reader:
                self._own.reader = reader
                yield reader
        finally:
            self._own.reader = None
            self._end_reading()

    def state(self) -> int | None:
        """Stands for all that is committed: for one thread it is the same as before only where nothing was since.

        None where that cannot be told at once. Within a read it stands for what the read has.
        """
        return None

    @property
    def is_reading(self) -> bool:
        """Whether this thread is within a read, whose snapshot a further read would share."""
        return getattr(self._own, "reader", None) is not None

    def close(self) -> None:
        """Wait for running reads and writes, then close the connections of every thread.

        Later use raises StorageUnusable; closing twice does nothing.
        """
        if self.is_reading or self._writing_thread == threading.get_ident():
            raise BrokenInvariant("the database was closed inside a read or write of the same thread")
        self._rest()
        with self._write_lock:
            with self._gate:
                if self._closed:
                    return
                self._closed = True
                self._gate.wait_for(lambda: self._reading == 0)
            self._close_connections()

    @abstractmethod
    def empty_log(self) -> None:
        """Leave nothing of what was overwritten in a log beside the database, as far as the store lets us say so."""

    @abstractmethod
    def refuse_others(self, tx: Transaction) -> None:
        """Raise StorageUnusable where other processes work on the database; none may begin to until `tx` ends.

        A file is guarded by the lock of its folder instead.
        """

    def _rest(self) -> None:  # noqa: B027 - a store may have nothing of the kind
        """The database is about to be closed: end what works beside the callers, who may still be there."""

    @abstractmethod
    def _committed(self) -> AbstractContextManager[Transaction]:
        """A transaction on the writing connection; the caller has the write lock."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[Reader]:
        """A reading transaction for this thread."""

    @abstractmethod
    def _close_connections(self) -> None:
        """Nothing reads or writes any more."""

    def _end_reading(self) -> None:
        with self._gate:
            self._reading -= 1
            if self._reading == 0:
                self._gate.notify_all()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StorageUnusable(f"{self.name} is closed")
