"""PostgreSQL's errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from solver.errors import TooBusy
from solver.storage.errors import ConstraintRefused, StorageFailed, WriteUndone

_REFUSED = (psycopg.IntegrityError, errors.RaiseException, psycopg.DataError)
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.AdminShutdown, errors.CrashShutdown)


@contextmanager
def translated(*, waiting_seconds: float = 1.0) -> Iterator[None]:
    """Raise what the store refused as ConstraintRefused, TooBusy, WriteUndone or StorageFailed."""
    try:
        yield
    except psycopg.Error as error:
        raise _translation(error, waiting_seconds) from error


def _translation(error: psycopg.Error, waiting_seconds: float) -> Exception:
    text = str(error).strip()
    if isinstance(error, _REFUSED):
        return ConstraintRefused(text)
    if isinstance(error, errors.LockNotAvailable):
        return TooBusy("another process keeps writing to the database", retry_seconds=waiting_seconds)
    lost = isinstance(error, psycopg.OperationalError) and error.sqlstate is None  # the server never answered
    if isinstance(error, _AGAIN) or lost:
        return WriteUndone(f"the write was undone: {text}")
    if isinstance(error, psycopg.OperationalError):
        return StorageFailed(f"the write was undone: {text}")
    return error
