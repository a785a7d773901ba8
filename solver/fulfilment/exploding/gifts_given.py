"""Gifts with a limit over all orders: how many each customer got, and how many there were in all.

A plan's gifts are counted in the transaction that holds its stock, and given back when the plan is released or its
hold expires. `gift_count` sums the rows of `gift_given`, those of a customer and those of all (customer "").
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from solver.catalog.combinations.basket import Given
from solver.catalog.combinations.lines import ExplodedOrder
from solver.catalog.combinations.outcome import GiftOutcome, Role
from solver.clock import to_micros
from solver.errors import LostRace
from solver.sourcing.plan import Plan
from solver.storage.database import Reader, Transaction

GIFT_SCHEMA = """
CREATE TABLE IF NOT EXISTS gift_given (
    plan_id TEXT NOT NULL,
    gift_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units > 0),
    expires_micros INTEGER,
    PRIMARY KEY (plan_id, gift_id)
) STRICT;
CREATE INDEX IF NOT EXISTS gift_given_by_expiry ON gift_given (gift_id, expires_micros)
    WHERE expires_micros IS NOT NULL;
CREATE TABLE IF NOT EXISTS gift_count (
    gift_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    units INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (gift_id, customer_id)
) STRICT;
CREATE INDEX IF NOT EXISTS gift_given_by_customer ON gift_given (customer_id);
CREATE INDEX IF NOT EXISTS gift_count_by_customer ON gift_count (customer_id);
"""

EVERYBODY = ""


class GiftTaken(LostRace):
    """Others took the last of a gift."""

    reason = "GIFT_TAKEN"


def given_before(reader: Reader, gift_ids: Collection[str], customer_id: str, now: datetime) -> dict[str, Given]:
    """What was given of these gifts; of a customer who is not known nothing was."""
    counted = {
        (gift_id, whose): units
        for gift_id, whose, units in reader.query_within(
            "SELECT gift_id, customer_id, units FROM gift_count WHERE gift_id IN (?) AND customer_id IN (?)",
            (gift_ids, {EVERYBODY, customer_id}),
        )
    }
    for gift_id, whose, units in reader.query_within(
        "SELECT gift_id, customer_id, units FROM gift_given WHERE gift_id IN (?) AND expires_micros <= ?",
        (gift_ids, to_micros(now)),
    ):
        for one in {EVERYBODY, whose}:
            if (gift_id, one) in counted:
                counted[gift_id, one] -= units
    return {
        gift_id: Given(
            to_customer=counted.get((gift_id, customer_id), 0) if customer_id else 0,
            in_total=counted.get((gift_id, EVERYBODY), 0),
        )
        for gift_id in gift_ids
    }


def give(
    tx: Transaction,
    plan_id: str,
    exploded: ExplodedOrder,
    unfilled: Collection[str],
    customer_id: str,
    *,
    now: datetime,
    expires_at: datetime | None,
    refuses: bool = True,
) -> None:
    """Count what a plan gives; `unfilled` are the lines of which it ships nothing, `expires_at` None: it is confirmed.

    Raises GiftTaken where a limit leaves no room for it, unless it is only to be counted.
    """
    units = _units(exploded, unfilled)
    if not units:
        return
    _sweep(tx, units, now)
    before = given_before(tx, units, customer_id, now)
    micros = None if expires_at is None else to_micros(expires_at)
    for gift in {one.gift_id: one for one in exploded.explosion.gifts if one.gift_id in units}.values():
        if refuses:
            _refuse_beyond(gift, units[gift.gift_id], before[gift.gift_id], knows=bool(customer_id))
        tx.execute(
            "INSERT INTO gift_given (plan_id, gift_id, customer_id, units, expires_micros) VALUES (?, ?, ?, ?, ?)",
            (plan_id, gift.gift_id, customer_id, units[gift.gift_id], micros),
        )
        _count(tx, gift.gift_id, customer_id, units[gift.gift_id])


def confirm(tx: Transaction, plan_id: str) -> None:
    """The plan's hold expires no more."""
    tx.execute("UPDATE gift_given SET expires_micros = NULL WHERE plan_id = ?", (plan_id,))


def give_back(tx: Transaction, plan_ids: Iterable[str]) -> None:
    """These plans give nothing any more."""
    for plan_id in plan_ids:
        rows = tx.query("SELECT plan_id, gift_id, customer_id, units FROM gift_given WHERE plan_id = ?", (plan_id,))
        _drop(tx, rows)


def erase(tx: Transaction, customer_id: str) -> list[str]:
    """Nothing tells any more what the customer was given, but that somebody was; the plans that gave it."""
    given = tx.query("SELECT plan_id FROM gift_given WHERE customer_id = ?", (customer_id,))
    tx.execute("UPDATE gift_given SET customer_id = ? WHERE customer_id = ?", (EVERYBODY, customer_id))
    tx.execute("DELETE FROM gift_count WHERE customer_id = ?", (customer_id,))
    return [plan_id for (plan_id,) in given]


def counts_for(reader: Reader, plan_id: str) -> bool:
    """Whether anything is counted for the plan."""
    return bool(reader.query("SELECT 1 FROM gift_given WHERE plan_id = ? LIMIT 1", (plan_id,)))


def unfilled_of(plan: Plan) -> set[str]:
    """The lines of which a plan ships nothing."""
    return {line.line_id for line in plan.lines if not line.planned_units and not line.backordered_units}


def _units(exploded: ExplodedOrder, unfilled: Collection[str]) -> dict[str, int]:
    """Units of each gift with a limit; of none that is wholly unfilled."""
    lines = {line.of_line_id for line in exploded.lines if line.role is Role.GIFT and line.line_id not in unfilled}
    units: dict[str, int] = {}
    for gift in exploded.explosion.gifts:
        if gift.given_units and gift.line_id in lines and (gift.most_per_customer or gift.most_in_total):
            units[gift.gift_id] = units.get(gift.gift_id, 0) + gift.given_units
    return units


def _refuse_beyond(gift: GiftOutcome, units: int, before: Given, *, knows: bool) -> None:
    limits = [(gift.most_in_total, before.in_total)]
    limits += [(gift.most_per_customer, before.to_customer)] if knows else []
    for most, given in limits:
        if most and given + units > most:
            raise GiftTaken(
                f"of gift {gift.gift_id} {max(0, most - given)} are left, not {units}; plan again",
                metadata={"gift_id": gift.gift_id},
            )


def _sweep(tx: Transaction, gift_ids: Collection[str], now: datetime) -> None:
    """Drop what holds that have expired gave."""
    _drop(
        tx,
        tx.query_within(
            "SELECT plan_id, gift_id, customer_id, units FROM gift_given WHERE gift_id IN (?) AND expires_micros <= ?",
            (gift_ids, to_micros(now)),
        ),
    )


def _drop(tx: Transaction, rows: Iterable[tuple[str, str, str, int]]) -> None:
    for plan_id, gift_id, customer_id, units in rows:
        tx.execute("DELETE FROM gift_given WHERE plan_id = ? AND gift_id = ?", (plan_id, gift_id))
        _count(tx, gift_id, customer_id, -units)


def _count(tx: Transaction, gift_id: str, customer_id: str, units: int) -> None:
    for whose in sorted({EVERYBODY, customer_id}):
        tx.execute(
            "INSERT INTO gift_count (gift_id, customer_id, units) VALUES (?, ?, 0) "
            "ON CONFLICT (gift_id, customer_id) DO NOTHING",
            (gift_id, whose),
        )
        tx.execute(
            "UPDATE gift_count SET units = units + ? WHERE gift_id = ? AND customer_id = ?", (units, gift_id, whose)
        )
