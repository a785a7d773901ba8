"""One price for each resource out of the parts' own, and the bound that it proves for the undivided wave."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import WaveCase
from solver.waves.engine.ascent import Priced, ascend
from solver.waves.engine.resources import of_resources, resources_of
from solver.waves.parts.cut import Part
from solver.waves.parts.hands import Hands
from solver.waves.parts.work import Asked, price_part

_FIRST_STEP, _NEXT_STEP = 0.03, 0.003  # of what an order costs on average: from no prices, from good ones

_MANY = 2**40  # a weight beyond which it matters no more


class Market:
    """The orders of all parts, asked part by part what they take at common prices."""

    def __init__(self, case: WaveCase, parts: Sequence[Part], hands: Hands, is_over: Callable[[], bool]) -> None:
        self.resources = resources_of(case)
        self._case, self._parts, self._hands, self._is_over = case, parts, hands, is_over

    def at(self, several: Sequence[Ints]) -> list[Priced]:
        """The Lagrangian function of the whole wave at each of these prices; empty where a part did not answer."""
        arguments = [partial(_arguments, part, several) for part in self._parts]
        answers = self._hands.each(price_part, arguments, self._is_over)
        there = [one for one in answers if one is not None]
        if len(there) < len(self._parts):
            return []
        return [self._priced(prices, [one[at] for one in there]) for at, prices in enumerate(several)]

    def best(self, several: Sequence[Ints], rounds: int) -> Priced | None:
        """The prices of the highest bound among these and after so many rounds of ascent; None without an answer."""
        found = self.at(several)
        if not found:
            return None
        best = max(found, key=_bound)
        part = _NEXT_STEP if best.prices.any() else _FIRST_STEP
        step = max(1.0, part * abs(best.bound) / max(1, self._case.orders))
        return max([best, *self._ascent(best.prices, step, rounds)], key=_bound)

    def _ascent(self, start: Ints, step: float, rounds: int) -> Iterator[Priced]:
        """Round after round, until a part does not answer."""
        steps = ascend(self._one, self.resources, start, first_step=step, passes=lambda _: rounds)
        with suppress(_NoAnswer):
            yield from steps

    def _one(self, prices: Ints) -> Priced:
        answers = self.at([prices])
        if not answers:
            raise _NoAnswer
        return answers[0]

    def _priced(self, prices: Ints, answers: Sequence[Asked]) -> Priced:
        used = np.zeros(self._case.resources, np.int64)
        for part, one in zip(self._parts, answers, strict=True):
            used[part.resources] += one.used
        bound = sum(one.price for one in answers) + of_resources(self.resources, prices)
        return Priced(prices, bound, used)


class _NoAnswer(Exception):
    pass


def _arguments(part: Part, several: Sequence[Ints], _turns: int) -> tuple[WaveCase, list[Ints]]:
    return part.case, [one[part.resources] for one in several]


def _bound(priced: Priced) -> int:
    return priced.bound


def combined(parts: Sequence[Part], prices: Sequence[Ints], weights: Ints, resources: int) -> list[Ints]:
    """Common prices [Q] out of the parts' own, several ways: the highest, the lowest, and means by weight [P, Q]."""
    own = np.zeros((len(parts), resources), np.int64)
    there = np.zeros((len(parts), resources), np.bool_)
    for number, (part, mine) in enumerate(zip(parts, prices, strict=True)):
        own[number, part.resources] = mine
        there[number, part.resources] = True
    used = there.any(axis=0)
    highest = np.where(used, np.where(there, own, np.iinfo(np.int64).min).max(axis=0), 0)
    lowest = np.where(used, np.where(there, own, np.iinfo(np.int64).max).min(axis=0), 0)
    weights = np.minimum(weights, _MANY)
    return [_mean(own, np.where(there, weights, 0)), _mean(own, there.astype(np.int64)), highest, lowest]


def _mean(own: Ints, weights: Ints) -> Ints:
    """Where no part has weight, 0."""
    total = np.maximum(1, weights.sum(axis=0))
    means: Ints = np.rint((own * (weights / total)).sum(axis=0)).astype(np.int64)
    return means
