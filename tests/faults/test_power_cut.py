"""The power fails at any sync of SQLite: whatever was acknowledged by then is there when it comes back."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from solver.storage.sqlite import SqliteDatabase
from solver.storage.url import DATABASE_FILE
from tests.faults.disk import Disk, writing_to
from tests.faults.lasting import chosen
from tests.faults.simulation.calls import Call
from tests.faults.story import STORY, begin, opened, prove_kept, tell

PAGES_OF_LOG = 20
DRAWS = 3  # of what survives besides what is certain
FILES = (DATABASE_FILE, DATABASE_FILE + "-wal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is left at one moment, and how many calls were acknowledged before it."""

    left: Mapping[str, bytes]
    acknowledged: int


@dataclass
class Witness:
    """Looks at the disk before each sync, each cut of a file, and whenever it is asked to."""

    disk: Disk
    seed: int
    acknowledged: int = 0
    cuts: list[Cut] = field(default_factory=list)

    def __call__(self, kind: str) -> None:
        if kind in ("sync", "truncate"):
            self.look()

    def look(self) -> None:
        draws: Sequence[random.Random | None] = [
            None,
            *(random.Random(f"{self.seed}/{len(self.cuts)}/{number}") for number in range(DRAWS)),
        ]
        for draw in draws:
            left = {path.name: content for path, content in self.disk.left_after_a_power_cut(draw).items()}
            self.cuts.append(Cut(left=left, acknowledged=self.acknowledged))


def cuts_of_the_story(folder: Path, seed: int, *, synchronous: str = "FULL") -> list[Cut]:
    begin(folder)
    disk = Disk()
    for name in FILES:
        if (folder / name).exists():
            disk.is_forced(folder / name)
    with writing_to(disk):
        application = opened(folder)
        assert isinstance(application.database, SqliteDatabase)
        application.database._writer.wal_autocheckpoint(PAGES_OF_LOG)
        application.database._writer.execute(f"PRAGMA synchronous = {synchronous}")
        disk.before = witness = Witness(disk, seed)
        for call in STORY:
            tell(application, call)
            witness.acknowledged += 1
            witness.look()
        application.close()
        witness.look()
    return witness.cuts


def restored(folder: Path, cut: Cut) -> Path:
    folder.mkdir()
    for name in FILES:
        if name in cut.left:
            (folder / name).write_bytes(cut.left[name])
    return folder


def prove_nothing_lost(folder: Path, cut: Cut) -> None:
    told: Sequence[Call] = STORY[: cut.acknowledged]
    application = opened(restored(folder, cut))
    try:
        prove_kept(application, told)
    finally:
        application.close()


def test_no_power_cut_loses_what_was_acknowledged_or_leaves_half_of_anything(tmp_path: Path, seed: int) -> None:
    cuts = cuts_of_the_story(tmp_path / "cut off", seed)
    assert len(cuts) > 100
    for number in chosen(len(cuts), seed, of_each=3):
        prove_nothing_lost(tmp_path / str(number), cuts[number])


def test_without_a_sync_at_each_commit_the_same_proof_finds_what_was_lost(tmp_path: Path, seed: int) -> None:
    cuts = cuts_of_the_story(tmp_path / "cut off", seed, synchronous="NORMAL")
    with pytest.raises(AssertionError, match="lost"):
        for number, cut in enumerate(cuts):
            prove_nothing_lost(tmp_path / str(number), cut)
