"""An order's problem on what other plans of its wave left."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from solver.network.lanes import Lane
from solver.sourcing.problem import Lot, Offer, Problem
from solver.sourcing.rules.stock_keeps_long_enough import LIMIT as LEAST_DAYS
from solver.waves.plan import Resource, ResourceKind
from solver.waves.recount import units_given
from solver.waves.sharing import Limit, counts_on, resource_of
from solver.waves.usage import Usage, stock_of
from solver.waves.wave import SourceTerms, Wave

_FIELDS = {
    ResourceKind.SOURCE_ORDERS: "orders_left",
    ResourceKind.SOURCE_UNITS: "units_left",
    ResourceKind.SOURCE_MINUTES: "minutes_left",
}


def problem_left(wave: Wave, problem: Problem, usage: Usage, limits: Mapping[Resource, Limit]) -> Problem:
    """The same order when so much is used already. Limits that have a price stay as they are: they may be exceeded."""
    used = usage.of
    left = {
        resource: limit.capacity - used[resource]
        for resource, limit in limits.items()
        if limit.capacity is not None and limit.over_minor is None
    }
    minutes = {one.source_id: one.minutes for one in wave.terms.work if one.order_id == problem.order_id}
    offers = tuple(_offer(problem, offer, usage, left) for offer in problem.offers)
    open_sources = {offer.source_id for offer in offers if _may_ship(offer, left, minutes)}
    lanes = (_lane(wave, lane, left, usage.grams) for lane in problem.lanes if lane.source_id in open_sources)
    return replace(problem, offers=offers, lanes=tuple(lane for lane in lanes if lane.packages_left != 0))


def with_wave_costs(wave: Wave, problem: Problem, usage: Usage, paid: Collection[str] = ()) -> Problem:
    """The order when a source that it would open, or load beyond a limit on orders, costs it that; not those `paid`."""
    extra = {
        one.source_id: _extra(one, usage.of[Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=one.source_id)])
        for one in wave.terms.sources
        if one.source_id not in paid
    }
    if not any(extra.values()):
        return problem
    offers = (
        replace(offer, handling_per_order_minor=offer.handling_per_order_minor + extra.get(offer.source_id, 0))
        for offer in problem.offers
    )
    return replace(problem, offers=tuple(offers))


def _extra(terms: SourceTerms, orders: int) -> int:
    """What one more order costs the wave at a source that has so many."""
    opening = 0 if orders else terms.opening_cost_minor
    is_beyond = terms.most_orders is not None and orders >= terms.most_orders
    return opening + (terms.over_order_minor or 0 if is_beyond else 0)


def _offer(problem: Problem, offer: Offer, usage: Usage, left: Mapping[Resource, int]) -> Offer:
    taken = {sku: usage.of[stock_of(offer.source_id, offer.offer_id, sku)] for sku in offer.available}
    limits: dict[str, Any] = {
        name: _least(getattr(offer, name), left.get(Resource(kind=kind, source_id=offer.source_id)))
        for kind, name in _FIELDS.items()
    }
    days = LEAST_DAYS.of(problem.policy)
    return replace(
        offer,
        available={sku: _available(problem, offer, sku, usage) for sku in offer.available},
        lots={sku: _lots(lots, taken.get(sku, 0), days) for sku, lots in offer.lots.items()},
        **limits,
    )


def _available(problem: Problem, offer: Offer, sku: str, usage: Usage) -> int:
    """What the order may still take of a SKU, with what its policy keeps back."""
    view = units_given(problem, (), offer, sku)
    used = view - usage.left_of(stock_of(offer.source_id, offer.offer_id, sku), view)
    return max(0, offer.available[sku] - used)


def _may_ship(offer: Offer, left: Mapping[Resource, int], minutes: Mapping[str, int]) -> bool:
    """False where a limit is used up, which the order's own policy may not look at."""
    stated = {kind: left.get(Resource(kind=kind, source_id=offer.source_id)) for kind in ResourceKind}
    work = stated[ResourceKind.SOURCE_MINUTES]
    if work is not None and minutes.get(offer.source_id, 0) > work:
        return False
    return all(one is None or one > 0 for one in stated.values())


def _lots(lots: tuple[Lot, ...], units: int, least_days: int) -> tuple[Lot, ...]:
    """The lots without so many units, taken from those that keep long enough, by their expiry."""
    kept = []
    for lot in sorted(lots, key=lambda lot: lot.days_to_expiry):
        taken = min(units, lot.units) if lot.days_to_expiry >= least_days else 0
        units -= taken
        kept.append(replace(lot, units=lot.units - taken))
    return tuple(kept)


def _lane(wave: Wave, lane: Lane, left: Mapping[Resource, int], grams: Counter[str]) -> Lane:
    resource = Resource(kind=ResourceKind.PACKAGES, service_id=lane.service_id)
    for carrier in wave.terms.carriers:
        if counts_on(carrier, lane.source_id, lane.service_id, lane.hand_over_at):
            resource = resource_of(carrier)
    packages_left = _least(lane.packages_left, left.get(resource))
    grams_left = None if lane.grams_left is None else max(0, lane.grams_left - grams[lane.service_id])
    if (packages_left, grams_left) == (lane.packages_left, lane.grams_left):
        return lane
    return replace(lane, packages_left=packages_left, grams_left=grams_left)


def _least(stated: int | None, left: int | None) -> int | None:
    known = [max(0, one) for one in (stated, left) if one is not None]
    return min(known, default=None)
