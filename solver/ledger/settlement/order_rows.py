"""Settled orders and refunds as they came, what contracts counted of them, and what partners shipped."""

from collections.abc import Collection, Sequence
from datetime import date

import msgspec

from solver.ledger.contracts.facts import Refund, SettledOrder
from solver.ledger.contracts.rebates import Volume
from solver.ledger.settlement.model import Shipped
from solver.storage.database import Reader, Transaction

_encode = msgspec.json.Encoder(order="deterministic").encode
_order = msgspec.json.Decoder(SettledOrder)
_refund = msgspec.json.Decoder(Refund)


def orders(reader: Reader, order_ids: Collection[str]) -> dict[str, tuple[SettledOrder, str, int]]:
    """Those that are recorded, with their platform's contract and its turnover before them."""
    if not order_ids:
        return {}
    sql = "SELECT body, contract_id, turnover_minor FROM settlement_order WHERE order_id IN (?)"
    found = [(_order.decode(row[0]), row[1], row[2]) for row in reader.query_within(sql, (list(order_ids),))]
    return {one[0].order_id: one for one in found}


def put_order(tx: Transaction, order: SettledOrder, contract_id: str, turnover_minor: int) -> None:
    """Keep an order."""
    tx.execute(
        "INSERT INTO settlement_order (order_id, body, contract_id, turnover_minor) VALUES (?, ?, ?, ?)",
        (order.order_id, _encode(order), contract_id, turnover_minor),
    )


def refunds(reader: Reader, order_id: str) -> list[Refund]:
    """The refunds of an order, oldest first."""
    rows = reader.query("SELECT body FROM settlement_refund WHERE order_id = ? ORDER BY number", (order_id,))
    return [_refund.decode(row[0]) for row in rows]


def refund(reader: Reader, refund_id: str) -> Refund | None:
    """A refund that is recorded."""
    rows = reader.query("SELECT body FROM settlement_refund WHERE refund_id = ?", (refund_id,))
    return _refund.decode(rows[0][0]) if rows else None


def put_refund(tx: Transaction, one: Refund, number: int) -> None:
    """Keep a refund, the so-manyth of its order."""
    tx.execute(
        "INSERT INTO settlement_refund (refund_id, order_id, number, body) VALUES (?, ?, ?, ?)",
        (one.refund_id, one.order_id, number, _encode(one)),
    )


def turnover(reader: Reader, contract_id: str, first_day: date) -> int:
    """What a contract counted of a period so far."""
    rows = reader.query(
        "SELECT base_minor FROM settlement_turnover WHERE contract_id = ? AND first_day = ?",
        (contract_id, first_day.isoformat()),
    )
    return int(rows[0][0]) if rows else 0


def add_turnover(tx: Transaction, contract_id: str, first_day: date, base_minor: int) -> None:
    """Count more."""
    tx.execute(
        "INSERT INTO settlement_turnover (contract_id, first_day, base_minor) VALUES (?, ?, ?) "
        "ON CONFLICT (contract_id, first_day) DO UPDATE "
        "SET base_minor = settlement_turnover.base_minor + excluded.base_minor",
        (contract_id, first_day.isoformat(), base_minor),
    )


def put_shipped(tx: Transaction, shipped: Sequence[Shipped]) -> None:
    """Keep what partners shipped."""
    tx.executemany(
        "INSERT INTO settlement_shipped (party, currency, earned_on, order_id, refund_id, paid_minor, units, "
        "share_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.party,
                one.currency,
                one.earned_on.isoformat(),
                one.order_id,
                one.refund_id,
                one.paid_minor,
                one.units,
                one.share_minor,
            )
            for one in shipped
        ],
    )


def volume(reader: Reader, party: str, currency: str, first_day: date, last_day: date) -> Volume:
    """What a partner shipped on these days, both included."""
    amount, units, shared = reader.query(
        "SELECT coalesce(sum(paid_minor), 0), coalesce(sum(units), 0), coalesce(sum(share_minor), 0) "
        "FROM settlement_shipped WHERE party = ? AND currency = ? AND earned_on >= ? AND earned_on <= ?",
        (party, currency, first_day.isoformat(), last_day.isoformat()),
    )[0]
    return Volume(amount_minor=int(amount), units=int(units), share_minor=int(shared))
