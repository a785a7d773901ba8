"""Which plans use which sources and services: to find those that a report is about, and to count what they use.

A row stands for the packages of one plan from one source by one service. It goes when the plan is released or
cancelled; it counts for nothing from the hold's expiry on, unless the plan was confirmed before. When all has shipped
it ends: it is found no more, and is swept once no report's limit counts it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from solver.clock import to_micros
from solver.sourcing.plan import Package
from solver.storage.database import Reader, Transaction
from solver.storage.portable import Params

PLAN_PACKAGE_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_package (
    plan_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    packages INTEGER NOT NULL,
    planned_micros INTEGER NOT NULL,
    expires_micros INTEGER,
    ended_micros INTEGER,
    PRIMARY KEY (plan_id, source_id, service_id)
) STRICT;
CREATE INDEX IF NOT EXISTS plan_package_by_service ON plan_package (service_id, planned_micros);
CREATE INDEX IF NOT EXISTS plan_package_by_source ON plan_package (source_id, planned_micros);
CREATE INDEX IF NOT EXISTS plan_package_by_expiry ON plan_package (expires_micros) WHERE expires_micros IS NOT NULL;
CREATE INDEX IF NOT EXISTS plan_package_by_end ON plan_package (ended_micros) WHERE ended_micros IS NOT NULL;
"""


# A plan's id, its packages, when it was made and when its hold expires (None: it is confirmed).
Used: TypeAlias = tuple[str, Sequence[Package], datetime, datetime | None]


def note(
    tx: Transaction, plan_id: str, packages: Sequence[Package], planned_at: datetime, expires_at: datetime | None
) -> None:
    """Write what a plan uses; `expires_at` None: it is confirmed."""
    note_each(tx, [(plan_id, packages, planned_at, expires_at)])


def note_each(tx: Transaction, plans: Sequence[Used]) -> None:
    """Write what each of these plans uses."""
    tx.execute_rows(
        """INSERT INTO plan_package (plan_id, source_id, service_id, packages, planned_micros, expires_micros)
           {rows}""",
        [row for used in plans for row in _rows(*used)],
    )


def _rows(plan_id: str, packages: Sequence[Package], planned_at: datetime, expires_at: datetime | None) -> list[Params]:
    counts: dict[tuple[str, str], int] = {}
    for package in packages:
        used = (package.source_id, package.service_id)
        counts[used] = counts.get(used, 0) + 1
    planned_micros, expires_micros = to_micros(planned_at), None if expires_at is None else to_micros(expires_at)
    return [(plan_id, *of, count, planned_micros, expires_micros) for of, count in sorted(counts.items())]


def confirm(tx: Transaction, plan_id: str) -> None:
    """The plan's hold expires no more."""
    tx.execute("UPDATE plan_package SET expires_micros = NULL WHERE plan_id = ?", (plan_id,))


def forget(tx: Transaction, plan_ids: Collection[str]) -> None:
    """These plans use nothing any more."""
    for plan_id in sorted(plan_ids):
        tx.execute("DELETE FROM plan_package WHERE plan_id = ?", (plan_id,))


def end(tx: Transaction, plan_id: str, now: datetime) -> None:
    """Nothing of the plan is open any more; what it handed over still counts."""
    tx.execute(
        "UPDATE plan_package SET ended_micros = ? WHERE plan_id = ? AND ended_micros IS NULL",
        (to_micros(now), plan_id),
    )


def sweep(tx: Transaction, since: datetime, now: datetime) -> None:
    """Drop rows of holds that have expired, and of plans that ended and that no limit reported `since` then counts."""
    tx.execute("DELETE FROM plan_package WHERE expires_micros <= ?", (to_micros(now),))
    tx.execute("DELETE FROM plan_package WHERE ended_micros IS NOT NULL AND planned_micros < ?", (to_micros(since),))


def packages_since(reader: Reader, service_id: str, since: datetime, now: datetime) -> int:
    """Packages that plans made since then hand to the service."""
    rows = reader.query(
        """SELECT coalesce(sum(packages), 0) FROM plan_package WHERE service_id = ? AND planned_micros >= ?
           AND (expires_micros IS NULL OR expires_micros > ?)""",
        (service_id, to_micros(since), to_micros(now)),
    )
    return int(rows[0][0])


def orders_since(reader: Reader, source_id: str, since: datetime, now: datetime) -> int:
    """Orders that plans made since then give to the source."""
    rows = reader.query(
        """SELECT count(DISTINCT plan_id) FROM plan_package WHERE source_id = ? AND planned_micros >= ?
           AND (expires_micros IS NULL OR expires_micros > ?)""",
        (source_id, to_micros(since), to_micros(now)),
    )
    return int(rows[0][0])


def plans_with(
    reader: Reader, *, service_ids: Collection[str], source_ids: Collection[str], now: datetime
) -> list[str]:
    """Plans that ship from any of the sources or by any of the services and have not ended, the oldest first."""
    found: dict[str, int] = {}
    for column, ids in (("service_id", service_ids), ("source_id", source_ids)):
        for one in sorted(ids):
            rows = reader.query(
                f"""SELECT plan_id, planned_micros FROM plan_package WHERE {column} = ?
                    AND (expires_micros IS NULL OR expires_micros > ?) AND ended_micros IS NULL""",  # noqa: S608 - a column of ours
                (one, to_micros(now)),
            )
            found.update(rows)
    return sorted(found, key=lambda plan_id: (found[plan_id], plan_id))
