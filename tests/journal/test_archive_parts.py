"""Old entries go to archives in parts, while the journal goes on: what stays is right, and what went is proven."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.errors import BrokenInvariant, InvalidRequest
from solver.journal.archive_file import Told
from solver.journal.archive_parts import archive_parts, file_name
from solver.journal.archive_proof import prove
from solver.journal.archived import archived_through
from solver.journal.archiving import Archived
from solver.journal.changes import tail
from solver.journal.following import Follower
from solver.journal.journal import Journal
from solver.journal.model import EntryState, Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.storage.database import Database
from solver.storage.url import open_database
from tests.journal.test_archive import GATE, NEEDED, History, archived, audited, committed, everything, proven, shelf

MOST = 40


@pytest.fixture
def history(database: Database, journal: Journal, clock: ManualClock, seed: int) -> History:
    return History(database, journal, clock, seed)


@pytest.fixture
def same_history(tmp_path: Path, seed: int) -> Iterator[History]:
    """The same on books of its own."""
    books = open_database(f"sqlite:{tmp_path / 'same.db'}", [JOURNAL_SCHEMA])
    begins = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    yield History(books, Journal(begins), begins, seed)
    books.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the archives go; it is not there yet."""
    return tmp_path / "archives"


def silent(what: str, done: int, of: int) -> None:
    pass


def in_parts(history: History, folder: Path, rest: object = None, told: Told = silent) -> list[Archived]:
    now = history.clock.now()
    go_on = rest if callable(rest) else (lambda _: None)
    return list(archive_parts(history.database, now, folder, NEEDED, now, told, part_entries=MOST, rest=go_on))


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_journal_goes_on_between_parts_and_all_of_them_prove_it(history: History, folder: Path) -> None:
    for _ in range(12):
        history.day()
    with history.database.read() as reader:
        last = tail(reader).entry_id
    states: dict[int, EntryState] = {}

    def go_on(_: float) -> None:
        history.day()
        with history.database.read() as reader:
            states.update({one[0]: history.journal.state(reader, one[0]) for one in history.holds})

    done = in_parts(history, folder, go_on)
    assert len(done) >= 3
    spans = [(one.archive.number, one.archive.first_entry_id, one.archive.last_entry_id) for one in done]
    assert spans == [(n, (n - 1) * MOST + 1, min(n * MOST, last)) for n in range(1, len(done) + 1)]
    assert [path.name for path in files_in(folder)] == [file_name(number) for number, _, _ in spans]
    assert audited(history) == ()
    proof = proven(history, *files_in(folder))
    assert (proof.broken, proof.missing, len(proof.proven)) == ((), (), len(done))
    with history.database.read() as reader:
        assert {one: history.journal.state(reader, one) for one in states} == states
        for _, name, _, _ in history.holds:
            assert reader.query("SELECT count(*) FROM journal_entry WHERE subject = ?", (name,))[0][0] > 0


def test_parts_leave_what_one_archive_of_all_leaves(history: History, same_history: History, folder: Path) -> None:
    for one in (history, same_history):
        for _ in range(9):
            one.day()
    assert len(in_parts(history, folder / "parts")) >= 2
    archived(same_history, same_history.clock.now(), folder / "all.db")
    left, expected = everything(history.database), everything(same_history.database)
    for table in ("account", "entry", "transfer", "pending", "opening", "kept"):
        assert left[table] == expected[table], table


def test_a_follower_that_stood_before_what_was_archived_is_refused_and_one_behind_it_goes_on(
    history: History, clock: ManualClock, folder: Path
) -> None:
    history.day(40)
    with history.database.read() as reader:
        standing = Follower(reader, clock)
    history.day(40)
    with history.database.read() as reader:
        behind = Follower(reader, clock)
    in_parts(history, folder)
    history.day(10)
    with history.database.read() as reader:
        assert standing.entry_id < archived_through(reader) < behind.entry_id
        with pytest.raises(Exception, match=r"is in archive \d"):
            standing.advance(reader)
        assert behind.advance(reader).entry_id == tail(reader).entry_id


def test_parts_that_were_interrupted_go_on_behind_the_last_one_that_was_done(history: History, folder: Path) -> None:
    for _ in range(12):
        history.day()

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_parts(history, folder, interrupted)
    assert [path.name for path in files_in(folder)] == [file_name(1)]
    assert audited(history) == ()

    def crash(what: str, done: int, of: int) -> None:
        if what == "taken away":
            raise KeyboardInterrupt

    untouched = everything(history.database)
    with pytest.raises(KeyboardInterrupt):
        in_parts(history, folder, told=crash)
    assert everything(history.database) == untouched
    assert [path.name for path in files_in(folder)] == [file_name(1), file_name(2)]  # taken as it is
    done = in_parts(history, folder)
    assert [one.archive.number for one in done] == list(range(2, 2 + len(done)))
    assert in_parts(history, folder) == []
    assert proven(history, *files_in(folder)).broken == ()


def test_a_part_that_would_lose_what_a_hold_took_is_undone(history: History, folder: Path) -> None:
    history.day(40)
    before = everything(history.database)
    begun: list[str] = []

    def spoil(what: str, done: int, of: int) -> None:
        if not begun:
            begun.append(what)
            with history.database.write() as tx:
                tx.execute("UPDATE journal_account SET debits_pending = debits_pending + 1 WHERE kind = 'gate'")

    with pytest.raises(BrokenInvariant, match=r"entries 1 to \d+: what account \d+ has pending would be lost"):
        in_parts(history, folder, told=spoil)
    after = everything(history.database)
    assert {**after, "account": before["account"]} == before


def test_balances_that_were_not_carried_forward_as_archived_end_it_before_the_next_part(
    history: History, folder: Path
) -> None:
    for _ in range(8):
        history.day()

    def spoil(_: float) -> None:
        with history.database.write() as tx:
            tx.execute("UPDATE journal_opening SET debits_posted = debits_posted + 1 WHERE account_id = 1")

    with pytest.raises(BrokenInvariant, match=rf"after archive 1 \(entries 1 to {MOST}\) was not carried forward"):
        in_parts(history, folder, spoil)
    assert [path.name for path in files_in(folder)] == [file_name(1)]


def test_another_who_archives_meanwhile_is_told_of(history: History, folder: Path) -> None:
    for _ in range(8):
        history.day()
    begun: list[str] = []

    def also(what: str, done: int, of: int) -> None:
        if not begun:
            begun.append(what)
            in_parts(history, folder / "others")

    with pytest.raises(BrokenInvariant, match="something else was archived meanwhile: run it again"):
        in_parts(history, folder / "ours", told=also)
    assert audited(history) == ()
    with history.database.read() as reader:
        assert prove(reader, files_in(folder / "others")).broken == ()


def test_refusals_of_parts_change_nothing(history: History, folder: Path) -> None:
    history.day(40)
    now, untouched = history.clock.now(), everything(history.database)
    later = now + timedelta(seconds=1)
    with pytest.raises(InvalidRequest, match="give a time that is past"):
        list(archive_parts(history.database, later, folder, NEEDED, now, silent))
    folder.mkdir()
    (folder / file_name(1)).write_bytes(b"mine")
    with pytest.raises(Exception, match="is no archive"):
        in_parts(history, folder)
    assert everything(history.database) == untouched


def test_what_moves_while_a_part_is_written_stays_whole(
    database: Database, journal: Journal, clock: ManualClock, folder: Path
) -> None:
    take = [Transfer(debit=committed("east"), credit=shelf("east"), amount=2)]
    with database.write() as tx:
        journal.post(tx, "received", "po", [Transfer(debit=shelf("east"), credit=GATE, amount=9)])
        ids = [journal.hold(tx, "held", name, take, clock.now() + timedelta(days=9)).entry_id for name in ("a", "b")]
        for entry_id, name in zip(ids, ("a", "b"), strict=True):
            journal.confirm(tx, entry_id)
            journal.post(tx, "shipped", name, [Transfer(debit=GATE, credit=committed("east"), amount=2)])
        journal.post(tx, "received", "last", [Transfer(debit=shelf("east"), credit=GATE, amount=1)])
    clock.advance(timedelta(days=1))

    def taken_back(what: str, done: int, of: int) -> None:
        if what == "written":
            with database.write() as tx:
                journal.post(tx, "returned", "b", [Transfer(debit=committed("east"), credit=GATE, amount=2)])

    done = next(archive_parts(database, clock.now(), folder, NEEDED, clock.now(), taken_back))
    assert done.archive.last_entry_id == 7
    with database.read() as reader:
        assert journal.transfers_of_hold(reader, ids[1]) == tuple(take)
        with pytest.raises(Exception, match="is archived"):
            journal.transfers_of_hold(reader, ids[0])
        assert journal.audit(reader) == ()
