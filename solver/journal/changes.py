"""What later entries did to the accounts, read from where a reader of the journal stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from solver.journal.archived import archived_through, refuse_archived_entry
from solver.journal.entries import last
from solver.journal.model import AccountKey, Book, Phase
from solver.storage.database import Reader

MOST_AT_ONCE = 10_000  # accounts of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The last entry of a journal, and its time in microseconds since 1970; both 0 in an empty one."""

    entry_id: int
    at_us: int


# One transfer as one entry has it: posted, held, or a hold's that the entry resolves. The entry's id and phase, the
# hold it resolves, its expiry in microseconds since 1970; the debited and the credited account, and the amount.
Effect: TypeAlias = tuple[int, str, int | None, int | None, int, int, int]

# One account: its id, unit and holder, and what it has available and held; due holds still count.
AccountRow: TypeAlias = tuple[int, str, str, int, int]


def tail(reader: Reader) -> Tail:
    """Where the journal ends."""
    entry_id, at_us = last(reader)
    return Tail(entry_id=entry_id, at_us=at_us)


def last_entry_by(reader: Reader, at_us: int) -> int:
    """The last entry made at or before a time, in microseconds since 1970; 0 when there is none.

    Entries stand in the order of time; it reads backwards from the end, so that a late time is found soon.
    """
    sql = "SELECT entry_id FROM journal_entry WHERE at_us <= ? ORDER BY entry_id DESC LIMIT 1"
    rows = reader.query(sql, (at_us,))
    return rows[0][0] if rows else 0


def effects(reader: Reader, after: int, through: int) -> list[Effect]:
    """Every transfer that the entries after one and through another posted, held or resolved, in their order.

    Raises StateConflict (JOURNAL_ARCHIVED) where some of them are archived.
    """
    if after < archived_through(reader):
        refuse_archived_entry(reader, after + 1)
    return reader.query(
        """SELECT entry.entry_id, entry.phase, entry.resolves, entry.expires_at_us,
                  moved.debit_id, moved.credit_id, moved.amount
           FROM journal_entry AS entry
           JOIN journal_transfer AS moved ON moved.entry_id = coalesce(entry.resolves, entry.entry_id)
           WHERE entry.entry_id > ? AND entry.entry_id <= ? ORDER BY entry.entry_id, moved.line""",
        (after, through),
    )


def standing_holds(reader: Reader) -> list[Effect]:
    """The transfers of every hold that no entry has resolved yet, due or not."""
    return reader.query(
        f"""SELECT pending.entry_id, '{Phase.HOLD.value}', NULL, pending.expires_at_us,
                  moved.debit_id, moved.credit_id, moved.amount
           FROM journal_pending AS pending JOIN journal_transfer AS moved ON moved.entry_id = pending.entry_id
           ORDER BY pending.entry_id, moved.line"""
    )


def age_us(reader: Reader, entry_id: int) -> int | None:
    """The time of the first entry after this one, in microseconds since 1970; None when there is none."""
    rows = reader.query(
        "SELECT at_us FROM journal_entry WHERE entry_id > ? ORDER BY entry_id LIMIT 1",
        (entry_id,),
    )
    return rows[0][0] if rows else None


def account_keys(reader: Reader, account_ids: Sequence[int]) -> dict[int, AccountKey]:
    """The key of each of these accounts."""
    keys: dict[int, AccountKey] = {}
    for start in range(0, len(account_ids), MOST_AT_ONCE):
        for account_id, book, kind, holder, unit, guarded in reader.query_within(
            "SELECT account_id, book, kind, holder, unit, guarded FROM journal_account WHERE account_id IN (?)",
            (account_ids[start : start + MOST_AT_ONCE],),
        ):
            keys[account_id] = AccountKey(book=Book(book), kind=kind, holder=holder, unit=unit, guarded=bool(guarded))
    return keys


def accounts_after(reader: Reader, book: Book, kind: str, after: tuple[str, str], most: int) -> list[AccountRow]:
    """At most so many accounts of one kind, in the order of unit and holder, beginning after this pair of them."""
    return reader.query(
        """SELECT account_id, unit, holder, debits_posted - credits_posted - credits_pending, credits_pending
           FROM journal_account WHERE book = ? AND kind = ? AND (unit, holder) > (?, ?)
           ORDER BY unit, holder LIMIT ?""",
        (book, kind, *after, most),
    )
