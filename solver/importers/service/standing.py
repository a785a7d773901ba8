"""What a service has now and was asked for so far, as a scenario: what foresight looks ahead from."""

from dataclasses import replace

from solver.catalog.catalog import Catalog
from solver.clock import SystemClock, from_micros
from solver.errors import XunyuanError
from solver.fulfilment.questions import Questions
from solver.fulfilment.valuing.orders_kept import OrdersKept
from solver.importers.service.kept import kept_world
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.scenario.model import Inbound, OpeningStock, Scenario
from solver.stock.accounts import GOOD
from solver.stock.expected.incoming import expected
from solver.stock.physical.days import utc_day
from solver.storage.database import Database
from solver.validation import MOST_UNITS


def standing_now(database: Database, name: str) -> Scenario:
    """Network, catalog, what may still be promised, what is on its way to nobody, and the orders that were planned.

    The database may have a service on it. Raises XunyuanError where no order is kept there.
    """
    world = kept_world(database, name, f"A service as it stands: {name}")
    catalog = Catalog.of(world.materials, world.sales_items)
    kept = OrdersKept(Questions())
    kept.catch_up(database, from_micros(0))
    orders = kept.known(catalog, {region.region_id for region in world.regions})
    if not orders:
        raise XunyuanError("no plan is kept there: nothing was planned by PlanFulfillment or PlanBatch")
    journal, source_ids = Journal(SystemClock()), {source.source_id for source in world.sources}
    with database.read() as reader:
        there = journal.available(reader, Book.STOCK, GOOD, list(catalog.materials))
        coming = expected(journal, reader, list(catalog.materials), utc_day)
    return replace(
        world,
        orders=tuple(orders),
        stock=tuple(
            OpeningStock(source_id=source_id, sku=sku, units=min(units, MOST_UNITS))
            for sku, of_sources in sorted(there.items())
            for source_id, units in sorted(of_sources.items())
            if units > 0 and source_id in source_ids
        ),
        inbound=tuple(
            Inbound(
                source_id=one.place[0],
                sku=one.place[1],
                units=min(one.free_units, MOST_UNITS),
                arrives_at=one.expected_at,
            )
            for one in coming
            if one.free_units > 0 and one.place[0] in source_ids and one.place[1] in catalog.materials
        ),
    )
