"""SQLite's disk is full or fails, at any read, write or sync: a call is done, or refused and nothing of it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from solver.app import Application
from solver.storage.errors import StorageFailed, StorageUnusable
from solver.storage.sqlite import SqliteDatabase
from tests.faults.disk import Disk, writing_to
from tests.faults.lasting import chosen
from tests.faults.story import STORY, begin, begun, opened, prove_kept, prove_sound, tell

PAGES_OF_LOG = 20  # a checkpoint now and then, within the story
WRITING = ("write", "truncate", "sync")


@dataclass
class Trouble:
    """Lets so many operations of these kinds pass and fails the next one, or all from then on."""

    kinds: tuple[str, ...]
    passes: int
    lasts: bool
    error: Callable[[], apsw.Error]
    is_over: bool = False
    has_struck: bool = False
    seen: int = 0

    def __call__(self, kind: str) -> None:
        if self.is_over or kind not in self.kinds:
            return
        self.seen += 1
        if self.seen == self.passes + 1 or (self.lasts and self.seen > self.passes):
            self.has_struck = True
            raise self.error()


def disk_full() -> apsw.Error:
    return apsw.FullError("the disk is full")


def io_error() -> apsw.Error:
    return apsw.IOError("the disk failed")


TROUBLES = {
    "full until there is room again": (("write",), True, disk_full),
    "one write or sync fails": (WRITING, False, io_error),
    "every write and sync fails": (WRITING, True, io_error),
    "one read fails": (("read",), False, io_error),
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    begin(tmp_path / "template")
    return tmp_path / "template"


def with_small_log(folder: Path) -> Application:
    application = opened(folder)
    assert isinstance(application.database, SqliteDatabase)
    application.database._writer.wal_autocheckpoint(PAGES_OF_LOG)
    return application


def operations(folder: Path, kinds: tuple[str, ...]) -> int:
    """How many the story takes."""
    counted = Trouble(kinds=kinds, passes=-1, lasts=False, error=io_error)
    disk = Disk()
    with writing_to(disk):
        application = with_small_log(folder)
        disk.before = counted
        for call in STORY:
            tell(application, call)
        application.close()
    return counted.seen


def struck(application: Application, trouble: Trouble) -> int:
    """Tell the story; a call that is refused is repeated when the trouble is over. How many were refused."""
    refused = 0
    for call in STORY:
        try:
            tell(application, call)
        except StorageFailed:
            refused += 1
            assert trouble.has_struck
            prove_sound_when_over(application, trouble)
            tell(application, call)
    return refused


def prove_sound_when_over(application: Application, trouble: Trouble) -> None:
    trouble.is_over = True
    prove_sound(application)


@pytest.mark.parametrize("kind", TROUBLES)
def test_a_call_is_done_or_refused_whole_wherever_the_disk_fails(
    template: Path, tmp_path: Path, seed: int, kind: str
) -> None:
    kinds, lasts, error = TROUBLES[kind]
    count = operations(begun(template, tmp_path / "counted"), kinds)
    refused = 0
    for passes in chosen(count, seed, of_each=8):
        disk = Disk()
        with writing_to(disk):
            application = with_small_log(begun(template, tmp_path / str(passes)))
            disk.before = trouble = Trouble(kinds=kinds, passes=passes, lasts=lasts, error=error)
            refused += struck(application, trouble)
            trouble.is_over = True
            prove_kept(application, STORY)
            application.close()
    assert refused > 0


@pytest.mark.parametrize("kind", TROUBLES)
def test_a_server_that_cannot_begin_says_so_and_begins_when_the_disk_is_well_again(
    tmp_path: Path, seed: int, kind: str
) -> None:
    kinds, lasts, error = TROUBLES[kind]
    refused = 0
    for passes in chosen(60, seed, of_each=8):
        trouble = Trouble(kinds=kinds, passes=passes, lasts=lasts, error=error)
        with writing_to(Disk(before=trouble)):
            try:
                opened(tmp_path / str(passes)).close()
            except (StorageFailed, StorageUnusable):
                refused += 1
        begin(tmp_path / str(passes))
    assert refused > 0
