"""A backup is made while others write, is one moment of the database, and can be restored into either store."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.journal.model import AccountKey, Book, Transfer
from solver.schema import STEPS
from solver.storage.backup import back_up, restore
from solver.storage.database import Database
from solver.storage.errors import StorageUnusable
from solver.storage.url import open_database, open_existing
from solver.upkeep import audited

CLOCK = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
SHELF = AccountKey(book=Book.STOCK, kind="shelf", holder="s1", unit="茶", guarded=True)
GATE = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="茶")


@pytest.fixture
def application(store_url: str) -> Iterator[Application]:
    opened = Application.open(store_url, CLOCK)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a backup may be restored to, of each store in turn."""
    other: Callable[[], str] = request.getfixturevalue("another_postgres_url")
    return f"sqlite:{tmp_path / 'restored' / 'xunyuan.db'}" if request.param == "sqlite" else other()


def receive(application: Application, units: int) -> None:
    with application.database.write() as tx:
        application.journal.post(tx, "received", "po", [Transfer(debit=SHELF, credit=GATE, amount=units)])
        tx.execute("INSERT INTO version (digest, body) VALUES (?, ?)", (f"{units}", bytes(range(256))))


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table that the schema makes."""
    connection = sqlite3.connect(":memory:")
    for step in (one for one in STEPS if isinstance(one, str)):
        connection.executescript(step.replace("APPEND ONLY", "-- ").replace("OFTEN CHANGED", "-- "))
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    connection.close()
    with database.read() as reader:
        return {name: sorted(repr(row) for row in reader.query(f"SELECT * FROM {name}")) for name in names}


def test_what_was_backed_up_is_restored_into_either_store(
    application: Application, store_url: str, empty: str, tmp_path: Path
) -> None:
    for units in (3, 5):
        receive(application, units)
    before = contents(application.database)
    assert len(before["journal_transfer"]) == 2
    back_up(store_url, tmp_path / "backup.db", STEPS)
    receive(application, 99)

    restore(tmp_path / "backup.db", empty, STEPS)
    restored = open_existing(empty, STEPS)
    assert contents(restored) == before
    restored.close()
    assert audited(empty) == (2, ())
    assert not list(tmp_path.rglob("*.part"))


def test_a_backup_under_load_is_one_moment_of_the_database(
    application: Application, store_url: str, tmp_path: Path
) -> None:
    begun, stop = threading.Event(), threading.Event()

    def work() -> None:
        units = 1
        while not stop.is_set():
            receive(application, units)
            units += 1
            if units > 20:
                begun.set()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        assert begun.wait(30)
        back_up(store_url, tmp_path / "backup.db", STEPS)
    finally:
        stop.set()
        writer.join()
    restore(tmp_path / "backup.db", tmp_path / "restored", STEPS)
    entries, broken = audited(tmp_path / "restored")
    assert broken == ()
    assert 20 <= entries <= audited(store_url)[0]
    database = open_existing(tmp_path / "restored", STEPS)
    assert len(contents(database)["version"]) == entries, "both rows of a write, or neither"
    database.close()


def test_a_backup_of_sqlite_does_not_wait_for_the_writers_turn(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'own.db'}"
    own = Application.open(url, CLOCK)
    receive(own, 4)
    with own.database.write():
        back_up(url, tmp_path / "backup.db", STEPS)
    own.close()
    restore(tmp_path / "backup.db", tmp_path / "restored", STEPS)
    assert audited(tmp_path / "restored") == (1, ())


def test_a_restored_database_is_served_like_any_other(application: Application, store_url: str, tmp_path: Path) -> None:
    receive(application, 4)
    back_up(store_url, tmp_path / "backup.db", STEPS)
    restore(tmp_path / "backup.db", tmp_path / "restored", STEPS)
    again = Application.open(tmp_path / "restored", CLOCK)
    receive(again, 6)
    with again.database.read() as reader:
        assert again.journal.balances(reader, Book.STOCK, kinds=["shelf"])[0].posted == 10
    again.close()
    with pytest.raises(StorageUnusable, match="is no backup"):
        restore(tmp_path / "restored" / "xunyuan.db", tmp_path / "elsewhere", STEPS)
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_restored_over_anything(application: Application, store_url: str, tmp_path: Path) -> None:
    receive(application, 4)
    back_up(store_url, tmp_path / "backup.db", STEPS)
    receive(application, 6)
    before = contents(application.database)
    with pytest.raises(StorageUnusable, match=r"is there already|in use|holds rows of"):
        restore(tmp_path / "backup.db", store_url, STEPS)
    assert contents(application.database) == before


def test_a_backup_of_another_schema_is_refused_and_nothing_is_written(
    application: Application, store_url: str, empty: str, tmp_path: Path
) -> None:
    back_up(store_url, tmp_path / "backup.db", STEPS)
    with pytest.raises(StorageUnusable, match=rf"was made with schema {len(STEPS)}, and this release has"):
        restore(tmp_path / "backup.db", empty, [*STEPS, ""])
    with pytest.raises(StorageUnusable, match="there is no database|holds no database"):  # noqa: RUF043 - either
        open_existing(empty, STEPS)


def test_a_damaged_backup_and_one_that_is_not_there_are_refused(
    application: Application, store_url: str, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    back_up(store_url, file, STEPS)
    damaged = bytearray(file.read_bytes())
    damaged[5000:9000] = b"\xff" * 4000
    file.write_bytes(damaged)
    for spoilt in (file, tmp_path / "nowhere.db"):
        with pytest.raises(StorageUnusable):
            restore(spoilt, empty, STEPS)
    with pytest.raises(StorageUnusable):
        open_existing(empty, STEPS)


def test_a_backup_replaces_no_file_and_needs_a_database(
    application: Application, store_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    file.write_text("precious")
    with pytest.raises(StorageUnusable, match="is there already"):
        back_up(store_url, file, STEPS)
    assert file.read_text() == "precious"
    with pytest.raises(StorageUnusable, match="there is no database at"):
        back_up(tmp_path / "empty", tmp_path / "other.db", STEPS)
    with pytest.raises(StorageUnusable, match="has schema 1"):
        open_database(tmp_path / "old", STEPS[:1]).close()
        back_up(tmp_path / "old", tmp_path / "other.db", STEPS)
    assert not (tmp_path / "other.db").exists()
