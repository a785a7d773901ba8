"""Kinds of orders, and what it costs to serve them: what the prices of stock are worked out from.

Letters in shapes: K kinds, D items of a kind, N sources, M items (SKUs), R regions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NO_ITEM = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinds:
    """Orders that are alike: a region, and units of each item. Kinds of fewer items are filled up with NO_ITEM."""

    region: Ints  # [K]
    items: Ints  # [K, D], NO_ITEM beyond the kind's own
    units: Ints  # [K, D], 0 beyond the kind's own

    @classmethod
    def of(cls, kinds: Sequence[tuple[int, Mapping[int, int]]]) -> "Kinds":
        """Of (region, units by item), by number. Raises ValueError for a kind without units."""
        most = max((len(units) for _, units in kinds), default=0)
        items = np.full((len(kinds), most), NO_ITEM, dtype=np.int64)
        counts = np.zeros((len(kinds), most), dtype=np.int64)
        for row, (_, units) in enumerate(kinds):
            if not units or min(units.values()) < 1:
                raise ValueError(f"kind {row} orders nothing of an item")
            items[row, : len(units)] = list(units)
            counts[row, : len(units)] = list(units.values())
        return cls(region=np.array([region for region, _ in kinds], dtype=np.int64), items=items, units=counts)

    @property
    def sizes(self) -> Ints:
        """Different items of each kind, [K]."""
        sizes: Ints = (self.items != NO_ITEM).sum(axis=1, dtype=np.int64)
        return sizes

    def __len__(self) -> int:
        return len(self.region)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Costs:
    """What a package and a unit in it cost, in any one unit of money; infinite where a source does not ship.

    `unit` may have 1 in place of M, where all items cost the same.
    """

    package: Floats  # [R, N]
    unit: Floats  # [R, N, M]
