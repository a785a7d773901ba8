"""Account rows: opened on first use, moved together with the entry that moves them, guarded before a row is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from solver.errors import BrokenInvariant
from solver.journal.errors import GuardRefused
from solver.journal.model import AccountKey, Book, Phase, Shortage, Transfer
from solver.storage.database import Reader, Row, Transaction
from solver.storage.firsts import Looked

# (debit account id, credit account id, amount)
Move = tuple[int, int, int]

# What each phase does to a moved amount: how often it counts as posted, and as pending.
EFFECTS: dict[Phase, tuple[int, int]] = {
    Phase.POST: (1, 0),
    Phase.HOLD: (0, 1),
    Phase.CONFIRM: (1, -1),
    Phase.RELEASE: (0, -1),
    Phase.EXPIRE: (0, -1),
}

# What a process has learnt of ids, which never change once they are committed.
KnownIds: TypeAlias = dict[AccountKey, int]

_MOST_KNOWN = 1_000_000
# Whether a book has any account.
ANY_OF = {
    book: Looked(sql=f"SELECT 1 FROM journal_account WHERE book = '{book}' LIMIT 1", otherwise=0) for book in Book
}
_SEEN = "the accounts that were looked at"
_LAST_ID = "the last account's id"
_FOUND = "SELECT account_id, guarded, debits_posted - credits_posted - credits_pending, book, kind, unit, holder"
_FIND_KNOWN = f"{_FOUND} FROM journal_account WHERE account_id IN (?)"
_FIND = f"""
WITH wanted (book, kind, unit, holder) AS ({{rows}})
{_FOUND} FROM wanted JOIN journal_account USING (book, kind, unit, holder)
"""
_SUMS = ("debits_posted", "credits_posted", "debits_pending", "credits_pending")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of accounts within a transaction, kept in step with what it moves: nobody else writes meanwhile."""

    ids: dict[AccountKey, int] = field(default_factory=dict)
    free: dict[int, int] = field(default_factory=dict)  # by id: what no hold is about to take out
    missing: set[AccountKey] = field(default_factory=set)  # never opened

    @classmethod
    def of(cls, reader: Reader) -> "_Seen":
        seen = reader.memo.setdefault(_SEEN, cls())
        assert isinstance(seen, cls)
        return seen

    def free_of(self, key: AccountKey) -> int:
        """Of an account that was looked at; 0 where it was never opened."""
        account_id = self.ids.get(key)
        return 0 if account_id is None else self.free[account_id]


def free_of(
    reader: Reader, keys: Collection[AccountKey], known: KnownIds, also: Collection[AccountKey] = ()
) -> dict[AccountKey, int]:
    """What each of these accounts has that no hold is about to take out; 0 where it was never opened.

    `also` are looked at in the same statement, for what is to come.
    """
    seen = _looked_at(reader, dict.fromkeys((*keys, *also)), known)
    return {key: seen.free_of(key) for key in keys}


def open_moves(tx: Transaction, phase: Phase, transfers: Sequence[Transfer], known: KnownIds) -> list[Move]:
    """The transfers in account ids, accounts opened where they are new. `known` remembers ids for the next time.

    Raises GuardRefused naming every guarded account that would fall short, before anything is written.
    """
    keys = dict.fromkeys(key for transfer in transfers for key in (transfer.debit, transfer.credit))
    shortages = _shortages(phase, transfers, _looked_at(tx, keys, known))
    if shortages:
        raise GuardRefused(shortages)
    ids = opened(tx, keys, known)
    return [(ids[transfer.debit], ids[transfer.credit], transfer.amount) for transfer in transfers]


def opened(tx: Transaction, keys: Collection[AccountKey], known: KnownIds) -> Mapping[AccountKey, int]:
    """The ids of these accounts, no key twice, and perhaps of others; those that are new are opened, in this order."""
    seen = _looked_at(tx, keys, known)
    if seen.missing and (new := [key for key in keys if key in seen.missing]):
        _open(tx, new, seen, known)
    return seen.ids


def move(tx: Transaction, phase: Phase, moves: Iterable[Move]) -> None:
    """Apply the phase's effect to the balances, one update per account so that no guard sees a half-made entry."""
    posted, pending = EFFECTS[phase]
    sums: dict[int, list[int]] = {}
    for debit_id, credit_id, amount in moves:
        sums.setdefault(debit_id, [0, 0])[0] += amount
        sums.setdefault(credit_id, [0, 0])[1] += amount
    tx.add_to_rows(
        "journal_account",
        "account_id",
        _SUMS,
        [
            (account_id, posted * debits, posted * credits, pending * debits, pending * credits)
            for account_id, (debits, credits) in sums.items()
        ],
    )
    free = _Seen.of(tx).free
    for account_id, (debits, credits) in sums.items():
        if account_id in free:
            free[account_id] += posted * (debits - credits) - pending * credits


def _looked_at(reader: Reader, keys: Collection[AccountKey], known: KnownIds) -> _Seen:
    """What is known of these accounts, and of others: each has an id, or is missing."""
    seen = _Seen.of(reader)
    unread = [key for key in keys if key not in seen.ids and key not in seen.missing] if seen.ids else list(keys)
    if unread:
        _read(reader, unread, seen, known)
    return seen


def _read(reader: Reader, unread: Sequence[AccountKey], seen: _Seen, known: KnownIds) -> None:
    remembered = {account_id: key for key in unread if (account_id := known.get(key)) is not None}
    found = 0
    if remembered:
        for row in reader.query_within(_FIND_KNOWN, (list(remembered),)):
            key = remembered[row[0]]
            # Not so for an id that was given to an account of an undone act, and then to another one.
            if row[5] == key.unit and row[6] == key.holder and row[4] == key.kind and row[3] == key.book:
                _note(key, row, seen)
                found += 1
    if found == len(unread):
        return
    by_name = {(str(key.book), key.kind, key.unit, key.holder): key for key in unread if key not in seen.ids}
    for row in reader.query_rows(_FIND, list(by_name)):
        key = by_name.pop((row[3], row[4], row[5], row[6]))
        _note(key, row, seen)
        _remember(key, row[0], known)
    seen.missing.update(by_name.values())


def _note(key: AccountKey, row: Row, seen: _Seen) -> None:
    account_id, guarded, free = row[:3]
    if bool(guarded) != key.guarded:
        raise BrokenInvariant(f"{key} was opened with guarded = {bool(guarded)}")
    seen.ids[key], seen.free[account_id] = account_id, free


def _remember(key: AccountKey, account_id: int, known: KnownIds) -> None:
    if len(known) > _MOST_KNOWN:
        known.clear()
    known[key] = account_id


def _open(tx: Transaction, keys: Sequence[AccountKey], seen: _Seen, known: KnownIds) -> None:
    if _LAST_ID not in tx.memo:
        tx.memo[_LAST_ID] = tx.query("SELECT coalesce(max(account_id), 0) FROM journal_account")[0][0]
    last_id: int = tx.memo[_LAST_ID]
    ids = {key: last_id + number for number, key in enumerate(keys, 1)}
    tx.execute_rows(
        "INSERT INTO journal_account (account_id, book, kind, unit, holder, guarded) {rows}",
        [(ids[key], key.book, key.kind, key.unit, key.holder, int(key.guarded)) for key in keys],
    )
    tx.memo[_LAST_ID] = last_id + len(keys)
    for key, account_id in ids.items():
        ANY_OF[key.book].note(tx, 1)
        seen.missing.discard(key)
        seen.ids[key], seen.free[account_id] = account_id, 0
        _remember(key, account_id, known)


def _shortages(phase: Phase, transfers: Sequence[Transfer], seen: _Seen) -> tuple[Shortage, ...]:
    wanted: dict[AccountKey, int] = {}
    for transfer in transfers:
        if transfer.credit.guarded:
            wanted[transfer.credit] = wanted.get(transfer.credit, 0) + transfer.amount
        # What a hold brings in is not there yet.
        if transfer.debit.guarded and phase is Phase.POST:
            wanted[transfer.debit] = wanted.get(transfer.debit, 0) - transfer.amount
    return tuple(
        Shortage(account=key, wanted=units, available=available)
        for key, units in wanted.items()
        if units > (available := seen.free_of(key))
    )
