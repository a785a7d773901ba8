"""A run that is not whole, on disk: its settings, the last mark (where it was, with its books), the outcomes so far."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import SEEK_END, BufferedRandom
from pathlib import Path
from typing import Any

import msgspec

from solver.errors import XunyuanError
from solver.replay.outcome import Outcome
from solver.replay.run_files import UNFINISHED
from solver.replay.run_state import State
from solver.sourcing.plan import Engine

VERSION = 2  # of what is kept; another one cannot be gone on with
_SETTINGS_FILE, _MARK_FILE, _BOOKS, _TOLD = "settings.json", "mark.json", "books", "told.jsonl"
_MARK, _NEW_MARK = "mark-", "new-mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that says what a run is. `named` is how its policy was named; empty: the scenario's own."""

    scenario_folder: str
    scenario_digest: str
    policy: str
    named: str = ""
    policy_values: Mapping[str, Any] = field(default_factory=dict)
    rule: Engine = Engine.EXACT
    seed: int = 0
    wave: str = ""
    repetition: int = 1
    hindsight_seconds: float = 0.0
    foresight: bool = False  # whether the policy was made to mind what stock is worth
    version: int = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a run was between two portions, and how far the outcomes go that were told until then."""

    told_bytes: int
    state: State


class Unfinished:
    """The part of a run's folder that is there until the run is whole.

    A mark is a folder of its own, which has its name only when it is whole: whenever the run is killed, the last whole
    one is there, and the outcomes until then.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / UNFINISHED

    def begin(self, settings: Settings) -> None:
        """Nothing of an earlier one is left."""
        self.remove()
        self.folder.mkdir(parents=True)
        (self.folder / _SETTINGS_FILE).write_bytes(msgspec.json.encode(settings))

    def settings(self) -> Settings:
        """What was to be run. Raises XunyuanError where nothing can be gone on with, and says why."""
        path = self.folder / _SETTINGS_FILE
        if not path.is_file():
            raise XunyuanError(f"{self.folder.parent} has no interrupted run: it is whole, or there never was one")
        try:
            version = msgspec.json.decode(path.read_bytes()).get("version")
            settings = msgspec.json.decode(path.read_bytes(), type=Settings)
        except (msgspec.DecodeError, AttributeError) as error:
            raise XunyuanError(f"{path} cannot be read ({error}): run the scenario again") from error
        if version != VERSION:
            raise XunyuanError(f"{self.folder.parent} was interrupted under another release: run the scenario again")
        if not self._marks():
            raise XunyuanError(
                f"{self.folder.parent} was ended without being asked to (killed, or out of power) before its first "
                "mark, and kept nothing to go on with: run the scenario again"
            )
        return settings

    def mark(self) -> Mark:
        """Where it was last. Raises XunyuanError where the mark, or an outcome from before it, is damaged."""
        path = self._marks()[-1] / _MARK_FILE
        try:
            mark = msgspec.json.decode(path.read_bytes(), type=Mark)
        except (OSError, msgspec.DecodeError) as error:
            raise XunyuanError(f"{path} cannot be read ({error}): run the scenario again") from error
        told = self.folder / _TOLD
        if not told.is_file() or told.stat().st_size < mark.told_bytes:
            raise XunyuanError(f"{told} lacks outcomes from before the last mark: run the scenario again")
        return mark

    def keep(self, mark: Mark, copy_books: Callable[[Path], None]) -> None:
        """Keep where the run is: the earlier mark goes when this one is whole."""
        before, new = self._marks(), self.folder / _NEW_MARK
        shutil.rmtree(new, ignore_errors=True)
        copy_books(new / _BOOKS)
        (new / _MARK_FILE).write_bytes(msgspec.json.encode(mark))
        number = int(before[-1].name.removeprefix(_MARK)) + 1 if before else 1
        new.rename(self.folder / f"{_MARK}{number:06}")
        for old in before:
            shutil.rmtree(old)

    def copy_books(self, folder: Path) -> None:
        """The books of the last mark, to go on with there."""
        shutil.copytree(self._marks()[-1] / _BOOKS, folder)

    def told_from(self, mark: Mark | None) -> BufferedRandom:
        """The outcomes until the mark, or none, to be written on; what was told after it is told again."""
        told = (self.folder / _TOLD).open("w+b" if mark is None else "r+b")
        told.truncate(mark.told_bytes if mark else 0)
        told.seek(0, SEEK_END)
        return told

    def outcomes_until(self, mark: Mark) -> Iterator[Outcome]:
        """The outcomes that were told before it."""
        decode, left = msgspec.json.Decoder(Outcome).decode, mark.told_bytes
        with (self.folder / _TOLD).open("rb") as file:
            while left > 0:
                line = file.readline()
                left -= len(line)
                yield decode(line)

    def remove(self) -> None:
        """The run is whole, or begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _marks(self) -> list[Path]:
        """Those that are whole, the last one last: more than one where it was killed before the other was gone."""
        return sorted(one for one in self.folder.glob(f"{_MARK}*") if (one / _MARK_FILE).is_file())
