"""Where the value of stock is kept: its terms, purchase costs, cost layers, and every move of value."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from solver.clock import from_micros, to_micros
from solver.ledger.valuation.layers import Layer, Layers
from solver.ledger.valuation.model import CostCause, CostMove, UnitCost, ValuationTerms
from solver.storage.database import Reader, Row, Transaction
from solver.storage.documents import load, put

VALUATION_SCHEMA = """
CREATE TABLE IF NOT EXISTS unit_cost (
    sku TEXT NOT NULL,
    from_on TEXT NOT NULL,
    unit_cost_minor INTEGER NOT NULL CHECK (unit_cost_minor >= 0),
    PRIMARY KEY (sku, from_on)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cost_layer (
    entity TEXT NOT NULL,
    sku TEXT NOT NULL,
    seq INTEGER NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
    PRIMARY KEY (entity, sku, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cost_move (
    move_id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    sku TEXT NOT NULL,
    cause TEXT NOT NULL,
    units INTEGER NOT NULL,
    value_minor INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    reference TEXT NOT NULL,
    order_id TEXT NOT NULL,
    voucher_id TEXT NOT NULL,
    uncosted_units INTEGER NOT NULL CHECK (uncosted_units >= 0)
) STRICT;
CREATE INDEX IF NOT EXISTS cost_move_by_sku ON cost_move (sku, move_id);
CREATE INDEX IF NOT EXISTS cost_move_by_order ON cost_move (order_id, sku);
CREATE INDEX IF NOT EXISTS cost_move_uncosted ON cost_move (move_id) WHERE uncosted_units > 0;
"""
_TERMS = "valuation_terms"
_COLUMNS = (
    "move_id, entry_id, entity, sku, cause, units, value_minor, at_us, reference, order_id, voucher_id, uncosted_units"
)
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(ValuationTerms).decode


def terms(reader: Reader) -> ValuationTerms | None:
    """By which terms stock is valued; None: it is not."""
    bodies = load(reader, _TERMS)
    return _decode(bodies[_TERMS]) if bodies else None


def keep_terms(tx: Transaction, changed: ValuationTerms) -> None:
    """From now on stock is valued so."""
    put(tx, _TERMS, [(_TERMS, _encode(changed))])


def keep_costs(tx: Transaction, costs: Iterable[UnitCost]) -> None:
    """Note what SKUs cost from a day on; what was noted for the same day is replaced."""
    tx.executemany(
        """INSERT INTO unit_cost (sku, from_on, unit_cost_minor) VALUES (?, ?, ?)
           ON CONFLICT (sku, from_on) DO UPDATE SET unit_cost_minor = excluded.unit_cost_minor""",
        [(one.sku, one.from_on.isoformat(), one.unit_cost_minor) for one in costs],
    )


def cost_of(reader: Reader, sku: str, on: date) -> int | None:
    """What a unit costs on a day; None where nobody said."""
    rows = reader.query(
        "SELECT unit_cost_minor FROM unit_cost WHERE sku = ? AND from_on <= ? ORDER BY from_on DESC LIMIT 1",
        (sku, on.isoformat()),
    )
    return rows[0][0] if rows else None


def layers(reader: Reader, entity: str, sku: str) -> Layers:
    """The cost layers of an owner's SKU, the oldest first."""
    rows = reader.query(
        "SELECT seq, units, value_minor FROM cost_layer WHERE entity = ? AND sku = ? ORDER BY seq", (entity, sku)
    )
    return tuple(Layer(seq=seq, units=units, value_minor=value_minor) for seq, units, value_minor in rows)


def keep_layers(tx: Transaction, entity: str, sku: str, before: Layers, after: Layers) -> None:
    """Write what changed between two states of the layers."""
    standing = {layer.seq: layer for layer in after}
    gone = [(entity, sku, layer.seq) for layer in before if layer.seq not in standing]
    if gone:
        tx.executemany("DELETE FROM cost_layer WHERE entity = ? AND sku = ? AND seq = ?", gone)
    known = {layer.seq: layer for layer in before}
    tx.executemany(
        """INSERT INTO cost_layer (entity, sku, seq, units, value_minor) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (entity, sku, seq) DO UPDATE SET units = excluded.units, value_minor = excluded.value_minor""",
        [(entity, sku, one.seq, one.units, one.value_minor) for one in after if known.get(one.seq) != one],
    )


def values(reader: Reader, entity: str | None = None) -> list[tuple[str, str, int, int]]:
    """Entity, SKU, units and value of all stock that is valued, in this order."""
    where, params = ("", ()) if entity is None else ("WHERE entity = ?", (entity,))
    return reader.query(
        f"SELECT entity, sku, sum(units), sum(value_minor) FROM cost_layer {where} "
        "GROUP BY entity, sku ORDER BY entity, sku",
        params,
    )


def next_move_id(reader: Reader) -> int:
    """One more than the last move's."""
    last: int = reader.query("SELECT coalesce(max(move_id), 0) FROM cost_move")[0][0]
    return last + 1


def keep_moves(tx: Transaction, moves: Sequence[CostMove]) -> None:
    """Append moves of value."""
    tx.execute_rows(
        f"INSERT INTO cost_move ({_COLUMNS}) {{rows}}",
        [
            (
                one.move_id,
                one.entry_id,
                one.entity,
                one.sku,
                one.cause,
                one.units,
                one.value_minor,
                to_micros(one.at),
                one.reference,
                one.order_id,
                one.voucher_id,
                one.uncosted_units,
            )
            for one in moves
        ],
    )


def is_costed(tx: Transaction, move_id: int) -> None:
    """The cost of a receipt is known by now."""
    tx.execute("UPDATE cost_move SET uncosted_units = 0 WHERE move_id = ?", (move_id,))


def find_move(reader: Reader, move_id: int) -> CostMove | None:
    """The move with this id, if there is one."""
    rows = reader.query(f"SELECT {_COLUMNS} FROM cost_move WHERE move_id = ?", (move_id,))
    return _move(rows[0]) if rows else None


def moves(reader: Reader, *, sku: str = "", order_id: str = "", after: int = 0, most: int) -> list[CostMove]:
    """Moves of a SKU, of an order, or all, the oldest first, beginning after one."""
    wanted = [("sku", sku), ("order_id", order_id)]
    given = [(column, value) for column, value in wanted if value]
    where = "".join(f" AND {column} = ?" for column, _ in given)
    rows = reader.query(
        f"SELECT {_COLUMNS} FROM cost_move WHERE move_id > ?{where} ORDER BY move_id LIMIT ?",
        (after, *(value for _, value in given), most),
    )
    return [_move(row) for row in rows]


def uncosted(reader: Reader, *, after: int = 0, most: int) -> list[CostMove]:
    """Receipts that came in at 0 because nobody knew their cost, the oldest first."""
    rows = reader.query(
        f"SELECT {_COLUMNS} FROM cost_move WHERE uncosted_units > 0 AND move_id > ? ORDER BY move_id LIMIT ?",
        (after, most),
    )
    return [_move(row) for row in rows]


def of_order(reader: Reader, order_id: str, sku: str, entity: str) -> tuple[int, int]:
    """Units of a SKU that an order still has of an owner (shipped less returned), and what those cost."""
    rows = reader.query(
        "SELECT coalesce(-sum(units), 0), coalesce(-sum(value_minor), 0) FROM cost_move "
        "WHERE order_id = ? AND sku = ? AND entity = ? AND cause IN ('shipment', 'return')",
        (order_id, sku, entity),
    )
    units, value_minor = rows[0]
    return int(units), int(value_minor)


def _move(row: Row) -> CostMove:
    return CostMove(
        move_id=row[0],
        entry_id=row[1],
        entity=row[2],
        sku=row[3],
        cause=CostCause(row[4]),
        units=row[5],
        value_minor=row[6],
        at=from_micros(row[7]),
        reference=row[8],
        order_id=row[9],
        voucher_id=row[10],
        uncosted_units=row[11],
    )
