"""Gross margin: what goods were sold for, what they cost, and what is left; from the lines of vouchers alone."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from solver.journal.model import Book
from solver.ledger.books.posting import day_number, parts_of
from solver.ledger.valuation.model import Margin
from solver.storage.database import Reader

_COST = "cost_of_goods"
_SALES = ("sales", "sales_returns", "delivery_income")


class MarginBy(StrEnum):
    """What margins are told by."""

    SKU = "sku"
    ORDER = "order"
    CHANNEL = "channel"


_COLUMNS = {MarginBy.SKU: "sku", MarginBy.ORDER: "order_id", MarginBy.CHANNEL: "channel"}

Sums = dict[tuple[str, str], list[int]]  # key and currency -> sales, cost


def margins(reader: Reader, by: MarginBy, from_on: date, until_on: date, entity: str | None = None) -> list[Margin]:
    """Margins of what was booked from one day to before another, ordered by key and currency; of one owner or of all.

    What no voucher line says the key of (freight that a customer paid has no SKU) stands under an empty key.
    """
    accounts = _accounts(reader, entity)
    sums: Sums = {}
    for side, sign in (("debit_id", 1), ("credit_id", -1)):
        _add(reader, by, side, sign, accounts, (day_number(from_on), day_number(until_on)), sums)
    return [
        Margin(key=key, currency=currency, sales_minor=sales, cost_minor=cost)
        for (key, currency), (sales, cost) in sorted(sums.items())
    ]


def _accounts(reader: Reader, entity: str | None) -> dict[int, tuple[str, str]]:
    """Kind and currency of every account that margins are made of."""
    rows = reader.query_within(
        "SELECT account_id, kind, unit FROM journal_account WHERE book = ? AND kind IN (?)",
        (Book.MONEY.value, (_COST, *_SALES)),
    )
    found = {account_id: (kind, *parts_of(unit)) for account_id, kind, unit in rows}
    return {one: (kind, currency) for one, (kind, of, currency) in found.items() if entity in (None, of)}


def _add(
    reader: Reader,
    by: MarginBy,
    side: str,
    sign: int,
    accounts: Mapping[int, tuple[str, str]],
    days: tuple[int, int],
    sums: Sums,
) -> None:
    column = _COLUMNS[by]
    rows = reader.query_within(
        f"SELECT {column}, {side}, sum(amount_minor) FROM ledger_line "
        f"WHERE {side} IN (?) AND on_day >= ? AND on_day < ? GROUP BY {column}, {side}",
        (tuple(accounts), *days),
    )
    for key, account_id, minor in rows:
        kind, currency = accounts[account_id]
        of = sums.setdefault((key, currency), [0, 0])
        if kind == _COST:
            of[1] += sign * int(minor)
        else:
            of[0] -= sign * int(minor)
