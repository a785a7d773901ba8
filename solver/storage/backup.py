"""A backup is one SQLite file, whichever store it was made of; so it can also be restored into the other one.

It is consistent, and made while others read and write.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import apsw

from solver.storage.database import Database, Reader, Transaction
from solver.storage.errors import StorageUnusable
from solver.storage.found_shape import sqlite_shape
from solver.storage.lock import FolderLock
from solver.storage.shape import refuse_misshapen
from solver.storage.sqlite import SqliteDatabase, SqliteReader, made_by
from solver.storage.steps import Step
from solver.storage.url import open_database, open_existing, sqlite_path

MARK = 0x58554E59  # SQLite's application_id of a backup: "XUNY"
_ROWS_AT_ONCE = 1024


def back_up(where: str | Path, file: Path, steps: Sequence[Step]) -> None:
    """Write everything that the database there holds at this moment to a new file.

    Raises StorageUnusable where there is no database of this release, or there cannot be such a file.
    """
    _refuse_present(file, "name a file that is not")
    source = open_existing(where, steps)
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(source, part, steps)
        part.rename(file)
    except (OSError, apsw.Error) as error:
        raise StorageUnusable(f"there cannot be a backup at {file}: {error}") from error
    finally:
        source.close()
        part.unlink(missing_ok=True)


def restore(file: Path, where: str | Path, steps: Sequence[Step]) -> None:
    """Make the database there what the backup holds. It must be empty, or not be there yet.

    Raises StorageUnusable for a file that is no backup, is damaged or was made with another schema, and for a database
    that holds anything; nothing is written then.
    """
    _refuse_unfit(file, steps)
    path = sqlite_path(where)
    if path is None:
        _read_into(str(where), file, steps)
        return
    _refuse_present(path, "restore into an empty folder")
    lock = FolderLock(path.parent)
    try:
        part = path.with_name(f"{path.name}.part")
        copy_pages(file, part)
        _mark(part, 0)
        part.rename(path)
    finally:
        lock.let_go()


def _write(source: Database, part: Path, steps: Sequence[Step]) -> None:
    part.unlink(missing_ok=True)
    if isinstance(source, SqliteDatabase):
        copy_pages(source.path, part)
    else:
        copy = SqliteDatabase(part, steps)
        try:
            with source.read() as reader, copy.write() as tx:
                _copy_rows(reader, tx, tables_of=tx)
        finally:
            copy.close()
    _mark(part, MARK)


def _read_into(url: str, file: Path, steps: Sequence[Step]) -> None:
    source, target = SqliteDatabase(file, steps), open_database(url, steps)
    try:
        with source.read() as reader, target.write() as tx:
            for table in _tables(reader):
                if tx.query(f"SELECT 1 FROM {table} LIMIT 1"):
                    raise StorageUnusable(f"{target.name} holds rows of {table} already; restore into an empty one")
            _copy_rows(reader, tx, tables_of=reader)
    finally:
        target.close()
        source.close()


def _copy_rows(reader: Reader, tx: Transaction, *, tables_of: Reader) -> None:
    """Table by table in the order in which they were made: what is referred to comes first."""
    for table in _tables(tables_of):
        names = ", ".join(name for (name,) in tables_of.query("SELECT name FROM pragma_table_info(?)", (table,)))
        rows = reader.stream(f"SELECT {names} FROM {table} ORDER BY 1")
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            tx.execute_rows(f"INSERT INTO {table} ({names}) {{rows}}", some)


def _tables(reader: Reader) -> list[str]:
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
    return [name for (name,) in reader.query(sql)]


def copy_pages(source: Path, target: Path) -> None:
    """The whole file as it stands at one moment; a log beside it is part of it."""
    reading, writing = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY), apsw.Connection(str(target))
    try:
        with writing.backup("main", reading, "main") as copying:
            copying.step()
    finally:
        writing.close()
        reading.close()


def _mark(file: Path, mark: int) -> None:
    connection = apsw.Connection(str(file))
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute(f"PRAGMA application_id = {mark}")
    finally:
        connection.close()


def _refuse_present(file: Path, remedy: str) -> None:
    if file.exists():
        raise StorageUnusable(f"{file} is there already; {remedy}")


def _refuse_unfit(file: Path, steps: Sequence[Step]) -> None:
    if not file.is_file():
        raise StorageUnusable(f"there is no backup {file}")
    try:
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        (mark,), (found,) = (next(connection.execute(f"PRAGMA {name}")) for name in ("application_id", "user_version"))
        state = connection.execute("PRAGMA integrity_check").fetchall() if mark == MARK else []
        shape = sqlite_shape(SqliteReader(connection))
        connection.close()
    except apsw.Error as error:
        raise StorageUnusable(f"{file} is no backup, or is damaged: {error}") from error
    if mark != MARK:
        raise StorageUnusable(f"{file} is no backup: `python -m solver backup` makes one")
    if found != len(steps):
        raise StorageUnusable(
            f"{file} was made with schema {found}, and this release has {len(steps)}: restore it with the release that "
            "made it, and start this one on the result"
        )
    if state != [("ok",)]:
        raise StorageUnusable(f"{file} is damaged: {state[0][0]}")
    made = made_by(steps)
    refuse_misshapen(str(file), found, shape, taken=made, all_taken=made)
