"""Which store: a folder or file, `sqlite:PATH`, or `postgresql://...`."""

from collections.abc import Sequence
from pathlib import Path

from solver.storage.database import Database
from solver.storage.errors import StorageUnusable
from solver.storage.sqlite import SqliteDatabase
from solver.storage.steps import Step

DATABASE_FILE = "xunyuan.db"
_SQLITE = "sqlite:"
_POSTGRES = ("postgresql://", "postgres://")


def open_database(where: str | Path, steps: Sequence[Step]) -> Database:
    """The database there, begun where there is none, and brought to the last of `steps`.

    Raises StorageUnusable: see the stores, SqliteDatabase and PostgresDatabase.
    """
    if isinstance(where, str) and where.startswith(_POSTGRES):
        return _postgres(where, steps)
    return SqliteDatabase(sqlite_path(where), steps)


def sqlite_path(where: str | Path) -> Path:
    """The file that a folder, a path or `sqlite:PATH` means. Raises StorageUnusable for another store's URL."""
    path = Path(where.removeprefix(_SQLITE)) if isinstance(where, str) else where
    if "://" in str(where):
        raise StorageUnusable(f"no store is known for {where!r}: give sqlite:PATH or postgresql://HOST/DATABASE")
    return path if path.suffix else path / DATABASE_FILE


def _postgres(url: str, steps: Sequence[Step]) -> Database:
    try:
        from solver.storage.postgres import PostgresDatabase
    except ImportError as error:
        raise StorageUnusable("PostgreSQL needs psycopg: pip install 'psycopg[binary]'") from error
    return PostgresDatabase(url, steps)
