"""One PostgreSQL database, which several processes may share: one writer at a time among all of them."""

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from solver.storage.arrays import with_arrays
from solver.storage.connecting import LOCK_TIMEOUT_MS, ONLY_FEW_ROWS, Connection, connect, roll_back, shown
from solver.storage.database import Database, Reader, Row, Transaction
from solver.storage.errors import ConstraintRefused, OutcomeUnknown, StorageFailed, StorageUnusable, WriteUndone
from solver.storage.found_shape import postgres_shape
from solver.storage.keepers import postgres_keepers, postgres_switches
from solver.storage.pool import Pool
from solver.storage.portable import (
    ONE_VALUE,
    Params,
    SqlValue,
    append_only,
    often_changed,
    query_for_postgres,
    statements,
    table_for_postgres,
    within_for_postgres,
)
from solver.storage.refusals import translated
from solver.storage.shape import refuse_misshapen
from solver.storage.sqlite import made_by
from solver.storage.steps import Expanding, Step, act_of, compatible_from, steps_to_take

ASKING_SECONDS = 10.0  # how long the store is asked what became of a commit whose answer was lost
_ASKING_PAUSE_SECONDS = 0.1
_ROWS_OF_A_STREAM = 1024
_HAS_COMPATIBLE = """
SELECT 1 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'xunyuan_schema' AND column_name = 'compatible_from'
"""


class PostgresReader(Reader):
    """Queries on one connection."""

    __slots__ = ("_connection", "_cursor", "memo")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.memo = {}

    def query(self, sql: str, params: Params = ()) -> list[Row]:  # noqa: D102 - see Reader
        return self._rows(query_for_postgres(sql), params)

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:  # noqa: D102
        with translated(), self._connection.cursor(name="stream") as cursor:
            cursor.itersize = _ROWS_OF_A_STREAM
            cursor.execute(query_for_postgres(sql), params)
            yield from cursor

    def query_within(self, sql: str, params: Sequence[SqlValue | Collection[SqlValue]]) -> list[Row]:  # noqa: D102
        sets = [param if isinstance(param, ONE_VALUE) else list(param) for param in params]
        return self._rows(within_for_postgres(sql), sets)

    def query_rows(self, sql: str, rows: Sequence[Params]) -> list[Row]:  # noqa: D102
        arrays = with_arrays(sql, rows) if rows else None
        return self._rows(*arrays) if arrays else super().query_rows(sql, rows)

    def _rows(self, sql: str, params: Sequence[Any]) -> list[Row]:
        with translated():
            return self._cursor.execute(sql, params).fetchall()


class PostgresTransaction(PostgresReader, Transaction):
    """Writes on one connection."""

    __slots__ = ("_depth", "_marks")

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._depth = 0  # of attempts within attempts
        self._marks = 0  # savepoints that stand, one for each depth: those of attempts that ended well among them

    def execute(self, sql: str, params: Params = ()) -> None:  # noqa: D102 - see Transaction
        with translated():
            self._cursor.execute(query_for_postgres(sql), params)

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:  # noqa: D102
        with translated():
            self._cursor.executemany(query_for_postgres(sql), rows)

    def execute_rows(self, sql: str, rows: Sequence[Params]) -> None:  # noqa: D102
        arrays = with_arrays(sql, rows) if rows else None
        if arrays is None:
            super().execute_rows(sql, rows)
            return
        with translated():
            self._cursor.execute(*arrays)

    @contextmanager
    def attempt(self) -> Iterator[None]:  # noqa: D102
        depth, mark = self._depth, f"attempt_{self._depth}"
        with translated():
            # One message for both: the attempt before ends where the next one of its depth begins.
            self._connection.execute(
                f"RELEASE {mark}; SAVEPOINT {mark}" if depth < self._marks else f"SAVEPOINT {mark}"
            )
        self._depth = self._marks = depth + 1
        try:
            yield
            self.refuse_swallowed()
        except BaseException:
            self.memo.clear()
            self._marks = depth + 1
            try:
                self._connection.execute(f"ROLLBACK TO {mark}")
            except psycopg.Error as error:
                raise WriteUndone(f"the write was undone: {error}") from error
            raise
        finally:
            self._depth = depth

    def plan_for_many(self) -> None:  # noqa: D102
        for setting in ONLY_FEW_ROWS:
            self.execute(f"SET LOCAL {setting} TO DEFAULT")

    @contextmanager
    def lifted(self, table: str) -> Iterator[None]:  # noqa: D102
        for statement in postgres_switches(table, on=False):
            self.execute(statement)
        yield
        for statement in postgres_switches(table, on=True):
            self.execute(statement)

    def refuse_swallowed(self) -> None:
        """Raise ConstraintRefused where an act goes on after a refusal: nothing that it did can be kept."""
        if self._connection.info.transaction_status is TransactionStatus.INERROR:
            raise ConstraintRefused("a statement was refused before, so that nothing of this act can be kept")


class PostgresDatabase(Database):
    """The database that `url` names, brought to the last of `steps`.

    Raises StorageUnusable where it cannot be reached, is too old, is not in UTF-8, or was written by a newer release.
    """

    store = "postgres"
    shared = True

    def __init__(self, url: str, steps: Sequence[Step], *, upgrade: bool = True) -> None:
        super().__init__(shown(url))
        self._url = url
        self._writer: Connection | None = connect(url)
        self._pool = Pool(lambda: connect(url, reading=True), _begin_reading)
        try:
            # One message; the number of the transaction tells later what became of it.
            self._begin_sql = f"""BEGIN ISOLATION LEVEL READ COMMITTED;
                SELECT pg_advisory_xact_lock({_lock_key(self._writer)}); SELECT pg_current_xact_id()::text"""
            self._be_seen(self._writer)
            self._migrate(steps, upgrade=upgrade)
        except BaseException:
            self._close_connections()
            raise

    @contextmanager
    def _committed(self) -> Iterator[PostgresTransaction]:
        connection = self._connected()
        xid = self._begin(connection)
        tx = PostgresTransaction(connection)
        try:
            yield tx
            tx.refuse_swallowed()
        except BaseException as error:
            roll_back(connection)
            if isinstance(error, psycopg.Error):
                raise StorageFailed(f"the write was undone: {error}") from error
            raise
        self._commit(connection, xid)

    def _begin(self, connection: Connection) -> int:
        """Wait until no other process writes; the number of the transaction that has begun."""
        with translated(waiting_seconds=LOCK_TIMEOUT_MS / 1000):
            try:
                found = connection.execute(self._begin_sql)
                while found.nextset():
                    pass
                return int(found.fetchall()[0][0])
            except psycopg.Error:
                roll_back(connection)
                raise

    def _commit(self, connection: Connection, xid: int) -> None:
        try:
            connection.execute("COMMIT")
        except psycopg.OperationalError as error:
            if not connection.closed:
                raise StorageFailed(f"the write was undone: {error}") from error
            self._ask_what_became_of(xid, error)
        except psycopg.Error as error:
            raise StorageFailed(f"the write was undone: {error}") from error

    def _ask_what_became_of(self, xid: int, lost: psycopg.Error) -> None:
        """Return where the transaction was committed. Raises WriteUndone where it was not, or OutcomeUnknown."""
        ends_at = time.monotonic() + ASKING_SECONDS
        while (status := self._status_of(xid)) not in ("committed", "aborted"):
            if time.monotonic() >= ends_at:
                raise OutcomeUnknown(
                    "the database was lost while it committed, and it is not known whether the write was kept: "
                    "repeat the request under the same request id"
                ) from lost
            time.sleep(_ASKING_PAUSE_SECONDS)
        if status == "aborted":
            raise WriteUndone(f"the write was undone: {lost}") from lost

    def _status_of(self, xid: int) -> str | None:
        try:
            rows = self._connected().execute("SELECT pg_xact_status(%s::text::xid8)", (str(xid),)).fetchall()
        except (StorageFailed, psycopg.Error):
            return None
        status: str | None = rows[0][0]
        return status

    def _connected(self) -> Connection:
        """The writing connection, made anew where it was lost."""
        if self._writer is None or self._writer.closed:
            try:
                self._writer = connect(self._url)
                self._be_seen(self._writer)
            except StorageUnusable as error:
                raise StorageFailed(str(error)) from error
        return self._writer

    @contextmanager
    def _snapshot(self) -> Iterator[PostgresReader]:
        with self._pool.connection() as connection:
            yield PostgresReader(connection)

    def empty_log(self) -> None:
        """Nothing: PostgreSQL keeps its log in its own hands."""

    def _close_connections(self) -> None:
        self._pool.close()
        if self._writer is not None:
            self._writer.close()

    def _migrate(self, steps: Sequence[Step], *, upgrade: bool) -> None:
        with self.write() as tx:
            found, compatible = _steps_taken(tx)
            missing = steps_to_take(self.name, found, steps, upgrade=upgrade, compatible=compatible)
            refuse_misshapen(
                self.name,
                found,
                postgres_shape(tx),
                taken=made_by(steps[:found]),
                all_taken=made_by(steps),
                may_have_more=found > len(steps),
            )
            if found and not all(isinstance(step, Expanding) for step in missing):
                self._refuse_others(tx, "this release changes what others use")
            for step in missing:
                _take(tx, step)
            if missing:
                tx.execute("DELETE FROM xunyuan_schema")
                tx.execute(
                    "INSERT INTO xunyuan_schema (steps, compatible_from) VALUES (?, ?)",
                    (len(steps), compatible_from(steps)),
                )

    def _be_seen(self, connection: Connection) -> None:
        """Until the connection ends, no other process may take a step that this one would notice."""
        try:
            connection.execute(f"SELECT pg_advisory_lock_shared({_lock_key(connection, 'server')})")
        except psycopg.Error as error:
            connection.close()
            raise StorageUnusable(f"{self.name} is being upgraded; try again") from error

    def refuse_others(self, tx: Transaction) -> None:  # noqa: D102 - see Database
        self._refuse_others(tx, "that must not be done while others use it")

    def _refuse_others(self, tx: Transaction, why: str) -> None:
        assert self._writer is not None, "a transaction is under way"
        if not tx.query(f"SELECT pg_try_advisory_xact_lock({_lock_key(self._writer, 'server')})")[0][0]:
            raise StorageUnusable(
                f"{self.name} is in use, and {why}. Nothing was changed. Stop every other server on it first"
            )


def _begin_reading(connection: Connection) -> None:
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _steps_taken(tx: Transaction) -> tuple[int, int | None]:
    """How many steps the database has taken, and how many a release must know to work on it."""
    tx.execute("CREATE TABLE IF NOT EXISTS xunyuan_schema (steps BIGINT NOT NULL)")
    if not tx.query(_HAS_COMPATIBLE):
        tx.execute("ALTER TABLE xunyuan_schema ADD COLUMN compatible_from BIGINT")
    rows = tx.query("SELECT steps, compatible_from FROM xunyuan_schema")
    return (rows[0][0], rows[0][1]) if rows else (0, None)


def _lock_key(connection: Connection, of: str = "writer") -> int:
    """The advisory lock of this schema's writer, or of its servers: others may share the database."""
    schema = connection.execute("SELECT current_schema()").fetchall()[0][0]
    if schema is None:
        raise StorageUnusable("the database user has no schema to write to: give it one, or a search_path")
    digest = hashlib.sha256(f"xunyuan {of} {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _take(tx: Transaction, step: Step) -> None:
    act = act_of(step)
    if not isinstance(act, str):
        act(tx)
        return
    for statement in statements(act):
        for one in _translated(statement):
            tx.execute(one)


def _translated(statement: str) -> list[str]:
    if (table := append_only(statement)) is not None:
        return postgres_keepers(table)
    if (table := often_changed(statement)) is not None:
        # A changed row that finds room in its own page leaves the indexes as they are.
        return [f"ALTER TABLE {table} SET (fillfactor = 40)"]
    return [table_for_postgres(statement)]
