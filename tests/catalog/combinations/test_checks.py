"""Combinations that are not sound are refused with the path to the fault and what to do."""

from collections.abc import Sequence

import pytest

from solver.catalog.combinations.basket import Basket, BasketLine
from solver.catalog.combinations.checks import check_holders
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.kinds import shop
from solver.catalog.combinations.model import (
    AllOf,
    Chance,
    Choose,
    Combination,
    Draw,
    Exclusion,
    Gift,
    Item,
    Measure,
    Node,
    Offer,
    Option,
    Period,
    PreSale,
    Step,
    TradeIn,
    Upgrade,
)
from solver.catalog.combinations.nesting import MOST_DEPTH
from solver.catalog.combinations.prices import Cases, Fixed, Price
from solver.catalog.combinations.written import read_noun
from solver.catalog.sharing.model import Basis
from solver.errors import InvalidRequest, Violations
from tests.catalog.combinations.sound import faults_of

FIXED = Price(fixed=Fixed(unit_minor=100))


def _item(item_id: str = "BEANS", units: int = 1) -> Node:
    return Node(units=units, item=Item(item_id=item_id))


def _all(*parts: Node) -> Node:
    return Node(all_of=AllOf(parts=parts))


def _one(goods: Node | None, combination_id: str = "A", **more: object) -> Combination:
    values = {"kind": "fixed_bundle", "price": FIXED} | more
    return Combination(combination_id=combination_id, goods=goods, **values)  # type: ignore[arg-type]  # as the test says


def _faults(*combinations: Combination) -> dict[str, str]:
    return {one.field: one.remedy for one in faults_of(combinations, shop())}


def test_a_sound_one_is_taken() -> None:
    assert _faults(_one(_all(_item(), _item("MACHINE")))) == {}


def test_one_that_contains_itself_is_refused_with_the_way_round() -> None:
    found = _faults(_one(_all(_item("B")), "A"), _one(_all(_item(), _item("C")), "B"), _one(_all(_item("A")), "C"))
    assert found == {
        "[0].goods.all_of.parts[0].item.item_id": (
            "the combination contains itself: A -> B -> C -> A; take one of them out of the other"
        ),
        "[1].goods.all_of.parts[1].item.item_id": (
            "the combination contains itself: B -> C -> A -> B; take one of them out of the other"
        ),
        "[2].goods.all_of.parts[0].item.item_id": (
            "the combination contains itself: C -> A -> B -> C; take one of them out of the other"
        ),
    }
    assert "A -> A" in _faults(_one(_all(_item("A"))))["[0].goods.all_of.parts[0].item.item_id"]


def test_one_that_contains_a_circle_of_others_is_not_gone_round_for_ever() -> None:
    found = _faults(_one(_all(_item("B")), "A"), _one(_all(_item("B")), "B"))
    assert list(found) == ["[1].goods.all_of.parts[0].item.item_id"]


def test_nesting_too_deep_is_refused() -> None:
    node = _item()
    for _ in range(MOST_DEPTH):
        node = _all(node)
    assert _faults(_one(node)) == {"[0]": "25 levels deep; nest at most 24"}
    assert _faults(_one(node.all_of.parts[0] if node.all_of else node)) == {}


def test_one_that_unfolds_without_end_is_refused() -> None:
    wide = [_one(_all(*[_item(f"L{level - 1}") for _ in range(40)]), f"L{level}") for level in (1, 2, 3)]
    found = _faults(_one(_all(*[_item()] * 40), "L0"), *wide)
    assert found["[2]"] == "it unfolds to 64,000 places; make it smaller, at most 2,000"


def _choose(least: int = 1, most: int = 1, exclusions: tuple[Exclusion, ...] = ()) -> Node:
    options = (Option(code="a", goods=_item(), most=2), Option(code="b", goods=_item("DECAF")))
    return Node(slot="s", choose=Choose(options=options, least=least, most=most, exclusions=exclusions))


def _draw(*weights: int, count: int = 1, distinct: bool = False, goods: Node | None = None) -> Node:
    chances = tuple(Chance(code=f"{at}", goods=goods or _item(), weight=weight) for at, weight in enumerate(weights))
    return Node(draw=Draw(chances=chances, count=count, distinct=distinct))


CHOOSE, DRAW = "[0].goods.all_of.parts[0].choose", "[0].goods.all_of.parts[0].draw"
CASES: Sequence[tuple[Node, str, str]] = (
    (_item("BEANZ"), "[0].goods.all_of.parts[0].item.item_id", "name a material, a sales item or a combination"),
    (_item("BOOX"), "[0].goods.all_of.parts[0].item.item_id", "did you mean BOX?"),
    (_item(units=0), "[0].goods.all_of.parts[0].units", "must lie between 1 and 1,000,000"),
    (Node(), "[0].goods.all_of.parts[0]", "give exactly one primitive"),
    (
        Node(item=Item(item_id="BEANS"), all_of=AllOf(parts=())),
        "[0].goods.all_of.parts[0]",
        "give exactly one primitive",
    ),
    (_all(), "[0].goods.all_of.parts[0].all_of.parts", "give 1 to 50"),
    (_choose(most=4), f"{CHOOSE}.most", "there are 3 at most to choose; ask for fewer, or add options"),
    (_choose(most=3, exclusions=(Exclusion(codes=("a", "b")),)), f"{CHOOSE}.most", "there are 2 at most to choose"),
    (_choose(least=2), f"{CHOOSE}.least", "must lie between 0 and 1"),
    (_choose(exclusions=(Exclusion(codes=("a", "c")),)), f"{CHOOSE}.exclusions[0].codes[1]", "there is no such option"),
    (_choose(exclusions=(Exclusion(codes=("a",)),)), f"{CHOOSE}.exclusions[0].codes", "name two options at least"),
    (
        Node(choose=Choose(options=(Option(code="a", goods=_item()),))),
        "[0].goods.all_of.parts[0].slot",
        "give 1 to 128",
    ),
    (_draw(0, 0), f"{DRAW}.chances", "the weights sum to 0, so that nothing can be drawn"),
    (_draw(1, -1), f"{DRAW}.chances[1].weight", "must lie between 0 and 1,000,000"),
    (_draw(1, 0, count=2, distinct=True), f"{DRAW}.count", "there are 1 different ones to draw"),
    (_draw(1, goods=_draw(1)), f"{DRAW}.chances[0].goods", "what is drawn has nothing to choose or draw within"),
    (_draw(1, goods=_item("BOX")), f"{DRAW}.chances[0].goods", "what is drawn has nothing to choose or draw within"),
    (
        Node(gift=Gift(goods=_choose())),
        "[0].goods.all_of.parts[0].gift.goods",
        "a gift is fixed goods or a single draw",
    ),
    (Node(period=Period(goods=_item(), times=0, every_days=7)), "[0].goods.all_of.parts[0].period.times", "between 1"),
    (
        Node(pre_sale=PreSale(goods=_item(), deposit_minor=500, worth_minor=400)),
        "[0].goods.all_of.parts[0].pre_sale.worth_minor",
        "a deposit counts for what it is at least",
    ),
    (
        Node(slot="s", trade_in=TradeIn(goods=_item(), accepts=())),
        "[0].goods.all_of.parts[0].trade_in.accepts",
        "give 1 to 50",
    ),
    (
        Node(slot="t", upgrade=Upgrade(base=_choose(), better=_item(), when_short=True)),
        "[0].goods.all_of.parts[0].upgrade.base",
        "stock decides on fixed goods alone",
    ),
    (Node(slot="s", item=Item(item_id="BEANS")), "[0].goods.all_of.parts[0].slot", "nothing is chosen here"),
    (
        Node(item=Item(item_id="BEANS", substitutes=("BEANS",))),
        "[0].goods.all_of.parts[0].item.substitutes[1]",
        "stands twice",
    ),
)


@pytest.mark.parametrize(("part", "path", "remedy"), CASES)
def test_a_fault_is_told_with_its_path_and_remedy(part: Node, path: str, remedy: str) -> None:
    box = _one(_all(_draw(1)), "BOX", kind="lucky_bag")
    found = _faults(_one(_all(part)), box)
    assert remedy in found[path]


def test_two_choices_of_one_slot_are_refused() -> None:
    assert _faults(_one(_all(_choose(), _choose()))) == {
        "[0].goods.all_of.parts[1].slot": "stands at goods.all_of.parts[0] before; name each slot once"
    }


def test_two_that_exclude_each_other_are_not_in_one_combination() -> None:
    found = _faults(
        _one(_all(_item("B"), _item("C")), "A"),
        _one(_all(_item()), "B", excludes=("C",)),
        _one(_all(_item("DECAF")), "C"),
    )
    assert found == {
        "[0].goods.all_of.parts[0].item.item_id": "B and C exclude each other; take one of them out",
    }
    assert _faults(_one(_all(_item()), "A", excludes=("A",))) == {
        "[0].excludes[0]": "a combination does not exclude itself"
    }


def test_a_kind_is_known_and_has_its_features() -> None:
    assert _faults(_one(_all(_item()), kind="fixed_bundel")) == {
        "[0].kind": "there is no such kind; did you mean fixed_bundle?"
    }
    assert _faults(_one(_all(_item()), kind="lucky_bag")) == {
        "[0].kind": "it has no draw, draw.several, which makes Lucky bag; add that, or name another kind"
    }


def test_goods_or_an_offer_and_one_price() -> None:
    offer = Offer(measure=Measure.UNITS, steps=(Step(least=1, off_minor=1),))
    assert "[0]" in _faults(_one(None))
    assert "[0]" in _faults(_one(_item(), offer=offer))
    assert "[0].price" in _faults(_one(None, offer=offer))
    two = Price(fixed=Fixed(unit_minor=1), cases=Cases(units=6, keep_permille=900))
    assert _faults(_one(_all(_item()), price=two)) == {"[0].price": "give exactly one rule"}
    assert "[0].price.cases.units" in _faults(_one(_item(), price=Price(cases=Cases(units=1, keep_permille=900))))


def test_an_id_is_not_that_of_a_material() -> None:
    assert _faults(_one(_all(_item()), "BEANS"))["[0].combination_id"].startswith(
        "a material or sales item has this id"
    )


def test_shares_by_weight_need_weights() -> None:
    found = _faults(_one(_all(_item()), share_by=Basis.WEIGHT))
    assert found == {"[0].share_by": "all weights are 0; give share_weight to the parts, or share out by price or cost"}


@pytest.mark.parametrize(
    ("offer", "path"),
    [
        (Offer(measure=Measure.UNITS, steps=()), "steps"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=1),)), "steps[0]"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=0, off_minor=1),)), "steps[0].least"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=2, free_units=3),)), "steps[0].free_units"),
        (Offer(measure=Measure.AMOUNT, steps=(Step(least=2, free_units=1),)), "steps[0].free_units"),
        (Offer(measure=Measure.SETS, steps=(Step(least=1, off_minor=1),)), "item_ids"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=1, off_minor=1),), item_ids=("X",)), "item_ids[0]"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=1, off_minor=1),), most_times=2), "most_times"),
        (Offer(measure=Measure.UNITS, steps=(Step(least=1, off_minor=1), Step(least=1, off_minor=2))), "steps[1]"),
    ],
)
def test_an_offer_that_is_not_sound_is_refused(offer: Offer, path: str) -> None:
    assert f"[0].offer.{path}" in _faults(Combination(combination_id="F", kind="every_amount_off", offer=offer))


def test_what_is_written_with_an_unknown_name_or_a_wrong_type_is_refused() -> None:
    written = {"combination_id": "A", "kind": "fixed_bundle", "goods": {"units": 2, "itme": {"item_id": "BEANS"}}}
    violations = Violations()
    assert read_noun(written, Combination, "combinations[0]", violations) is None
    assert read_noun({"combination_id": "A", "kind": 5}, Combination, "combinations[1]", violations) is None
    assert [(one.field, one.remedy) for one in violations.found] == [
        ("combinations[0].goods.itme", "there is no such field; did you mean item?"),
        ("combinations[1].kind", "expected `str`, got `int`"),
    ]


def test_what_nests_one_that_changes_stays_sound_or_the_change_is_refused() -> None:
    box = _one(_all(_draw(1, goods=_item("IN"))), "BOX")
    outer = _one(_all(_item("BOX")), "OUTER")
    changed = _one(_all(_choose()), "IN")
    violations = Violations()
    known = {one.combination_id: one for one in (outer, box, changed)}
    check_holders({"IN": "combinations[3]"}, known, shop(), violations)
    assert [(one.field, one.remedy) for one in violations.found] == [
        (
            "combinations[3]",
            "BOX has it within, and would not be sound: BOX.goods.all_of.parts[0].draw.chances[0].goods: 'open goods': "
            "what is drawn has nothing to choose or draw within; draw among fixed goods",
        )
    ]
    check_holders({"IN": ""}, known | {"IN": _one(_all(_item()), "IN")}, shop(), sound := Violations())
    assert sound.found == []


def test_what_cannot_be_unfolded_any_more_is_left_out_of_the_book_with_the_reason() -> None:
    around = [_one(_all(_item("B")), "A"), _one(_all(_item("A")), "B"), _one(_all(_item("A")), "OVER")]
    gone = _one(_all(_item("GONE")), "G")
    fine = _one(_all(_item()), "FINE")
    book = shop().book((*around, gone, fine))
    assert set(book.flats) == {"FINE"}
    assert set(book.unsound) == {"A", "B", "OVER", "G"}
    assert book.unsound["G"] == "there is no GONE any more"
    assert "the combination contains itself: A -> B -> A" in book.unsound["A"]
    with pytest.raises(InvalidRequest, match=r"lines\[0\].item_id: 'G': it cannot be unfolded as its parts are now"):
        explode(Basket(order_id="O", lines=(BasketLine(line_id="1", item_id="G", quantity=1),)), book)
