"""Balances as of a moment: a hold that is due no longer counts, whether or not it was swept."""

import json
from collections.abc import Collection
from typing import Any

from solver.journal.model import AccountKey, Balance, Book, ByUnit
from solver.storage.database import Reader


def balances(
    reader: Reader,
    now_us: int,
    book: Book,
    kinds: Collection[str] | None,
    holders: Collection[str] | None,
    units: Collection[str] | None,
) -> tuple[Balance, ...]:
    """Balances of the accounts that pass every filter given, ordered by kind, unit and holder."""
    conditions, params = ["book = ?"], [str(book)]
    for column, wanted in (("kind", kinds), ("holder", holders), ("unit", units)):
        if wanted is not None:
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
            params.append(json.dumps(sorted(wanted)))
    # Left alone, the planner walks the whole book to spare itself the sort.
    index = "INDEXED BY journal_account_by_holder" if holders is not None and units is None else ""
    rows = reader.query(
        f"""SELECT account_id, kind, holder, unit, guarded,
                   debits_posted, credits_posted, debits_pending, credits_pending
            FROM journal_account {index} WHERE {" AND ".join(conditions)} ORDER BY kind, unit, holder""",
        params,
    )
    due = _due_by_account(reader, now_us)
    return tuple(_balance(book, row, due) for row in rows)


def available_by_unit(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> ByUnit:
    """unit -> holder -> what the account of `kind` holds and no hold is about to take out."""
    available: ByUnit = {
        unit: dict(
            reader.query(
                """SELECT holder, debits_posted - credits_posted - credits_pending FROM journal_account
                   WHERE book = ? AND kind = ? AND unit = ?""",
                (book, kind, unit),
            )
        )
        for unit in units
    }
    for unit, holder, due in _due_out_of(reader, now_us, book, kind):
        if unit in available:
            available[unit][holder] += due
    return available


def held_by_unit(reader: Reader, now_us: int, book: Book, kind: str, units: Collection[str]) -> ByUnit:
    """unit -> holder -> what holds are about to take out of the account of `kind`; nothing held, no holder."""
    held: ByUnit = {
        unit: dict(
            reader.query(
                """SELECT holder, credits_pending FROM journal_account
                   WHERE book = ? AND kind = ? AND unit = ? AND credits_pending > 0""",
                (book, kind, unit),
            )
        )
        for unit in units
    }
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
    sql = "SELECT entry_id FROM journal_pending WHERE expires_at_us <= ? ORDER BY expires_at_us, entry_id"
    return [row[0] for row in reader.query(sql, (now_us,))]


def _due_out_of(reader: Reader, now_us: int, book: Book, kind: str) -> list[tuple[Any, ...]]:
    return reader.query(
        """SELECT unit, holder, sum(amount)
           FROM journal_pending
           CROSS JOIN journal_transfer USING (entry_id)
           CROSS JOIN journal_account ON account_id = credit_id
           WHERE expires_at_us <= ? AND book = ? AND kind = ?
           GROUP BY unit, holder""",
        (now_us, book, kind),
    )


def _due_by_account(reader: Reader, now_us: int) -> dict[int, list[int]]:
    due: dict[int, list[int]] = {}
    for debit_id, credit_id, amount in reader.query(
        """SELECT debit_id, credit_id, amount FROM journal_pending CROSS JOIN journal_transfer USING (entry_id)
           WHERE expires_at_us <= ?""",
        (now_us,),
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
