"""Opening hours as shops write them: `10:00~22:00`, `周一～周日10:00-22:00`, `周一至周四10：00-21：30，周五至周日…`."""

import re

from solver.network.model import Hours

ASSUMED_HOURS = Hours(opens_minute=10 * 60, closes_minute=22 * 60)
_TIME = r"(早上|上午|下午|晚上)?\s*(\d{1,2})\s*[:：∶；.]+\s*(\d{2})(?:[:：]\d{2})?(?!\d)"
_RANGE = re.compile(_TIME + r"\s*[-~～—－至到]+\s*" + _TIME)
_SUNDAY = ("周日", "周天", "至日", "周末")


def parse_hours(text: str) -> Hours | None:
    """Hours that hold on every day of the week; None when the text does not say them.

    Where days or seasons differ, the hours that all of them share are taken: too short rather than too long.
    """
    ranges = [_minutes(found) for found in _RANGE.finditer(text)]
    if not ranges or None in ranges:
        return None
    if len(ranges) == 1 and "周" in text and not any(day in text for day in _SUNDAY):
        return None
    known = [found for found in ranges if found is not None]
    opens, closes = max(start for start, _ in known), min(end for _, end in known)
    return Hours(opens_minute=opens, closes_minute=closes) if opens < closes else None


def differs_by_day(text: str) -> bool:
    """True when the text states more than one span of hours."""
    return len({_minutes(found) for found in _RANGE.finditer(text)}) > 1


def _minutes(found: re.Match[str]) -> tuple[int, int] | None:
    opens, closes = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
    return None if opens is None or closes is None or opens >= closes else (opens, closes)


def _minute(half: str | None, hour_text: str, minute_text: str) -> int | None:
    hour, minute = int(hour_text), int(minute_text)
    if half in ("下午", "晚上") and hour < 12:
        hour += 12
    return hour * 60 + minute if minute < 60 and hour * 60 + minute <= 1440 else None
