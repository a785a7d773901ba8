"""The books verified from their lines alone: nothing that is kept besides is believed."""

from dataclasses import dataclass, field

from solver.journal.model import Book
from solver.ledger.books.canonical import CanonicalText, KeptVoucher, kept_vouchers
from solver.ledger.books.posting import parts_of
from solver.storage.database import Reader

_MOST_TROUBLES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found: how much there is, the digest of the canonical text, and everything that does not agree."""

    vouchers: int
    lines: int
    digest: str
    troubles: tuple[str, ...]


@dataclass(slots=True)
class _Sums:
    totals: dict[tuple[int, int, str, str], list[int]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def wrong(self, what: str) -> None:
        if len(self.troubles) < _MOST_TROUBLES:
            self.troubles.append(what)


def verify(reader: Reader) -> Verification:
    """Rebuild every balance from the lines and compare; each line with the journal's transfer. Reads all vouchers."""
    text, sums = CanonicalText(reader), _Sums()
    for _ in text.head(reader):
        pass
    vouchers = lines = 0
    for kept in kept_vouchers(reader):
        text.voucher(kept)
        _check(kept, sums)
        vouchers += 1
        lines += len(kept.lines)
    _compare_totals(reader, sums)
    _compare_accounts(reader, sums)
    return Verification(vouchers=vouchers, lines=lines, digest=text.digest, troubles=tuple(sums.troubles))


def _check(kept: KeptVoucher, sums: _Sums) -> None:
    """Add a voucher's lines up; each must be the transfer of its entry, and on its day."""
    entry_id, on_day = kept.row[0], kept.row[6]
    if kept.row[2:4] != kept.row[10:12]:
        sums.wrong(f"voucher {entry_id} is a {kept.row[2]} of {kept.row[3]}, its entry a {kept.row[10]}")
    if not kept.lines:
        sums.wrong(f"voucher {entry_id} has no line")
    totals, period = sums.totals, on_day // 100
    for number, line in enumerate(kept.lines):
        debit_id, credit_id, amount, base = line[2:6]
        if (debit_id, credit_id, amount) != line[16:19] or line[1] != number or line[15] != on_day:
            sums.wrong(f"line {line[1]} of voucher {entry_id} is not what its entry moved")
        cost_centre, profit_centre = line[12:14]
        debited = totals.setdefault((debit_id, period, cost_centre, profit_centre), [0, 0, 0, 0])
        debited[0] += amount
        debited[2] += base
        credited = totals.setdefault((credit_id, period, cost_centre, profit_centre), [0, 0, 0, 0])
        credited[1] += amount
        credited[3] += base


def _compare_totals(reader: Reader, sums: _Sums) -> None:
    kept = {
        (row[0], row[1], row[2], row[3]): list(row[4:])
        for row in reader.query(
            """SELECT account_id, period, cost_centre, profit_centre, debit_minor, credit_minor, base_debit_minor,
                      base_credit_minor FROM ledger_total"""
        )
    }
    for key in sorted(kept.keys() | sums.totals.keys()):
        if kept.get(key) != sums.totals.get(key):
            sums.wrong(
                f"the total of account {key[0]} in {key[1]} is {kept.get(key)}, its lines {sums.totals.get(key)}"
            )


def _compare_accounts(reader: Reader, sums: _Sums) -> None:
    """Each account's balance in the journal, and that they come to zero in each currency of each entity."""
    of_account: dict[int, list[int]] = {}
    for (account_id, *_), figures in sums.totals.items():
        both = of_account.setdefault(account_id, [0, 0])
        both[0] += figures[0]
        both[1] += figures[1]
    zero: dict[str, int] = {}
    rows = reader.query(
        "SELECT account_id, unit, debits_posted, credits_posted FROM journal_account WHERE book = ?", (Book.MONEY,)
    )
    for account_id, unit, debits, credits in rows:
        found = of_account.get(account_id, [0, 0])
        zero[unit] = zero.get(unit, 0) + found[0] - found[1]
        if found != [debits, credits]:
            sums.wrong(f"account {account_id} has {debits} and {credits} in the journal, its lines {found}")
    for unit, left in sorted(zero.items()):
        if left:
            entity, currency = parts_of(unit)
            sums.wrong(f"{currency} of {entity or 'the only entity'} comes to {left} and not to zero")
