"""Which SKUs lie or lay at which places, and since when: what the accounts of places do not say themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from solver.clock import from_micros, to_micros
from solver.stock.partners.dealer_rows import DEALER_SCHEMA
from solver.stock.partners.report_rows import REPORT_SCHEMA
from solver.stock.physical.places import StockPlace
from solver.storage.database import Reader, Transaction
from solver.storage.firsts import Looked
from solver.storage.portable import SqlValue

# `watched` is 1 while there may be sellable units in a lot that expires.
_PLACES = """
CREATE TABLE IF NOT EXISTS stock_place (
    site_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    place_id TEXT NOT NULL,
    zone TEXT NOT NULL,
    bin TEXT NOT NULL,
    lot TEXT NOT NULL,
    expires_on TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
    PRIMARY KEY (site_id, sku, place_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_place_by_expiry ON stock_place (expires_on) WHERE watched = 1;
CREATE INDEX IF NOT EXISTS stock_place_by_sku ON stock_place (sku, site_id, place_id);
CREATE INDEX IF NOT EXISTS stock_place_by_lot ON stock_place (sku, lot) WHERE lot <> '';
CREATE INDEX IF NOT EXISTS stock_place_watched ON stock_place (sku) WHERE watched = 1;
"""
# Receipts and sweeps go by the first three; every decision asks the last one which of its SKUs may expire.
_NEVER = "9999-12-31"
FIRST_EXPIRY = Looked(sql="SELECT min(expires_on) FROM stock_place WHERE watched = 1", otherwise=_NEVER)

PLACE_SCHEMA = _PLACES + DEALER_SCHEMA + REPORT_SCHEMA

_COLUMNS = "site_id, sku, zone, bin, lot, expires_on, since_us"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A SKU at a place; `since` is when the oldest of its units there may have come."""

    place: StockPlace
    sku: str
    since: datetime


def keep_rows(tx: Transaction, arrivals: Iterable[tuple[StockPlace, str]], at: datetime) -> None:
    """Have a row for each place and SKU; one that was there keeps its time."""
    _write(tx, arrivals, at, "watched = excluded.watched")


def restart_rows(tx: Transaction, arrivals: Iterable[tuple[StockPlace, str]], at: datetime) -> None:
    """Have a row for each place and SKU whose units all come now."""
    _write(tx, arrivals, at, "watched = excluded.watched, since_us = excluded.since_us")


def unwatch(tx: Transaction, rows: Iterable[PlaceRow]) -> None:
    """Note that nothing sellable lies there; the next arrival watches the place again."""
    tx.executemany(
        "UPDATE stock_place SET watched = 0 WHERE site_id = ? AND sku = ? AND place_id = ?",
        [(row.place.site_id, row.sku, row.place.place_id) for row in rows],
    )


def rows_at(reader: Reader, site_id: str, sku: str) -> list[PlaceRow]:
    """Every place of a site where the SKU lies or lay."""
    sql = f"SELECT {_COLUMNS} FROM stock_place WHERE site_id = ? AND sku = ? ORDER BY place_id"
    return [_row(row) for row in reader.query(sql, (site_id, sku))]


def all_rows(
    reader: Reader, site_ids: Collection[str] | None = None, skus: Collection[str] | None = None
) -> list[PlaceRow]:
    """Every place with every SKU within the filters given, ordered by SKU, site and place."""
    conditions, params = ["1 = 1"], list[Collection[SqlValue]]()
    for column, wanted in (("site_id", site_ids), ("sku", skus)):
        if wanted is not None:
            conditions.append(f"{column} IN (?)")
            params.append(sorted(wanted))
    sql = f"SELECT {_COLUMNS} FROM stock_place WHERE {' AND '.join(conditions)} ORDER BY sku, site_id, place_id"
    return [_row(row) for row in reader.query_within(sql, params)]


def expiring_before(reader: Reader, day: date) -> list[PlaceRow]:
    """The watched places whose lots may be sold until a day before this one, earliest first."""
    if (FIRST_EXPIRY.up(reader) or _NEVER) >= day.isoformat():
        return []
    sql = f"""SELECT {_COLUMNS} FROM stock_place WHERE watched = 1 AND expires_on < ?
              ORDER BY expires_on, site_id, sku, place_id"""
    return [_row(row) for row in reader.query(sql, (day.isoformat(),))]


def expiry_of_lot(reader: Reader, sku: str, lot: str) -> tuple[date | None] | None:
    """The last day of a lot, in a tuple of one; None where nobody has heard of the lot."""
    sql = "SELECT expires_on FROM stock_place WHERE sku = ? AND lot = ? AND lot <> '' LIMIT 1"
    rows = reader.query(sql, (sku, lot))
    return (_day(rows[0][0]),) if rows else None


def _write(tx: Transaction, arrivals: Iterable[tuple[StockPlace, str]], at: datetime, update: str) -> None:
    rows = []
    FIRST_EXPIRY.forget(tx)
    for place, sku in arrivals:
        day = "" if place.expires_on is None else place.expires_on.isoformat()
        fields = (place.site_id, sku, place.place_id, place.zone, place.bin, place.lot, day)
        rows.append((*fields, to_micros(at), int(day != "")))
    tx.executemany(
        f"""INSERT INTO stock_place (site_id, sku, place_id, zone, bin, lot, expires_on, since_us, watched)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (site_id, sku, place_id) DO UPDATE SET {update}""",
        rows,
    )


def _row(row: tuple[Any, ...]) -> PlaceRow:
    site_id, sku, zone, bin_, lot, expires_on, since_us = row
    place = StockPlace(site_id=site_id, zone=zone, bin=bin_, lot=lot, expires_on=_day(expires_on))
    return PlaceRow(place=place, sku=sku, since=from_micros(since_us))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
