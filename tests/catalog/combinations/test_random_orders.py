"""Random orders of random combinations: as the slow recomputation says, and with no unit lost or invented."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.combination_worlds import random_basket, random_seen, random_world
from benchmarks.combinations import Counts, random_orders
from solver.catalog.combinations.basket import Basket
from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.inverse import Reassembled, reassemble
from solver.catalog.combinations.outcome import Explosion
from solver.errors import InvalidRequest
from tests.catalog.combinations.sound import faults_of


def test_explosions_are_those_of_the_slow_recomputation(seed: int) -> None:
    counts = random_orders(250, seed)
    assert (counts.differ, counts.not_repeated, counts.not_whole) == (0, 0, 0)
    assert counts.orders == 250
    assert counts.decisions > 200
    assert 0 < counts.refused < 75


def test_wrong_answers_would_be_counted() -> None:
    assert not Counts(differ=1).is_sound
    assert not Counts(not_repeated=1).is_sound
    assert not Counts(not_whole=1).is_sound


def test_random_combinations_are_sound(seed: int) -> None:
    for number in range(20):
        world = random_world(random.Random(f"{seed}:{number}"))
        found = faults_of(list(world.combinations.values()), world.recipes)
        told = [one for one in found if not one.field.endswith(".kind")]
        assert [one for one in told if "deep" not in one.remedy and "unfolds" not in one.remedy] == []


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.data())
def test_a_unit_lost_or_invented_shows_in_the_inverse_view(number: int, data: st.DataObject) -> None:
    rng = random.Random(number)
    world = random_world(rng)
    book = compile_book(world.combinations.values(), world.recipes, world.prices)
    basket = random_basket(rng, world, "O")
    try:
        explosion = explode(basket, book, random_seen(rng, world), seed="s")
    except InvalidRequest:
        return

    def made(changed: Explosion) -> tuple[Reassembled, ...]:
        return reassemble(changed, basket, world.combinations, world.recipes)

    assert _is_whole(explosion, made(explosion))
    if explosion.pieces:
        at = data.draw(st.integers(0, len(explosion.pieces) - 1))
        piece = explosion.pieces[at]
        for units in (piece.units - 1, piece.units + 1):
            pieces = (*explosion.pieces[:at], replace(piece, units=units), *explosion.pieces[at + 1 :])
            changed = replace(explosion, pieces=pieces)
            assert not _is_whole(changed, made(changed)), piece


def _is_whole(explosion: Explosion, made: tuple[Reassembled, ...]) -> bool:
    if len(made) != len(explosion.lines):
        return False
    return all(line.quantity in one.wholes and not one.left for line, one in zip(explosion.lines, made, strict=True))


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_money_of_a_line_is_its_price_before_offers_less_what_they_take_off(number: int) -> None:
    rng = random.Random(number)
    world = random_world(rng)
    sold = [one for one in world.combinations.values() if one.offer is None]
    basket = replace(random_basket(rng, world, "O"), chosen=())
    prices: list[list[int]] = []
    for combinations in (sold, list(world.combinations.values())):
        try:
            explosion = explode(basket, compile_book(combinations, world.recipes, world.prices))
        except InvalidRequest:
            return
        lines = explosion.lines[: len(basket.lines)]
        prices.append([line.price_minor + sum(one.off_minor for one in line.reductions) for line in lines])
        assert all(line.price_minor >= 0 for line in explosion.lines)
        assert all(line.deposit_minor <= line.price_minor for line in explosion.lines)
    assert prices[0] == prices[1]


def test_the_sequence_of_lines_changes_no_units_where_stock_and_chance_decide_nothing(seed: int) -> None:
    rng = random.Random(seed)
    compared = 0
    while compared < 15:
        world = random_world(rng, offers=0)
        book = compile_book(world.combinations.values(), world.recipes, world.prices)
        basket = random_basket(rng, world, "O")
        turned = Basket(order_id="O", lines=tuple(reversed(basket.lines)))
        try:
            one, other = explode(replace(basket, chosen=()), book), explode(turned, book)
        except InvalidRequest:
            continue
        if not one.decisions:
            assert one.demand == other.demand
            assert {line.line_id: line.price_minor for line in one.lines} == {
                line.line_id: line.price_minor for line in other.lines
            }
            compared += 1
