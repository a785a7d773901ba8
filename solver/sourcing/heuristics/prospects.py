"""What the next package could be on each lane, kept from one package to the next for as long as it stays true."""

from collections.abc import Callable, Sequence

from solver.sourcing.case import Case, Ints, Shipment
from solver.sourcing.cost import package_cost
from solver.sourcing.heuristics.packing import Packing

Rank = Callable[[tuple[int, ...], int], tuple[float, ...]]  # (what it adds at each level, units filled) -> low is good


class Prospects:
    """The next package of each of `lanes`: its units of each line, and what it costs less what it saves.

    Filling a lane is dear, so it is done again only where its source gave something, or where what is still wanted
    falls below what the lane's offer could give.
    """

    def __init__(self, case: Case, packing: Packing, lanes: Sequence[int]) -> None:
        self._case, self._packing = case, packing
        self._lanes = lanes
        self._filled: dict[int, Ints] = {}
        self._units: dict[int, int] = {}
        self._alone: dict[int, tuple[int, ...]] = {}  # what it adds beside the order's own amounts
        self._source = {lane: packing.source_of(lane) for lane in lanes}
        self._most = packing.most_units(lanes)
        self._refill(lanes)

    def best(self, rank: Rank) -> tuple[int, Ints] | None:
        """The lane of the lowest rank, the first of several, with its units of each line; None: none is worth it."""
        zero = (0,) * self._case.levels
        beside = {source: self._packing.beside(source) for source in set(self._source.values())}
        best: tuple[tuple[float, ...], int] | None = None
        for lane in self._lanes:
            units = self._units[lane]
            if not units or not self._packing.may_open(lane):
                continue
            extra = beside[self._source[lane]]
            added = tuple(one + other for one, other in zip(self._alone[lane], extra, strict=True))
            if added < zero and (best is None or rank(added, units) < best[0]):
                best = (rank(added, units), lane)
        return None if best is None else (best[1], self._filled[best[1]])

    def take(self, lane: int, filled: Ints) -> None:
        """Open a package with so many units of each line, and look again at what that changes."""
        self._packing.take(lane, filled)
        most = self._packing.most_units(self._lanes)
        changed = (most != self._most).any(axis=1) | self._case.together.any()
        self._most = most
        touched = self._source[lane]
        self._refill(
            [one for one, new in zip(self._lanes, changed, strict=True) if new or self._source[one] == touched]
        )

    def _refill(self, lanes: Sequence[int]) -> None:
        case = self._case
        for lane in lanes:
            filled = self._packing.fill(lane)
            self._filled[lane], self._units[lane] = filled, int(filled.sum())
            if self._units[lane]:
                shipment = Shipment(lane=lane, units=self._packing.units_of(filled))
                cost = package_cost(case, shipment) + self._packing.beyond_stairs(shipment)
                self._alone[lane] = tuple((cost - case.unfilled_cost @ filled).tolist())
