"""What one offer can ship in several packages, and which of the ways to do so are worth having."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.waves.layout.contents import FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Packages of one offer by what they take of: `costs[g, state]` is the cheapest that takes one of `takes[g]`.

    `takes` are resources of which a package takes one, -1 for none; `lanes[g, state]` the lane of the package.
    """

    takes: tuple[int, ...]
    costs: Ints  # [G, M]
    lanes: Ints  # [G, M]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Some packages of one offer: their cost together, what they take one each of, and each lane and state."""

    cost: int
    takes: tuple[int, ...]  # ascending, without -1
    packages: tuple[tuple[int, int], ...]


def several_pay(ways: Ways, ones: Ints, twos: Ints, within: Flags) -> bool:
    """True when some two packages are better than every one package of both contents that takes no more.

    Where no two are, no greater number is. `ones` and `twos` are the contents of the two, `within` what the offer has.
    """
    both = ones + twos
    kept = within[both]
    ones, twos, both = ones[kept], twos[kept], both[kept]
    free = ways.costs[ways.takes.index(-1)] if -1 in ways.takes else np.full(ways.costs.shape[1], FAR)
    for first in range(len(ways.takes)):
        for second in range(first, len(ways.takes)):
            one = np.minimum(free, np.minimum(ways.costs[first], ways.costs[second]))[both]
            if (ways.costs[first][ones] + ways.costs[second][twos] < one).any():
                return True
    return False


def packed(ways: Ways, digits: Ints, within: Flags, most_packages: int) -> dict[int, list[Packed]]:
    """By state, every way worth having to ship it in at most so many packages.

    A way is superfluous where another takes no more, costs no more and has no more packages.
    """
    found: dict[int, list[Packed]] = {0: [Packed(cost=0, takes=(), packages=())]}
    for state in np.flatnonzero(within).tolist():
        if not state:
            continue
        found[state] = _worth_having(
            [
                _joined(below, one)
                for content in _on_top(digits, state)
                for one in _singles(ways, content)
                for below in found.get(state - content, ())
                if len(below.packages) < most_packages
            ]
        )
    del found[0]
    return found


def _on_top(digits: Ints, state: int) -> Iterator[int]:
    """The contents within a state that hold some of its last part."""
    last = int(np.flatnonzero(digits[state])[-1])
    inside = (digits[: state + 1] <= digits[state]).all(axis=1) & (digits[: state + 1, last] > 0)
    yield from np.flatnonzero(inside).tolist()


def _singles(ways: Ways, content: int) -> Iterator[Packed]:
    for group, takes in enumerate(ways.takes):
        if ways.costs[group, content] < FAR:
            lane = int(ways.lanes[group, content])
            taken = () if takes < 0 else (takes,)
            yield Packed(cost=int(ways.costs[group, content]), takes=taken, packages=((lane, content),))


def _joined(below: Packed, one: Packed) -> Packed:
    return Packed(
        cost=below.cost + one.cost,
        takes=tuple(sorted((*below.takes, *one.takes))),
        packages=(*below.packages, *one.packages),
    )


def _worth_having(tried: Sequence[Packed]) -> list[Packed]:
    kept: list[Packed] = []
    for one in sorted(tried, key=lambda way: (way.cost, len(way.takes), len(way.packages), way.takes)):
        if not any(len(other.packages) <= len(one.packages) and _takes_no_more(other, one) for other in kept):
            kept.append(one)
    return kept


def _takes_no_more(one: Packed, than: Packed) -> bool:
    return all(one.takes.count(resource) <= than.takes.count(resource) for resource in one.takes)
