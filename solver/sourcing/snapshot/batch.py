"""Encoded orders in a row, and the room for their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.policy import MOST_PACKAGES
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.answers import SERVICE_BITS, Answers

_SERVICE_MASK = (1 << SERVICE_BITS) - 1


class Encoded(NamedTuple):
    """An order for the inner loops: its words, its place on the unit sphere, its weight, its block of days."""

    words: list[int]
    xyz: tuple[float, float, float]
    grams: int
    mm3: int
    block: int


class Told(NamedTuple):
    """Answers as lists, of the orders from the first on; where packages and lines begin is counted within these."""

    first: int
    status: list[int]
    total: list[int]
    bound: list[int]
    package_start: list[int]
    package_lane: list[int]
    package_state: list[int]
    unfilled_start: list[int]
    unfilled: list[int]


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
        starts = [0, *accumulate(len(one.words) for one in orders)]
        words = np.array(list(chain.from_iterable(one.words for one in orders)), dtype=np.int64)
        xyz = np.array([one.xyz for one in orders], dtype=np.float64).reshape(-1, 3)
        return cls(
            orders=tuple(orders),
            words=words,
            word_start=np.array(starts, dtype=np.int64),
            xyz=xyz,
            answers=room_for(orders),
        )

    def of_order(self, i: int) -> Ints:
        """The words of one order."""
        return self.words[self.word_start[i] : self.word_start[i + 1]]

    def told(self, first: int, stop: int) -> "Told":
        """The answers to the orders from first to before stop: of many orders, arrays are read once."""
        return told(self.answers, first, stop)

    def decision(
        self, i: int, told: "Told", skus: Sequence[str], source_ids: Sequence[str], service_ids: Sequence[str]
    ) -> Decision:
        """The answer to order i, which is among those that are told."""
        words, at = self.orders[i].words, i - told.first
        first, last = told.package_start[at], told.package_start[at + 1]
        packages = []
        for lane, state in zip(told.package_lane[first:last], told.package_state[first:last], strict=True):
            units, rest = {}, state
            for part in range(g.HEAD, g.HEAD + g.PART_WORDS * words[g.PARTS], g.PART_WORDS):
                rest, count = divmod(rest, words[part + 1] + 1)
                if count:
                    units[skus[words[part]]] = count
                if not rest:
                    break
            source_id, service_id = source_ids[lane >> SERVICE_BITS], service_ids[lane & _SERVICE_MASK]
            packages.append(Chosen(source_id=source_id, service_id=service_id, units=units))
        return Decision(
            packages=tuple(packages),
            unfilled=tuple(told.unfilled[told.unfilled_start[at] : told.unfilled_start[at + 1]]),
            total_minor=told.total[at],
            bound_minor=told.bound[at],
        )


def told(answers: Answers, first: int, stop: int) -> Told:
    """These answers to the orders from first to before stop."""
    package_start = answers.package_start[first : stop + 1].tolist()
    unfilled_start = answers.unfilled_start[first : stop + 1].tolist()
    packages, unfilled = slice(package_start[0], package_start[-1]), slice(unfilled_start[0], unfilled_start[-1])
    return Told(
        first=first,
        status=answers.status[first:stop].tolist(),
        total=answers.total[first:stop].tolist(),
        bound=answers.bound[first:stop].tolist(),
        package_start=[start - packages.start for start in package_start],
        package_lane=answers.package_lane[packages].tolist(),
        package_state=answers.package_state[packages].tolist(),
        unfilled_start=[start - unfilled.start for start in unfilled_start],
        unfilled=answers.unfilled[unfilled].tolist(),
    )


def room_for(orders: Sequence[Encoded]) -> Answers:
    """Room for one answer to each of these."""
    return room(len(orders), sum(one.words[g.LINES] for one in orders))


def room(orders: int, lines: int) -> Answers:
    """Zeros for all answers, cut from one array."""
    packages = orders * MOST_PACKAGES
    cells = np.zeros(5 * orders + 2 + 2 * packages + lines, dtype=np.int64)
    of_orders, starts, of_packages = 3 * orders, 2 * (orders + 1), 2 * packages
    begin, middle, end = of_orders, of_orders + starts, of_orders + starts + of_packages
    return Answers(
        status=cells[:orders],
        total=cells[orders : 2 * orders],
        bound=cells[2 * orders : begin],
        package_start=cells[begin : begin + orders + 1],
        package_lane=cells[middle : middle + packages],
        package_state=cells[middle + packages : end],
        unfilled_start=cells[begin + orders + 1 : middle],
        unfilled=cells[end:],
    )
