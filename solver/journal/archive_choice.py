"""Which archived entries stay in the database, and which of them with their transfers: chosen page by page."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from solver.journal.alongside import parent_of
from solver.journal.archived import archived_holds
from solver.journal.model import Book
from solver.storage.database import Reader, Row, Transaction

_AT_ONCE = 1_000
_MOST_REMEMBERED = 100_000  # subjects without a hold: one may have very many entries, and is looked up once
_ENTRY = "entry_id, phase, kind, subject, resolves"


@dataclass(frozen=True, slots=True, kw_only=True)
class StillNeeded:
    """What other rooms need of old entries.

    `tables` refer to entries by their column `entry_id`, and need them with their transfers. Units on accounts of these
    `kinds` wait for something: as long as what a subject moved leaves any there, its entries stay whole.
    """

    tables: Sequence[str] = ()
    book: Book = Book.STOCK
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What becomes of some archived entries in the database.

    Of those that stayed before, `gone` go, and `done` only leave their transfers; `kept` are new ones that stay: entry
    and whether its transfers stay as well. `subjects` are all whose entries were looked at.
    """

    gone: Sequence[int] = ()
    done: Sequence[int] = ()
    kept: Sequence[tuple[int, int]] = ()
    subjects: frozenset[str] = frozenset()

    def note(self, tx: Transaction) -> list[int]:
        """Write it to journal_kept; which of those that stayed before changed. Entries themselves are not touched."""
        gone, done = ([(one,) for one in some] for some in (self.gone, self.done))
        tx.execute_rows("DELETE FROM journal_kept WHERE entry_id IN ({rows})", gone)
        tx.execute_rows("UPDATE journal_kept SET is_whole = 0 WHERE entry_id IN ({rows})", done)
        tx.execute_rows("INSERT INTO journal_kept (entry_id, is_whole) {rows}", self.kept)
        return [*self.gone, *self.done]


@dataclass(slots=True, kw_only=True)
class Choice:
    """What stays of the entries from one on and through another, and of what stayed before, as `reader` has them."""

    reader: Reader
    needed: StillNeeded
    first: int
    cut: int
    _without_hold: dict[str, None] = field(default_factory=dict)

    def chosen(self) -> Iterator[Chosen]:
        """Page by page; each may be noted before the next is asked for."""
        unneeded = " ".join(
            f"AND NOT EXISTS (SELECT 1 FROM {table} AS needs WHERE needs.entry_id = kept.entry_id)"
            for table in self.needed.tables
        )
        for page in self._pages(
            f"""SELECT {_ENTRY} FROM journal_entry JOIN journal_kept AS kept USING (entry_id)
                WHERE entry_id > ? AND is_whole = 1 AND entry_id <= ? {unneeded} ORDER BY entry_id LIMIT ?""",
            0,
            self.first - 1,
        ):
            subjects, kept = self._chosen(page)
            yield Chosen(
                gone=[row[0] for row in page if row[0] not in kept],
                done=[one for one, is_whole in kept.items() if not is_whole],
                subjects=subjects,
            )
        for page in self._pages(
            f"SELECT {_ENTRY} FROM journal_entry WHERE entry_id > ? AND entry_id <= ? ORDER BY entry_id LIMIT ?",
            self.first - 1,
            self.cut,
        ):
            subjects, kept = self._chosen(page)
            yield Chosen(kept=[(one, int(is_whole)) for one, is_whole in kept.items()], subjects=subjects)

    def _pages(self, sql: str, after: int, through: int) -> Iterator[list[Row]]:
        while rows := self.reader.query(sql, (after, through, _AT_ONCE)):
            yield rows
            after = rows[-1][0]

    def _chosen(self, page: Sequence[Row]) -> tuple[frozenset[str], dict[int, bool]]:
        """The subjects; and entry -> whether its transfers stay too; who is not in it goes."""
        ids = [row[0] for row in page]
        beside = {row[0] for row in page if parent_of(row[2], row[3]) is not None}
        subjects = _subjects_of(self.reader, page)
        named, standing = self._subjects(set(subjects.values()))
        ended = {one for (one,) in self._resolved(ids)}
        referred = {one for table in self.needed.tables for (one,) in self._in_table(table, ids)}
        moving = {one for (one,) in self._in_table("journal_transfer", ids)}
        chosen: dict[int, bool] = {}
        for entry_id, phase, *_ in page:
            is_pending = phase == "hold" and entry_id not in ended
            is_whole = is_pending or entry_id in referred or subjects[entry_id] in standing
            if is_whole or (subjects[entry_id] in named and entry_id not in beside):
                chosen[entry_id] = is_whole or entry_id not in moving
        return frozenset(subjects.values()), chosen

    def _subjects(self, subjects: Collection[str]) -> tuple[set[str], set[str]]:
        """Which of these subjects have a hold, and for which of them something stands or may still happen."""
        unknown = [one for one in subjects if one not in self._without_hold]
        rows = self._within(f"SELECT {_ENTRY} FROM journal_entry WHERE subject IN (?)", unknown)
        holds = {
            row[0]: row[3]
            for row in rows
            if row[1] == "hold" and row[0] <= self.cut and parent_of(row[2], row[3]) is None
        }
        named = set(holds.values())
        self._remember([one for one in unknown if one not in named])
        done = {holds[one] for one in archived_holds(self.reader, list(holds))} if holds else set()
        ended = {row[4] for row in rows if row[0] <= self.cut}
        later = {row[3] for row in rows if row[0] > self.cut}
        pending = {subject for entry_id, subject in holds.items() if entry_id not in ended}
        return named, ((later | pending | self._waiting(rows)) & named) - done

    def _waiting(self, rows: Sequence[Row]) -> set[str]:
        """The subjects of which units wait on an account for what is still to come."""
        confirmed = {row[4] for row in rows if row[1] == "confirm"}
        counted = {row[0]: row[3] for row in rows if row[1] == "post" or row[0] in confirmed}
        sql = "SELECT entry_id, debit_id, credit_id, amount FROM journal_transfer WHERE entry_id IN (?)"
        units: Counter[tuple[str, int]] = Counter()
        for entry_id, debit_id, credit_id, amount in self._within(sql, counted):
            units[counted[entry_id], debit_id] += amount
            units[counted[entry_id], credit_id] -= amount
        left = {account_id for (_, account_id), amount in units.items() if amount}
        if not left or not self.needed.kinds:
            return set()
        waits = self.reader.query_within(
            "SELECT account_id FROM journal_account WHERE account_id IN (?) AND book = ? AND kind IN (?)",
            (left, str(self.needed.book), self.needed.kinds),
        )
        where = {account_id for (account_id,) in waits}
        return {subject for (subject, account_id), amount in units.items() if amount and account_id in where}

    def _resolved(self, ids: Sequence[int]) -> list[Row]:
        sql = "SELECT resolves FROM journal_entry WHERE resolves IN (?) AND entry_id <= ?"
        return self.reader.query_within(sql, (ids, self.cut))

    def _in_table(self, table: str, ids: Sequence[int]) -> list[Row]:
        return self._within(f"SELECT DISTINCT entry_id FROM {table} WHERE entry_id IN (?)", ids)

    def _within(self, sql: str, wanted: Collection[int] | Collection[str]) -> list[Row]:
        return self.reader.query_within(sql, (list(wanted),)) if wanted else []

    def _remember(self, subjects: Sequence[str]) -> None:
        if len(self._without_hold) > _MOST_REMEMBERED:
            self._without_hold.clear()
        self._without_hold.update(dict.fromkeys(subjects))


def moved_since(reader: Reader, entry_id: int) -> set[str]:
    """The subjects of every later entry, and of the holds that later ones stand beside: a choice may not hold there."""
    page = reader.query(f"SELECT {_ENTRY} FROM journal_entry WHERE entry_id > ?", (entry_id,))
    return {*_subjects_of(reader, page).values()}


def _subjects_of(reader: Reader, page: Sequence[Row]) -> dict[int, str]:
    """By entry; a hold beside another one counts as that one's."""
    beside = {row[0]: parent for row in page if (parent := parent_of(row[2], row[3])) is not None}
    sql, parents = "SELECT entry_id, subject FROM journal_entry WHERE entry_id IN (?)", set(beside.values())
    of_parent: dict[int, str] = dict(reader.query_within(sql, (list(parents),)) if parents else ())
    return {row[0]: of_parent[beside[row[0]]] if row[0] in beside else row[3] for row in page}
