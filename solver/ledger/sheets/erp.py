"""Voucher lines as CSV for an ERP system; docs/differences.md has the table of its fields."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from solver.ledger.books.chart import Account
from solver.ledger.books.readings import VoucherLine
from solver.money import format_minor

FIELDS = (
    "voucher_id",
    "line",
    "entity",
    "on",
    "kind",
    "charge",
    "source",
    "account_number",
    "account",
    "account_name",
    "account_name_zh",
    "party",
    "currency",
    "debit",
    "credit",
    "order_id",
    "line_id",
    "sku",
    "channel",
    "cost_centre",
    "profit_centre",
    "about",
)
BOM = "\ufeff"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErpLine:
    """One side of one amount of a voucher: either debit or credit is above 0."""

    voucher_id: str
    line: int
    entity: str
    on: date
    kind: str
    charge: str
    source: str
    account_number: str
    account: str
    account_name: str
    account_name_zh: str
    party: str
    currency: str
    debit_minor: int
    credit_minor: int
    order_id: str = ""
    line_id: str = ""
    sku: str = ""
    channel: str = ""
    cost_centre: str = ""
    profit_centre: str = ""
    about: str = ""


def erp_lines(lines: Iterable[VoucherLine], chart: Mapping[str, Account]) -> Iterator[ErpLine]:
    """The two sides of every line of vouchers: what is debited, then what is credited."""
    for line in lines:
        for place, (account, debit) in enumerate(((line.debit, line.amount_minor), (line.credit, 0)), start=1):
            code, _, party = account.partition("/")
            named = chart.get(code)
            yield ErpLine(
                voucher_id=line.voucher_id,
                line=2 * (line.line - 1) + place,
                entity=line.entity,
                on=line.on,
                kind=line.kind,
                charge=line.charge,
                source=line.source,
                account_number=named.number if named else "",
                account=code,
                account_name=named.name_en if named else code,
                account_name_zh=named.name_zh if named else code,
                party=party,
                currency=line.currency,
                debit_minor=debit,
                credit_minor=line.amount_minor - debit,
                order_id=line.order_id,
                line_id=line.line_id,
                sku=line.sku,
                channel=line.channel,
                cost_centre=line.cost_centre,
                profit_centre=line.profit_centre,
                about=line.about,
            )


def write_erp(file: TextIO, lines: Iterable[ErpLine], *, bom: bool = False) -> int:
    """Write the heading and a row a line; returns how many lines.

    `bom`: begin with a byte order mark, by which spreadsheets know UTF-8. Open the file with `newline=""`. A text that
    a spreadsheet would take for a formula gets an apostrophe in front; figures are never guarded.
    """
    if bom:
        file.write(BOM)
    writer = csv.writer(file)
    writer.writerow(FIELDS)
    written = 0
    for line in lines:
        writer.writerow([_cell(line, name) for name in FIELDS])
        written += 1
    return written


def guarded(text: str) -> str:
    """A text that no spreadsheet calculates."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _cell(line: ErpLine, name: str) -> str:
    if name in ("debit", "credit"):
        amount = line.debit_minor if name == "debit" else line.credit_minor
        return format_minor(amount, line.currency)
    value = getattr(line, name)
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)
