"""Account rows: opened on first use, moved together with the entry that moves them, guarded before a row is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from solver.errors import BrokenInvariant
from solver.journal.errors import GuardRefused
from solver.journal.model import AccountKey, Book, Phase, Shortage, Transfer
from solver.storage.database import Reader, Row, Transaction

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
_SEEN = "the accounts that were looked at"
_LAST_ID = "the last account's id"
_FOUND = "SELECT account_id, guarded, debits_posted - credits_posted - credits_pending, book, kind, unit, holder"
_FIND_KNOWN = f"{_FOUND} FROM journal_account WHERE account_id IN (?)"
_FIND = f"""
WITH wanted (book, kind, unit, holder) AS ({{rows}})
{_FOUND} FROM wanted JOIN journal_account USING (book, kind, unit, holder)
"""
_MOVE = """
WITH moved (moved_id, dr_posted, cr_posted, dr_pending, cr_pending) AS ({rows})
UPDATE journal_account SET debits_posted = debits_posted + dr_posted, credits_posted = credits_posted + cr_posted,
    debits_pending = debits_pending + dr_pending, credits_pending = credits_pending + cr_pending
FROM moved WHERE account_id = moved_id
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of accounts within a transaction, kept in step with what it moves: nobody else writes meanwhile."""

    ids: dict[AccountKey, int] = field(default_factory=dict)
    free: dict[int, int] = field(default_factory=dict)  # by id: what no hold is about to take out

    @classmethod
    def of(cls, reader: Reader) -> "_Seen":
        seen = reader.memo.setdefault(_SEEN, cls())
        assert isinstance(seen, cls)
        return seen

    def note(self, key: AccountKey, account_id: int, free: int) -> None:
        self.ids[key], self.free[account_id] = account_id, free


def free_of(reader: Reader, keys: Iterable[AccountKey], known: KnownIds) -> dict[AccountKey, int]:
    """What each of these accounts has that no hold is about to take out; 0 where it was never opened."""
    return _find(reader, keys, known)[1]


def open_moves(tx: Transaction, phase: Phase, transfers: Sequence[Transfer], known: KnownIds) -> list[Move]:
    """The transfers in account ids, accounts opened where they are new. `known` remembers ids for the next time.

    Raises GuardRefused naming every guarded account that would fall short, before anything is written.
    """
    keys = dict.fromkeys(key for transfer in transfers for key in (transfer.debit, transfer.credit))
    ids, available = _find(tx, keys, known)
    shortages = _shortages(phase, transfers, available)
    if shortages:
        raise GuardRefused(shortages)
    ids |= _open(tx, [key for key in keys if key not in ids])
    if len(known) > _MOST_KNOWN:
        known.clear()
    known.update(ids)
    return [(ids[transfer.debit], ids[transfer.credit], transfer.amount) for transfer in transfers]


def move(tx: Transaction, phase: Phase, moves: Iterable[Move]) -> None:
    """Apply the phase's effect to the balances, one update per account so that no guard sees a half-made entry."""
    posted, pending = EFFECTS[phase]
    sums: dict[int, list[int]] = {}
    for debit_id, credit_id, amount in moves:
        sums.setdefault(debit_id, [0, 0])[0] += amount
        sums.setdefault(credit_id, [0, 0])[1] += amount
    tx.execute_rows(
        _MOVE,
        [
            (account_id, posted * debits, posted * credits, pending * debits, pending * credits)
            for account_id, (debits, credits) in sums.items()
        ],
    )
    free = _Seen.of(tx).free
    for account_id, (debits, credits) in sums.items():
        if account_id in free:
            free[account_id] += posted * (debits - credits) - pending * credits


def _find(
    reader: Reader, keys: Iterable[AccountKey], known: KnownIds
) -> tuple[dict[AccountKey, int], dict[AccountKey, int]]:
    """The id of each account that was opened before, and what each of them all has available."""
    seen = _Seen.of(reader)
    available = dict.fromkeys(keys, 0)
    ids = {key: seen.ids[key] for key in available if key in seen.ids}
    available |= {key: seen.free[account_id] for key, account_id in ids.items()}
    by_name = {(key.book, key.kind, key.unit, key.holder): key for key in available if key not in ids}

    def note(rows: Iterable[Row]) -> None:
        for account_id, guarded, free, *name in rows:
            key = by_name.pop((Book(name[0]), name[1], name[2], name[3]), None)
            if key is None:  # an id that was given to an account of an undone act, and then to another one
                continue
            if bool(guarded) != key.guarded:
                raise BrokenInvariant(f"{key} was opened with guarded = {bool(guarded)}")
            ids[key], available[key] = account_id, free
            seen.note(key, account_id, free)

    if wanted := [account_id for key in by_name.values() if (account_id := known.get(key)) is not None]:
        note(reader.query_within(_FIND_KNOWN, (wanted,)))
    if by_name:
        note(reader.query_rows(_FIND, list(by_name)))
    return ids, available


def _open(tx: Transaction, keys: Sequence[AccountKey]) -> dict[AccountKey, int]:
    if not keys:
        return {}
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
        _Seen.of(tx).note(key, account_id, 0)
    return ids


def _shortages(phase: Phase, transfers: Sequence[Transfer], available: dict[AccountKey, int]) -> tuple[Shortage, ...]:
    wanted: dict[AccountKey, int] = {}
    for transfer in transfers:
        if transfer.credit.guarded:
            wanted[transfer.credit] = wanted.get(transfer.credit, 0) + transfer.amount
        # What a hold brings in is not there yet.
        if transfer.debit.guarded and phase is Phase.POST:
            wanted[transfer.debit] = wanted.get(transfer.debit, 0) - transfer.amount
    return tuple(
        Shortage(account=key, wanted=units, available=available[key])
        for key, units in wanted.items()
        if units > available[key]
    )
