"""Whole-number arithmetic that every room needs and none should write twice."""


def ceil_div(dividend: int, divisor: int) -> int:
    """The smallest integer not below dividend / divisor; divisor > 0."""
    return -(-dividend // divisor)


def round_half_up_div(dividend: int, divisor: int) -> int:
    """dividend / divisor rounded to the nearest integer, halves away from zero; divisor > 0."""
    if dividend < 0:
        return -round_half_up_div(-dividend, divisor)
    return (2 * dividend + divisor) // (2 * divisor)
