"""Carbon: what packing and carrying every package emits, in grams of CO2 equivalent.

A package emits what its source's packing and its service say for one, and each unit in it its weight times the way
times the service's grams per tonne and kilometer. What a unit emits rounds half up by itself, so that a package's
emissions are the sum of what is in it; its price is rounded once, from the exact emissions.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from solver.network.lanes import Lane
from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term
from solver.units import round_half_up_div

PRICE = Setting(
    name="carbon_minor_per_kg",
    meaning="price of each kilogram of CO2 equivalent; of a package's packing and of each unit it rounds half up",
)
_GRAMS_PER_KG = 1000
_GRAM_METERS_PER_TONNE_KM = 10**9


def _packing(facts: Facts) -> Ints:
    packed = facts.at_lanes(facts.of_offers("carbon_grams_per_package"))
    return facts.of_lanes("carbon_grams_per_package") + packed


def _carrying(facts: Facts, numerator: int, divisor: int) -> Ints:
    """What a unit of each part emits on each lane times numerator / divisor, [L, D]; products may exceed 64 bits."""
    weights = facts.of_items("weight_grams").tolist()
    lanes = [lane.distance_meters * lane.carbon_grams_per_tonne_km * numerator for lane in facts.lanes]
    rows = [
        [round_half_up_div(weight * lane, divisor * _GRAM_METERS_PER_TONNE_KM) for weight in weights] for lane in lanes
    ]
    return np.array(rows, dtype=np.int64).reshape(len(lanes), len(weights))


def _measured(facts: Facts) -> Charge:
    return Charge(package=_packing(facts), unit=_carrying(facts, 1, 1))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    return Charge(
        package=at_price(_packing(facts), price, per=_GRAMS_PER_KG), unit=_carrying(facts, price, _GRAMS_PER_KG)
    )


def _emissions(finished: Finished, parcel: Parcel) -> Iterator[tuple[int, Fraction]]:
    """How many times each emission occurs, in exact grams."""
    lane = parcel.lane
    yield 1, Fraction(lane.carbon_grams_per_package + parcel.offer.carbon_grams_per_package)
    for packed in parcel.contents:
        yield packed.units, _grams_of_unit(lane, finished.problem.items[packed.sku].weight_grams)


def _grams_of_unit(lane: Lane, weight_grams: int) -> Fraction:
    tonnes, kilometers = Fraction(weight_grams, 1_000_000), Fraction(lane.distance_meters, 1000)
    return tonnes * kilometers * lane.carbon_grams_per_tonne_km


def _recount_grams(finished: Finished) -> Recount:
    return per_package(
        finished, lambda parcel: sum(times * half_up(grams) for times, grams in _emissions(finished, parcel))
    )


def _recount_minor(finished: Finished) -> Recount:
    if not PRICE.of(finished.policy):
        return nothing(finished)
    per_gram = Fraction(PRICE.of(finished.policy), 1000)
    return per_package(
        finished,
        lambda parcel: sum(times * half_up(grams * per_gram) for times, grams in _emissions(finished, parcel)),
    )


TERM = Term(
    name="carbon",
    measure="carbon_grams",
    meaning="the CO2 equivalent of packing and carrying every package",
    chinese="碳排放",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_grams,
    recount_minor=_recount_minor,
)
