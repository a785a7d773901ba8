"""Amounts as people write them, in currencies of every kind of minor unit."""

import pytest

from solver.money import currency_decimals, format_minor


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("CNY", 2), ("JPY", 0), ("ISK", 0), ("XOF", 0), ("UGX", 0), ("KWD", 3), ("IQD", 3), ("LYD", 3), ("CLF", 4)],
)
def test_a_minor_unit_is_what_iso_4217_says(currency: str, decimals: int) -> None:
    assert currency_decimals(currency) == decimals


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1_234, "CNY", "12.34"),
        (-5, "CNY", "-0.05"),
        (1_234, "JPY", "1234"),
        (-7, "ISK", "-7"),
        (1_234, "KWD", "1.234"),
        (-1, "IQD", "-0.001"),
        (0, "CLF", "0.0000"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert format_minor(minor, currency) == text
