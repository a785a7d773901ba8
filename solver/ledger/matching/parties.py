"""Whether two names may be of the same party."""

from enum import IntEnum

from solver.ledger.matching.keys import normalised


class Likeness(IntEnum):
    """How two names stand to each other."""

    SAME = 0
    MASKED = 1  # the same as far as one of them shows: `x4***6`
    UNKNOWN = 2  # a side names nobody
    OTHER = 3


def likeness(one: str, other: str) -> Likeness:
    """How two names stand to each other, however they are written; stars stand for what is not shown."""
    if not one or not other:
        return Likeness.UNKNOWN
    if "*" in one or "*" in other:
        masked, shown = (one, other) if "*" in one else (other, one)
        head, tail = masked.split("*", 1)[0], masked.rsplit("*", 1)[1]
        fits = shown.startswith(head) and shown.endswith(tail) and len(shown) >= len(head) + len(tail)
        return Likeness.MASKED if fits else Likeness.OTHER
    return Likeness.SAME if normalised(one, ()) == normalised(other, ()) else Likeness.OTHER
