"""Group commit: acts of many callers share a commit, and each succeeds or fails for itself."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

from solver.errors import BrokenInvariant
from solver.storage import groups
from solver.storage.database import Database, Transaction
from solver.storage.errors import ConstraintRefused, StorageFailed
from solver.storage.groups import GroupCommit
from solver.storage.url import open_database

NOTE_SCHEMA = "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "notes.db", [NOTE_SCHEMA])
    yield opened
    opened.close()


class Together:
    """Callers that come while another one writes, so that they are of one group; what each got, by name."""

    def __init__(self, database: Database, acts: dict[str, Callable[[Transaction], object]]) -> None:
        self.got: dict[str, object] = {}
        threads = [threading.Thread(target=self._call, args=(database, *item)) for item in acts.items()]
        with database.write():
            for number, thread in enumerate(threads):
                thread.start()
                while len(database._groups._waiting) <= number:
                    thread.join(0.001)
        for thread in threads:
            thread.join()

    def _call(self, database: Database, name: str, act: Callable[[Transaction], object]) -> None:
        try:
            self.got[name] = database.run(act)
        except Exception as error:
            self.got[name] = error


def writing(text: str) -> Callable[[Transaction], str]:
    def act(tx: Transaction) -> str:
        tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
        return f"wrote {text}"

    return act


def failing(text: str) -> Callable[[Transaction], str]:
    def act(tx: Transaction) -> str:
        writing(text)(tx)
        raise KeyError(text)

    return act


def notes(database: Database) -> set[str]:
    with database.read() as reader:
        return {row[0] for row in reader.query("SELECT text FROM note")}


@pytest.fixture
def commits(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One item for each transaction that a group began."""
    begun: list[None] = []
    begin = database._groups._begin

    def counted() -> AbstractContextManager[Transaction]:
        begun.append(None)
        return begin()

    monkeypatch.setattr(database._groups, "_begin", counted)
    return begun


def test_an_act_alone_returns_what_it_made_and_is_kept(database: Database) -> None:
    assert database.run(writing("a")) == "wrote a"
    assert notes(database) == {"a"}


def test_callers_that_come_together_share_one_commit(database: Database, commits: list[None]) -> None:
    together = Together(database, {name: writing(name) for name in "abcdefgh"})
    assert together.got == {name: f"wrote {name}" for name in "abcdefgh"}
    assert notes(database) == set("abcdefgh")
    assert len(commits) == 1


def test_an_act_that_raises_undoes_only_itself_and_only_its_caller_hears_of_it(database: Database) -> None:
    got = Together(database, {"a": writing("a"), "b": failing("b"), "c": writing("c"), "d": failing("d")}).got
    assert {name: type(result) for name, result in got.items()} == {"a": str, "b": KeyError, "c": str, "d": KeyError}
    assert notes(database) == {"a", "c"}


def test_an_act_alone_that_raises_changes_nothing_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(KeyError):
        database.run(failing("a"))
    assert database.run(writing("b")) == "wrote b"
    assert notes(database) == {"b"}


def test_an_act_sees_what_the_acts_before_it_in_its_group_wrote(database: Database) -> None:
    got = Together(database, {"first": writing("same"), "second": writing("same")}).got
    assert got["first"] == "wrote same"
    assert isinstance(got["second"], ConstraintRefused)
    assert notes(database) == {"same"}


def test_a_group_that_fills_the_disk_is_undone_whole_and_nobody_is_told_that_it_was_kept(tmp_path: Path) -> None:
    database = open_database(tmp_path / "small.db", [NOTE_SCHEMA])
    with database.write() as tx:
        pages = tx.query("PRAGMA page_count")[0][0]
        tx.query(f"PRAGMA max_page_count = {pages}")
    got = Together(database, {"small": writing("small"), "large": writing("large" * 10_000)}).got
    assert {name: type(result) for name, result in got.items()} == {"small": StorageFailed, "large": StorageFailed}
    assert notes(database) == set()
    assert database.run(writing("after")) == "wrote after"
    database.close()


def test_a_group_is_bounded_and_those_beyond_it_have_the_next_commit(
    database: Database, commits: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MOST_ACTS", 3)
    Together(database, {name: writing(name) for name in "abcdefg"})
    assert notes(database) == set("abcdefg")
    assert len(commits) == 3


def test_an_act_inside_an_act_or_a_write_is_refused_instead_of_hanging(database: Database) -> None:
    with pytest.raises(BrokenInvariant):
        database.run(lambda _: database.run(writing("inner")))
    with pytest.raises(BrokenInvariant), database.write():
        database.run(writing("inner"))
    assert notes(database) == set()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT raises here, also where whoever started the tests ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_caller_interrupted_while_he_waits_leaves_the_others_going(database: Database) -> None:
    main = threading.main_thread().ident
    assert main is not None
    others = [threading.Thread(target=database.run, args=(writing(name),)) for name in "ab"]

    def interrupt() -> None:
        while len(database._groups._waiting) < 2:
            leader.join(0.001)
        signal.pthread_kill(main, signal.SIGINT)

    begun, let_go = threading.Event(), threading.Event()

    def lead(_: Transaction) -> None:
        begun.set()
        let_go.wait(10)

    leader = threading.Thread(target=database.run, args=(lead,))
    leader.start()
    begun.wait(10)
    others[0].start()
    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        database.run(writing("interrupted"))
    interrupter.join()
    others[1].start()
    let_go.set()
    for thread in (leader, *others):
        thread.join()
    assert notes(database) == {"a", "b"}


def test_many_threads_that_write_all_the_time_all_get_their_own_answers(database: Database) -> None:
    wrong: list[object] = []

    def work(name: str) -> None:
        for number in range(25):
            text = f"{name}{number}"
            try:
                answer = database.run((failing if number % 5 == 4 else writing)(text))
                if number % 5 == 4 or answer != f"wrote {text}":
                    wrong.append(answer)
            except KeyError as error:
                if error.args != (text,):
                    wrong.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert notes(database) == {f"{name}{number}" for name in "abcdefgh" for number in range(25) if number % 5 != 4}


class Writer:
    """Writes notes, many at once; what each call was asked for. A text with "!" is refused, one with "?" breaks it."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def write(self, tx: Transaction, texts: Sequence[str]) -> list[str | Exception]:
        self.calls.append(list(texts))
        outcomes: list[str | Exception] = []
        for text in texts:
            if "!" in text:
                outcomes.append(ValueError(text))
                continue
            writing(text)(tx)
            if "?" in text:
                raise KeyError(text)
            outcomes.append(f"wrote {text}")
        return outcomes


class TogetherEach(Together):
    """Callers of one group who all ask the same writer."""

    def __init__(self, database: Database, writer: Writer, texts: Sequence[str]) -> None:
        self._writer = writer
        super().__init__(database, {text: writing(text) for text in texts})

    def _call(self, database: Database, name: str, act: Callable[[Transaction], object]) -> None:
        try:
            self.got[name] = database.run_each(self._writer.write, name)
        except Exception as error:
            self.got[name] = error


def test_acts_of_a_kind_that_come_together_are_one_call_and_each_gets_its_own_answer(
    database: Database, commits: list[None]
) -> None:
    writer = Writer()
    got = TogetherEach(database, writer, ["a", "b!", "c"]).got
    assert (got["a"], got["c"]) == ("wrote a", "wrote c")
    assert isinstance(got["b!"], ValueError)
    assert notes(database) == {"a", "c"}
    assert [sorted(call) for call in writer.calls] == [["a", "b!", "c"]]
    assert len(commits) == 1


def test_where_they_cannot_be_done_together_each_is_tried_alone(database: Database, commits: list[None]) -> None:
    writer = Writer()
    got = TogetherEach(database, writer, ["a", "b?", "c"]).got
    assert (got["a"], got["c"]) == ("wrote a", "wrote c")
    assert isinstance(got["b?"], KeyError)
    assert notes(database) == {"a", "c"}
    assert sorted(map(len, writer.calls)) == [1, 1, 1, 3]
    assert len(commits) == 2, "what they did together was undone with its transaction"


class Undoing:
    """A transaction that notes what is to be undone alone."""

    def __init__(self) -> None:
        self.attempts = 0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        self.attempts += 1
        yield


def test_acts_of_one_kind_need_no_savepoint() -> None:
    tx = Undoing()
    commit = GroupCommit[Undoing](lambda: nullcontext(tx))
    assert commit.run_all(lambda _, items: [item.upper() for item in items], ["a", "b"]) == ["A", "B"]
    assert tx.attempts == 0

    def of_one(_: Undoing, items: Sequence[str]) -> list[str]:
        [one] = items
        return [one.upper()]

    assert commit.run_all(of_one, ["a", "b"]) == ["A", "B"]
    assert tx.attempts == 2, "one for each, when they could not be done together"


def test_one_alone_that_is_refused_changes_nothing(database: Database) -> None:
    writer = Writer()
    with pytest.raises(ValueError, match="a!"):
        database.run_each(writer.write, "a!")
    with pytest.raises(KeyError):
        database.run_each(writer.write, "b?")
    assert database.run_each(writer.write, "c") == "wrote c"
    assert notes(database) == {"c"}


def test_acts_of_a_kind_and_others_share_a_commit(database: Database, commits: list[None]) -> None:
    writer = Writer()

    class Mixed(TogetherEach):
        def _call(self, database: Database, name: str, act: Callable[[Transaction], object]) -> None:
            if name.isupper():
                self.got[name] = database.run(act)
            else:
                super()._call(database, name, act)

    assert Mixed(database, writer, ["a", "B", "c"]).got == {name: f"wrote {name}" for name in "aBc"}
    assert notes(database) == {"a", "B", "c"}
    assert [sorted(call) for call in writer.calls] == [["a", "c"]]
    assert len(commits) == 1


def test_a_caller_of_many_items_waits_once_and_is_told_of_each(database: Database) -> None:
    calls: list[list[str]] = []

    def each(tx: Transaction, texts: Sequence[str]) -> list[str | Exception]:
        calls.append(list(texts))
        found: list[str | Exception] = []
        for text in texts:
            if text == "bad":
                found.append(KeyError(text))
            else:
                tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
                found.append(f"wrote {text}")
        return found

    first, bad, last = database.run_all(each, ["first", "bad", "last"])
    assert (first, repr(bad), last) == ("wrote first", "KeyError('bad')", "wrote last")
    assert calls == [["first", "bad", "last"]]
    assert database.run_all(each, []) == []
    with database.read() as reader:
        assert reader.query("SELECT text FROM note ORDER BY id") == [("first",), ("last",)]


def test_of_many_items_that_cannot_be_done_together_each_is_tried_alone(database: Database) -> None:
    def each(tx: Transaction, texts: Sequence[str]) -> list[str]:
        for text in texts:
            tx.execute("INSERT INTO note (text) VALUES (?)", (text,))
        return list(texts)

    once, twice = database.run_all(each, ["same", "same"])
    assert once == "same"
    assert isinstance(twice, ConstraintRefused)
