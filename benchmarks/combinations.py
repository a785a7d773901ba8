"""How fast combinations explode, whether they explode right, and what becomes of real invoices laid out in bundles.

`python -m benchmarks.combinations` times; `--exact N` compares N random orders with a slow recomputation that shares no
code; `--invoices` lays bundles over the codes of a British shop's invoices and explodes them.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.combination_invoices import Laid, lay_out
from benchmarks.combination_oracle import Refused, World
from benchmarks.combination_slow import Answer, Slow, answer_of
from benchmarks.combination_worlds import RandomWorld, random_basket, random_seen, random_world
from solver.catalog.combinations.basket import Basket, BasketLine, Chosen, Seen
from solver.catalog.combinations.explode import explode, explode_all
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.inverse import reassemble
from solver.catalog.combinations.kinds import kinds, shop
from solver.catalog.combinations.model import AllOf, Chance, Choose, Combination, Draw, Item, Node, Option
from solver.catalog.combinations.outcome import Explosion
from solver.errors import InvalidRequest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SEED = 1
ORDERS = 20_000
CHECKED = 50  # orders that are recomputed slowly before a row is timed
ORDERS_PER_WORLD = 50
GOAL_LINES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Orders to be timed, over combinations that are compiled once."""

    name: str
    book: Book
    baskets: Sequence[Basket]
    seen: Seen


def main() -> int:
    """Print what was asked; fail where an answer is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders of each row that is timed")
    parser.add_argument("--exact", type=int, metavar="N", help="compare N random orders instead of timing")
    parser.add_argument("--invoices", action="store_true", help="explode a British shop's invoices instead")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    if options.exact:
        return exact(options.exact, options.seed)
    if options.invoices:
        return invoices(SHARED, options.seed)
    return timed(options.orders, options.seed)


def timed(orders: int, seed: int) -> int:
    """Lines a second of one processor, each row after its first orders were recomputed slowly."""
    print("| orders | combinations | lines | pieces / line | decisions / line | lines a second | goal |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for load in loads(orders, seed):
        compare(load)
        begun = time.process_time()
        pieces = decisions = 0
        for explosion in explode_all(load.baskets, load.book, load.seen, seed="bench"):
            pieces += len(explosion.pieces)
            decisions += len(explosion.decisions)
        seconds = time.process_time() - begun
        lines = sum(len(basket.lines) for basket in load.baskets)
        goal = f"{GOAL_LINES:,}" if load.name.startswith("nested") else ""
        print(
            f"| {load.name} | {len(load.book.combinations)} | {lines:,} | {pieces / lines:.1f} | "
            f"{decisions / lines:.1f} | {lines / seconds:,.0f} | {goal} |"
        )
    print(f"\nSeed {seed}. Before each row, {CHECKED} of its orders were recomputed slowly, to the unit and the cent.")
    return 0


def loads(orders: int, seed: int) -> Iterator[Load]:
    """From single materials to all 36 kinds at once."""
    bare = shop().book(())
    skus = [sku for sku, ware in shop().wares.items() if ware.price_minor]
    yield _load("single materials", bare, skus, orders, seed)
    nested = shop().book(tuple(_nested()))
    yield _load("nested, three deep, one chosen and two drawn", nested, ["CRATE"], orders, seed)
    examples = [one for kind in kinds().values() for one in kind.example.combinations]
    sold = {one.combination_id: one for one in examples if one.goods is not None}
    everything = {one.combination_id: one for one in examples}
    all_sold = shop().book(tuple(sold.values()))
    yield _load("every kind that is sold", all_sold, list(sold), orders, seed)
    some = tuple(one for one in examples if one.offer is not None)[:3]
    three = shop().book((*sold.values(), *some))
    yield _load("the same, and three offers", three, list(sold), orders, seed)
    yield _load("all 36 kinds, every offer applies", shop().book(tuple(everything.values())), list(sold), orders, seed)


def _nested() -> Iterator[Combination]:
    """A crate of two boxes, each with a set: beans, a cup by chance, and a choice of what goes with it."""
    cups = tuple(Chance(code=sku, goods=_item(sku), weight=weight) for sku, weight in (("CUP-RED", 3), ("CUP-BLUE", 1)))
    parts = (_item("BEANS", 2), Node(draw=Draw(chances=cups)))
    yield Combination(combination_id="SET", kind="lucky_bag", goods=Node(all_of=AllOf(parts=parts, together=True)))
    extras = tuple(Option(code=sku, goods=_item(sku), extra_minor=500) for sku in ("FILTER", "MILK"))
    choice = Node(slot="extra", choose=Choose(options=extras, least=0))
    yield Combination(
        combination_id="BOX",
        kind="optional_kit",
        goods=Node(all_of=AllOf(parts=(_item("SET"), _item("DECAF"), choice))),
    )
    crate = Node(all_of=AllOf(parts=(_item("BOX", 2), _item("SET"), _item("MACHINE"))))
    yield Combination(combination_id="CRATE", kind="nested_gift_box", goods=crate)


def _item(item_id: str, units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=item_id))


def _load(name: str, book: Book, item_ids: Sequence[str], orders: int, seed: int) -> Load:
    """Orders of 1 to 5 lines of 1 to 3 units, with the choices of the examples."""
    rng = random.Random(f"{seed}:{name}")
    chosen = {kind.example.combination.combination_id: kind.example.basket.lines[0].chosen for kind in kinds().values()}
    chosen["CRATE"] = (Chosen(slot="BOX/extra", option="FILTER"),)
    baskets = []
    for order in range(orders):
        lines = []
        for at in range(rng.randint(1, 5)):
            item_id = rng.choice(item_ids)
            wishes = chosen.get(item_id, ())
            lines.append(BasketLine(line_id=str(at), item_id=item_id, quantity=rng.randint(1, 3), chosen=wishes))
        baskets.append(Basket(order_id=str(order), lines=tuple(lines), customer_tier=rng.choice(("", "gold"))))
    return Load(name=name, book=book, baskets=baskets, seen=shop().seen)


def compare(load: Load) -> None:
    """Recompute the first orders slowly. Raises AssertionError where an answer differs."""
    recipes = {sku: tuple(shop().explode(sku)) for sku in shop().wares}
    world = World(recipes, load.book.combinations, load.book.prices)
    for basket in load.baskets[:CHECKED]:
        slow = Slow(world, basket, load.seen, "bench").run()
        quick = answer_of(explode(basket, load.book, load.seen, seed="bench"))
        assert quick == slow, f"{load.name}: order {basket.order_id} differs"


@dataclass(slots=True)
class Counts:
    """Random orders by what came of them."""

    orders: int = 0
    lines: int = 0
    pieces: int = 0
    units: int = 0
    decisions: int = 0
    refused: int = 0
    differ: int = 0
    not_repeated: int = 0
    not_whole: int = 0

    @property
    def is_sound(self) -> bool:
        return not (self.differ or self.not_repeated or self.not_whole)


def exact(orders: int, seed: int) -> int:
    """Random orders of random combinations; everything that is answered is compared."""
    counts = random_orders(orders, seed)
    rows = (
        ("orders", counts.orders),
        ("lines", counts.lines),
        ("pieces", counts.pieces),
        ("units", counts.units),
        ("decisions by stock and chance", counts.decisions),
        ("refused by both", counts.refused),
        ("**answers that differ**", counts.differ),
        ("**not repeated from their decisions on other stock**", counts.not_repeated),
        ("**lines that their pieces do not make again**", counts.not_whole),
    )
    print("| | |\n|---|---:|")
    for name, count in rows:
        print(f"| {name} | {count:,} |")
    print(f"\nSeed {seed}.")
    return int(not counts.is_sound)


def random_orders(orders: int, seed: int) -> Counts:
    """So many orders, some of each of many worlds."""
    counts = Counts()
    while counts.orders < orders:
        rng = random.Random(f"{seed}:{counts.orders}")
        world = random_world(rng)
        book = compile_book(world.combinations.values(), world.recipes, world.prices)
        for _ in range(min(ORDERS_PER_WORLD, orders - counts.orders)):
            basket = random_basket(rng, world, f"{counts.orders}")
            count_order(counts, world, book, basket, random_seen(rng, world))
    return counts


def count_order(counts: Counts, world: RandomWorld, book: Book, basket: Basket, seen: Seen) -> None:
    """Explode an order, recompute it, repeat it from its decisions, and make it again from its pieces."""
    counts.orders += 1
    counts.lines += len(basket.lines)
    slow = _slow(world, basket, seen)
    try:
        explosion = explode(basket, book, seen, seed="s")
    except InvalidRequest:
        counts.refused += 1
        counts.differ += slow is not None
        return
    counts.pieces += len(explosion.pieces)
    counts.units += sum(piece.units for piece in explosion.pieces)
    counts.decisions += len(explosion.decisions)
    counts.differ += answer_of(explosion) != slow
    again = explode(basket, book, replace(seen, available={}), seed="other", decisions=explosion.decisions)
    counts.not_repeated += again != explosion
    made = reassemble(explosion, basket, world.combinations, world.recipes)
    counts.not_whole += sum(
        line.quantity not in one.wholes or bool(one.left) for line, one in zip(explosion.lines, made, strict=True)
    )


def _slow(world: RandomWorld, basket: Basket, seen: Seen) -> Answer | None:
    try:
        return Slow(World(world.recipes.parts, world.combinations, world.prices), basket, seen, "s").run()
    except Refused:
        return None


def invoices(data: Path, seed: int) -> int:
    """Real invoices laid out in bundles: do they explode to the units that were sold?"""
    laid = lay_out(data, seed)
    begun = time.process_time()
    explosions = list(explode_all(laid.baskets, laid.book, seed="invoices"))
    seconds = time.process_time() - begun
    wrong = sum(_is_wrong(laid, basket, one) for basket, one in zip(laid.baskets, explosions, strict=True))
    lines = sum(len(basket.lines) for basket in laid.baskets)
    bundled = sum(line.item_id in laid.book.combinations for basket in laid.baskets for line in basket.lines)
    off = sum(part.off_minor for one in explosions for line in one.lines for part in line.reductions)
    print("| | |\n|---|---:|")
    print(f"| invoices | {len(laid.baskets):,} |")
    print(f"| combinations over {laid.products:,} real codes | {len(laid.book.combinations):,} |")
    print(f"| lines as invoiced | {laid.lines:,} |")
    print(f"| lines laid out | {lines:,} |")
    print(f"| of these combinations | {bundled:,} |")
    print(f"| units sold | {sum(sum(units.values()) for units in laid.units.values()):,} |")
    print(f"| gifts given | {sum(gift.given_units for one in explosions for gift in one.gifts):,} |")
    print(f"| taken off by offers, GBP | {off // 100:,} |")
    print(f"| **invoices that do not explode to the units sold** | {wrong:,} |")
    print(f"| lines a second of one processor | {lines / seconds:,.0f} |")
    return int(wrong > 0)


def _is_wrong(laid: Laid, basket: Basket, explosion: Explosion) -> bool:
    """Whether the lines of an invoice do not come to its units; gifts are lines of their own."""
    lines = {line.line_id for line in basket.lines}
    units: Counter[str] = Counter()
    for piece in explosion.pieces:
        if piece.line_id in lines:
            units[piece.sku] += piece.units
    return units != laid.units[basket.order_id]


if __name__ == "__main__":
    sys.exit(main())
