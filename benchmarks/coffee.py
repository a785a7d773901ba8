"""The coffee set sold out: a machine, three bags of beans and a cup of a random colour, by concurrent callers.

Usage: python -m benchmarks.coffee [--orders N] [--callers N] [--cups N]

On the network of `scenarios/first_light`, whose warehouses hold the parts. Every caller repeats his request, as one
does whose connection broke. Checked: every unit is accounted for, nothing is oversold, every repeat gets the first
draw. Then what orders without a combination pay, with combinations kept and without.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from solver.app import Application
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.model import AllOf, Chance, Combination, Draw, Item, Node
from solver.catalog.combinations.prices import Fixed, Price
from solver.catalog.model import Material
from solver.clock import SystemClock
from solver.errors import LostRace
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.orders.model import Order, OrderLine
from solver.scenario.files import read_scenario
from solver.scenario.load import load
from solver.scenario.model import OpeningStock, Scenario
from solver.storage.once import request_for

BUNDLED = Path(__file__).resolve().parents[1] / "scenarios" / "first_light"
PRICES = {"MACHINE": 120_000, "BEANS": 6_000, "CUP-RED": 3_000, "CUP-BLUE": 3_000, "CUP-WHITE": 3_000}
CUPS = ("CUP-RED", "CUP-BLUE", "CUP-WHITE")
SECONDS = 120.0
PLAIN = 300  # orders without a combination


def item(sku: str, units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=sku))


CUP = Node(draw=Draw(by_stock=True, chances=tuple(Chance(code=sku, goods=item(sku)) for sku in CUPS)))
COFFEE = Combination(
    combination_id="COFFEE",
    kind="random_colour",
    goods=Node(all_of=AllOf(parts=(item("MACHINE"), item("BEANS", 3), CUP))),
    price=Price(fixed=Fixed(unit_minor=99_900)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What a caller got, and how often he had to ask."""

    plan: FulfilmentPlan
    asked: int


def world(orders: int, cups: int) -> Scenario:
    """The scenario with the set's materials, cups of three colours in unequal numbers, spread over its warehouses."""
    scenario = read_scenario(BUNDLED)
    materials = tuple(
        Material(sku=sku, name=sku, weight_grams=500, attributes={"stand_alone_price_minor": str(price)})
        for sku, price in PRICES.items()
    )
    units = {"MACHINE": 2 * orders, "BEANS": 6 * orders, **dict(zip(CUPS, split(cups, (5, 3, 2)), strict=True))}
    sites = [source.source_id for source in scenario.sources][:4]
    stock = tuple(
        OpeningStock(source_id=site, sku=sku, units=count)
        for sku, total in units.items()
        for site, count in zip(sites, split(total, (4, 3, 2, 1)), strict=True)
        if count
    )
    return replace(scenario, materials=(*scenario.materials, *materials), stock=(*scenario.stock, *stock))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """By weights, the rest to the first."""
    parts = [total * weight // sum(weights) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def buy(application: Application, order: Order) -> Sold:
    """Ask until the race is not lost."""
    command, asked = PlanCommand(order=order), 0
    request = request_for("PlanFulfillment", order.order_id, command)
    while True:
        asked += 1
        try:
            return Sold(plan=application.planner.plan(request, command, seconds_left=SECONDS), asked=asked)
        except LostRace:
            continue


def units_of(plan: FulfilmentPlan) -> Counter[str]:
    units: Counter[str] = Counter()
    for package in plan.plan.packages:
        for packed in package.contents:
            units[packed.sku] += packed.units
    return units


def audit(application: Application, sold: Sequence[Sold], cups: int, orders: int) -> Counter[str]:
    """Every unit that was sold is held, none twice; whole sets alone are sold. Raises AssertionError."""
    taken: Counter[str] = Counter()
    for one in sold:
        units = units_of(one.plan)
        assert not units or units["BEANS"] == 3 * units["MACHINE"] == 3 * sum(units[cup] for cup in CUPS), units
        taken += units
    with application.database.read() as reader:
        levels = application.stock.levels(reader, skus=set(PRICES))
        broken = [*application.journal.audit(reader), *application.stock.audit(reader)]
    held: Counter[str] = Counter()
    for level in levels:
        held[level.sku] += level.held
        assert level.available >= 0, level
    assert held == taken, (held, taken)
    assert not broken, broken
    assert sum(taken[cup] for cup in CUPS) == min(cups, orders)
    return taken


def plain_cpu(application: Application, template: Order, tag: str) -> float:
    """Microseconds of CPU for a plan of an order without a combination, that is not held."""
    lines = (OrderLine(line_id="1", sku="MACHINE", quantity=1), OrderLine(line_id="2", sku="BEANS", quantity=2))
    begun = time.process_time()
    for number in range(PLAIN):
        order = replace(template, order_id=f"{tag}-{number}", lines=lines, promised_at=None)
        command = PlanCommand(order=order, validate_only=True)
        application.planner.plan(request_for("PlanFulfillment", "", command), command, seconds_left=SECONDS)
    return (time.process_time() - begun) / PLAIN * 1e6


def main() -> int:
    """Sell, check, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--callers", type=int, default=16)
    parser.add_argument("--cups", type=int, default=9_000)
    asked = parser.parse_args()
    scenario = world(asked.orders, asked.cups)
    template = next(iter(scenario.orders))
    with tempfile.TemporaryDirectory() as folder:
        application = Application.open(Path(folder), SystemClock())
        try:
            load(application, scenario)
            application.planner.make_ready()
            plain_cpu(application, template, "warm")
            without = [plain_cpu(application, template, f"without-{turn}") for turn in range(3)]
            rows = [KeptCombination(combination=COFFEE)]
            application.combinations.upsert(request_for("UpsertCombinations", "coffee", rows), rows)
            with_them = [plain_cpu(application, template, f"with-{turn}") for turn in range(3)]
            print(
                f"a plan without a combination: {min(without):,.0f} us of CPU where none is kept, "
                f"{min(with_them):,.0f} us where one is ({min(with_them) / min(without):.3f} x)"
            )
            sell_out(application, template, asked)
        finally:
            application.close()
    return 0


def sell_out(application: Application, template: Order, asked: argparse.Namespace) -> None:
    """All orders by all callers, then every one again."""
    line = (OrderLine(line_id="1", sku="COFFEE", quantity=1),)
    now = application.clock.now()
    orders = [
        replace(template, order_id=f"coffee-{number}", lines=line, placed_at=now, promised_at=None)
        for number in range(asked.orders)
    ]
    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(asked.callers) as callers:
        sold = [*callers.map(lambda order: buy(application, order), orders)]
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    taken = audit(application, sold, asked.cups, asked.orders)
    with ThreadPoolExecutor(asked.callers) as callers:
        again = [*callers.map(lambda order: buy(application, order), orders)]
    same = sum(one.plan.exploded == other.plan.exploded for one, other in zip(sold, again, strict=True))
    assert same == asked.orders, f"{asked.orders - same} repeats were drawn anew"
    shares = [
        sum(line.quantity * line.unit_price_minor for line in one.plan.exploded.lines)
        for one in sold
        if one.plan.exploded
    ]
    assert shares == [99_900] * asked.orders, "the shares sum to the price"
    audit(application, sold, asked.cups, asked.orders)
    lost = sum(one.asked - 1 for one in sold)
    print(
        f"{asked.orders:,} sets asked for by {asked.callers} callers, {asked.cups:,} cups: "
        f"{taken['MACHINE']:,} sold, {lost:,} asked again after a lost race; {seconds:.1f} s, "
        f"{cpu / asked.orders * 1e3:.2f} ms of CPU an order"
    )
    print(", ".join(f"{taken[cup]:,} {cup}" for cup in CUPS))
    print(f"{same:,} of {asked.orders:,} repeats got the first draw; nothing oversold, the books are sound")


if __name__ == "__main__":
    sys.exit(main())
