"""Dated rates of exchange: read from files, kept for good, and what an amount is worth by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from solver.errors import FieldViolation, InvalidRequest, StateConflict
from solver.ledger.books.csv_rows import rows_of
from solver.ledger.books.posting import day_number, day_of
from solver.money import currency_decimals, is_currency
from solver.storage.database import Reader, Transaction
from solver.validation import decimal_of

_COLUMNS = ["date", "currency", "base", "rate"]
_MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit of a currency is worth in another one on a day: 1 USD = 7.1234 CNY."""

    currency: str
    base: str
    on: date
    rate: Decimal


def read_rates(text: str, origin: str) -> tuple[Rate, ...]:
    """Rates of a CSV with the columns date, currency, base, rate. Raises InvalidRequest naming every wrong line."""
    rows = rows_of(text, origin)
    _, head = next(rows, (1, []))
    if head != _COLUMNS:
        remedy = f"the columns are {', '.join(_COLUMNS)}"
        raise InvalidRequest(origin, [FieldViolation(field=f"{origin}:1", value=",".join(head)[:80], remedy=remedy)])
    found: dict[tuple[str, str, str], Rate] = {}
    faults: list[FieldViolation] = []
    for line, row in rows:
        if len(row) != len(_COLUMNS):
            remedy = f"has {len(row)} cells; write {len(_COLUMNS)}"
            faults.append(FieldViolation(field=f"{origin}:{line}", value=",".join(row)[:80], remedy=remedy))
            continue
        wrong = [(name, value, remedy) for name, value, remedy in _faults(row) if remedy]
        faults += [FieldViolation(field=f"{origin}:{line}: {name}", value=v[:80], remedy=r) for name, v, r in wrong]
        if not wrong:
            day, currency, base, rate = row
            one = Rate(currency=currency, base=base, on=date.fromisoformat(day), rate=Decimal(rate))
            if found.setdefault((currency, base, day), one) != one:
                faults.append(
                    FieldViolation(field=f"{origin}:{line}: rate", value=rate, remedy="another one stands above")
                )
    if faults:
        raise InvalidRequest(origin, faults[:_MOST_FAULTS])
    return tuple(found.values())


def check_rate(rate: Rate) -> None:
    """Raises InvalidRequest where it is not one."""
    row = [rate.on.isoformat(), rate.currency, rate.base, str(rate.rate)]
    wrong = [FieldViolation(field=name, value=value, remedy=remedy) for name, value, remedy in _faults(row) if remedy]
    if wrong:
        raise InvalidRequest("the rate of exchange", wrong)


def keep_rates(tx: Transaction, rates: Iterable[Rate]) -> int:
    """Keep rates; returns how many are new. Raises StateConflict (RATE_EXISTS) where a day's rate stands as another."""
    new = 0
    for one in rates:
        key = (one.currency, one.base, day_number(one.on))
        rows = tx.query("SELECT rate FROM ledger_rate WHERE currency = ? AND base = ? AND on_day = ?", key)
        if not rows:
            tx.execute("INSERT INTO ledger_rate (currency, base, on_day, rate) VALUES (?, ?, ?, ?)", (*key, _text(one)))
            new += 1
        elif Decimal(rows[0][0]) != one.rate:
            raise StateConflict(
                f"1 {one.currency} is {rows[0][0]} {one.base} on {one.on} already; what is kept never changes",
                reason="RATE_EXISTS",
                metadata={"currency": one.currency, "base": one.base, "on": one.on.isoformat()},
            )
    return new


def rates(reader: Reader) -> tuple[Rate, ...]:
    """Every rate, by currencies and day."""
    rows = reader.query("SELECT currency, base, on_day, rate FROM ledger_rate ORDER BY currency, base, on_day")
    return tuple(Rate(currency=of, base=base, on=day_of(on), rate=Decimal(rate)) for of, base, on, rate in rows)


def rate_of(reader: Reader, currency: str, base: str, on: date, most_days: int) -> Fraction:
    """As `find_rate`. Raises StateConflict (RATE_UNKNOWN)."""
    rate = find_rate(reader, currency, base, on, most_days)
    if rate is not None:
        return rate
    raise StateConflict(
        f"no rate of {currency} in {base} is known on {on} or up to {most_days} days before: import one",
        reason="RATE_UNKNOWN",
        metadata={"currency": currency, "base": base, "on": on.isoformat()},
    )


def find_rate(reader: Reader, currency: str, base: str, on: date, most_days: int) -> Fraction | None:
    """What one unit is worth: the last rate known on that day, not older than `most_days`; else the inverse one."""
    if currency == base:
        return Fraction(1)
    for of, to, inverse in ((currency, base, False), (base, currency, True)):
        rows = reader.query(
            """SELECT rate FROM ledger_rate WHERE currency = ? AND base = ? AND on_day BETWEEN ? AND ?
               ORDER BY on_day DESC LIMIT 1""",
            (of, to, day_number(on - timedelta(days=most_days)), day_number(on)),
        )
        if rows:
            rate = Fraction(Decimal(rows[0][0]))
            return 1 / rate if inverse else rate
    return None


def in_base(amount_minor: int, currency: str, base: str, rate: Fraction) -> int:
    """An amount in minor units of the base currency, a half rounded to even."""
    return round(amount_minor * rate * Fraction(10) ** (currency_decimals(base) - currency_decimals(currency)))


def _faults(row: list[str]) -> Iterable[tuple[str, str, str]]:
    day, currency, base, rate = row
    yield "date", day, "" if _is_day(day) else "write a day as YYYY-MM-DD"
    for name, code in (("currency", currency), ("base", base)):
        yield name, code, "" if is_currency(code) else "give an ISO 4217 code such as USD, in capitals"
    yield "base", base, "give two different currencies" if currency == base else ""
    yield "rate", rate, "" if _is_rate(rate) else "give a decimal number above 0, such as 7.1234"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_rate(text: str) -> bool:
    number = decimal_of(text)
    return number is not None and len(text) <= 30 and Decimal("1e-12") < number < Decimal("1e12")


def _text(rate: Rate) -> str:
    return f"{rate.rate:f}"
