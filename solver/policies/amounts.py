"""Amounts as people write them: `50 km` for a setting in meters, `2.00 CNY` for one in minor units. Exact, or refused.

A setting's unit is the last word of its name that is one, before any `per`: `max_distance_meters`,
`max_minutes_to_door`, `lateness_minor_per_hour`. Names without such a word count things.
"""

import re
from decimal import Decimal

from solver.money import currency_decimals, is_currency

MINOR = "minor"
# By the unit in a name: how many of it each written unit stands for.
WRITTEN: dict[str, dict[str, int]] = {
    "meters": {"m": 1, "km": 1_000},
    "km": {"km": 1},
    "mm": {"mm": 1, "cm": 10, "m": 1_000},
    "mm3": {"mm3": 1, "cm3": 1_000, "m3": 1_000_000_000},
    "grams": {"g": 1, "kg": 1_000, "t": 1_000_000},
    "ms": {"ms": 1, "s": 1_000},
    "minutes": {"min": 1, "h": 60, "d": 1_440},
    "days": {"d": 1},
    "permille": {"%": 10},
    "basis_points": {"%": 100},
    MINOR: {},
}
_AMOUNT = re.compile(r"(?P<number>-?\d[\d_]*(?:\.\d+)?)(?:\s*(?P<unit>[^\s\d]\S*)(?:\s+per\s+(?P<per>\S.*))?)?")


class NotAnAmount(ValueError):
    """The text is no amount of the unit; the message says what to write instead."""


def amount(text: str, name: str, currency: str) -> int:
    """The whole number of the name's own unit that the text stands for.

    `currency` is what amounts of money are in; empty: only minor units are understood. Raises NotAnAmount.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount(f"write a whole number of {_spelled(name)}, or an amount with its unit")
    unit, per = _unit_and_per(name)
    _refuse_wrong_per(found["per"], per, name)
    exact = Decimal(found["number"].replace("_", "")) * _factor(found["unit"], unit, name, currency)
    if exact != int(exact):
        raise NotAnAmount(f"is {exact.normalize():f} {_spelled(name)}, which must be a whole number")
    return int(exact)


def _unit_and_per(name: str) -> tuple[str, str]:
    head, _, per = name.partition("_per_")
    found = {f"_{head}_".rfind(f"_{unit}_"): unit for unit in WRITTEN}
    last = max(found)
    return found[last] if last >= 0 else head.rpartition("_")[2], per.replace("_", " ")


def _spelled(name: str) -> str:
    unit, per = _unit_and_per(name)
    return ("minor units" if unit == MINOR else unit.replace("_", " ")) + (f" per {per}" if per else "")


def _refuse_wrong_per(written: str | None, per: str, name: str) -> None:
    if written is not None and written.split() != per.split():
        raise NotAnAmount(f"{name} is counted per {per}" if per else f"{name} is not counted per anything")


def _factor(written: str | None, unit: str, name: str, currency: str) -> int:
    if written in (None, unit):
        return 1
    if unit == MINOR:
        return _minor_units(written or "", name, currency)
    known = WRITTEN.get(unit, {})
    if written not in known:
        others = ", ".join(dict.fromkeys([unit.replace("_", " "), *known]))
        raise NotAnAmount(f"there is no unit {written!r} for {name}; it is counted in {others}")
    return known[written]


def _minor_units(written: str, name: str, currency: str) -> int:
    if not is_currency(written):
        wanted = currency or "a currency such as CNY"
        raise NotAnAmount(f"there is no unit {written!r} for {name}; it is counted in minor units, or in {wanted}")
    if not currency:
        raise NotAnAmount(f"say `currency: {written}` at the top, then amounts may be in {written}")
    if written != currency:
        raise NotAnAmount(f"the policy is in {currency}; use one currency throughout")
    return int(10 ** currency_decimals(currency))
