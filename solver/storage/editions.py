"""Which edition of each kind of documents is the latest, where other processes may have made it."""

import threading
import time
from collections.abc import Mapping

from solver.storage.database import Database
from solver.storage.documents import editions

# So old the answer may be: asked anew for every look at master data, it would cost more than all else.
FRESH_SECONDS = 0.005


class Editions:
    """The latest numbers, for all who keep documents of one database in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._numbers: Mapping[str, int] = {}
        self._asked_at = float("-inf")

    @classmethod
    def of(cls, database: Database) -> "Editions":
        """The one of this database."""
        editions_of = database.kept.setdefault(cls, cls(database))
        assert isinstance(editions_of, cls)
        return editions_of

    def latest(self, kind: str) -> int:
        """The number of the latest edition; 0 where there is none yet."""
        with self._lock:
            now = time.monotonic()
            if now - self._asked_at < FRESH_SECONDS:
                return self._numbers.get(kind, 0)
            is_old = self._database.is_reading  # then this asks a snapshot that may have been taken long ago
            with self._database.read() as reader:
                numbers = editions(reader)
            if not is_old:
                self._numbers, self._asked_at = numbers, now
            return numbers.get(kind, 0)
