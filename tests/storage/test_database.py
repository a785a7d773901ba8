"""The database: one writer, snapshots, and what it refuses to open."""

import gc
import sqlite3
import threading
from pathlib import Path

import apsw
import pytest

from solver.errors import BrokenInvariant, TooBusy
from solver.storage import sqlite as sqlite_module
from solver.storage.database import Database
from solver.storage.errors import ConstraintRefused, StorageFailed, StorageUnusable
from solver.storage.url import open_database

NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"


def notes(database: Database) -> list[str]:
    with database.read() as reader:
        return [row[0] for row in reader.query("SELECT text FROM note ORDER BY id")]


def write_note(database: Database, text: str) -> None:
    with database.write() as tx:
        tx.execute("INSERT INTO note (text) VALUES (?)", (text,))


def test_a_write_is_visible_after_its_commit_and_survives_reopening(tmp_path: Path) -> None:
    path = tmp_path / "made" / "on the way" / "notes.db"
    database = open_database(path, [NOTE_SCHEMA])
    write_note(database, "first")
    assert notes(database) == ["first"]
    database.close()

    reopened = open_database(path, [NOTE_SCHEMA])
    assert notes(reopened) == ["first"]
    reopened.close()


def test_an_exception_undoes_the_whole_write(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    with pytest.raises(KeyError), database.write() as tx:
        tx.execute("INSERT INTO note (text) VALUES ('lost')")
        raise KeyError("the caller's trouble")
    assert notes(database) == []
    write_note(database, "next")
    assert notes(database) == ["next"]


def test_a_refused_statement_changes_nothing_and_the_write_goes_on(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    write_note(database, "first")
    with database.write() as tx:
        with pytest.raises(ConstraintRefused):
            tx.execute("INSERT INTO note (text) VALUES ('first')")
        with pytest.raises(ConstraintRefused):
            tx.query("INSERT INTO note (text) VALUES ('first') RETURNING id")
        with pytest.raises(ConstraintRefused):
            tx.executemany("INSERT INTO note (text) VALUES (?)", [("first",)])
        tx.execute("INSERT INTO note (text) VALUES ('second')")
    assert notes(database) == ["first", "second"]


def test_a_reader_keeps_its_snapshot_while_another_thread_writes(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    write_note(database, "before")
    with database.read() as reader:
        assert reader.query("SELECT text FROM note") == [("before",)]
        writer = threading.Thread(target=write_note, args=(database, "after"))
        writer.start()
        writer.join()
        assert reader.query("SELECT text FROM note") == [("before",)]
        assert notes(database) == ["before"], "a read inside a read shares its snapshot"
    assert notes(database) == ["before", "after"]


def test_a_failed_read_leaves_the_thread_able_to_read_on(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    with pytest.raises(KeyError), database.read() as reader:
        assert reader.query("SELECT text FROM note") == []
        raise KeyError("the caller's trouble")
    write_note(database, "later")
    assert notes(database) == ["later"]


def test_the_connection_of_a_thread_ends_with_it(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    gc.collect()
    before = len(apsw.connections())
    for _ in range(5):
        thread = threading.Thread(target=notes, args=(database,))
        thread.start()
        thread.join()
    gc.collect()
    assert len(apsw.connections()) == before
    database.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    with pytest.raises(apsw.ReadOnlyError), database.read() as reader:
        reader.query("INSERT INTO note (text) VALUES ('x') RETURNING id")
    assert notes(database) == []


def test_writes_of_many_threads_all_arrive(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])

    def write_ten(name: str) -> None:
        for number in range(10):
            write_note(database, f"{name}{number}")

    threads = [threading.Thread(target=write_ten, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(notes(database)) == [f"{name}{number}" for name in "abcd" for number in range(10)]


def test_a_second_writer_waits_until_the_first_is_done(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    second = threading.Thread(target=write_note, args=(database, "second"))
    with database.write() as tx:
        second.start()
        second.join(timeout=0.05)
        assert second.is_alive()
        tx.execute("INSERT INTO note (text) VALUES ('first')")
    second.join()
    assert notes(database) == ["first", "second"]


def test_a_write_that_fills_the_disk_is_undone_whole_and_the_next_one_works(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    write_note(database, "before")
    with database.write() as tx:
        pages = tx.query("PRAGMA page_count")[0][0]
        tx.query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed), database.write() as tx:
        tx.execute("INSERT INTO note (text) VALUES ('small')")
        tx.execute("INSERT INTO note (text) VALUES (?)", ("large" * 10_000,))
    assert notes(database) == ["before"]
    write_note(database, "after")
    assert notes(database) == ["before", "after"]


def test_a_file_that_another_process_keeps_writing_to_is_too_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_module, "BUSY_TIMEOUT_MS", 10)
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    other = apsw.Connection(str(tmp_path / "notes.db"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TooBusy):
        write_note(database, "refused")
    other.execute("ROLLBACK")
    write_note(database, "accepted")
    assert notes(database) == ["accepted"]


def test_a_write_inside_a_write_of_the_same_thread_is_refused_instead_of_hanging(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    with pytest.raises(BrokenInvariant), database.write() as tx:
        tx.execute("INSERT INTO note (text) VALUES ('outer')")
        write_note(database, "inner")
    assert notes(database) == []


def test_every_connection_is_durable_checks_references_and_logs_ahead(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    with database.write() as tx, database.read() as reader:
        for connection in (tx, reader):
            assert [connection.query(f"PRAGMA {name}")[0][0] for name in pragmas] == ["wal", 2, 1, 1]


def test_a_closed_database_refuses_use_from_any_thread_and_closes_twice(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    write_note(database, "kept")
    assert notes(database) == ["kept"]
    closer = threading.Thread(target=database.close)
    closer.start()
    closer.join()
    database.close()
    with pytest.raises(StorageUnusable):
        notes(database)
    with pytest.raises(StorageUnusable):
        write_note(database, "late")
    assert not (tmp_path / "notes.db-wal").exists()


def test_closing_waits_for_a_read_that_runs_in_another_thread(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    write_note(database, "kept")
    closer = threading.Thread(target=database.close)
    with database.read() as reader:
        closer.start()
        closer.join(timeout=0.05)
        assert closer.is_alive()
        assert reader.query("SELECT text FROM note") == [("kept",)]
        assert notes(database) == ["kept"], "a read that runs may still read inside itself"
    closer.join()
    with pytest.raises(StorageUnusable):
        notes(database)


def test_closing_inside_a_read_or_a_write_is_refused_instead_of_hanging(tmp_path: Path) -> None:
    database = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    with pytest.raises(BrokenInvariant), database.read():
        database.close()
    with pytest.raises(BrokenInvariant), database.write():
        database.close()
    write_note(database, "still open")
    assert notes(database) == ["still open"]


@pytest.mark.parametrize("version", ["3.51.2", "3.40.1", "2.8.17"])
def test_an_sqlite_that_can_corrupt_its_log_is_refused(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    with pytest.raises(StorageUnusable, match=version):
        open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    assert list(tmp_path.iterdir()) == []


def test_the_first_fixed_sqlite_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.3")
    open_database(tmp_path / "notes.db", [NOTE_SCHEMA]).close()


def test_a_file_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    open_database(path, ["", ""]).close()
    with pytest.raises(StorageUnusable, match="schema 2"):
        open_database(path, [NOTE_SCHEMA])
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    assert raw.execute("PRAGMA user_version").fetchone() == (2,)
    raw.close()


def test_a_state_is_another_once_something_was_committed_here_or_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    database = open_database(path, [NOTE_SCHEMA])
    states = [database.state()]
    assert notes(database) == []
    with pytest.raises(KeyError), database.write() as tx:
        tx.execute("INSERT INTO note (text) VALUES ('lost')")
        raise KeyError("the caller's trouble")
    assert database.state() == states[0]
    write_note(database, "here")
    states.append(database.state())
    with sqlite3.connect(path) as other:
        other.execute("INSERT INTO note (text) VALUES ('elsewhere')")
    states.append(database.state())
    assert len(set(states)) == len(states)
    with database.read() as reader:
        reader.query("SELECT text FROM note")
        write = threading.Thread(target=write_note, args=(database, "meanwhile"))
        write.start()
        write.join()
        assert database.state() == states[-1], "what a read has stays as it is"
    assert database.state() != states[-1]
    database.close()
    with pytest.raises(StorageUnusable):
        database.state()
