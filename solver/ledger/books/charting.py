"""The chart of accounts and the posting rules of an installation: those of the product, changed and added to by a file.

Each import is a version, the last one is in force, none is ever changed. What was posted stays what it was.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from solver.clock import from_micros, to_micros
from solver.errors import StateConflict
from solver.journal.model import Book
from solver.ledger.books.chart import Account
from solver.ledger.books.chart_file import SHIPPED, ChartOfBooks, read_chart_file
from solver.storage.database import Reader, Transaction

_IN_FORCE = "the chart of accounts that is in force"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartVersion:
    """One version of what a file changed and added; `body` is that file."""

    version: int
    body: str
    at: datetime


def in_force(reader: Reader) -> ChartOfBooks:
    """What counts now: the product's own where nothing was ever imported."""
    if _IN_FORCE not in reader.memo:
        rows = reader.query("SELECT body FROM ledger_chart ORDER BY version DESC LIMIT 1")
        note(reader, rows[0][0] if rows else None)
    chart: ChartOfBooks = reader.memo[_IN_FORCE]
    return chart


def is_known(reader: Reader) -> bool:
    """Whether it was read in this transaction."""
    return _IN_FORCE in reader.memo


def note(reader: Reader, body: str | None) -> None:
    """Let this file be the one in force; None: none was imported."""
    reader.memo[_IN_FORCE] = SHIPPED() if body is None else _read(body)


def change(tx: Transaction, body: str, origin: str, at: datetime) -> ChartVersion:
    """Let a file count from now on, as a new version; one that says what counts already makes none.

    Raises InvalidRequest with every line that is wrong, and StateConflict (ACCOUNT_IN_USE) where an account that has
    postings would be missing, of another type, or kept in another way.
    """
    new = read_chart_file(body, origin)
    before = in_force(tx)
    for (code,) in tx.query("SELECT DISTINCT kind FROM journal_account WHERE book = ? ORDER BY kind", (Book.MONEY,)):
        _refuse_changed(code, before.accounts.get(code), new.accounts.get(code))
    kept = versions(tx)
    if kept and kept[-1].body == body:
        return kept[-1]
    made = ChartVersion(version=len(kept) + 1, body=body, at=at)
    keep(tx, made)
    return made


def keep(tx: Transaction, one: ChartVersion) -> None:
    """Write a version."""
    sql = "INSERT INTO ledger_chart (version, body, at_us) VALUES (?, ?, ?)"
    tx.execute(sql, (one.version, one.body, to_micros(one.at)))
    tx.memo.pop(_IN_FORCE, None)


def versions(reader: Reader) -> tuple[ChartVersion, ...]:
    """Every version, oldest first."""
    rows = reader.query("SELECT version, body, at_us FROM ledger_chart ORDER BY version")
    return tuple(ChartVersion(version=version, body=body, at=from_micros(at_us)) for version, body, at_us in rows)


def _refuse_changed(code: str, before: Account | None, now: Account | None) -> None:
    what = ""
    if now is None:
        what = "is missing"
    elif before is not None and before.type != now.type:
        what = f"is {now.type}, and was {before.type}"
    elif before is not None and before.party != now.party:
        what = f"is {'' if now.party else 'not '}kept per party, unlike before"
    if what:
        raise StateConflict(
            f"account {code} {what}, and there are postings on it: leave it as it was, or add an account",
            reason="ACCOUNT_IN_USE",
            metadata={"account": code},
        )


@lru_cache(maxsize=8)
def _read(body: str) -> ChartOfBooks:
    return read_chart_file(body, "the chart in force")
