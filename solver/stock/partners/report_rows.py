"""What drop-shippers last said of each SKU, as of when, and for how long it holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from solver.clock import from_micros, to_micros
from solver.storage.database import Reader, Transaction
from solver.storage.firsts import Looked

# `watched` is 1 while there may be sellable units that a report vouches for.
FIRST_STALE_US = Looked(sql="SELECT min(fresh_until_us) FROM stock_report WHERE watched = 1")

REPORT_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_report (
    site_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    level_units INTEGER NOT NULL CHECK (level_units >= 0),
    as_of_us INTEGER NOT NULL,
    fresh_until_us INTEGER NOT NULL,
    watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
    PRIMARY KEY (site_id, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_report_by_freshness ON stock_report (fresh_until_us) WHERE watched = 1;
"""

_COLUMNS = "site_id, sku, level_units, as_of_us, fresh_until_us"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLevel:
    """Units of a SKU that a drop-shipper says he has, as of a moment; from `fresh_until` on nothing is sold on it."""

    site_id: str
    sku: str
    units: int
    as_of: datetime
    fresh_until: datetime


def put_reports(tx: Transaction, reports: Iterable[ReportedLevel]) -> None:
    """Keep reports in place of those before."""
    FIRST_STALE_US.forget(tx)
    tx.executemany(
        f"""INSERT INTO stock_report ({_COLUMNS}, watched) VALUES (?, ?, ?, ?, ?, 1)
            ON CONFLICT (site_id, sku) DO UPDATE SET level_units = excluded.level_units, as_of_us = excluded.as_of_us,
            fresh_until_us = excluded.fresh_until_us, watched = 1""",
        [(one.site_id, one.sku, one.units, to_micros(one.as_of), to_micros(one.fresh_until)) for one in reports],
    )


def reports_of(reader: Reader, site_id: str) -> dict[str, ReportedLevel]:
    """What a drop-shipper last said, by SKU."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM stock_report WHERE site_id = ? ORDER BY sku", (site_id,))
    return {row[1]: _report(row) for row in rows}


def all_reports(reader: Reader, site_ids: Collection[str] = ()) -> tuple[ReportedLevel, ...]:
    """What all drop-shippers last said, or these, ordered by SKU and site."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM stock_report ORDER BY sku, site_id")
    return tuple(report for report in map(_report, rows) if not site_ids or report.site_id in site_ids)


def stale_reports(reader: Reader, now: datetime) -> list[ReportedLevel]:
    """Watched reports that hold no longer. One indexed read where there are none."""
    first_us = FIRST_STALE_US.up(reader)
    if first_us is None or first_us > to_micros(now):
        return []
    where = "watched = 1 AND fresh_until_us <= ?"
    sql = f"SELECT {_COLUMNS} FROM stock_report WHERE {where} ORDER BY fresh_until_us, site_id, sku"
    return [_report(row) for row in reader.query(sql, (to_micros(now),))]


def unwatch_reports(tx: Transaction, reports: Iterable[ReportedLevel]) -> None:
    """Note that nothing sellable is left of them."""
    tx.executemany(
        "UPDATE stock_report SET watched = 0 WHERE site_id = ? AND sku = ?",
        [(one.site_id, one.sku) for one in reports],
    )


def _report(row: tuple[Any, ...]) -> ReportedLevel:
    site_id, sku, units, as_of_us, fresh_until_us = row
    return ReportedLevel(
        site_id=site_id, sku=sku, units=units, as_of=from_micros(as_of_us), fresh_until=from_micros(fresh_until_us)
    )
