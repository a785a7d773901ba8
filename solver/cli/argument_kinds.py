"""What options take: numbers, days and times, each with what to give instead."""

import argparse
from datetime import UTC, date, datetime


def positive(text: str) -> int:
    """A whole number from 1 on."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: give a whole number, 1 or more") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number}: give at least 1")
    return number


def day(text: str) -> date:
    """A day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: give a day as YYYY-MM-DD") from None


def moment(text: str) -> datetime:
    """A time; in UTC where it does not say otherwise."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: give a time such as 2026-03-02T08:00Z") from None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
