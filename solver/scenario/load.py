"""Load a scenario into an application of the same process. A client loads one over gRPC: `solver.client`."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from solver.app import Application
from solver.scenario.batches import batches
from solver.scenario.model import Scenario
from solver.stock.model import Movement
from solver.storage.once import Request


def load_if_empty(application: Application, scenario: Scenario) -> bool:
    """Load everything but the orders, unless the database already has sources; tells whether it did.

    Begun and cut short, it goes on where it stopped: every portion is a request of its own. Raises InvalidRequest.
    """
    if application.network.network.sources and application.catalog.catalog.materials:
        with application.database.read() as reader:
            if application.stock.levels(reader):
                return False
    load(application, scenario)
    return True


def load(application: Application, scenario: Scenario) -> None:
    """Load everything but the orders; loading the same scenario twice changes nothing.

    Raises RequestIdReused when another version of the scenario was loaded before, and InvalidRequest.
    """
    upserts: dict[str, Callable[[Request, Sequence[Any]], int]] = {
        "regions": application.network.upsert_regions,
        "carriers": application.network.upsert_carriers,
        "services": application.network.upsert_services,
        "sources": application.network.upsert_sources,
        "materials": application.catalog.upsert_materials,
        "sales_items": application.catalog.upsert_sales_items,
        "stock": lambda request, rows: application.stockroom.receive(request, opening(rows), scenario.name),
    }
    for number, (noun, rows) in enumerate(batches(scenario)):
        digest = hashlib.sha256(msgspec.json.encode(rows)).digest()
        request = Request(method=f"load {noun}", request_id=f"{scenario.name} {number}", body_digest=digest)
        upserts[noun](request, rows)


def opening(rows: Sequence[Any]) -> tuple[Movement, ...]:
    """Opening stock as receipts."""
    return tuple(Movement(site_id=row.source_id, sku=row.sku, units=row.units) for row in rows)
