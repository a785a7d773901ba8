"""A SQLite file that is written once, all of it, and only read from then on: `mark` says of what kind it is."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from solver.storage.database import Reader, Transaction
from solver.storage.errors import StorageUnusable
from solver.storage.portable import statements
from solver.storage.sqlite import SqliteReader, SqliteTransaction

_READ_AT_ONCE_BYTES = 1 << 20


@contextmanager
def writing_sealed(path: Path, schema: str, mark: int) -> Iterator[Transaction]:
    """Write what a new file at `path` holds; on disk when this ends well, and gone when it does not.

    Raises StorageUnusable where there cannot be such a file.
    """
    path.unlink(missing_ok=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = apsw.Connection(str(path))
        try:
            # Nobody reads it before it is whole: it needs no log, and is forced to disk once, at the end.
            connection.execute("PRAGMA journal_mode = OFF").fetchall()
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(f"PRAGMA application_id = {mark}")
            tx = SqliteTransaction(connection)
            tx.execute("BEGIN")
            for statement in statements(schema):
                tx.execute(statement)
            yield tx
            tx.execute("COMMIT")
        finally:
            connection.close()
        _force(path)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError | apsw.Error):
            raise StorageUnusable(f"there cannot be a file at {path}: {error}") from error
        raise


def seal(part: Path, path: Path) -> None:
    """Give a finished file its name, which nothing has yet, durably."""
    part.rename(path)
    _force(path.parent)


@contextmanager
def reading_sealed(path: Path, mark: int, what: str) -> Iterator[Reader]:
    """Read the file. Raises StorageUnusable where it is not there, is not `what`, or is damaged."""
    if not path.is_file():
        raise StorageUnusable(f"there is no {what} {path}")
    try:
        # Immutable: nothing is written beside it, and a folder that cannot be written to will do.
        connection = apsw.Connection(
            f"{path.resolve().as_uri()}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        )
        try:
            (found,) = next(connection.execute("PRAGMA application_id"))
            if found != mark:
                raise StorageUnusable(f"{path} is no {what}")
            yield SqliteReader(connection)
        finally:
            connection.close()
    except (apsw.Error, UnicodeDecodeError, OverflowError) as error:  # what a changed byte may come to
        raise StorageUnusable(f"{path} is no {what}, or is damaged: {error}") from error


def file_digest(path: Path) -> str:
    """SHA-256 of every byte of a file. Raises StorageUnusable where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while some := file.read(_READ_AT_ONCE_BYTES):
                digest.update(some)
    except OSError as error:
        raise StorageUnusable(f"{path} cannot be read: {error}") from error
    return digest.hexdigest()


def _force(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
