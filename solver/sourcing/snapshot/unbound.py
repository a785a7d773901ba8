"""Whether rules can bind an order at all: they cannot where every number that decides is the same without them."""

from collections.abc import Sequence

import numpy as np

from solver.orders.model import Order
from solver.sourcing.case import NO_LIMIT
from solver.sourcing.snapshot.batch import Encoded
from solver.sourcing.snapshot.grounds import Ground
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.snapshot import Snapshot

_NOT_COMPARED = {"stock_start", "stock_source", "stock_value", "lane_limits"}
_LIMITS = (g.MOST_PACKAGES, g.MOST_SOURCES)  # which stand side by side
_MOST_KEPT = 64


class Unbound:
    """Compares a snapshot under a policy with the one under the same policy without its rules."""

    def __init__(self, strict: Snapshot, freed: Snapshot) -> None:
        self._strict, self._freed = strict, freed
        self._is_said_alike = strict.says_as(freed)
        self._compared: dict[tuple[int, int], tuple[Ground, Ground, tuple[int, int, int]]] = {}

    def plainly_free(self, orders: Sequence[Order], encoded: Sequence[Encoded]) -> list[bool]:
        """For each of these orders of one block of days: True where `is_free` says so without its second words.

        They are the same where the order asks for nothing itself that a rule sees to. Raises Unknown.
        """
        if not self._is_said_alike:
            return [False] * len(orders)
        grams, mm3 = max(one.grams for one in encoded), max(one.mm3 for one in encoded)
        most_grams, most_mm3, most_units = self._most_of(grams, mm3, encoded[0].block)
        strict, freed = self._strict, self._freed
        found = []
        for order, one in zip(orders, encoded, strict=True):
            words = one.words
            units = sum(words[g.HEAD + 1 : g.HEAD + g.PART_WORDS * words[g.PARTS] : g.PART_WORDS])
            found.append(
                units <= most_units
                and units <= words[g.MOST_PACKAGES]
                and units <= words[g.MOST_SOURCES]
                and one.grams <= most_grams
                and one.mm3 <= most_mm3
                and not order.ships_complete
                and not any(line.ships_complete or line.ships_together for line in order.lines)
                and strict.numbers_of(order) == freed.numbers_of(order)
            )
        return found

    def is_free(self, encoded: Encoded, freed: Encoded) -> bool:
        """True where no rule can change what is best for the order in these words, without rules in those.

        So many packages, and sources, as it has units are allowed, every service carries all of it in one package, and
        all else that decides is the same. Raises Unknown.
        """
        words, others = encoded.words, freed.words
        units = sum(words[g.HEAD + 1 : g.HEAD + g.PART_WORDS * words[g.PARTS] : g.PART_WORDS])
        if units > min(words[at] for at in _LIMITS) or any(words[at] > others[at] for at in _LIMITS):
            return False
        first, last = _LIMITS
        if encoded.block != freed.block or words[:first] != others[:first] or words[last + 1 :] != others[last + 1 :]:
            return False
        grams, mm3, block = encoded.grams, encoded.mm3, encoded.block
        most_grams, most_mm3, most_units = self._most_of(grams, mm3, block)
        return grams <= most_grams and mm3 <= most_mm3 and units <= most_units

    def _most_of(self, grams: int, mm3: int, block: int) -> tuple[int, int, int]:
        """`_most_unbound` on the grounds of orders up to this weight and volume."""
        one, other = (one.ground(grams=grams, mm3=mm3, block=block) for one in (self._strict, self._freed))
        return self._most_unbound(one, other)

    def _most_unbound(self, one: Ground, other: Ground) -> tuple[int, int, int]:
        """The largest package that no service refuses on either ground; none where anything else is different."""
        key = id(one), id(other)
        known = self._compared.get(key)
        if known is None or known[0] is not one or known[1] is not other:
            if len(self._compared) >= _MOST_KEPT:
                self._compared.clear()
            known = self._compared[key] = one, other, _most_unbound(one.arrays, other.arrays)
        return known[2]


def _most_unbound(one: g.Ground, other: g.Ground) -> tuple[int, int, int]:
    names = [name for name in g.Ground._fields if name not in _NOT_COMPARED]
    if not all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names):
        return -1, -1, -1
    limits = np.minimum(one.lane_limits, other.lane_limits).min(axis=0, initial=NO_LIMIT)
    return int(limits[g.GRAMS]), int(limits[g.MM3]), int(limits[g.UNITS])
