"""Old entries go to an archive: what stays is right, what went is proven, and the journal goes on."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict
from solver.journal.archive_choice import StillNeeded
from solver.journal.archive_history import balances_in_archives
from solver.journal.archive_proof import Proof, prove
from solver.journal.archived import archives
from solver.journal.archiving import Archived, archive
from solver.journal.changes import effects
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Balance, Book, Discrepancy, EntryState, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.journal.since import free_before
from solver.storage.database import Database, Transaction
from solver.storage.errors import ConstraintRefused, StorageUnusable
from solver.storage.url import open_database

GATE = AccountKey(book=Book.STOCK, kind="gate", holder="", unit="tea")
NEEDED = StillNeeded(kinds=("committed",))


def shelf(site: str) -> AccountKey:
    return AccountKey(book=Book.STOCK, kind="shelf", holder=site, unit="tea", guarded=True)


def committed(site: str) -> AccountKey:
    return AccountKey(book=Book.STOCK, kind="committed", holder=site, unit="tea")


class History:
    """Random receipts, holds and shipments, and what every account held after each day."""

    def __init__(self, database: Database, journal: Journal, clock: ManualClock, seed: int) -> None:
        self.database, self.journal, self.clock = database, journal, clock
        self.drawn = random.Random(seed)
        self.holds: list[tuple[int, str, str, int]] = []
        self.shipped: list[str] = []
        self.held_at: dict[datetime, tuple[Balance, ...]] = {}
        self.names = 0

    def day(self, acts: int = 12) -> None:
        for _ in range(acts):
            self.clock.advance(timedelta(minutes=self.drawn.randrange(0, 90)))
            with self.database.write() as tx:
                self.journal.expire_due(tx)
                self.act(tx)
        self.clock.advance(timedelta(minutes=1))
        with self.database.read() as reader:
            now = self.clock.now()
            self.held_at[now] = self.journal.balances_at(reader, "tea", now)
        self.clock.advance(timedelta(minutes=1))  # so that nothing later bears the same time

    def act(self, tx: Transaction) -> None:
        site, units = self.drawn.choice(["east", "west"]), self.drawn.randrange(1, 6)
        self.names += 1
        what = self.drawn.choice(["receive", "hold", "hold", "resolve", "ship", "beside"])
        standing = [one for one in self.holds if self.journal.state(tx, one[0]) is EntryState.HELD]
        confirmed = [
            one
            for one in self.holds
            if one[1] not in self.shipped and self.journal.state(tx, one[0]) is EntryState.CONFIRMED
        ]
        free = self.journal.free_of(tx, [shelf(site)])[shelf(site)]
        if what == "hold" and free >= units:
            name = f"plan-{self.names}"
            expires_at = self.journal.now(tx) + timedelta(minutes=self.drawn.choice([30, 600, 5000]))
            moved = [Transfer(debit=committed(site), credit=shelf(site), amount=units)]
            entry = self.journal.hold(tx, "held", name, moved, expires_at)
            self.holds.append((entry.entry_id, name, site, units))
        elif what == "beside" and standing and free >= 1:
            one = self.drawn.choice(standing)
            moved = [Transfer(debit=GATE, credit=shelf(site), amount=1)]
            self.journal.hold_alongside(tx, one[0], moved)
        elif what == "resolve" and standing:
            one = self.drawn.choice(standing)
            self.drawn.choice([self.journal.confirm, self.journal.confirm, self.journal.release])(tx, one[0])
        elif what == "ship" and confirmed:
            _, name, at, all_units = self.drawn.choice(confirmed)
            self.journal.post(tx, "shipped", name, [Transfer(debit=GATE, credit=committed(at), amount=all_units)])
            self.shipped.append(name)
        else:
            moved = [Transfer(debit=shelf(site), credit=GATE, amount=units)]
            self.journal.post(tx, "received", f"po-{self.names}", moved)


@pytest.fixture
def history(database: Database, journal: Journal, clock: ManualClock, seed: int) -> History:
    return History(database, journal, clock, seed)


def archived(history: History, before: datetime, file: Path) -> Archived:
    done = archive(history.database, before, file, NEEDED, history.clock.now(), lambda *_: None)
    assert done is not None
    return done


def audited(history: History) -> tuple[Discrepancy, ...]:
    with history.database.read() as reader:
        return history.journal.audit(reader)


def proven(history: History, *files: Path) -> Proof:
    with history.database.read() as reader:
        return prove(reader, files)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("account", "entry", "transfer", "pending", "archive", "opening", "kept")
    with database.read() as reader:
        return {one: reader.query(f"SELECT * FROM journal_{one} ORDER BY 1, 2") for one in tables}


@pytest.mark.parametrize("turn", range(6))
def test_whatever_was_archived_when_the_books_go_on_balancing_and_the_archives_prove_them(
    history: History, tmp_path: Path, turn: int
) -> None:
    history.drawn.seed(f"{history.drawn.random()} {turn}")
    files: list[Path] = []
    for _ in range(4):
        for _ in range(3):
            history.day()
        with history.database.read() as reader:
            account = reader.query("SELECT * FROM journal_account ORDER BY 1, 2")
            states = {one[1]: history.journal.state(reader, one[0]) for one in history.holds}
            pending = [one[0] for one in history.holds if states[one[1]] is EntryState.HELD]
            taken = history.journal.transfers_of_holds(reader, pending)
        back = timedelta(hours=history.drawn.randrange(1, 60))
        file = tmp_path / f"{len(files)}.db"
        if archive(history.database, history.clock.now() - back, file, NEEDED, history.clock.now(), lambda *_: None):
            files.append(file)
        with history.database.read() as reader:
            assert reader.query("SELECT * FROM journal_account ORDER BY 1, 2") == account
            assert {one[1]: history.journal.state(reader, one[0]) for one in history.holds} == states
            assert history.journal.transfers_of_holds(reader, pending) == taken
        assert audited(history) == ()
    proof = proven(history, *files)
    assert (proof.broken, proof.missing, len(proof.proven)) == ((), (), len(files))
    assert len(files) >= 2
    with history.database.read() as reader:
        through = archives(reader)[-1].last_at
        asked_archives = 0
        for at, held in history.held_at.items():
            if at < through:
                asked_archives += 1
                with pytest.raises(StateConflict, match=r"is in archive \d"):
                    history.journal.balances_at(reader, "tea", at)
                assert balances_in_archives(reader, files, "tea", at) == held
            else:
                assert history.journal.balances_at(reader, "tea", at) == held
        assert asked_archives > 0


def test_what_is_open_stays_whole_and_what_is_done_leaves_its_names(
    database: Database, journal: Journal, clock: ManualClock, tmp_path: Path
) -> None:
    take = [Transfer(debit=committed("east"), credit=shelf("east"), amount=2)]
    ship = [Transfer(debit=GATE, credit=committed("east"), amount=2)]
    with database.write() as tx:
        journal.post(tx, "received", "po", [Transfer(debit=shelf("east"), credit=GATE, amount=9)])
        ids = {
            name: journal.hold(tx, "held", name, take, clock.now() + timedelta(days=9)).entry_id
            for name in ("shipped", "open", "standing", "given back")
        }
        journal.confirm(tx, ids["shipped"])
        journal.confirm(tx, ids["open"])
        journal.release(tx, ids["given back"])
        journal.post(tx, "shipped", "shipped", ship)
    clock.advance(timedelta(days=1))
    with database.write() as tx:
        journal.post(tx, "received", "later", [Transfer(debit=shelf("east"), credit=GATE, amount=1)])
    done = archive(database, clock.now(), tmp_path / "a.db", NEEDED, clock.now(), lambda *_: None)
    assert done is not None
    assert (done.archive.first_entry_id, done.archive.last_entry_id, done.kept_entries) == (1, 9, 8)
    with database.read() as reader:
        assert reader.query("SELECT entry_id FROM journal_entry ORDER BY 1") == [(one,) for one in range(2, 11)]
        assert reader.query("SELECT entry_id FROM journal_transfer ORDER BY 1") == [(3,), (4,), (10,)]
        assert [journal.state(reader, one) for one in ids.values()] == ["confirmed", "confirmed", "held", "released"]
        assert journal.transfers_of_hold(reader, ids["open"]) == tuple(take)
        with pytest.raises(StateConflict, match="hold 2 took is archived") as refused:
            journal.transfers_of_hold(reader, ids["shipped"])
        assert refused.value.reason == "HOLD_ARCHIVED"
        for entry_id in (1, 9):
            with pytest.raises(StateConflict, match="archive 1"):
                effects(reader, entry_id - 1, 10)
            with pytest.raises(StateConflict, match="archive 1"):
                free_before(reader, Book.STOCK, "shelf", entry_id)
        assert len(effects(reader, 9, 10)) == 1
        assert free_before(reader, Book.STOCK, "shelf", 10) == {("east", "tea"): 3}
    with database.write() as tx, pytest.raises(StateConflict, match="exists already"):
        journal.hold(tx, "held", "shipped", take, clock.now() + timedelta(days=9))
    with database.write() as tx:
        assert journal.confirm(tx, ids["standing"]).entry_id == 11
    with database.read() as reader:
        assert journal.audit(reader) == ()


def test_the_journal_is_append_only_again_and_its_schema_whole(
    history: History, store_url: str, tmp_path: Path
) -> None:
    history.day(30)
    archived(history, history.clock.now(), tmp_path / "a.db")
    for table in ("journal_entry", "journal_transfer", "journal_archive"):
        with pytest.raises(ConstraintRefused, match=f"{table} is append-only"), history.database.write() as tx:
            tx.execute(f"DELETE FROM {table}")
    history.database.close()
    open_database(store_url, [JOURNAL_SCHEMA]).close()


def test_an_archiving_that_ended_before_the_database_took_note_is_taken_up_again(
    history: History, tmp_path: Path
) -> None:
    history.day(40)
    before, file = history.clock.now(), tmp_path / "a.db"
    untouched = everything(history.database)
    steps = []

    def crash(what: str, done: int, of: int) -> None:
        steps.append(what)
        if what == "taken away":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive(history.database, before, file, NEEDED, history.clock.now(), crash)
    assert steps == ["written", "taken away"]
    assert everything(history.database) == untouched
    written = file.read_bytes()
    first = archived(history, before, file)
    assert (file.read_bytes(), first.is_new) == (written, True)
    after = everything(history.database)
    again = archived(history, before, file)
    assert (again.archive, again.is_new) == (first.archive, False)
    assert everything(history.database) == after


def test_a_crash_while_the_file_is_written_leaves_no_file(history: History, tmp_path: Path) -> None:
    history.day(40)
    untouched = everything(history.database)

    def crash(what: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive(history.database, history.clock.now(), tmp_path / "a" / "b.db", NEEDED, history.clock.now(), crash)
    assert list((tmp_path / "a").iterdir()) == []
    assert everything(history.database) == untouched


def test_refusals_name_field_value_and_remedy_and_change_nothing(history: History, tmp_path: Path) -> None:
    history.day(20)
    now, untouched, file = history.clock.now(), everything(history.database), tmp_path / "a.db"
    with pytest.raises(InvalidRequest, match=r"before: .*: give a time that is past"):
        archive(history.database, now + timedelta(seconds=1), file, NEEDED, now, lambda *_: None)
    assert not file.exists()
    other = tmp_path / "other.db"
    history.day(5)
    archived(history, now, file)
    history.day(20)
    untouched = everything(history.database)
    with pytest.raises(InvalidRequest, match=r"file: .*a\.db: it is there already"):
        archived(history, history.clock.now(), file)
    assert everything(history.database) == untouched
    long_ago = now - timedelta(days=99)
    assert archive(history.database, long_ago, other, NEEDED, now, lambda *_: None) is None
    assert not other.exists()


def test_books_that_do_not_balance_are_not_archived(history: History, tmp_path: Path) -> None:
    history.day(20)
    with history.database.write() as tx:
        tx.execute("UPDATE journal_account SET debits_posted = debits_posted + 1 WHERE kind = 'gate'")
    with pytest.raises(Exception, match="the books do not balance before"):
        archived(history, history.clock.now(), tmp_path / "a.db")
    assert list(tmp_path.glob("a*")) == []


def test_without_archives_it_is_told_which_are_missing_and_what_is_given_is_proven(
    history: History, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.db" for number in range(3)]
    for file in files:
        history.day(30)
        archived(history, history.clock.now(), file)
    assert audited(history) == ()
    proof = proven(history, files[1])
    assert ([one.number for one in proof.missing], [one.number for one in proof.proven]) == ([1, 3], [2])
    assert proof.broken == ()
    assert proven(history).broken == ()
    with pytest.raises(InvalidRequest, match="archive 2 is given twice"):
        proven(history, files[1], files[1])
    long_ago = min(history.held_at) - timedelta(days=9)
    with history.database.read() as reader, pytest.raises(InvalidRequest, match="give the file of archive 1 "):
        balances_in_archives(reader, files[1:], "tea", long_ago)


def test_a_changed_byte_of_an_archive_is_found_wherever_it_is(history: History, tmp_path: Path, seed: int) -> None:
    history.day(30)
    file = tmp_path / "a.db"
    archived(history, history.clock.now(), file)
    written, drawn = file.read_bytes(), random.Random(seed)
    for place in [*range(0, 100, 9), *(drawn.randrange(len(written)) for _ in range(60))]:
        spoilt = bytearray(written)
        spoilt[place] ^= 1 << drawn.randrange(8)
        file.write_bytes(spoilt)
        try:
            broken = proven(history, file).broken
        except (InvalidRequest, StorageUnusable):
            continue
        assert broken[0].rule == "archives_have_the_bytes_written", place
    file.write_bytes(written)
    assert proven(history, file).broken == ()


# What is changed in an archive, and the rule that finds it besides the digests.
SPOILT = {
    "UPDATE transfer SET amount = amount + 1 WHERE entry_id = 1": "balances_equal_their_transfers",
    "DELETE FROM entry WHERE entry_id = 3": "rows_are_numbered_without_gaps",
    "UPDATE entry SET at_us = at_us - 86400000000 WHERE entry_id = 5": "entries_stand_in_time_order",
    "UPDATE closing SET debits_posted = debits_posted + 1 WHERE account_id = 1": "debits_equal_credits",
    "INSERT INTO opening VALUES (1, 1, 0, 0, 0)": "the_first_archive_begins_with_nothing",
    "UPDATE account SET holder = 'north' WHERE account_id = 1": "accounts_keep_their_names",
    "UPDATE archive SET last_entry_id = last_entry_id - 1": "archives_have_their_entries",
    "UPDATE entry SET subject = 'other' WHERE phase = 'hold'": "kept_entries_are_those_archived",
}


@pytest.mark.parametrize("statement", SPOILT)
def test_a_changed_row_of_an_archive_is_found(history: History, tmp_path: Path, statement: str) -> None:
    history.day(30)
    file = tmp_path / "a.db"
    archived(history, history.clock.now(), file)
    connection = apsw.Connection(str(file))
    connection.execute(statement)
    connection.close()
    rules = {one.rule for one in proven(history, file).broken}
    assert {"archives_have_the_bytes_written", "archives_have_the_rows_written", SPOILT[statement]} <= rules


# What is changed in the database, and the rule of the audit that finds it without any archive.
SPOILT_HERE = {
    "UPDATE journal_opening SET debits_posted = debits_posted + 1": "opening_is_what_was_archived",
    "DELETE FROM journal_opening WHERE account_id = 1": "opening_is_what_was_archived",
    "DELETE FROM journal_kept": "kept_entries_are_what_was_left",
    "INSERT INTO journal_entry VALUES (1, 'post', 'x', 'y', 0, NULL, NULL)": "kept_entries_are_what_was_left",
}


@pytest.mark.parametrize("statement", SPOILT_HERE)
def test_a_changed_row_of_what_was_carried_forward_is_found_without_archives(
    history: History, tmp_path: Path, statement: str
) -> None:
    history.day(40)
    archived(history, history.clock.now(), tmp_path / "a.db")
    with history.database.write() as tx:
        tx.execute("DELETE FROM journal_kept WHERE entry_id = 1")
        tx.execute(statement)
    assert SPOILT_HERE[statement] in {one.rule for one in audited(history)}


def test_an_archive_of_other_books_is_none_of_these(
    history: History, tmp_path: Path, sqlite_url: str, clock: ManualClock
) -> None:
    theirs = open_database(f"sqlite:{tmp_path / 'theirs.db'}", [JOURNAL_SCHEMA])
    other = History(theirs, Journal(clock), clock, 7)
    other.day(30)
    archived(other, clock.now(), tmp_path / "theirs-1.db")
    theirs.close()
    with pytest.raises(InvalidRequest, match="it says that it is archive 1, and the database has 0"):
        proven(history, tmp_path / "theirs-1.db")
    history.day(30)
    archived(history, clock.now(), tmp_path / "ours.db")
    rules = [one.rule for one in proven(history, tmp_path / "theirs-1.db").broken]
    assert rules[:3] == [
        "archives_have_the_bytes_written",
        "archives_have_the_rows_written",
        "archives_say_their_digest",
    ]
    with pytest.raises(StorageUnusable, match="is no archive"):
        proven(history, Path(__file__))
