"""Logical warehouses, channels, quotas and listings as they are kept, read within the transaction that goes by them."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import msgspec

from solver.stock.layers.ceiling_rows import CEILING_SCHEMA
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota
from solver.storage.database import Reader, Transaction

WAREHOUSES = "logical_warehouse"
CHANNELS = "channel"
_CHANGES = "changes"
_COLUMNS = "channel_id, shop_tier, logical_id, sku, exclusive_units, exclusive_permille, ceiling_units, rebalances"

CHANNEL_SCHEMA = (
    CEILING_SCHEMA
    + """
CREATE TABLE IF NOT EXISTS stock_seller (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stock_quota (
    sku TEXT NOT NULL,
    logical_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    shop_tier INTEGER NOT NULL,
    exclusive_units INTEGER NOT NULL CHECK (exclusive_units >= 0),
    exclusive_permille INTEGER NOT NULL CHECK (exclusive_permille BETWEEN 0 AND 1000),
    ceiling_units INTEGER CHECK (ceiling_units >= 0),
    rebalances INTEGER NOT NULL CHECK (rebalances IN (0, 1)),
    PRIMARY KEY (sku, logical_id, channel_id, shop_tier)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stock_listing (
    sku TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    PRIMARY KEY (sku, shop_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stock_seller_change (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
)

Noun = TypeVar("Noun")


def warehouses(reader: Reader) -> dict[str, LogicalWarehouse]:
    """Every logical warehouse by id, in the order in which they are served."""
    found = load_sellers(reader, WAREHOUSES, LogicalWarehouse)
    return {one.logical_id: one for one in sorted(found, key=lambda one: (one.rank, one.logical_id))}


def warehouse_ids(reader: Reader) -> list[str]:
    """The ids of all logical warehouses, also of those that were given up."""
    return [found for (found,) in reader.query("SELECT id FROM stock_seller WHERE kind = ?", (WAREHOUSES,))]


def channels(reader: Reader) -> dict[str, Channel]:
    """Every channel by id, in the order in which they are served."""
    found = load_sellers(reader, CHANNELS, Channel)
    return {one.channel_id: one for one in sorted(found, key=lambda one: (one.tier, one.channel_id))}


def put_warehouses(tx: Transaction, nouns: Iterable[LogicalWarehouse]) -> None:
    """Write logical warehouses over those with the same id."""
    put_sellers(tx, WAREHOUSES, ((one.logical_id, msgspec.json.encode(one)) for one in nouns))


def put_channels(tx: Transaction, nouns: Iterable[Channel]) -> None:
    """Write channels over those with the same id."""
    put_sellers(tx, CHANNELS, ((one.channel_id, msgspec.json.encode(one)) for one in nouns))


def quotas(reader: Reader, skus: Collection[str] | None = None) -> list[Quota]:
    """The quotas of these SKUs, or all, by SKU, logical warehouse, channel and tier."""
    condition, params = ("", ()) if skus is None else ("WHERE sku IN (?)", (skus,))
    order = "ORDER BY sku, logical_id, channel_id, shop_tier"
    return [
        _quota(row) for row in reader.query_within(f"SELECT {_COLUMNS} FROM stock_quota {condition} {order}", params)
    ]


def put_quotas(tx: Transaction, rows: Iterable[Quota]) -> None:
    """Write quotas over those for the same channel, tier, warehouse and SKU; those that say nothing are taken away."""
    for one in rows:
        key = (one.channel_id, one.shop_tier, one.logical_id, one.sku)
        if one.says_nothing:
            tx.execute(
                "DELETE FROM stock_quota WHERE channel_id = ? AND shop_tier = ? AND logical_id = ? AND sku = ?", key
            )
            continue
        tx.execute(
            f"""INSERT INTO stock_quota ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (sku, logical_id, channel_id, shop_tier) DO UPDATE SET
                exclusive_units = excluded.exclusive_units, exclusive_permille = excluded.exclusive_permille,
                ceiling_units = excluded.ceiling_units, rebalances = excluded.rebalances""",
            (*key, one.exclusive_units, one.exclusive_permille, one.ceiling_units, int(one.rebalances)),
        )


def put_sellers(tx: Transaction, kind: str, rows: Iterable[tuple[str, bytes]]) -> None:
    """Write nouns of a kind by id over those with the same id."""
    tx.executemany(
        """INSERT INTO stock_seller (kind, id, body) VALUES (?, ?, ?)
           ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body""",
        ((kind, noun_id, body) for noun_id, body in rows),
    )
    note_change(tx)


def load_sellers(reader: Reader, kind: str, noun: type[Noun]) -> list[Noun]:
    """Every noun of a kind, in the order of their ids."""
    decoder = msgspec.json.Decoder(noun)
    rows = reader.query("SELECT body FROM stock_seller WHERE kind = ? ORDER BY id", (kind,))
    return [decoder.decode(body) for (body,) in rows]


def note_change(tx: Transaction) -> None:
    """Count a change of what sellers are or list, which no entry of the journal tells."""
    tx.execute(
        """INSERT INTO stock_seller_change (name, number) VALUES (?, 1)
           ON CONFLICT (name) DO UPDATE SET number = stock_seller_change.number + 1""",
        (_CHANGES,),
    )


def changes(reader: Reader) -> int:
    """How many such changes there were."""
    rows = reader.query("SELECT number FROM stock_seller_change WHERE name = ?", (_CHANGES,))
    return int(rows[0][0]) if rows else 0


def _quota(row: tuple[Any, ...]) -> Quota:
    channel_id, shop_tier, logical_id, sku, units, permille, ceiling, rebalances = row
    return Quota(
        channel_id=channel_id,
        shop_tier=shop_tier,
        logical_id=logical_id,
        sku=sku,
        exclusive_units=units,
        exclusive_permille=permille,
        ceiling_units=ceiling,
        rebalances=bool(rebalances),
    )
