"""Units by SKU and site as arrays, and which account is which of their cells. 17 bytes for each account at most."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.site_units import Known, Sites, SiteUnits

NOT_SELLABLE = -1
_MOST_TOLD = 1_024  # rows of which copies are remembered
UNKNOWN = -2
_Cell = TypeVar("_Cell", bound=np.generic)


class UnitGrid:
    """Available units by SKU (rows) and site (columns), and held ones; it grows as either is met first.

    What it tells of a SKU is a copy that never changes, and the same one until something changes there.
    """

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._skus: list[str] = []
        self._sites = Sites()
        self._units: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._met: NDArray[np.bool_] = np.zeros((0, 0), dtype=np.bool_)
        self._held: dict[int, dict[int, int]] = {}  # row: column: units; few are held at any time
        self._told: dict[int, SiteUnits] = {}  # by row, what was told since it last changed
        self._told_held: dict[int, dict[str, int]] = {}
        self._told_met: dict[int, Known] = {}  # where the row was met, since it was met anywhere else

    def positions(self, skus: Sequence[str], site_ids: Sequence[str]) -> tuple[list[int], list[int]]:
        """Rows and columns of SKUs that sites have or had."""
        rows = _positions(self._rows, self._skus, skus)
        columns = self._sites.of(site_ids)
        height = _room(self._units.shape[0], len(self._skus))
        width = _room(self._units.shape[1], len(self._sites.names))
        if (height, width) != self._units.shape:
            self._units, self._met = _enlarged(self._units, (height, width)), _enlarged(self._met, (height, width))
        self._met[rows, columns] = True
        self._told_met.clear()
        self._forget(rows)
        return rows, columns

    def add(self, rows: Sequence[int], columns: Sequence[int], available: Sequence[int], held: Sequence[int]) -> None:
        """Change both figures of cells, each named once."""
        self._forget(rows)
        self._units[rows, columns] += np.asarray(available, dtype=np.int64)
        if any(held):
            self._hold(rows, columns, held)

    def _hold(self, rows: Sequence[int], columns: Sequence[int], held: Sequence[int]) -> None:
        for row, column, units in zip(rows, columns, held, strict=True):
            if units:
                of_row = self._held.setdefault(row, {})
                of_row[column] = of_row.get(column, 0) + units
                if not of_row[column]:
                    del of_row[column]

    def by_site(self, sku: str) -> Mapping[str, int]:
        """Available units of one SKU."""
        row = self._rows.get(sku)
        if row is None:
            return {}
        told = self._told.get(row)
        if told is None:
            met = self._met_by(row)
            told = SiteUnits(self._sites, self._units[row, : len(met)].copy(), met)
            if len(self._told) >= _MOST_TOLD:
                self._told.clear()
            self._told[row] = told
        return told

    def _met_by(self, row: int) -> Known:
        """A copy of where the row was met: the same one until it is met elsewhere, so that it is laid out once."""
        met = self._told_met.get(row)
        if met is None:
            if len(self._told_met) >= _MOST_TOLD:
                self._told_met.clear()
            met = self._told_met[row] = self._met[row, : len(self._sites.names)].copy()
        return met

    def held_by_site(self, sku: str) -> Mapping[str, int]:
        """Held units of one SKU."""
        row = self._rows.get(sku)
        if row is None:
            return {}
        told = self._told_held.get(row)
        if told is None:
            if len(self._told_held) >= _MOST_TOLD:
                self._told_held.clear()
            held = self._held.get(row, {})
            told = self._told_held[row] = {self._sites.names[column]: units for column, units in held.items()}
        return told

    def _forget(self, rows: Sequence[int]) -> None:
        for row in dict.fromkeys(rows) if self._told or self._told_held else ():
            self._told.pop(row, None)
            self._told_held.pop(row, None)

    def cut(self, skus: Sequence[str], site_ids: Sequence[str]) -> NDArray[np.int64]:
        """These rows and columns; 0 for what was never met."""
        array = np.zeros((len(skus), len(site_ids)), dtype=np.int64)
        rows = [(at, self._rows[sku]) for at, sku in enumerate(skus) if sku in self._rows]
        column_of = self._sites.columns
        columns = [(at, column_of[site_id]) for at, site_id in enumerate(site_ids) if site_id in column_of]
        if rows and columns:
            to_rows, of_rows = zip(*rows, strict=True)
            to_columns, of_columns = zip(*columns, strict=True)
            array[np.ix_(to_rows, to_columns)] = self._units[np.ix_(of_rows, of_columns)]
        return array


class AccountPlaces:
    """Row and column of each account by its id; ids count up from 1."""

    def __init__(self) -> None:
        self._cells: NDArray[np.int32] = np.full((0, 2), UNKNOWN, dtype=np.int32)

    def learn(self, account_ids: Sequence[int], rows: Sequence[int], columns: Sequence[int]) -> None:
        """Note where accounts stand; NOT_SELLABLE: nowhere."""
        self._make_room(account_ids)
        self._cells[list(account_ids)] = np.column_stack((rows, columns))

    def cells(self, account_ids: Sequence[int]) -> list[list[int]]:
        """Row and column of each; twice NOT_SELLABLE for one that is not sellable stock, UNKNOWN for one not noted."""
        self._make_room(account_ids)
        cells: list[list[int]] = self._cells[list(account_ids)].tolist()
        return cells

    def _make_room(self, account_ids: Sequence[int]) -> None:
        room = _room(self._cells.shape[0], max(account_ids) + 1)
        if room != self._cells.shape[0]:
            self._cells = _enlarged(self._cells, (room, 2), UNKNOWN)


def _positions(positions: dict[str, int], names: list[str], wanted: Sequence[str]) -> list[int]:
    for name in dict.fromkeys(wanted):
        if name not in positions:
            positions[name] = len(names)
            names.append(name)
    return list(map(positions.__getitem__, wanted))


def _room(room: int, needed: int) -> int:
    """As it is, or half as much again as needed."""
    return room if needed <= room else max(needed + needed // 2, 16)


def _enlarged(array: NDArray[_Cell], shape: tuple[int, int], empty: int = 0) -> NDArray[_Cell]:
    larger = np.zeros(shape, dtype=array.dtype)  # takes no memory where nothing is written
    if empty:
        larger[:] = empty
    larger[: array.shape[0], : array.shape[1]] = array
    return larger
