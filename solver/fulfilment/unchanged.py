"""Whether all that a question looks at stands as it did when the last one was asked: then nothing need be read.

It does where nobody committed anything since, and nothing that time alone changes was due since.
"""

import threading
from dataclasses import dataclass

from solver.clock import Clock, to_micros
from solver.journal.entries import LAST_ENTRY
from solver.stock.sweeping import quiet_until_us
from solver.storage.database import Database, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    state: int
    at_us: int
    until_us: int
    entry_id: int


class Unchanged:
    """What was found last, by each thread for itself."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._own = threading.local()

    def note(self, reader: Reader) -> None:
        """This is what `reader` has; it has looked ahead, and found nothing due."""
        state = self._database.state()
        if state is not None:
            self._own.found = _Found(
                state=state,
                at_us=to_micros(self._clock.now()),
                until_us=quiet_until_us(reader),
                entry_id=LAST_ENTRY.up(reader),
            )

    def entry_id(self) -> int | None:
        """The journal's last entry, where everything is as it was noted; None where that is not known."""
        found: _Found | None = getattr(self._own, "found", None)
        if found is None or not found.at_us <= to_micros(self._clock.now()) < found.until_us:
            return None
        return found.entry_id if self._database.state() == found.state else None
