"""Makes the bundled demo network: `python -m scenarios.make_first_light [folder]`.

The same seed gives the same bytes; the folder's README is written by hand and left alone.
"""

import sys
from pathlib import Path

import msgspec

from scenarios.maker.catalog import materials, offers
from scenarios.maker.drawn_orders import drawn_orders
from scenarios.maker.geography import regions
from scenarios.maker.sources import sources
from scenarios.maker.stock import opening_stock
from scenarios.maker.tariffs import CARRIERS, services
from scenarios.maker.told_orders import told_orders
from solver.orders.model import Order
from solver.scenario.files import write_scenario
from solver.scenario.model import Scenario
from solver.sourcing.policy import Policy

SEED = "first light"
ORDERS = 120
EXAMPLE_ORDER_ID = "FL-split"

_CURRENCY = "CNY"
_DESCRIPTION = (
    "Shanlan Coffee (山岚咖啡) sells machines, beans and cups from 6 warehouses, 170 stores and 90 dealers across "
    "mainland China. Three days of orders, from Friday 6 to Sunday 8 March 2026."
)
_ASSUMPTIONS = (
    "Shanlan Coffee, its wares, prices, stores, dealers and carriers are invented; any likeness is chance.",
    "Administrative codes, names and city centres are published facts; a province stands at its seat of government. "
    "Populations are rounded from the census of 2020 (for Chongqing, its central districts alone).",
    "Stores are shared out by population, dealers by its square root; each lies within 3 to 13 km north or south and "
    "east or west of its city's centre, drawn with a fixed seed, so that one may well stand in a river.",
    "Freight is modelled on first-weight and additional-weight prices that carriers in China publish for retail; "
    "zones are the same province, a bordering one, any other, and Tibet and Xinjiang.",
    "Transit times are typical for the distance and count every hour; carriers' own days off are left out.",
    "Opening stock is drawn: warehouses carry most SKUs and lack some, stores and dealers a few popular ones; the most "
    "popular are kept a bit scarce. `GIFT-SPRING-TEA` is nowhere.",
    "Customers are drawn by population, goods by popularity; FL-001 to FL-107 are everyday orders, the named ones were "
    "written by hand to show one thing each.",
)
_POLICY = Policy(
    distance_minor_per_km=0,
    lateness_minor_per_hour=50,
    split_minor=300,
    unfilled_minor_per_unit=100_000,
    max_packages=5,
)


def first_light() -> Scenario:
    """The whole demo network."""
    placed = sources(SEED)
    told = told_orders(_CURRENCY)
    drawn = drawn_orders(ORDERS - len(told), _CURRENCY, placed, SEED)
    return Scenario(
        name="first_light",
        title="First light: a coffee brand's first weekend on one pool of stock",
        currency=_CURRENCY,
        description=_DESCRIPTION,
        assumptions=_ASSUMPTIONS,
        policy=_POLICY,
        regions=regions(),
        sources=placed,
        carriers=CARRIERS,
        services=services(_CURRENCY),
        materials=materials(),
        sales_items=tuple(offer.item for offer in offers()),
        stock=opening_stock(placed, SEED),
        orders=tuple(sorted(drawn + told, key=lambda order: (order.placed_at, order.order_id))),
    )


def write_first_light(folder: Path) -> None:
    """Write the scenario's files, and one order by itself as an example to copy."""
    scenario = first_light()
    write_scenario(scenario, folder)
    (folder / "order.json").write_bytes(_pretty(_order_of(scenario, EXAMPLE_ORDER_ID)))


def _order_of(scenario: Scenario, order_id: str) -> Order:
    return next(order for order in scenario.orders if order.order_id == order_id)


def _pretty(order: Order) -> bytes:
    return msgspec.json.format(msgspec.json.encode(order), indent=2) + b"\n"


if __name__ == "__main__":
    write_first_light(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "first_light")
