"""A run that was interrupted, on disk: its settings, where it was, its books and the outcomes so far."""

import gzip
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from solver.errors import XunyuanError
from solver.replay.outcome import Outcome
from solver.replay.replay import State
from solver.replay.run_files import ORDERS_FILE
from solver.sourcing.plan import Engine

UNFINISHED = "unfinished"
VERSION = 1  # of what is kept; another one cannot be gone on with
_SETTINGS_FILE, _STATE_FILE, _BOOKS, _BEFORE = "settings.json", "state.json", "books", "before.jsonl.gz"


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


class Unfinished:
    """The part of a run's folder that is there until the run is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / UNFINISHED
        self.books = self.folder / _BOOKS

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
        if not (self.folder / _STATE_FILE).is_file():
            raise XunyuanError(
                f"{self.folder.parent} was ended without being asked to (killed, or out of power), and kept nothing to "
                "go on with: run the scenario again"
            )
        return settings

    def state(self) -> State:
        """Where it was."""
        return msgspec.json.decode((self.folder / _STATE_FILE).read_bytes(), type=State)

    def keep(self, state: State, books: Path) -> None:
        """Keep where the run is, with its books, which nobody has open."""
        shutil.rmtree(self.books, ignore_errors=True)
        shutil.copytree(books, self.books)
        written = self.folder / f"{_STATE_FILE}.new"
        written.write_bytes(msgspec.json.encode(state))
        written.rename(self.folder / _STATE_FILE)
        (self.folder / _BEFORE).unlink(missing_ok=True)

    def put_outcomes_aside(self) -> None:
        """All outcomes are written anew; where this was begun before, the ones that are aside are whole."""
        if not (self.folder / _BEFORE).is_file():
            (self.folder / ORDERS_FILE).rename(self.folder / _BEFORE)

    def outcomes_before(self) -> Iterator[Outcome]:
        """The outcomes that it had when it was left, which were put aside."""
        decode = msgspec.json.Decoder(Outcome).decode
        with gzip.open(self.folder / _BEFORE, "rb") as file:
            for line in file:
                yield decode(line)

    def remove(self) -> None:
        """The run is whole, or begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
