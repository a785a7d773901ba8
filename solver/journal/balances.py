"""Balances as of a moment: a hold that is due no longer counts, whether or not it was swept."""

from collections.abc import Collection, Sequence
from typing import Any

from solver.journal.model import AccountKey, Balance, Book, ByUnit
from solver.storage.database import Reader, Row, Transaction
from solver.storage.firsts import Looked
from solver.storage.portable import SqlValue

_NEVER = 2**63 - 1
NEXT_EXPIRY_US = Looked(sql="SELECT min(expires_at_us) FROM journal_pending", otherwise=_NEVER)


def balances(
    reader: Reader,
    now_us: int,
    book: Book,
    kinds: Collection[str] | None,
    holders: Collection[str] | None,
    units: Collection[str] | None,
) -> tuple[Balance, ...]:
    """Balances of the accounts that pass every filter given, ordered by kind, unit and holder."""
    conditions = ["book = ?"]
    sets: list[SqlValue | Collection[SqlValue]] = [str(book)]
    for column, wanted in (("kind", kinds), ("holder", holders), ("unit", units)):
        if wanted is not None:
            # A site is looked up by its own index, and not by walking through every account of a kind.
            indexed = column != "kind" or holders is None or units is not None
            conditions.append(f"{column} IN (?)" if indexed else f"{column} || '' IN (?)")
            sets.append(sorted(wanted))
    rows = reader.query_within(
        f"""SELECT account_id, kind, holder, unit, guarded,
                   debits_posted, credits_posted, debits_pending, credits_pending
            FROM journal_account WHERE {" AND ".join(conditions)} ORDER BY kind, unit, holder""",
        sets,
    )
    due = _due_by_account(reader, now_us)
    return tuple(_balance(book, row, due) for row in rows)


def available_by_unit(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> ByUnit:
    """unit -> holder -> what the account of `kind` holds and no hold is about to take out."""
    available: ByUnit = {unit: {} for unit in units}
    for unit, holder, free in reader.query_within(
        """SELECT unit, holder, debits_posted - credits_posted - credits_pending FROM journal_account
           WHERE book = ? AND kind = ? AND unit IN (?)""",
        (book, kind, list(available)),
    ):
        available[unit][holder] = free
    for unit, holder, due in _due_out_of(reader, now_us, book, kind):
        if unit in available:
            available[unit][holder] += due
    return available


def held_by_unit(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> ByUnit:
    """unit -> holder -> what holds are about to take out of the account of `kind`; nothing held, no holder."""
    held: ByUnit = {unit: {} for unit in units}
    for unit, holder, pending in reader.query_within(
        """SELECT unit, holder, credits_pending FROM journal_account
           WHERE book = ? AND kind = ? AND unit IN (?) AND credits_pending > 0""",
        (book, kind, list(held)),
    ):
        held[unit][holder] = pending
    for unit, holder, due in _due_out_of(reader, now_us, book, kind):
        if unit in held:
            held[unit][holder] -= due
            if held[unit][holder] == 0:
                del held[unit][holder]
    return held


def next_expiry_us(reader: Reader) -> int | None:
    """When the next pending hold expires or expired, in microseconds since 1970; None when nothing is pending."""
    expiry_us: int | None = reader.query("SELECT min(expires_at_us) FROM journal_pending")[0][0]
    return expiry_us


def due_holds(reader: Reader, now_us: int) -> list[int]:
    """Entry ids of the pending holds whose expiry has come, earliest expiry first."""
    if now_us < NEXT_EXPIRY_US.up(reader):  # within a transaction that of a hold which may be resolved meanwhile
        return []
    sql = "SELECT entry_id FROM journal_pending WHERE expires_at_us <= ? ORDER BY expires_at_us, entry_id"
    due = [row[0] for row in reader.query(sql, (now_us,))]
    if not due:  # what was the earliest is resolved meanwhile
        NEXT_EXPIRY_US.forget(reader)
    return due


def due_out_of(reader: Reader, now_us: int, book: Book, kind: str) -> list[tuple[str, str]]:
    """Holder and unit of every account of a kind that holds whose expiry has come were about to take from."""
    return [(holder, unit) for unit, holder, _ in _due_out_of(reader, now_us, book, kind)]


def keep_pending(tx: Transaction, holds: Sequence[tuple[int, int]]) -> None:
    """List holds as pending, by their entries' ids and when they expire in microseconds since 1970."""
    tx.execute_rows("INSERT INTO journal_pending (entry_id, expires_at_us) {rows}", holds)
    if NEXT_EXPIRY_US.is_known(tx):
        NEXT_EXPIRY_US.note(tx, min(NEXT_EXPIRY_US.up(tx), *(expires_at_us for _, expires_at_us in holds)))


def _due_out_of(reader: Reader, now_us: int, book: Book, kind: str) -> list[Row]:
    due = due_holds(reader, now_us)
    if not due:
        return []
    return reader.query_within(
        """SELECT unit, holder, sum(amount) FROM journal_transfer JOIN journal_account ON account_id = credit_id
           WHERE entry_id IN (?) AND book || '' = ? AND kind || '' = ? GROUP BY unit, holder""",
        (due, book, kind),
    )


def _due_by_account(reader: Reader, now_us: int) -> dict[int, list[int]]:
    due: dict[int, list[int]] = {}
    holds = due_holds(reader, now_us)
    if not holds:
        return due
    for debit_id, credit_id, amount in reader.query_within(
        "SELECT debit_id, credit_id, amount FROM journal_transfer WHERE entry_id IN (?)", (holds,)
    ):
        due.setdefault(debit_id, [0, 0])[0] += amount
        due.setdefault(credit_id, [0, 0])[1] += amount
    return due


def _balance(book: Book, row: tuple[Any, ...], due: dict[int, list[int]]) -> Balance:
    account_id, kind, holder, unit, guarded, debits_posted, credits_posted, debits_pending, credits_pending = row
    debits_due, credits_due = due.get(account_id, (0, 0))
    return Balance(
        account=AccountKey(book=book, kind=kind, holder=holder, unit=unit, guarded=bool(guarded)),
        debits_posted=debits_posted,
        credits_posted=credits_posted,
        debits_pending=debits_pending - debits_due,
        credits_pending=credits_pending - credits_due,
    )
