"""The 36 kinds: each explodes as its example says, and no two of them differ only in name."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from solver.catalog.combinations.basket import Basket, BasketLine, Chosen, Seen
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.features import features_of
from solver.catalog.combinations.inverse import reassemble
from solver.catalog.combinations.kinds import Kind, kinds, shop
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.outcome import Explosion
from solver.catalog.combinations.page import kinds_page
from solver.errors import InvalidRequest
from tests.catalog.combinations.sound import faults_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "combinations.md"

# What each example comes to: units of materials, and what is to be paid for each line.
EXPECTED: Mapping[str, tuple[Mapping[str, int], tuple[int, ...]]] = {
    "fixed_bundle": ({"MACHINE": 2, "BEANS": 6}, (199_800,)),
    "family_pack": ({"BEANS": 8}, (47_800,)),
    "case_discount": ({"BEANS": 14}, (12 * 5_780 + 2 * 6_800,)),
    "optional_kit": ({"MACHINE": 1, "MILK": 1}, (89_900 + 9_900,)),
    "pick_and_mix": ({"CUP-RED": 4, "FILTER": 2}, (17_800,)),
    "limited_mix": ({"BEANS": 3, "CUP-RED": 1}, (21_870,)),
    "assortment": ({"CUP-RED": 8, "CUP-BLUE": 4}, (37_440,)),
    "second_half_price": ({"BEANS": 5}, (3 * 6_800 + 2 * 3_400,)),
    "n_for_price": ({"CUP-RED": 2, "BEANS": 2}, (6_106, 7_694)),  # 9,900 and the cheapest cup: 13,800
    "buy_x_get_y": ({"BEANS": 5, "FILTER": 2}, (34_000, 0)),
    "cheapest_free": ({"CUP-RED": 2, "FILTER": 1}, (7_800, 0)),
    "volume_price": ({"BEANS": 20}, (110_000,)),
    "deposit_presale": ({"MACHINE-PRO": 1}, (119_900,)),
    "growing_deposit": ({"MACHINE": 2}, (2 * 84_900,)),
    "subscription": ({"BEANS": 6}, (36_720,)),
    "trade_in": ({"MACHINE": 1}, (74_900,)),
    "refill_swap": ({"BEANS": 1}, (0,)),
    "paid_upgrade": ({"MACHINE-PRO": 1}, (119_900,)),
    "free_upgrade": ({"FILTER": 3}, (1_500,)),
    "substitute_bundle": ({"BEANS": 1, "CUP-BLUE": 2}, (12_900,)),
    "tiered_amount_off": ({"BEANS": 4, "CUP-RED": 1}, (22_827, 3_273)),
    "every_amount_off": ({"BEANS": 4, "CUP-RED": 1}, (23_264, 3_336)),
    "units_percent_off": ({"BEANS": 2, "CUP-RED": 1}, (10_880, 3_120)),
    "amount_gift": ({"BEANS": 3, "CUP-BLUE": 1}, (20_400, 0)),
    "tiered_gift": ({"BEANS": 3, "CUP-GOLD": 1}, (20_400, 0)),
    "member_gift": ({"BEANS": 1, "CUP-RED": 1}, (6_800, 0)),
    "sample_with_order": ({"BEANS": 1, "SAMPLE-A": 1, "SAMPLE-B": 1}, (6_800, 0)),
    "limited_gift": ({"MACHINE": 1, "CUP-RED": 1}, (89_900, 0)),
    "add_on_purchase": ({"BEANS": 2, "CUP-RED": 1}, (13_600, 990)),
    "exclusive_offer": ({"BEANS": 2}, (12_240,)),
    "set_offer": ({"MACHINE": 1, "BEANS": 2}, (85_557, 12_943)),
}
# Where chance decides: how many of which in all.
DRAWN: Mapping[str, tuple[int, tuple[str, ...], int]] = {
    "blind_box": (5, ("CUP-RED", "CUP-BLUE", "CUP-GOLD"), 19_500),
    "blind_case": (6, ("CUP-RED", "CUP-BLUE", "CUP-GOLD"), 22_500),
    "random_colour": (5, ("CUP-RED", "CUP-BLUE", "CUP-GOLD"), 19_500),
    "nested_gift_box": (4, ("CUP-RED", "CUP-BLUE"), 39_900),
}


def _exploded(kind: Kind, seed: str = "s") -> Explosion:
    return explode(kind.example.basket, shop().book(kind.example.combinations), shop().seen, seed=seed)


def test_there_are_36_kinds_and_each_has_a_name_and_a_meaning_in_two_languages() -> None:
    assert len(kinds()) == 36
    for kind in kinds().values():
        assert all((kind.name, kind.meaning, kind.name_zh, kind.meaning_zh))
        assert not kind.name_zh.isascii()
        assert not kind.meaning_zh.isascii()
    assert len({kind.name for kind in kinds().values()}) == len({kind.name_zh for kind in kinds().values()}) == 36


def test_every_example_is_told_here() -> None:
    assert set(EXPECTED) | set(DRAWN) | {"lucky_bag"} == set(kinds())


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_comes_to_these_units_and_this_money(name: str) -> None:
    explosion = _exploded(kinds()[name])
    assert (explosion.demand, tuple(line.price_minor for line in explosion.lines)) == EXPECTED[name]


@pytest.mark.parametrize("name", DRAWN)
def test_where_chance_decides_the_number_is_certain(name: str) -> None:
    count, among, price_minor = DRAWN[name]
    for seed in "abcd":
        explosion = _exploded(kinds()[name], seed)
        assert sum(explosion.demand.get(sku, 0) for sku in among) == count
        assert explosion.lines[0].price_minor == price_minor


def test_a_lucky_bag_has_what_is_certain_and_two_draws_each() -> None:
    explosion = _exploded(kinds()["lucky_bag"])
    assert explosion.demand["BEANS"] == 2
    (decision,) = explosion.decisions
    assert sum(taken.units for taken in decision.taken) == 4
    assert explosion.lines[0].price_minor == 19_800


def test_deposits_days_groups_and_old_goods_are_told() -> None:
    presale = _exploded(kinds()["growing_deposit"])
    assert presale.lines[0].deposit_minor == 10_000
    assert {piece.due_days for piece in presale.pieces} == {7}
    assert [(piece.due_days, piece.units) for piece in _exploded(kinds()["subscription"]).pieces] == [
        (0, 2),
        (30, 2),
        (60, 2),
    ]
    assert {piece.group for piece in _exploded(kinds()["assortment"]).pieces} == {"all_of"}
    (old,) = _exploded(kinds()["refill_swap"]).incoming
    assert (old.item_id, old.units) == ("BOTTLE-OLD", 5)


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_an_example_is_sound_and_has_the_features_of_its_kind(kind: Kind) -> None:
    assert faults_of(kind.example.combinations, shop()) == []
    known = {one.combination_id: one for one in kind.example.combinations}
    assert kind.features <= features_of(kind.example.combination, known)


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_an_example_is_repeated_from_its_decisions_and_made_again_from_its_pieces(kind: Kind) -> None:
    explosion = _exploded(kind)
    book = shop().book(kind.example.combinations)
    again = explode(kind.example.basket, book, Seen(available={}), seed="x", decisions=explosion.decisions)
    assert again == explosion
    made = reassemble(explosion, kind.example.basket, book.combinations, shop())
    assert [
        (one.line_id, line.quantity in one.wholes, one.left) for one, line in zip(made, explosion.lines, strict=True)
    ]
    assert all(line.quantity in one.wholes for one, line in zip(made, explosion.lines, strict=True))
    assert all(one.left == {} for one in made)


def test_no_two_kinds_ask_for_the_same_features() -> None:
    for one, other in combinations(kinds().values(), 2):
        assert one.features != other.features, f"{one.kind} and {other.kind}"


def _common_baskets(combination: Combination, chosen: tuple[Chosen, ...]) -> list[Basket]:
    """The same orders for every kind: so many of it beside the same goods, by the same customers."""
    baskets = []
    for units, goods in ((1, ()), (2, ()), (6, ()), (1, ("BEANS", "CUP-RED")), (3, ("BEANS", "MACHINE", "FILTER"))):
        lines = [BasketLine(line_id=sku, item_id=sku, quantity=3) for sku in (goods or ("BEANS",))]
        wishes: tuple[Chosen, ...] = ()
        if combination.goods is not None:
            lines.append(BasketLine(line_id="X", item_id=combination.combination_id, quantity=units, chosen=chosen))
        else:
            wishes = chosen
        order = Basket(order_id=f"{units}", lines=tuple(lines), chosen=wishes)
        baskets += [order, replace(order, customer_tier="gold")]
    return baskets


def _fingerprint(kind: Kind) -> tuple[object, ...]:
    """What the common orders come to with this kind, its name left out."""
    example = kind.example
    chosen = (*example.basket.chosen, *example.basket.lines[0].chosen)
    book = shop().book(example.combinations)
    found: list[object] = []
    for basket in _common_baskets(example.combination, chosen):
        try:
            explosion = explode(basket, book, shop().seen, seed="s")
        except InvalidRequest:
            found.append("refused")
            continue
        found.append(sorted((piece.sku, piece.units, piece.role, piece.due_days) for piece in explosion.pieces))
        found.append(sorted((line.price_minor, line.deposit_minor, line.credit_minor) for line in explosion.lines))
    return tuple(found)


def test_no_two_kinds_explode_the_same_orders_alike() -> None:
    seen: dict[str, str] = {}
    for kind in kinds().values():
        fingerprint = repr(_fingerprint(kind))
        assert fingerprint not in seen, f"{kind.kind} and {seen[fingerprint]}"
        seen[fingerprint] = kind.kind


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == kinds_page(), "run `python -m solver catalog kinds > docs/combinations.md`"
