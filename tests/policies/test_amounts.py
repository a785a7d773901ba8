"""Amounts are exact in the setting's own unit, or refused with the way to write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.money import format_minor
from solver.policies.amounts import NotAnAmount, amount


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("200", "split_minor", 200),
        ("2.00 CNY", "split_minor", 200),
        ("2 CNY", "split_minor", 200),
        ("0.01CNY", "split_minor", 1),
        ("200 minor", "split_minor", 200),
        ("1 CNY per hour", "lateness_minor_per_hour", 100),
        ("3 minor per km", "distance_minor_per_km", 3),
        ("50 km", "distance_meters", 50_000),
        ("1.5 km", "max_distance_meters", 1_500),
        ("1_500 m", "max_distance_meters", 1_500),
        ("1500 meters", "max_distance_meters", 1_500),
        ("2 d", "max_minutes_to_door", 2_880),
        ("36 h", "max_transit_minutes", 2_160),
        ("1.5 kg", "carbon_grams", 1_500),
        ("95 %", "min_on_time_permille", 950),
        ("12.5 %", "max_load_basis_points", 1_250),
        ("100 basis_points", "max_load_basis_points", 100),
        ("3", "max_packages", 3),
        ("3 packages", "max_packages", 3),
        ("-5", "split_minor", -5),
        (" 7 ", "split_minor", 7),
    ],
)
def test_an_amount_stands_for_a_whole_number_of_the_names_unit(text: str, name: str, whole: int) -> None:
    assert amount(text, name, "CNY") == whole


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("", "split_minor", "write a whole number of minor units, or an amount with its unit"),
        ("two", "max_packages", "write a whole number of packages, or an amount with its unit"),
        ("1e3", "split_minor", "there is no unit 'e3' for split_minor; it is counted in minor units, or in CNY"),
        ("0.5", "max_packages", "is 0.5 packages, which must be a whole number"),
        ("0.001 CNY", "split_minor", "is 0.1 minor units, which must be a whole number"),
        ("1.0005 km", "distance_meters", "is 1000.5 meters, which must be a whole number"),
        ("5 kg", "distance_meters", "there is no unit 'kg' for distance_meters; it is counted in meters, m, km"),
        ("5 km", "max_packages", "there is no unit 'km' for max_packages; it is counted in packages"),
        ("5 kg", "split_minor", "there is no unit 'kg' for split_minor; it is counted in minor units, or in CNY"),
        ("5 USD", "split_minor", "the policy is in CNY; use one currency throughout"),
        ("1 CNY per day", "lateness_minor_per_hour", "lateness_minor_per_hour is counted per hour"),
        ("1 CNY per day", "split_minor", "split_minor is not counted per anything"),
    ],
)
def test_what_is_no_amount_is_told_with_what_would_be_one(text: str, name: str, told: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        amount(text, name, "CNY")
    assert str(refused.value) == told


def test_money_needs_the_policys_currency() -> None:
    with pytest.raises(NotAnAmount, match="say `currency: CNY` at the top, then amounts may be in CNY"):
        amount("2.00 CNY", "split_minor", "")
    assert amount("200", "split_minor", "") == 200


@given(minor=st.integers(0, 10**12), currency=st.sampled_from(["CNY", "JPY", "KWD"]))
def test_money_is_read_as_it_is_written(minor: int, currency: str) -> None:
    assert amount(f"{format_minor(minor, currency)} {currency}", "split_minor", currency) == minor
