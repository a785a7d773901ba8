"""Landed cost (到岸成本): what a unit costs here once all contracts are served, above the order's cheapest offer.

It holds the partner's share or the worth of own goods, what the platform takes, and tax, as
solver/fulfilment/landed_cost.py works it out. Where it is not stated a unit costs what `margin` takes it to cost. Only
the difference between offers counts: shipping stays worth while.
"""

from fractions import Fraction

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem
from solver.sourcing.recounting import half_up, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

SHARE = Setting(
    name="landed_cost_permille",
    most=1_000_000,
    meaning="share of the landed cost above the cheapest, in thousandths, that counts; rounds half up per unit",
)


def _cost(problem: Problem, offer: Offer, sku: str) -> int:
    if sku in offer.landed_cost_minor:
        return offer.landed_cost_minor[sku]
    return offer.unit_cost_minor[sku] if sku in offer.unit_cost_minor else problem.items[sku].value_minor


def _above(facts: Facts) -> Ints:
    """What a unit of each offer costs above the cheapest offer that has any, [N, D]."""
    rows = [[_cost(facts.problem, offer, sku) for sku in facts.skus] for offer in facts.offers]
    costs = np.array(rows, dtype=np.int64).reshape(len(facts.offers), len(facts.skus))
    none_there = np.iinfo(np.int64).max
    cheapest = np.where(facts.stock > 0, costs, none_there).min(axis=0, initial=none_there)
    return np.where(facts.stock > 0, costs - cheapest, 0)


def _is_stated(offers: tuple[Offer, ...]) -> bool:
    return any(offer.landed_cost_minor for offer in offers)


def _measured(facts: Facts) -> Charge:
    if not _is_stated(facts.offers):
        return Charge()
    return Charge(unit=facts.at_lanes(_above(facts)))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    share = SHARE.of(policy)
    if not share or not _is_stated(facts.offers):
        return None
    return Charge(unit=facts.at_lanes(at_price(_above(facts), share, per=1000)))


def _recount(finished: Finished, share: Fraction) -> Recount:
    problem = finished.problem
    stated = any(offer.landed_cost_minor for offer in problem.offers)

    def above(parcel: Parcel) -> int:
        offer = parcel.offer
        return sum(
            packed.units * half_up(share * (_paid(problem, offer, packed.sku) - least(packed.sku)))
            for packed in parcel.contents
        )

    def least(sku: str) -> int:
        return min(_paid(problem, offer, sku) for offer in problem.offers if offer.available.get(sku, 0) > 0)

    return per_package(finished, above if stated else lambda _: 0)


def _paid(problem: Problem, offer: Offer, sku: str) -> int:
    """The same cost as `_cost`, for the judge: the first of the three that is stated."""
    stated = (offer.landed_cost_minor.get(sku), offer.unit_cost_minor.get(sku), problem.items[sku].value_minor)
    return next(minor for minor in stated if minor is not None)


def _recount_above(finished: Finished) -> Recount:
    return _recount(finished, Fraction(1))


def _recount_minor(finished: Finished) -> Recount:
    return _recount(finished, Fraction(SHARE.of(finished.policy), 1000))


TERM = Term(
    name="landed_cost",
    measure="landed_cost_minor",
    meaning="what goods, commission and tax come to at their sources, above the order's cheapest offers of them",
    chinese="到岸成本",
    settings=(SHARE,),
    asked_by=(SHARE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_above,
    recount_minor=_recount_minor,
)
