"""The earliest and the cheapest delivery of each option, as decisions with their dates.

Earliest: of all dates by which as many units can be there as by any, the first; and the plan that fills by then at
least cost. What sources have by a date bounds it from below. Mostly that bound is met at once; else dates are tried.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.promising.basket import Answer, Asked, Basket
from solver.sourcing.promising.first_time import first_time


class Dated(NamedTuple):
    """A decision, and by when all of it is there, in microseconds since 1970."""

    answer: Answer
    by_micros: int


class Deliveries(NamedTuple):
    """Of an option; None where it delivers nothing."""

    earliest: Dated | None
    cheapest: Dated | None


def deliveries_of(basket: Basket) -> tuple[Deliveries, ...]:
    """The deliveries of each option. Raises Declined."""
    like, soonest = basket.dates.like.tolist(), basket.dates.earliest.tolist()
    options = [o for o, first in enumerate(like) if o == first and soonest[o] != NEVER]
    cheapest = _cheapest(basket, options)
    earliest = _earliest(basket, options, cheapest)
    return tuple(Deliveries(earliest.get(first), cheapest.get(first)) for first in like)


def _cheapest(basket: Basket, options: list[int]) -> dict[int, Dated]:
    """What the policy prefers, as it is decided when it is bound to its own date."""
    decided = {
        option: Dated(answer, basket.arrives_micros(answer))
        for option, answer in zip(options, basket.decide([Asked(option) for option in options]), strict=True)
        if answer.lanes
    }
    again = [Asked(option, one.by_micros) for option, one in decided.items() if not one.answer.is_settled]
    for asked, answer in zip(again, basket.decide(again), strict=True):
        decided[asked.option] = Dated(answer, asked.by_micros)
    return {option: one for option, one in decided.items() if one.answer.lanes}


def _earliest(basket: Basket, options: Iterable[int], cheapest: dict[int, Dated]) -> dict[int, Dated]:
    soonest, missing = basket.dates.earliest.tolist(), basket.dates.missing.tolist()
    found: dict[int, Dated] = {}
    asked: list[Asked] = []
    for option in options:
        known = cheapest.get(option)
        if known and known.by_micros == soonest[option] and known.answer.is_settled and not known.answer.unfilled_units:
            found[option] = known
        elif missing[option]:
            asked.append(Asked(option, fills=True))
        else:
            asked.append(Asked(option, soonest[option], fills=True))
    for one, answer in zip(asked, basket.decide(asked), strict=True):
        dated: Dated | None = Dated(answer, one.by_micros)
        if missing[one.option]:
            dated = _searched(basket, one.option, answer)
        elif answer.unfilled_units:
            dated = _searched(basket, one.option, None)
        if dated:
            found[one.option] = dated
    return found


def _searched(basket: Basket, option: int, best: Answer | None) -> Dated | None:
    """The first date by which as many units can be there as by any; `best` fills whenever that is."""
    best = best or basket.decide([Asked(option, fills=True)])[0]
    if not best.lanes:
        return None
    fewest, last = best.unfilled_units, basket.arrives_micros(best)
    takes_all = fewest == basket.dates.missing[option] and (basket.is_plain or not fewest)
    first = int(basket.dates.earliest[option]) if takes_all else 0
    arrives = np.unique(basket.dates.arrives[basket.dates.is_open[option]])
    times = arrives[(first <= arrives) & (arrives < last)].tolist()
    tried: dict[int, Answer] = {}

    def suffices(by_micros: int) -> bool:
        tried[by_micros] = basket.decide([Asked(option, by_micros, fills=True)])[0]
        return tried[by_micros].unfilled_units <= fewest

    by_micros = first_time(times, suffices) or last
    answer = tried.get(by_micros) or basket.decide([Asked(option, by_micros, fills=True)])[0]
    return Dated(answer, by_micros)
