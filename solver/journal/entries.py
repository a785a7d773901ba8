"""Entry rows: appended and read, never changed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from solver.clock import from_micros, to_micros
from solver.errors import BrokenInvariant
from solver.journal.accounts import Move
from solver.journal.model import AccountKey, Book, Entry, NewPost, Phase, Transfer
from solver.storage.database import Reader, Transaction
from solver.storage.firsts import Looked, look_up

LAST_ENTRY = Looked(sql="SELECT max(entry_id) FROM journal_entry", otherwise=0)
LAST_AT_US = Looked(sql="SELECT at_us FROM journal_entry ORDER BY entry_id DESC LIMIT 1", otherwise=0)
_WRITTEN = "the transfers that this transaction wrote"
_COLUMNS = "entry_id, phase, kind, subject, at_us, expires_at_us, resolves"


def append(
    tx: Transaction,
    phase: Phase,
    kind: str,
    subject: str,
    at: datetime,
    *,
    expires_at: datetime | None = None,
    resolves: int | None = None,
) -> Entry:
    """Write one entry at the journal's end."""
    expires_at_us = None if expires_at is None else to_micros(expires_at)
    entry_id, at_us = last(tx)[0] + 1, to_micros(at)
    tx.execute(
        """INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us, expires_at_us, resolves)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (entry_id, phase, kind, subject, at_us, expires_at_us, resolves),
    )
    _note_last(tx, entry_id, at_us)
    return Entry(
        entry_id=entry_id, phase=phase, kind=kind, subject=subject, at=at, expires_at=expires_at, resolves=resolves
    )


def append_holds(tx: Transaction, kind: str, at_us: int, holds: Iterable[tuple[str, int]]) -> list[int]:
    """Write an entry for each hold, by its subject and expiry, in their order: their ids. Times are in microseconds."""
    last_id, phase = last(tx)[0], str(Phase.HOLD)
    rows = [
        (entry_id, phase, kind, subject, at_us, expires_at_us)
        for entry_id, (subject, expires_at_us) in enumerate(holds, last_id + 1)
    ]
    tx.execute_rows("INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us, expires_at_us) {rows}", rows)
    _note_last(tx, last_id + len(rows), at_us)
    return list(range(last_id + 1, last_id + len(rows) + 1))


def append_posts(tx: Transaction, at: datetime, posts: Sequence[NewPost]) -> list[Entry]:
    """Write an entry for each post, in their order."""
    last_id, last_us = last(tx)
    made = [
        Entry(entry_id=entry_id, phase=Phase.POST, kind=one.kind, subject=one.subject, at=one.at or at)
        for entry_id, one in enumerate(posts, last_id + 1)
    ]
    times_us = [to_micros(one.at) for one in made]
    if any(later < before for before, later in pairwise((last_us, *times_us))):
        raise BrokenInvariant("an entry would stand before an earlier one")
    tx.execute_rows(
        "INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us) {rows}",
        [(one.entry_id, one.phase, one.kind, one.subject, at_us) for one, at_us in zip(made, times_us, strict=True)],
    )
    _note_last(tx, last_id + len(made), times_us[-1])
    return made


def append_resolutions(tx: Transaction, phase: Phase, at: datetime, holds: Sequence[Entry]) -> list[Entry]:
    """Write an entry that resolves each of these holds, in their order."""
    last_id, at_us = last(tx)[0], to_micros(at)
    made = [
        Entry(entry_id=number, phase=phase, kind=hold.kind, subject=hold.subject, at=at, resolves=hold.entry_id)
        for number, hold in enumerate(holds, last_id + 1)
    ]
    tx.execute_rows(
        "INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us, resolves) {rows}",
        [(one.entry_id, one.phase, one.kind, one.subject, at_us, one.resolves) for one in made],
    )
    _note_last(tx, last_id + len(made), at_us)
    return made


def append_transfers(tx: Transaction, entries: Iterable[tuple[int, Sequence[Move]]]) -> None:
    """Write the transfers of entries, by their ids, in the order given."""
    tx.execute_rows(
        "INSERT INTO journal_transfer (entry_id, line, debit_id, credit_id, amount) {rows}",
        [(entry_id, line, *moved) for entry_id, moves in entries for line, moved in enumerate(moves)],
    )


def by_id(reader: Reader, entry_id: int) -> Entry | None:
    """The entry with this id, if there is one."""
    return _first(reader.query(f"SELECT {_COLUMNS} FROM journal_entry WHERE entry_id = ?", (entry_id,)))


def by_ids(reader: Reader, entry_ids: Collection[int]) -> dict[int, Entry]:
    """The entries that have these ids, by id."""
    rows = reader.query_within(f"SELECT {_COLUMNS} FROM journal_entry WHERE entry_id IN (?)", (entry_ids,))
    return {row[0]: _entry(row) for row in rows}


def resolutions_of(reader: Reader, entry_ids: Collection[int]) -> dict[int, Phase]:
    """How these holds were resolved, by the holds' ids; those that stand are left out."""
    rows = reader.query_within("SELECT resolves, phase FROM journal_entry WHERE resolves IN (?)", (entry_ids,))
    return {hold_id: Phase(phase) for hold_id, phase in rows}


def resolution_of(reader: Reader, entry_id: int) -> Entry | None:
    """The entry that resolved this hold, if one did."""
    return _first(reader.query(f"SELECT {_COLUMNS} FROM journal_entry WHERE resolves = ?", (entry_id,)))


def hold_of(reader: Reader, kind: str, subject: str) -> Entry | None:
    """The one hold of this kind and subject, resolved or not."""
    sql = f"SELECT {_COLUMNS} FROM journal_entry WHERE kind = ? AND subject = ? AND phase = 'hold'"
    return _first(reader.query(sql, (kind, subject)))


def held_subjects(reader: Reader, kind: str, subjects: Sequence[str]) -> list[str]:
    """Which of these subjects have, or had, a hold of this kind."""
    sql = "SELECT subject FROM journal_entry WHERE kind = ? AND phase = 'hold' AND subject IN (?)"
    return [subject for (subject,) in reader.query_within(sql, (kind, subjects))]


def by_subject(reader: Reader, subject: str) -> tuple[Entry, ...]:
    """Every entry about this subject, oldest first."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM journal_entry WHERE subject = ? ORDER BY entry_id", (subject,))
    return tuple(_entry(row) for row in rows)


def by_subjects(reader: Reader, subjects: Collection[str]) -> dict[str, list[Entry]]:
    """Every entry about each of these subjects, oldest first; subjects without any are left out."""
    sql = f"SELECT {_COLUMNS} FROM journal_entry WHERE subject IN (?) ORDER BY entry_id"
    found: dict[str, list[Entry]] = {}
    for row in reader.query_within(sql, (subjects,)):
        entry = _entry(row)
        found.setdefault(entry.subject, []).append(entry)
    return found


def moves_of_all(reader: Reader, entry_ids: Collection[int]) -> list[Move]:
    """The transfers of all these entries in account ids, in no order."""
    sql = "SELECT debit_id, credit_id, amount FROM journal_transfer WHERE entry_id IN (?)"
    return [(debit_id, credit_id, amount) for debit_id, credit_id, amount in reader.query_within(sql, (entry_ids,))]


def moves_of(reader: Reader, entry_id: int) -> list[Move]:
    """An entry's transfers in account ids."""
    sql = "SELECT debit_id, credit_id, amount FROM journal_transfer WHERE entry_id = ? ORDER BY line"
    return [(debit_id, credit_id, amount) for debit_id, credit_id, amount in reader.query(sql, (entry_id,))]


def transfers_of(reader: Reader, entry_id: int) -> tuple[Transfer, ...]:
    """An entry's transfers, in the order they were given."""
    return tuple(transfers_of_each(reader, [entry_id])[entry_id])


def remember(tx: Transaction, entry_id: int, transfers: Sequence[Transfer]) -> None:
    """What a transaction wrote it need not read again: many holds are confirmed in the one that places them."""
    tx.memo.setdefault(_WRITTEN, {})[entry_id] = list(transfers)


def transfers_of_each(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[Transfer]]:
    """By entry, its transfers, in the order they were given."""
    written: dict[int, list[Transfer]] = reader.memo.get(_WRITTEN, {})
    found: dict[int, list[Transfer]] = {entry_id: written.get(entry_id, []) for entry_id in entry_ids}
    unread = [entry_id for entry_id in entry_ids if entry_id not in written]
    return found | _read_transfers(reader, unread) if unread else found


def _read_transfers(reader: Reader, entry_ids: Collection[int]) -> dict[int, list[Transfer]]:
    rows = reader.query_within(
        """SELECT entry_id, debit.book, debit.unit, debit.kind, debit.holder, debit.guarded,
                  credit.kind, credit.holder, credit.guarded, amount
           FROM journal_transfer
           JOIN journal_account AS debit ON debit.account_id = debit_id
           JOIN journal_account AS credit ON credit.account_id = credit_id
           WHERE entry_id IN (?) ORDER BY entry_id, line""",
        (entry_ids,),
    )
    found: dict[int, list[Transfer]] = {entry_id: [] for entry_id in entry_ids}
    for entry_id, *row in rows:
        found[entry_id].append(_transfer(row))
    return found


def last_at_us(reader: Reader) -> int | None:
    """The time of the last entry, in microseconds since 1970; None in an empty journal."""
    entry_id, at_us = last(reader)
    return at_us if entry_id else None


def last(reader: Reader) -> tuple[int, int]:
    """Id and time of the last entry, zeros in an empty journal."""
    if not (LAST_ENTRY.sql in reader.memo and LAST_AT_US.sql in reader.memo):
        look_up(reader, LAST_ENTRY, LAST_AT_US)
    return reader.memo[LAST_ENTRY.sql], reader.memo[LAST_AT_US.sql]


def _note_last(tx: Transaction, entry_id: int, at_us: int) -> None:
    LAST_ENTRY.note(tx, entry_id)
    LAST_AT_US.note(tx, at_us)


def _transfer(row: Sequence[Any]) -> Transfer:
    book, unit, debit_kind, debit_holder, debit_guarded, credit_kind, credit_holder, credit_guarded, amount = row
    return Transfer(
        debit=AccountKey(book=Book(book), kind=debit_kind, holder=debit_holder, unit=unit, guarded=bool(debit_guarded)),
        credit=AccountKey(
            book=Book(book), kind=credit_kind, holder=credit_holder, unit=unit, guarded=bool(credit_guarded)
        ),
        amount=amount,
    )


def _first(rows: list[tuple[Any, ...]]) -> Entry | None:
    return _entry(rows[0]) if rows else None


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, phase, kind, subject, at_us, expires_at_us, resolves = row
    return Entry(
        entry_id=entry_id,
        phase=Phase(phase),
        kind=kind,
        subject=subject,
        at=from_micros(at_us),
        expires_at=None if expires_at_us is None else from_micros(expires_at_us),
        resolves=resolves,
    )
