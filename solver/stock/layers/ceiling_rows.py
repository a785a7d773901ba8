"""Since when ceilings count that were told to count anew, as it is kept."""

from collections.abc import Iterable

from solver.journal.model import AccountKey
from solver.stock.layers.accounts import pool_and_part
from solver.stock.layers.channel_model import Quota
from solver.storage.database import Reader, Transaction

CEILING_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_ceiling (
    sku TEXT NOT NULL,
    logical_id TEXT NOT NULL,
    seller TEXT NOT NULL,
    counts_after_entry INTEGER NOT NULL,
    PRIMARY KEY (sku, logical_id, seller)
) STRICT, WITHOUT ROWID;
"""


def note_counts(tx: Transaction, rows: Iterable[Quota], entry_id: int) -> None:
    """Note that these ceilings count what is confirmed after this entry."""
    tx.executemany(
        """INSERT INTO stock_ceiling (sku, logical_id, seller, counts_after_entry) VALUES (?, ?, ?, ?)
           ON CONFLICT (sku, logical_id, seller) DO UPDATE SET counts_after_entry = excluded.counts_after_entry""",
        [(one.sku, one.logical_id, one.seller, entry_id) for one in rows],
    )


def counts(reader: Reader, sold: AccountKey, entry_id: int) -> bool:
    """Whether what this entry confirmed still counts against the ceiling whose account `has_taken` this is."""
    pool, seller = pool_and_part(sold)
    rows = reader.query(
        "SELECT counts_after_entry FROM stock_ceiling WHERE sku = ? AND logical_id = ? AND seller = ?",
        (pool.sku, pool.of, seller),
    )
    return not rows or int(rows[0][0]) < entry_id
