"""What sound rounding, surcharges, limits and countries are: every broken rule by its field, value and remedy."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.errors import Violations
from solver.network.model import Band, RateCard, ZoneRate
from solver.network.surcharge import Surcharge
from solver.network.validate import check_rate_card, check_region, check_tariff
from tests.made_world import GROUND, REGIONS

REGION_IDS = {region.region_id for region in REGIONS}
FUEL = Surcharge(name="fuel", freight_basis_points=875)


def told(**changes: Any) -> list[tuple[str, str, str]]:
    """What is recorded about the service: field, value, remedy."""
    violations = Violations()
    check_tariff(replace(GROUND, **changes), REGION_IDS, "s", violations)
    return [(found.field, found.value, found.remedy) for found in violations.found]


def test_a_service_with_all_its_terms_is_sound() -> None:
    found = told(
        weight_step_grams=500,
        surcharges=(
            FUEL,
            Surcharge(name="west", per_package_minor=1, per_kg_minor=1, destination_region_ids=("WEST", "WEST-CITY")),
            Surcharge(name="day", per_package_minor=1, first_day=date(2026, 1, 1), last_day=date(2026, 1, 1)),
        ),
        max_volume_mm3=20_000**3,
        max_side_mm=20_000,
        max_units=1_000_000,
        refuses_tags=("hazmat", "battery"),
        carbon_grams_per_package=1_000_000,
        carbon_grams_per_tonne_km=1_000_000,
        assumed=("rounding: each begun half kilogram",),
    )
    assert found == []


@pytest.mark.parametrize(
    ("changes", "field", "value", "remedy"),
    [
        ({"max_volume_mm3": -1}, "s.max_volume_mm3", "-1", "must lie between 0 and 8,000,000,000,000"),
        ({"max_side_mm": 20_001}, "s.max_side_mm", "20001", "must lie between 0 and 20,000"),
        ({"max_units": -2}, "s.max_units", "-2", "must lie between 0 and 1,000,000"),
        ({"carbon_grams_per_package": -1}, "s.carbon_grams_per_package", "-1", "must lie between 0 and 1,000,000"),
        ({"carbon_grams_per_tonne_km": -1}, "s.carbon_grams_per_tonne_km", "-1", "must lie between 0 and 1,000,000"),
        ({"weight_step_grams": -1}, "s.weight_step_grams", "-1", "must lie between 0 and 1,000,000,000"),
        ({"refuses_tags": ("",)}, "s.refuses_tags[0]", "''", "give 1 to 128 printable characters"),
        ({"refuses_tags": ("hot", "hot")}, "s.refuses_tags[1]", "'hot'", "stands twice; name it once"),
        ({"surcharges": (FUEL, FUEL)}, "s.surcharges[1]", "'fuel'", "stands twice; name it once"),
        ({"surcharges": (FUEL,) * 101}, "s.surcharges", "'101 rows'", "send 1 to 100"),
    ],
)
def test_a_term_out_of_bounds_is_named_with_its_value_and_a_remedy(
    changes: dict[str, Any], field: str, value: str, remedy: str
) -> None:
    assert (field, value, remedy) in told(**changes)


@pytest.mark.parametrize(
    ("changes", "field", "value", "remedy"),
    [
        ({"name": ""}, "name", "''", "give 1 to 128 printable characters"),
        ({"per_package_minor": -1}, "per_package_minor", "-1", "must lie between 0 and 1,000,000,000,000"),
        ({"per_kg_minor": -1}, "per_kg_minor", "-1", "must lie between 0 and 1,000,000"),
        ({"freight_basis_points": 100_001}, "freight_basis_points", "100001", "must lie between 0 and 100,000"),
        (
            {"destination_region_ids": ("WEST", "MOON")},
            "destination_region_ids[1]",
            "'MOON'",
            "there is no such region; name one that exists, or add it first",
        ),
        (
            {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 1)},
            "last_day",
            "'2026-03-01'",
            "give a day from 2026-03-02 on",
        ),
    ],
)
def test_a_surcharge_names_what_is_wrong_with_it(changes: dict[str, Any], field: str, value: str, remedy: str) -> None:
    assert told(surcharges=(replace(FUEL, **changes),)) == [(f"s.surcharges[0].{field}", value, remedy)]


def test_a_rounding_that_does_not_fit_a_cards_steps_names_the_band() -> None:
    remedy = (
        "must divide from_grams of rates[0].card.bands[1], and divide its step_grams or be a multiple of it; "
        "or write that card's prices as flat bands"
    )
    far = remedy.replace("rates[0]", "rates[1]")
    assert told(weight_step_grams=300) == [
        ("s.weight_step_grams", "300", remedy),
        ("s.weight_step_grams", "300", far),
    ]


def test_a_rounding_beyond_every_band_leaves_nothing_to_carry() -> None:
    rate = ZoneRate(zone="near", card=RateCard(bands=(Band(up_to_grams=900, base_minor=1),)), transit_minutes=0)
    assert told(weight_step_grams=1_000, rates=(rate, GROUND.rates[1])) == [
        (
            "s.weight_step_grams",
            "1000",
            "no multiple of it lies in an open band of rates[0].card; give a smaller step",
        )
    ]


def test_a_broken_step_is_told_once_where_it_stands() -> None:
    broken = RateCard(bands=(Band(up_to_grams=None, base_minor=1, step_grams=0),))
    rates = (ZoneRate(zone="near", card=broken, transit_minutes=0), GROUND.rates[1])
    assert [field for field, _, _ in told(weight_step_grams=500, rates=rates)] == [
        "s.rates[0].card.bands[0].step_grams"
    ]


def told_of_card(*bands: Band) -> list[tuple[str, str, str]]:
    violations = Violations()
    check_rate_card(RateCard(bands=bands), "c", violations)
    return [(found.field, found.value, found.remedy) for found in violations.found]


def test_a_closed_band_has_no_price_and_a_card_an_open_one() -> None:
    closed, last = Band(up_to_grams=500, base_minor=0, closed=True), Band(up_to_grams=None, base_minor=1)
    assert told_of_card(closed, last) == []
    assert told_of_card(closed) == [("c.bands", "'all closed'", "open a band, or leave the zone out")]
    assert told_of_card(replace(closed, base_minor=7), last) == [
        ("c.bands[0].closed", "(7, 0)", "a closed band has no price: leave both prices at 0, or open it")
    ]
    assert [field for field, _, _ in told_of_card(replace(closed, step_minor=7), last)] == ["c.bands[0].closed"]


def test_a_card_may_have_a_band_for_each_pound_of_a_heavy_parcel() -> None:
    assert told_of_card(*(Band(up_to_grams=n, base_minor=n) for n in range(1, 501))) == []
    many = [Band(up_to_grams=n, base_minor=n) for n in range(1, 502)]
    assert told_of_card(*many) == [("c.bands", "'501 bands'", "give 1 to 500")]


@pytest.mark.parametrize(
    ("country", "sound"), [("", True), ("CN", True), ("cn", False), ("CHN", False), ("中国", False), ("C1", False)]
)
def test_a_country_is_two_capital_letters(country: str, sound: bool) -> None:
    violations = Violations()
    check_region(replace(REGIONS[0], country=country), REGION_IDS, "r", violations)
    remedy = "give an ISO 3166 code of two letters such as CN"
    expected = [] if sound else [("r.country", repr(country), remedy)]
    assert [(found.field, found.value, found.remedy) for found in violations.found] == expected
