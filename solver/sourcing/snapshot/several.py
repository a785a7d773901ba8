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

    def both(self) -> tuple[list[Decision | None], list[Decision | None]]:
        """The best decision of each; and the same without its main source, None where that is to be asked for."""
        count, prepared, stock = len(self.orders), self.prepared, self.snapshot.shelves.units
        if not prepared.may_be_quick:
            return self.best(), [None] * count
        firsts, seconds = prepared.run_both(stock)
        best, others = (
            [self._proven(prepared, told, i, stock) if told.status[i] == g.DONE else None for i in range(count)]
            for told in (firsts, seconds)
        )
        undone = [i for i in range(count) if firsts.status[i] != g.DONE]
        for i, one in zip(undone, self._of(undone).best() if undone else (), strict=True):
            best[i] = one
        return best, others

    def best(self) -> list[Decision | None]:
        """The best decision of each, proven."""
        return self._decided(self.prepared, self.snapshot.shelves.units)

    def without(self, source_ids: Sequence[str | None]) -> list[Decision | None]:
        """The same as if for each order one source had nothing; None for an order that is not asked about."""
        asked = [i for i, one in enumerate(source_ids) if one is not None]
        if len(asked) < len(source_ids):
            found: list[Decision | None] = [None] * len(source_ids)
            of_asked = self._of(asked).without([source_ids[i] for i in asked]) if asked else ()
            for i, one in zip(asked, of_asked, strict=True):
                found[i] = one
            return found
        positions, shelves = self.snapshot.network.source_positions, self.snapshot.shelves
        gone = [positions[one] for one in source_ids if one is not None]
        if len(gone) == 1:
            stock = np.where(shelves.source == gone[0], np.int32(0), shelves.units)
            return self._decided(self.prepared, stock)
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
                else:
                    found += self._of([i]).without([without[i]])
        return found

    def _proven(self, prepared: Prepared, told: Told, i: int, stock: NDArray[np.int32]) -> Decision | None:
        try:
            decision = self.snapshot.answered(self.orders[i], prepared, told, i, stock)
        except Declined:
            return None
        return decision if decision.is_proven else None

    def _of(self, numbers: Sequence[int]) -> "Several":
        """Some of the orders, laid out anew."""
        encoded = self.prepared.batch.orders
        prepared = self.snapshot.laid_out([encoded[i] for i in numbers])
        return Several(snapshot=self.snapshot, orders=[self.orders[i] for i in numbers], prepared=prepared)


def _decline(*_: object) -> NoReturn:
    raise Declined
