"""What the network looks like to a destination, but for distance and time: asked once of the real terms and rules.

They are asked about a problem in which every source has the materials' examples, and every service reaches the door.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from solver.network.model import DistanceZone, Service
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.case import NO_LIMIT, Flags, Ints
from solver.sourcing.charge import Charge
from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.facts import Facts
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem
from solver.sourcing.rule import Restriction
from solver.sourcing.snapshot.inner.ground import CLOSED
from solver.sourcing.snapshot.materials import Materials
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.sourcing.snapshot.support import RULES_OF_VIEW, TERMS_OF_VIEW, is_strict

Ask = Callable[[Order, Network, UnitsBySource], Problem]
"""How an order becomes a Problem on a network with this stock."""

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_KNOWN_RESTRICTIONS = (
    "closed_lanes", "closed_parts", "package_most_grams", "package_most_mm3", "package_most_units", "source_most_units",
    "apart",
)  # fmt: skip
_SILENT_FACTS = (
    "safety", "reserve", "unit_cost_minor", "lots", "stock_out_minor", "stock_value_minor", "landed_cost_minor",
    "offer_id",
)  # fmt: skip
_LIMITS_LEFT = ("orders_left", "units_left", "minutes_left")


class Unknown(Exception):
    """Something falls in a way that the snapshot's arrays cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """Letters as in `inner.ground`."""

    lane_cost: Ints  # [S, V], CLOSED where there is no lane
    lane_shut: Flags  # [S, V, C]
    kind_cost: Ints  # [S]
    unit_cost: Ints  # [S]
    source_cost: Ints  # [S]
    source_most_units: Ints  # [S]
    lane_limits: Ints  # [V, 3]: grams, mm3, units of a package
    apart: Flags  # [C, C]; on the diagonal, two materials of the class
    closes_lanes: bool  # whether a rule does
    charges: Mapping[str, "ViewCharge"]  # what the costs are made of, term by term


def view_of(network: Network, ask: Ask, like: Order, materials: Materials, policy: Policy) -> View:
    """The view of orders from the same channel and tier to the same region as this one. Raises Unknown."""
    problem = _template(network, ask, like, materials)
    facts = Facts(problem)
    if facts.source_ids != network.source_ids:
        raise Unknown("offers")
    _refuse_more_facts(facts.offers)
    charges = dict(_charges(facts, policy))
    restrictions = list(_restrictions(facts, policy))
    return _read(network, facts, materials, charges, restrictions)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ViewCharge:
    """What one term charges in a view; letters as in `inner.ground`."""

    package: Ints  # [S, V]; nothing at all where no package costs anything
    kind: Ints  # [S]
    unit: Ints  # [S]
    source: Ints  # [S]


_NO_PACKAGE: Ints = np.zeros((0, 0), dtype=np.int64)


def _of_view(network: Network, facts: Facts, charge: Charge, of_service: Ints) -> ViewCharge:
    sources, lanes = len(network.source_ids), len(facts.lanes)
    package = np.zeros((sources, len(network.services)), np.int64)
    if charge.package is not None:
        package[facts.lane_source, of_service] = charge.package
    none, no_unit = np.zeros(lanes, np.int64), np.zeros((lanes, 1), np.int64)
    unit = no_unit if charge.unit is None else charge.unit
    return ViewCharge(
        package=package if package.any() else _NO_PACKAGE,
        kind=_alike(none if charge.kind is None else charge.kind, facts.lane_source, sources, 0),
        unit=_alike(unit[:, 0] if unit.size else none, facts.lane_source, sources, 0),
        source=np.zeros(sources, np.int64) if charge.source is None else charge.source,
    )


def _template(network: Network, ask: Ask, like: Order, materials: Materials) -> Problem:
    examples = [sku for of_class in materials.examples for sku in of_class]
    anywhere = Network.of(
        regions=network.regions.values(),
        sources=network.sources.values(),
        carriers=network.carriers.values(),
        services=[_everywhere(service) for service in network.services.values() if service.rates],
        calendars=network.calendars.values(),
    )
    order = replace(
        like,
        placed_at=_ANY_DAY,
        promised_at=None,
        destination=Address(region_id=like.destination.region_id),
        lines=tuple(OrderLine(line_id=sku, sku=sku, quantity=1) for sku in examples),
    )
    return ask(order, anywhere, {sku: dict.fromkeys(network.source_ids, 1) for sku in examples})


def _everywhere(service: Service) -> Service:
    zone = service.rates[0].zone
    return replace(service, region_zones=(), distance_zones=(DistanceZone(up_to_meters=None, zone=zone),))


def _refuse_more_facts(offers: Iterable[Offer]) -> None:
    for offer in offers:
        for name in _SILENT_FACTS:
            if getattr(offer, name):
                raise Unknown(f"offer.{name}")
        for name in _LIMITS_LEFT:
            if getattr(offer, name) is not None:
                raise Unknown(f"offer.{name}")


def _charges(facts: Facts, policy: Policy) -> Iterator[tuple[str, Charge]]:
    for term in all_terms():
        if term.name not in TERMS_OF_VIEW or term.name in policy.off:
            continue
        charge = term.priced(facts, policy)
        if charge is None:
            continue
        if (
            charge.stairs
            or charge.cards
            or charge.unfilled is not None
            or charge.further_package
            or charge.further_source
        ):
            raise Unknown(f"term {term.name}")
        yield term.name, charge


def _restrictions(facts: Facts, policy: Policy) -> Iterator[Restriction]:
    for rule in all_rules():
        if rule.name not in RULES_OF_VIEW or not is_strict(policy, rule.name):
            continue
        restriction = rule.restrict(facts, policy)
        if restriction is None:
            continue
        others = [name for name in Restriction.__dataclass_fields__ if name not in _KNOWN_RESTRICTIONS]
        if any(getattr(restriction, name) not in (None, False) for name in others):
            raise Unknown(f"rule {rule.name}")
        yield restriction


def _read(
    network: Network,
    facts: Facts,
    materials: Materials,
    charges: Mapping[str, Charge],
    restrictions: list[Restriction],
) -> View:
    sources, services = len(network.source_ids), len(network.services)
    number_of = {service_id: number for number, service_id in enumerate(network.services)}
    of_service = np.array([number_of[lane.service_id] for lane in facts.lanes], dtype=np.int64)
    lanes = (facts.lane_source, of_service)
    examples = np.array([facts.part_of[skus[0]] for skus in materials.examples], dtype=np.int64)
    count, parts = len(facts.lanes), len(facts.skus)

    def total(name: str, shape: tuple[int, ...]) -> Ints:
        amounts = [getattr(charge, name) for charge in charges.values() if getattr(charge, name) is not None]
        return sum(amounts, np.zeros(shape, dtype=np.int64))

    def least(name: str, size: int) -> Ints:
        limits = [getattr(one, name) for one in restrictions if getattr(one, name) is not None]
        least_of: Ints = np.minimum.reduce([np.full(size, NO_LIMIT, dtype=np.int64), *limits])
        return least_of

    def either(name: str, shape: tuple[int, ...]) -> Flags:
        flags = [getattr(one, name) for one in restrictions if getattr(one, name) is not None]
        any_of: Flags = np.logical_or.reduce([np.zeros(shape, dtype=bool), *flags])
        return any_of

    closed_lanes = either("closed_lanes", (count,))
    lane_cost = np.full((sources, services), CLOSED, dtype=np.int64)
    lane_cost[lanes] = np.where(closed_lanes, CLOSED, total("package", (count,)))
    lane_shut = np.zeros((sources, services, len(examples)), dtype=bool)
    lane_shut[lanes] = either("closed_parts", (count, parts))[:, examples]
    limits = [least(f"package_most_{measure}", count) for measure in ("grams", "mm3", "units")]
    unit_cost = total("unit", (count, parts))
    if parts and (unit_cost != unit_cost[:, :1]).any():
        raise Unknown("units of different cost")
    return View(
        lane_cost=lane_cost,
        lane_shut=lane_shut,
        kind_cost=_alike(total("kind", (count,)), facts.lane_source, sources, 0),
        unit_cost=_alike(unit_cost[:, 0] if parts else unit_cost.sum(axis=1), facts.lane_source, sources, 0),
        source_cost=total("source", (sources,)),
        source_most_units=least("source_most_units", sources),
        lane_limits=np.stack([_alike(limit, of_service, services, NO_LIMIT) for limit in limits], axis=1),
        apart=_apart(facts, materials, either("apart", (parts, parts))),
        closes_lanes=bool(closed_lanes.any()),
        charges={name: _of_view(network, facts, charge, of_service) for name, charge in charges.items()},
    )


def _alike(of_lanes: Ints, row: Ints, rows: int, default: int) -> Ints:
    """What holds of all lanes of a row alike. Raises Unknown where they differ."""
    column = np.full(rows, default, dtype=np.int64)
    column[row] = of_lanes
    if (column[row] != of_lanes).any():
        raise Unknown("lanes that differ")
    return column


def _apart(facts: Facts, materials: Materials, apart: Flags) -> Flags:
    first = np.array([facts.part_of[skus[0]] for skus in materials.examples], dtype=np.int64)
    last = np.array([facts.part_of[skus[-1]] for skus in materials.examples], dtype=np.int64)
    return apart[np.ix_(first, last)] | apart[np.ix_(last, first)]
