"""SQLite's log is moved into its file beside the commits, so that nobody waits for it.

SQLite itself moves the log within the commit that meets the bound, which takes many times as long as others. Here a
thread that lasts only for that moves it while commits go on; then it takes the writers' turn and moves the little that
was committed meanwhile, so that the log is whole in the file, and the next commit begins it anew.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing, suppress

import apsw

LOG_PAGES = 8_000  # when it is moved: most of its pages were changed several times by then, and are moved once
_AGAIN_PAGES = 2_000  # more than when it was moved last and yet not begun anew: a long read may have needed it
_TURN_SECONDS = 0.02  # between looks whether the database is to be closed

_log = logging.getLogger(__name__)


class LogMoving:
    """Moves the log of one database. `opened` opens a connection of its own, `turn` is the writers' lock."""

    def __init__(self, opened: Callable[[], apsw.Connection], turn: threading.Lock, pages: int = LOG_PAGES) -> None:
        self._opened = opened
        self._turn = turn
        self._pages = self._due_at = pages
        self._moved_at = 0
        self._at_work = threading.Lock()  # SQLite lets one connection at a time move the log
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def committed(self, _: apsw.Connection, __: str, pages: int) -> int:
        """A commit left so many pages in the log. SQLite calls it within the commit, on the writer's thread."""
        if pages < self._moved_at:  # it was begun anew
            self._due_at, self._moved_at = self._pages, 0
        if pages >= self._due_at and not self._is_moving() and not self._stopping.is_set():
            self._due_at, self._moved_at = pages + _AGAIN_PAGES, pages
            self._begin()
        return apsw.SQLITE_OK

    def empty(self, writer: apsw.Connection) -> None:
        """Leave nothing in the log, as far as nobody reads in it. Only for who has the writers' turn."""
        with self._at_work:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def stop(self) -> None:
        """Move nothing from now on, and wait for what is being moved. Not for who has the writers' turn."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _begin(self) -> None:
        thread = threading.Thread(target=self._move, name="log")
        with suppress(RuntimeError):  # no thread is to be had: the commit is made all the same
            thread.start()
            self._thread = thread

    def _is_moving(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _move(self) -> None:
        try:
            with closing(self._opened()) as connection:
                with self._at_work:
                    connection.wal_checkpoint()
                if self._takes_turn():
                    try:
                        with self._at_work:
                            connection.wal_checkpoint()
                    finally:
                        self._turn.release()
        except apsw.Error as error:  # nothing is lost: the log stays as it is
            _log.warning("the log could not be moved into the file, which is tried again: %s", error)

    def _takes_turn(self) -> bool:
        while not self._stopping.is_set():
            if self._turn.acquire(timeout=_TURN_SECONDS):
                return True
        return False
