"""Rate cards in the search, to the gram, and their tables against the cards' own words."""

import random
from dataclasses import replace

import numpy as np
import pytest

from solver.network.model import Band, RateCard
from solver.sourcing.case import Ints, Tariff
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import search
from solver.sourcing.exact.tables import CLOSED, PriceTables, card_prices, price_tables, price_tables_at
from solver.sourcing.mip.engine import solve_by_mip
from tests.sourcing.exact.cases import plain_case

FIRST_AND_FURTHER = RateCard(
    bands=(Band(up_to_grams=None, base_minor=800, from_grams=1000, step_grams=500, step_minor=90),)
)
FALLING = RateCard(bands=(Band(up_to_grams=1000, base_minor=500), Band(up_to_grams=3000, base_minor=200)))


@pytest.mark.parametrize(
    ("units", "cost"), [(9, 800), (10, 800), (11, 890), (15, 890), (16, 980)], ids=lambda value: str(value)
)
def test_begun_steps_count_whole(units: int, cost: int) -> None:
    case = plain_case([[units]], [0], [units], tariffs=(Tariff(cards=(FIRST_AND_FURTHER,)),))
    assert search(case).cost == (cost,)


def test_two_packages_where_one_is_billed_more() -> None:
    card = RateCard(bands=(Band(up_to_grams=200, base_minor=30), Band(up_to_grams=None, base_minor=100)))
    finding = search(plain_case([[4]], [0], [4], tariffs=(Tariff(cards=(card,)),)))
    assert finding.cost == (60,)
    assert [one.units.tolist() for one in finding.shipments] == [[2], [2]]


def test_a_price_that_falls_with_weight_is_met_exactly() -> None:
    tariffs = (Tariff(cards=(FALLING,)),)
    assert search(plain_case([[10]], [0], [10], tariffs=tariffs)).cost == (500,)
    assert search(plain_case([[11]], [0], [11], tariffs=tariffs)).cost == (200,)


def test_the_minimum_weight_is_billed() -> None:
    tariffs = (Tariff(cards=(FIRST_AND_FURTHER,), min_billable_grams=1001),)
    assert search(plain_case([[1]], [0], [1], tariffs=tariffs)).cost == (890,)


def test_volume_is_billed_rounded_up() -> None:
    # 3 units are 3000 mm3; at 3 mm3 a gram that is 1000 g, at 2.999 it would be more: 2 gives 1500 g.
    for divisor, cost in ((3, 800), (2, 890), (0, 800)):
        tariffs = (Tariff(cards=(FIRST_AND_FURTHER,), volumetric_divisor_cm3_per_kg=divisor),)
        assert search(plain_case([[3]], [0], [3], tariffs=tariffs)).cost == (cost,)


def test_cubic_inches_per_pound_are_billed_rounded_down() -> None:
    # 1 in3 per lb is 36.127 mm3 a gram: 4000 mm3 are 110.7 g, 11 of them 1217.9 g.
    for units, end, cost in ((11, 1217, 800), (11, 1216, 900), (10, 1107, 800), (10, 1106, 900)):
        card = RateCard(bands=(Band(up_to_grams=end, base_minor=800), Band(up_to_grams=None, base_minor=900)))
        one = (Tariff(cards=(card,), volumetric_divisor_in3_per_lb=1),)
        case = plain_case([[units]], [0], [units], tariffs=one, unit_mm3=np.array([4000]))
        assert search(case).cost == (cost,)


def test_volumes_that_cannot_be_weighed_in_64_bits_are_left_to_the_program() -> None:
    tariffs = (Tariff(cards=(FIRST_AND_FURTHER,), volumetric_divisor_in3_per_lb=139),)
    case = plain_case([[1]], [0], [1], tariffs=tariffs, unit_mm3=np.array([15 * 10**10]))
    assert search(case).reason == GaveUp.TOO_MANY_PRICES
    finding, _ = solve_by_mip(replace(case, unfilled_cost=np.array([[10**8]])), time_limit_seconds=60)
    assert finding.is_proven
    assert finding.cost == (800 + 90 * 59_739,)  # 29,870,400 g


def test_a_closed_band_carries_nothing() -> None:
    closed = RateCard(
        bands=(
            Band(up_to_grams=100, base_minor=50),
            Band(up_to_grams=200, base_minor=0, closed=True),
            Band(up_to_grams=300, base_minor=60),
        )
    )
    tariffs = (Tariff(cards=(closed,)),)
    assert search(plain_case([[2]], [0], [2], tariffs=tariffs)).cost == (100,)
    assert search(plain_case([[3]], [0], [3], tariffs=tariffs)).cost == (60,)


def test_steps_of_a_gram_need_no_table() -> None:
    by_gram = RateCard(bands=(Band(up_to_grams=None, base_minor=5, step_grams=1, step_minor=1),))
    case = plain_case([[3]], [0], [3], unit_grams=np.array([100_000]), tariffs=(Tariff(cards=(by_gram,)),))
    case = replace(case, unfilled_cost=np.array([[1_000_000]]))
    assert search(case).cost == (300_005,)


def test_a_card_costs_at_every_weight_what_it_says(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        card = RateCard(
            bands=tuple(
                Band(
                    up_to_grams=end,
                    base_minor=rng.randint(0, 900),
                    from_grams=rng.randint(0, 700),
                    step_grams=rng.randint(1, 300),
                    step_minor=rng.choice((0, 7)),
                    closed=rng.random() < 0.2,
                )
                for end in (300, 900, rng.choice((1500, None)))
            )
        )
        grams = np.arange(2000)
        said = [card.price_minor(int(weight)) for weight in grams]
        wanted = [CLOSED if price is None else price for price in said]
        assert card_prices(card, grams).tolist() == wanted
        tables = price_tables([Tariff(cards=(card,), min_billable_grams=40)], 1, 1999, 0)
        assert tables is not None
        columns = np.maximum(np.searchsorted(tables.cuts, grams), tables.tariff_column[0])
        assert tables.prices[0, 0, columns].tolist() == [wanted[max(40, weight)] for weight in range(2000)]


def test_tables_of_some_weights_agree_with_tables_of_all() -> None:
    tariffs = [
        Tariff(cards=(FIRST_AND_FURTHER,), volumetric_divisor_cm3_per_kg=7, min_billable_grams=120),
        Tariff(cards=(FALLING,)),
    ]
    grams, mm3 = np.array([0, 100, 1100, 2500]), np.array([0, 9000, 100, 18000])
    every, some = price_tables(tariffs, 1, 2500, 18000), price_tables_at(tariffs, 1, grams, mm3)
    assert every is not None
    assert some is not None
    for number, billable in enumerate((grams, np.array([120, 1286, 1100, 2572]))[::-1]):
        of_all = every.prices[0, number, _columns(every, number, billable)]
        of_some = some.prices[0, number, _columns(some, number, billable)]
        assert of_all.tolist() == of_some.tolist()


def _columns(tables: PriceTables, number: int, billable: Ints) -> list[int]:
    group = tables.tariff_group[number]
    cuts = tables.cuts[tables.group_cuts[group] : tables.group_cuts[group + 1]]
    columns: list[int] = np.searchsorted(cuts, billable).tolist()
    return columns
