"""One SQLite file: a single writer, many reading snapshots, every commit durable before it is acknowledged."""

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import apsw

from solver.errors import BrokenInvariant, TooBusy
from solver.storage.errors import ConstraintRefused, StorageFailed, StorageUnusable
from solver.storage.groups import GroupCommit

T = TypeVar("T")
SqlValue = None | int | float | bytes | str
Params = Sequence[SqlValue]

# Before this release a reset of the write-ahead log that meets a checkpoint can corrupt the file.
OLDEST_SQLITE = (3, 51, 3)
SCHEMA_VERSION = 1
BUSY_TIMEOUT_MS = 5_000


class Reader:
    """Queries on one consistent snapshot."""

    __slots__ = ("_connection",)

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def query(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Every row of one statement. Raises ConstraintRefused where a constraint forbids a RETURNING statement."""
        try:
            return self._connection.execute(sql, params).fetchall()
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error


class Transaction(Reader):
    """A Reader that also writes; what it reads includes what it wrote."""

    __slots__ = ()

    def execute(self, sql: str, params: Params = ()) -> None:
        """Run one statement. Raises ConstraintRefused, and then this statement changed nothing."""
        try:
            self._connection.execute(sql, params)
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        """Run one statement for each row. Raises ConstraintRefused; rows before the refused one stand."""
        try:
            self._connection.executemany(sql, rows)
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep what is written inside, or undo it alone where it raises; a failing disk undoes the whole transaction.

        Raises StorageFailed then, and otherwise what was raised inside.
        """
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException as error:
            if not self._connection.in_transaction:
                raise StorageFailed(f"the write was undone: {error}") from error
            self._connection.execute("ROLLBACK TO attempt")
            self._connection.execute("RELEASE attempt")
            if isinstance(error, (apsw.FullError, apsw.IOError)):
                raise StorageFailed(f"the write was undone: {error}") from error
            raise
        self._connection.execute("RELEASE attempt")


class Database:
    """The file at `path`, with the tables of `schemas` (SQL that creates only what is missing).

    Raises StorageUnusable when SQLite is older than OLDEST_SQLITE, when there cannot be a database at `path`, or when
    the file was written by a newer release.
    """

    def __init__(self, path: Path, schemas: Sequence[str]) -> None:
        _refuse_old_sqlite()
        self._path = path
        self._write_lock = threading.Lock()
        self._writing_thread: int | None = None
        self._groups = GroupCommit(self.write)
        self._own = threading.local()
        # Guards the three below; notified when the last read ends.
        self._gate = threading.Condition()
        self._readers: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        self._reading = 0
        self._closed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = _open(path)
        except (OSError, apsw.Error) as error:
            raise StorageUnusable(f"there cannot be a database at {path}: {error}") from error
        try:
            _create_tables(self._writer, schemas)
        except BaseException:
            self._writer.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """The one writing transaction of the process: committed and durable on success, undone on any exception.

        Others wait meanwhile, so neither solve nor await inside. Raises TooBusy when another process holds the file
        for longer than the busy timeout, and StorageFailed when the disk is full or fails.
        """
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("a writing transaction was begun inside another one")
        with self._write_lock:
            self._refuse_closed()
            self._writing_thread = threading.get_ident()
            try:
                with _committed(self._writer) as transaction:
                    yield transaction
            finally:
                self._writing_thread = None

    def run(self, act: Callable[[Transaction], T]) -> T:
        """What `act` returns, committed and durable; acts of many threads share a commit.

        An act that raises undoes only itself, and its caller gets what it raised. An act may be carried out by another
        thread, so it must not take a lock that its caller holds, and it reads and writes through its transaction alone.
        Raises what `write` raises; then nothing of this act was kept.
        """
        if self._writing_thread == threading.get_ident():
            raise BrokenInvariant("an act was begun inside a writing transaction")
        return self._groups.run(act)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A snapshot on this thread's own connection, fixed at its first query; a read inside a read shares it."""
        outer: Reader | None = getattr(self._own, "reader", None)
        if outer is not None:
            yield outer
            return
        connection = self._begin_reading()
        try:
            connection.execute("BEGIN")
            self._own.reader = Reader(connection)
            yield self._own.reader
        finally:
            self._own.reader = None
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._end_reading()

    def close(self) -> None:
        """Wait for running reads and writes, move the log into the file, close the connections of every thread.

        Later use raises StorageUnusable; closing twice does nothing.
        """
        reading = getattr(self._own, "reader", None) is not None
        if reading or self._writing_thread == threading.get_ident():
            raise BrokenInvariant("the database was closed inside a read or write of the same thread")
        with self._write_lock:
            with self._gate:
                if self._closed:
                    return
                self._closed = True
                self._gate.wait_for(lambda: self._reading == 0)
                for connection in list(self._readers):
                    connection.close()
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._writer.close()

    def _begin_reading(self) -> apsw.Connection:
        with self._gate:
            self._refuse_closed()
            self._reading += 1
        try:
            connection: apsw.Connection | None = getattr(self._own, "connection", None)
            if connection is None:
                connection = self._own.connection = self._open_reader()
        except BaseException:
            self._end_reading()
            raise
        return connection

    def _open_reader(self) -> apsw.Connection:
        connection = _open(self._path)
        connection.execute("PRAGMA query_only = ON")
        with self._gate:
            self._readers.add(connection)
        return connection

    def _end_reading(self) -> None:
        with self._gate:
            self._reading -= 1
            if self._reading == 0:
                self._gate.notify_all()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StorageUnusable(f"{self._path} is closed")


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that apsw carries."""
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


def _refuse_old_sqlite() -> None:
    found = sqlite_version()
    if found < OLDEST_SQLITE:
        raise StorageUnusable(
            f"SQLite {'.'.join(map(str, found))} can corrupt its write-ahead log; "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or later is needed: install a newer apsw"
        )


def _open(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), statementcachesize=256)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Without this an INSERT OR REPLACE deletes rows behind the back of the delete triggers.
    connection.execute("PRAGMA recursive_triggers = ON")
    return connection


def _create_tables(connection: apsw.Connection, schemas: Sequence[str]) -> None:
    with _committed(connection) as transaction:
        found = transaction.query("PRAGMA user_version")[0][0]
        if found > SCHEMA_VERSION:
            raise StorageUnusable(
                f"the file has schema {found}, written by a newer release; this one knows {SCHEMA_VERSION}"
            )
        for schema in schemas:
            transaction.execute(schema)
        transaction.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def _committed(connection: apsw.Connection) -> Iterator[Transaction]:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except apsw.BusyError as error:
        raise TooBusy("another process is writing to the database", retry_seconds=BUSY_TIMEOUT_MS / 1000) from error
    try:
        yield Transaction(connection)
        connection.execute("COMMIT")
    except BaseException as error:
        # A full disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, (apsw.FullError, apsw.IOError)):
            raise StorageFailed(f"the write was undone: {error}") from error
        raise
