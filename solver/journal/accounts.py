"""Account rows: opened on first use, moved together with the entry that moves them, guarded before a row is written."""

from collections.abc import Iterable, Sequence

from solver.errors import BrokenInvariant
from solver.journal.errors import GuardRefused
from solver.journal.model import AccountKey, Phase, Shortage, Transfer
from solver.storage.database import Transaction

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


def open_moves(tx: Transaction, phase: Phase, transfers: Sequence[Transfer]) -> list[Move]:
    """The transfers in account ids, accounts opened where they are new.

    Raises GuardRefused naming every guarded account that would fall short, before anything is written.
    """
    keys = dict.fromkeys(key for transfer in transfers for key in (transfer.debit, transfer.credit))
    found = {key: _find(tx, key) for key in keys}
    shortages = _shortages(phase, transfers, {key: available for key, (_, available) in found.items()})
    if shortages:
        raise GuardRefused(shortages)
    ids = {key: _open(tx, key) if account_id is None else account_id for key, (account_id, _) in found.items()}
    return [(ids[transfer.debit], ids[transfer.credit], transfer.amount) for transfer in transfers]


def move(tx: Transaction, phase: Phase, moves: Iterable[Move]) -> None:
    """Apply the phase's effect to the balances, one update per account so that no guard sees a half-made entry."""
    posted, pending = EFFECTS[phase]
    sums: dict[int, list[int]] = {}
    for debit_id, credit_id, amount in moves:
        sums.setdefault(debit_id, [0, 0])[0] += amount
        sums.setdefault(credit_id, [0, 0])[1] += amount
    tx.executemany(
        """UPDATE journal_account SET debits_posted = debits_posted + ?, credits_posted = credits_posted + ?,
           debits_pending = debits_pending + ?, credits_pending = credits_pending + ? WHERE account_id = ?""",
        [
            (posted * debits, posted * credits, pending * debits, pending * credits, account_id)
            for account_id, (debits, credits) in sums.items()
        ],
    )


def _find(tx: Transaction, key: AccountKey) -> tuple[int | None, int]:
    rows = tx.query(
        """SELECT account_id, guarded, debits_posted - credits_posted - credits_pending FROM journal_account
           WHERE book = ? AND kind = ? AND unit = ? AND holder = ?""",
        (key.book, key.kind, key.unit, key.holder),
    )
    if not rows:
        return None, 0
    account_id, guarded, available = rows[0]
    if bool(guarded) != key.guarded:
        raise BrokenInvariant(f"{key} was opened with guarded = {bool(guarded)}")
    return account_id, available


def _open(tx: Transaction, key: AccountKey) -> int:
    rows = tx.query(
        """INSERT INTO journal_account (account_id, book, kind, unit, holder, guarded)
           VALUES ((SELECT coalesce(max(account_id), 0) + 1 FROM journal_account), ?, ?, ?, ?, ?)
           RETURNING account_id""",
        (key.book, key.kind, key.unit, key.holder, int(key.guarded)),
    )
    account_id: int = rows[0][0]
    return account_id


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
