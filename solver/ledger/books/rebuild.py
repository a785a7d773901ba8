"""Books rebuilt from their canonical text, into a database that has none yet: exported again, they are the same."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from solver.clock import from_micros
from solver.errors import FieldViolation, InvalidRequest, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, NewPost, Transfer
from solver.ledger.books import carrying, charting, declared, periods, rates, translations, vouchers
from solver.ledger.books.canonical import FORMAT, LINE_FIELDS
from solver.ledger.books.charting import ChartVersion
from solver.ledger.books.declared import DeclarationVersion
from solver.ledger.books.model import Amount
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.posting import day_of, unit_of
from solver.ledger.books.rates import Rate
from solver.ledger.books.vouchers import NewVoucher
from solver.storage.database import Transaction

_AT_ONCE = 1_000


def rebuild(tx: Transaction, journal: Journal, lines: Iterable[bytes]) -> int:
    """Write everything that a canonical text says; returns how many vouchers.

    Raises StateConflict (BOOKS_NOT_EMPTY) where there are vouchers, and InvalidRequest with the line where the text is
    cut short or is not what was exported. Nothing may be kept of the transaction then.
    """
    if tx.query("SELECT 1 FROM ledger_voucher LIMIT 1") or tx.query("SELECT 1 FROM ledger_declaration LIMIT 1"):
        raise StateConflict("there are books already: rebuild into an empty database", reason="BOOKS_NOT_EMPTY")
    reading = _Rebuilding(tx, journal)
    digest, number, complete = hashlib.sha256(), 0, False
    for number, line in enumerate(lines, 1):
        said = _decoded(line, number)
        if complete or (number == 1 and said != FORMAT):
            raise _wrong(number, "is not what stands there in an export of this version")
        if "sha256" in said:
            if said["sha256"] != digest.hexdigest():
                raise _wrong(number, "the lines before were changed after they were exported")
            complete = True
            continue
        digest.update(line)
        try:
            reading.take(said)
        except (KeyError, TypeError, ValueError) as error:
            raise _wrong(number, f"is not what an export says ({error})") from error
    if not complete:
        raise _wrong(number + 1, "the text is cut short: its last line is missing")
    return reading.finish()


class _Rebuilding:
    def __init__(self, tx: Transaction, journal: Journal) -> None:
        self._tx = tx
        self._journal = journal
        self._waiting: list[dict[str, Any]] = []
        self._entry_ids: list[int] = [0]  # by the voucher's number
        self._take: dict[str, Callable[[dict[str, Any]], None]] = {
            "declared": self._declared,
            "chart": self._chart,
            "rate": self._rate,
            "period": self._period,
            "voucher": self._voucher,
        }

    def take(self, said: dict[str, Any]) -> None:
        """Write what one line says, or wait for more of its kind."""
        for name, take in self._take.items():
            if name in said:
                take(said)

    def finish(self) -> int:
        """Write what waits; how many vouchers there were."""
        self._flush()
        return len(self._entry_ids) - 1

    def _declared(self, said: dict[str, Any]) -> None:
        at = datetime.fromisoformat(said["at"])
        declared.keep(self._tx, DeclarationVersion(version=said["declared"], body=said["body"], at=at))

    def _chart(self, said: dict[str, Any]) -> None:
        at = datetime.fromisoformat(said["at"])
        charting.keep(self._tx, ChartVersion(version=said["chart"], body=said["body"], at=at))

    def _rate(self, said: dict[str, Any]) -> None:
        of = said["rate"]
        rate = Rate(currency=of["currency"], base=of["base"], on=day_of(of["on"]), rate=Decimal(of["rate"]))
        rates.keep_rates(self._tx, [rate])

    def _period(self, said: dict[str, Any]) -> None:
        of = said["period"]
        at = datetime.fromisoformat(of["at"])
        change = PeriodChange(
            entity=of["entity"], period=of["period"], is_closed=of["closed"], reason=of["reason"], at=at
        )
        periods.keep(self._tx, change)

    def _voucher(self, said: dict[str, Any]) -> None:
        refers = max(said["reverses"], said["follows"])
        if len(self._waiting) >= _AT_ONCE or refers >= len(self._entry_ids):
            self._flush()
        self._waiting.append(said)

    def _flush(self) -> None:
        if not self._waiting:
            return
        of_each = [[_transfer(said, line) for line in said["lines"]] for said in self._waiting]
        posts = [
            NewPost(kind=said["kind"], subject=said["source"], transfers=transfers, at=from_micros(said["at_us"]))
            for said, transfers in zip(self._waiting, of_each, strict=True)
        ]
        declaration = declared.in_force(self._tx)
        made = []
        for said, post, (entry, moves) in zip(
            self._waiting, posts, self._journal.post_each(self._tx, posts), strict=True
        ):
            entity = declaration.entities.get(said["entity"])
            made.append(
                NewVoucher(
                    entry=entry,
                    entity=said["entity"],
                    currency=said["currency"],
                    base=entity.base_currency if entity else "",
                    on=day_of(said["on"]),
                    reason=said["reason"],
                    transfers=post.transfers,
                    moves=moves,
                    base_minor=[line[3] for line in said["lines"]],
                    amounts=[_amount(line) for line in said["lines"]],
                    reverses=self._entry_ids[said["reverses"]] or None,
                    follows=self._entry_ids[said["follows"]] or None,
                    is_translated=not said.get("untranslated", False),
                )
            )
            self._entry_ids.append(entry.entry_id)
        vouchers.write(self._tx, made)
        translations.wait(self._tx, made)
        carried = charting.in_force(self._tx).carried
        for one in made:
            carrying.carry(self._tx, one, carried)
        self._waiting.clear()


def _transfer(said: dict[str, Any], line: Sequence[Any]) -> Transfer:
    unit = unit_of(said["entity"], said["currency"])
    debit, credit = (_account(name, unit) for name in line[:2])
    return Transfer(debit=debit, credit=credit, amount=line[2])


def _account(name: str, unit: str) -> AccountKey:
    code, _, party = name.partition("/")
    return AccountKey(book=Book.MONEY, kind=code, holder=party, unit=unit)


def _amount(line: Sequence[Any]) -> Amount:
    dimensions = dict(zip(LINE_FIELDS[4:], line[4:], strict=True))
    return Amount(amount_minor=line[2], **dimensions)


def _decoded(line: bytes, number: int) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _wrong(number, "is no JSON") from None
    if not isinstance(said, dict):
        raise _wrong(number, "is no object")
    return said


def _wrong(number: int, remedy: str) -> InvalidRequest:
    return InvalidRequest("the export", [FieldViolation(field=f"line {number}", value="", remedy=remedy)])
