"""Reading one value: exact money and weights through Decimal, coordinates, and None for what is not one."""

from solver.validation import decimal_of


def exact_multiple(text: str, units: int) -> int | None:
    """The number in `text` times `units` (100: minor units of money; 1000: grams of kilograms).

    None when it is not a plain finite number or does not come out whole.
    """
    number = decimal_of(text)
    if number is None or (value := number * units) != value.to_integral_value():
        return None
    return int(value)


def money_minor(text: str) -> int | None:
    """Minor units of a price with at most two decimals; None when unreadable or negative."""
    amount_minor = exact_multiple(text, 100)
    return amount_minor if amount_minor is not None and amount_minor >= 0 else None


def positive_int(text: str) -> int | None:
    """A whole number above zero, or None."""
    number = exact_multiple(text, 1)
    return number if number is not None and number > 0 else None


def coordinate(text: str) -> float | None:
    """Degrees, or None when unreadable."""
    degrees = decimal_of(text)
    return float(degrees) if degrees is not None and abs(degrees) <= 180 else None
