"""The earliest and the cheapest delivery of each option, as decisions with their dates.

Earliest: of all dates by which as many units can be there as by any, the first; and the plan that fills by then at
least cost. What sources have by a date bounds it from below. Mostly that bound is met at once; else dates are tried.
"""

from typing import NamedTuple

from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.promising.answer import Answer, Asked
from solver.sourcing.promising.basket import Basket
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
    told: dict[int, Deliveries] = {}
    for option, like in enumerate(basket.told.like.tolist()):
        told[option] = told[like] if like < option else _deliveries(basket, option)
    return tuple(told.values())


def _deliveries(basket: Basket, option: int) -> Deliveries:
    if basket.told.earliest.item(option) == NEVER:
        return Deliveries(None, None)
    return Deliveries(_earliest(basket, option), _cheapest(basket, option))


def _cheapest(basket: Basket, option: int) -> Dated | None:
    """What the policy prefers, as it is decided when it is bound to its own date."""
    answer = basket.cheapest(option)
    if not answer.lanes:
        return None
    by_micros = basket.arrives_micros(answer)
    if answer.is_settled:
        return Dated(answer, by_micros)
    return Dated(basket.decide(Asked(option, by_micros)), by_micros)


def _earliest(basket: Basket, option: int) -> Dated | None:
    """The first date by which as many units can be there as by any; who is there by then is asked first."""
    missing, first = basket.told.missing.item(option), basket.told.earliest.item(option)
    soonest = basket.by_date(option)
    if not soonest.unfilled_units:
        return Dated(soonest, first)
    fullest = basket.fullest(option)
    if not fullest.lanes:
        return None
    fewest, last = fullest.unfilled_units, basket.arrives_micros(fullest)
    takes_all = fewest == missing and (basket.is_plain or not fewest)
    if takes_all and soonest.unfilled_units == fewest:
        return Dated(soonest, first)
    moments = basket.moments(option)
    times = moments[(moments >= (first if takes_all else 0)) & (moments < last)].tolist()
    tried = {first: soonest}

    def by(micros: int) -> Answer:
        if micros not in tried:
            tried[micros] = basket.decide(Asked(option, micros, fills=True))
        return tried[micros]

    by_micros = first_time(times, lambda micros: by(micros).unfilled_units <= fewest) or last
    return Dated(by(by_micros), by_micros)
