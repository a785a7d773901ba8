"""An explosion as lines: every unit and every minor unit is on exactly one of them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.basket import Basket, BasketLine, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.lines import ExplodedLine, Worths, exploded_lines
from solver.catalog.combinations.model import AllOf, Chance, Combination, Draw, Gift, Item, Node, Period
from solver.catalog.combinations.outcome import Explosion, LineOutcome, Role
from solver.catalog.combinations.prices import Fixed, Price
from solver.catalog.model import Material
from solver.catalog.sharing.model import Basis, Worth
from solver.errors import InvalidRequest
from solver.orders.model import OrderPart

SKUS = ("MACHINE", "BEANS", "RED", "BLUE", "SAMPLE")
GOODS = Catalog.of([Material(sku=sku, name=sku, weight_grams=100) for sku in SKUS])
WORTHS = Worths(
    of={
        sku: Worth(price_minor=price)
        for sku, price in {"MACHINE": 1_000, "BEANS": 100, "RED": 50, "BLUE": 50, "SAMPLE": 9}.items()
    },
    currency="CNY",
)


def item(item_id: str, units: int = 1, weight: int = 0) -> Node:
    return Node(units=units, share_weight=weight, item=Item(item_id=item_id))


def lines_of(
    goods: Node,
    quantity: int,
    price_minor: int,
    *,
    basis: Basis = Basis.STAND_ALONE_PRICE,
    worths: Worths = WORTHS,
    **available: int,
) -> tuple[tuple[ExplodedLine, ...], Explosion]:
    """Of an order of so many sets at a fixed price each."""
    price = Price(fixed=Fixed(unit_minor=price_minor))
    combination = Combination(combination_id="SET", kind="any", goods=goods, price=price, share_by=basis)
    book = compile_book([combination], GOODS)
    basket = Basket(order_id="O", lines=(BasketLine(line_id="1", item_id="SET", quantity=quantity),))
    explosion = explode(basket, book, Seen(available=available or None), seed="seed")
    return exploded_lines(explosion, book, worths), explosion


CUP = Node(draw=Draw(chances=(Chance(code="red", goods=item("RED")), Chance(code="blue", goods=item("BLUE")))))
COFFEE = Node(all_of=AllOf(parts=(item("MACHINE"), item("BEANS", 3), CUP)))


def test_units_that_come_out_alike_stand_on_one_line_with_their_shares() -> None:
    lines, _ = lines_of(COFFEE, 3, 999, MACHINE=9, BEANS=9, RED=2, BLUE=1)

    cups = [(line.quantity, line.parts[-1].sku) for line in lines]
    assert sorted(cups) == [(1, "BLUE"), (2, "RED")]
    assert all(line.unit_price_minor == 999 and line.role is Role.DRAWN for line in lines)
    # 999 over 1,000 + 3 x 100 + 50: 740, 222 and 37.
    assert lines[0].parts[:2] == (
        OrderPart(sku="MACHINE", units=1, price_minor=740),
        OrderPart(sku="BEANS", units=3, price_minor=222),
    )
    assert [(line.line_id, line.of_line_id) for line in lines] == [("1/1", "1"), ("1/2", "1")]


def test_a_line_that_stays_one_keeps_its_id() -> None:
    lines, _ = lines_of(COFFEE, 2, 999, MACHINE=9, BEANS=9, RED=2)

    assert [(line.line_id, line.quantity) for line in lines] == [("1", 2)]


def test_gifts_goods_that_leave_together_and_later_deliveries_have_lines_of_their_own() -> None:
    kit = Node(all_of=AllOf(parts=(item("MACHINE"), item("RED")), together=True))
    later = Node(period=Period(goods=item("BEANS"), times=2, every_days=30))
    gift = Node(gift=Gift(goods=item("SAMPLE", 2)))
    lines, _ = lines_of(Node(all_of=AllOf(parts=(kit, later, gift))), 2, 1_250)

    assert [(line.parts, line.quantity, line.ships_together, line.due_days, line.role) for line in lines] == [
        ((OrderPart(sku="BEANS", units=1, price_minor=100),), 2, False, 0, Role.SOLD),
        (
            (OrderPart(sku="MACHINE", units=1, price_minor=1_000), OrderPart(sku="RED", units=1, price_minor=50)),
            2,
            True,
            0,
            Role.SOLD,
        ),
        ((OrderPart(sku="BEANS", units=1, price_minor=100),), 2, False, 30, Role.SOLD),
        ((OrderPart(sku="SAMPLE", units=1),), 4, False, 0, Role.GIFT),
    ]


def test_given_weights_are_those_of_the_nodes() -> None:
    goods = Node(all_of=AllOf(parts=(item("MACHINE", weight=7), item("BEANS", 3, weight=3), CUP)))
    lines, _ = lines_of(goods, 1, 1_000, basis=Basis.WEIGHT, RED=1, MACHINE=1, BEANS=3)

    assert [(part.sku, part.price_minor) for part in lines[0].parts] == [("MACHINE", 700), ("BEANS", 300), ("RED", 0)]


def test_a_part_of_unknown_worth_is_refused_by_its_path() -> None:
    with pytest.raises(InvalidRequest) as refused:
        lines_of(COFFEE, 1, 999, worths=Worths(of={"MACHINE": Worth(price_minor=5)}, currency="CNY"), RED=1)

    assert [one.field for one in refused.value.violations] == ["lines[0].parts[1]", "lines[0].parts[2]"]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_unit_and_no_minor_unit_is_lost_or_invented(data: st.DataObject) -> None:
    quantity, price = data.draw(st.integers(1, 12)), data.draw(st.integers(0, 2_000))
    count = data.draw(st.integers(1, 2))
    draw = Draw(chances=(Chance(code="red", goods=item("RED")), Chance(code="blue", goods=item("BLUE"))), count=count)
    goods = Node(all_of=AllOf(parts=(item("MACHINE"), Node(draw=draw), Node(gift=Gift(goods=item("SAMPLE", 3))))))
    lines, explosion = lines_of(
        goods, quantity, price, MACHINE=99, RED=data.draw(st.integers(0, 24)), BLUE=data.draw(st.integers(0, 24)),
        SAMPLE=data.draw(st.integers(0, 36)),
    )  # fmt: skip

    units: Counter[str] = Counter()
    for line in lines:
        assert line.unit_price_minor == sum(part.price_minor for part in line.parts)
        for part in line.parts:
            units[part.sku] += line.quantity * part.units
    assert units == Counter(explosion.demand)
    outcome: LineOutcome = explosion.lines[0]
    assert sum(line.quantity * line.unit_price_minor for line in lines) == outcome.price_minor == quantity * price
    sets = [line for line in lines if line.role is not Role.GIFT]
    assert sum(line.quantity for line in sets) == quantity
    assert all(sum(part.units for part in line.parts if part.sku in ("RED", "BLUE")) == count for line in sets)
