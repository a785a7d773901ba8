"""One pass over the files of a history: what is sound, what is not, and how much there is of each."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np

from solver.importers.order_history.faults import Faults
from solver.importers.order_history.lines import BadRow, Fault, Line, LineReader
from solver.importers.order_history.mapping import HistoryMapping
from solver.importers.order_history.places import Places
from solver.importers.order_history.tables import opened
from solver.scenario.model import Scenario

Refuse = Callable[[str, BadRow], None]


@dataclass(slots=True)
class Survey:
    """What a history holds. An order and a row take eight bytes each here, however long the file is."""

    faults: Faults = field(default_factory=Faults)
    rows: Counter[str] = field(default_factory=Counter)  # by file
    units: int = 0
    skus: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    sources: Counter[str] = field(default_factory=Counter)  # as the history calls them
    first_at: datetime | None = None
    last_at: datetime | None = None
    cancelled: Counter[str] = field(default_factory=Counter)  # rows that are passed over, by their status
    said: Counter[str] = field(default_factory=Counter)  # rows that say what need not be said
    _orders: "array[int]" = field(default_factory=lambda: array("Q"))
    _broken: "array[int]" = field(default_factory=lambda: array("Q"))  # orders with a row that is not sound
    _rows: "array[int]" = field(default_factory=lambda: array("Q"))
    _last_order: str = ""

    @property
    def orders(self) -> int:
        """How many different orders the sound rows are of."""
        return len(np.unique(np.frombuffer(self._orders, dtype=np.uint64))) if self._orders else 0

    @property
    def broken_orders(self) -> int:
        """How many of these an import leaves out, as another row of theirs is not sound."""
        sound, broken = (np.unique(np.frombuffer(one, dtype=np.uint64)) for one in (self._orders, self._broken))
        return len(np.intersect1d(sound, broken, assume_unique=True))

    @property
    def repeated(self) -> int:
        """How many sound rows say what another one says already."""
        return len(self._rows) - len(np.unique(np.frombuffer(self._rows, dtype=np.uint64))) if self._rows else 0

    def break_order(self, order_id: str) -> None:
        """Note that a row of this order (empty: of none) is not sound."""
        if order_id:
            self._broken.append(_digest(order_id))

    def add(self, line: Line) -> None:
        """Count a sound row."""
        if line.order_id != self._last_order:
            self._last_order = line.order_id
            self._orders.append(_digest(line.order_id))
        self._rows.append(_digest(repr(line.says)))
        self.units += line.quantity
        self.skus.add(line.sku)
        self.regions.add(line.where.region_id)
        if line.shipped_from:
            self.sources[line.shipped_from] += 1
        for name in ("promised_at", "weight", "freight", "arrived_at"):
            self.said[name] += getattr(line, name) is not None
        self.first_at = line.placed_at if self.first_at is None else min(self.first_at, line.placed_at)
        self.last_at = line.placed_at if self.last_at is None else max(self.last_at, line.placed_at)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def read_history(
    paths: Sequence[Path], mapping: HistoryMapping, network: Scenario, survey: Survey, refuse: Refuse = lambda *_: None
) -> Iterator[Line]:
    """The sound rows, which `survey` counts with all that is wrong with the others; each fault goes to `refuse` too.

    Raises InvalidRequest for a file that is no table or lacks a column.
    """
    reader = LineReader(mapping, Places(network.regions))
    cancelled = {status.casefold() for status in mapping.cancelled}
    for path in paths:
        with opened(path, mapping.encoding, mapping.delimiter) as table:
            before: Line | None = None
            for row in reader.lines(table):
                survey.rows[path.name] += 1
                found = _as_its_order(row, before, mapping) if isinstance(row, Line) else row
                before = row if isinstance(row, Line) else before
                if isinstance(row, Line) and row.status.casefold() in cancelled:
                    survey.cancelled[row.status] += 1
                elif isinstance(found, Line):
                    survey.add(found)
                    yield found
                else:
                    survey.faults.add(path.name, found.faults)
                    survey.break_order(found.order_id)
                    refuse(path.name, found)


def _as_its_order(line: Line, before: Line | None, mapping: HistoryMapping) -> Line | BadRow:
    """Rows of one order that stand together say the same of it."""
    if before is None or before.order_id != line.order_id:
        return line
    if before.placed_at != line.placed_at:
        remedy = f"line {before.line} says {before.placed_at.isoformat()} of this order; say the same in all its rows"
        text = line.placed_at.isoformat()
        return _differing(line, mapping.columns.placed_at, text, remedy)
    if before.where.region_id != line.where.region_id:
        remedy = f"line {before.line} sends this order to {before.where.region_id}; say the same in all its rows"
        return _differing(line, mapping.columns.order_id, line.order_id, remedy)
    return line


def _differing(line: Line, column: str, text: str, remedy: str) -> BadRow:
    return BadRow(line.order_id, [Fault(line.line, column, text, "differs_from_its_order", remedy)])
