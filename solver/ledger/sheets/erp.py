"""Voucher lines as CSV for an ERP system; docs/differences.md has the table of its fields."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TextIO

from solver.money import format_minor

FIELDS = (
    "voucher_id",
    "line",
    "entity",
    "on",
    "posted_at",
    "kind",
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
    "reverses",
    "reason",
)
BOM = "\ufeff"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLine:
    """One side of one amount of a voucher: either debit or credit is above 0."""

    voucher_id: str
    line: int
    entity: str
    on: date
    posted_at: datetime
    kind: str
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
    reverses: str = ""
    reason: str = ""


def write_erp(file: TextIO, lines: Iterable[VoucherLine], *, bom: bool = False) -> int:
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


def _cell(line: VoucherLine, name: str) -> str:
    if name in ("debit", "credit"):
        amount = line.debit_minor if name == "debit" else line.credit_minor
        return format_minor(amount, line.currency)
    value = getattr(line, name)
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)
