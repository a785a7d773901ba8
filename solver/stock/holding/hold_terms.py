"""What a caller says of a hold beside its units: the channel that it is sold through, the order that it is for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from solver.storage.database import Reader, Transaction

TERMS_SCHEMA = """
CREATE TABLE IF NOT EXISTS stock_hold_terms (
    hold_id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    order_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """Either may be empty."""

    channel: str = ""
    order_id: str = ""


NO_TERMS = HoldTerms()


def terms_of(reader: Reader, hold_id: str) -> HoldTerms:
    """What was said of this hold last."""
    rows = reader.query("SELECT channel, order_id FROM stock_hold_terms WHERE hold_id = ?", (hold_id,))
    return HoldTerms(channel=rows[0][0], order_id=rows[0][1]) if rows else NO_TERMS


def terms_of_each(reader: Reader, hold_ids: Collection[str]) -> dict[str, HoldTerms]:
    """What was said of these holds last; those of which nothing was said are left out."""
    sql = "SELECT hold_id, channel, order_id FROM stock_hold_terms WHERE hold_id IN (?)"
    rows = reader.query_within(sql, (hold_ids,))
    return {hold_id: HoldTerms(channel=channel, order_id=order_id) for hold_id, channel, order_id in rows}


def add_terms(tx: Transaction, terms: Mapping[str, HoldTerms]) -> None:
    """Say this of holds of which nothing was ever said."""
    tx.execute_rows(
        "INSERT INTO stock_hold_terms (hold_id, channel, order_id) {rows}",
        [(hold_id, one.channel, one.order_id) for hold_id, one in terms.items() if one != NO_TERMS],
    )


def keep_terms(tx: Transaction, hold_id: str, terms: HoldTerms) -> None:
    """Say this of a hold, in place of what was said before."""
    if terms == NO_TERMS:
        tx.execute("DELETE FROM stock_hold_terms WHERE hold_id = ?", (hold_id,))
        return
    tx.execute(
        """INSERT INTO stock_hold_terms (hold_id, channel, order_id) VALUES (?, ?, ?)
           ON CONFLICT (hold_id) DO UPDATE SET channel = excluded.channel, order_id = excluded.order_id""",
        (hold_id, terms.channel, terms.order_id),
    )
