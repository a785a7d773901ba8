"""Encoded orders in a row, and the room for their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.policy import MOST_PACKAGES
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers

_SERVICE_MASK = (1 << SERVICE_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """An order for the inner loops: its words, its place on the unit sphere, its weight, its block of days."""

    words: list[int]
    xyz: tuple[float, float, float]
    grams: int
    mm3: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Orders that share their arrays, and their answers."""

    orders: Sequence[Encoded]
    words: Ints
    word_start: Ints
    xyz: g.Floats
    answers: Answers

    @classmethod
    def of(cls, orders: Sequence[Encoded]) -> "Batch":
        """Lay out the orders; nothing is decided yet."""
        start = np.zeros(len(orders) + 1, dtype=np.int64)
        np.cumsum([len(one.words) for one in orders], out=start[1:])
        words = np.fromiter(chain.from_iterable(one.words for one in orders), dtype=np.int64, count=int(start[-1]))
        xyz = np.array([one.xyz for one in orders], dtype=np.float64).reshape(-1, 3)
        return cls(
            orders=tuple(orders),
            words=words,
            word_start=start,
            xyz=xyz,
            answers=_room(len(orders), _most_lines(orders)),
        )

    def of_order(self, i: int) -> Ints:
        """The words of one order."""
        return self.words[self.word_start[i] : self.word_start[i + 1]]

    def decision(self, i: int, skus: Sequence[str], source_ids: Sequence[str], service_ids: Sequence[str]) -> Decision:
        """The answer to order i."""
        answers, words = self.answers, self.orders[i].words
        first, last = answers.package_start[i : i + 2].tolist()
        lanes, states = answers.package_lane[first:last].tolist(), answers.package_state[first:last].tolist()
        packages = []
        for lane, state in zip(lanes, states, strict=True):
            units = {}
            rest = state
            for at in range(g.HEAD, g.HEAD + g.PART_WORDS * words[g.PARTS], g.PART_WORDS):
                rest, count = divmod(rest, words[at + 1] + 1)
                if count:
                    units[skus[words[at]]] = count
            source_id, service_id = source_ids[lane >> SERVICE_BITS], service_ids[lane & _SERVICE_MASK]
            packages.append(Chosen(source_id=source_id, service_id=service_id, units=units))
        begin, end = answers.unfilled_start[i : i + 2].tolist()
        return Decision(
            packages=tuple(packages),
            unfilled=tuple(answers.unfilled[begin:end].tolist()),
            total_minor=int(answers.total[i]),
            bound_minor=int(answers.bound[i]),
        )


def _most_lines(orders: Sequence[Encoded]) -> int:
    return sum(one.words[g.LINES] for one in orders)


def _room(orders: int, lines: int) -> Answers:
    packages = orders * MOST_PACKAGES
    sizes = (orders, orders, orders, orders + 1, packages, packages, orders + 1, lines)
    room = np.zeros(sum(sizes), dtype=np.int64)
    ends = list(accumulate(sizes))
    return Answers(*(room[end - size : end] for end, size in zip(ends, sizes, strict=True)))
