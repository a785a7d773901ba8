"""The coffee set: a machine, three bags of beans and a cup of a random colour, in the made world."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from solver.app import Application
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.model import (
    AllOf,
    Chance,
    Choose,
    Combination,
    Draw,
    Gift,
    Item,
    Measure,
    Node,
    Offer,
    Option,
    Step,
)
from solver.catalog.combinations.outcome import Decision
from solver.catalog.combinations.prices import Fixed, Price
from solver.catalog.model import ChannelItem, Material
from solver.clock import ManualClock
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.orders.model import Order
from solver.scenario.load import load
from solver.scenario.model import OpeningStock, Scenario
from solver.storage.once import Request, request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of

PRICES = {"MACHINE": 120_000, "BEANS": 6_000, "RED": 3_000, "BLUE": 3_000, "WHITE": 3_000, "SAMPLE": 500}
COLOURS = ("RED", "BLUE", "WHITE")
SECONDS = 900.0  # what compiles meanwhile must not fail a test
STOCK = {"MACHINE": 9, "BEANS": 30, "RED": 3, "BLUE": 3, "WHITE": 3, "SAMPLE": 1}


def item(item_id: str, units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=item_id))


CUP = Node(
    draw=Draw(by_stock=True, chances=tuple(Chance(code=colour.lower(), goods=item(colour)) for colour in COLOURS))
)
COFFEE = Combination(
    combination_id="COFFEE",
    kind="random_colour",
    name="Coffee at home",
    goods=Node(all_of=AllOf(parts=(item("MACHINE"), item("BEANS", 3), CUP))),
    price=Price(fixed=Fixed(unit_minor=99_900)),
)
CUPS = tuple(Option(code=colour.lower(), goods=item(colour), most=2) for colour in COLOURS)
TASTING = Combination(
    combination_id="TASTING",
    kind="pick_and_mix",
    goods=Node(slot="cup", choose=Choose(options=CUPS, least=2, most=2)),
    price=Price(fixed=Fixed(unit_minor=5_500)),
)
GIFT_FROM_500 = Combination(
    combination_id="GIFT-500",
    kind="amount_gift",
    offer=Offer(
        measure=Measure.AMOUNT,
        steps=(Step(least=50_000, goods=Node(gift=Gift(goods=item("SAMPLE"), most_per_order=1))),),
    ),
)


def coffee_world(**stock: int) -> Scenario:
    """The made world with the set's materials, and so many of each in the east."""
    materials = tuple(
        Material(sku=sku, name=sku.title(), weight_grams=400, attributes={"stand_alone_price_minor": str(price)})
        for sku, price in PRICES.items()
    )
    opening = tuple(OpeningStock(source_id="W-EAST", sku=sku, units=units) for sku, units in stock.items() if units)
    world = made_world()
    return replace(world, materials=(*world.materials, *materials), stock=(*world.stock, *opening))


def sell(application: Application, *combinations: Combination) -> None:
    """Keep combinations, and show the coffee set in a shop by a code of its own."""
    rows = [KeptCombination(combination=combination) for combination in combinations]
    first = combinations[0]
    named = f"{first.combination_id}, {first.name}."
    application.combinations.upsert(request_for("UpsertCombinations", named, rows), rows)


def coffee_order(number: int, quantity: int = 1) -> Order:
    return order_of(("COFFEE", quantity), order_id=f"coffee-{number}")


def shown(application: Application) -> None:
    """The shop TMALL shows the coffee set as TM-77."""
    items = [ChannelItem(channel="TMALL", code="TM-77", item_id="COFFEE")]
    application.catalog.upsert_channel_items(request_for("UpsertChannelItems", "tm", items), items)


def opened(folder: Path, **stock: int) -> Application:
    """A shop that sells the coffee set and the tasting."""
    application = Application.open(folder, ManualClock(MONDAY_AT_8), durable=False)
    load(application, coffee_world(**stock))
    sell(application, COFFEE, TASTING)
    shown(application)
    return application


def request_of(order: Order, name: str = "") -> Request:
    """The request to plan an order."""
    return request_for("PlanFulfillment", name or order.order_id, order)


def planned(shop: Application, order: Order, name: str = "") -> FulfilmentPlan:
    """The order's plan."""
    return shop.planner.plan(request_of(order, name), PlanCommand(order=order), seconds_left=SECONDS)


def decisions(plan: FulfilmentPlan) -> tuple[Decision, ...]:
    """What stock and chance decided for a plan."""
    assert plan.exploded is not None
    return plan.exploded.explosion.decisions


def shipped(plan: FulfilmentPlan) -> Counter[str]:
    """Units of a plan by SKU."""
    units: Counter[str] = Counter()
    for package in plan.plan.packages:
        for one in package.contents:
            units[one.sku] += one.units
    return units
