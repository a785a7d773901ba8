"""Makes the bundled demo network: `python -m scenarios.make_first_light [folder]`.

The same seed gives the same bytes; the folder's README is written by hand and left alone.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from scenarios.maker.catalog import materials, offers
from scenarios.maker.drawn_orders import drawn_orders
from scenarios.maker.facts import document
from scenarios.maker.geography import regions
from scenarios.maker.sources import sources
from scenarios.maker.stock import opening_stock
from scenarios.maker.tariffs import CARRIERS, services
from scenarios.maker.told_orders import told_orders
from solver.network.model import Source
from solver.orders.model import Order
from solver.scenario.files import write_scenario
from solver.scenario.model import Scenario
from solver.scenario.plain import plain

SEED = "first light"
ORDERS = 120
EXAMPLE_ORDER_ID = "FL-split"


def first_light() -> Scenario:
    """The whole demo network."""
    head = msgspec.convert(document("head"), Scenario)
    placed = sources(SEED)
    return replace(
        head,
        regions=regions(),
        sources=placed,
        carriers=CARRIERS,
        services=services(head.currency),
        materials=materials(),
        sales_items=tuple(offer.item for offer in offers()),
        stock=opening_stock(placed, SEED),
        orders=_orders(head.currency, placed),
    )


def write_first_light(folder: Path) -> None:
    """Write the scenario's files, and one order by itself as an example to copy."""
    scenario = first_light()
    write_scenario(scenario, folder)
    example = next(order for order in scenario.orders if order.order_id == EXAMPLE_ORDER_ID)
    (folder / "order.json").write_bytes(msgspec.json.format(msgspec.json.encode(plain(example)), indent=2) + b"\n")


def _orders(currency: str, placed: Sequence[Source]) -> tuple[Order, ...]:
    told = told_orders(currency)
    drawn = drawn_orders(ORDERS - len(told), currency, placed, SEED)
    return tuple(sorted(drawn + told, key=lambda order: (order.placed_at, order.order_id)))


if __name__ == "__main__":
    write_first_light(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "first_light")
