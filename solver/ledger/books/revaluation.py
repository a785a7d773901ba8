"""What open balances in other currencies are worth at the end of a period, beyond what they are carried at.

Monetary items are told at the closing rate (IAS 21.23, 企业会计准则第19号第十一条). The difference is unrealised: it is
posted on the last day of the period and taken back on the first day of the next, so that what is realised later is
counted from the rates of the postings.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from solver.journal.model import Book
from solver.ledger.books import charting, rates
from solver.ledger.books.carrying import EXCHANGE_DIFFERENCE
from solver.ledger.books.chart_file import REVALUATION, UNREALISED
from solver.ledger.books.entities import LegalEntity
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.periods import period_name
from solver.ledger.books.posting import day_number, parts_of, unit_of
from solver.storage.database import Reader

# Open amounts at the end of a period, and what they were worth at the rates of their postings.
_OPEN = """
SELECT kind, holder, unit, sum(debit_minor - credit_minor), sum(base_debit_minor - base_credit_minor)
FROM ledger_total JOIN journal_account ON journal_account.account_id = ledger_total.account_id
WHERE book = ? AND period <= ? AND kind IN (?)
GROUP BY kind, holder, unit ORDER BY unit, kind, holder
"""
# What was booked as difference of an account's currency since, realised or not, debits of the account positive.
_DIFFERENCES = """
SELECT mine.kind, mine.holder, posted.about,
       sum(CASE WHEN posted.debit_id = mine.account_id THEN posted.amount_minor ELSE -posted.amount_minor END)
FROM journal_account AS other
JOIN ledger_line AS posted ON posted.{side}_id = other.account_id AND posted.on_day <= ?
JOIN journal_account AS mine ON mine.account_id = posted.{mine}_id
WHERE other.book = ? AND other.unit = ? AND other.kind IN (?, ?)
GROUP BY mine.kind, mine.holder, posted.about
"""


def revaluation_of(reader: Reader, entity: LegalEntity, period: int) -> Event | None:
    """The event that tells open balances at the rate of the period's last day; None where nothing differs.

    Raises StateConflict (RATE_UNKNOWN) where something is open in a currency that has no rate then.
    """
    last = last_day(period)
    differences = _booked(reader, entity, last)
    amounts = []
    for code, party, currency, minor, base_minor in _open(reader, entity, period):
        carried = base_minor + differences.get((code, party, currency), 0)
        worth = 0
        if minor:
            rate = rates.rate_of(reader, currency, entity.base_currency, last, entity.rate_days)
            worth = rates.in_base(minor, currency, entity.base_currency, rate)
        if worth != carried:
            amounts.append(Amount(charge=code, amount_minor=worth - carried, party=party, about=currency))
    if not amounts:
        return None
    return Event(
        kind=REVALUATION,
        entity=entity.code,
        currency=entity.base_currency,
        on=last,
        source=f"{REVALUATION}/{period_name(period)}",
        amounts=tuple(amounts),
        reason=f"open balances at the rates of {last}",
    )


def last_day(period: int) -> date:
    """The last day of a month such as 202603."""
    return next_month(period) - timedelta(days=1)


def next_month(period: int) -> date:
    """The first day after a month."""
    year, month = divmod(period, 100)
    return date(year + month // 12, month % 12 + 1, 1)


def _open(reader: Reader, entity: LegalEntity, period: int) -> Iterator[tuple[str, str, str, int, int]]:
    """Monetary accounts of the entity in other currencies: code, party, currency, amount, what it was worth."""
    codes = [code for code, account in charting.in_force(reader).accounts.items() if account.monetary]
    for code, party, unit, minor, base_minor in reader.query_within(_OPEN, (Book.MONEY, period, codes)):
        owner, currency = parts_of(unit)
        if owner == entity.code and currency != entity.base_currency:
            yield code, party, currency, minor, base_minor


def _booked(reader: Reader, entity: LegalEntity, last: date) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    params = (day_number(last), Book.MONEY, unit_of(entity.code, entity.base_currency), EXCHANGE_DIFFERENCE, UNREALISED)
    for side, mine in (("debit", "credit"), ("credit", "debit")):
        for code, party, currency, minor in reader.query(_DIFFERENCES.format(side=side, mine=mine), params):
            key = (code, party, currency)
            found[key] = found.get(key, 0) + minor
    return found
