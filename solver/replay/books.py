"""The books of a run: the real journal, holds and commitments, in a folder of their own that need not outlive it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import BrokenInvariant
from solver.scenario.load import load
from solver.scenario.model import Inbound, Scenario
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.holds import Holds
from solver.stock.holding.placing import WantedHold
from solver.stock.holding.standing import HoldName
from solver.stock.model import Claim, Movement, StockHold
from solver.stock.physical.states import StockState
from solver.storage.backup import copy_pages
from solver.storage.url import sqlite_path

_HOLD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An order, or what of it was decided anew, by the name of its hold; and what it takes, by source and SKU."""

    name: str
    units: Mapping[tuple[str, str], int]
    channel: str = ""


class Books:
    """Stock as the service keeps it; nothing is forced to disk."""

    def __init__(self, folder: Path, scenario: Scenario, starts_at: datetime, *, are_begun: bool = False) -> None:
        """`are_begun`: the folder has the books of this very scenario, to go on with from `starts_at`."""
        self._clock = ManualClock(starts_at)
        file = sqlite_path(folder)
        assert file is not None, "a folder has a file"
        self._file = file
        self._app = Application.open(folder, self._clock, durable=False)
        if not are_begun:
            load(self._app, scenario)
        self._holds = Holds(self._app.journal, self._app.stock.places)
        self._commitments = Commitments(self._app.journal, self._app.stock.places)

    def __enter__(self) -> "Books":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._app.close()

    def turn_to(self, moment: datetime) -> None:
        """What is booked from now on happens at this moment."""
        self._clock.advance(moment - self._clock.now())

    def take(self, parts: Sequence[Part]) -> None:
        """Hold and confirm what was decided. What is not there was oversold: that is our bug, and BrokenInvariant."""
        wanted = [
            WantedHold(
                hold_id=part.name,
                claims=[
                    Claim(site_id=source_id, sku=sku, units=units) for (source_id, sku), units in part.units.items()
                ],
                hold_for=_HOLD_FOR,
            )
            for part in parts
            if part.units
        ]
        if not wanted:
            return
        with self._app.database.write() as tx:
            for committed in self._holds.commit_each(tx, wanted):
                if not isinstance(committed, StockHold):
                    raise BrokenInvariant(f"a decision takes what is not there: {committed}")

    def refuse(self, name: str, source_id: str, units: Mapping[str, int]) -> None:
        """The source does not find these units: they are committed no more, and frozen until somebody looks."""
        with self._app.database.write() as tx:
            self._commitments.reject(tx, HoldName.of_caller(name), _rows(source_id, units), StockState.FROZEN)

    def give_back(self, name: str, source_id: str, units: Mapping[str, int]) -> None:
        """These units of a part are to be had again."""
        with self._app.database.write() as tx:
            self._commitments.cancel(tx, HoldName.of_caller(name), _rows(source_id, units))

    def receive(self, inbound: Sequence[Inbound]) -> None:
        """Units have come."""
        movements = [Movement(site_id=row.source_id, sku=row.sku, units=row.units) for row in inbound]
        with self._app.database.write() as tx:
            self._app.stock.receive(tx, movements, "inbound")

    def available(self, skus: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """SKU -> source -> units that may still be promised."""
        with self._app.database.read() as reader:
            return self._app.stock.available(reader, skus)

    def copy_to(self, folder: Path) -> None:
        """Everything that is booked, as a folder of books to go on with."""
        folder.mkdir(parents=True)
        copy_pages(self._file, folder / self._file.name)

    def discrepancies(self) -> list[str]:
        """Every broken rule of the books, rebuilt from the journal."""
        with self._app.database.read() as reader:
            return [str(one) for one in (*self._app.journal.audit(reader), *self._app.stock.audit(reader))]


def _rows(source_id: str, units: Mapping[str, int]) -> list[CommitmentRow]:
    return [CommitmentRow(site_id=source_id, sku=sku, units=count) for sku, count in units.items()]
