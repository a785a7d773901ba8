"""Changes of a scenario that are proposed: stock that lies elsewhere from the beginning, a service that is not used."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import TypeAlias

from solver.scenario.model import OpeningStock, Scenario


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
class LeaveService:
    """A service that takes nothing."""

    service_id: str


Change: TypeAlias = MoveAll | RemoveStock | LeaveService


def changed(scenario: Scenario, change: Change) -> Scenario:
    """The scenario as it would be. Raises ValueError where a source would have fewer than no units."""
    if isinstance(change, LeaveService):
        return replace(
            scenario,
            services=tuple(
                replace(service, is_active=service.is_active and service.service_id != change.service_id)
                for service in scenario.services
            ),
        )
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


def told(change: Change) -> str:
    """The change in words."""
    if isinstance(change, LeaveService):
        return f"do not use {change.service_id}"
    if isinstance(change, RemoveStock):
        units = sum(row.units for row in change.rows)
        return f"sell off or never buy {units:,} units at {len(change.rows):,} places"
    parts = [f"{one.units:,} {one.sku} from {one.from_source_id} to {one.to_source_id}" for one in change.moves[:3]]
    more = f" and {len(change.moves) - 3:,} more" if len(change.moves) > 3 else ""
    return f"move {', '.join(parts)}{more} beforehand"
