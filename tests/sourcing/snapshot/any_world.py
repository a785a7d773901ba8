"""Random networks, catalogs, stock and orders: everything that a snapshot tabulates plays a part now and then."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material, Part, SalesItem
from solver.fulfilment.question import network_problem
from solver.network.calendar import Calendar
from solver.network.model import (
    Band,
    DistanceZone,
    Hours,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.network.network import Network
from solver.network.schedule import Schedule
from solver.network.surcharge import Surcharge
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.sourcing.snapshot.support import RULES_OF_VIEW
from tests.sourcing.any_policy import any_policy
from tests.sourcing.any_sources import ITEM_TAGS, SOURCE_TAGS
from tests.sourcing.worlds import random_policy

FIRST_DAY = datetime(2026, 3, 4, tzinfo=UTC)  # four days before New York turns its clocks
REGIONS = (
    Region(region_id="EAST", name="", latitude=31.0, longitude=121.0, country="CN", time_zone="Asia/Shanghai"),
    Region(region_id="CITY", name="", latitude=31.2, longitude=121.5, parent_id="EAST"),
    Region(region_id="WEST", name="", latitude=30.6, longitude=104.0, country="CN"),
    Region(region_id="YORK", name="", latitude=40.7, longitude=-74.0, country="US", time_zone="America/New_York"),
)
ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
LEFT_TO_THE_PROBLEM = ("late_risk_minor", "min_on_time_permille", "stock_minor_per_rank")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a snapshot is made of, and orders for it."""

    network: Network
    catalog: Catalog
    available: UnitsBySource
    policy: Policy
    orders: tuple[Order, ...]

    def ask(self, order: Order, network: Network, available: UnitsBySource) -> Problem:
        """The order's Problem in the ordinary way."""
        return network_problem(order, self.catalog, network, available, available, self.policy)

    def problem(self, order: Order, available: UnitsBySource | None = None) -> Problem:
        """The order's Problem on the stock."""
        skus = {part.sku for line in order.lines for part in self.catalog.explode(line.sku)}
        stock = self.available if available is None else available
        return self.ask(order, self.network, {sku: stock.get(sku, {}) for sku in skus})

    def snapshot(self) -> Snapshot:
        """The snapshot of all of it."""
        return Snapshot.of(
            network=self.network, catalog=self.catalog, available=self.available, policy=self.policy, ask=self.ask
        )


def any_world(seed: int, *, sources: int = 6, orders: int = 6, busy: float | None = None) -> World:
    """A world in which each dimension plays a part now and then; `busy` says how often."""
    rng = random.Random(f"snapshot/{seed}")
    chance = rng.choice([0.0, 0.05, 0.15]) if busy is None else busy

    def some(draw: Callable[[], Any], otherwise: Any) -> Any:
        return draw() if rng.random() < 2 * chance else otherwise

    materials = [_material(rng, number) for number in range(5)]
    bundle = SalesItem(
        item_id="BUNDLE", name="", parts=(Part(sku=materials[0].sku, units=1), Part(sku=materials[1].sku, units=2))
    )
    network = Network.of(
        regions=REGIONS,
        sources=[_source(rng, number, some) for number in range(sources)],
        services=[_service(rng, number, some) for number in range(rng.choice([1, 2, 3]))],
        calendars=[
            Calendar(calendar_id="C", closed_days=(date(2026, 3, 6), date(2026, 3, 9)), open_days=(date(2026, 3, 8),))
        ],
    )
    density = rng.choice([0.3, 0.6, 0.9])
    available = {
        material.sku: {one: rng.randint(0, 4) for one in network.source_ids if rng.random() < density}
        for material in materials
    }
    items = [*(material.sku for material in materials), bundle.item_id]
    return World(
        network=network,
        catalog=Catalog.of(materials, [bundle]),
        available=available,
        policy=_policy(rng, chance),
        orders=tuple(_order(rng, number, items, chance) for number in range(orders)),
    )


def _policy(rng: random.Random, chance: float) -> Policy:
    policy = any_policy(rng, random_policy(rng), chance)
    settings = {name: value for name, value in policy.settings.items() if name not in LEFT_TO_THE_PROBLEM}
    soft = {name: price for name, price in policy.soft.items() if name in RULES_OF_VIEW}
    return replace(policy, settings=settings, soft=soft, levels=(), time_limit_ms=60_000)


def _material(rng: random.Random, number: int) -> Material:
    sides = [rng.choice([0, 80, 300, 700]) for _ in range(3)]
    return Material(
        sku=f"SKU-{number}",
        name="",
        weight_grams=rng.randint(1, 4_000),
        length_mm=sides[0],
        width_mm=sides[1],
        height_mm=sides[2],
        tags=tuple(tag for tag in ITEM_TAGS if rng.random() < 0.3),
        value_minor=rng.randint(0, 5_000),
    )


def _source(rng: random.Random, number: int, some: Callable[[Callable[[], Any], Any], Any]) -> Source:
    region = rng.choice(REGIONS)
    opens = some(lambda: rng.choice([480, 540, 150]), 0)
    closes = some(lambda: rng.choice([1_080, 1_200]), 1_440)
    return Source(
        source_id=f"S{number}",
        name="",
        kind=rng.choice(list(SourceKind)),
        region_id=region.region_id,
        latitude=region.latitude + rng.uniform(-0.5, 0.5),
        longitude=region.longitude + rng.uniform(-0.5, 0.5),
        time_zone=rng.choice(ZONES),
        hours=Hours(
            opens_minute=opens, closes_minute=closes, weekdays=some(lambda: (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7))
        ),
        lead_minutes=rng.choice([0, 30, 200]),
        handling_per_package_minor=rng.randint(0, 300),
        handling_per_unit_minor=rng.randint(0, 80),
        handling_per_order_minor=some(lambda: rng.choice([90, 300]), 0),
        handling_per_line_minor=some(lambda: rng.choice([45, 160]), 0),
        packaging_minor=some(lambda: 80, 0),
        cut_off_minute=some(lambda: rng.choice([opens + 60, 900, 1_440]), None),
        calendar_id=some(lambda: "C", ""),
        minutes_per_package=rng.choice([0, 5, 9]),
        minutes_per_unit=rng.choice([0, 2]),
        carbon_grams_per_package=rng.choice([0, 33]),
        priority=rng.choice([1, 2, 5]),
        tags=tuple(tag for tag in SOURCE_TAGS if rng.random() < 0.5),
        is_active=some(lambda: rng.random() < 0.5, True),
    )


def _service(rng: random.Random, number: int, some: Callable[[Callable[[], Any], Any], Any]) -> Service:
    step = rng.choice([0, 100, 500])
    zones = ("near", "far", "beyond")
    cm3_per_kg, in3_per_lb = rng.choice([(0, 0), (5_000, 0), (6_000, 0), (0, 139)])
    return Service(
        service_id=f"V{number}",
        carrier_id=f"C-V{number}",
        name="",
        currency="CNY",
        rates=tuple(
            ZoneRate(zone=zone, card=_card(rng), transit_minutes=rng.choice([0, 600, 1_440, 2_000, 4_321]))
            for zone in zones
        ),
        distance_zones=(
            DistanceZone(up_to_meters=rng.choice([30_000, 60_000]), zone="near"),
            DistanceZone(up_to_meters=rng.choice([2_000_000, None]), zone="far"),
        ),
        region_zones=some(
            lambda: (
                RegionZone(zone="beyond", origin_region_id="YORK", destination_region_id="EAST"),
                RegionZone(zone="far", destination_region_id="CITY"),
                RegionZone(zone="near", origin_region_id="CITY", destination_region_id="CITY"),
            ),
            (),
        ),
        volumetric_divisor_cm3_per_kg=cm3_per_kg,
        volumetric_divisor_in3_per_lb=in3_per_lb,
        min_billable_grams=rng.choice([0, 500]),
        max_weight_grams=rng.choice([0, 0, 5_000, 20_000]),
        kinds=some(lambda: tuple(rng.sample(list(SourceKind), k=3)), ()),
        weight_step_grams=step,
        surcharges=some(lambda: _surcharges(rng), ()),
        max_volume_mm3=some(lambda: 40_000_000, 0),
        max_side_mm=some(lambda: 400, 0),
        max_units=some(lambda: rng.choice([1, 3]), 0),
        refuses_tags=some(lambda: (rng.choice(ITEM_TAGS),), ()),
        carbon_grams_per_package=rng.choice([0, 20]),
        schedule=some(lambda: _schedule(rng), Schedule()),
    )


def _card(rng: random.Random) -> RateCard:
    first = Band(up_to_grams=rng.choice([1_000, 3_000]), base_minor=rng.randint(100, 900))
    more = Band(
        up_to_grams=rng.choice([None, 30_000]),
        base_minor=rng.randint(100, 900),
        from_grams=1_000,
        step_grams=rng.choice([500, 1_000]),
        step_minor=rng.randint(0, 300),
    )
    return RateCard(bands=(first, more))


def _surcharges(rng: random.Random) -> tuple[Surcharge, ...]:
    return (
        Surcharge(name="fuel", freight_basis_points=rng.randint(0, 2_500)),
        Surcharge(name="remote", per_kg_minor=rng.randint(0, 150), destination_region_ids=("WEST",)),
        Surcharge(name="past", per_package_minor=900, last_day=rng.choice([date(2026, 2, 1), date(2026, 3, 10)])),
    )


def _schedule(rng: random.Random) -> Schedule:
    return Schedule(
        pick_up_weekdays=rng.choice([(), (1, 3, 5)]),
        pick_up_minutes=rng.choice([(), (600, 1_020), (150,)]),
        delivery_weekdays=rng.choice([(), (1, 2, 3, 4, 5)]),
        calendar_id=rng.choice(["", "C"]),
        transit_counts_delivery_days=rng.random() < 0.5,
    )


def _order(rng: random.Random, number: int, items: list[str], chance: float) -> Order:
    placed_at = FIRST_DAY + timedelta(seconds=rng.randint(0, 9 * 86_400), microseconds=rng.choice([0, 0, 123_457]))
    region = rng.choice(REGIONS)
    exact = rng.random() < 0.8
    return Order(
        order_id=f"order-{number}",
        currency="CNY",
        placed_at=placed_at,
        promised_at=rng.choice([None, placed_at + timedelta(hours=rng.choice([12, 30, 100]))]),
        destination=Address(
            region_id=region.region_id,
            latitude=region.latitude + rng.uniform(-0.6, 0.6) if exact else None,
            longitude=region.longitude + rng.uniform(-0.6, 0.6) if exact else None,
        ),
        lines=tuple(
            OrderLine(
                line_id=str(line),
                sku=rng.choice(items),
                quantity=rng.choices((1, 2, 3), (70, 20, 10))[0],
                unit_price_minor=rng.choice([0, 1_500]),
                ships_complete=rng.random() < chance,
                ships_together=rng.random() < chance,
            )
            for line in range(rng.randint(1, 4))
        ),
        channel=rng.choice(["", "tmall", "jd"]),
        customer_tier=rng.choice(["", "gold", "silver"]),
        ships_complete=rng.random() < chance / 2,
    )
