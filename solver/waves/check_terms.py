"""What sound terms of a wave are."""

from collections.abc import Sequence
from itertools import combinations

from solver.errors import Violations
from solver.validation import (
    MOST_MINOR,
    Known,
    check_between,
    check_id,
    check_reference,
    check_unique,
)
from solver.waves.limits import WaveLimits
from solver.waves.sharing import WHOLE_BASIS_POINTS
from solver.waves.wave import CarrierCapacity, Quota, SourceTerms, WaveTerms

MOST_LIMIT = 1_000_000_000
MOST_WORK = 10_000_000
_PRICES = ("over_order_minor", "over_unit_minor", "over_minute_minor")


def check_wave_terms(
    terms: WaveTerms, path: str, violations: Violations, *, orders: Known, sources: Known, services: Known
) -> None:
    """Every term is of a known order, source or service, stands once, and has sensible numbers."""
    check_unique([one.source_id for one in terms.sources], f"{path}.sources", violations)
    for position, source in enumerate(terms.sources):
        _check_source(source, sources, f"{path}.sources[{position}]", violations)
    _check_carriers(terms.carriers, sources, services, f"{path}.carriers", violations)
    check_unique([f"{one.source_id} by {one.basis}" for one in terms.quotas], f"{path}.quotas", violations)
    for position, quota in enumerate(terms.quotas):
        _check_quota(quota, sources, f"{path}.quotas[{position}]", violations)
    check_unique([one.order_id for one in terms.orders], f"{path}.orders", violations)
    for position, order in enumerate(terms.orders):
        at = f"{path}.orders[{position}]"
        check_reference(order.order_id, orders, "order", f"{at}.order_id", violations)
        check_between(order.priority_minor, 0, MOST_MINOR, f"{at}.priority_minor", violations)
        if order.merge_key:
            check_id(order.merge_key, f"{at}.merge_key", violations)
    check_unique([f"{one.order_id} at {one.source_id}" for one in terms.work], f"{path}.work", violations)
    for position, work in enumerate(terms.work):
        at = f"{path}.work[{position}]"
        check_reference(work.order_id, orders, "order", f"{at}.order_id", violations)
        check_reference(work.source_id, sources, "source", f"{at}.source_id", violations)
        check_between(work.minutes, 0, MOST_WORK, f"{at}.minutes", violations)


_MOST_WORK_ALLOWED = {
    "passes": 1_000_000, "moves": 1_000_000_000, "columns": 1_000, "branches": 1_000_000, "seed": 2**31 - 1,
}  # fmt: skip


def check_wave_limits(limits: WaveLimits, path: str, violations: Violations) -> None:
    """Work limits are no negative numbers, and not beyond reason."""
    for name, most in _MOST_WORK_ALLOWED.items():
        check_between(getattr(limits, name), 0, most, f"{path}.{name}", violations)
    if limits.time_limit_seconds is not None:
        check_between(limits.time_limit_seconds, 0.0, 86_400.0, f"{path}.time_limit_seconds", violations)


def _check_source(terms: SourceTerms, sources: Known, path: str, violations: Violations) -> None:
    check_reference(terms.source_id, sources, "source", f"{path}.source_id", violations)
    check_between(terms.opening_cost_minor, 0, MOST_MINOR, f"{path}.opening_cost_minor", violations)
    for name, over in zip(("most_orders", "most_units", "most_minutes"), _PRICES, strict=True):
        most, price = getattr(terms, name), getattr(terms, over)
        if most is not None:
            check_between(most, 0, MOST_LIMIT, f"{path}.{name}", violations)
        if price is not None:
            check_between(price, 0, MOST_MINOR, f"{path}.{over}", violations)
            violations.require(most is not None, f"{path}.{over}", price, f"say with `{name}` beyond what")


def _check_carriers(
    carriers: Sequence[CarrierCapacity], sources: Known, services: Known, path: str, violations: Violations
) -> None:
    for position, carrier in enumerate(carriers):
        at = f"{path}[{position}]"
        check_reference(carrier.service_id, services, "service", f"{at}.service_id", violations)
        if carrier.source_id:
            check_reference(carrier.source_id, sources, "source", f"{at}.source_id", violations)
        check_between(carrier.most_packages, 0, MOST_LIMIT, f"{at}.most_packages", violations)
        if carrier.over_package_minor is not None:
            check_between(carrier.over_package_minor, 0, MOST_MINOR, f"{at}.over_package_minor", violations)
    for (first, one), (second, other) in combinations(enumerate(carriers), 2):
        if _overlap(one, other):
            remedy = f"a package could count on this and on {path}[{first}]; split them by source or day"
            violations.add(f"{path}[{second}]", other.service_id, remedy)


def _overlap(one: CarrierCapacity, other: CarrierCapacity) -> bool:
    same_source = not one.source_id or not other.source_id or one.source_id == other.source_id
    same_day = one.day is None or other.day is None or one.day == other.day
    return one.service_id == other.service_id and same_source and same_day


def _check_quota(quota: Quota, sources: Known, path: str, violations: Violations) -> None:
    check_reference(quota.source_id, sources, "source", f"{path}.source_id", violations)
    check_between(quota.least_basis_points, 0, WHOLE_BASIS_POINTS, f"{path}.least_basis_points", violations)
    at = f"{path}.most_basis_points"
    check_between(quota.most_basis_points, quota.least_basis_points, WHOLE_BASIS_POINTS, at, violations)
    check_between(quota.short_minor, 0, MOST_MINOR, f"{path}.short_minor", violations)
    if quota.over_minor is not None:
        check_between(quota.over_minor, 0, MOST_MINOR, f"{path}.over_minor", violations)
