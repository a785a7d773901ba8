"""Rows of a statement as a plain table, which the form `csv` reads again."""

import csv
from collections.abc import Iterable
from typing import TextIO

from solver.ledger.statements.model import StatementRow
from solver.money import format_minor

COLUMNS = ("row_id", "line", "on", "amount", "fee", "currency", "kind", "payment", "order", "party", "channel", "memo")


def write_rows(rows: Iterable[StatementRow], file: TextIO) -> None:
    """One line for each row. Text that a spreadsheet would take for a formula has an apostrophe before it."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        texts = (row.keys.get("payment", ""), row.keys.get("order", ""), row.party, row.channel, row.memo)
        amounts = format_minor(row.amount_minor, row.currency), format_minor(row.fee_minor, row.currency)
        head = (row.row_id, row.line, row.at.isoformat(), *amounts, row.currency, row.kind)
        writer.writerow((*head, *map(_guarded, texts)))


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
