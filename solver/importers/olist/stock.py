"""Opening stock, all of it assumed: at the seller who really sold, and by chance at others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

from solver.importers.draw import stream
from solver.importers.olist.catalog import Product
from solver.importers.olist.sales import Sale
from solver.network.model import Source
from solver.scenario.model import OpeningStock
from solver.units import ceil_div

SELLER_PERCENT = 92
WAREHOUSE_PERCENT = 15
STORE_PERCENT = 4
PEER_PERCENT = 20


def make_stock(
    sales: Sequence[Sale],
    products: Mapping[str, Product],
    warehouses: Sequence[Source],
    stores: Sequence[Source],
    seed: int,
) -> tuple[OpeningStock, ...]:
    """Stock of every product sold, by the rule in `assumption`, in the order of source and SKU."""
    sold = _sold(sales)
    peers = _sellers_by_category(sold, products)
    rows: list[OpeningStock] = []
    for sku, by_seller in sorted(sold.items()):
        draw = stream(seed, "olist", "stock", sku)
        rows += _at_sellers(sku, by_seller, draw)
        rows += _at_a_peer(sku, by_seller, peers[products[sku].category], draw)
        rows += _at_own_places(sku, sum(by_seller.values()), warehouses, stores, draw)
    return tuple(sorted(rows, key=lambda row: (row.source_id, row.sku)))


def assumption() -> str:
    """The stock rule in words."""
    return (
        f"All stock is assumed. A product stands at each seller who sold it with chance {SELLER_PERCENT} %, as many "
        f"units as that seller sold; with chance {PEER_PERCENT} % also at another seller of its category, half of all "
        f"units sold; at each warehouse with chance {WAREHOUSE_PERCENT} %, half of all units sold; at each store with "
        f"chance {STORE_PERCENT} %, one unit. Sources without stock are left out."
    )


def _sold(sales: Iterable[Sale]) -> dict[str, Counter[str]]:
    sold: dict[str, Counter[str]] = {}
    for sale in sales:
        for item in sale.items:
            sold.setdefault(item.product_id, Counter())[item.seller.party_id] += 1
    return sold


def _sellers_by_category(sold: Mapping[str, Counter[str]], products: Mapping[str, Product]) -> dict[str, list[str]]:
    sellers: dict[str, set[str]] = {}
    for sku, by_seller in sold.items():
        sellers.setdefault(products[sku].category, set()).update(by_seller)
    return {category: sorted(found) for category, found in sellers.items()}


def _at_sellers(sku: str, by_seller: Counter[str], draw: Random) -> Iterator[OpeningStock]:
    for seller_id, units in sorted(by_seller.items()):
        if draw.randrange(100) < SELLER_PERCENT:
            yield OpeningStock(source_id=seller_id, sku=sku, units=units)


def _at_a_peer(sku: str, by_seller: Counter[str], peers: Sequence[str], draw: Random) -> Iterator[OpeningStock]:
    others = [seller_id for seller_id in peers if seller_id not in by_seller]
    if others and draw.randrange(100) < PEER_PERCENT:
        yield OpeningStock(source_id=draw.choice(others), sku=sku, units=ceil_div(sum(by_seller.values()), 2))


def _at_own_places(
    sku: str, units: int, warehouses: Sequence[Source], stores: Sequence[Source], draw: Random
) -> Iterator[OpeningStock]:
    for warehouse in warehouses:
        if draw.randrange(100) < WAREHOUSE_PERCENT:
            yield OpeningStock(source_id=warehouse.source_id, sku=sku, units=ceil_div(units, 2))
    for store in stores:
        if draw.randrange(100) < STORE_PERCENT:
            yield OpeningStock(source_id=store.source_id, sku=sku, units=1)
