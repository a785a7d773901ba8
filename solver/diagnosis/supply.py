"""Leaks of supply: units that orders did not get, and what should have been ordered when; sources that are full."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solver.catalog.catalog import Catalog
from solver.catalog.ordered import parts_of
from solver.diagnosis.changes import Reorder, ReorderAll
from solver.diagnosis.findings import MOST_EXAMPLES, Finding, Leak
from solver.network.capacity import capacity_on
from solver.replay.outcome import Outcome
from solver.scenario.model import Inbound, Scenario

LEAD_DAYS = 5
_SURE = 1.645  # standard deviations above the mean that 95 % of lead times' demand lie below
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """By SKU: units that were ordered, those that did not ship, what customers would have paid, and whose they were."""

    units: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lost_minor: Counter[str] = field(default_factory=Counter)
    orders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def missing_units(scenario: Scenario, outcomes: Sequence[Outcome], lead_days: int = LEAD_DAYS) -> list[Finding]:
    """Units that did not ship, by the source that most of their SKU leaves: they could have been ordered in time.

    A SKU is reordered when what is left of it anywhere falls to its demand over the lead time, and some more (95 % of
    Poisson); as many units come as were missing. What would come after the last order is not proposed.
    """
    wanted, homes = _wanted(scenario, outcomes), _homes(scenario, outcomes)
    by_source: dict[str, list[str]] = defaultdict(list)
    for sku in sorted(wanted.missed):
        by_source[homes.get(sku, "")].append(sku)
    found = []
    for source_id, skus in by_source.items():
        reorders = [_reorder(scenario, outcomes, wanted, sku, source_id, lead_days) for sku in skus if source_id]
        in_time = tuple(one for one in reorders if one is not None)
        found.append(
            Finding(
                leak=Leak.MISSING_UNITS,
                subject=source_id or "no source",
                evidence={
                    "units": sum(wanted.missed[sku] for sku in skus),
                    "skus": len(skus),
                    "lost_sales_minor": sum(wanted.lost_minor[sku] for sku in skus),
                },
                orders=tuple(dict.fromkeys(one for sku in skus for one in wanted.orders[sku]))[:MOST_EXAMPLES],
                change=ReorderAll(orders=in_time) if in_time else None,
            )
        )
    return sorted(found, key=lambda one: (-one.evidence["lost_sales_minor"], -one.evidence["units"], one.subject))


def full_sources(scenario: Scenario, outcomes: Iterable[Outcome]) -> list[Finding]:
    """Sources that hand over more units on a day than they say they can; replays count no work, so nothing is tried."""
    sources = {one.source_id: one for one in scenario.sources if one.capacity.units}
    zones = {source_id: ZoneInfo(one.time_zone) for source_id, one in sources.items()}
    by_day: Counter[tuple[str, date]] = Counter()
    orders: dict[tuple[str, date], list[str]] = defaultdict(list)
    for outcome in outcomes:
        for package in outcome.shipped:
            if package.source_id in sources:
                day = package.hand_over_at.astimezone(zones[package.source_id]).date()
                by_day[package.source_id, day] += sum(package.units.values())
                orders[package.source_id, day].append(outcome.order_id)
    beyond: dict[str, dict[date, int]] = defaultdict(dict)
    for (source_id, day), units in by_day.items():
        most = capacity_on(sources[source_id].capacity.units, day)
        if most and units > most:
            beyond[source_id][day] = units - most
    found = [
        Finding(
            leak=Leak.FULL_SOURCES,
            subject=source_id,
            evidence={"days": len(days), "units_beyond_capacity": sum(days.values())},
            orders=tuple(dict.fromkeys(one for day in sorted(days) for one in orders[source_id, day]))[:MOST_EXAMPLES],
            change=None,
        )
        for source_id, days in beyond.items()
    ]
    return sorted(found, key=lambda one: (-one.evidence["units_beyond_capacity"], one.subject))


def _wanted(scenario: Scenario, outcomes: Iterable[Outcome]) -> _Wanted:
    catalog, found = Catalog.of(scenario.materials, scenario.sales_items), _Wanted()
    orders = {order.order_id: order for order in scenario.orders}
    for outcome in outcomes:
        units: Counter[str] = Counter()
        prices: dict[str, int] = {}
        for line in orders[outcome.order_id].lines:
            for part in parts_of(line, catalog):
                units[part.sku] += part.units * line.quantity
                if part.sku == line.sku:
                    prices[part.sku] = line.unit_price_minor
        found.units.update(units)
        if outcome.unfilled_units:
            for package in outcome.shipped:
                units -= Counter(package.units)
            for sku, count in units.items():
                found.missed[sku] += count
                found.lost_minor[sku] += count * prices.get(sku, 0)
                found.orders[sku].append(outcome.order_id)
    return found


def _homes(scenario: Scenario, outcomes: Iterable[Outcome]) -> Mapping[str, str]:
    """Of each SKU the active source that ships most of it, or has most of it at the beginning."""
    active = {one.source_id for one in scenario.sources if one.is_active}
    units: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for package in outcome.shipped:
            for sku, count in package.units.items():
                units[package.source_id, sku] += count
    for row in scenario.stock:
        units.setdefault((row.source_id, row.sku), 0)
    homes: dict[str, str] = {}
    for (source_id, sku), _ in sorted(units.items(), key=lambda one: (-one[1], one[0])):
        if source_id in active:
            homes.setdefault(sku, source_id)
    return homes


def _reorder(
    scenario: Scenario, outcomes: Sequence[Outcome], wanted: _Wanted, sku: str, source_id: str, lead_days: int
) -> Reorder | None:
    """None where it would come too late for any order."""
    begins_at, last_at = outcomes[0].placed_at, outcomes[-1].placed_at
    days = max(1.0, (last_at - begins_at) / _DAY)
    expected = wanted.units[sku] / days * lead_days
    at_units = math.ceil(expected + _SURE * math.sqrt(expected))
    arrives_at = _falls_to(at_units, scenario, outcomes, sku) + lead_days * _DAY
    if arrives_at > last_at:
        return None
    comes = Inbound(source_id=source_id, sku=sku, units=wanted.missed[sku], arrives_at=arrives_at)
    return Reorder(at_units=at_units, comes=comes)


def _falls_to(units: int, scenario: Scenario, outcomes: Sequence[Outcome], sku: str) -> datetime:
    """When no more than so many units of a SKU are left anywhere, at the latest when the last order comes."""
    left = sum(row.units for row in scenario.stock if row.sku == sku)
    coming = sorted(((row.arrives_at, row.units) for row in scenario.comings if row.sku == sku), reverse=True)
    for outcome in outcomes:
        while coming and coming[-1][0] <= outcome.placed_at:
            left += coming.pop()[1]
        if left <= units:
            return outcome.placed_at
        left -= sum(package.units.get(sku, 0) for package in outcome.shipped)
    return outcomes[-1].placed_at
