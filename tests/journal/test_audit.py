"""The database refuses what it can, and the audit finds the rest."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Book, Discrepancy, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.storage.database import Database
from solver.storage.errors import ConstraintRefused
from solver.storage.url import open_database

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]

SHELF = AccountKey(book=Book.STOCK, kind="shelf", holder="s1", unit="tea", guarded=True)
GATE = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="tea")


@pytest.fixture
def filled(database: Database, journal: Journal) -> Database:
    fill(database, journal)
    return database


def fill(database: Database, journal: Journal) -> None:
    """Seven received, three of them held and still standing, and one hold released."""
    with database.write() as tx:
        journal.post(tx, "received", "po", [Transfer(debit=SHELF, credit=GATE, amount=7)])
        for subject, units in (("plan-1", 3), ("plan-2", 2)):
            transfers = [Transfer(debit=GATE, credit=SHELF, amount=units)]
            entry = journal.hold(tx, "held", subject, transfers, journal.now(tx) + timedelta(minutes=10))
        journal.release(tx, entry.entry_id)


def tamper(database: Database, *statements: str) -> None:
    with database.write() as tx:
        for statement in statements:
            tx.execute(statement)


def found(database: Database, journal: Journal) -> tuple[Discrepancy, ...]:
    with database.read() as reader:
        return journal.audit(reader)


def rules(database: Database, journal: Journal) -> list[str]:
    return [discrepancy.rule for discrepancy in found(database, journal)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET subject = 'other'",
        "DELETE FROM journal_entry",
        "UPDATE journal_transfer SET amount = amount + 1",
        "DELETE FROM journal_transfer",
        """INSERT INTO journal_transfer VALUES (1, 0, 1, 2, 8)
           ON CONFLICT (entry_id, line) DO UPDATE SET amount = excluded.amount""",
    ],
)
def test_the_database_refuses_to_rewrite_history(filled: Database, contents: Contents, statement: str) -> None:
    before = contents()
    with pytest.raises(ConstraintRefused, match="append-only"):
        tamper(filled, statement)
    assert contents() == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO journal_transfer VALUES (1, 0, 1, 2, 8)",
        "INSERT OR REPLACE INTO journal_entry VALUES (1, 'post', 'received', 'po', 0, NULL, NULL)",
    ],
)
def test_sqlite_refuses_to_replace_history(sqlite_url: str, journal: Journal, statement: str) -> None:
    database = open_database(sqlite_url, [JOURNAL_SCHEMA])
    fill(database, journal)
    with pytest.raises(ConstraintRefused, match="append-only"):
        tamper(database, statement)
    assert found(database, journal) == ()
    database.close()


def test_postgres_refuses_to_empty_the_journal(postgres_url: str, journal: Journal) -> None:
    database = open_database(postgres_url, [JOURNAL_SCHEMA])
    fill(database, journal)
    with pytest.raises(ConstraintRefused, match="append-only"):
        tamper(database, "TRUNCATE journal_transfer")
    assert found(database, journal) == ()
    database.close()


@pytest.mark.parametrize("amount", [5, 10**6])
def test_the_database_refuses_an_oversell_through_raw_sql(filled: Database, contents: Contents, amount: int) -> None:
    before = contents()
    for column in ("credits_posted", "credits_pending"):
        with pytest.raises(ConstraintRefused, match=r"guarded = 0 OR|journal_account_check"):
            tamper(filled, f"UPDATE journal_account SET {column} = {column} + {amount} WHERE kind = 'shelf'")
    assert contents() == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_entry VALUES (9, 'release', 'held', 'plan-2', 0, NULL, 3)",
        "INSERT INTO journal_entry VALUES (9, 'hold', 'held', 'plan-1', 0, 9, NULL)",
        "INSERT INTO journal_entry VALUES (9, 'hold', 'held', 'plan-9', 0, NULL, NULL)",
        "INSERT INTO journal_entry VALUES (9, 'confirm', 'held', 'plan-9', 0, NULL, NULL)",
        "INSERT INTO journal_entry VALUES (9, 'post', 'held', 'plan-9', 0, NULL, 2)",
        "INSERT INTO journal_transfer VALUES (1, 1, 1, 2, 0)",
        "INSERT INTO journal_transfer VALUES (1, 1, 1, 99, 1)",
    ],
    ids=[
        "a second resolution",
        "a second hold of a subject",
        "a hold without expiry",
        "a resolution of nothing",
        "a post that resolves",
        "an empty transfer",
        "a transfer from nowhere",
    ],
)
def test_the_database_refuses_malformed_rows(filled: Database, contents: Contents, statement: str) -> None:
    before = contents()
    with pytest.raises(ConstraintRefused):
        tamper(filled, statement)
    assert contents() == before


def test_books_in_use_balance(filled: Database, journal: Journal) -> None:
    assert found(filled, journal) == ()


def test_the_audit_finds_a_tampered_balance_and_names_both_figures(filled: Database, journal: Journal) -> None:
    tamper(filled, "UPDATE journal_account SET debits_posted = debits_posted + 1 WHERE kind = 'shelf'")
    assert found(filled, journal) == (
        Discrepancy(
            rule="balances_equal_their_transfers",
            where="stock/shelf/s1/tea",
            expected="debits 7 + 0 pending, credits 0 + 3 pending",
            found="debits 8 + 0 pending, credits 0 + 3 pending",
        ),
        Discrepancy(
            rule="debits_equal_credits",
            where="stock/tea",
            expected="credits 8 + 3 pending",
            found="credits 7 + 3 pending",
        ),
    )


def test_the_audit_finds_a_balance_tampered_on_both_sides(filled: Database, journal: Journal) -> None:
    tamper(
        filled,
        "UPDATE journal_account SET debits_posted = debits_posted + 1 WHERE kind = 'shelf'",
        "UPDATE journal_account SET credits_posted = credits_posted + 1 WHERE kind = 'gate'",
    )
    assert rules(filled, journal) == ["balances_equal_their_transfers"] * 2


def test_the_audit_finds_a_guarded_account_below_zero(filled: Database, journal: Journal) -> None:
    tamper(
        filled,
        "PRAGMA ignore_check_constraints = ON"
        if filled.store == "sqlite"
        else "ALTER TABLE journal_account DROP CONSTRAINT journal_account_check",
        "UPDATE journal_account SET credits_pending = 8 WHERE kind = 'shelf'",
    )
    below_zero = Discrepancy(
        rule="guarded_accounts_stay_above_zero", where="stock/shelf/s1/tea", expected="at least 0", found="-1"
    )
    assert below_zero in found(filled, journal)


def test_the_audit_finds_a_hold_that_would_never_expire(filled: Database, journal: Journal) -> None:
    tamper(filled, "DELETE FROM journal_pending")
    assert found(filled, journal) == (
        Discrepancy(
            rule="pending_lists_the_unresolved_holds",
            where="entry 2",
            expected="pending until 2026-03-01T12:10:00+00:00",
            found="not pending",
        ),
    )


def test_the_audit_finds_a_resolved_hold_that_is_still_pending(filled: Database, journal: Journal) -> None:
    tamper(filled, "INSERT INTO journal_pending VALUES (3, 0)")
    assert found(filled, journal) == (
        Discrepancy(
            rule="pending_lists_the_unresolved_holds",
            where="entry 3",
            expected="not pending",
            found="pending until 1970-01-01T00:00:00+00:00",
        ),
    )


def test_the_audit_finds_an_entry_out_of_time_order(filled: Database, journal: Journal) -> None:
    tamper(filled, "INSERT INTO journal_entry VALUES (5, 'post', 'received', 'po-2', 0, NULL, NULL)")
    assert found(filled, journal) == (
        Discrepancy(
            rule="entries_stand_in_time_order",
            where="entry 5",
            expected="at or after 2026-03-01T12:00:00+00:00",
            found="1970-01-01T00:00:00+00:00",
        ),
    )


def test_the_audit_finds_a_confirmation_after_the_expiry(filled: Database, journal: Journal) -> None:
    tamper(
        filled,
        """INSERT INTO journal_entry SELECT 5, 'confirm', kind, subject, expires_at_us, NULL, entry_id
           FROM journal_entry WHERE entry_id = 2""",
    )
    assert "resolutions_respect_the_expiry" in rules(filled, journal)


def test_the_audit_finds_a_transfer_across_units(filled: Database, journal: Journal) -> None:
    tamper(
        filled,
        """INSERT INTO journal_account (account_id, book, kind, unit, holder, guarded)
           VALUES (9, 'stock', 'x', 'milk', '', 0)""",
        "INSERT INTO journal_transfer VALUES (4, 0, 9, 2, 1)",
    )
    assert "transfers_stay_within_book_and_unit" in rules(filled, journal)


def test_the_audit_finds_that_an_entry_was_taken_out(filled: Database, journal: Journal) -> None:
    tamper(filled, "INSERT INTO journal_entry VALUES (6, 'post', 'received', 'po-2', 1772366400000000, NULL, NULL)")
    assert found(filled, journal)[0] == Discrepancy(
        rule="rows_are_numbered_without_gaps", where="entry 6", expected="entry 5", found="entry 6"
    )


def test_the_audit_finds_that_a_transfer_was_taken_out(filled: Database, journal: Journal) -> None:
    tamper(filled, "INSERT INTO journal_transfer VALUES (1, 2, 1, 2, 1)")
    assert found(filled, journal)[0] == Discrepancy(
        rule="rows_are_numbered_without_gaps", where="entry 1 line 2", expected="line 1", found="line 2"
    )
