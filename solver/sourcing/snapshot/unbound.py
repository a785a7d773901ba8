"""Whether rules can bind an order at all: they cannot where every number that decides is the same without them."""

import numpy as np

from solver.sourcing.snapshot.batch import Encoded
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.snapshot import Snapshot

_OF_STOCK = {"stock_start", "stock_source", "stock_value"}
_LIMITS = (g.MOST_PACKAGES, g.MOST_SOURCES)  # which stand side by side
_MOST_KEPT = 64


class Unbound:
    """Compares a snapshot under a policy with the one under the same policy without its rules."""

    def __init__(self, strict: Snapshot, freed: Snapshot) -> None:
        self._strict, self._freed = strict, freed
        self._compared: dict[tuple[int, int], tuple[Ground, Ground, bool]] = {}

    def is_free(self, encoded: Encoded, freed: Encoded) -> bool:
        """True where no rule can change what is best for the order in these words, without rules in those.

        So many packages, and sources, as it has units are allowed, and all else that decides is the same. Raises
        Unknown.
        """
        words, others = encoded.words, freed.words
        units = sum(words[g.HEAD + 1 : g.HEAD + g.PART_WORDS * words[g.PARTS] : g.PART_WORDS])
        if units > min(words[at] for at in _LIMITS) or any(words[at] > others[at] for at in _LIMITS):
            return False
        first, last = _LIMITS
        if encoded.block != freed.block or words[:first] != others[:first] or words[last + 1 :] != others[last + 1 :]:
            return False
        grams, mm3, block = encoded.grams, encoded.mm3, encoded.block
        return self._same(*(one.ground(grams=grams, mm3=mm3, block=block) for one in (self._strict, self._freed)))

    def _same(self, one: Ground, other: Ground) -> bool:
        key = id(one), id(other)
        known = self._compared.get(key)
        if known is None or known[0] is not one or known[1] is not other:
            if len(self._compared) >= _MOST_KEPT:
                self._compared.clear()
            names = [name for name in g.Ground._fields if name not in _OF_STOCK]
            same = all(np.array_equal(getattr(one.arrays, name), getattr(other.arrays, name)) for name in names)
            known = self._compared[key] = one, other, same
        return known[2]
