"""Checks that every noun's validation shares. Each records a violation and goes on, so that a caller sees them all.

What is sound is the rule, and is passed without words: they are only put together for what is not.
"""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Protocol

from solver.errors import Violations

MOST_ID_CHARACTERS = 128
MOST_UNITS = 1_000_000
MOST_MINOR = 1_000_000_000_000
MOST_GRAMS = 1_000_000_000
MOST_MILLIMETERS = 20_000
MOST_MINUTES = 525_600  # a year
MOST_DAYS = 365
MOST_METERS = 20_100_000  # half the earth's girth
MOST_ROWS = 1_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?")
LATEST = datetime(2200, 1, 1, tzinfo=UTC)  # leaves room in the calendar for lead and transit times


class Known(Protocol):
    """Anything that can tell whether an id exists."""

    def __contains__(self, key: object, /) -> bool: ...


def is_id(value: str) -> bool:
    """Whether it is 1 to 128 printable characters without blanks at its ends."""
    return 0 < len(value) <= MOST_ID_CHARACTERS and value.isprintable() and value == value.strip()


def check_id(value: str, path: str, violations: Violations) -> None:
    """An id is 1 to 128 printable characters without blanks at its ends."""
    if not is_id(value):
        violations.add(path, value, f"give 1 to {MOST_ID_CHARACTERS} printable characters")


def check_lasts(value: timedelta, longest: timedelta, path: str, violations: Violations) -> None:
    """Something lasts for some time, and not for ever."""
    if not timedelta(0) < value <= longest:
        violations.add(path, in_seconds(value), f"give more than 0 and up to {longest.days} days")


def in_seconds(value: timedelta) -> str:
    """How long it is, in words: Python's own would tell a minute too few as -1 day and 23:59."""
    return f"{value.total_seconds():,.15g} s"


def check_between(value: float, low: float, high: float, path: str, violations: Violations) -> bool:
    """A number within its limits, both included; NaN is never within, nor are True and False. Returns whether it is.

    Whole limits are those of what is counted: there is no half of it.
    """
    if type(value) is int and low <= value <= high:
        return True
    if value is True or value is False:
        violations.add(path, value, "give a number, not True or False")
        return False
    if isinstance(value, float) and isinstance(low, int) and isinstance(high, int):
        violations.add(path, value, "give a whole number")
        return False
    if low <= value <= high:
        return True
    violations.add(path, value, f"must lie between {low:,} and {high:,}")
    return False


def decimal_of(text: str) -> Decimal | None:
    """The number that a text is, in digits of any script, with blanks around it; None where it is none.

    Python reads more as one: `1_0` as 10, `nan`, and numbers of millions of digits.
    """
    bare = text.strip()
    return Decimal(bare) if _PLAIN_NUMBER.fullmatch(bare) else None


def is_time(value: datetime) -> bool:
    """Whether it is aware, and arithmetic on it cannot carry it out of the calendar."""
    return value.tzinfo is not None and EARLIEST <= value < LATEST


def check_time(value: datetime, path: str, violations: Violations) -> None:
    """An aware time that arithmetic on it cannot carry out of the calendar."""
    if not is_time(value):
        violations.add(path, value.isoformat(), f"give a time in UTC from {EARLIEST.year} to {LATEST.year - 1}")


def check_reference(value: str, known: Known, noun: str, path: str, violations: Violations) -> None:
    """An id that must exist."""
    if value not in known:
        violations.add(path, value, f"there is no such {noun}; name one that exists, or add it first")


def unknown(name: str, known: Collection[str], noun: str, otherwise: str = "docs/dimensions.md has them all") -> str:
    """What to do about a name that does not exist: the one that was probably meant, or where all of them stand."""
    meant = get_close_matches(name, known, n=1)
    return f"there is no such {noun}; " + (f"did you mean {meant[0]}?" if meant else otherwise)


def check_rows(rows: Sequence[object], path: str, violations: Violations, most: int = MOST_ROWS) -> None:
    """A batch has at least one row, and not more than fit into one call."""
    violations.require(1 <= len(rows) <= most, path, f"{len(rows)} rows", f"send 1 to {most:,}")


def check_unique(values: Sequence[str], path: str, violations: Violations) -> None:
    """No value stands twice; the second occurrence is named."""
    if len(set(values)) == len(values):
        return
    seen: set[str] = set()
    for position, value in enumerate(values):
        violations.require(value not in seen, f"{path}[{position}]", value, "stands twice; name it once")
        seen.add(value)


def check_words(words: Sequence[str], path: str, violations: Violations) -> None:
    """Tags and the like: names like ids, each once."""
    for position, word in enumerate(words):
        check_id(word, f"{path}[{position}]", violations)
    check_unique(words, path, violations)


def check_coordinates(latitude: float, longitude: float, path: str, violations: Violations) -> None:
    """A point of the globe, in degrees. `path` is that of the message that has both fields."""
    prefix = f"{path}." if path else ""
    check_between(latitude, -90.0, 90.0, f"{prefix}latitude", violations)
    check_between(longitude, -180.0, 180.0, f"{prefix}longitude", violations)
