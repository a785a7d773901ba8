"""Rate cards of the four published shapes, priced by hand; billable weight."""

from datetime import UTC, datetime

import pytest

from solver.network.lanes import Lane
from solver.network.model import Band, RateCard

FLAT = RateCard(bands=(Band(up_to_grams=30_000, base_minor=650),))
FIRST_AND_MORE = RateCard(  # 12.00 for the first kilogram, 2.50 for every begun further one
    bands=(
        Band(up_to_grams=1_000, base_minor=1_200),
        Band(up_to_grams=None, base_minor=1_200, from_grams=1_000, step_grams=1_000, step_minor=250),
    )
)
WHOLE_WEIGHT_ABOVE_3_KG = RateCard(  # up to 3 kg by the band, above that 4.00 for every begun kilogram of all
    bands=(
        Band(up_to_grams=1_000, base_minor=900),
        Band(up_to_grams=3_000, base_minor=1_100),
        Band(up_to_grams=None, base_minor=0, step_grams=1_000, step_minor=400),
    )
)
BRACKETS = RateCard(  # the price of every begun 100 g falls from bracket to bracket; nothing above 20 kg
    bands=(
        Band(up_to_grams=1_000, base_minor=0, step_grams=100, step_minor=150),
        Band(up_to_grams=20_000, base_minor=500, step_grams=100, step_minor=60),
    )
)


@pytest.mark.parametrize(
    ("card", "grams", "minor"),
    [
        (FLAT, 1, 650),
        (FLAT, 30_000, 650),
        (FLAT, 30_001, None),
        (FIRST_AND_MORE, 1, 1_200),
        (FIRST_AND_MORE, 1_000, 1_200),
        (FIRST_AND_MORE, 1_001, 1_450),
        (FIRST_AND_MORE, 2_000, 1_450),
        (FIRST_AND_MORE, 2_001, 1_700),
        (FIRST_AND_MORE, 99_000, 1_200 + 98 * 250),
        (WHOLE_WEIGHT_ABOVE_3_KG, 1_000, 900),
        (WHOLE_WEIGHT_ABOVE_3_KG, 1_001, 1_100),
        (WHOLE_WEIGHT_ABOVE_3_KG, 3_000, 1_100),
        (WHOLE_WEIGHT_ABOVE_3_KG, 3_001, 1_600),
        (WHOLE_WEIGHT_ABOVE_3_KG, 6_000, 2_400),
        (BRACKETS, 100, 150),
        (BRACKETS, 101, 300),
        (BRACKETS, 1_000, 1_500),
        (BRACKETS, 1_001, 500 + 11 * 60),  # 11.60: one gram more costs 3.40 less
        (BRACKETS, 20_000, 500 + 200 * 60),
        (BRACKETS, 20_001, None),
    ],
)
def test_a_card_prices_a_weight_as_published(card: RateCard, grams: int, minor: int | None) -> None:
    assert card.price_minor(grams) == minor


def test_a_weight_at_the_end_of_a_band_belongs_to_it() -> None:
    assert FIRST_AND_MORE.band_of(1_000) is FIRST_AND_MORE.bands[0]
    assert FIRST_AND_MORE.band_of(1_001) is FIRST_AND_MORE.bands[1]
    assert BRACKETS.band_of(20_001) is None


@pytest.mark.parametrize(("grams", "steps"), [(400, 0), (500, 0), (501, 1), (800, 1), (801, 2)])
def test_steps_begin_at_the_first_weight_of_the_band_not_at_its_lower_end(grams: int, steps: int) -> None:
    band = Band(up_to_grams=None, base_minor=700, from_grams=500, step_grams=300, step_minor=90)
    assert band.price_minor(grams) == 700 + steps * 90


def lane(*, divisor: int = 0, min_billable_grams: int = 0, max_weight_grams: int = 0) -> Lane:
    return Lane(
        source_id="S1",
        service_id="V",
        carrier_id="C",
        distance_meters=0,
        arrives_at=datetime(2026, 3, 2, tzinfo=UTC),
        card=BRACKETS,
        volumetric_divisor_cm3_per_kg=divisor,
        min_billable_grams=min_billable_grams,
        max_weight_grams=max_weight_grams,
    )


@pytest.mark.parametrize(
    ("divisor", "min_billable_grams", "grams", "mm3", "billable_grams"),
    [
        (0, 0, 700, 90_000_000, 700),  # volume does not count
        (6_000, 0, 700, 4_200_000, 700),  # both weigh the same
        (6_000, 0, 700, 4_200_001, 701),  # a cubic millimetre more begins a gram
        (5_000, 0, 700, 4_200_000, 840),
        (5_000, 1_000, 700, 4_200_000, 1_000),
        (5_000, 1_000, 700, 6_000_000, 1_200),
        (5_000, 1_000, 1_500, 6_000_000, 1_500),
        (0, 0, 0, 0, 0),
    ],
)
def test_the_greatest_of_actual_volumetric_and_least_weight_is_billed(
    divisor: int, min_billable_grams: int, grams: int, mm3: int, billable_grams: int
) -> None:
    way = lane(divisor=divisor, min_billable_grams=min_billable_grams)
    assert way.billable_grams(grams, mm3) == billable_grams


def test_freight_is_the_price_of_the_billable_weight() -> None:
    assert lane(divisor=6_000).freight_minor(700, 6_006_000) == 500 + 11 * 60  # 1,001 volumetric grams


def test_the_limit_is_on_the_actual_weight_and_the_card_on_the_billable_one() -> None:
    limited = lane(divisor=6_000, max_weight_grams=1_000)
    assert limited.freight_minor(1_000, 12_000_000) == 500 + 20 * 60
    assert limited.freight_minor(1_001, 0) is None
    assert limited.freight_minor(1_000, 120_000_001) is None  # 20,001 volumetric grams
    assert lane().freight_minor(1_001, 0) == 1_160  # 0 is no limit
