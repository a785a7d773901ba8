"""What was drawn for orders (抽取), written down before anything is done with it: a draw is never made twice.

What was drawn and is not held yet is kept from other draws for a while, though not from orders that name it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from solver.catalog.combinations.outcome import Decision
from solver.clock import to_micros
from solver.storage.database import Reader, Transaction

DRAW_SCHEMA = """
CREATE TABLE IF NOT EXISTS draw (
    order_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS draw_pending (
    order_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    until_micros INTEGER NOT NULL,
    PRIMARY KEY (order_id, sku)
) STRICT;
CREATE INDEX IF NOT EXISTS draw_pending_by_sku ON draw_pending (sku);
"""

PENDING_FOR = timedelta(minutes=10)
DRAW = "draw"  # the primitive of decisions by chance
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[Decision, ...])


def find(reader: Reader, order_id: str) -> tuple[Decision, ...]:
    """What was drawn for the order; nothing where nothing was."""
    rows = reader.query("SELECT body FROM draw WHERE order_id = ?", (order_id,))
    return _decoder.decode(rows[0][0]) if rows else ()


def keep(
    tx: Transaction, order_id: str, decisions: Sequence[Decision], drawn: Mapping[str, int], now: datetime
) -> None:
    """Write down the draws among an order's decisions, and the units that came of them, by SKU.

    What was drawn before stays where nothing was drawn now: a gift that is withheld today may be given tomorrow.
    """
    kept = {(one.line_id, one.path): one for one in find(tx, order_id)}
    kept |= {(one.line_id, one.path): one for one in decisions if one.primitive == DRAW}
    tx.execute(
        "INSERT INTO draw (order_id, body) VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET body = excluded.body",
        (order_id, _encoder.encode(tuple(kept.values()))),
    )
    settle(tx, order_id)
    until = to_micros(now + PENDING_FOR)
    rows = [(order_id, sku, units, until) for sku, units in sorted(drawn.items())]
    tx.executemany("INSERT INTO draw_pending (order_id, sku, units, until_micros) VALUES (?, ?, ?, ?)", rows)


def settle(tx: Transaction, order_id: str) -> None:
    """What was drawn is held now, or it is known that it cannot be."""
    tx.execute("DELETE FROM draw_pending WHERE order_id = ?", (order_id,))


def pending(reader: Reader, skus: Collection[str], now: datetime, but_of: Collection[str] = ()) -> dict[str, int]:
    """Units by SKU that were drawn for others, and may yet be held."""
    rows = reader.query_within(
        "SELECT sku, order_id, units FROM draw_pending WHERE sku IN (?) AND until_micros > ?", (skus, to_micros(now))
    )
    units: dict[str, int] = {}
    for sku, order_id, count in rows:
        if order_id not in but_of:
            units[sku] = units.get(sku, 0) + count
    return units
