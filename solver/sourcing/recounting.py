"""How a finished plan is added up again: by package, by order, unit after unit."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.problem import Offer
from solver.sourcing.term import Recount


def per_package(finished: Finished, amount: Callable[[Parcel], int]) -> Recount:
    """A recount that only the packages make up."""
    return Recount(packages=tuple([amount(parcel) for parcel in finished.parcels]))


def per_order(finished: Finished, amount: int) -> Recount:
    """A recount that belongs to the order as a whole."""
    return Recount(packages=(0,) * len(finished.parcels), order=amount)


def nothing(finished: Finished) -> Recount:
    """What a term comes to that has no price."""
    return Recount(packages=(0,) * len(finished.parcels))


def half_up(amount: Fraction) -> int:
    """The nearest whole number; of two equally near ones the greater."""
    return floor(amount + Fraction(1, 2))


def half_up_of(amount: int, per: int) -> int:
    """The same of amount / per, without a fraction."""
    return (2 * amount + per) // (2 * per)


def begun(amount: int, per: int) -> int:
    """amount / per, a part of one counted whole."""
    return -(-amount // per)


def in_turn(finished: Finished, amounts_of: Callable[[Offer, str, int], Sequence[int]]) -> Recount:
    """What units come to that are taken from an offer one after the other.

    `amounts_of` gives the amounts of the first so many units of a SKU. Every unit in a package counts as the offer's
    first one; by how much later ones are more belongs to the order.
    """
    packages = [
        sum(packed.units * amounts_of(parcel.offer, packed.sku, 1)[0] for packed in parcel.package.contents)
        for parcel in finished.parcels
    ]
    total = sum(
        sum(amounts_of(offer, sku, units))
        for offer in finished.offers
        for sku, units in finished.taken[offer.key].items()
    )
    return Recount(packages=tuple(packages), order=total - sum(packages))
