"""Safety stock: units of a SKU that decisions leave at a site. Holds that callers place themselves may take them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from solver.storage.database import Reader, Transaction

SAFETY_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_safety (
    sku TEXT NOT NULL,
    site_id TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    PRIMARY KEY (sku, site_id)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyStock:
    """So many units of a SKU that decisions leave at a site; 0: none."""

    site_id: str
    sku: str
    units: int


def put_safety(tx: Transaction, rows: Iterable[SafetyStock]) -> None:
    """Say it in place of what was said before of the same site and SKU."""
    for row in rows:
        tx.execute("DELETE FROM stock_safety WHERE sku = ? AND site_id = ?", (row.sku, row.site_id))
        if row.units:
            tx.execute(
                "INSERT INTO stock_safety (sku, site_id, units) VALUES (?, ?, ?)", (row.sku, row.site_id, row.units)
            )


def safety_of(reader: Reader, skus: Collection[str]) -> dict[tuple[str, str], int]:
    """Safety stock of these SKUs, by site and SKU."""
    rows = reader.query_within("SELECT site_id, sku, units FROM stock_safety WHERE sku IN (?)", (list(skus),))
    return {(site_id, sku): units for site_id, sku, units in rows}
