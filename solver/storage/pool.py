"""Reading connections that threads take turns with: the last one used is the next one given."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from solver.storage.connecting import Connection, roll_back
from solver.storage.errors import StorageFailed, StorageUnusable
from solver.storage.refusals import translated

MOST_CONNECTIONS = 16


class Pool:
    """At most MOST_CONNECTIONS at once, each made when it is first needed; who comes then waits.

    `begin` begins a transaction, which is undone when the connection is given back.
    """

    def __init__(self, make: Callable[[], Connection], begin: Callable[[Connection], None]) -> None:
        self._make = make
        self._begin = begin
        self._turn = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._idle: list[Connection] = []

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One for this thread alone. Raises StorageFailed where none can be made."""
        with self._turn:
            connection = self._take()
            try:
                yield connection
            finally:
                roll_back(connection)
                if not connection.closed:
                    self._idle.append(connection)

    def close(self) -> None:
        """Close what is idle; nobody may have one meanwhile."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> Connection:
        while (connection := self._idle_one()) is not None:
            try:
                self._begin(connection)
            except psycopg.Error:  # the server was started anew, or has let go of it
                connection.close()
            else:
                return connection
        try:
            connection = self._make()
        except StorageUnusable as error:
            raise StorageFailed(str(error)) from error
        try:
            with translated():
                self._begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _idle_one(self) -> "Connection | None":
        try:
            return self._idle.pop()
        except IndexError:  # another thread may have taken the last one just now
            return None
