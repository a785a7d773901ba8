"""The books as one text, byte for byte the same for the same books: JSON lines, and a digest of them at the end.

Vouchers are numbered from 1 in their order, whatever else stands in the journal between them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from solver.journal.model import Book
from solver.ledger.books import charting, declared, periods, rates
from solver.ledger.books.posting import day_number
from solver.ledger.books.vouchers import BASE_MINOR, TRANSLATED
from solver.storage.database import Reader, Row

FORMAT = {"format": "xunyuan ledger", "version": 1}
LINE_FIELDS = (
    *("debit", "credit", "amount_minor", "base_minor", "charge", "party", "order_id", "line_id", "sku", "channel"),
    *("cost_centre", "profit_centre", "about"),
)
_AT_ONCE = 2_000
_VOUCHERS = """
SELECT voucher.entry_id, entry.at_us, voucher.kind, voucher.source, voucher.entity, voucher.currency, voucher.on_day,
       voucher.reason, voucher.reverses, voucher.follows,
       entry.kind, entry.subject, waiting.entry_id
FROM ledger_voucher AS voucher JOIN journal_entry AS entry ON entry.entry_id = voucher.entry_id
LEFT JOIN ledger_untranslated AS waiting ON waiting.entry_id = voucher.entry_id
WHERE voucher.entry_id > ? ORDER BY voucher.entry_id LIMIT ?
"""
_LINES = f"""
SELECT posted.entry_id, posted.line, posted.debit_id, posted.credit_id, amount_minor, {BASE_MINOR}, charge, party,
       order_id, line_id, sku, channel, cost_centre, profit_centre, about, on_day,
       moved.debit_id, moved.credit_id, moved.amount
FROM ledger_line AS posted {TRANSLATED}
LEFT JOIN journal_transfer AS moved ON moved.entry_id = posted.entry_id AND moved.line = posted.line
WHERE posted.entry_id BETWEEN ? AND ? ORDER BY posted.entry_id, posted.line
"""


@dataclass(frozen=True, slots=True)
class KeptVoucher:
    """A voucher's number, its row and the rows of its lines, as `_VOUCHERS` and `_LINES` select them."""

    number: int
    row: Row
    lines: Sequence[Row]


def kept_vouchers(reader: Reader) -> Iterator[KeptVoucher]:
    """Every voucher in order, a part of them in memory at a time."""
    last_id = number = 0
    while rows := reader.query(_VOUCHERS, (last_id, _AT_ONCE)):
        of_each: dict[int, list[Row]] = {row[0]: [] for row in rows}
        for line in reader.stream(_LINES, (rows[0][0], rows[-1][0])):
            of_each[line[0]].append(line)
        for row in rows:
            number += 1
            yield KeptVoucher(number, row, of_each[row[0]])
        last_id = rows[-1][0]


class CanonicalText:
    """Makes the text, and the digest of what it made."""

    def __init__(self, reader: Reader) -> None:
        self._names = account_names(reader)
        self._referred = _referred(reader)
        self._numbers: dict[int, int] = {}
        self._digest = hashlib.sha256()
        self._encoder = msgspec.json.Encoder()
        self._counts = [0, 0]

    def head(self, reader: Reader) -> Iterator[bytes]:
        """What stands before the vouchers."""
        yield self._told(FORMAT)
        for version in declared.versions(reader):
            yield self._told({"declared": version.version, "at": version.at, "body": version.body})
        for chart in charting.versions(reader):
            yield self._told({"chart": chart.version, "at": chart.at, "body": chart.body})
        for rate in rates.rates(reader):
            said = {"currency": rate.currency, "base": rate.base, "on": day_number(rate.on), "rate": f"{rate.rate:f}"}
            yield self._told({"rate": said})
        for change in periods.changes(reader):
            said = {"entity": change.entity, "period": change.period, "closed": change.is_closed}
            yield self._told({"period": {**said, "reason": change.reason, "at": change.at}})

    def voucher(self, kept: KeptVoucher) -> bytes:
        """One voucher with its lines."""
        entry_id, at_us, kind, source, entity, currency, on_day, reason, reverses, follows = kept.row[:10]
        if entry_id in self._referred:
            self._numbers[entry_id] = kept.number
        names = self._names
        self._counts[0] += 1
        self._counts[1] += len(kept.lines)
        return self._told(
            {
                "voucher": kept.number,
                "at_us": at_us,
                "kind": kind,
                "source": source,
                "entity": entity,
                "currency": currency,
                "on": on_day,
                "reason": reason,
                "reverses": self._numbers[reverses] if reverses is not None else 0,
                "follows": self._numbers[follows] if follows is not None else 0,
                **({} if kept.row[12] is None else {"untranslated": True}),
                "lines": [(names[line[2]], names[line[3]], *line[4:15]) for line in kept.lines],
            }
        )

    def foot(self) -> bytes:
        """The last line: how much there is, and the SHA-256 of all lines before."""
        said = {"vouchers": self._counts[0], "lines": self._counts[1], "sha256": self._digest.hexdigest()}
        return self._encoder.encode(said) + b"\n"

    @property
    def digest(self) -> str:
        """The SHA-256 of every line so far."""
        return self._digest.hexdigest()

    def _told(self, said: dict[str, Any]) -> bytes:
        line = self._encoder.encode(said) + b"\n"
        self._digest.update(line)
        return line


def export(reader: Reader) -> Iterator[bytes]:
    """The books as lines of bytes."""
    text = CanonicalText(reader)
    yield from text.head(reader)
    for kept in kept_vouchers(reader):
        yield text.voucher(kept)
    yield text.foot()


def account_names(reader: Reader) -> dict[int, str]:
    """`code` or `code/party` of every account in money, by its id."""
    rows = reader.query("SELECT account_id, kind, holder FROM journal_account WHERE book = ?", (Book.MONEY,))
    return {account_id: f"{kind}/{holder}" if holder else kind for account_id, kind, holder in rows}


def _referred(reader: Reader) -> set[int]:
    rows = reader.query(
        """SELECT reverses FROM ledger_voucher WHERE reverses IS NOT NULL
           UNION SELECT follows FROM ledger_voucher WHERE follows IS NOT NULL"""
    )
    return {row[0] for row in rows}
