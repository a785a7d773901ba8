"""What every seller may still sell of many SKUs at once: the smallest of what is there and what the quotas let it take.

For a seller and a SKU, over all sites: min(c(all sites), sum over its logical warehouses of min(a, c) + unallotted +
what lies at sites that feed none), with a what a warehouse has free and c what the seller may take of a pool: its own
exclusive units, what is shared and what others let it have, but not more than its ceilings leave.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.journal.amounts import Amount
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.layers.accounts import ALLOTTED, EXCLUSIVE, MAY_TAKE, SHARED, UNALLOTTED
from solver.stock.layers.channel_model import ANYWHERE, Channel, channel_of, lineage
from solver.stock.layers.channel_rows import channels
from solver.stock.layers.entitlement import NO_END
from solver.storage.database import Reader

Units = NDArray[np.int64]


def sellable(
    journal: Journal, reader: Reader, sellers: Sequence[str], skus: Sequence[str], logical_id: str | None = None
) -> Units:
    """Units that each seller (rows) may still hold of each SKU (columns), alone; of one logical warehouse, or of all.

    A few queries, however many there are. SKUs stand once. To bring a larger table up to date, ask for those SKUs that
    changed.
    """
    columns = {sku: column for column, sku in enumerate(skus)}
    free = np.zeros(len(skus), dtype=np.int64)
    for sku, units in journal.free_sums(reader, Book.STOCK, GOOD, skus).items():
        free[columns[sku]] = units
    layers = _Layers(
        free,
        journal.free_amounts(reader, Book.DISPATCH, (UNALLOTTED, ALLOTTED), skus),
        journal.free_amounts(reader, Book.CHANNEL, (SHARED, EXCLUSIVE, MAY_TAKE), skus),
        columns,
    )
    known = channels(reader) if any(sellers) else {}
    table = np.zeros((len(sellers), len(skus)), dtype=np.int64)
    for row, seller in enumerate(sellers):
        table[row] = layers.sellable(seller, known.get(channel_of(seller)), logical_id)
    return table


class _Layers:
    """What is free in dispatch and channels, each account as an array over the SKUs."""

    def __init__(
        self, free: Units, dispatch: Sequence[Amount], channel: Sequence[Amount], columns: Mapping[str, int]
    ) -> None:
        self._free = free
        self._nothing = np.zeros(len(columns), dtype=np.int64)
        by_part = [
            (kind, holder.partition("@")[0] if kind == ALLOTTED else "", sku, units)
            for kind, holder, sku, units in dispatch
        ]
        self._units, met = _arrays([*by_part, *channel], columns)
        self._warehouses = sorted(holder for kind, holder in self._units if kind == ALLOTTED)
        self._divided: dict[str, NDArray[np.bool_]] = {}
        for (kind, holder), where in met.items():
            if kind in (SHARED, EXCLUSIVE):
                pool = holder if kind == SHARED else holder.partition("@")[2]
                self._divided[pool] = self._divided.get(pool, np.zeros(len(columns), dtype=np.bool_)) | where
        self._capped = {holder: where for (kind, holder), where in met.items() if kind == MAY_TAKE}

    def sellable(self, seller: str, channel: Channel | None, logical_id: str | None) -> Units:
        """What a seller may still hold of each SKU."""
        sells_from = channel.logical_ids if channel else ()
        wanted = sells_from or self._warehouses
        if logical_id is not None:
            wanted = [one for one in wanted if one == logical_id]
        most = self._nothing.copy()
        for one in wanted:
            most += np.minimum(self._of(ALLOTTED, one), self._most_of_pool(seller, channel, one))
        if logical_id is None:
            unallotted = self._of(UNALLOTTED, "")
            dispatched = unallotted + sum((self._of(ALLOTTED, one) for one in self._warehouses), self._nothing)
            most += self._free - dispatched + (self._nothing if sells_from else unallotted)
        return np.maximum(np.minimum(most, self._most_of_pool(seller, channel, ANYWHERE)), 0)

    def _most_of_pool(self, seller: str, channel: Channel | None, pool: str) -> Units:
        divided = self._divided.get(pool)
        if divided is None:
            return np.full_like(self._nothing, NO_END)
        own = lineage(seller)
        draws_on = dict.fromkeys((*own, *(channel.overflow if channel else ())))
        most = sum((self._of(EXCLUSIVE, f"{one}@{pool}") for one in draws_on), self._of(SHARED, pool))
        for one in own:
            holder = f"{one}@{pool}"
            if holder in self._capped:
                most = np.where(self._capped[holder], np.minimum(most, self._of(MAY_TAKE, holder)), most)
        return np.where(divided, most, NO_END)

    def _of(self, kind: str, holder: str) -> Units:
        return self._units.get((kind, holder), self._nothing)


def _arrays(
    rows: Sequence[Amount], columns: Mapping[str, int]
) -> tuple[dict[tuple[str, str], Units], dict[tuple[str, str], NDArray[np.bool_]]]:
    """By kind and holder, the units of each SKU, and for which SKUs there is an account."""
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    units: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, holder, sku, free in rows:
        column = columns.get(sku)
        if column is not None:
            where[kind, holder].append(column)
            units[kind, holder].append(free)
    sums: dict[tuple[str, str], Units] = {}
    met: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for key, at in where.items():
        sums[key], met[key] = np.zeros(len(columns), dtype=np.int64), np.zeros(len(columns), dtype=np.bool_)
        np.add.at(sums[key], at, units[key])
        met[key][at] = True
    return sums, met
