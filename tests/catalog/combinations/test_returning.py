"""Returns of combinations: what is kept is priced by their own rules, and all refunds sum to what was paid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.basket import Basket, BasketLine
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.lines import Worths
from solver.catalog.combinations.model import AllOf, Chance, Combination, Draw, Gift, Item, Measure, Node, Offer, Step
from solver.catalog.combinations.prices import Band, Bands, Fixed, Price
from solver.catalog.combinations.returning import Bought, ReturnedUnits, quoted_return
from solver.catalog.model import Material
from solver.catalog.sharing.model import Worth
from solver.catalog.sharing.returns import Refund
from solver.errors import InvalidRequest

PRICES = {"MACHINE": 1_000, "BEANS": 100, "RED": 50, "BLUE": 50, "SAMPLE": 30}
GOODS = Catalog.of([Material(sku=sku, name=sku, weight_grams=100) for sku in PRICES])
WORTHS = Worths(of={sku: Worth(price_minor=price) for sku, price in PRICES.items()}, currency="CNY")


def item(item_id: str, units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=item_id))


CUP = Node(draw=Draw(chances=(Chance(code="red", goods=item("RED")), Chance(code="blue", goods=item("BLUE")))))
COFFEE = Combination(
    combination_id="COFFEE",
    kind="",
    goods=Node(all_of=AllOf(parts=(item("MACHINE"), item("BEANS", 3), CUP))),
    price=Price(fixed=Fixed(unit_minor=999)),
)
TIERS = Combination(
    combination_id="TIERS",
    kind="",
    goods=item("BEANS"),
    price=Price(bands=Bands(bands=(Band(least_units=3, unit_minor=80),))),
)
GIFT = Combination(
    combination_id="GIFT",
    kind="",
    offer=Offer(
        measure=Measure.AMOUNT, steps=(Step(least=1_500, off_minor=100, goods=Node(gift=Gift(goods=item("SAMPLE")))),)
    ),
)


def book_of(*combinations: Combination) -> Book:
    return compile_book(combinations, GOODS, PRICES)


def order(item_id: str, quantity: int) -> Bought:
    return Bought(basket=Basket(order_id="O", lines=(BasketLine(line_id="1", item_id=item_id, quantity=quantity),)))


def units(sku: str, count: int, line_id: str = "1") -> ReturnedUnits:
    return ReturnedUnits(line_id=line_id, sku=sku, units=count)


def back(bought: Bought, book: Book, returned: ReturnedUnits, *before: ReturnedUnits, refunded: int = 0) -> Refund:
    return quoted_return(bought, book, WORTHS, [returned], before=before, refunded_minor=refunded)


def test_a_part_of_a_set_gives_back_its_share() -> None:
    found = back(order("COFFEE", 1), book_of(COFFEE), units("BEANS", 1))

    # 999 over 1,000 + 3 x 100 + 50: 740, 222 and 37.
    assert (found.refund_minor, found.repriced_minor) == (74, 0)


def test_a_tier_that_is_no_longer_reached_is_taken_back() -> None:
    bought, book = order("TIERS", 3), book_of(TIERS)
    first = back(bought, book, units("BEANS", 1))
    assert (first.share_minor, first.repriced_minor, first.refund_minor) == (80, 40, 40)
    second = back(bought, book, units("BEANS", 2), units("BEANS", 1), refunded=40)
    assert second.refund_minor == 200


def test_an_offer_that_is_no_longer_reached_is_taken_back_and_its_gift_is_charged() -> None:
    bought, book = order("MACHINE", 2), book_of(GIFT)
    found = back(bought, book, units("MACHINE", 1))

    # Paid 1,900; one machine is 1,000 without the offer, and the sample that is kept 30.
    assert found.refund_minor == 870
    assert found.sale.kept == {"1/MACHINE": 1, "GIFT/SAMPLE": 1}


@pytest.mark.parametrize(
    ("returned", "field"),
    [
        (units("BEANS", 4), "returned[1/BEANS]"),
        (units("TEA", 1), "returned[1/TEA]"),
        (units("BEANS", 0), "returned[0].units"),
    ],
)
def test_what_was_not_bought_does_not_come_back(returned: ReturnedUnits, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        back(order("COFFEE", 1), book_of(COFFEE), returned)
    assert field in [one.field for one in refused.value.violations]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_refunds_of_any_sequence_sum_to_what_was_paid(data: st.DataObject) -> None:
    book = book_of(COFFEE, TIERS, GIFT)
    lines = (
        BasketLine(line_id="1", item_id="COFFEE", quantity=data.draw(st.integers(1, 3))),
        BasketLine(line_id="2", item_id="TIERS", quantity=data.draw(st.integers(1, 4))),
    )
    basket = Basket(order_id="O", lines=lines)
    explosion = explode(basket, book, seed=str(data.draw(st.integers(0, 9))))
    bought = Bought(basket=basket, decisions=explosion.decisions)
    left = {(piece.line_id, piece.sku): 0 for piece in explosion.pieces}
    for piece in explosion.pieces:
        left[piece.line_id, piece.sku] += piece.units
    before: list[ReturnedUnits] = []
    given_back = 0
    while any(left.values()):
        line_id, sku = data.draw(st.sampled_from([key for key, count in left.items() if count]))
        returned = units(sku, data.draw(st.integers(1, left[line_id, sku])), line_id)
        found = back(bought, book, returned, *before, refunded=given_back)
        assert found.refund_minor >= 0
        before.append(returned)
        left[line_id, sku] -= returned.units
        given_back += found.refund_minor

    assert given_back == sum(line.price_minor for line in explosion.lines)
