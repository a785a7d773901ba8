"""A Brazilian marketplace's orders of 2016 to 2018, with its sellers as dealers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from solver.importers.intake import Intake
from solver.importers.olist import catalog, freight, network, orders, parties, stock, transit
from solver.importers.olist.geography import Geography, read_geography
from solver.importers.olist.options import OlistOptions
from solver.importers.olist.sales import Books, Sale, read_sales
from solver.importers.result import ImportResult
from solver.money import format_minor
from solver.network.model import Region, Source
from solver.network.transit import TransitTimes
from solver.orders.model import Order
from solver.scenario.model import OpeningStock, Scenario


def import_olist(data: Path, options: OlistOptions) -> ImportResult:
    """Make a scenario from `olist/sample_a` and `olist/reference` under `data`.

    The same files and options give the same result. Money is centavos, times are UTC. Raises NotFound when a file (or
    the city of an assumed warehouse) is missing, InvalidRequest when a file lacks a column, is not UTF-8 or holds no
    delivery to fit a tariff to.
    """
    intake = Intake()
    geography = read_geography(data, intake)
    books = _read_books(data, geography, intake)
    sales = read_sales(data, books, intake)
    chosen = orders.draw_sales(sales, options)
    intake.note(f"{len(sales):,} usable orders found, {len(chosen):,} drawn.")
    steps = freight.fit_steps([*freight.samples_of(sales, books.products)])
    for step in steps:
        intake.note(_fitted(step))
    times = transit.fit_times(transit.parcels_of(sales, intake))
    intake.note(_seen("lead of all sellers", times.lead))
    intake.note(f"{len(times.lead_by_seller)} sellers have lead times of their own.")
    for step, seen in zip(steps, times.transit, strict=True):
        intake.note(_seen(f"transit {_reach(step)}", seen))
    warehouses, stores = network.make_warehouses(geography), network.make_stores(geography)
    opening = stock.make_stock(chosen, books.products, warehouses, stores, options.seed)
    dealers = network.make_dealers(_sellers(chosen), geography, times)
    sources = _stocked([*warehouses, *stores, *dealers], opening)
    made = orders.make_orders(chosen)
    sold = {line.sku for order in made for line in order.lines}
    return intake.result(
        Scenario(
            name="olist",
            title="Marketplace in Brazil, 2016-2018: real orders, sellers and freight",
            currency="BRL",
            description="Orders of a Brazilian marketplace, shipped by its sellers and assumed warehouses and stores.",
            assumptions=(orders.assumption(), *network.assumptions(), stock.assumption()),
            regions=_regions(made, sources, geography),
            sources=sources,
            carriers=(network.CARRIER,),
            services=network.make_services(steps, times.transit),
            materials=tuple(books.products[sku].material for sku in sorted(sold)),
            stock=opening,
            orders=made,
        )
    )


def read_parcels(data: Path) -> tuple[transit.Parcel, ...]:
    """Every parcel that tells how long things take, of the same files. Raises what `import_olist` raises of files."""
    intake = Intake()
    books = _read_books(data, read_geography(data, intake), intake)
    return transit.parcels_of(read_sales(data, books, intake), intake)


def _read_books(data: Path, geography: Geography, intake: Intake) -> Books:
    return Books(
        customers=parties.read_customers(data, geography, intake),
        sellers=parties.read_sellers(data, geography, intake),
        products=catalog.read_products(data, intake),
    )


def _fitted(step: freight.FreightStep) -> str:
    return (
        f"freight {_reach(step)}: first kilogram {format_minor(step.first_minor, 'BRL')} BRL, each further "
        f"{format_minor(step.further_minor, 'BRL')}, {step.transit_minutes} minutes, from {step.samples:,} parcels"
    )


def _seen(what: str, times: TransitTimes | None) -> str:
    if times is None:
        return f"{what}: too few parcels to tell"
    half, most = times.quantile_minutes(500), times.quantile_minutes(900)
    seen = f"{times.sample_count:,} parcels ({times.pooled_from})"
    return f"{what}: half within {half} minutes, nine of ten within {most}, from {seen}"


def _reach(step: freight.FreightStep) -> str:
    return "any distance" if step.up_to_meters is None else f"up to {step.up_to_meters // 1000:,} km"


def _sellers(chosen: Iterable[Sale]) -> Iterable[parties.Party]:
    return {item.seller.party_id: item.seller for sale in chosen for item in sale.items}.values()


def _stocked(sources: Iterable[Source], opening: Iterable[OpeningStock]) -> tuple[Source, ...]:
    stocked = {row.source_id for row in opening}
    return tuple(source for source in sources if source.source_id in stocked)


def _regions(made: Sequence[Order], sources: Iterable[Source], geography: Geography) -> tuple[Region, ...]:
    used = {order.destination.region_id for order in made} | {source.region_id for source in sources}
    return geography.with_parents(used)
