"""Who was promised what is not there yet, in the order of the promises.

A promise stands by consignment, or without one for a backorder; its `rank` is the journal entry that first made it, and
stays when the hold changes hands, is extended or split. Promises of holds that no longer stand count for nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from solver.journal.journal import Journal
from solver.journal.model import EntryState, Transfer
from solver.stock.accounts import BACKORDERABLE, INCOMING
from solver.stock.holding.contents import Sites
from solver.stock.holding.standing import HoldName, Standing, find
from solver.storage.database import Reader, Transaction

PROMISE_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_promise (
    consignment_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    rank INTEGER NOT NULL,
    hold_key TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    seller TEXT NOT NULL,
    PRIMARY KEY (consignment_id, site_id, sku, rank, hold_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_promise_by_hold ON stock_promise (hold_key);
"""

Awaited: TypeAlias = tuple[str, str, str]  # consignment id or empty, site id, SKU


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """Units that a hold was promised of what is awaited; `seller` is the channel that it is sold through, or empty."""

    awaited: Awaited
    rank: int
    name: HoldName
    units: int
    seller: str


def awaited_by(transfers: Iterable[Transfer], sites: Sites) -> dict[Awaited, int]:
    """What these transfers of a hold take that is not there yet."""
    units: dict[Awaited, int] = {}
    for transfer in transfers:
        account = transfer.credit
        if account.kind == INCOMING:
            awaited = (account.holder, sites[account.holder], account.unit)
        elif account.kind == BACKORDERABLE:
            awaited = ("", account.holder, account.unit)
        else:
            continue
        units[awaited] = units.get(awaited, 0) + transfer.amount
    return units


def note(tx: Transaction, name: HoldName, units: Mapping[Awaited, int], rank: int, seller: str) -> None:
    """Say all that a hold is promised now. What it was promised before keeps its rank; what is more gets this one."""
    more = keep(tx, name, units)
    tx.execute("UPDATE stock_promise SET seller = ? WHERE hold_key = ?", (seller, name.key))
    _write(tx, [(*awaited, rank, name.key, added, seller) for awaited, added in more.items()])


def keep(tx: Transaction, name: HoldName, units: Mapping[Awaited, int]) -> dict[Awaited, int]:
    """Take back what a hold is promised beyond `units`, the latest promises first; what it lacks of them."""
    lacks = dict(units)
    for one in of_hold(tx, name):
        kept = min(one.units, lacks.get(one.awaited, 0))
        if kept < one.units:
            fulfil(tx, one, one.units - kept)
        if kept:
            lacks[one.awaited] -= kept
    return {awaited: more for awaited, more in lacks.items() if more}


def hand_over(tx: Transaction, giver: HoldName, taker: HoldName, units: Mapping[Awaited, int]) -> None:
    """Give these promises to another hold, with their ranks; the giver keeps the earlier ones."""
    left = dict(units)
    for one in reversed(of_hold(tx, giver)):
        given = min(one.units, left.get(one.awaited, 0))
        if given:
            left[one.awaited] -= given
            fulfil(tx, one, given)
            _write(tx, [(*one.awaited, one.rank, taker.key, given, one.seller)])


def fulfil(tx: Transaction, promised: Promised, units: int) -> None:
    """Take units off a promise: they came, or never will."""
    key = (*promised.awaited, promised.rank, promised.name.key)
    where = "WHERE consignment_id = ? AND site_id = ? AND sku = ? AND rank = ? AND hold_key = ?"
    if units == promised.units:
        tx.execute(f"DELETE FROM stock_promise {where}", key)
    else:
        tx.execute(f"UPDATE stock_promise SET units = units - ? {where}", (units, *key))


def of_hold(reader: Reader, name: HoldName) -> list[Promised]:
    """What a hold is promised, in the order of the promises."""
    rows = reader.query(
        """SELECT consignment_id, site_id, sku, rank, hold_key, units, seller FROM stock_promise
           WHERE hold_key = ? ORDER BY rank, consignment_id, site_id, sku""",
        (name.key,),
    )
    return [_promised(*row) for row in rows]


def of_awaited(reader: Reader, awaited: Awaited) -> list[Promised]:
    """What is promised of one SKU of a consignment, or beyond what a site has, in the order of the promises."""
    rows = reader.query(
        """SELECT consignment_id, site_id, sku, rank, hold_key, units, seller FROM stock_promise
           WHERE consignment_id = ? AND site_id = ? AND sku = ? ORDER BY rank, hold_key""",
        awaited,
    )
    return [_promised(*row) for row in rows]


def all_promises(reader: Reader) -> list[Promised]:
    """Every promise that is noted, also of holds that stand no more."""
    rows = reader.query(
        """SELECT consignment_id, site_id, sku, rank, hold_key, units, seller FROM stock_promise
           ORDER BY consignment_id, site_id, sku, rank, hold_key"""
    )
    return [_promised(*row) for row in rows]


def standing_promises(
    journal: Journal, tx: Transaction, awaited: Awaited, *states: EntryState
) -> Iterator[tuple[Promised, Standing]]:
    """The promises of holds in one of these states, in their order, with what stands for the hold.

    Those of holds that stand no more are dropped.
    """
    for one in of_awaited(tx, awaited):
        standing = find(journal, tx, one.name)
        state = None if standing is None else journal.state(tx, standing.entry.entry_id)
        if standing is None or state in (EntryState.RELEASED, EntryState.EXPIRED):
            fulfil(tx, one, one.units)
        elif state in states:
            yield one, standing


def _write(tx: Transaction, rows: list[tuple[str, str, str, int, str, int, str]]) -> None:
    tx.executemany(
        """INSERT INTO stock_promise (consignment_id, site_id, sku, rank, hold_key, units, seller)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (consignment_id, site_id, sku, rank, hold_key)
           DO UPDATE SET units = stock_promise.units + excluded.units""",
        rows,
    )


def _promised(consignment_id: str, site_id: str, sku: str, rank: int, key: str, units: int, seller: str) -> Promised:
    awaited = (consignment_id, site_id, sku)
    return Promised(awaited=awaited, rank=rank, name=HoldName.of_key(key), units=units, seller=seller)
