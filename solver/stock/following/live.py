"""The followed view for decisions: made when it is first asked, made anew after a failure."""

import threading
from collections.abc import Collection

from solver.clock import Clock
from solver.journal.archived import is_archived
from solver.stock.following.followed import FollowedAvailability, Lag
from solver.stock.rows import UnitsBySite
from solver.storage.database import Database, Reader


class LiveAvailability:
    """What is available and held now, at the cost of the entries that are new. For any number of threads.

    The first asker pays for the full read; `prepare` pays ahead.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._view: FollowedAvailability | None = None

    def prepare(self, database: Database) -> None:
        """Read everything now."""
        with database.read() as reader:
            self._caught_up(reader)

    def lag(self, reader: Reader) -> Lag:
        """How far it stands behind what `reader` has, until it is asked again; 0 before it was ever asked."""
        view = self._view
        return Lag(entries=0, micros=0) if view is None else view.lag(reader)

    def available_and_held(self, reader: Reader, skus: Collection[str]) -> tuple[UnitsBySite, UnitsBySite]:
        """As `Stock.available` and `Stock.held` say, of what `reader` has or of what came later."""
        view = self._caught_up(reader)
        return view.available(skus), view.held(skus)

    def as_it_stands(self, entry_id: int, skus: Collection[str]) -> tuple[UnitsBySite, UnitsBySite] | None:
        """The same without looking for what is new; None where not all is counted through this entry of the journal."""
        view = self._view
        return None if view is None or view.entry_id < entry_id else (view.available(skus), view.held(skus))

    def _caught_up(self, reader: Reader) -> FollowedAvailability:
        with self._lock:
            view = self._view
            if view is None:
                view = self._view = FollowedAvailability(reader, self._clock)
                return view
        try:
            view.catch_up(reader)
        except BaseException as error:
            with self._lock:
                if self._view is view:  # it may have counted a part of what it read
                    self._view = None
            if is_archived(error):  # what it would have read: balances have all of that
                return self._caught_up(reader)
            raise
        return view
