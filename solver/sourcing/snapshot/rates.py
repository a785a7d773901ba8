"""Every service's rates, one for each zone: which applies, and what weights cost by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from solver.network.lanes import Lane
from solver.network.model import Service, ZoneRate
from solver.network.network import Network
from solver.network.surcharge import Surcharge
from solver.sourcing.brief import brief
from solver.sourcing.case import Ints, Tariff
from solver.sourcing.dimensions import all_rules
from solver.sourcing.exact.arrays import NEVER
from solver.sourcing.exact.tables import CLOSED as NOT_CARRIED
from solver.sourcing.exact.tables import PriceTables, price_tables
from solver.sourcing.facts import Facts
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, LinePart, Offer, Problem
from solver.sourcing.snapshot.geography import Geography
from solver.sourcing.snapshot.inner.ground import CLOSED, NONE
from solver.sourcing.snapshot.support import RULES_OF_RATES, is_strict

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)

Surcharges = tuple[tuple[Surcharge, ...], ...]  # of each service, those that apply


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A service's rate in one zone."""

    service: int
    service_id: str
    rate: ZoneRate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Priced:
    """Rates under a set of surcharges: a tariff each, and what a package costs beside its weight."""

    tariffs: tuple[Tariff, ...]  # [R]
    cost: Ints  # [R], CLOSED where a rule forbids it


def rates_of(network: Network) -> tuple[Rate, ...]:
    """All rates, service by service."""
    return tuple(
        Rate(service=number, service_id=service_id, rate=rate)
        for number, service_id in enumerate(network.services)
        for rate in network.zonings[service_id].rates.values()
    )


def distance_rates(network: Network, rates: Iterable[Rate], geography: Geography) -> Ints:
    """The rate of each service in each class of distances, [V, Q + 1]; NONE where it does not run."""
    number_of = _numbers(rates)
    classes = range(len(geography.cuts_meters) + 1)
    table = np.full((len(network.services), len(classes)), NONE, dtype=np.int64)
    for service, (service_id, zoning) in enumerate(network.zonings.items()):
        by_distance = replace(zoning, pairs={})
        for far in classes:
            zone = by_distance.zone((), (), geography.meters_of_class(far))
            table[service, far] = NONE if zone is None else number_of[service_id, zone]
    return table


def branch_rates(network: Network, rates: Iterable[Rate], region_ids: tuple[str, ...]) -> Ints:
    """The rate of each source and service to a branch of regions where regions say it, [S, V]; NONE elsewhere."""
    number_of = _numbers(rates)
    table = np.full((len(network.sources), len(network.services)), NONE, dtype=np.int64)
    for service, (service_id, zoning) in enumerate(network.zonings.items()):
        by_region = replace(zoning, distance_zones=())
        known: dict[str, int] = {}
        for row, source in enumerate(network.sources.values() if zoning.pairs else ()):
            if source.region_id not in known:
                zone = by_region.zone(network.branches[source.region_id], region_ids, 0)
                known[source.region_id] = NONE if zone is None else number_of[service_id, zone]
            table[row, service] = known[source.region_id]
    return table


def priced(
    network: Network, rates: tuple[Rate, ...], surcharges: Surcharges, policy: Policy, *, grams: int, mm3: int
) -> Priced:
    """The rates as the policy's terms price them, for packages up to this weight and volume."""
    services = list(network.services.values())
    lanes = tuple(
        _lane(services[one.service], one.rate, number, surcharges[one.service]) for number, one in enumerate(rates)
    )
    part = LinePart(sku="", units=1)
    problem = Problem(
        order_id="",
        currency="",
        lines=(Line(line_id="", sku="", quantity=1, parts=(part,)),),
        items={"": Item(sku="", weight_grams=max(1, grams), volume_mm3=mm3)},
        offers=(Offer(source_id="", available={"": 1}, on_hand={"": 1}),),
        lanes=lanes,
        policy=policy,
    )
    made = brief(problem)
    transit = made.charges.get("transit")
    cost = np.zeros(len(rates), dtype=np.int64) if transit is None or transit.package is None else transit.package
    for rule in all_rules():
        if rule.name in RULES_OF_RATES and is_strict(policy, rule.name):
            restriction = rule.restrict(Facts(problem), policy)
            if restriction is not None and restriction.closed_lanes is not None:
                cost = np.where(restriction.closed_lanes, CLOSED, cost)
    return Priced(tariffs=tuple(made.case.tariffs[number] for number in made.case.lane_tariff.tolist()), cost=cost)


def prices_of(tariffs: tuple[Tariff, ...], *, grams: int, mm3: int) -> tuple[PriceTables, Ints] | None:
    """The tariffs as tables, and their prices as the exact engine reads them; None where they would be too large."""
    tables = price_tables(tariffs, 1, grams, mm3)
    if tables is None:
        return None
    return tables, np.where(tables.prices[0] == NOT_CARRIED, NEVER, tables.prices[0])


def _numbers(rates: Iterable[Rate]) -> Mapping[tuple[str, str], int]:
    return {(one.service_id, one.rate.zone): number for number, one in enumerate(rates)}


def _lane(service: Service, rate: ZoneRate, number: int, surcharges: tuple[Surcharge, ...]) -> Lane:
    return Lane(
        source_id="",
        service_id=service.service_id,
        carrier_id=service.carrier_id,
        distance_meters=0,
        arrives_at=_ANY_TIME,
        card=rate.card,
        volumetric_divisor_cm3_per_kg=service.volumetric_divisor_cm3_per_kg,
        volumetric_divisor_in3_per_lb=service.volumetric_divisor_in3_per_lb,
        min_billable_grams=service.min_billable_grams,
        surcharges=surcharges,
        via_source_id=f"{number:09}",  # tells the rates of a service apart, and keeps them in sequence
        transit_minutes=rate.transit_minutes,
    )
