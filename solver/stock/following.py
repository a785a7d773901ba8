"""What is available and held, kept in memory: read once in full, then brought up to date from the journal's end.

A decision and the feed ask this instead of the balances, so that neither costs a full read.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.clock import Clock, to_micros
from solver.journal.changes import account_keys, accounts_after, age_us, tail
from solver.journal.following import Advance, Drift, Follower
from solver.journal.model import Book, ByUnit
from solver.stock.accounts import GOOD
from solver.stock.rows import Place
from solver.storage.database import Reader

ACCOUNTS_AT_ONCE = 50_000
Cell = TypeVar("Cell", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a view stands behind the journal: entries, and the age of the oldest of them in microseconds."""

    entries: int
    micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """How far a view has come: the journal's entry, how many it met on the way, and the places that changed."""

    entry_id: int
    entries: int
    places: frozenset[Place]


class FollowedAvailability:
    """Available and held units by SKU and site, as of the last `catch_up`. For any number of threads.

    `reader` is read in full once. The view then equals `Stock.available` and `Stock.held` of the same moment.
    """

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._grid = _Grid()
        self._places: dict[int, tuple[int, int] | None] = {}  # account: row and column; None: not sellable stock
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

    def available(self, skus: Collection[str]) -> ByUnit:
        """sku -> site -> units that may still be promised; sites that never had the SKU are left out."""
        with self._lock:
            return {sku: self._grid.by_site(sku) for sku in skus}

    def held(self, skus: Collection[str]) -> ByUnit:
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
            for row in rows:
                place = self._grid.place(row.key.unit, row.key.holder)
                self._places[row.account_id] = place
                self._grid.add(place, row.available, row.held)
            after = (rows[-1].key.unit, rows[-1].key.holder)

    def _follow(self, reader: Reader) -> CaughtUp:
        advance: Advance = self._follower.advance(reader)
        self._learn([drift.account_id for drift in advance.drifts if drift.account_id not in self._places], reader)
        changed = [place for drift in advance.drifts if (place := self._apply(drift)) is not None]
        return CaughtUp(
            entry_id=advance.entry_id,
            entries=advance.entries,
            places=frozenset(self._grid.name(place) for place in changed),
        )

    def _learn(self, account_ids: list[int], reader: Reader) -> None:
        for account_id, key in account_keys(reader, account_ids).items():
            sellable = key.book is Book.STOCK and key.kind == GOOD
            self._places[account_id] = self._grid.place(key.unit, key.holder) if sellable else None

    def _apply(self, drift: Drift) -> tuple[int, int] | None:
        place = self._places[drift.account_id]
        if place is None or not (drift.available or drift.held):
            return None
        self._grid.add(place, drift.available, drift.held)
        return place


class _Grid:
    """Units by SKU (rows) and site (columns); grows as either is met first."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._skus: list[str] = []
        self._sites: list[str] = []
        self._units: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._met: NDArray[np.bool_] = np.zeros((0, 0), dtype=np.bool_)
        self._held: dict[int, dict[int, int]] = {}  # row: column: units; few are held at any time

    def place(self, sku: str, site_id: str) -> tuple[int, int]:
        """Row and column of a SKU that the site has or had."""
        row, column = _position(self._rows, self._skus, sku), _position(self._columns, self._sites, site_id)
        if row >= self._units.shape[0] or column >= self._units.shape[1]:
            shape = (_room(self._units.shape[0], row), _room(self._units.shape[1], column))
            self._units, self._met = _enlarged(self._units, shape), _enlarged(self._met, shape)
        self._met[row, column] = True
        return row, column

    def name(self, place: tuple[int, int]) -> Place:
        """Site and SKU of a row and column."""
        row, column = place
        return self._sites[column], self._skus[row]

    def add(self, place: tuple[int, int], available: int, held: int) -> None:
        """Change both figures."""
        self._units[place] += available
        if held:
            row, column = place
            of_row = self._held.setdefault(row, {})
            of_row[column] = of_row.get(column, 0) + held
            if not of_row[column]:
                del of_row[column]

    def by_site(self, sku: str) -> dict[str, int]:
        """Available units of one SKU."""
        row = self._rows.get(sku)
        if row is None:
            return {}
        columns = np.flatnonzero(self._met[row])
        units = self._units[row, columns].tolist()
        return {self._sites[column]: of for column, of in zip(columns.tolist(), units, strict=True)}

    def held_by_site(self, sku: str) -> dict[str, int]:
        """Held units of one SKU."""
        row = self._rows.get(sku)
        held = {} if row is None else self._held.get(row, {})
        return {self._sites[column]: units for column, units in held.items()}

    def cut(self, skus: Sequence[str], site_ids: Sequence[str]) -> NDArray[np.int64]:
        """These rows and columns; 0 for what was never met."""
        array = np.zeros((len(skus), len(site_ids)), dtype=np.int64)
        rows = [(at, self._rows[sku]) for at, sku in enumerate(skus) if sku in self._rows]
        columns = [(at, self._columns[site_id]) for at, site_id in enumerate(site_ids) if site_id in self._columns]
        if rows and columns:
            to_rows, of_rows = zip(*rows, strict=True)
            to_columns, of_columns = zip(*columns, strict=True)
            array[np.ix_(to_rows, to_columns)] = self._units[np.ix_(of_rows, of_columns)]
        return array


def _position(positions: dict[str, int], names: list[str], name: str) -> int:
    position = positions.setdefault(name, len(names))
    if position == len(names):
        names.append(name)
    return position


def _room(room: int, position: int) -> int:
    """Room for this position: as it is, or twice as much as needed."""
    return room if position < room else max(2 * (position + 1), 16)


def _enlarged(array: NDArray[Cell], shape: tuple[int, int]) -> NDArray[Cell]:
    larger = np.zeros(shape, dtype=array.dtype)
    larger[: array.shape[0], : array.shape[1]] = array
    return larger
