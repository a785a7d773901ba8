"""A British shop's invoices laid out in bundles over its real codes: packs, crates of packs, pairs, and offers on top.

Real are the invoices, codes, quantities and prices; the combinations are made up from what was bought most, and most
often together.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.baskets import read_baskets
from solver.catalog.combinations.basket import Basket, BasketLine
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.model import (
    AllOf,
    Chance,
    Combination,
    Draw,
    Gift,
    Item,
    Measure,
    Node,
    Offer,
    Step,
)
from solver.catalog.combinations.prices import OfParts, Price
from solver.catalog.model import Part
from solver.orders.model import Order

PACKED, PAIRS, SAMPLES = 500, 300, 5
PACK_UNITS, CRATE_PACKS = 6, 2
WIDEST = 60  # lines; wider invoices tell little about what is bought together


@dataclass(frozen=True, slots=True)
class Materials:
    """Every code is a material."""

    skus: frozenset[str]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.skus

    def explode(self, item_id: str) -> Sequence[Part]:
        if item_id not in self.skus:
            raise KeyError(item_id)
        return (Part(sku=item_id, units=1),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Invoices as orders of combinations, with the units of each that were sold."""

    baskets: Sequence[Basket]
    book: Book
    units: Mapping[str, Counter[str]]
    lines: int
    products: int


def lay_out(data: Path, seed: int) -> Laid:
    """All invoices."""
    orders = read_baskets(data, seed).orders
    sold = Counter(line.sku for order in orders for line in order.lines)
    packed = [sku for sku, _ in sold.most_common(PACKED)]
    pairs = _pairs(orders, set(packed))
    prices = {line.sku: line.unit_price_minor for order in orders for line in order.lines}
    made = [*_packs(packed), *(_pair(one) for one in pairs), *_offers(packed[:SAMPLES])]
    return Laid(
        baskets=[_basket(order, set(packed), pairs) for order in orders],
        book=compile_book(made, Materials(frozenset(sold)), prices),
        units={order.order_id: Counter({line.sku: line.quantity for line in order.lines}) for order in orders},
        lines=sum(len(order.lines) for order in orders),
        products=len(sold),
    )


def _pairs(orders: Sequence[Order], packed: set[str]) -> list[tuple[str, str]]:
    """The products most often on one invoice."""
    found: Counter[tuple[str, str]] = Counter()
    for order in orders:
        if len(order.lines) <= WIDEST:
            found.update(combinations(sorted(line.sku for line in order.lines if line.sku in packed), 2))
    return [pair for pair, _ in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:PAIRS]]


def _packs(skus: Sequence[str]) -> Iterator[Combination]:
    """A pack of each product, and a crate of packs."""
    for sku in skus:
        pack = Node(units=PACK_UNITS, item=Item(item_id=sku))
        yield Combination(combination_id=f"PACK-{sku}", kind="family_pack", goods=pack, price=_less(950))
        crate = Node(all_of=AllOf(parts=(_item(f"PACK-{sku}", CRATE_PACKS),), together=True))
        yield Combination(combination_id=f"CRATE-{sku}", kind="assortment", goods=crate, price=_less(900))


def _pair(pair: tuple[str, str]) -> Combination:
    parts = tuple(_item(sku) for sku in pair)
    return Combination(
        combination_id="+".join(pair), kind="fixed_bundle", goods=Node(all_of=AllOf(parts=parts)), price=_less(925)
    )


def _offers(samples: Sequence[str]) -> Iterator[Combination]:
    """Money off in tiers, and a sample by chance with every order of some size."""
    tiers = tuple(
        Step(least=least, off_minor=off) for least, off in ((10_000, 500), (30_000, 2_500), (100_000, 10_000))
    )
    yield Combination(
        combination_id="TIERS", kind="tiered_amount_off", offer=Offer(measure=Measure.AMOUNT, steps=tiers)
    )
    draw = Draw(chances=tuple(Chance(code=sku, goods=_item(sku)) for sku in samples), count=2, distinct=True)
    steps = (Step(least=5_000, goods=Node(gift=Gift(goods=Node(draw=draw)))),)
    yield Combination(combination_id="SAMPLES", kind="amount_gift", offer=Offer(measure=Measure.AMOUNT, steps=steps))


def _item(item_id: str, units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=item_id))


def _less(keep_permille: int) -> Price:
    return Price(of_parts=OfParts(keep_permille=keep_permille))


def _basket(order: Order, packed: set[str], pairs: Sequence[tuple[str, str]]) -> Basket:
    """Crates and packs where there are enough units, pairs of what is left, and the rest singly."""
    left = {line.sku: line.quantity for line in order.lines}
    laid: list[tuple[str, int]] = []
    for sku in left:
        if sku in packed:
            crates, rest = divmod(left[sku], PACK_UNITS * CRATE_PACKS)
            packs, left[sku] = divmod(rest, PACK_UNITS)
            laid += [(f"CRATE-{sku}", crates), (f"PACK-{sku}", packs)]
    for one, other in pairs:
        units = min(left.get(one, 0), left.get(other, 0))
        if units:
            left[one] -= units
            left[other] -= units
            laid.append((f"{one}+{other}", units))
    laid += left.items()
    lines = (
        BasketLine(line_id=str(number), item_id=item_id, quantity=units)
        for number, (item_id, units) in enumerate((row for row in laid if row[1]), 1)
    )
    return Basket(order_id=order.order_id, lines=tuple(lines))
