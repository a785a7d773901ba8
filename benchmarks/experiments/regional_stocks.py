"""A Brazilian marketplace's orders from k assumed regional stocks, against the freight and days of history.

A stock stands in a state's capital and holds every product without end. Stocks are chosen one after the other, each
where it takes most off the distance to the customers of the first half of the drawn orders; the second half is planned.
"""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import fmean

from benchmarks.experiments.extent import Extent
from benchmarks.experiments.intervals import margin
from benchmarks.experiments.page import Found, table
from benchmarks.experiments.replayed import Told, replayed
from benchmarks.experiments.svg import lines
from solver.importers.intake import Intake
from solver.importers.olist.geography import read_geography
from solver.importers.olist.importer import import_olist
from solver.importers.olist.network import make_stores, make_warehouses
from solver.importers.olist.options import OlistOptions
from solver.importers.olist.sales import ITEMS, ORDERS
from solver.importers.values import money_minor
from solver.network.distance import distance_meters
from solver.network.model import Region, Source, SourceKind
from solver.orders.model import Order
from solver.scenario.model import OpeningStock, Scenario
from solver.sourcing.policy import Policy

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DRAWN, QUICK_DRAWN = 4_000, 80
STOCKS, QUICK_STOCKS = (1, 2, 3, 5, 9, 15, 27), (1, 3)
PRICES = Policy(split_minor=0, lateness_minor_per_hour=0)
_ENDLESS, _SECONDS_PER_DAY = 100_000, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What an order paid and took: freight of all its items, days from placing and from its hand-over to delivery."""

    freight_minor: int
    days: float
    transit_days: float


def run(extent: Extent) -> Found:
    """History as paid, then one replay a number of stocks, under prices of freight and handling alone."""
    counts = QUICK_STOCKS if extent.is_quick else STOCKS
    seeds = range(1, extent.pick(1, 2, 5) + 1)
    drawn = extent.over(partial(_draw, orders=QUICK_DRAWN if extent.is_quick else DRAWN, counts=counts), seeds)
    rows = [_history_row(drawn), _row("history's sellers, by the fitted tariff", [one.sellers for one in drawn], "-")]
    freight, days = [], []
    figures = {"history: freight": fmean(_paid_minor(one) for one in drawn)}
    for number, count in enumerate(counts):
        told = [one.with_stocks[number] for one in drawn]
        rows.append(_row(str(count), told, drawn[0].last[number]))
        figures[f"{count}: freight"] = fmean(one.figure("freight_per_order_minor") for one in told)
        freight.append((float(count), figures[f"{count}: freight"] / 100))
        days.append((float(count), fmean(one.transit_days for one in told)))
    headings = (
        "stocks", "freight an order, BRL", "±", "with handling", "transit days", "days in all", "km a package",
        "last stock",
    )  # fmt: skip
    ends = [freight[0][0], freight[-1][0]]
    plot = lines(
        "Freight and transit by number of regional stocks",
        "stocks",
        "BRL an order; days",
        {
            "freight": freight,
            "freight, history": [(x, figures["history: freight"] / 100) for x in ends],
            "days of transit": days,
            "days, history": [(x, fmean(_history_days(one)[0] for one in drawn)) for x in ends],
        },
    )
    orders = sum(len(one.paid) for one in drawn)
    return Found(
        text=f"{len(drawn)} draws, {orders:,} orders together, delivered in history.\n\n{table(headings, rows)}",
        plots={"regional_stocks.svg": plot},
        figures=figures,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draw of orders: what history paid for each, and replays from its sellers and from each number of stocks."""

    paid: Sequence[History]
    sellers: Told
    with_stocks: Sequence[Told]
    last: Sequence[str]  # the name of the stock that each number adds


def _draw(seed: int, *, orders: int, counts: Sequence[int]) -> Drawn:
    made = import_olist(DATA, OlistOptions(orders=orders, seed=seed)).scenario
    history = read_history()
    known = [order for order in made.orders if order.order_id in history]
    known.sort(key=lambda order: (order.placed_at, order.order_id))
    earlier, planned = known[: len(known) // 2], known[len(known) // 2 :]
    sites = chosen_sites(earlier, made, max(counts))
    return Drawn(
        paid=[history[order.order_id] for order in planned],
        sellers=replayed(_from_sellers(made, planned), PRICES),
        with_stocks=[replayed(_with_stocks(made, planned, sites[:count]), PRICES) for count in counts],
        last=[sites[count - 1].name for count in counts],
    )


def read_history() -> Mapping[str, History]:
    """By order id: those that were handed over after they were placed, and delivered after that."""
    freight: dict[str, int] = {}
    for row in _rows(ITEMS):
        freight[row["order_id"]] = freight.get(row["order_id"], 0) + (money_minor(row["freight_value"]) or 0)
    told = {}
    for row in _rows(ORDERS):
        moments = [
            _moment(row[f"order_{name}"])
            for name in ("purchase_timestamp", "delivered_carrier_date", "delivered_customer_date")
        ]
        placed, handed, delivered = moments
        if placed is None or handed is None or delivered is None or not placed <= handed <= delivered:
            continue
        if row["order_id"] in freight:
            told[row["order_id"]] = History(
                freight_minor=freight[row["order_id"]],
                days=(delivered - placed).total_seconds() / _SECONDS_PER_DAY,
                transit_days=(delivered - handed).total_seconds() / _SECONDS_PER_DAY,
            )
    return told


def chosen_sites(orders: Sequence[Order], scenario: Scenario, count: int) -> list[Source]:
    """State capitals, each the best beside those before it, by the sum of distances to the nearest."""
    geography = read_geography(DATA, Intake())
    capitals = [*make_warehouses(geography), *make_stores(geography)]
    model = make_warehouses(geography)[0]
    sites = [
        replace(
            model,
            source_id=f"stock-{one.region_id}",
            name=geography.region(one.region_id).name,
            kind=SourceKind.REGIONAL_WAREHOUSE,
            region_id=one.region_id,
            latitude=one.latitude,
            longitude=one.longitude,
            time_zone=one.time_zone,
        )
        for one in capitals
    ]
    regions = {region.region_id: region for region in scenario.regions}
    meters = {site.source_id: [_meters(site, order, regions) for order in orders] for site in sites}
    nearest = [10**9] * len(orders)
    chosen: list[Source] = []
    while len(chosen) < min(count, len(sites)):
        left = [site for site in sites if site not in chosen]
        best = min(left, key=lambda site: sum(map(min, nearest, meters[site.source_id])))
        nearest = list(map(min, nearest, meters[best.source_id]))
        chosen.append(best)
    return chosen


def _with_stocks(made: Scenario, orders: Sequence[Order], sites: Sequence[Source]) -> Scenario:
    skus = sorted({line.sku for order in orders for line in order.lines})
    geography = read_geography(DATA, Intake())
    known = {region.region_id for region in made.regions}
    needed: list[Region] = [geography.region(site.region_id) for site in sites if site.region_id not in known]
    return replace(
        made,
        regions=(*made.regions, *needed),
        sources=tuple(sites),
        stock=tuple(OpeningStock(source_id=site.source_id, sku=sku, units=_ENDLESS) for site in sites for sku in skus),
        orders=tuple(orders),
    )


def _from_sellers(made: Scenario, orders: Sequence[Order]) -> Scenario:
    """The same orders from sellers who really sold their products, endlessly: what history is by the fitted tariff."""
    wanted = {order.order_id for order in orders}
    known = {source.source_id for source in made.sources if source.kind is SourceKind.DEALER}
    sold = {(row["seller_id"], row["product_id"]) for row in _rows(ITEMS) if row["order_id"] in wanted}
    stock = [pair for pair in sorted(sold) if pair[0] in known]
    return replace(
        made,
        sources=tuple(source for source in made.sources if source.source_id in {seller for seller, _ in stock}),
        stock=tuple(OpeningStock(source_id=seller, sku=sku, units=_ENDLESS) for seller, sku in stock),
        orders=tuple(orders),
    )


def _meters(site: Source, order: Order, regions: Mapping[str, Region]) -> int:
    to = order.destination
    region = regions[to.region_id]
    latitude = region.latitude if to.latitude is None else to.latitude
    longitude = region.longitude if to.longitude is None else to.longitude
    return distance_meters(site.latitude, site.longitude, latitude, longitude)


def _paid_minor(of: Drawn) -> float:
    return fmean(one.freight_minor for one in of.paid)


def _history_days(of: Drawn) -> tuple[float, float]:
    """Of transit, and in all."""
    return fmean(one.transit_days for one in of.paid), fmean(one.days for one in of.paid)


def _history_row(drawn: Sequence[Drawn]) -> tuple[str, ...]:
    freight = [_paid_minor(one) / 100 for one in drawn]
    transit, days = (fmean(of) for of in zip(*map(_history_days, drawn), strict=True))
    return "history", f"{fmean(freight):.2f}", f"{margin(freight):.2f}", "-", f"{transit:.1f}", f"{days:.1f}", "-", "-"


def _row(stocks: str, told: Sequence[Told], last: str) -> tuple[str, ...]:
    freight = [one.figure("freight_per_order_minor") / 100 for one in told]
    return (
        stocks,
        f"{fmean(freight):.2f}",
        f"{margin(freight):.2f}",
        f"{fmean(one.figure('paid_per_order_minor') for one in told) / 100:.2f}",
        f"{fmean(one.transit_days for one in told):.1f}",
        f"{fmean(one.days for one in told):.1f}",
        f"{fmean(one.figure('meters_per_package') for one in told) / 1000:,.0f}",
        last,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _moment(text: str) -> datetime | None:
    """Local times, all of one zone, of which only differences are taken."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
