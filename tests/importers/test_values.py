import pytest

from solver.importers.values import coordinate, exact_multiple, money_minor, positive_int


@pytest.mark.parametrize(
    ("text", "amount_minor"),
    [("6.0", 600), ("0.45", 45), ("19.99", 1999), ("0", 0), ("1e2", 10_000), ("1.115", None), ("-1", None)],
)
def test_money_is_exact_or_nothing(text: str, amount_minor: int | None) -> None:
    assert money_minor(text) == amount_minor


@pytest.mark.parametrize("text", ["", "abc", "86元", "NaN", "Infinity", "1,5", "1_0", "True", "1e999999"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert (money_minor(text), positive_int(text), coordinate(text)) == (None, None, None)


def test_kilograms_become_whole_grams_or_nothing() -> None:
    assert [exact_multiple(text, 1000) for text in ("3.2", "70", "0.0005")] == [3200, 70_000, None]


def test_a_count_is_whole_and_above_zero() -> None:
    assert [positive_int(text) for text in ("862", "862.0", "0", "-3", "1.5")] == [862, 862, None, None, None]


def test_a_coordinate_beyond_the_globe_is_none() -> None:
    assert [coordinate(text) for text in ("-46.63", "180", "180.1")] == [-46.63, 180.0, None]
