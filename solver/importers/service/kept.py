"""The network and the catalog that a service keeps, as a scenario without orders."""

from solver.catalog.store import CatalogStore
from solver.clock import SystemClock
from solver.errors import XunyuanError
from solver.network.store import NetworkStore
from solver.scenario.model import Scenario
from solver.storage.database import Database


def kept_world(database: Database, name: str, title: str) -> Scenario:
    """Network and catalog as they stand now. Raises XunyuanError where there are no tariffs."""
    stores = NetworkStore(database, SystemClock()), CatalogStore(database, SystemClock())
    network, catalog = stores[0].network, stores[1].catalog
    currency = stores[0].currency
    if currency is None:
        raise XunyuanError("the database has no tariffs: nothing was planned there")
    return Scenario(
        name=name,
        title=title,
        currency=currency,
        regions=tuple(network.regions.values()),
        sources=tuple(network.sources.values()),
        carriers=tuple(network.carriers.values()),
        services=tuple(network.services.values()),
        calendars=tuple(network.calendars.values()),
        transfers=tuple(network.transfers.values()),
        materials=tuple(catalog.materials.values()),
        sales_items=tuple(catalog.sales_items.values()),
    )
