"""The feed's table: one row for each shop and SKU with the value last published and the number it was published under.

Numbers count up with every published value and are never used twice; a later value of a pair takes the earlier one's
place. A pair that is no longer listed leaves a tombstone, a row without units, for as long as those are kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.stock.feed.model import Pair, ShownValue
from solver.storage.database import Reader, Transaction

FEED_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_feed (
    sku TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    number INTEGER NOT NULL UNIQUE,
    units INTEGER,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (sku, shop_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_feed_by_shop ON stock_feed (shop_id, sku);
CREATE INDEX IF NOT EXISTS stock_feed_delisted ON stock_feed (at_us) WHERE units IS NULL;

CREATE TABLE IF NOT EXISTS stock_feed_state (
    state_id INTEGER PRIMARY KEY CHECK (state_id = 1),
    last_number INTEGER NOT NULL,
    pruned_number INTEGER NOT NULL,
    entry_id INTEGER NOT NULL
) STRICT;
"""
_COLUMNS = "shop_id, sku, units, number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """Where the feed stands.

    `last_number` was given last; whoever stands before `pruned_number` may have missed a tombstone; all that the
    journal has up to `entry_id` is published.
    """

    last_number: int = 0
    pruned_number: int = 0
    entry_id: int = 0


def state(reader: Reader) -> FeedState:
    """Where the feed stands as `reader` has it."""
    rows = reader.query("SELECT last_number, pruned_number, entry_id FROM stock_feed_state WHERE state_id = 1")
    if not rows:
        return FeedState()
    last_number, pruned_number, entry_id = rows[0]
    return FeedState(last_number=last_number, pruned_number=pruned_number, entry_id=entry_id)


def keep_state(tx: Transaction, now: FeedState) -> None:
    """Write where the feed stands."""
    tx.execute(
        """INSERT INTO stock_feed_state (state_id, last_number, pruned_number, entry_id) VALUES (1, ?, ?, ?)
           ON CONFLICT (state_id) DO UPDATE SET last_number = excluded.last_number,
           pruned_number = excluded.pruned_number, entry_id = excluded.entry_id""",
        (now.last_number, now.pruned_number, now.entry_id),
    )


def published(reader: Reader, skus: Sequence[str]) -> dict[Pair, int | None]:
    """The value last published of every pair of these SKUs; None for a tombstone."""
    rows = reader.query_within("SELECT shop_id, sku, units FROM stock_feed WHERE sku IN (?)", (skus,))
    return {(shop_id, sku): units for shop_id, sku, units in rows}


def publish(tx: Transaction, changes: Mapping[Pair, int | None], last_number: int, at_us: int) -> int:
    """Write values under the numbers after `last_number`; returns the number given last."""
    tx.executemany(
        """INSERT INTO stock_feed (shop_id, sku, units, number, at_us) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (sku, shop_id) DO UPDATE SET units = excluded.units, number = excluded.number,
           at_us = excluded.at_us""",
        [
            (shop_id, sku, units, number, at_us)
            for number, ((shop_id, sku), units) in enumerate(changes.items(), start=last_number + 1)
        ],
    )
    return last_number + len(changes)


def prune(tx: Transaction, before_us: int, most: int) -> list[int]:
    """Drop at most so many tombstones older than a moment, the oldest first; returns their numbers."""
    rows = tx.query(
        "SELECT number FROM stock_feed WHERE units IS NULL AND at_us < ? ORDER BY at_us LIMIT ?",
        (before_us, most),
    )
    tx.executemany("DELETE FROM stock_feed WHERE number = ?", rows)
    return [number for (number,) in rows]


def values_after(reader: Reader, number: int, most: int) -> list[ShownValue]:
    """At most so many values published after a number, in the order of their numbers."""
    sql = f"SELECT {_COLUMNS} FROM stock_feed WHERE number > ? ORDER BY number LIMIT ?"
    return [_value(row) for row in reader.query(sql, (number, most))]


def values_from(reader: Reader, after: Pair, shop_ids: Collection[str] | None, most: int) -> list[ShownValue]:
    """At most so many values that are listed, in the order of shop and SKU, beginning after a pair."""
    of, params = ("", ()) if shop_ids is None else (" AND shop_id IN (?)", (shop_ids,))
    sql = f"""SELECT {_COLUMNS} FROM stock_feed WHERE (shop_id, sku) > (?, ?) AND units IS NOT NULL{of}
              ORDER BY shop_id, sku LIMIT ?"""
    return [_value(row) for row in reader.query_within(sql, (*after, *params, most))]


def published_skus(reader: Reader) -> list[str]:
    """Every SKU of which some pair is listed as far as the feed knows."""
    return [row[0] for row in reader.query("SELECT DISTINCT sku FROM stock_feed WHERE units IS NOT NULL")]


def _value(row: tuple[Any, ...]) -> ShownValue:
    shop_id, sku, units, number = row
    return ShownValue(shop_id=shop_id, sku=sku, units=units or 0, is_delisted=units is None, number=number)
