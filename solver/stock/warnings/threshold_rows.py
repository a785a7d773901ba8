"""When to warn, as it is kept."""

from collections.abc import Collection, Iterable

from solver.stock.warnings.warning_model import StockThreshold
from solver.storage.database import Reader, Transaction

THRESHOLD_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_threshold (
    sku TEXT NOT NULL,
    site_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    least_units INTEGER NOT NULL,
    least_cover_days INTEGER NOT NULL,
    lead_days INTEGER NOT NULL,
    PRIMARY KEY (sku, site_id, channel_id)
) STRICT, WITHOUT ROWID;
"""
_COLUMNS = "sku, site_id, channel_id, least_units, least_cover_days, lead_days"


def put_thresholds(tx: Transaction, rows: Iterable[StockThreshold]) -> None:
    """Write thresholds over those of the same SKU, site and channel; what says nothing is dropped."""
    for row in rows:
        key = (row.sku, row.site_id, row.channel_id)
        tx.execute("DELETE FROM stock_threshold WHERE sku = ? AND site_id = ? AND channel_id = ?", key)
        if not row.says_nothing:
            tx.execute(
                f"INSERT INTO stock_threshold ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                (*key, row.least_units, row.least_cover_days, row.lead_days),
            )


def thresholds(
    reader: Reader, skus: Collection[str] | None = None, site_ids: Collection[str] | None = None
) -> list[StockThreshold]:
    """Thresholds of these SKUs and sites, or all, in the order of SKU, site and channel."""
    conditions, params = [], []
    for column, wanted in (("sku", skus), ("site_id", site_ids)):
        if wanted is not None:
            conditions.append(f"{column} IN (?)")
            params.append(wanted)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = reader.query_within(f"SELECT {_COLUMNS} FROM stock_threshold {where} ORDER BY {_COLUMNS}", params)
    return [
        StockThreshold(
            sku=sku,
            site_id=site_id,
            channel_id=channel_id,
            least_units=least_units,
            least_cover_days=least_cover_days,
            lead_days=lead_days,
        )
        for sku, site_id, channel_id, least_units, least_cover_days, lead_days in rows
    ]
