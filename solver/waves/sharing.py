"""What the orders of a wave share beside stock: limits of sources, of services, of quotas."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.units import ceil_div
from solver.waves.plan import Resource, ResourceKind
from solver.waves.wave import VALUE_STEP_MINOR, CarrierCapacity, Quota, QuotaBasis, Wave

CAPACITY_RULE = "sources_stay_within_their_capacity"
QUOTA_RULE = "sources_stay_within_their_quota"
SERVICE_RULE = "services_stay_within_their_capacity"
WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `capacity` (None: any number), each beyond at `over_minor` (None: none); each short of `least` costs."""

    capacity: int | None = None
    over_minor: int | None = None
    least: int = 0
    short_minor: int = 0


class TwoPrices(ValueError):
    """Two limits of one thing, of which neither makes the other superfluous."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(f"{resource.kind} of {resource.source_id} has two limits with two prices; state one of them")
        self.resource = resource


def is_strict(policy: Policy, rule: str) -> bool:
    """True when the policy holds the rule strictly."""
    return rule not in policy.off and rule not in policy.soft


def limits_of(wave: Wave) -> dict[Resource, Limit]:
    """Every limit but the stock's. Raises TwoPrices."""
    limits: dict[Resource, Limit] = {}
    for resource, limit in (*_of_offers(wave.orders, _stated(wave)), *_of_sources(wave), *_of_quotas(wave)):
        limits[resource] = _both(resource, limits.get(resource), limit)
    for resource, limit in _of_lanes(wave.orders, {one.service_id for one in wave.terms.carriers}):
        limits[resource] = _both(resource, limits.get(resource), limit)
    for carrier in wave.terms.carriers:
        limits[resource_of(carrier)] = Limit(capacity=carrier.most_packages, over_minor=carrier.over_package_minor)
    return limits


def grams_limits(wave: Wave) -> dict[str, int]:
    """What services take at most in weight, where an order's policy is strict about it."""
    stated = {carrier.service_id for carrier in wave.terms.carriers}
    limits: dict[str, int] = {}
    for problem in wave.orders:
        if is_strict(problem.policy, SERVICE_RULE):
            for lane in problem.lanes:
                if lane.grams_left is not None and lane.service_id not in stated:
                    limits[lane.service_id] = min(lane.grams_left, limits.get(lane.service_id, lane.grams_left))
    return limits


def resource_of(carrier: CarrierCapacity) -> Resource:
    """The resource that a capacity of the wave's terms limits."""
    return Resource(
        kind=ResourceKind.PACKAGES, source_id=carrier.source_id, service_id=carrier.service_id, day=carrier.day
    )


def counts_on(carrier: CarrierCapacity, source_id: str, service_id: str, hand_over_at: datetime | None) -> bool:
    """True when a package of this lane is one of the capacity's."""
    day = None if hand_over_at is None else hand_over_at.astimezone(UTC).date()
    return (
        carrier.service_id == service_id
        and carrier.source_id in ("", source_id)
        and (carrier.day is None or carrier.day == day)
    )


def value_steps(problem: Problem, sku: str) -> int:
    """What a unit of a SKU counts for in quotas by value."""
    return problem.items[sku].value_minor // VALUE_STEP_MINOR


def quota_between(quota: Quota, wave: Wave) -> tuple[int, int]:
    """The least and the most that the quota gives its source, in orders or in steps of value."""
    if quota.basis is QuotaBasis.ORDERS:
        base = len(wave.orders)
    else:
        base = sum(
            units * value_steps(problem, sku) for problem in wave.orders for sku, units in problem.demand_units.items()
        )
    least = ceil_div(base * quota.least_basis_points, WHOLE_BASIS_POINTS)
    return least, base * quota.most_basis_points // WHOLE_BASIS_POINTS


def quota_resource(quota: Quota) -> Resource:
    """The resource that a quota limits."""
    kind = ResourceKind.SOURCE_ORDERS if quota.basis is QuotaBasis.ORDERS else ResourceKind.SOURCE_VALUE
    return Resource(kind=kind, source_id=quota.source_id)


def _stated(wave: Wave) -> set[Resource]:
    """What the wave's terms limit themselves, in place of the offers."""
    return {resource for resource, _ in _of_sources(wave)}


def _of_sources(wave: Wave) -> Iterator[tuple[Resource, Limit]]:
    for terms in wave.terms.sources:
        for kind, most, over in (
            (ResourceKind.SOURCE_ORDERS, terms.most_orders, terms.over_order_minor),
            (ResourceKind.SOURCE_UNITS, terms.most_units, terms.over_unit_minor),
            (ResourceKind.SOURCE_MINUTES, terms.most_minutes, terms.over_minute_minor),
        ):
            if most is not None:
                yield Resource(kind=kind, source_id=terms.source_id), Limit(capacity=most, over_minor=over)


def _of_offers(orders: Iterable[Problem], stated: set[Resource]) -> Iterator[tuple[Resource, Limit]]:
    for problem in orders:
        by_capacity, by_quota = (is_strict(problem.policy, rule) for rule in (CAPACITY_RULE, QUOTA_RULE))
        for offer in problem.offers:
            for kind, left, counts in (
                (ResourceKind.SOURCE_ORDERS, offer.orders_left, by_capacity),
                (ResourceKind.SOURCE_UNITS, offer.units_left, by_capacity),
                (ResourceKind.SOURCE_MINUTES, offer.minutes_left, by_capacity),
                (ResourceKind.SOURCE_ORDERS, offer.quota_orders_left, by_quota),
            ):
                resource = Resource(kind=kind, source_id=offer.source_id)
                if counts and left is not None and resource not in stated:
                    yield resource, Limit(capacity=max(0, left))


def _of_lanes(orders: Iterable[Problem], stated: set[str]) -> Iterator[tuple[Resource, Limit]]:
    for problem in orders:
        if not is_strict(problem.policy, SERVICE_RULE):
            continue
        for lane in problem.lanes:
            if lane.packages_left is not None and lane.service_id not in stated:
                resource = Resource(kind=ResourceKind.PACKAGES, service_id=lane.service_id)
                yield resource, Limit(capacity=max(0, lane.packages_left))


def _of_quotas(wave: Wave) -> Iterator[tuple[Resource, Limit]]:
    for quota in wave.terms.quotas:
        least, most = quota_between(quota, wave)
        limited = quota.most_basis_points < WHOLE_BASIS_POINTS
        yield (
            quota_resource(quota),
            Limit(
                capacity=most if limited else None,
                over_minor=quota.over_minor if limited else None,
                least=least if quota.short_minor else 0,
                short_minor=quota.short_minor,
            ),
        )


def _both(resource: Resource, one: Limit | None, other: Limit) -> Limit:
    """Two limits of one resource as one. Raises TwoPrices where that cannot be said."""
    if one is None:
        return other
    least = one if one.short_minor else other
    tighter, looser = sorted((one, other), key=_tightness)
    if looser.capacity is not None and tighter.over_minor is not None:
        raise TwoPrices(resource)
    if one.short_minor and other.short_minor:
        raise TwoPrices(resource)
    return replace(tighter, least=least.least, short_minor=least.short_minor)


def _tightness(limit: Limit) -> tuple[bool, int, bool]:
    return limit.capacity is None, limit.capacity or 0, limit.over_minor is not None
