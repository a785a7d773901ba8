"""A cell's text as an amount in minor units, or as a moment."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from solver.money import currency_decimals
from solver.validation import MOST_MINOR

_AROUND = "¥￥$€£"
_MOST_CHARACTERS = 64


def minor_of(text: str, currency: str, *, decimal: str = ".", rounds: bool = False) -> int:
    """The minor units that a text such as `1,234.56`, `¥12`, `(3.00)` or `-0.5` stands for.

    Raises ValueError, with what is wrong: no number, more decimals than the currency has (unless they are rounded,
    half up), or more than any amount may be.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ValueError("is too long for an amount")
    bare = text.strip()
    is_negative = bare.startswith("(") and bare.endswith(")")
    if is_negative:
        bare = bare[1:-1]
    sign = -1 if bare.startswith("-") else 1
    bare = bare.lstrip("+-").strip(_AROUND + " ")
    if bare.startswith("-"):  # the sign after that of the currency
        sign, bare = -sign, bare[1:]
    thousands = "." if decimal == "," else ","
    bare = bare.replace(thousands, "").replace(" ", "").replace(decimal, ".")
    if not bare.replace(".", "", 1).isdigit() or not bare.isascii():
        raise ValueError("is no amount")
    try:
        scaled = Decimal(bare).scaleb(currency_decimals(currency))
    except InvalidOperation:
        raise ValueError("is no amount") from None
    whole = scaled.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != scaled and not rounds:
        raise ValueError(f"has more decimals than {currency}")
    if whole > MOST_MINOR:
        raise ValueError("is more than any amount may be")
    return int(whole) * sign * (-1 if is_negative else 1)


def moment_of(text: str, forms: tuple[str, ...], zone: ZoneInfo) -> tuple[datetime, date]:
    """The moment in UTC, and the day as it is shown. `iso` among the forms reads ISO 8601 with its offset.

    Raises ValueError where no form fits.
    """
    for form in forms:
        try:
            shown = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        if shown.tzinfo is None:
            shown = shown.replace(tzinfo=zone)
        if not 1970 <= shown.year < 2200:
            raise ValueError("is a year out of reach")
        return shown.astimezone(UTC), shown.date()
    raise ValueError("is no time as this statement writes them")
