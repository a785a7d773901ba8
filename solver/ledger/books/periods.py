"""Periods of the books, a month each: closed and opened again, every change with its reason, none ever deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from solver.clock import from_micros, to_micros
from solver.errors import FieldViolation, InvalidRequest, StateConflict
from solver.storage.database import Reader, Transaction

_CLOSED = "the closed periods of each entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChange:
    """An entity's period (202603: March 2026) was closed, or opened again; the journal's time, and why."""

    entity: str
    period: int
    is_closed: bool
    reason: str
    at: datetime


def closed(reader: Reader) -> set[tuple[str, int]]:
    """Entity and period of all that are closed now."""
    if _CLOSED not in reader.memo:
        rows = reader.query(
            """SELECT entity, period FROM ledger_period_change AS change
               WHERE is_closed = 1 AND number = (SELECT max(number) FROM ledger_period_change AS later
                                                 WHERE later.entity = change.entity AND later.period = change.period)"""
        )
        note(reader, {(entity, period) for entity, period in rows})
    known: set[tuple[str, int]] = reader.memo[_CLOSED]
    return known


def is_known(reader: Reader) -> bool:
    """Whether they were read in this transaction."""
    return _CLOSED in reader.memo


def note(reader: Reader, found: set[tuple[str, int]]) -> None:
    """Let these be closed."""
    reader.memo[_CLOSED] = found


def refuse_closed(reader: Reader, wanted: Iterable[tuple[str, int]]) -> None:
    """Raise StateConflict (PERIOD_CLOSED) where one of these entities' periods is closed."""
    shut = closed(reader)
    for entity, period in wanted:
        if (entity, period) in shut:
            whose = f" of {entity}" if entity else ""
            raise StateConflict(
                f"period {period_name(period)}{whose} is closed: post into an open one, or open it again with a reason",
                reason="PERIOD_CLOSED",
                metadata={"entity": entity, "period": period_name(period)},
            )


def open_day(reader: Reader, entity: str, day: date) -> date:
    """The day itself, or the first one after it whose period is open."""
    shut = closed(reader)
    while (entity, day.year * 100 + day.month) in shut:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day


def close(tx: Transaction, entity: str, period: int, reason: str, at: datetime) -> PeriodChange:
    """From now on nothing is posted into it. Raises StateConflict (PERIOD_CLOSED) where it is closed already."""
    refuse_closed(tx, [(entity, period)])
    return keep(tx, PeriodChange(entity=entity, period=period, is_closed=True, reason=reason, at=at))


def reopen(tx: Transaction, entity: str, period: int, reason: str, at: datetime) -> PeriodChange:
    """It may be posted into again. Raises InvalidRequest without a reason, StateConflict (PERIOD_OPEN) if open."""
    if not reason.strip():
        violation = FieldViolation(field="reason", value="", remedy="say why the period is opened again")
        raise InvalidRequest(f"opening period {period_name(period)} again", [violation])
    if (entity, period) not in closed(tx):
        raise StateConflict(
            f"period {period_name(period)} is open already",
            reason="PERIOD_OPEN",
            metadata={"entity": entity, "period": period_name(period)},
        )
    return keep(tx, PeriodChange(entity=entity, period=period, is_closed=False, reason=reason, at=at))


def changes(reader: Reader, entity: str | None = None) -> tuple[PeriodChange, ...]:
    """Every closing and reopening of one entity or of all, oldest first."""
    rows = reader.query("SELECT entity, period, is_closed, reason, at_us FROM ledger_period_change ORDER BY number")
    return tuple(
        PeriodChange(entity=of, period=period, is_closed=bool(is_closed), reason=reason, at=from_micros(at_us))
        for of, period, is_closed, reason, at_us in rows
        if entity is None or of == entity
    )


def period_name(period: int) -> str:
    """202603 as `2026-03`."""
    return f"{period // 100:04d}-{period % 100:02d}"


def period_of(name: str, field: str = "period") -> int:
    """`2026-03` as 202603. Raises InvalidRequest."""
    year, _, month = name.partition("-")
    if len(name) == 7 and (year + month).isascii() and (year + month).isdecimal() and "01" <= month <= "12":
        return int(year + month)
    violation = FieldViolation(field=field, value=name, remedy="give a month as YYYY-MM")
    raise InvalidRequest("the period", [violation])


def keep(tx: Transaction, change: PeriodChange) -> PeriodChange:
    """Write a change, whatever the period was before."""
    number = tx.query("SELECT coalesce(max(number), 0) + 1 FROM ledger_period_change")[0][0]
    tx.execute(
        "INSERT INTO ledger_period_change (number, entity, period, is_closed, reason, at_us) VALUES (?, ?, ?, ?, ?, ?)",
        (number, change.entity, change.period, int(change.is_closed), change.reason, to_micros(change.at)),
    )
    tx.memo.pop(_CLOSED, None)
    return change
