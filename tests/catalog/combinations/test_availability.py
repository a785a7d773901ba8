"""How many of a combination the stock makes: exact, also where groups share materials."""

from collections.abc import Mapping
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.availability import CombinationAvailability, availability_of
from solver.catalog.combinations.model import (
    AllOf,
    Chance,
    Choose,
    Combination,
    Draw,
    Exclusion,
    Gift,
    Item,
    Node,
    Option,
    Upgrade,
)
from solver.catalog.combinations.whole_program import WholeProgram
from solver.catalog.model import Material, Part, SalesItem
from solver.validation import MOST_UNITS

SKUS = ("MACHINE", "BEANS", "RED", "BLUE", "WHITE")
CATALOG = Catalog.of(
    [Material(sku=sku, name=sku, weight_grams=100) for sku in SKUS],
    [SalesItem(item_id="PAIR", name="Red and blue", parts=(Part(sku="RED", units=1), Part(sku="BLUE", units=1)))],
)


def item(item_id: str, units: int = 1, *substitutes: str) -> Node:
    return Node(units=units, item=Item(item_id=item_id, substitutes=substitutes))


def all_of(*parts: Node, together: bool = False) -> Node:
    return Node(all_of=AllOf(parts=parts, together=together))


def choose(least: int, *codes: str, most: int = 1, exclusions: tuple[Exclusion, ...] = ()) -> Node:
    options = tuple(Option(code=code, goods=item(code), most=most) for code in codes)
    return Node(slot="slot", choose=Choose(options=options, least=least, most=least, exclusions=exclusions))


def draw(*codes: str, count: int = 1, distinct: bool = False, units: int = 1) -> Node:
    chances = tuple(Chance(code=code, goods=item(code)) for code in codes)
    return Node(units=units, draw=Draw(chances=chances, count=count, distinct=distinct))


def available(
    goods: Node, stock: Mapping[str, int], nested: Mapping[str, Combination] | None = None
) -> CombinationAvailability:
    combination = Combination(combination_id="C", kind="any", goods=goods)
    return availability_of(combination, CATALOG, nested or {}, {sku: {"W": units} for sku, units in stock.items()})


COFFEE = all_of(item("MACHINE"), item("BEANS", 3), draw("RED", "BLUE", "WHITE"))


@pytest.mark.parametrize(
    ("goods", "stock", "units", "short"),
    [
        (COFFEE, {"MACHINE": 9, "BEANS": 20, "RED": 2, "BLUE": 3, "WHITE": 9}, 6, ("BEANS",)),
        (COFFEE, {"MACHINE": 9, "BEANS": 90, "RED": 2, "BLUE": 3}, 5, ("BLUE", "RED", "WHITE")),
        (COFFEE, {"BEANS": 90, "RED": 2}, 0, ("MACHINE",)),
        (item("PAIR", 2), {"RED": 7, "BLUE": 4}, 2, ("BLUE",)),
        (choose(2, "RED", "BLUE", "WHITE"), {"RED": 10, "BLUE": 1, "WHITE": 1}, 2, ("BLUE", "WHITE")),
        (choose(2, "RED", "BLUE", "WHITE", most=2), {"RED": 10, "BLUE": 1, "WHITE": 1}, 6, ("BLUE", "RED", "WHITE")),
        (
            draw("RED", "BLUE", "WHITE", count=2, distinct=True),
            {"RED": 10, "BLUE": 1, "WHITE": 2},
            3,
            ("BLUE", "WHITE"),
        ),
        (draw("RED", "BLUE", count=2, units=2), {"RED": 5, "BLUE": 4}, 2, ("BLUE", "RED")),
        (item("RED", 2, "BLUE"), {"RED": 3, "BLUE": 3}, 2, ("BLUE", "RED")),
        (Node(upgrade=Upgrade(base=item("RED"), better=item("BLUE"))), {"RED": 1, "BLUE": 2}, 3, ("BLUE", "RED")),
        (all_of(item("RED"), Node(gift=Gift(goods=item("BLUE")))), {"RED": 4}, 4, ("RED",)),
        (Node(gift=Gift(goods=item("BLUE"))), {}, MOST_UNITS, ()),
    ],
)
def test_units_are_as_many_as_the_stock_makes(
    goods: Node, stock: dict[str, int], units: int, short: tuple[str, ...]
) -> None:
    assert available(goods, stock) == CombinationAvailability(
        combination_id="C", units=units, is_proven=True, short_skus=short
    )


def test_groups_that_share_a_material_do_not_count_it_twice() -> None:
    # Each group alone could make 4 and 3; RED serves one of them only.
    both = all_of(choose(1, "RED", "BLUE"), choose(1, "RED", "WHITE"))

    assert available(both, {"RED": 2, "BLUE": 2, "WHITE": 1}).units == 2
    assert available(both, {"RED": 3, "BLUE": 2, "WHITE": 1}).units == 3
    assert available(both, {"RED": 0, "BLUE": 2, "WHITE": 1}).units == 1


def test_options_that_exclude_each_other_are_not_in_one_unit() -> None:
    apart = choose(2, "RED", "BLUE", "WHITE", exclusions=(Exclusion(codes=("RED", "BLUE")),))

    assert available(apart, {"RED": 5, "BLUE": 5, "WHITE": 0}).units == 0
    assert available(apart, {"RED": 2, "BLUE": 5, "WHITE": 6}).units == 6


def test_a_nested_combination_takes_from_the_same_stock() -> None:
    inner = Combination(combination_id="INNER", kind="any", goods=all_of(item("RED", 2), item("BLUE")))

    assert available(all_of(item("INNER"), item("RED")), {"RED": 9, "BLUE": 9}, {"INNER": inner}).units == 3


def test_what_leaves_together_is_counted_site_by_site() -> None:
    together = all_of(item("RED"), item("BLUE"), together=True)
    combination = Combination(combination_id="C", kind="any", goods=all_of(together, item("WHITE")))
    stock = {"RED": {"EAST": 5, "WEST": 1}, "BLUE": {"EAST": 2, "WEST": 9}, "WHITE": {"NORTH": 9}}

    assert availability_of(combination, CATALOG, {}, stock).units == 3
    assert availability_of(combination, CATALOG, {}, {**stock, "WHITE": {"NORTH": 1, "EAST": 1}}).units == 2


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_choices_with_shared_materials_are_exact(data: st.DataObject) -> None:
    """Against every way to sell one unit after the other."""
    codes = ("RED", "BLUE", "WHITE")
    groups = [
        (data.draw(st.integers(1, 2)), data.draw(st.lists(st.sampled_from(codes), min_size=2, max_size=3, unique=True)))
        for _ in range(data.draw(st.integers(1, 2)))
    ]
    base = data.draw(st.dictionaries(st.sampled_from(codes), st.integers(1, 2), max_size=1))
    stock = tuple(data.draw(st.integers(0, 5)) for _ in codes)
    goods = all_of(*(choose(least, *among) for least, among in groups), *(item(*one) for one in base.items()))
    ways = set()
    for picks in product(*(_picks(least, among) for least, among in groups)):
        taken = [sum(pick.count(code) for pick in picks) + base.get(code, 0) for code in codes]
        ways.add(tuple(taken))

    @cache
    def most(left: tuple[int, ...]) -> int:
        rests = [tuple(a - b for a, b in zip(left, way, strict=True)) for way in ways]
        return max((1 + most(rest) for rest in rests if min(rest) >= 0), default=0)

    assert available(goods, dict(zip(codes, stock, strict=True))).units == most(stock)


def _picks(least: int, among: list[str]) -> list[tuple[str, ...]]:
    if least == 1:
        return [(one,) for one in among]
    return [(one, other) for number, one in enumerate(among) for other in among[number + 1 :]]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_program_in_whole_numbers_is_exact(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 3))
    program = WholeProgram()
    for _ in range(count - 1):
        program.variable()
    program.limit({one: data.draw(st.integers(1, 3)) for one in range(count)}, data.draw(st.integers(0, 9)))
    for _ in range(data.draw(st.integers(0, 3))):
        program.limit({one: data.draw(st.integers(-3, 4)) for one in range(count)}, data.draw(st.integers(0, 6)))
    points = product(range(10), repeat=count)
    best = max(
        point[0]
        for point in points
        if all(sum(units * point[one] for one, units in row.items()) <= most for row, most in program.rows)
    )

    assert program.most() == (best, True)
