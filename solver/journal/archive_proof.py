"""Archives proven: each by itself, one to the next, and the last to the database that they were taken from.

Together with the audit of the database they prove the whole journal: from nothing, through every archive, to the
balances of today.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from solver.errors import FieldViolation, InvalidRequest
from solver.journal.archive_file import BALANCE, CLOSING, ENTRY, ROWS_AT_ONCE, TRANSFER, Run, head_of, rows_digest
from solver.journal.archived import OPENING, Archive, archives
from solver.journal.model import Discrepancy
from solver.storage.database import Reader, Row
from solver.storage.sealed import file_digest

MOST_NAMED = 20  # of each rule and archive
_NAME = "account_id, book, kind, unit, holder, guarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Which archives were proven and which were not given, and everything that was found wrong."""

    proven: tuple[Archive, ...]
    missing: tuple[Archive, ...]
    broken: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedArchive:
    """An archive's file, and what the database says of it."""

    reader: Reader
    run: Run
    archive: Archive
    file: Path
    said_digest: str


def prove(database: Reader, files: Sequence[Path]) -> Proof:
    """Hold archives against themselves, each other and the database.

    Raises InvalidRequest for a file that is none of the database's archives, or is one given twice; StorageUnusable
    for what cannot be read.
    """
    done = archives(database)
    with ExitStack() as stack:
        opened: dict[int, OpenedArchive] = {}
        for file in files:
            one = open_archive(stack, file, done)
            if one.archive.number in opened:
                refuse_file(file, f"archive {one.archive.number} is given twice: give each archive once")
            opened[one.archive.number] = one
        broken = [wrong for number in sorted(opened) for wrong in _of_one(database, opened[number])]
        for number, one in sorted(opened.items()):
            broken += _joins(one, opened.get(number - 1), done)
        if done and done[-1].number in opened:
            broken += _joins_the_database(database, opened[done[-1].number])
    return Proof(
        proven=tuple(one for one in done if one.number in opened),
        missing=tuple(one for one in done if one.number not in opened),
        broken=tuple(broken),
    )


def open_archive(stack: ExitStack, file: Path, done: Sequence[Archive]) -> OpenedArchive:
    """Read a file until `stack` ends. Raises InvalidRequest for one that is none of these archives."""
    reader, run, said = stack.enter_context(head_of(file))
    archive = next((one for one in done if one.number == run.number), None)
    if archive is None:
        refuse_file(file, f"it says that it is archive {run.number}, and the database has {len(done)}: name its own")
    assert archive is not None
    return OpenedArchive(reader=reader, run=run, archive=archive, file=file, said_digest=said)


def _of_one(database: Reader, one: OpenedArchive) -> Iterator[Discrepancy]:
    """What is wrong within an archive."""
    known, run = one.archive, one.run
    yield from _differ("archives_have_the_bytes_written", one, known.file_digest, file_digest(one.file))
    yield from _differ("archives_have_the_rows_written", one, known.digest, rows_digest(one.reader))
    yield from _differ("archives_say_their_digest", one, known.digest, one.said_digest)
    expected = f"entries {known.first_entry_id} to {known.last_entry_id}, the last at {known.last_at.isoformat()}"
    found = f"entries {run.first_entry_id} to {run.last_entry_id}, the last at {run.last_at.isoformat()}"
    yield from _differ("archives_have_their_entries", one, expected, found)
    yield from _entries_follow_each_other(one)
    yield from _resolutions_fit(one)
    yield from _rows_differ(
        "balances_equal_their_transfers",
        one,
        one.reader.stream(CLOSING),
        one.reader.stream(f"SELECT {BALANCE} FROM closing ORDER BY account_id"),
    )
    yield from _debits_equal_credits(one)
    yield from _names_differ(database, one)
    yield from _kept_rows_differ(database, one)


def _entries_follow_each_other(one: OpenedArchive) -> Iterator[Discrepancy]:
    """Numbered without gaps, entries and lines, and in the order of time."""
    rule, before, before_us = "rows_are_numbered_without_gaps", one.run.first_entry_id - 1, None
    sql = "SELECT entry_id, at_us FROM entry WHERE entry_id >= ? ORDER BY entry_id"
    for entry_id, at_us in one.reader.stream(sql, (one.run.first_entry_id,)):
        yield from _differ(rule, one, f"entry {before + 1}", f"entry {entry_id}")
        if before_us is not None and at_us < before_us:
            yield _wrong("entries_stand_in_time_order", one, f"entry {entry_id} at {before_us} us or later", f"{at_us}")
        before, before_us = entry_id, at_us
    yield from _differ(rule, one, f"the last is entry {one.run.last_entry_id}", f"the last is entry {before}")
    lines = one.reader.stream(
        """SELECT entry_id, line, before FROM (
             SELECT entry_id, line, lag(line, 1, -1) OVER (PARTITION BY entry_id ORDER BY line) AS before FROM transfer)
           WHERE line <> before + 1"""
    )
    for entry_id, line, before_line in lines:
        yield _wrong(rule, one, f"line {before_line + 1} of entry {entry_id}", f"line {line}")


def _resolutions_fit(one: OpenedArchive) -> Iterator[Discrepancy]:
    rows = one.reader.stream(
        """SELECT made.entry_id, made.phase, hold.phase, hold.expires_at_us, made.at_us
           FROM entry AS made LEFT JOIN entry AS hold ON hold.entry_id = made.resolves
           WHERE made.resolves IS NOT NULL AND (hold.phase IS NOT 'hold' OR made.entry_id < hold.entry_id
              OR (made.phase = 'expire') <> (made.at_us >= hold.expires_at_us))"""
    )
    for entry_id, phase, of, expires_at_us, at_us in rows:
        expected = f"entry {entry_id} to {phase} a hold that expires at {expires_at_us} us"
        yield _wrong("resolutions_respect_the_expiry", one, expected, f"a {of} at {at_us} us")


def _debits_equal_credits(one: OpenedArchive) -> Iterator[Discrepancy]:
    rows = one.reader.stream(
        """SELECT book, unit, sum(debits_posted), sum(credits_posted), sum(debits_pending), sum(credits_pending)
           FROM closing JOIN account ON account.account_id = closing.account_id GROUP BY book, unit
           HAVING sum(debits_posted) <> sum(credits_posted) OR sum(debits_pending) <> sum(credits_pending)"""
    )
    for book, unit, debits, credits, debits_pending, credits_pending in rows:
        expected = f"{book}/{unit}: credits {debits} + {debits_pending} pending"
        yield _wrong("debits_equal_credits", one, expected, f"credits {credits} + {credits_pending} pending")


def _names_differ(database: Reader, one: OpenedArchive) -> Iterator[Discrepancy]:
    """Accounts are called alike in the archive and in the database."""
    after = -1
    sql = f"SELECT {_NAME} FROM account WHERE account_id > ? ORDER BY account_id LIMIT ?"
    while rows := one.reader.query(sql, (after, ROWS_AT_ONCE)):
        ids = [row[0] for row in rows]
        named = database.query_within(f"SELECT {_NAME} FROM journal_account WHERE account_id IN (?)", (ids,))
        yield from _rows_differ("accounts_keep_their_names", one, iter(rows), iter(sorted(named)))
        after = ids[-1]


def _kept_rows_differ(database: Reader, one: OpenedArchive) -> Iterator[Discrepancy]:
    """What the database still has of the archive's entries is what the archive has of them."""
    after, last = one.run.first_entry_id - 1, one.run.last_entry_id
    sql = f"SELECT {ENTRY} FROM journal_entry WHERE entry_id > ? AND entry_id <= ? ORDER BY entry_id LIMIT ?"
    while kept := database.query(sql, (after, last, ROWS_AT_ONCE)):
        ids = [row[0] for row in kept]
        same = one.reader.query_within(f"SELECT {ENTRY} FROM entry WHERE entry_id IN (?)", (ids,))
        yield from _rows_differ("kept_entries_are_those_archived", one, iter(sorted(same)), iter(kept))
        moved = database.query_within(f"SELECT {TRANSFER} FROM journal_transfer WHERE entry_id IN (?)", (ids,))
        with_transfers = sorted({row[0] for row in moved})
        same = one.reader.query_within(f"SELECT {TRANSFER} FROM transfer WHERE entry_id IN (?)", (with_transfers,))
        yield from _rows_differ("kept_entries_are_those_archived", one, iter(sorted(same)), iter(sorted(moved)))
        after = ids[-1]


def _joins(one: OpenedArchive, before: OpenedArchive | None, done: Sequence[Archive]) -> Iterator[Discrepancy]:
    """An archive begins where the one before it ended: by its digest, and where that is given, by every balance."""
    known = done[one.archive.number - 2] if one.archive.number > 1 else None
    yield from _differ("archives_follow_each_other", one, known.digest if known else "", one.run.previous_digest)
    opening = one.reader.stream(f"SELECT {BALANCE} FROM opening ORDER BY account_id")
    if known is None:
        yield from _rows_differ("the_first_archive_begins_with_nothing", one, iter(()), opening)
    elif before is not None:
        closing = before.reader.stream(f"SELECT {BALANCE} FROM closing ORDER BY account_id")
        yield from _rows_differ("archives_begin_with_what_was_left", one, closing, opening)
        yield from _carried_differ(before, one)


def _carried_differ(before: OpenedArchive, one: OpenedArchive) -> Iterator[Discrepancy]:
    """The holds that an archive begins with are those that stand where the one before it ends."""
    stand = f"""SELECT {ENTRY} FROM entry AS hold WHERE phase = 'hold' AND
                NOT EXISTS (SELECT 1 FROM entry AS by WHERE by.resolves = hold.entry_id) ORDER BY entry_id"""
    carried = f"SELECT {ENTRY} FROM entry WHERE entry_id < ? ORDER BY entry_id"
    yield from _rows_differ(
        "archives_begin_with_the_holds_that_stood",
        one,
        before.reader.stream(stand),
        one.reader.stream(carried, (one.run.first_entry_id,)),
    )


def _joins_the_database(database: Reader, one: OpenedArchive) -> Iterator[Discrepancy]:
    closing = one.reader.stream(f"SELECT {BALANCE} FROM closing ORDER BY account_id")
    yield from _rows_differ("the_journal_begins_with_what_was_archived", one, closing, database.stream(OPENING))


def _rows_differ(rule: str, one: OpenedArchive, expected: Iterator[Row], found: Iterator[Row]) -> Iterator[Discrepancy]:
    named = 0
    for wanted, is_there in zip_longest(expected, found):
        if wanted != is_there:
            named += 1
            yield _wrong(rule, one, _row(wanted), _row(is_there))
            if named == MOST_NAMED:
                return


def _row(row: Row | None) -> str:
    return "no row" if row is None else "/".join(map(str, row))


def _differ(rule: str, one: OpenedArchive, expected: str, found: str) -> Iterator[Discrepancy]:
    if expected != found:
        yield _wrong(rule, one, expected or "nothing", found or "nothing")


def _wrong(rule: str, one: OpenedArchive, expected: str, found: str) -> Discrepancy:
    return Discrepancy(rule=rule, where=f"archive {one.archive.number}", expected=expected, found=found)


def refuse_file(file: Path, remedy: str) -> None:
    """Raise InvalidRequest of a file that was given."""
    raise InvalidRequest("the archives", [FieldViolation(field="archive", value=str(file), remedy=remedy)])
