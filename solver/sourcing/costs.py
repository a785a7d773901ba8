"""The cost terms of one package, each in minor units. The formulation charges the same terms."""

from datetime import datetime, timedelta

from solver.network.lanes import Lane
from solver.sourcing.plan import Term
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer
from solver.units import ceil_div, round_half_up_div

_MICROS_PER_MINUTE = 60_000_000
_MINUTES_PER_HOUR = 60
_METERS_PER_KM = 1000


def late_minutes(arrives_at: datetime, promised_at: datetime | None) -> int:
    """Minutes by which an arrival misses the promise, begun ones whole; 0 when in time or nothing is promised."""
    if promised_at is None or arrives_at <= promised_at:
        return 0
    return ceil_div((arrives_at - promised_at) // timedelta(microseconds=1), _MICROS_PER_MINUTE)


def lateness_minor(lane: Lane, promised_at: datetime | None, policy: Policy) -> int:
    """Price of a package's lateness: begun hours times the hour's price."""
    hours = ceil_div(late_minutes(lane.arrives_at, promised_at), _MINUTES_PER_HOUR)
    return hours * policy.lateness_minor_per_hour


def distance_minor(lane: Lane, policy: Policy) -> int:
    """Price of a package's way, rounded half up to a minor unit."""
    return round_half_up_div(lane.distance_meters * policy.distance_minor_per_km, _METERS_PER_KM)


def opening_minor(lane: Lane, offer: Offer, promised_at: datetime | None, policy: Policy) -> int:
    """Everything a package costs whatever is in it: all but its freight and its handling per unit."""
    return offer.handling_per_package_minor + distance_minor(lane, policy) + lateness_minor(lane, promised_at, policy)


def package_terms(
    lane: Lane, offer: Offer, freight_minor: int, units: int, promised_at: datetime | None, policy: Policy
) -> dict[Term, int]:
    """The terms a package is charged; split and unfilled belong to the order."""
    return {
        Term.FREIGHT: freight_minor,
        Term.HANDLING: offer.handling_per_package_minor + units * offer.handling_per_unit_minor,
        Term.DISTANCE: distance_minor(lane, policy),
        Term.LATENESS: lateness_minor(lane, promised_at, policy),
    }
