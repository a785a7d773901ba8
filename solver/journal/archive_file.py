"""The file of an archive: a run of entries with their transfers, and what accounts held before and after them.

Holds that stood when it begins are in it too, with their transfers: it can be proven by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from solver.clock import from_micros, to_micros
from solver.errors import BrokenInvariant
from solver.journal.archived import Archive, RowChain, archives
from solver.storage.database import Reader, Row, Transaction
from solver.storage.sealed import reading_sealed, writing_sealed

MARK = 0x58554E41  # SQLite's application_id of an archive: "XUNA"
ROWS_AT_ONCE = 1024
Told = Callable[[str, int, int], None]  # what is done, how much of it, of how much

_SCHEMA = """
CREATE TABLE archive (
    number INTEGER NOT NULL,
    first_entry_id INTEGER NOT NULL,
    last_entry_id INTEGER NOT NULL,
    last_at_us INTEGER NOT NULL,
    before_us INTEGER NOT NULL,
    previous_digest TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE TABLE account (
    account_id INTEGER PRIMARY KEY,
    book TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    holder TEXT NOT NULL,
    guarded INTEGER NOT NULL
) STRICT;
CREATE TABLE opening (
    account_id INTEGER PRIMARY KEY,
    debits_posted INTEGER NOT NULL,
    credits_posted INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL,
    credits_pending INTEGER NOT NULL
) STRICT;
CREATE TABLE closing (
    account_id INTEGER PRIMARY KEY,
    debits_posted INTEGER NOT NULL,
    credits_posted INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL,
    credits_pending INTEGER NOT NULL
) STRICT;
CREATE TABLE entry (
    entry_id INTEGER PRIMARY KEY,
    phase TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    expires_at_us INTEGER,
    resolves INTEGER
) STRICT;
CREATE INDEX entry_by_hold ON entry (resolves) WHERE resolves IS NOT NULL;
CREATE TABLE transfer (
    entry_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    debit_id INTEGER NOT NULL,
    credit_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (entry_id, line)
) STRICT, WITHOUT ROWID;
"""

# What every account comes to: what it held, what the entries posted, and what the holds that stand then would move.
CLOSING = """
WITH counted AS (
    SELECT debit_id, credit_id, amount,
           CASE WHEN (made.phase = 'post' OR resolution.phase = 'confirm') THEN amount ELSE 0 END AS posted,
           CASE WHEN made.phase = 'hold' AND resolution.phase IS NULL THEN amount ELSE 0 END AS pending
    FROM transfer JOIN entry AS made ON made.entry_id = transfer.entry_id
    LEFT JOIN entry AS resolution ON resolution.resolves = made.entry_id
), sides AS (
    SELECT debit_id AS account_id, posted AS dr, 0 AS cr, pending AS dr_pending, 0 AS cr_pending FROM counted
    UNION ALL SELECT credit_id, 0, posted, 0, pending FROM counted
    UNION ALL SELECT account_id, debits_posted, credits_posted, 0, 0 FROM opening
)
SELECT account_id, sum(dr), sum(cr), sum(dr_pending), sum(cr_pending) FROM sides GROUP BY account_id ORDER BY account_id
"""
ENTRY = "entry_id, phase, kind, subject, at_us, expires_at_us, resolves"
TRANSFER = "entry_id, line, debit_id, credit_id, amount"
BALANCE = "account_id, debits_posted, credits_posted, debits_pending, credits_pending"
_ACCOUNT = "account_id, book, kind, unit, holder, guarded"
# Holds that no entry before this one resolved.
_STANDING = """
SELECT entry_id FROM journal_entry AS hold
WHERE phase = 'hold' AND entry_id < ?
    AND NOT EXISTS (SELECT 1 FROM journal_entry AS by WHERE by.resolves = hold.entry_id AND by.entry_id < ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The entries that an archive is to have: every one from `first_entry_id` on that was made before a date."""

    number: int
    first_entry_id: int
    last_entry_id: int
    last_at: datetime
    before: datetime
    previous_digest: str

    @property
    def entries(self) -> int:
        """How many they are: they are numbered without gaps."""
        return self.last_entry_id - self.first_entry_id + 1


def next_run(reader: Reader, before: datetime, most_entries: int | None = None) -> Run | None:
    """What there is to archive; None where nothing is. The last entry of all is never archived: numbers go on from it.

    Entries are looked for from the last archived one on, so it is asked of a journal that balances.
    """
    done = archives(reader)
    last = done[-1].last_entry_id if done else 0
    most = "" if most_entries is None else f"AND entry_id <= {last + most_entries}"
    rows = reader.query(
        f"""SELECT entry_id, at_us FROM journal_entry
            WHERE at_us < ? AND entry_id > ? {most} AND entry_id < (SELECT max(entry_id) FROM journal_entry)
            ORDER BY entry_id DESC LIMIT 1""",
        (to_micros(before), last),
    )
    if not rows:
        return None
    return Run(
        number=len(done) + 1,
        first_entry_id=last + 1,
        last_entry_id=rows[0][0],
        last_at=from_micros(rows[0][1]),
        before=before,
        previous_digest=done[-1].digest if done else "",
    )


def write_archive(reader: Reader, run: Run, path: Path, told: Told) -> str:
    """Write a run of the journal to a new file; the digest of its rows. Raises StorageUnusable."""
    with writing_sealed(path, _SCHEMA, MARK) as tx:
        head = (run.number, run.first_entry_id, run.last_entry_id, to_micros(run.last_at), to_micros(run.before))
        tx.execute("INSERT INTO archive VALUES (?, ?, ?, ?, ?, ?, '')", (*head, run.previous_digest))
        _copy(tx, "opening", BALANCE, reader.stream(f"SELECT {BALANCE} FROM journal_opening ORDER BY account_id"))
        _copy_standing(reader, tx, run)
        _copy_run(reader, tx, run, told)
        _copy_accounts(reader, tx)
        tx.execute(f"INSERT INTO closing ({BALANCE}) {CLOSING}")
        digest = rows_digest(tx)
        tx.execute("UPDATE archive SET digest = ?", (digest,))
    return digest


def reading_archive(path: Path) -> AbstractContextManager[Reader]:
    """Read an archive. Raises StorageUnusable for what is none, or is damaged."""
    return reading_sealed(path, MARK, "archive")


@contextmanager
def head_of(path: Path) -> Iterator[tuple[Reader, Run, str]]:
    """An archive to read, what it says it has, and the digest that it says its rows have."""
    with reading_archive(path) as reader:
        rows = reader.query("SELECT * FROM archive")
        if len(rows) != 1:
            raise BrokenInvariant(f"{path} holds {len(rows)} archives")
        number, first, last, last_at_us, before_us, previous, digest = rows[0]
        yield (
            reader,
            Run(
                number=number,
                first_entry_id=first,
                last_entry_id=last,
                last_at=from_micros(last_at_us),
                before=from_micros(before_us),
                previous_digest=previous,
            ),
            digest,
        )


def rows_digest(reader: Reader) -> str:
    """The digest of every row of an archive, and so of the archive before it; made anew from what the file says."""
    head = "SELECT number, first_entry_id, last_entry_id, last_at_us, before_us, previous_digest FROM archive"
    chain = RowChain().add(reader.query(head))
    for table, columns in (
        ("account", _ACCOUNT),
        ("opening", BALANCE),
        ("entry", ENTRY),
        ("transfer", TRANSFER),
        ("closing", BALANCE),
    ):
        chain.add([[table]])
        key = "entry_id, line" if table == "transfer" else columns.partition(",")[0]
        chain.add(reader.stream(f"SELECT {columns} FROM {table} ORDER BY {key}"))
    return chain.digest


def closing_digest(reader: Reader) -> str:
    """The digest of what accounts held after the archive's last entry, as `opening_digest` makes it."""
    return RowChain().add(reader.stream(f"SELECT {BALANCE} FROM closing ORDER BY account_id")).digest


def as_archive(run: Run, digest: str, file_digest: str, opening: str, kept: str) -> Archive:
    """What the database is to say of an archive."""
    return Archive(
        number=run.number,
        first_entry_id=run.first_entry_id,
        last_entry_id=run.last_entry_id,
        last_at=run.last_at,
        before=run.before,
        digest=digest,
        file_digest=file_digest,
        opening_digest=opening,
        kept_digest=kept,
    )


def _copy_standing(reader: Reader, tx: Transaction, run: Run) -> None:
    """The holds that stand when the run begins."""
    before = (run.first_entry_id, run.first_entry_id)
    for table, columns, key in (("entry", ENTRY, "entry_id"), ("transfer", TRANSFER, "entry_id, line")):
        rows = f"SELECT {columns} FROM journal_{table} WHERE entry_id IN ({_STANDING}) ORDER BY {key}"
        _copy(tx, table, columns, reader.stream(rows, before))


def _copy_run(reader: Reader, tx: Transaction, run: Run, told: Told) -> None:
    for begin in range(run.first_entry_id, run.last_entry_id + 1, ROWS_AT_ONCE):
        end = min(begin + ROWS_AT_ONCE - 1, run.last_entry_id)
        for table, columns in (("entry", ENTRY), ("transfer", TRANSFER)):
            rows = f"SELECT {columns} FROM journal_{table} WHERE entry_id BETWEEN ? AND ?"
            _copy(tx, table, columns, iter(reader.query(rows, (begin, end))))
        told("written", end - run.first_entry_id + 1, run.entries)


def _copy_accounts(reader: Reader, tx: Transaction) -> None:
    """The names of all accounts that the archive speaks of, in parts."""
    sql = """SELECT DISTINCT account_id FROM (SELECT debit_id AS account_id FROM transfer UNION
             SELECT credit_id FROM transfer UNION SELECT account_id FROM opening) ORDER BY account_id"""
    ids = iter(tx.query(sql))
    while some := [account_id for (account_id,) in islice(ids, ROWS_AT_ONCE)]:
        rows = reader.query_within(f"SELECT {_ACCOUNT} FROM journal_account WHERE account_id IN (?)", (some,))
        _copy(tx, "account", _ACCOUNT, iter(rows))


def _copy(tx: Transaction, table: str, columns: str, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        tx.execute_rows(f"INSERT INTO {table} ({columns}) {{rows}}", some)
