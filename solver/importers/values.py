"""Reading one value: exact money and weights through Decimal, coordinates, and None for what is not one."""

from decimal import Decimal, InvalidOperation


def exact_multiple(text: str, units: int) -> int | None:
    """The number in `text` times `units` (100: minor units of money; 1000: grams of kilograms).

    None when it is not a plain finite number or does not come out whole.
    """
    try:
        value = Decimal(text) * units
    except InvalidOperation:
        return None
    if not value.is_finite() or value != value.to_integral_value():
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
    try:
        degrees = Decimal(text)
    except InvalidOperation:
        return None
    return float(degrees) if degrees.is_finite() and abs(degrees) <= 180 else None
