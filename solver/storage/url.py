"""Which store: a folder or file, `sqlite:PATH`, or `postgresql://...`."""

import re
from collections.abc import Sequence
from pathlib import Path

from solver.storage.database import Database
from solver.storage.errors import StorageUnusable
from solver.storage.sqlite import SqliteDatabase
from solver.storage.steps import Step

DATABASE_FILE = "xunyuan.db"
_SQLITE = "sqlite:"
_POSTGRES = ("postgresql://", "postgres://")
_URL_AS_PATH = re.compile(r"\w{2,}:/")  # a path drops one of the slashes
_FILES = (".db", ".sqlite", ".sqlite3")


def open_database(where: str | Path, steps: Sequence[Step], *, durable: bool = True) -> Database:
    """The database there, begun where there is none, and brought to the last of `steps`.

    `durable` False forces nothing to disk: only for what can be made again, and only in SQLite. Raises
    StorageUnusable: see the stores, SqliteDatabase and PostgresDatabase.
    """
    return _opened(where, steps, upgrade=True, durable=durable)


def open_existing(where: str | Path, steps: Sequence[Step]) -> Database:
    """The database there, for those who neither begin one nor upgrade it; a server may be running on it.

    Raises StorageUnusable where there is none, or it has not taken all of `steps`.
    """
    path = sqlite_path(where)
    if path is not None and not path.is_file():
        raise StorageUnusable(f"there is no database at {path}")
    return _opened(where, steps, upgrade=False)


def sqlite_path(where: str | Path) -> Path | None:
    """The file that a path or `sqlite:PATH` means; a folder means DATABASE_FILE in it. None for PostgreSQL's URL.

    Raises StorageUnusable for any other URL, and for one that was taken for a path.
    """
    if isinstance(where, str):
        if where.startswith(_POSTGRES):
            return None
        if "://" in where:
            scheme = where.partition("://")[0]
            raise StorageUnusable(f"no store is known for {scheme}://: give sqlite:PATH or postgresql://HOST/DATABASE")
        where = Path(where.removeprefix(_SQLITE))
    elif _URL_AS_PATH.match(str(where)):
        raise StorageUnusable(f"{where} is no folder but a URL: give it with --url")
    return where if where.suffix in _FILES else where / DATABASE_FILE


def _opened(where: str | Path, steps: Sequence[Step], *, upgrade: bool, durable: bool = True) -> Database:
    path = sqlite_path(where)
    if path is not None:
        return SqliteDatabase(path, steps, upgrade=upgrade, durable=durable)
    try:
        from solver.storage.postgres import PostgresDatabase
    except ImportError as error:
        raise StorageUnusable("PostgreSQL needs psycopg: pip install 'psycopg[binary]'") from error
    return PostgresDatabase(str(where), steps, upgrade=upgrade)
