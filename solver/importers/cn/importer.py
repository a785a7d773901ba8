"""A Chinese cosmetics brand's orders of 2019, with real shops and real rate cards around them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from solver.importers.cn import (
    order_lines,
    orders,
    products,
    shops,
    stock,
    tariff,
    warehouses,
    workdays,
)
from solver.importers.cn.options import CnOptions
from solver.importers.cn.places import Gazetteer, read_gazetteer
from solver.importers.cn.rate_cards import read_lanes
from solver.importers.intake import Intake
from solver.importers.result import ImportResult
from solver.network.model import Region, Source
from solver.orders.model import Order
from solver.scenario.model import Scenario


def import_cn(data: Path, options: CnOptions) -> ImportResult:
    """Make a scenario from `cn_orders`, `cn_stores`, `cn_tariffs`, `cn_geo` and `cn_calendar` under `data`.

    The same files and options give the same result. Money is fen, times are UTC. Raises NotFound when a file (or the
    city of an assumed warehouse) is missing, InvalidRequest when a file lacks a column or is not UTF-8.
    """
    intake = Intake()
    gazetteer = read_gazetteer(data, intake)
    catalog = products.read_products(data, intake)
    chosen = orders.make_orders(order_lines.read_lines(data, gazetteer, catalog, intake), options, intake)
    depots = warehouses.make_warehouses(gazetteer)
    points_of_sale = [
        shop for terms in (shops.STORES, shops.DEALERS) for shop in shops.read_shops(data, terms, gazetteer, intake)
    ]
    opening = stock.make_stock(chosen, depots, points_of_sale, options.seed)
    stocked = {row.source_id for row in opening}
    sources = (*depots, *(shop for shop in points_of_sale if shop.source_id in stocked))
    lanes = read_lanes(data, gazetteer, intake)
    ordered_skus = {line.sku for order in chosen for line in order.lines}
    return intake.result(
        Scenario(
            name="cn",
            title="Cosmetics brand in China, 2019: real orders, shops and rate cards",
            currency="CNY",
            description="Orders of a Chinese cosmetics brand by city, from assumed warehouses, stores and dealers.",
            assumptions=_assumptions(options),
            regions=_regions(chosen, sources, gazetteer),
            sources=sources,
            carriers=tariff.make_carriers(),
            services=tariff.make_services(lanes, _destination_ids(chosen, gazetteer), depots, gazetteer, intake),
            calendars=(workdays.read_workdays(data, intake),),
            materials=tuple(product.material for sku, product in sorted(catalog.items()) if sku in ordered_skus),
            stock=opening,
            orders=chosen,
        )
    )


def _assumptions(options: CnOptions) -> tuple[str, ...]:
    return (
        *orders.assumptions(options),
        products.assumption(),
        *shops.assumptions(),
        warehouses.assumption(),
        stock.assumption(),
        *tariff.assumptions(),
    )


def _destination_ids(chosen: Iterable[Order], gazetteer: Gazetteer) -> set[str]:
    return _branches({order.destination.region_id for order in chosen}, gazetteer)


def _regions(chosen: Iterable[Order], sources: Sequence[Source], gazetteer: Gazetteer) -> tuple[Region, ...]:
    used = _branches({source.region_id for source in sources}, gazetteer) | _destination_ids(chosen, gazetteer)
    return tuple(gazetteer.region_with_id(region_id) for region_id in sorted(used))


def _branches(region_ids: Iterable[str], gazetteer: Gazetteer) -> set[str]:
    return {above for region_id in region_ids for above in gazetteer.branch_ids(region_id)}
