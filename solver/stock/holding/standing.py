"""Which entry of the journal stands for a hold now.

The journal knows no change of a hold: one that changes is released and held anew in the same transaction. The holds
of callers are found by `stock_hold`; those of plans, which seldom change, by their subjects: the plan's id, `id/2` ...
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from solver.errors import NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import Entry, EntryState, NewHold, Transfer
from solver.journal.resolving import ENDED
from solver.storage.database import Reader, Transaction

PLACED = "stock_hold_placed"
PLANNED = "stock_held"

FirstHold: TypeAlias = tuple[str, Sequence[Transfer], datetime]  # name, what it takes, until when

STANDING_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_hold (
    hold_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    entry_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


class Keeper(StrEnum):
    """Who made up a hold's name: a caller, or the planner."""

    CALLER = "hold"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldName:
    """A hold by its name; a caller's hold and a plan may be named alike."""

    keeper: Keeper
    name: str

    @classmethod
    def of_caller(cls, hold_id: str) -> "HoldName":
        """The name that a caller gave."""
        return cls(keeper=Keeper.CALLER, name=hold_id)

    @classmethod
    def of_plan(cls, plan_id: str) -> "HoldName":
        """The hold of a plan."""
        return cls(keeper=Keeper.PLAN, name=plan_id)

    @classmethod
    def of_key(cls, key: str) -> "HoldName":
        """The name that `key` says."""
        keeper, _, name = key.partition(":")
        return cls(keeper=Keeper(keeper), name=name)

    @property
    def key(self) -> str:
        """Both in one word, for tables."""
        return f"{self.keeper}:{self.name}"

    @property
    def metadata(self) -> dict[str, str]:
        """For errors about it."""
        return {f"{self.keeper}_id": self.name[:128]}

    def __str__(self) -> str:
        return f"{self.keeper} {self.name[:128]!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The entry that stands for a hold now; `number` counts the changes up, from 1."""

    name: HoldName
    number: int
    entry: Entry

    @property
    def expires_at(self) -> datetime:
        """When the hold expires or expired unless it was confirmed."""
        assert self.entry.expires_at is not None
        return self.entry.expires_at


def find(journal: Journal, reader: Reader, name: HoldName) -> Standing | None:
    """What stands for this hold; None where there never was one."""
    if name.keeper is Keeper.PLAN:
        return _find_planned(journal, reader, name)
    rows = reader.query("SELECT revision, entry_id FROM stock_hold WHERE hold_id = ?", (name.name,))
    if not rows:
        return None
    entry = journal.find(reader, rows[0][1])
    assert entry is not None
    return Standing(name=name, number=rows[0][0], entry=entry)


def taken_names(reader: Reader, hold_ids: Collection[str]) -> set[str]:
    """Which of these names of callers have, or had, a hold."""
    rows = reader.query_within("SELECT hold_id FROM stock_hold WHERE hold_id IN (?)", (hold_ids,))
    return {hold_id for (hold_id,) in rows}


def known(journal: Journal, reader: Reader, name: HoldName) -> Standing:
    """What stands for this hold. Raises NotFound."""
    standing = find(journal, reader, name)
    if standing is None:
        raise not_there(name)
    return standing


def find_each(journal: Journal, reader: Reader, hold_ids: Collection[str]) -> dict[str, Standing]:
    """What stands for the holds of callers, by their names; names that never had a hold are left out."""
    sql = "SELECT hold_id, revision, entry_id FROM stock_hold WHERE hold_id IN (?)"
    rows = reader.query_within(sql, (hold_ids,))
    found = journal.find_each(reader, [entry_id for _, _, entry_id in rows])
    return {
        hold_id: Standing(name=HoldName.of_caller(hold_id), number=revision, entry=found[entry_id])
        for hold_id, revision, entry_id in rows
    }


def not_there(name: HoldName) -> NotFound:
    """There never was such a hold."""
    return NotFound(f"there is no {name}", metadata=name.metadata)


def stands_no_more(name: HoldName, state: EntryState) -> StateConflict:
    """The hold was resolved, or expired."""
    return StateConflict(f"{name} {ENDED[state]}", reason=f"HOLD_{state.name}", metadata=name.metadata)


def held(journal: Journal, reader: Reader, name: HoldName) -> Standing:
    """What stands for a hold that is neither resolved nor expired.

    Raises NotFound, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
    """
    standing = known(journal, reader, name)
    state = journal.state(reader, standing.entry.entry_id)
    if state is not EntryState.HELD:
        raise stands_no_more(name, state)
    return standing


def stand(
    journal: Journal,
    tx: Transaction,
    name: HoldName,
    before: Standing | None,
    transfers: Sequence[Transfer],
    expires_at: datetime,
) -> Standing:
    """Hold these transfers in place of what stood `before`, which is resolved. Raises what `Journal.hold` raises."""
    number = 1 if before is None else before.number + 1
    if name.keeper is Keeper.PLAN:
        subject = name.name if number == 1 else f"{name.name}/{number}"
        entry = journal.hold(tx, PLANNED, subject, transfers, expires_at)
        return Standing(name=name, number=number, entry=entry)
    entry = journal.hold(tx, PLACED, f"{name.name}/{number}", transfers, expires_at)
    tx.execute(
        """INSERT INTO stock_hold (hold_id, revision, entry_id) VALUES (?, ?, ?)
           ON CONFLICT (hold_id) DO UPDATE SET revision = excluded.revision, entry_id = excluded.entry_id""",
        (name.name, number, entry.entry_id),
    )
    return Standing(name=name, number=number, entry=entry)


def stand_first(journal: Journal, tx: Transaction, holds: Sequence[FirstHold]) -> list[Entry]:
    """Hold for callers by names that never had a hold, each until a time. Raises what `Journal.hold_each` raises."""
    return _kept(tx, holds, journal.hold_each(tx, PLACED, _first_of(holds)))


def commit_first(journal: Journal, tx: Transaction, holds: Sequence[FirstHold]) -> list[Entry]:
    """`stand_first`, and all of them confirmed at once: the holds' entries."""
    return _kept(tx, holds, journal.commit_each(tx, PLACED, _first_of(holds)))


def _first_of(holds: Sequence[FirstHold]) -> list[NewHold]:
    return [NewHold(subject=f"{name}/1", transfers=of_hold, expires_at=until) for name, of_hold, until in holds]


def _kept(tx: Transaction, holds: Sequence[FirstHold], made: list[Entry]) -> list[Entry]:
    tx.execute_rows(
        "INSERT INTO stock_hold (hold_id, revision, entry_id) {rows}",
        [(name, 1, entry.entry_id) for (name, _, _), entry in zip(holds, made, strict=True)],
    )
    return made


def _find_planned(journal: Journal, reader: Reader, name: HoldName) -> Standing | None:
    number, entry = 1, journal.find_hold(reader, PLANNED, name.name)
    if entry is None:
        return None
    while (later := journal.find_hold(reader, PLANNED, f"{name.name}/{number + 1}")) is not None:
        number, entry = number + 1, later
    return Standing(name=name, number=number, entry=entry)
