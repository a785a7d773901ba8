"""One SQLite file: a single writer, many reading snapshots, a log that is forced to disk at every commit."""

import json
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import apsw

from solver.errors import TooBusy
from solver.storage.database import Database, Reader, Row, Transaction
from solver.storage.errors import ConstraintRefused, StorageFailed, StorageUnusable
from solver.storage.found_shape import sqlite_shape
from solver.storage.keepers import sqlite_keepers, sqlite_lifts
from solver.storage.log_moving import LogMoving
from solver.storage.portable import (
    ONE_VALUE,
    Params,
    SqlValue,
    adding_to_one,
    append_only,
    often_changed,
    statements,
    with_one_row,
)
from solver.storage.shape import Shape, refuse_misshapen
from solver.storage.steps import Step, act_of, steps_to_take

# Before this release a reset of the write-ahead log that meets a checkpoint can corrupt the file.
OLDEST_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MS = 5_000
MOST_WRITTEN_OUT = 512
FEW_ROWS = 8
_AS_JSON = -1
WRITER_CACHE_KIB = 32 * 1024  # balances lie all over the file: with SQLite's own 2 MB most are read anew each time
_FAILURES = (apsw.FullError, apsw.IOError, apsw.CantOpenError)  # of the disk, or of what stands between it and us


class SqliteReader(Reader):
    """Queries on one connection."""

    __slots__ = ("_connection", "memo")

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.memo = {}

    def query(self, sql: str, params: Params = ()) -> list[Row]:  # noqa: D102 - see Reader
        try:
            return self._connection.execute(sql, params).fetchall()
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:  # noqa: D102
        yield from self._connection.execute(sql, params)

    def query_within(self, sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> list[Row]:  # noqa: D102
        return self.query(*_with_sets(sql, params))


class SqliteTransaction(SqliteReader, Transaction):
    """Writes on one connection."""

    __slots__ = ()

    def execute(self, sql: str, params: Params = ()) -> None:  # noqa: D102 - see Transaction
        try:
            self._connection.execute(sql, params)
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:  # noqa: D102
        try:
            self._connection.executemany(sql, rows)
        except apsw.ConstraintError as error:
            raise ConstraintRefused(str(error)) from error

    def execute_rows(self, sql: str, rows: Sequence[Params]) -> None:  # noqa: D102
        if len(rows) == 1:
            self.execute(with_one_row(sql, len(rows[0])), rows[0])
        elif 1 < len(rows) < FEW_ROWS:  # one text whatever their number, and quicker than a text for each part of them
            self.executemany(with_one_row(sql, len(rows[0])), rows)
        else:
            super().execute_rows(sql, rows)

    def add_to_rows(self, table: str, key: str, columns: tuple[str, ...], rows: Sequence[Params]) -> None:  # noqa: D102
        # Quicker than one statement for all, which keeps the rows in a table of its own first.
        self.executemany(adding_to_one(table, key, columns), rows)

    @contextmanager
    def attempt(self) -> Iterator[None]:  # noqa: D102
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException as error:
            self.memo.clear()
            if not self._connection.in_transaction:
                raise StorageFailed(f"the write was undone: {error}") from error
            self._connection.execute("ROLLBACK TO attempt")
            self._connection.execute("RELEASE attempt")
            if isinstance(error, _FAILURES):
                raise StorageFailed(f"the write was undone: {error}") from error
            raise
        self._connection.execute("RELEASE attempt")

    def plan_for_many(self) -> None:  # noqa: D102 - there is one way
        pass

    @contextmanager
    def lifted(self, table: str) -> Iterator[None]:  # noqa: D102
        for statement in sqlite_lifts(table):
            self.execute(statement)
        yield
        for statement in sqlite_keepers(table):
            self.execute(statement)


class SqliteDatabase(Database):
    """The file at `path`, brought to the last of `steps`.

    Raises StorageUnusable when SQLite is older than OLDEST_SQLITE, when there cannot be a database at `path`, or when
    the file was written by a newer release.
    """

    store = "sqlite"
    shared = False  # a folder has one server at a time

    def __init__(self, path: Path, steps: Sequence[Step], *, upgrade: bool = True, durable: bool = True) -> None:
        _refuse_old_sqlite()
        super().__init__(str(path))
        self.path = path
        self._readers: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = _open(path, durable=durable)
            self._writer.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
            # What is deleted is overwritten, also where rows move to other pages: else copies of it would stay there.
            self._writer.execute("PRAGMA secure_delete = ON")
            self._log = LogMoving(partial(_open, path, durable=durable), self._write_lock)
            self._writer.set_wal_hook(self._log.committed)
        except (OSError, apsw.Error) as error:
            raise StorageUnusable(f"there cannot be a database at {path}: {error}") from error
        try:
            self._migrate(steps, upgrade=upgrade)
        except apsw.Error as error:
            self._writer.close()
            raise StorageUnusable(f"{path} cannot be used as a database: {error}; nothing was changed") from error
        except BaseException:
            self._writer.close()
            raise

    @contextmanager
    def _committed(self) -> Iterator[SqliteTransaction]:
        connection = self._writer
        try:
            connection.execute("BEGIN IMMEDIATE")
        except apsw.BusyError as error:
            raise TooBusy("another process is writing to the database", retry_seconds=BUSY_TIMEOUT_MS / 1000) from error
        except _FAILURES as error:
            raise StorageFailed(f"the write could not begin: {error}") from error
        try:
            yield SqliteTransaction(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            # A full disk makes SQLite roll back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, _FAILURES):
                raise StorageFailed(f"the write was undone: {error}") from error
            raise

    @contextmanager
    def _snapshot(self) -> Iterator[SqliteReader]:
        try:
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield SqliteReader(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except _FAILURES as error:
            raise StorageFailed(f"the database could not be read: {error}") from error

    def _reader(self) -> apsw.Connection:
        connection: apsw.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = _open(self.path, reading=True)
            with self._gate:
                self._readers.add(connection)
            self._own.connection = connection
        return connection

    def state(self) -> int | None:  # noqa: D102 - see Database
        if self.is_reading:
            return self._state()
        with self._gate:
            self._refuse_closed()
            self._reading += 1
        try:
            return self._state()
        finally:
            self._end_reading()

    def _state(self) -> int:
        """Whoever commits, in this process or in another, changes it; but not on the connection that commits."""
        try:
            version: Any = self._reader().execute("PRAGMA data_version").get
        except _FAILURES as error:
            raise StorageFailed(f"the database could not be read: {error}") from error
        return int(version)

    def refuse_others(self, tx: Transaction) -> None:  # noqa: D102 - see Database
        pass

    def empty_log(self) -> None:  # noqa: D102
        with self._write_lock:
            self._refuse_closed()
            self._log.empty(self._writer)

    def _rest(self) -> None:
        self._log.stop()

    def _close_connections(self) -> None:
        for connection in list(self._readers):
            connection.close()
        with suppress(apsw.Error):  # the log is moved into the file now, or when it is opened next
            self._log.empty(self._writer)
        self._writer.close()

    def _migrate(self, steps: Sequence[Step], *, upgrade: bool) -> None:
        if not upgrade:  # a server that writes without rest would not let us have the writers' turn
            self._missing(SqliteReader(self._writer), steps, upgrade=False)
            return
        with self.write() as tx:
            missing = self._missing(tx, steps, upgrade=True)
            for step in missing:
                _take(tx, step)
            if missing:
                tx.execute(f"PRAGMA user_version = {len(steps)}")

    def _missing(self, reader: Reader, steps: Sequence[Step], *, upgrade: bool) -> Sequence[Step]:
        found = reader.query("PRAGMA user_version")[0][0]
        missing = steps_to_take(self.name, found, steps, upgrade=upgrade)
        refuse_misshapen(self.name, found, sqlite_shape(reader), taken=made_by(steps[:found]), all_taken=made_by(steps))
        return missing


def made_by(steps: Sequence[Step]) -> Shape:
    """What these steps make of nothing, on every store."""
    connection = apsw.Connection(":memory:")
    try:
        tx = SqliteTransaction(connection)
        for step in steps:
            _take(tx, step)
        return sqlite_shape(tx)
    finally:
        connection.close()


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


def _open(path: Path, *, reading: bool = False, durable: bool = True) -> apsw.Connection:
    connection = apsw.Connection(str(path), statementcachesize=256)
    try:
        _settle(connection)
        if not durable:
            connection.execute("PRAGMA synchronous = OFF")
        if reading:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _settle(connection: apsw.Connection) -> None:
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Without this an INSERT OR REPLACE deletes rows behind the back of the delete triggers.
    connection.execute("PRAGMA recursive_triggers = ON")


def _take(tx: Transaction, step: Step) -> None:
    act = act_of(step)
    if not isinstance(act, str):
        act(tx)
        return
    for statement in statements(act):
        if often_changed(statement) is None:
            table = append_only(statement)
            for one in [statement] if table is None else sqlite_keepers(table):
                tx.execute(one)


def _with_sets(sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> tuple[str, Params]:
    """Each set written out as its values, or a long one as JSON.

    Lengths are rounded up to powers of two: few different statements.
    """
    values = list[SqlValue]()
    lengths: list[int | None] = []
    for param in params:
        if isinstance(param, ONE_VALUE):
            lengths.append(None)
            values.append(param)
            continue
        members = list(param)
        if len(members) > MOST_WRITTEN_OUT:
            lengths.append(_AS_JSON)
            values.append(json.dumps(members))
            continue
        members += members[-1:] * ((1 << (len(members) - 1).bit_length()) - len(members) if members else 0)
        lengths.append(len(members))
        values.extend(members)
    return _written_out(sql, tuple(lengths)), values


@lru_cache(maxsize=1024)
def _written_out(sql: str, lengths: tuple[int | None, ...]) -> str:
    """The text with a mark for each value of each set; None stands for what is no set."""
    first, *others = sql.split("?")
    text = [first]
    for part, length in zip(others, lengths, strict=True):
        if length is None:
            text.append("?")
        else:
            text.append("SELECT value FROM json_each(?)" if length == _AS_JSON else ", ".join("?" * length))
        text.append(part)
    return "".join(text)
