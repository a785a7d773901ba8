"""Orders of combinations: what is taken, drawn, given, withheld and charged."""

from collections import Counter
from dataclasses import replace

import pytest

from solver.catalog.combinations.basket import Basket, BasketLine, Chosen, Given, Seen
from solver.catalog.combinations.draws import audit
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flat import Book, FlatDraw
from solver.catalog.combinations.flatten import compile_book
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
    Step,
)
from solver.catalog.combinations.outcome import Taken, Withheld
from solver.catalog.combinations.prices import Cycle, Fixed, Price
from solver.errors import InvalidRequest

RED, BLUE = Node(item=Item(item_id="CUP-RED")), Node(item=Item(item_id="CUP-BLUE"))
CUP = Draw(chances=(Chance(code="red", goods=RED, weight=3), Chance(code="blue", goods=BLUE)))


def _combination(goods: Node, combination_id: str = "C", price: Price | None = None) -> Combination:
    return Combination(combination_id=combination_id, kind="fixed_bundle", goods=goods, price=price)


def _offer(goods: Node, combination_id: str = "F", *, repeats: bool = False) -> Combination:
    steps = (Step(least=1, goods=goods),)
    offer = Offer(measure=Measure.UNITS, steps=steps, repeats=repeats)
    return Combination(combination_id=combination_id, kind="buy_x_get_y", offer=offer)


def _basket(item_id: str = "C", quantity: int = 1, chosen: tuple[Chosen, ...] = (), order_id: str = "O") -> Basket:
    line = BasketLine(line_id="1", item_id=item_id, quantity=quantity, chosen=chosen)
    return Basket(order_id=order_id, lines=(line,))


def _refusals(basket: Basket, book: Book, **more: object) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        explode(basket, book, **more)  # type: ignore[arg-type]  # as the test says
    return {one.field: one.remedy for one in refused.value.violations}


def test_materials_alone_explode_to_themselves_at_the_price_of_the_line() -> None:
    line = BasketLine(line_id="1", item_id="BEANS", quantity=3, unit_price_minor=5_000)
    explosion = explode(Basket(order_id="O", lines=(line,)), shop().book(()))
    assert explosion.demand == {"BEANS": 3}
    assert explosion.lines[0].price_minor == 15_000


def test_a_draw_leaves_out_what_is_not_there_and_says_so() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    explosion = explode(_basket(quantity=4), book, Seen(available={"CUP-BLUE": 9}), seed="s")
    assert explosion.demand == {"CUP-BLUE": 4}
    (decision,) = explosion.decisions
    assert decision.left_out == ("red",)
    assert decision.available == {"CUP-RED": 0, "CUP-BLUE": 9}
    assert decision.weights == {"red": 3, "blue": 1}
    assert decision.seed == "s"
    assert not decision.is_short


def test_draws_of_one_order_do_not_take_the_last_unit_twice() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    for seed in "abcdefgh":
        explosion = explode(_basket(quantity=5), book, Seen(available={"CUP-RED": 2, "CUP-BLUE": 3}), seed=seed)
        assert explosion.demand == {"CUP-RED": 2, "CUP-BLUE": 3}


def test_a_draw_sees_what_the_rest_of_the_order_leaves() -> None:
    goods = Node(all_of=AllOf(parts=(Node(draw=CUP), Node(units=2, item=Item(item_id="CUP-RED")))))
    explosion = explode(_basket(), shop().book((_combination(goods),)), Seen(available={"CUP-RED": 2, "CUP-BLUE": 1}))
    assert explosion.demand == {"CUP-RED": 2, "CUP-BLUE": 1}


def test_where_nothing_is_there_it_is_drawn_all_the_same_and_called_short() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    explosion = explode(_basket(quantity=3), book, Seen(available={}), seed="s")
    assert sum(explosion.demand.values()) == 3
    assert explosion.decisions[0].is_short


def test_draws_follow_their_weights() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    drawn = explode(_basket(quantity=40_000), book, seed="s").demand
    assert abs(drawn["CUP-RED"] - 30_000) < 400  # more than four standard deviations


def test_another_seed_order_or_line_draws_anew_and_the_same_draws_the_same() -> None:
    book = shop().book((_combination(Node(draw=replace(CUP, count=20))),))
    first = explode(_basket(), book, seed="a")
    assert explode(_basket(), book, seed="a") == first
    others = {explode(_basket(order_id=f"{one}"), book, seed="a").pieces for one in range(20)}
    others |= {explode(_basket(), book, seed=f"{one}").pieces for one in range(20)}
    assert len(others) > 5


def test_a_recorded_draw_is_repeated_when_stock_and_seed_are_others() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    first = explode(_basket(quantity=5), book, Seen(available={"CUP-RED": 9, "CUP-BLUE": 9}), seed="a")
    again = explode(_basket(quantity=5), book, Seen(available={"CUP-RED": 9}), seed="b", decisions=first.decisions)
    assert again == first


def test_a_recorded_draw_can_be_audited_and_a_forged_one_is_found() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    seen = Seen(available={"CUP-RED": 25, "CUP-BLUE": 60})
    (decision,) = explode(_basket(quantity=30), book, seen, seed="a").decisions
    (draw,) = book.flat("C").openings
    assert isinstance(draw, FlatDraw)
    assert audit(draw, decision, "O")
    forged = replace(decision, taken=(Taken(code="red", units=30),))
    assert not audit(draw, forged, "O")
    assert not audit(draw, decision, "another order")


def test_decisions_of_another_order_are_refused() -> None:
    book = shop().book((_combination(Node(draw=CUP)),))
    decisions = explode(_basket(quantity=5), book, seed="a").decisions
    assert list(_refusals(_basket(quantity=4), book, decisions=decisions)) == ["decisions[1:draw]"]
    assert list(_refusals(_basket("BEANS"), book, decisions=decisions)) == ["decisions[1:draw]"]


def test_gifts_keep_the_tightest_limit_and_say_which() -> None:
    gift = Gift(goods=RED, most_per_order=5, most_per_customer=4, most_in_total=100)
    book = shop().book((_offer(Node(gift=gift), repeats=True),))
    seen = Seen(given={"F:steps[0].goods.gift": Given(to_customer=1, in_total=98)})
    for known, units, reason in (
        (Seen(), 4, Withheld.CUSTOMER_LIMIT),
        (seen, 2, Withheld.TOTAL_LIMIT),
        (Seen(available={"BEANS": 9, "CUP-RED": 1}), 1, Withheld.OUT_OF_STOCK),
    ):
        (gift_given,) = explode(_basket("BEANS", 9), book, known).gifts
        assert (gift_given.given_units, gift_given.withheld_units, gift_given.reason) == (units, 9 - units, reason)


def test_a_limit_per_order_counts_over_the_lines() -> None:
    goods = Node(all_of=AllOf(parts=(Node(item=Item(item_id="BEANS")), Node(gift=Gift(goods=RED, most_per_order=3)))))
    lines = tuple(BasketLine(line_id=f"{at}", item_id="C", quantity=2) for at in range(2))
    explosion = explode(Basket(order_id="O", lines=lines), shop().book((_combination(goods),)))
    assert [gift.given_units for gift in explosion.gifts] == [2, 1]


def test_where_a_gift_runs_out_another_is_given_instead() -> None:
    gift = Node(gift=Gift(goods=RED, instead=(BLUE,)))
    seen = Seen(available={"BEANS": 9, "CUP-RED": 2, "CUP-BLUE": 1})
    (given,) = explode(_basket("BEANS", 4), shop().book((_offer(gift, repeats=True),)), seen).gifts
    assert (given.given_units, given.withheld_units, given.reason) == (3, 1, Withheld.OUT_OF_STOCK)


def test_a_gift_never_takes_what_was_sold() -> None:
    gift = Node(gift=Gift(goods=Node(item=Item(item_id="BEANS"))))
    explosion = explode(_basket("BEANS", 4), shop().book((_offer(gift),)), Seen(available={"BEANS": 4}))
    assert explosion.demand == {"BEANS": 4}
    assert explosion.gifts[0].reason is Withheld.OUT_OF_STOCK


def test_a_nested_combination_multiplies_and_keeps_its_group() -> None:
    inner = _combination(Node(units=2, all_of=AllOf(parts=(RED, BLUE), together=True)), "IN")
    outer = _combination(Node(units=3, item=Item(item_id="IN")), "C")
    explosion = explode(_basket(quantity=5), shop().book((inner, outer)))
    assert explosion.demand == {"CUP-RED": 30, "CUP-BLUE": 30}
    assert {piece.group for piece in explosion.pieces} == {"item(IN).all_of"}


def test_choices_that_do_not_fit_are_refused_with_their_path() -> None:
    kind = shop().book((_mix(),))
    cases: list[tuple[tuple[Chosen, ...], str]] = [
        ((), "lines[0].chosen.mix"),
        ((Chosen(slot="mix", option="red", units=3),), "lines[0].chosen.mix"),
        ((Chosen(slot="mix", option="rde"), Chosen(slot="mix", option="blue")), "lines[0].chosen[0].option"),
        ((Chosen(slot="mxi", option="red"), Chosen(slot="mix", option="red")), "lines[0].chosen[0].slot"),
        ((Chosen(slot="mix", option="red", units=0),), "lines[0].chosen[0].units"),
        ((Chosen(slot="mix", option="blue", units=2),), "lines[0].chosen.mix.blue"),
        ((Chosen(slot="mix", option="red"), Chosen(slot="mix", option="gold")), "lines[0].chosen.mix"),
    ]
    for chosen, path in cases:
        assert path in _refusals(_basket(chosen=chosen), kind), chosen
    (remedy,) = _refusals(_basket(chosen=cases[2][0]), kind).values()
    assert remedy == "there is no such option; did you mean red?"


def _mix() -> Combination:
    gold = Node(item=Item(item_id="CUP-GOLD"))
    options = (Option(code="red", goods=RED, most=2), Option(code="blue", goods=BLUE), Option(code="gold", goods=gold))
    exclusions = (Exclusion(codes=("red", "gold")),)
    return _combination(Node(slot="mix", choose=Choose(options=options, least=1, most=2, exclusions=exclusions)))


def test_orders_that_are_not_sound_are_refused_with_every_path() -> None:
    offer = _offer(Node(gift=Gift(goods=RED)))
    lines = (
        BasketLine(line_id="1", item_id="NONE", quantity=1),
        BasketLine(line_id="1", item_id="F", quantity=1),
        BasketLine(line_id="2", item_id="BEANS", quantity=0),
    )
    found = _refusals(Basket(order_id="O", lines=lines), shop().book((offer,)))
    assert sorted(found) == ["lines[0].item_id", "lines[1]", "lines[1].item_id", "lines[2].quantity"]
    assert found["lines[1].item_id"] == "an offer applies by itself; order the goods that it is about"


def test_two_combinations_that_exclude_each_other_are_not_in_one_order() -> None:
    one = replace(_combination(RED, "A"), excludes=("B",))
    lines = tuple(BasketLine(line_id=name, item_id=name, quantity=1) for name in "BA")
    found = _refusals(Basket(order_id="O", lines=lines), shop().book((one, _combination(BLUE, "B"))))
    assert found == {"lines[1].item_id": "A and B exclude each other; order one of them"}


def test_a_rule_that_asks_for_a_list_price_is_refused_where_nobody_knows_it() -> None:
    unpriced = _combination(RED, price=Price(cycle=Cycle(keep_permilles=(1000, 500))))
    book = compile_book((unpriced,), shop())
    assert list(_refusals(_basket(), book)) == ["lines[0].unit_price_minor"]
    line = BasketLine(line_id="1", item_id="C", quantity=2, unit_price_minor=999)
    assert explode(Basket(order_id="O", lines=(line,)), book).lines[0].price_minor == 1_499  # 1,498.5


def test_offers_never_take_off_more_than_there_is() -> None:
    steps = (Step(least=1, off_minor=10**9),)
    offer = Combination(combination_id="F", kind="every_amount_off", offer=Offer(measure=Measure.AMOUNT, steps=steps))
    free = _combination(RED, price=Price(fixed=Fixed(unit_minor=0)))
    lines = (
        BasketLine(line_id="1", item_id="BEANS", quantity=3),
        BasketLine(line_id="2", item_id="C", quantity=1),
        BasketLine(line_id="3", item_id="FILTER", quantity=1),
    )
    explosion = explode(Basket(order_id="O", lines=lines), shop().book((offer, free)))
    assert [line.price_minor for line in explosion.lines] == [0, 0, 0]
    off = Counter({line.line_id: sum(one.off_minor for one in line.reductions) for line in explosion.lines})
    assert off == {"1": 20_400, "2": 0, "3": 1_500}
