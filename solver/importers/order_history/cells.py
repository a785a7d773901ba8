"""What a cell says, by what its column is."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from solver.importers.order_history.mapping import ISO, HistoryMapping, MoneyIn, WeightIn
from solver.money import currency_decimals, format_minor
from solver.validation import EARLIEST, LATEST, MOST_GRAMS, MOST_MINOR, MOST_UNITS, decimal_of

_MOST_DIGITS = 18  # of what is quickly read
_REMEMBERED = 65_536  # of times and amounts, which come again and again
_HALF_WIDTH = str.maketrans("０１２３４５６７８９：／－．", "0123456789:/-.")  # as Chinese input methods write them
_THOUSANDS = str.maketrans("", "", ",，¥￥$€ ")


class Unsound(ValueError):
    """What a cell says is not what its column is: a stable reason, and what to write instead."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy


def time_reader(mapping: HistoryMapping) -> Callable[[str], datetime]:
    """Reads a time and gives it in UTC; one without an offset is of the mapping's zone."""
    zone, formats = ZoneInfo(mapping.time_zone), mapping.time_formats
    shown = " or ".join("ISO 8601, such as 2026-03-02 08:00:00" if form == ISO else form for form in formats)
    unread = f"write it as {shown}; or say in time_format how it is written (a list where there are several ways)"

    @lru_cache(_REMEMBERED)
    def read(text: str) -> datetime:
        moment = next((found for form in formats if (found := time_as(form, text)) is not None), None)
        try:
            if moment is None:
                raise Unsound("not_a_time", unread)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        except OverflowError:
            raise Unsound("not_a_time", unread) from None
        if not EARLIEST <= moment < LATEST:
            raise Unsound("not_a_time", f"lies outside {EARLIEST.year} to {LATEST.year - 1}")
        return moment

    return read


def time_as(form: str, text: str) -> datetime | None:
    """The time that a text says in this format, with an offset only where one is written; None: it does not fit."""
    text = text.translate(_HALF_WIDTH)
    try:
        return datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - the caller knows the zone
    except ValueError:
        return None


def money_reader(mapping: HistoryMapping) -> Callable[[str], int]:
    """Reads an amount and gives it in minor units."""
    decimals = currency_decimals(mapping.currency) if mapping.money_in is MoneyIn.MAJOR else 0
    shown = format_minor(1_250, mapping.currency, decimals)
    remedy = f"write an amount such as {shown}, with at most {decimals} decimals, or change money_in"

    @lru_cache(_REMEMBERED)
    def read(text: str) -> int:
        return _whole(text.translate(_THOUSANDS), 10**decimals, 0, MOST_MINOR, "not_an_amount", remedy)

    return read


def quantity(text: str) -> int:
    """Units of a line. A return is no order."""
    remedy = f"write a whole number from 1 to {MOST_UNITS:,}; returns and cancelled lines are no orders: leave them out"
    return _whole(text.translate(_THOUSANDS), 1, 1, MOST_UNITS, "not_a_quantity", remedy)


def weight_reader(mapping: HistoryMapping) -> Callable[[str], int]:
    """Reads a unit's weight and gives it in grams, a begun one counted."""
    times = 1_000 if mapping.weight_in is WeightIn.KILOGRAMS else 1

    @lru_cache(_REMEMBERED)
    def read(text: str) -> int:
        remedy = f"write a weight above 0 in {mapping.weight_in}, or change weight_in"
        number = decimal_of(text)
        if number is None or not 0 < (grams := number * times) <= MOST_GRAMS:
            raise Unsound("not_a_weight", remedy)
        return int(grams.to_integral_value(rounding="ROUND_CEILING"))

    return read


def degrees(text: str, most: int) -> float:
    """Latitude (`most` 90) or longitude (180)."""
    number = decimal_of(text)
    if number is None or not -most <= number <= most:
        raise Unsound("not_a_coordinate", f"write degrees between -{most} and {most}")
    return float(number)


def _whole(text: str, times: int, least: int, most: int, reason: str, remedy: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else decimal_of(text)
    if number is None or not least <= (value := number * times) <= most or value != int(value):
        raise Unsound(reason, remedy)
    return int(value)
