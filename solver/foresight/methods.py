"""Methods of serving a kind of order: which source gives each item; the cheapest of them, and those known.

Letters in shapes as in `kinds`; P methods.
"""

from math import comb

import numpy as np

from solver.foresight.kinds import NO_ITEM, Costs, Flags, Floats, Ints, Kinds

NO_SOURCE = -1
MOST_SETS = 4096  # where there are more, sources are added one by one


def costs_of_items(kinds: Kinds, costs: Costs) -> Floats:
    """What all units of each item of each kind cost from each source, [N, K, D]; 0 beyond the kind's own items."""
    items = np.maximum(kinds.items, 0) if costs.unit.shape[2] > 1 else np.zeros_like(kinds.items)
    per_unit = costs.unit[kinds.region[:, None], :, items]  # [K, D, N]
    own = (kinds.items != NO_ITEM)[:, :, None]
    return np.ascontiguousarray(
        np.where(own, np.where(own, per_unit, 0.0) * kinds.units[:, :, None], 0.0).transpose(2, 0, 1)
    )


class Cheapest:
    """Finds the cheapest method of every kind under changing prices.

    All sets of sources are gone through (`is_exhaustive`), unless there are more than MOST_SETS: then the cheapest
    single source is joined by one after the other, for as long as that is cheaper.
    """

    def __init__(self, kinds: Kinds, costs: Costs, most_packages: int | None) -> None:
        self._order = np.argsort(-kinds.sizes, kind="stable")  # so that sets of s sources see a first part only
        self._items, self._units = kinds.items[self._order], kinds.units[self._order]
        self._own = self._items != NO_ITEM
        self._package = np.ascontiguousarray(costs.package[kinds.region[self._order]].T)  # [N, K]
        self._unit = costs_of_items(kinds, costs)[:, self._order]
        sizes = kinds.sizes
        most = int(sizes.max(initial=0))
        most = most if most_packages is None else min(most, most_packages)
        self._of_size = [int((sizes >= size).sum()) for size in range(most + 1)]
        self.is_exhaustive = sum(comb(len(self._unit), size) for size in range(1, most + 1)) <= MOST_SETS
        self._back = np.argsort(self._order)

    def under(self, prices: Floats) -> tuple[Floats, Ints]:
        """The least costs, prices [N, M] included, [K]; and who gives what, [K, D], NO_SOURCE beyond own items."""
        priced = self._unit + self._units * np.where(self._own, prices[:, np.maximum(self._items, 0)], 0.0)
        if self.is_exhaustive:
            best, sets = self._over_sets(priced)
            is_open = (sets[None, :] >> np.arange(len(priced))[:, None]) & 1 == 1
            assigned = np.where(is_open[:, :, None], priced, np.inf).argmin(axis=0)
        else:
            best, assigned = joined(priced, self._package, len(self._of_size) - 1)
        return best[self._back], np.where(self._own, assigned, NO_SOURCE)[self._back]

    def one(self, kind: int, prices: Floats, stock: Floats) -> Ints:
        """Who gives what of one order of a kind, on a stock [N, M] that has to have it; [items of the kind]."""
        row = self._back[kind]
        own = self._own[row]
        items, units = self._items[row][own], self._units[row][own]
        priced = self._unit[:, row, own] + units * prices[:, items]
        priced = np.where(stock[:, items] >= units, priced, np.inf)
        _, assigned = joined(priced[:, None, :], self._package[:, [row]], len(self._of_size) - 1)
        givers: Ints = assigned[0]
        return givers

    def cost(self, kind: Ints, assigned: Ints) -> Floats:
        """What methods cost without prices: kinds [P], who gives what [P, D]; [P]."""
        rows = self._back[kind]
        own = assigned != NO_SOURCE
        giver = np.maximum(assigned, 0)
        units: Floats = np.where(own, self._unit[giver, rows[:, None], np.arange(assigned.shape[1])], 0.0).sum(axis=1)
        opened = np.zeros((len(self._unit), len(kind)), dtype=bool)
        at = np.broadcast_to(np.arange(len(kind))[:, None], assigned.shape)
        opened[giver[own], at[own]] = True
        packages: Floats = np.where(opened, self._package[:, rows], 0.0).sum(axis=0)
        return units + packages

    def _over_sets(self, priced: Floats) -> tuple[Floats, Ints]:
        """The least cost of each kind, and the set of sources that has it, as bits."""
        sources, kinds, _ = priced.shape
        best, sets = np.full(kinds, np.inf), np.zeros(kinds, dtype=np.int64)

        def descend(first: int, size: int, bits: int, items: Floats | None, packages: Floats | None) -> None:
            seen = self._of_size[size]
            for source in range(first, sources):
                now, opened = priced[source, :seen], self._package[source, :seen]
                if items is not None and packages is not None:
                    now, opened = np.minimum(items[:seen], now), packages[:seen] + opened
                total = now.sum(axis=1) + opened
                better = np.flatnonzero(total < best[:seen])
                best[better], sets[better] = total[better], bits | 1 << source
                if size + 1 < len(self._of_size):
                    descend(source + 1, size + 1, bits | 1 << source, now, opened)

        if len(self._of_size) > 1:
            descend(0, 1, 0, None, None)
        return best, sets


def joined(priced: Floats, package: Floats, most: int) -> tuple[Floats, Ints]:
    """Costs [K] and givers [K, D] of the cheapest source joined by others, for as long as that is cheaper.

    `priced` [N, K, D] has what items cost from each source, `package` [N, K] what a package does.
    """
    kinds = np.arange(package.shape[1])
    totals = priced.sum(axis=2) + package
    first = totals.argmin(axis=0)
    best, items, giver = totals[first, kinds], priced[first, kinds], np.repeat(first[:, None], priced.shape[2], axis=1)
    packages = package[first, kinds]
    for _ in range(most - 1):
        totals = np.minimum(items[None], priced).sum(axis=2) + packages + package
        further = totals.argmin(axis=0)
        better = totals[further, kinds] < best
        if not better.any():
            break
        gives = better[:, None] & (priced[further, kinds] < items)
        giver = np.where(gives, further[:, None], giver)
        items = np.where(gives, priced[further, kinds], items)
        packages = packages + np.where(better, package[further, kinds], 0.0)
        best = np.where(better, totals[further, kinds], best)
    return best, giver


class Methods:
    """The methods that a pricer has found so far; each once."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self.kind: Ints = np.zeros(0, dtype=np.int64)  # [P]
        self.assigned: Ints = np.zeros((0, 0), dtype=np.int64)  # [P, D]
        self.cost: Floats = np.zeros(0)  # [P]

    def add(self, kind: Ints, assigned: Ints, cost: Floats) -> int:
        """Keep those that are new; returns how many they are."""
        keys = [row.tobytes() for row in np.column_stack([kind, assigned])]
        new = [row for row, key in enumerate(keys) if key not in self._known]
        self._known.update(keys[row] for row in new)
        self.kind = np.concatenate([self.kind, kind[new]])
        self.assigned = np.concatenate([self.assigned.reshape(-1, assigned.shape[1]), assigned[new]])
        self.cost = np.concatenate([self.cost, cost[new]])
        return len(new)

    def keep(self, which: Flags) -> None:
        """Forget the others."""
        self.kind, self.assigned, self.cost = self.kind[which], self.assigned[which], self.cost[which]
        self._known = {row.tobytes() for row in np.column_stack([self.kind, self.assigned])}
