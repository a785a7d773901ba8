"""No source takes more orders, units or minutes of work than it has left today."""

from collections.abc import Iterator

from solver.sourcing.case import NO_LIMIT, Ints
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.limits import least_of
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer
from solver.sourcing.rule import Restriction, Rule


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    orders, units, minutes = (_left(facts, name) for name in ("orders_left", "units_left", "minutes_left"))
    if min(orders.min(initial=NO_LIMIT), units.min(initial=NO_LIMIT), minutes.min(initial=NO_LIMIT)) == NO_LIMIT:
        return None
    return Restriction(
        closed_lanes=(orders == 0)[facts.lane_source], source_most_units=units, source_most_minutes=minutes
    )


def _left(facts: Facts, name: str) -> Ints:
    """By source; where its offers say different things, the least holds."""
    return least_of(facts.limits_of_offers(name), facts.offer_source, len(facts.source_ids))


def _broken(finished: Finished) -> Iterator[str]:
    limited = [offer for offer in finished.at_sources if _has_a_limit(offer)]
    for source_id in dict.fromkeys(parcel.source_id for parcel in finished.parcels) if limited else ():
        offers = [offer for offer in limited if offer.source_id == source_id]
        parcels = [parcel for parcel in finished.parcels if parcel.source_id == source_id]
        units = sum([parcel.units for parcel in parcels])
        minutes = sum(
            [parcel.offer.minutes_per_package + parcel.offer.minutes_per_unit * parcel.units for parcel in parcels]
        )
        stated = (
            ("orders", 1, [offer.orders_left for offer in offers]),
            ("units", units, [offer.units_left for offer in offers]),
            ("minutes", minutes, [offer.minutes_left for offer in offers]),
        )
        for name, amount, limits in stated:
            left = [max(0, limit) for limit in limits if limit is not None]
            if left and amount > min(left):
                yield f"{source_id} has {min(left)} {name} left today, the plan takes {amount}"


def _has_a_limit(offer: Offer) -> bool:
    return not (offer.orders_left is None and offer.units_left is None and offer.minutes_left is None)


RULE = Rule(
    name="sources_stay_within_their_capacity",
    meaning="no source takes more orders, units or minutes of handling than it has left today",
    chinese="源日产能",
    restrict=_restrict,
    broken=_broken,
)
