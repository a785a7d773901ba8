"""Units of numbers: what is written in another unit of the same kind is converted, exactly or not at all."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

# By a field's unit: what else may be written, and how many of the field's unit that is.
_WEIGHT = {
    "mg": "0.001",
    "g": "1",
    "克": "1",
    "kg": "1000",
    "公斤": "1000",
    "千克": "1000",
    "斤": "500",
    "t": "1000000",
}
_LENGTH = {"mm": "1", "毫米": "1", "cm": "10", "厘米": "10", "m": "1000", "米": "1000", "in": "25.4"}
_VOLUME = {"ml": "1", "毫升": "1", "cm3": "1", "cl": "10", "l": "1000", "升": "1000", "m3": "1000000"}
_DAYS = {"days": "1", "day": "1", "d": "1", "天": "1", "日": "1", "weeks": "7", "week": "7", "周": "7"}
CONVERSIONS: Mapping[str, Mapping[str, str]] = {
    "g": _WEIGHT,
    "mg": {"mg": "1", "毫克": "1", "g": "1000", "克": "1000"},
    "mm": _LENGTH,
    "ml": _VOLUME,
    "days": _DAYS,
    "hours": {"hours": "1", "hour": "1", "h": "1", "小时": "1", "days": "24", "天": "24"},
    "months": {"months": "1", "month": "1", "个月": "1", "years": "12", "year": "12", "年": "12"},
    "years": {"years": "1", "year": "1", "岁": "1"},
    "permille": {"permille": "1", "‰": "1", "%": "10", "percent": "10", "% vol": "10", "%vol": "10"},
    "percent": {"percent": "1", "%": "1"},
    "°C": {"°c": "1", "℃": "1", "c": "1"},
    "mWh": {"mwh": "1", "wh": "1000", "kwh": "1000000"},
    "mAh": {"mah": "1", "ah": "1000"},
    "kJ": {"kj": "1", "千焦": "1"},
    "V": {"v": "1", "伏": "1", "kv": "1000"},
    "W": {"w": "1", "瓦": "1", "kw": "1000"},
    "MB": {"mb": "1", "gb": "1024", "tb": "1048576"},
    "pieces": {"pieces": "1", "pcs": "1", "件": "1", "个": "1", "片": "1"},
    "units": {"units": "1", "pcs": "1", "件": "1", "个": "1"},
}
_NUMBER = re.compile(r"\s*([+-]?\d[\d,]*(?:\.\d+)?|[+-]?\.\d+)\s*(.*?)\s*", re.DOTALL)
_MOST_DIGITS = 30


def whole_number(text: str, unit: str) -> tuple[int | None, str]:
    """The number of `unit` that a text such as "500", "0.5 kg" says; or None, and what to write instead."""
    found = _NUMBER.fullmatch(text) if len(text) <= 2 * _MOST_DIGITS else None
    asked = f"give a whole number of {unit}" if unit else "give a whole number"
    if found is None:
        return None, asked
    number, written = found[1].replace(",", ""), found[2].casefold()
    factor = _factor(written, unit)
    if factor is None:
        allowed = ", ".join(CONVERSIONS.get(unit, ())) or unit or "no unit"
        return None, f"{found[2]} does not fit: the field is in {unit or 'no unit'}; give {allowed}"
    try:
        value = Decimal(number) * factor
    except InvalidOperation:
        return None, asked
    if value != value.to_integral_value():
        return None, f"{asked}; this is {value.normalize():f}"
    return int(value), ""


def _factor(written: str, unit: str) -> Decimal | None:
    """How many of the field's unit one of the written unit is."""
    if not written or written == unit.casefold():
        return Decimal(1)
    known = CONVERSIONS.get(unit, {}).get(written)
    return None if known is None else Decimal(known)
