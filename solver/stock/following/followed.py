"""What is available and held, kept in memory: read once in full, then brought up to date from the journal's end.

A decision and the feed ask this instead of the balances, so that neither costs a full read.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.clock import Clock, to_micros
from solver.journal.changes import account_keys, accounts_after, age_us, tail
from solver.journal.following import Follower
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.following.unit_grid import NOT_SELLABLE, UNKNOWN, AccountPlaces, UnitGrid
from solver.stock.rows import UnitsBySite
from solver.storage.database import Reader

ACCOUNTS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a view stands behind the journal: entries, and the age of the oldest of them in microseconds."""

    entries: int
    micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """How far a view has come: the journal's entry, and how many it met on the way."""

    entry_id: int
    entries: int


class FollowedAvailability:
    """Available and held units by SKU and site, as of the last `catch_up`. For any number of threads.

    `reader` is read in full once. The view then equals `Stock.available` and `Stock.held` of the same moment.
    """

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._grid = UnitGrid()
        self._accounts = AccountPlaces()
        self._follower = Follower(reader, clock)
        self._read_all(reader)
        self._follow(reader)

    @property
    def entry_id(self) -> int:
        """The last entry of the journal that the view counts."""
        return self._follower.entry_id

    def catch_up(self, reader: Reader) -> CaughtUp:
        """Count every entry that `reader` has and the view has not, and every hold that is due by now."""
        with self._lock:
            return self._follow(reader)

    def lag(self, reader: Reader) -> Lag:
        """How far the view stands behind what `reader` has."""
        with self._lock:
            entries = max(tail(reader).entry_id - self._follower.entry_id, 0)
            oldest_us = age_us(reader, self._follower.entry_id) if entries else None
        micros = 0 if oldest_us is None else max(to_micros(self._clock.now()) - oldest_us, 0)
        return Lag(entries=entries, micros=micros)

    def available(self, skus: Collection[str]) -> UnitsBySite:
        """sku -> site -> units that may still be promised; sites that never had the SKU are left out."""
        with self._lock:
            return {sku: self._grid.by_site(sku) for sku in skus}

    def held(self, skus: Collection[str]) -> UnitsBySite:
        """sku -> site -> units held by anyone; sites with none are left out."""
        with self._lock:
            return {sku: self._grid.held_by_site(sku) for sku in skus}

    def array(self, skus: Sequence[str], site_ids: Sequence[str]) -> NDArray[np.int64]:
        """Available units, SKUs × sites in the order given; 0 where a site never had the SKU."""
        with self._lock:
            return self._grid.cut(skus, site_ids)

    def _read_all(self, reader: Reader) -> None:
        after = ("", "")
        while rows := accounts_after(reader, Book.STOCK, GOOD, after, ACCOUNTS_AT_ONCE):
            account_ids, skus, site_ids, available, held = zip(*rows, strict=True)
            grid_rows, columns = self._grid.positions(skus, site_ids)
            self._accounts.learn(account_ids, grid_rows, columns)
            self._grid.add(grid_rows, columns, available, held)
            after = (skus[-1], site_ids[-1])

    def _follow(self, reader: Reader) -> CaughtUp:
        advance = self._follower.advance(reader)
        changed = []
        if advance.available:
            held = advance.held
            cells = self._cells(list(advance.available), reader)
            for (account_id, units), (row, column) in zip(advance.available.items(), cells, strict=True):
                if row != NOT_SELLABLE and (units or held.get(account_id)):
                    changed.append((row, column, units, held.get(account_id, 0)))
        if changed:
            self._grid.add(*zip(*changed, strict=True))
        return CaughtUp(entry_id=advance.entry_id, entries=advance.entries)

    def _cells(self, account_ids: Sequence[int], reader: Reader) -> list[list[int]]:
        """Row and column of each; those of accounts that are new are learned."""
        cells = self._accounts.cells(account_ids)
        unknown = [account_id for account_id, (row, _) in zip(account_ids, cells, strict=True) if row == UNKNOWN]
        if not unknown:
            return cells
        for account_id, key in account_keys(reader, unknown).items():
            if key.book is Book.STOCK and key.kind == GOOD:
                self._accounts.learn([account_id], *self._grid.positions([key.unit], [key.holder]))
            else:
                self._accounts.learn([account_id], [NOT_SELLABLE], [NOT_SELLABLE])
        return self._accounts.cells(account_ids)
