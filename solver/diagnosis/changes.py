"""Changes of a scenario that are proposed: of stock, of what sources and services do, of what a policy asks."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import TypeAlias

from solver.network.model import Service, Source
from solver.scenario.model import Inbound, OpeningStock, Scenario

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStock:
    """Units that lie at another source when the scenario begins."""

    sku: str
    units: int
    from_source_id: str
    to_source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAll:
    """Several moves together."""

    moves: tuple[MoveStock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStock:
    """Units that are not there when the scenario begins: sold off, or never bought."""

    rows: tuple[OpeningStock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorder:
    """Units that are ordered when no more than `at_units` of a SKU are left anywhere, and come a lead time later."""

    at_units: int
    comes: Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderAll:
    """Several orders together, to one source."""

    orders: tuple[Reorder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveService:
    """A service that takes nothing."""

    service_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenService:
    """A service to which every kind of source hands over."""

    service_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverSooner:
    """A source that needs so many minutes from an order to the hand-over."""

    source_id: str
    lead_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveTerm:
    """A policy that does without a price of its own: a term that nobody is paid."""

    term: str


Change: TypeAlias = MoveAll | RemoveStock | ReorderAll | LeaveService | OpenService | HandOverSooner | LeaveTerm


def changed(scenario: Scenario, change: Change) -> Scenario:
    """The scenario as it would be. Raises ValueError where a source would have fewer than no units."""
    match change:
        case MoveAll() | RemoveStock():
            return _restocked(scenario, change)
        case ReorderAll():
            return replace(scenario, inbound=(*scenario.inbound, *(one.comes for one in change.orders)))
        case LeaveTerm():
            return replace(scenario, policy=replace(scenario.policy, off=(*scenario.policy.off, change.term)))
        case HandOverSooner():
            return replace(scenario, sources=tuple(_sooner(one, change) for one in scenario.sources))
        case LeaveService() | OpenService():
            return replace(scenario, services=tuple(_served(one, change) for one in scenario.services))


def told(change: Change) -> str:
    """The change in words."""
    match change:
        case LeaveService():
            return f"do not use {change.service_id}"
        case OpenService():
            return f"let every kind of source hand over to {change.service_id}"
        case HandOverSooner():
            return f"let {change.source_id} hand over within {change.lead_minutes:,} minutes of an order"
        case LeaveTerm():
            return f"let the policy do without {change.term}"
        case RemoveStock():
            units = sum(row.units for row in change.rows)
            return f"sell off or never buy {units:,} units at {len(change.rows):,} places"
        case ReorderAll():
            return _reorders_told(change)
        case MoveAll():
            moves = [f"{one.units:,} {one.sku} from {one.from_source_id} to {one.to_source_id}" for one in change.moves]
            return f"move {_listed(moves)} beforehand"


def _reorders_told(change: ReorderAll) -> str:
    orders = [
        f"{one.comes.units:,} {one.comes.sku} when {one.at_units:,} are left, there on "
        f"{one.comes.arrives_at.date().isoformat()}"
        for one in change.orders
    ]
    return f"reorder for {change.orders[0].comes.source_id}: {_listed(orders)}"


def _listed(parts: list[str]) -> str:
    more = f" and {len(parts) - _SHOWN:,} more" if len(parts) > _SHOWN else ""
    return ", ".join(parts[:_SHOWN]) + more


def _restocked(scenario: Scenario, change: MoveAll | RemoveStock) -> Scenario:
    units: Counter[tuple[str, str]] = Counter()
    for row in scenario.stock:
        units[row.source_id, row.sku] += row.units
    if isinstance(change, RemoveStock):
        for row in change.rows:
            units[row.source_id, row.sku] -= row.units
    else:
        for move in change.moves:
            units[move.from_source_id, move.sku] -= move.units
            units[move.to_source_id, move.sku] += move.units
    if any(count < 0 for count in units.values()):
        raise ValueError("no source can give more than it has")
    stock = [OpeningStock(source_id=one, sku=sku, units=count) for (one, sku), count in units.items() if count]
    return replace(scenario, stock=tuple(stock))


def _sooner(source: Source, change: HandOverSooner) -> Source:
    if source.source_id != change.source_id:
        return source
    return replace(source, lead_minutes=change.lead_minutes, lead_times=None)


def _served(service: Service, change: LeaveService | OpenService) -> Service:
    if service.service_id != change.service_id:
        return service
    return replace(service, kinds=()) if isinstance(change, OpenService) else replace(service, is_active=False)
