"""What is a number, and what Python or protobuf alone would take for one."""

from decimal import Decimal

import pytest

from solver.errors import Violations
from solver.validation import check_between, decimal_of


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", "2"), (" -2.50 ", "-2.50"), ("+.5", "0.5"), ("7.", "7"), ("1e2", "100"), ("２３", "23"), ("1E-3", "0.001")],
)
def test_digits_of_any_script_are_read_as_their_number(text: str, number: str) -> None:
    assert decimal_of(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", " ", "True", "nan", "Infinity", "1_000", "1,5", "1 000", "0x10", "--1", "1e", "1e400", "9" * 31, "."]
)
def test_whatever_else_python_reads_as_a_number_is_none(text: str) -> None:
    assert decimal_of(text) is None


@pytest.mark.parametrize(("value", "high"), [(True, 5), (False, 5), (True, 5.0)])
def test_true_and_false_are_no_numbers(value: bool, high: float) -> None:
    violations = Violations()
    assert not check_between(value, 0, high, "lines[0].quantity", violations)
    [found] = violations.found
    assert (found.field, found.value, found.remedy) == (
        "lines[0].quantity",
        str(value),
        "give a number, not True or False",
    )
    assert check_between(1, 0, high, "lines[0].quantity", violations)
