"""Holds that stand alongside another and end with it: for accounts that begin while that other hold stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from solver.clock import from_micros
from solver.journal import entries
from solver.journal.model import Book, Entry
from solver.storage.database import Reader

_KIND = "alongside_"
_SUBJECT = "hold "


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What one pending hold is about to take out of one account."""

    entry_id: int
    expires_at: datetime
    holder: str
    unit: str
    amount: int


def name_of_next(reader: Reader, entry_id: int) -> tuple[str, str]:
    """Kind and subject of one more hold alongside this one."""
    return f"{_KIND}{len(alongside(reader, entry_id)) + 1}", _subject(entry_id)


def alongside(reader: Reader, entry_id: int) -> list[Entry]:
    """The holds that stand, or stood, alongside this one."""
    found = entries.by_subject(reader, _subject(entry_id))
    return [one for one in found if one.expires_at is not None and is_alongside(one)]


def alongside_each(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[Entry]]:
    """`alongside` by hold; holds with none are left out."""
    by_subject = {_subject(entry_id): entry_id for entry_id in entry_ids}
    found = entries.by_subjects(reader, list(by_subject))
    return {
        by_subject[subject]: [one for one in about if one.expires_at is not None and is_alongside(one)]
        for subject, about in found.items()
    }


def is_alongside(hold: Entry) -> bool:
    """True for a hold that stands alongside another."""
    return hold.kind.startswith(_KIND)


def parent_of(kind: str, subject: str) -> int | None:
    """The hold that an entry of this kind and subject stands alongside, or resolves beside; None for any other."""
    return int(subject.removeprefix(_SUBJECT)) if kind.startswith(_KIND) else None


def set_aside(reader: Reader, book: Book, kind: str, units: Collection[str]) -> list[SetAside]:
    """What pending holds are about to take out of accounts of this kind, in the order of the holds."""
    rows = reader.query_within(
        """SELECT journal_pending.entry_id, journal_pending.expires_at_us, holder, unit, amount
           FROM journal_pending
           JOIN journal_transfer ON journal_transfer.entry_id = journal_pending.entry_id
           JOIN journal_account ON account_id = credit_id
           WHERE book = ? AND kind = ? AND unit IN (?) ORDER BY journal_pending.entry_id, unit, holder""",
        (str(book), kind, units),
    )
    return [
        SetAside(entry_id=entry_id, expires_at=from_micros(expires_at_us), holder=holder, unit=unit, amount=amount)
        for entry_id, expires_at_us, holder, unit, amount in rows
    ]


def _subject(entry_id: int) -> str:
    return f"{_SUBJECT}{entry_id}"
