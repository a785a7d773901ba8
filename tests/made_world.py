"""A network small enough to be priced by hand.

EAST and WEST are provinces with one city each. `ground` runs everywhere by region, `air` up to 2,000 km from warehouses
alone. A tea weighs 500 g, a cup 250 g, a pot 1,500 g but takes the room of 2,000 g; a gift is one pot and two cups.
"""

from datetime import UTC, datetime
from typing import Any

from solver.catalog.model import Material, Part, SalesItem
from solver.network.model import (
    Band,
    Carrier,
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
from solver.orders.model import Address, Order, OrderLine
from solver.scenario.model import OpeningStock, Scenario

MONDAY_AT_8 = datetime(2026, 3, 2, 8, tzinfo=UTC)

REGIONS = (
    Region(region_id="EAST", name="East", latitude=30.0, longitude=120.0),
    Region(region_id="EAST-CITY", name="East City", latitude=30.0, longitude=120.0, parent_id="EAST"),
    Region(region_id="WEST", name="West", latitude=30.0, longitude=104.0),
    Region(region_id="WEST-CITY", name="West City", latitude=30.0, longitude=104.0, parent_id="WEST"),
)
EAST_WAREHOUSE = Source(
    source_id="W-EAST",
    name="East Warehouse",
    kind=SourceKind.WAREHOUSE,
    region_id="EAST-CITY",
    latitude=30.0,
    longitude=120.0,
    lead_minutes=60,
    handling_per_package_minor=100,
    handling_per_unit_minor=20,
)
EAST_STORE = Source(  # one degree north of the warehouse: 111,195 m; open from 02:00 to 14:00 UTC
    source_id="S-EAST",
    name="East Store",
    kind=SourceKind.STORE,
    region_id="EAST-CITY",
    latitude=31.0,
    longitude=120.0,
    time_zone="Asia/Shanghai",
    hours=Hours(opens_minute=600, closes_minute=1320),
    lead_minutes=30,
    handling_per_package_minor=50,
    handling_per_unit_minor=10,
)
WEST_WAREHOUSE = Source(
    source_id="W-WEST",
    name="West Warehouse",
    kind=SourceKind.WAREHOUSE,
    region_id="WEST-CITY",
    latitude=30.0,
    longitude=104.0,
)
SOURCES = (EAST_WAREHOUSE, EAST_STORE, WEST_WAREHOUSE)
CARRIERS = (Carrier(carrier_id="truck-co", name="Trucks"), Carrier(carrier_id="plane-co", name="Planes"))


def first_and_more(first_minor: int, more_minor: int, most_grams: int | None) -> RateCard:
    """The first kilogram, then every begun half kilogram."""
    more = Band(up_to_grams=most_grams, base_minor=first_minor, from_grams=1000, step_grams=500, step_minor=more_minor)
    return RateCard(bands=(Band(up_to_grams=1000, base_minor=first_minor), more))


GROUND = Service(
    service_id="ground",
    carrier_id="truck-co",
    name="Ground",
    currency="CNY",
    rates=(
        ZoneRate(zone="near", card=first_and_more(800, 100, 20_000), transit_minutes=600),
        ZoneRate(zone="far", card=first_and_more(1200, 250, 20_000), transit_minutes=2880),
    ),
    region_zones=(
        RegionZone(zone="near", origin_region_id="EAST", destination_region_id="EAST"),
        RegionZone(zone="near", origin_region_id="WEST", destination_region_id="WEST"),
        RegionZone(zone="far"),
    ),
    volumetric_divisor_cm3_per_kg=6000,
)
AIR = Service(
    service_id="air",
    carrier_id="plane-co",
    name="Air",
    currency="CNY",
    rates=(ZoneRate(zone="air", card=RateCard(bands=(Band(up_to_grams=5000, base_minor=3000),)), transit_minutes=300),),
    distance_zones=(DistanceZone(up_to_meters=2_000_000, zone="air"),),
    kinds=(SourceKind.WAREHOUSE,),
)
SERVICES = (GROUND, AIR)
MATERIALS = (
    Material(sku="TEA", name="Tea", weight_grams=500),
    Material(sku="CUP", name="Cup", weight_grams=250),
    Material(sku="POT", name="Pot", weight_grams=1500, length_mm=300, width_mm=200, height_mm=200),
    Material(sku="SAFE", name="Safe", weight_grams=90_000),
    Material(sku="RARE", name="Never in stock", weight_grams=100),
)
GIFT = SalesItem(item_id="GIFT", name="Tea for two", parts=(Part(sku="POT", units=1), Part(sku="CUP", units=2)))
STOCK = tuple(
    OpeningStock(source_id=source_id, sku=sku, units=units)
    for source_id, sku, units in (
        ("W-EAST", "TEA", 10),
        ("W-EAST", "CUP", 4),
        ("W-EAST", "POT", 2),
        ("W-EAST", "SAFE", 1),
        ("S-EAST", "TEA", 3),
        ("S-EAST", "CUP", 1),
        ("W-WEST", "TEA", 50),
        ("W-WEST", "CUP", 20),
        ("W-WEST", "POT", 5),
    )
)
EAST_DOOR = Address(region_id="EAST-CITY", latitude=30.0, longitude=120.0)


def made_world(**changes: Any) -> Scenario:
    """The world as a scenario; `changes` replace its parts."""
    parts: dict[str, Any] = {
        "name": "made-world",
        "title": "A world priced by hand",
        "currency": "CNY",
        "regions": REGIONS,
        "sources": SOURCES,
        "carriers": CARRIERS,
        "services": SERVICES,
        "materials": MATERIALS,
        "sales_items": (GIFT,),
        "stock": STOCK,
    }
    return Scenario(**{**parts, **changes})


def order_of(*wanted: tuple[str, int], order_id: str = "O-1", **changes: Any) -> Order:
    """An order from East City, placed on Monday at 8:00 UTC, of so many units of each item; lines 1, 2, ..."""
    parts: dict[str, Any] = {
        "order_id": order_id,
        "currency": "CNY",
        "placed_at": MONDAY_AT_8,
        "destination": EAST_DOOR,
        "lines": tuple(
            OrderLine(line_id=str(number), sku=sku, quantity=units) for number, (sku, units) in enumerate(wanted, 1)
        ),
    }
    return Order(**{**parts, **changes})
