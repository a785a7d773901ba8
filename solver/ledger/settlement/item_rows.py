"""Items: what parties have of orders, which run took each, and which released what was held back of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from solver.ledger.contracts.model import Role
from solver.ledger.settlement.model import ChargeSum, Item
from solver.storage.database import Reader, Transaction

_ITEM = (
    "order_id, refund_id, role, party, currency, charge, amount_minor, held_minor, earned_on, release_on, channel, "
    "counterparty, base_minor, rate"
)


def put_items(tx: Transaction, items: Sequence[Item]) -> None:
    """Keep items, numbered on."""
    last = tx.query("SELECT coalesce(max(item_id), 0) FROM settlement_item")[0][0]
    tx.executemany(
        f"INSERT INTO settlement_item (item_id, {_ITEM}) VALUES ({', '.join('?' * 15)})",
        [
            (
                last + number,
                one.order_id,
                one.refund_id,
                one.role.value,
                one.party,
                one.currency,
                one.charge,
                one.amount_minor,
                one.held_minor,
                one.earned_on.isoformat(),
                one.release_on.isoformat(),
                one.channel,
                one.counterparty,
                one.base_minor,
                one.rate,
            )
            for number, one in enumerate(items, 1)
        ],
    )


def untaken(reader: Reader, party: str, currency: str, last_day: date, most: int) -> list[tuple[int, Item]]:
    """Items with their numbers that no run has taken, earned until a day, the first ones."""
    return _items(
        reader,
        "party = ? AND currency = ? AND taken_run = '' AND earned_on <= ?",
        (party, currency, last_day.isoformat()),
        most,
    )


def unreleased(reader: Reader, party: str, currency: str, last_day: date, most: int) -> list[tuple[int, Item]]:
    """Items of which something is held back that is due until a day, the first ones."""
    return _items(
        reader,
        "party = ? AND currency = ? AND released_run = '' AND release_on <= ? AND taken_run <> '' AND held_minor <> 0",
        (party, currency, last_day.isoformat()),
        most,
    )


def items_of_run(reader: Reader, run_id: str, after: int, most: int) -> list[tuple[int, Item]]:
    """What a run took, by number, behind one."""
    return _items(reader, "taken_run = ? AND item_id > ?", (run_id, after), most)


def take(tx: Transaction, run_id: str, taken: Sequence[tuple[int, int]]) -> None:
    """Note that a run took items (number, what is held back)."""
    tx.executemany(
        "UPDATE settlement_item SET taken_run = ?, held_minor = ? WHERE item_id = ?",
        [(run_id, held, item_id) for item_id, held in taken],
    )


def release(tx: Transaction, run_id: str, item_ids: Sequence[int]) -> None:
    """Note that a run released what was held back of items."""
    tx.executemany(
        "UPDATE settlement_item SET released_run = ? WHERE item_id = ?", [(run_id, item_id) for item_id in item_ids]
    )


def sums(reader: Reader, run_id: str) -> tuple[tuple[ChargeSum, ...], int, int, int, int]:
    """By charge; what is held back, what was released, and of both kinds together what is owed and what is due."""
    rows = reader.query(
        "SELECT charge, count(*), sum(amount_minor), sum(held_minor), "
        "sum(CASE WHEN amount_minor > 0 THEN amount_minor - held_minor ELSE 0 END), "
        "sum(CASE WHEN amount_minor < 0 THEN amount_minor - held_minor ELSE 0 END) "
        "FROM settlement_item WHERE taken_run = ? GROUP BY charge ORDER BY charge",
        (run_id,),
    )
    charges = tuple(ChargeSum(charge=row[0], items=int(row[1]), amount_minor=int(row[2])) for row in rows)
    positive, negative = reader.query(
        "SELECT coalesce(sum(CASE WHEN held_minor > 0 THEN held_minor ELSE 0 END), 0), "
        "coalesce(sum(CASE WHEN held_minor < 0 THEN held_minor ELSE 0 END), 0) "
        "FROM settlement_item WHERE released_run = ?",
        (run_id,),
    )[0]
    held = sum(int(row[3]) for row in rows)
    owed = sum(int(row[4]) for row in rows) + int(positive)
    due = -sum(int(row[5]) for row in rows) - int(negative)
    return charges, held, int(positive) + int(negative), owed, due


def parties(reader: Reader) -> list[tuple[str, str]]:
    """Every party and currency that has items."""
    rows = reader.query("SELECT DISTINCT party, currency FROM settlement_item ORDER BY party, currency")
    return [(row[0], row[1]) for row in rows]


def _items(reader: Reader, where: str, params: tuple[Any, ...], most: int) -> list[tuple[int, Item]]:
    rows = reader.query(
        f"SELECT item_id, {_ITEM} FROM settlement_item WHERE {where} ORDER BY item_id LIMIT ?", (*params, most)
    )
    return [(int(row[0]), _item(row[1:])) for row in rows]


def _item(row: Sequence[Any]) -> Item:
    return Item(
        order_id=row[0],
        refund_id=row[1],
        role=Role(row[2]),
        party=row[3],
        currency=row[4],
        charge=row[5],
        amount_minor=int(row[6]),
        held_minor=int(row[7]),
        earned_on=date.fromisoformat(row[8]),
        release_on=date.fromisoformat(row[9]),
        channel=row[10],
        counterparty=row[11],
        base_minor=int(row[12]),
        rate=row[13],
    )
