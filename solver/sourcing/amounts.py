"""Whole-number arithmetic on arrays that several terms charge by."""

from collections.abc import Callable, Iterable

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge, Stair
from solver.sourcing.facts import Facts
from solver.sourcing.problem import Offer

Portions = Iterable[tuple[int, int]]  # (units, amount of each of them)


def at_price(amounts: Ints, price: int, *, per: int) -> Ints:
    """What amounts cost, none negative, at a price for each `per` of them; each rounds to a whole one, halves up."""
    return (2 * amounts * price + per) // (2 * per)


def rising(facts: Facts, portions_of: Callable[[Offer, str], Portions]) -> Charge:
    """A charge on units that are taken from an offer in turn, none cheaper than the one before.

    `portions_of` gives what an offer has of a SKU in portions, in the sequence in which they are taken. The first
    portion's amount falls on every unit, what later ones cost more on the stairs. Units beyond the last portion cost
    as much as its own.
    """
    per_offer = np.zeros((len(facts.offers), len(facts.skus)), dtype=np.int64)
    stairs: list[Stair] = []
    for number, offer in enumerate(facts.offers):
        for part, sku in enumerate(facts.skus):
            reach = int(facts.stock[number, part])
            if reach:
                steps = _steps(portions_of(offer, sku), reach)
                per_offer[number, part] = steps[0][1] if steps else 0
                stairs += (
                    Stair(offer=number, part=part, after_units=after, amount=more) for after, more in steps[1:] if more
                )
    return Charge(unit=facts.at_lanes(per_offer), stairs=tuple(stairs))


def _steps(portions: Portions, reach: int) -> list[tuple[int, int]]:
    """After how many units a unit costs how much more, within what can be taken."""
    steps: list[tuple[int, int]] = []
    taken = before = 0
    for units, amount in portions:
        if units > 0 and taken < reach:
            assert amount >= before, "units are taken in the sequence of their amounts"
            steps.append((taken, amount - before))
            taken, before = taken + units, amount
    return steps
