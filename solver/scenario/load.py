"""Load a scenario into an application of the same process. A client loads one over gRPC: `solver.client`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from solver.app import Application
from solver.catalog.combinations.kept import KeptCombination
from solver.errors import RequestIdReused
from solver.scenario.batches import LAYERS, METHODS, OPENING_REFERENCE, batches, load_id
from solver.scenario.model import Scenario
from solver.stock.model import Movement
from solver.storage.database import Reader
from solver.storage.once import Request, answered_before, request_for
from solver.storage.requests import RequestForgotten


def load_if_empty(application: Application, scenario: Scenario) -> bool:
    """Load everything but the orders, unless the database has network, catalog or stock of its own; tells whether.

    Begun and cut short, it goes on where it stopped: every portion is a request of its own. Raises what `load` raises.
    """
    with application.database.read() as reader:
        empty = not (
            application.network.network.regions
            or application.network.network.sources
            or application.catalog.catalog.materials
            or application.stock.levels(reader)
        )
        if not (empty or _was_cut_short(reader, scenario)):
            return False
    load(application, scenario)
    return True


def _was_cut_short(reader: Reader, scenario: Scenario) -> bool:
    """True when some portions of this very scenario are there, and some are not."""
    try:
        done = [answered_before(reader, request) is not None for request, _, _ in _portions(scenario)]
    except (RequestIdReused, RequestForgotten):  # another version of it was loaded, or this one long ago
        return False
    return any(done) and not all(done)


def load(application: Application, scenario: Scenario) -> None:
    """Load everything but the orders; loading the same scenario twice changes nothing, also once by a client.

    Raises RequestIdReused when another version of the scenario was loaded before, and InvalidRequest.
    """
    upserts: dict[str, Callable[[Request, Sequence[Any]], object]] = {
        "regions": application.network.upsert_regions,
        "carriers": application.network.upsert_carriers,
        "services": application.network.upsert_services,
        "sources": application.network.upsert_sources,
        "calendars": application.network.upsert_calendars,
        "transfers": application.network.upsert_transfers,
        "materials": application.catalog.upsert_materials,
        "sales_items": application.catalog.upsert_sales_items,
        "combinations": lambda request, rows: application.combinations.upsert(
            request, [KeptCombination(combination=row) for row in rows]
        ),
        "stock": lambda request, rows: application.stockroom.receive(request, rows, OPENING_REFERENCE),
        "logical_warehouses": application.channels.set_warehouses,
        "channels": application.channels.set_channels,
        "quotas": application.channels.set_quotas,
        "backorders": application.holding.set_backorder_limits,
    }
    for request, noun, rows in _portions(scenario):
        upserts[noun](request, rows)


def _portions(scenario: Scenario) -> Iterator[tuple[Request, str, Sequence[Any]]]:
    for number, (noun, rows) in enumerate(batches(scenario)):
        taken = (opening(rows), OPENING_REFERENCE) if noun == "stock" else (tuple(rows),)
        name = load_id(scenario, number) + (" here" if noun in LAYERS else "")  # clients' requests have another digest
        yield request_for(METHODS[noun], name, *taken), noun, taken[0]


def opening(rows: Sequence[Any]) -> tuple[Movement, ...]:
    """Opening stock as receipts."""
    return tuple(Movement(site_id=row.source_id, sku=row.sku, units=row.units) for row in rows)
