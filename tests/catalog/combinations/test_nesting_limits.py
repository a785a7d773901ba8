"""Where nesting ends, an order is refused, and the slow recomputation refuses it too."""

from itertools import pairwise

import pytest

from benchmarks.combination_oracle import Refused, World
from benchmarks.combination_slow import Answer, Slow, answer_of
from benchmarks.combination_worlds import RandomWorld, Recipes
from benchmarks.combinations import Counts, count_order
from solver.catalog.combinations.basket import Basket, BasketLine, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.model import AllOf, Combination, Item, Node, Period
from solver.catalog.model import Part
from solver.errors import InvalidRequest

RECIPES = Recipes({sku: (Part(sku=sku, units=1),) for sku in ("M", "N", "P")})
PRICES = {"M": 7}
SEEN = Seen()


def _item(item_id: str, *substitutes: str) -> Node:
    return Node(item=Item(item_id=item_id, substitutes=substitutes))


def _sold(combination_id: str, *parts: Node) -> Combination:
    return Combination(combination_id=combination_id, kind="fixed_bundle", goods=Node(all_of=AllOf(parts=parts)))


def _world(*combinations: Combination) -> RandomWorld:
    return RandomWorld(recipes=RECIPES, prices=PRICES, combinations={one.combination_id: one for one in combinations})


def _chain(links: int) -> RandomWorld:
    """Each link has two nodes: its parts, and the item in them."""
    ids = ["M", *(f"L{at}" for at in range(links))]
    return _world(*(_sold(one, _item(inner)) for inner, one in pairwise(ids)))


def _wide(deliveries: int) -> RandomWorld:
    """Ten items and two substitutes, so many times."""
    ten = _sold("TEN", *[_item("M")] * 9, _item("M", "N", "P"))
    month = Node(period=Period(goods=_item("TEN"), times=deliveries, every_days=7))
    return _world(ten, Combination(combination_id="TOP", kind="subscription", goods=month))


def _both(world: RandomWorld, item_id: str) -> tuple[Answer, Answer]:
    basket = Basket(order_id="O", lines=(BasketLine(line_id="1", item_id=item_id, quantity=2),))
    book = compile_book(world.combinations.values(), world.recipes, world.prices)
    return (
        answer_of(explode(basket, book, SEEN, seed="s")),
        Slow(World(world.recipes.parts, world.combinations, world.prices), basket, SEEN, "s").run(),
    )


def _refusal(world: RandomWorld, item_id: str) -> str:
    """What the engine says; the recomputation must refuse as well."""
    basket = Basket(order_id="O", lines=(BasketLine(line_id="1", item_id=item_id, quantity=2),))
    with pytest.raises(Refused):
        Slow(World(world.recipes.parts, world.combinations, world.prices), basket, SEEN, "s").run()
    with pytest.raises(InvalidRequest) as refused:
        explode(basket, compile_book(world.combinations.values(), world.recipes, world.prices), SEEN, seed="s")
    (violation,) = refused.value.violations
    assert violation.field == "lines[0].item_id"
    return violation.remedy


def test_twenty_four_nodes_from_top_to_bottom_are_answered_alike() -> None:
    quick, slow = _both(_chain(12), "L11")
    assert quick == slow
    assert sum(quick.pieces.values()) == 2
    assert quick.prices == [("1", 2, 14, 14, 0, 0, 0)]


def test_two_nodes_more_are_refused_by_both() -> None:
    remedy = "it cannot be unfolded as its parts are now, change it: L12: 'L12': 26 levels deep; nest at most 24"
    assert _refusal(_chain(13), "L12") == remedy
    assert _both(_chain(13), "L11")[0].prices == [("1", 2, 14, 14, 0, 0, 0)]


def test_two_thousand_places_are_answered_alike_and_more_are_refused_by_both() -> None:
    quick, slow = _both(_wide(166), "TOP")
    assert quick == slow
    assert sum(quick.pieces.values()) == 2 * 10 * 166
    remedy = (
        "it cannot be unfolded as its parts are now, change it: "
        "TOP: 'TOP': it unfolds to 2,004 places; make it smaller, at most 2,000"
    )
    assert _refusal(_wide(167), "TOP") == remedy


def test_an_order_of_one_nested_too_deep_is_counted_as_refused_by_both() -> None:
    counts, world = Counts(), _chain(13)
    book = compile_book(world.combinations.values(), world.recipes, world.prices)
    basket = Basket(order_id="O", lines=(BasketLine(line_id="1", item_id="L12", quantity=1),))
    count_order(counts, world, book, basket, SEEN)
    assert (counts.refused, counts.differ) == (1, 0)
