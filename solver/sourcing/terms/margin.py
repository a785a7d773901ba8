"""Margin: what a unit costs the company more at this source than at the order's cheapest offer of it.

Only the difference counts: it is what choosing this source gives away, and shipping stays worth while. Where no cost is
stated (a dealer's settlement price, a purchase price) the unit costs what it is worth.
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
from solver.sourcing.recounting import half_up, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

SHARE = Setting(
    name="lost_margin_permille",
    most=1_000_000,
    meaning="share of the lost margin, in thousandths, that counts as a cost; 1000: all; rounds half up per unit",
)


def _lost(facts: Facts) -> Ints:
    """What a unit of each offer costs above the cheapest offer that has any, [N, D]."""
    items = facts.problem.items
    rows = [[offer.unit_cost_minor.get(sku, items[sku].value_minor) for sku in facts.skus] for offer in facts.offers]
    costs = np.array(rows, dtype=np.int64).reshape(len(facts.offers), len(facts.skus))
    none_there = np.iinfo(np.int64).max
    cheapest = np.where(facts.stock > 0, costs, none_there).min(axis=0, initial=none_there)
    return np.where(facts.stock > 0, costs - cheapest, 0)


def _measured(facts: Facts) -> Charge:
    return Charge(unit=facts.at_lanes(_lost(facts)))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    share = SHARE.of(policy)
    return Charge(unit=facts.at_lanes(at_price(_lost(facts), share, per=1000))) if share else None


def _cost(problem: Problem, offer: Offer, sku: str) -> int:
    return offer.unit_cost_minor[sku] if sku in offer.unit_cost_minor else problem.items[sku].value_minor


def _recount(finished: Finished, share: Fraction) -> Recount:
    problem = finished.problem

    def lost(parcel: Parcel) -> int:
        offer = parcel.offer
        return sum(
            packed.units * half_up(share * (_cost(problem, offer, packed.sku) - cheapest(packed.sku)))
            for packed in parcel.contents
        )

    def cheapest(sku: str) -> int:
        return min(_cost(problem, offer, sku) for offer in problem.offers if offer.available.get(sku, 0) > 0)

    return per_package(finished, lost)


def _recount_lost(finished: Finished) -> Recount:
    return _recount(finished, Fraction(1))


def _recount_minor(finished: Finished) -> Recount:
    share = SHARE.of(finished.policy)
    return _recount(finished, Fraction(share, 1000)) if share else nothing(finished)


TERM = Term(
    name="margin",
    measure="lost_margin_minor",
    meaning="what the goods cost the company more at their sources than at the order's cheapest offers of them",
    chinese="毛利损失",
    settings=(SHARE,),
    asked_by=(SHARE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_lost,
    recount_minor=_recount_minor,
)
