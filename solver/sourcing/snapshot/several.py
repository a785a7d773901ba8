"""Several orders decided in one go, each as if it were alone on the stock that all of them see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from solver.orders.model import Order
from solver.sourcing.exact.search import Limits
from solver.sourcing.snapshot.batch import Encoded, Told
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.prepared import Prepared
from solver.sourcing.snapshot.shelves import Shelves
from solver.sourcing.snapshot.snapshot import Snapshot

# Where packages get in each other's way; the time is better spent on the ordinary path.
_QUICK = Limits(nodes=20_000, loads=0)


class Declined(Exception):
    """The order is left to the ordinary path."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Several:
    """Orders of one block of days, laid out together. None answers for one that is left to the ordinary path."""

    snapshot: Snapshot
    orders: Sequence[Order]
    prepared: Prepared

    @classmethod
    def of(cls, snapshot: Snapshot, shelves: Shelves, orders: Sequence[Order], encoded: Sequence[Encoded]) -> "Several":
        """These orders on this stock. Raises Unknown where the arrays cannot say them."""
        stocked = snapshot.restocked(shelves, ask=_decline, limits=_QUICK)
        return cls(snapshot=stocked, orders=orders, prepared=stocked.laid_out(encoded))

    def best(self) -> list[Decision | None]:
        """The best decision of each, proven."""
        return self._decided(self.prepared, self.snapshot.shelves.units)

    def without(self, source_ids: Sequence[str | None]) -> list[Decision | None]:
        """The same as if for each order one source had nothing; None for an order that is not asked about."""
        positions, shelves = self.snapshot.network.source_positions, self.snapshot.shelves
        gone = [-1 if one is None else positions[one] for one in source_ids]
        if len(gone) == 1:
            stock = np.where(shelves.source == gone[0], np.int32(0), shelves.units)
            return self._decided(self.prepared, stock) if source_ids[0] is not None else [None]
        apart, stock = self.prepared.apart(shelves.units, gone)
        return self._decided(apart, stock, source_ids)

    def _decided(
        self, prepared: Prepared, stock: NDArray[np.int32], without: Sequence[str | None] = ()
    ) -> list[Decision | None]:
        """The answers; of orders that lie `apart`, one that is not done is looked at where it came from."""
        found: list[Decision | None] = []
        while len(found) < len(self.orders):
            first = len(found)
            end = prepared.run(stock, first, counts_down=False)
            stop = min(end + 1, len(self.orders))
            told = prepared.batch.told(first, stop)
            for i in range(first, stop):
                if not without or told.status[i - first] == g.DONE:
                    found.append(self._proven(prepared, told, i, stock))
                elif without[i] is None:
                    found.append(None)
                else:
                    found += self._alone(i).without([without[i]])
        return found

    def _proven(self, prepared: Prepared, told: Told, i: int, stock: NDArray[np.int32]) -> Decision | None:
        try:
            decision = self.snapshot.answered(self.orders[i], prepared, told, i, stock)
        except Declined:
            return None
        return decision if decision.is_proven else None

    def _alone(self, i: int) -> "Several":
        prepared = self.snapshot.laid_out([self.prepared.batch.orders[i]])
        return Several(snapshot=self.snapshot, orders=[self.orders[i]], prepared=prepared)


def _decline(*_: object) -> NoReturn:
    raise Declined
