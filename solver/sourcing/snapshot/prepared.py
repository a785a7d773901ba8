"""Orders laid out for the machine code, all over the same ground."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.snapshot.batch import Batch
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner.decided import decide_from

NO_METERS = np.zeros(0, dtype=np.int64)  # distances are compared as chords


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Orders laid out for the machine code."""

    ground: Ground
    batch: Batch

    def run(self, stock: NDArray[np.int32], first: int = 0, *, counts_down: bool) -> int:
        """Decide from the first on; the first that is not done, or how many there are."""
        words, start, xyz = self.batch.words, self.batch.word_start, self.batch.xyz
        return decide_from(
            self.ground.arrays, stock, words, start, xyz, NO_METERS, self.batch.answers, first, counts_down
        )
