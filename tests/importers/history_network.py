"""A network of two provinces, and histories of a few rows on it."""

from pathlib import Path

from solver.catalog.model import Material, Part, SalesItem
from solver.importers.order_history.mapping import Columns, HistoryMapping
from solver.network.model import (
    Band,
    Carrier,
    RateCard,
    Region,
    RegionZone,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.scenario.model import OpeningStock, Scenario

ANY_WEIGHT = RateCard(bands=(Band(up_to_grams=None, base_minor=1_000),))
WAREHOUSE = SourceKind.WAREHOUSE
NETWORK = Scenario(
    name="two_provinces",
    title="Two provinces",
    currency="CNY",
    regions=(
        Region(region_id="JS", name="江苏 Jiangsu", latitude=32.0, longitude=118.8),
        Region(region_id="JS-SZ", name="苏州 Suzhou", latitude=31.3, longitude=120.6, parent_id="JS"),
        Region(region_id="GD", name="广东 Guangdong", latitude=23.1, longitude=113.3),
        Region(region_id="GD-SZ", name="深圳 Shenzhen", latitude=22.5, longitude=114.1, parent_id="GD"),
    ),
    sources=(
        Source(source_id="EAST", name="华东仓", kind=WAREHOUSE, region_id="JS", latitude=31.5, longitude=120.3),
        Source(source_id="SOUTH", name="华南仓", kind=WAREHOUSE, region_id="GD", latitude=23.1, longitude=113.3),
        Source(source_id="SHOP", name="门店", kind=SourceKind.STORE, region_id="GD-SZ", latitude=22.5, longitude=114.0),
    ),
    carriers=(Carrier(carrier_id="sf", name="顺丰 SF"),),
    services=(
        Service(
            service_id="sf-std",
            carrier_id="sf",
            name="标快",
            currency="CNY",
            rates=(ZoneRate(zone="any", card=ANY_WEIGHT, transit_minutes=1_440),),
            region_zones=(RegionZone(zone="any"),),
        ),
    ),
    materials=(Material(sku="TEA", name="茶", weight_grams=100), Material(sku="CUP", name="杯", weight_grams=300)),
    sales_items=(SalesItem(item_id="SET", name="套装", parts=(Part(sku="TEA", units=2), Part(sku="CUP", units=1))),),
    stock=(OpeningStock(source_id="SHOP", sku="TEA", units=9),),
)  # fmt: skip
COLUMNS = Columns(order_id="id", placed_at="at", sku="sku", quantity="qty", province="province", city="city")
MAPPING = HistoryMapping(columns=COLUMNS, time_zone="Asia/Shanghai")
HEADING = "id,at,sku,qty,province,city"


def written(folder: Path, *rows: str, heading: str = HEADING, name: str = "h.csv") -> Path:
    """A CSV file of these rows."""
    path = folder / name
    path.write_text("\n".join((heading, *rows)) + "\n", "utf-8")
    return path
