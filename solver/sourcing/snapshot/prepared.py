"""Orders laid out for the machine code, all over the same ground."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Ints
from solver.sourcing.snapshot.batch import Batch, Told, room_for, told
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.both import decide_both_from
from solver.sourcing.snapshot.inner.decided import decide_from

_Cell = TypeVar("_Cell", bound=np.generic)
NO_METERS = np.zeros(0, dtype=np.int64)  # distances are compared as chords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Orders laid out for the machine code; `base` is the ground without their stock."""

    ground: Ground
    batch: Batch
    base: Ground

    def run(self, stock: NDArray[np.int32], first: int = 0, *, counts_down: bool) -> int:
        """Decide from the first on; the first that is not done, or how many there are."""
        words, start, xyz = self.batch.words, self.batch.word_start, self.batch.xyz
        return decide_from(
            self.ground.arrays, stock, words, start, xyz, NO_METERS, self.batch.answers, first, counts_down
        )

    @property
    def may_be_quick(self) -> bool:
        """Whether packages of different sources can be chosen each by itself, by costs alone: what `run_both` asks."""
        arrays = self.ground.arrays
        return arrays.policy[g.BY_SOURCE] == 0 and arrays.lane_shut.size == 0 and arrays.stock_value.size == 0

    def run_both(self, stock: NDArray[np.int32]) -> tuple[Told, Told]:
        """Each order decided, and again without its main source; not all are, see `decide_both_from`."""
        batch, others = self.batch, room_for(self.batch.orders)
        decide_both_from(
            self.ground.arrays, stock, batch.words, batch.word_start, batch.xyz, NO_METERS, batch.answers, others
        )
        count = len(batch.orders)
        return batch.told(0, count), told(others, 0, count)

    def apart(self, stock: NDArray[np.int32], gone: Sequence[int]) -> tuple["Prepared", NDArray[np.int32]]:
        """Each order on shelves of its own, where one source has nothing (-1: none); and the stock of these shelves.

        What it answers is written where these answers are, which must have been read. Its SKUs are numbered anew: an
        order that is not done wants another look at the ground that it came from.
        """
        arrays, batch = self.ground.arrays, self.batch
        at, parts = _part_words(batch)
        skus = batch.words[at]
        begin, end = arrays.stock_start[skus], arrays.stock_start[skus + 1]
        rows = list(map(slice, begin.tolist(), end.tolist()))  # cut out whole: quicker than cell by cell
        sources = _cut(arrays.stock_source, rows)
        units = _cut(stock, rows)
        units[sources == np.repeat(np.repeat(np.array(gone, dtype=np.int32), parts), end - begin)] = 0
        words = batch.words.copy()
        words[at] = np.arange(len(at))
        own = arrays._replace(
            sku_facts=arrays.sku_facts[skus],
            stock_start=np.concatenate([[0], np.cumsum(end - begin)]),
            stock_source=sources,
            stock_value=_cut(arrays.stock_value, rows) if arrays.stock_value.size else arrays.stock_value,
        )
        return replace(self, ground=replace(self.ground, arrays=own), batch=replace(batch, words=words)), units


def _cut(cells: NDArray[_Cell], rows: Sequence[slice]) -> NDArray[_Cell]:
    """These rows one behind the other, as a copy."""
    return np.concatenate([cells[row] for row in rows]) if rows else cells[:0].copy()


def _part_words(batch: Batch) -> tuple[Ints, Ints]:
    """Where the SKUs of all orders stand among their words, and how many each order has."""
    begin = batch.word_start[:-1]
    parts = batch.words[begin + g.PARTS]
    before = np.concatenate([[0], np.cumsum(parts)])[:-1]
    place = np.arange(parts.sum()) - np.repeat(before, parts)
    return np.repeat(begin + g.HEAD, parts) + g.PART_WORDS * place, parts
