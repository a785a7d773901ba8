"""Wide baskets: a British online shop's real orders of 2010 and 2011, in a world of sources that is made up.

Real are invoices, products, quantities, prices and times. The file names no place but the country, and no weight; so
town of delivery, sources, stock, weights and tariffs are drawn from a seed.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median_low

from solver.catalog.model import Material
from solver.importers.draw import stream
from solver.importers.rows import read_rows
from solver.importers.values import coordinate, money_minor, positive_int
from solver.network.model import (
    Band,
    Carrier,
    DistanceZone,
    RateCard,
    Region,
    Service,
    Source,
    SourceKind,
    ZoneRate,
)
from solver.orders.model import Address, Order, OrderLine
from solver.scenario.model import OpeningStock, Scenario

INVOICES = "uci_online_retail/online_retail_2010-12_2011-12.csv.gz"
TOWNS = "cn_geo/geonames_cities15000_CN_US_BR_GB.csv.gz"
WAREHOUSES, STORES = 5, 35
STOCKED_PERCENT = {SourceKind.WAREHOUSE: 70, SourceKind.STORE: 20}
USUAL_ORDERS = {SourceKind.WAREHOUSE: 8, SourceKind.STORE: 1}  # the most that lie there, in median lines of the SKU
PARCEL_GRAMS = 30_000
ZONE_ENDS_METERS = (100_000, 300_000, None)
# Service, first kilogram, each further one, minutes of the nearest zone, heaviest package (0: any).
SERVICES = (
    ("economy", 299, 45, 2_880, PARCEL_GRAMS),
    ("next-day", 549, 80, 1_440, PARCEL_GRAMS),
    ("pallet", 4_500, 12, 2_880, 0),
)
_PRODUCT = re.compile(r"\d{5}[A-Z]*")
_REGION = "GB"

Town = tuple[str, float, float, int]  # name, latitude, longitude, population


def read_baskets(data: Path, seed: int) -> Scenario:
    """Every British invoice that sells something, as an order; no order is drawn yet.

    Rows of one product are one line. Left out are cancellations, rows without a price or a quantity above zero, and
    codes that are no product (postage, samples, fees).
    """
    towns = [town for town in _towns(data) if town[3] >= 50_000]
    orders = tuple(_orders(data, towns, seed))
    sources = _sources(towns, seed)
    skus = sorted({line.sku for order in orders for line in order.lines})
    return Scenario(
        name="baskets",
        title="A British online shop, 2010 and 2011",
        currency="GBP",
        regions=(Region(region_id=_REGION, name="Great Britain", latitude=54.0, longitude=-2.5),),
        sources=sources,
        carriers=(Carrier(carrier_id="carrier", name=""),),
        services=tuple(_service(*service) for service in SERVICES),
        materials=tuple(
            Material(sku=sku, name="", weight_grams=stream(seed, "weight", sku).randint(50, 900)) for sku in skus
        ),
        stock=tuple(_stock(orders, sources, seed)),
        orders=orders,
    )


def drawn(scenario: Scenario, lines: range, orders: int, seed: int) -> Sequence[Order]:
    """So many of the orders that have so many lines, drawn evenly."""
    fitting = [order for order in scenario.orders if len(order.lines) in lines]
    return stream(seed, "orders", str(lines)).sample(fitting, min(orders, len(fitting)))


def single_units(order: Order) -> Order:
    """The same products, one unit of each."""
    return replace(order, lines=tuple(replace(line, quantity=1) for line in order.lines))


def _towns(data: Path) -> Iterator[Town]:
    for row in read_rows(data, TOWNS, ("name", "latitude", "longitude", "countrycode", "population")):
        latitude, longitude = coordinate(row["latitude"]), coordinate(row["longitude"])
        if row["countrycode"] == _REGION and latitude is not None and longitude is not None:
            yield row["name"], latitude, longitude, positive_int(row["population"]) or 0


def _orders(data: Path, towns: Sequence[Town], seed: int) -> Iterator[Order]:
    populations = [town[3] for town in towns]
    for invoice, (placed_at, units, price_minor) in _invoices(data).items():
        (town,) = stream(seed, "town", invoice).choices(towns, populations)
        yield Order(
            order_id=invoice,
            currency="GBP",
            placed_at=placed_at,
            destination=Address(region_id=_REGION, latitude=town[1], longitude=town[2], text=town[0]),
            lines=tuple(
                OrderLine(line_id=str(number), sku=sku, quantity=quantity, unit_price_minor=price_minor[sku])
                for number, (sku, quantity) in enumerate(units.items(), 1)
            ),
        )


def _invoices(data: Path) -> dict[str, tuple[datetime, Counter[str], dict[str, int]]]:
    """By invoice: when it was placed, units by product, and the last price of each."""
    found: dict[str, tuple[datetime, Counter[str], dict[str, int]]] = {}
    columns = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "Country")
    for row in read_rows(data, INVOICES, columns):
        quantity, price_minor = positive_int(row["Quantity"]), money_minor(row["UnitPrice"])
        sku = row["StockCode"].upper()
        if row["Country"] != "United Kingdom" or not (quantity and price_minor and _PRODUCT.fullmatch(sku)):
            continue
        placed_at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=UTC)
        _, units, prices_minor = found.setdefault(row["InvoiceNo"], (placed_at, Counter(), {}))
        units[sku] += quantity
        prices_minor[sku] = price_minor
    return found


def _sources(towns: Sequence[Town], seed: int) -> tuple[Source, ...]:
    """Warehouses in the largest towns, stores in others."""
    ranked = sorted(towns, key=lambda town: (-town[3], town[0]))
    stores = stream(seed, "stores").sample(ranked[WAREHOUSES:], STORES)
    return (
        *(_source(SourceKind.WAREHOUSE, town, per_package_minor=60, per_unit_minor=8) for town in ranked[:WAREHOUSES]),
        *(_source(SourceKind.STORE, town, per_package_minor=150, per_unit_minor=25) for town in stores),
    )


def _source(kind: SourceKind, town: Town, *, per_package_minor: int, per_unit_minor: int) -> Source:
    return Source(
        source_id=f"{kind}-{town[0]}",
        name=town[0],
        kind=kind,
        region_id=_REGION,
        latitude=town[1],
        longitude=town[2],
        handling_per_package_minor=per_package_minor,
        handling_per_unit_minor=per_unit_minor,
    )


def _service(service_id: str, first_minor: int, step_minor: int, minutes: int, most_grams: int) -> Service:
    return Service(
        service_id=service_id,
        carrier_id="carrier",
        name=service_id,
        currency="GBP",
        max_weight_grams=most_grams,
        distance_zones=tuple(
            DistanceZone(up_to_meters=end, zone=str(zone)) for zone, end in enumerate(ZONE_ENDS_METERS)
        ),
        rates=tuple(
            ZoneRate(
                zone=str(zone),
                transit_minutes=minutes + 720 * zone,
                card=_card(first_minor + first_minor * zone // 10, step_minor + 15 * zone),
            )
            for zone in range(len(ZONE_ENDS_METERS))
        ),
    )


def _card(first_minor: int, step_minor: int) -> RateCard:
    band = Band(up_to_grams=None, base_minor=first_minor, from_grams=1000, step_grams=1000, step_minor=step_minor)
    return RateCard(bands=(band,))


def _stock(orders: Sequence[Order], sources: Sequence[Source], seed: int) -> Iterator[OpeningStock]:
    """Each source has a product with the chance of its kind, in some of the product's median lines."""
    for sku, usual in sorted(_usual_units(orders).items()):
        rng = stream(seed, "stock", sku)
        for source in sources:
            if rng.random() * 100 < STOCKED_PERCENT[source.kind]:
                yield OpeningStock(source_id=source.source_id, sku=sku, units=_units(rng, usual, source.kind))


def _units(rng: random.Random, usual: int, kind: SourceKind) -> int:
    return rng.randint(1, USUAL_ORDERS[kind] * usual)


def _usual_units(orders: Sequence[Order]) -> Mapping[str, int]:
    quantities: dict[str, list[int]] = {}
    for order in orders:
        for line in order.lines:
            quantities.setdefault(line.sku, []).append(line.quantity)
    return {sku: median_low(found) for sku, found in quantities.items()}
