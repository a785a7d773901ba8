"""SQLite's log is moved into its file by a thread beside the commits, and begun anew."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import apsw
import pytest

from solver.storage.database import Transaction
from solver.storage.log_moving import LogMoving
from solver.storage.sqlite import SqliteDatabase

BODY = b"x" * 4000  # about a page
SCHEMA = "CREATE TABLE note (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;"
PAGES = 50


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = SqliteDatabase(tmp_path / "notes.db", [SCHEMA])
    with_small_log(opened)
    yield opened
    opened.close()


def with_small_log(database: SqliteDatabase) -> None:
    database._log = LogMoving(database._log._opened, database._write_lock, PAGES)
    database._writer.set_wal_hook(database._log.committed)


def write_notes(database: SqliteDatabase, first: int, count: int) -> None:
    """One commit for each; the log is moved, where it is to be, before the next."""
    for number in range(first, first + count):
        with database.write() as tx:
            tx.execute("INSERT INTO note (number, body) VALUES (?, ?)", (number, BODY))
        if database._log._thread is not None:
            database._log._thread.join()


def pages_in_log(database: SqliteDatabase) -> int:
    return (database.path.with_name("notes.db-wal").stat().st_size - 32) // (4096 + 24)


def notes_in_file(database: SqliteDatabase, folder: Path) -> int:
    """How many there are without the log."""
    alone = folder / "alone.db"
    alone.write_bytes(database.path.read_bytes())
    connection = apsw.Connection(str(alone))
    found = connection.execute("SELECT number FROM note").fetchall()
    connection.close()
    return len(found)


def test_the_log_is_in_the_file_when_it_met_its_bound_and_is_begun_anew(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    write_notes(database, 0, 200)
    moved = notes_in_file(database, tmp_path)
    assert moved > 150
    assert pages_in_log(database) < 2 * PAGES
    with database.read() as reader:
        assert reader.query("SELECT count(*) FROM note") == [(200,)]


def test_what_is_committed_while_the_log_is_moved_is_moved_in_the_writers_turn(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    looks: list[bool] = []  # whether the writers had to wait

    class Watched(apsw.Connection):
        def wal_checkpoint(self, *_: object, **__: object) -> tuple[int, int]:
            moved = super().wal_checkpoint()
            looks.append(database._write_lock.locked())
            if len(looks) == 1:
                with database.write() as tx:
                    tx.execute("INSERT INTO note (number, body) VALUES (?, ?)", (1_000, BODY))
            return moved

    def watched() -> apsw.Connection:
        connection = Watched(str(database.path))
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        return connection

    database._log._opened = watched
    last = 0
    while not looks:
        write_notes(database, last, 1)
        last += 1
    assert looks == [False, True]
    assert notes_in_file(database, tmp_path) == last + 1


def test_no_commit_moves_the_log_itself(database: SqliteDatabase, tmp_path: Path) -> None:
    database._log.stop()
    write_notes(database, 0, 100)
    assert pages_in_log(database) >= 100
    with pytest.raises(apsw.SQLError):
        notes_in_file(database, tmp_path)


def test_a_long_read_keeps_its_snapshot_and_the_log_is_begun_anew_after_it(database: SqliteDatabase) -> None:
    write_notes(database, 0, 10)
    begun, end = threading.Event(), threading.Event()
    found: list[int] = []

    def read_long() -> None:
        with database.read() as reader:
            found.append(reader.query("SELECT count(*) FROM note")[0][0])
            begun.set()
            end.wait()
            found.append(reader.query("SELECT count(*) FROM note")[0][0])

    reading = threading.Thread(target=read_long)
    reading.start()
    begun.wait()
    write_notes(database, 10, 100)
    grown = pages_in_log(database)
    end.set()
    reading.join()
    assert found == [10, 10]
    assert grown > 2 * PAGES
    database._log._due_at = PAGES
    write_notes(database, 110, 100)
    assert pages_in_log(database) < grown + PAGES, "the log was begun anew, within the room that it had"
    with database.read() as reader:
        assert reader.query("SELECT count(*) FROM note") == [(210,)]


def test_a_log_that_cannot_be_moved_is_told_and_harms_no_commit(
    database: SqliteDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    def no_connection() -> apsw.Connection:
        raise apsw.CantOpenError("too many files are open")

    opened, database._log._opened = database._log._opened, no_connection
    write_notes(database, 0, PAGES)
    assert "the log could not be moved into the file, which is tried again: too many files are open" in caplog.text
    database._log._opened, database._log._due_at = opened, PAGES
    grown = pages_in_log(database)
    write_notes(database, PAGES, 2 * PAGES)
    assert pages_in_log(database) < grown + PAGES, "the log was begun anew, within the room that it had"
    with database.read() as reader:
        assert reader.query("SELECT count(*) FROM note") == [(3 * PAGES,)]


def test_a_commit_is_made_where_no_thread_is_to_be_had(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    write_notes(database, 0, 2 * PAGES)
    with database.read() as reader:
        assert reader.query("SELECT count(*) FROM note") == [(2 * PAGES,)]


def test_a_database_closes_while_its_log_is_to_be_moved(tmp_path: Path) -> None:
    closed = SqliteDatabase(tmp_path / "notes.db", [SCHEMA])
    with_small_log(closed)
    with closed.write() as tx:
        for number in range(2 * PAGES):
            tx.execute("INSERT INTO note (number, body) VALUES (?, ?)", (number, BODY))
    closed.close()
    assert notes_in_file(closed, tmp_path) == 2 * PAGES


def test_many_writers_lose_nothing_while_the_log_is_moved(database: SqliteDatabase) -> None:
    def write_one(number: int, tx: Transaction) -> None:
        tx.execute("INSERT INTO note (number, body) VALUES (?, ?)", (number, BODY))

    def write_some(first: int) -> None:
        for number in range(first, first + 100):
            database.run(partial(write_one, number))

    writers = [threading.Thread(target=write_some, args=(1000 * number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.read() as reader:
        assert reader.query("SELECT count(*), min(length(body)) FROM note") == [(400, len(BODY))]
        assert reader.query("PRAGMA integrity_check") == [("ok",)]
