"""Small worlds in a line or two: what lies where, who wants what, under which policy. Every way costs the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from solver.client import (
    Address,
    Band,
    Claim,
    Client,
    Level,
    Material,
    OptimizeCommand,
    Order,
    OrderLine,
    Plan,
    Policy,
    PricedLane,
    RateCard,
    Region,
    Service,
    Source,
    SourceKind,
    StockAmount,
    StockLevel,
)
from solver.network.model import Carrier, RegionZone, ZoneRate
from solver.scenario.model import OpeningStock, Scenario
from tests.made_world import MONDAY_AT_8

Units = Mapping[str, Mapping[str, int]]  # source id -> SKU -> units

COMPLETE_FIRST = Level(measure="unfilled_units")
BY_PRIORITY = Policy(levels=(COMPLETE_FIRST, Level(measure="unit_priority_ranks")), split_minor=0)
BEST_STOCKED_FIRST = Policy(levels=(COMPLETE_FIRST, Level(measure="stock_ranks")), split_minor=0)
FEWEST_PACKAGES = Policy(levels=(COMPLETE_FIRST, Level(measure="packages")))
ON_HAND_FIRST = Policy(levels=(COMPLETE_FIRST, Level(measure="later_units"), Level(measure="packages")))
STRATEGIES = (BY_PRIORITY, BEST_STOCKED_FIRST, FEWEST_PACKAGES, Policy())


def place(source_id: str, **facts: Any) -> Source:
    """A source that works round the clock."""
    stated: dict[str, Any] = {
        "name": "", "kind": SourceKind.WAREHOUSE, "region_id": "", "latitude": 0.0, "longitude": 0.0,
    }  # fmt: skip
    return Source(source_id=source_id, **{**stated, **facts})


def wanted(*lines: tuple[str, int], order_id: str = "1", price_minor: int = 0, **facts: Any) -> Order:
    """An order of so many units of each SKU, placed on Monday at 8:00 UTC; lines 1, 2, ..."""
    return Order(
        order_id=order_id,
        currency="USD",
        placed_at=MONDAY_AT_8,
        destination=Address(region_id=""),
        lines=tuple(
            OrderLine(line_id=str(number), sku=sku, quantity=units, unit_price_minor=price_minor)
            for number, (sku, units) in enumerate(lines, 1)
        ),
        **facts,
    )


def amounts(units: Units, **facts: Any) -> tuple[StockAmount, ...]:
    """The units as stock, all with the same further facts."""
    return tuple(
        StockAmount(source_id=source_id, sku=sku, available_units=number, **facts)
        for source_id, of in units.items()
        for sku, number in of.items()
    )


def problem(
    stock: Units | Sequence[StockAmount], *orders: Order, policy: Policy | None = None, **parts: Any
) -> OptimizeCommand:
    """The orders against the stock. Sources without a place of their own have one of rank 1, 2, ... as they come."""
    rows = tuple(stock) if isinstance(stock, Sequence) else amounts(stock)
    names = dict.fromkeys([*(stock if isinstance(stock, Mapping) else ()), *(row.source_id for row in rows)])
    sources = parts.pop("sources", tuple(place(name, priority=rank) for rank, name in enumerate(names, 1)))
    skus = dict.fromkeys([row.sku for row in rows] + [line.sku for order in orders for line in order.lines])
    command: dict[str, Any] = {
        "orders": orders,
        "sources": sources,
        "stock": rows,
        "materials": tuple(Material(sku=sku, name="", weight_grams=500) for sku in skus),
        "lanes": tuple(PricedLane(source_id=one.source_id, service_id="van", package_minor=500) for one in sources),
        "policy": policy,
    }
    return OptimizeCommand(**{**command, **parts})


def planned(client: Client, command: OptimizeCommand) -> Plan:
    """The plan of a problem with one order; it is the best there is."""
    [plan] = client.optimize(command)
    assert plan.is_proven
    return plan


def taken(plan: Plan) -> dict[str, dict[str, int]]:
    """Source -> SKU -> units that ship."""
    units: dict[str, dict[str, int]] = {}
    for package in plan.packages:
        of = units.setdefault(package.source_id, {})
        for packed in package.contents:
            of[packed.sku] = of.get(packed.sku, 0) + packed.units
    return units


def lines_of(plan: Plan) -> list[tuple[int, int, int]]:
    """Planned, backordered and unfilled units of each line; together they are what was ordered."""
    for line in plan.lines:
        assert line.planned_units + line.backordered_units + line.unfilled_units == line.ordered_units
    return [(line.planned_units, line.backordered_units, line.unfilled_units) for line in plan.lines]


def stocked(client: Client, units: Units, **facts: Any) -> None:
    """Tell the service of these sources, of rank 1, 2, ... as they come, and receive the units there."""
    skus = dict.fromkeys(sku for of in units.values() for sku in of)
    flat = RateCard(bands=(Band(up_to_grams=None, base_minor=500),))
    everywhere = Service(
        service_id="van",
        carrier_id="carrier",
        name="Van",
        currency="USD",
        rates=(ZoneRate(zone="any", card=flat, transit_minutes=0),),
        region_zones=(RegionZone(zone="any"),),
    )
    scenario = Scenario(
        name="peers",
        title="",
        currency="USD",
        regions=(Region(region_id="HERE", name="Here", latitude=0.0, longitude=0.0),),
        carriers=(Carrier(carrier_id="carrier", name="Carrier"),),
        services=(everywhere,),
        sources=tuple(
            place(name, name=name, priority=rank, region_id="HERE", **facts) for rank, name in enumerate(units, 1)
        ),
        materials=tuple(Material(sku=sku, name=sku, weight_grams=500) for sku in skus),
        stock=tuple(
            OpeningStock(source_id=source_id, sku=sku, units=number)
            for source_id, of in units.items()
            for sku, number in of.items()
            if number
        ),
    )
    client.load(scenario)


def claims(*wanted: tuple[str, str, int]) -> tuple[Claim, ...]:
    """Units to hold: site, SKU and units of each."""
    return tuple(Claim(site_id=site_id, sku=sku, units=units) for site_id, sku, units in wanted)


def level(client: Client, site_id: str, sku: str) -> StockLevel:
    """The stock of one SKU at one site; nothing in it is ever below 0."""
    [found] = client.stock_levels([sku], [site_id])
    assert found.on_hand == found.available + found.held + found.committed
    assert min(found.on_hand, found.available, found.held, found.committed, found.backordered, found.backorderable) >= 0
    return found
