"""What open amounts in other currencies stand for in the base currency, and what their settlement realises.

A party's account in another currency is carried at the rates of its postings. Whatever lowers it is worth what it is at
the rate of its own day; the part of the carried value that it takes away is in proportion, a half rounded to even. The
difference of both is realised.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from solver.journal.model import AccountKey, Book
from solver.ledger.books.chart import Account
from solver.ledger.books.posting import unit_of
from solver.ledger.books.vouchers import NewVoucher
from solver.money import is_currency
from solver.storage.database import Reader, Transaction

EXCHANGE_DIFFERENCE = "exchange_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Realised:
    """A party's account gained (or, below 0, lost) so much of the base currency by a settlement."""

    account: str
    party: str
    amount_minor: int


@dataclass(slots=True)
class _Position:
    amount_minor: int
    base_minor: int

    def move(self, amount_minor: int, base_minor: int) -> int:
        """Add to it, debits positive; returns what that realises."""
        gain = 0
        if self.amount_minor and (self.amount_minor > 0) != (amount_minor > 0):
            closed = min(abs(amount_minor), abs(self.amount_minor))
            carried = round(Fraction(self.base_minor * closed, abs(self.amount_minor)))
            gain = -(carried + round(Fraction(base_minor * closed, abs(amount_minor))))
        self.amount_minor += amount_minor
        self.base_minor += base_minor
        return gain


def carry(tx: Transaction, new: NewVoucher, party_accounts: Collection[str]) -> list[Realised]:
    """Note what a voucher in another currency does to what parties owe or are owed, and what it realises.

    What is realised counts once the voucher of the exchange difference is written, which is noted here as well.
    """
    if not new.base or not new.is_translated:
        return []
    if new.currency == new.base:
        _note_differences(tx, new, party_accounts)
        return []
    realised = []
    for account_id, key, sign, line in _sides(new, party_accounts):
        position = _position(tx, account_id)
        gain = position.move(sign * new.moves[line][2], sign * new.base_minor[line])
        _keep(tx, account_id, position)
        if gain and new.reverses is None:
            realised.append(Realised(account=key.kind, party=key.holder, amount_minor=gain))
    return realised


def carried_codes(accounts: Sequence[Account]) -> frozenset[str]:
    """The accounts whose open amounts are carried: all of the balance sheet that are kept per party."""
    return frozenset(one.code for one in accounts if one.party and one.type in ("asset", "liability"))


def _note_differences(tx: Transaction, new: NewVoucher, party_accounts: Collection[str]) -> None:
    """An exchange difference in the base currency changes what the account in the other currency is carried at."""
    for _, key, sign, line in _sides(new, party_accounts):
        other = new.amounts[line].about
        kinds = {new.transfers[line].debit.kind, new.transfers[line].credit.kind}
        if EXCHANGE_DIFFERENCE in kinds and is_currency(other) and other != new.base:
            rows = tx.query(
                "SELECT account_id FROM journal_account WHERE book = ? AND kind = ? AND unit = ? AND holder = ?",
                (Book.MONEY, key.kind, unit_of(new.entity, other), key.holder),
            )
            if rows:
                position = _position(tx, rows[0][0])
                position.base_minor += sign * new.moves[line][2]
                _keep(tx, rows[0][0], position)


def _sides(new: NewVoucher, party_accounts: Collection[str]) -> Iterator[tuple[int, AccountKey, int, int]]:
    for line, (transfer, moved) in enumerate(zip(new.transfers, new.moves, strict=True)):
        for account_id, key, sign in ((moved[0], transfer.debit, 1), (moved[1], transfer.credit, -1)):
            if key.kind in party_accounts:
                yield account_id, key, sign, line


def _position(reader: Reader, account_id: int) -> _Position:
    rows = reader.query("SELECT amount_minor, base_minor FROM ledger_carrying WHERE account_id = ?", (account_id,))
    return _Position(*rows[0]) if rows else _Position(0, 0)


def _keep(tx: Transaction, account_id: int, position: _Position) -> None:
    tx.execute(
        """INSERT INTO ledger_carrying (account_id, amount_minor, base_minor) VALUES (?, ?, ?)
           ON CONFLICT (account_id) DO UPDATE SET amount_minor = excluded.amount_minor,
               base_minor = excluded.base_minor""",
        (account_id, position.amount_minor, position.base_minor),
    )
