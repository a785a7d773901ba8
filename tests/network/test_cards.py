"""Cards made from cards agree with what they are made of at every gram."""

import random
from datetime import date
from fractions import Fraction
from math import ceil

import pytest

from solver.network.cards import pro_rata_bands, rounded_card, surcharge_card, unroundable_band
from solver.network.model import Band, RateCard
from solver.network.surcharge import Surcharge, surcharge_minor

FIRST_AND_MORE = RateCard(  # 12.00 for the first kilogram, 2.50 for every begun further one
    bands=(
        Band(up_to_grams=1_000, base_minor=1_200),
        Band(up_to_grams=20_000, base_minor=1_200, from_grams=1_000, step_grams=1_000, step_minor=250),
    )
)
WITH_A_HOLE = RateCard(  # nothing up to 5 kg, and nothing from 10 to 12 kg; the price falls above 12 kg
    bands=(
        Band(up_to_grams=5_000, base_minor=0, closed=True),
        Band(up_to_grams=10_000, base_minor=0, step_grams=500, step_minor=70),
        Band(up_to_grams=12_000, base_minor=0, closed=True),
        Band(up_to_grams=None, base_minor=300, step_grams=1_000, step_minor=80),
    )
)
FUEL = Surcharge(name="fuel", freight_basis_points=875)
REMOTE = Surcharge(name="remote", per_package_minor=150, per_kg_minor=30)
PEAK = Surcharge(name="peak", per_package_minor=99, first_day=date(2025, 11, 1), last_day=date(2025, 11, 20))


def test_a_closed_band_carries_nothing() -> None:
    assert [WITH_A_HOLE.price_minor(grams) for grams in (1, 5_000, 5_001, 10_000, 10_001, 12_000, 12_001)] == [
        None,
        None,
        770,  # 11 half kilograms
        1_400,
        None,
        None,
        1_340,  # 3.00 + 13 kg x 0.80
    ]
    assert WITH_A_HOLE.band_of(11_000) is None


def test_half_kilograms_are_priced_at_their_end() -> None:
    card = RateCard(
        bands=(
            Band(up_to_grams=1_000, base_minor=800),
            Band(up_to_grams=3_000, base_minor=800, from_grams=1_000, step_grams=500, step_minor=45),
        )
    )
    rounded = rounded_card(card, 500)
    prices = [rounded.price_minor(grams) for grams in (1, 501, 1_000, 1_001, 1_500, 1_501, 3_000, 3_001)]
    assert prices == [800, 800, 800, 845, 845, 890, 980, None]


def test_rounding_to_more_than_a_step_charges_several_steps() -> None:
    card = RateCard(bands=(Band(up_to_grams=None, base_minor=100, step_grams=100, step_minor=9),))
    rounded = rounded_card(card, 500)  # 9 for each 100 g, charged by the half kilogram: 45
    assert rounded.bands == (Band(up_to_grams=None, base_minor=100, step_grams=500, step_minor=45),)
    assert [rounded.price_minor(grams) for grams in (1, 500, 501)] == [145, 145, 190]


def test_a_band_without_a_multiple_of_the_step_vanishes_and_its_weights_are_priced_above_it() -> None:
    card = RateCard(bands=(Band(up_to_grams=700, base_minor=500), Band(up_to_grams=1_700, base_minor=900)))
    rounded = rounded_card(card, 1_000)
    assert rounded.bands == (Band(up_to_grams=1_000, base_minor=900),)
    assert [rounded.price_minor(grams) for grams in (1, 1_000, 1_001)] == [900, 900, None]  # 1,001 g count as 2,000


@pytest.mark.parametrize("step", [1, 100, 250, 500, 1_000])
@pytest.mark.parametrize("card", [FIRST_AND_MORE, WITH_A_HOLE])
def test_a_rounded_card_prices_every_gram_as_the_card_prices_the_next_multiple(card: RateCard, step: int) -> None:
    rounded = rounded_card(card, step)
    for grams in range(1, 21_500):
        assert rounded.price_minor(grams) == card.price_minor(ceil(grams / step) * step), grams


def test_no_rounding_leaves_the_card_as_it_is() -> None:
    assert rounded_card(WITH_A_HOLE, 0) is WITH_A_HOLE


@pytest.mark.parametrize(
    ("from_grams", "step_grams", "rounding", "position"),
    [(1_000, 1_000, 300, 1), (1_000, 500, 750, 1), (500, 500, 1_000, 1), (1_000, 500, 500, None), (0, 300, 600, None)],
)
def test_steps_that_do_not_line_up_with_the_rounding_are_found(
    from_grams: int, step_grams: int, rounding: int, position: int | None
) -> None:
    more = Band(up_to_grams=None, base_minor=1, from_grams=from_grams, step_grams=step_grams, step_minor=1)
    card = RateCard(bands=(Band(up_to_grams=1_000, base_minor=1), more))
    assert unroundable_band(card, rounding) == position
    if position is not None:
        with pytest.raises(ValueError, match=f"band 1 has steps that do not fit weights rounded up to {rounding} g"):
            rounded_card(card, rounding)


def test_fuel_follows_the_freight_step_by_step() -> None:
    card = surcharge_card(FIRST_AND_MORE, [FUEL], 3_000)
    assert card.bands == (  # 8.75 % of 12.00, 14.50 and 17.00: 105, 126.875 and 148.75
        Band(up_to_grams=1_000, base_minor=105),
        Band(up_to_grams=2_000, base_minor=127),
        Band(up_to_grams=20_000, base_minor=149),
    )


def test_an_amount_for_each_package_is_one_band_and_none_is_nothing() -> None:
    assert surcharge_card(FIRST_AND_MORE, [PEAK], 5_000).bands == (Band(up_to_grams=20_000, base_minor=99),)
    assert surcharge_card(FIRST_AND_MORE, [], 5_000).bands == (Band(up_to_grams=20_000, base_minor=0),)


def test_an_amount_for_each_kilogram_counts_begun_kilograms() -> None:
    flat = RateCard(bands=(Band(up_to_grams=None, base_minor=500),))
    card = surcharge_card(flat, [REMOTE], 2_500)
    assert card.bands == (
        Band(up_to_grams=1_000, base_minor=180),
        Band(up_to_grams=2_000, base_minor=210),
        Band(up_to_grams=None, base_minor=240),
    )


@pytest.mark.parametrize("card", [FIRST_AND_MORE, WITH_A_HOLE])
@pytest.mark.parametrize("surcharges", [[FUEL], [REMOTE], [FUEL, REMOTE, PEAK]])
@pytest.mark.parametrize("most_grams", [1, 4_999, 11_111, 20_000])
def test_a_surcharge_card_is_exact_at_every_gram(card: RateCard, surcharges: list[Surcharge], most_grams: int) -> None:
    amounts = surcharge_card(card, surcharges, most_grams)
    for grams in range(1, most_grams + 1):
        freight_minor = card.price_minor(grams)
        expected = None if freight_minor is None else surcharge_minor(surcharges, freight_minor, grams)
        assert amounts.price_minor(grams) == expected, grams


def test_a_surcharge_card_ends_where_its_card_ends() -> None:
    assert surcharge_card(FIRST_AND_MORE, [FUEL], 1_500).bands[-1].up_to_grams == 20_000
    assert surcharge_card(FIRST_AND_MORE, [FUEL], 90_000).price_minor(20_001) is None
    assert surcharge_card(WITH_A_HOLE, [FUEL], 90_000).bands[-1].up_to_grams is None


def test_random_cards_and_surcharges_agree_at_every_gram(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        card = random_card(rng)
        surcharges = [random_surcharge(rng, name) for name in "abc"[: rng.randint(0, 3)]]
        most_grams = rng.randint(1, 400)
        amounts = surcharge_card(card, surcharges, most_grams)
        for grams in range(1, most_grams + 1):
            freight_minor = card.price_minor(grams)
            expected = None if freight_minor is None else surcharge_minor(surcharges, freight_minor, grams)
            assert amounts.price_minor(grams) == expected, (card, surcharges, most_grams, grams)


def random_card(rng: random.Random) -> RateCard:
    ends = sorted(rng.sample(range(1, 400), rng.randint(1, 4)))
    bands = [random_band(rng, end) for end in ends]
    return RateCard(bands=(*bands, random_band(rng, None)) if rng.random() < 0.5 else tuple(bands))


def random_band(rng: random.Random, end: int | None) -> Band:
    if rng.random() < 0.2:
        return Band(up_to_grams=end, base_minor=0, closed=True)
    return Band(
        up_to_grams=end,
        base_minor=rng.randint(0, 900),
        from_grams=rng.randint(0, 300),
        step_grams=rng.randint(1, 90),
        step_minor=rng.choice([0, 1, 37]),
    )


def random_surcharge(rng: random.Random, name: str) -> Surcharge:
    return Surcharge(
        name=name,
        per_package_minor=rng.choice([0, 55]),
        per_kg_minor=rng.choice([0, 7]),
        freight_basis_points=rng.choice([0, 1, 875, 12_345]),
    )


def test_fractions_of_a_minor_unit_are_rounded_once_for_each_step() -> None:
    bands = pro_rata_bands(  # 8.00 and 0.45 a kilogram by the half kilogram: 8.225, 8.45, 8.675, 8.90
        above_grams=1_000,
        up_to_grams=3_000,
        base_minor=800,
        from_grams=1_000,
        step_grams=500,
        minor_per_kg=Fraction(45),
    )
    assert [(band.up_to_grams, band.base_minor) for band in bands] == [
        (1_500, 823),
        (2_000, 845),
        (2_500, 868),
        (3_000, 890),
    ]
    assert all(band.step_minor == 0 for band in bands)


def test_fractions_for_the_whole_weight_begin_with_the_step_that_the_band_lies_in() -> None:
    bands = pro_rata_bands(
        above_grams=250, up_to_grams=900, base_minor=0, from_grams=0, step_grams=300, minor_per_kg=Fraction(25, 2)
    )
    assert [(band.up_to_grams, band.base_minor) for band in bands] == [
        (300, 4),
        (600, 8),
        (900, 11),
    ]  # 3.75, 7.5, 11.25


def test_additional_weight_cannot_begin_above_its_band() -> None:
    with pytest.raises(ValueError, match="from 500 g on begins after the band, which covers 400 g"):
        pro_rata_bands(
            above_grams=400, up_to_grams=900, base_minor=0, from_grams=500, step_grams=100, minor_per_kg=Fraction(1)
        )
