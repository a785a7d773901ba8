"""Records and matches of reconciliations as they are kept."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import msgspec

from solver.ledger.matching.model import Item, Side
from solver.ledger.reconciling.model import KeptMatch, MatchState
from solver.storage.database import Reader, Transaction

RECONCILIATION_SCHEMA = """
CREATE TABLE IF NOT EXISTS reconciliation (
    set_id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS reconciliation_item (
    set_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('ours', 'theirs')),
    item_id TEXT NOT NULL,
    body BLOB NOT NULL,
    is_settled INTEGER NOT NULL,
    PRIMARY KEY (set_id, side, item_id)
) STRICT;
CREATE TABLE IF NOT EXISTS reconciliation_match (
    set_id TEXT NOT NULL,
    match_id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sure', 'offered', 'decided', 'refused')),
    body BLOB NOT NULL,
    PRIMARY KEY (set_id, match_id)
) STRICT;
CREATE INDEX IF NOT EXISTS reconciliation_match_by_question ON reconciliation_match (set_id, question_id);
"""


def revision_of(reader: Reader, set_id: str) -> int:
    """How often the set changed; 0: there is none."""
    rows = reader.query("SELECT revision FROM reconciliation WHERE set_id = ?", (set_id,))
    return int(rows[0][0]) if rows else 0


def touch(tx: Transaction, set_id: str) -> None:
    """The set changes."""
    tx.execute(
        "INSERT INTO reconciliation (set_id, revision) VALUES (?, 1) "
        "ON CONFLICT (set_id) DO UPDATE SET revision = reconciliation.revision + 1",
        (set_id,),
    )


def known_items(reader: Reader, set_id: str, side: Side, item_ids: Sequence[str]) -> dict[str, Item]:
    """Those of these records that are there."""
    rows = reader.query_within(
        "SELECT body FROM reconciliation_item WHERE set_id = ? AND side = ? AND item_id IN (?)",
        (set_id, str(side), list(item_ids)),
    )
    found = [msgspec.json.decode(row[0], type=Item) for row in rows]
    return {item.item_id: item for item in found}


def with_records(reader: Reader, set_id: str, matches: Sequence[KeptMatch]) -> tuple[KeptMatch, ...]:
    """The matches with the records that they name beside them."""
    ours = known_items(reader, set_id, Side.OURS, [name for one in matches for name in one.match.ours])
    theirs = known_items(reader, set_id, Side.THEIRS, [name for one in matches for name in one.match.theirs])
    return tuple(
        replace(
            one,
            our_records=tuple(ours[name] for name in one.match.ours),
            their_records=tuple(theirs[name] for name in one.match.theirs),
        )
        for one in matches
    )


def add_items(tx: Transaction, set_id: str, side: Side, items: Sequence[Item]) -> None:
    """Records that are not there yet."""
    tx.execute_rows(
        "INSERT INTO reconciliation_item (set_id, side, item_id, body, is_settled) {rows}",
        [(set_id, str(side), item.item_id, msgspec.json.encode(item), 0) for item in items],
    )


def open_items(reader: Reader, set_id: str, side: Side) -> list[Item]:
    """Records without a match that stands, by id."""
    rows = reader.query(
        "SELECT body FROM reconciliation_item WHERE set_id = ? AND side = ? AND is_settled = 0 ORDER BY item_id",
        (set_id, str(side)),
    )
    return [msgspec.json.decode(row[0], type=Item) for row in rows]


def count_open(reader: Reader, set_id: str, side: Side) -> int:
    """How many records have no match that stands."""
    [(count,)] = reader.query(
        "SELECT COUNT(*) FROM reconciliation_item WHERE set_id = ? AND side = ? AND is_settled = 0",
        (set_id, str(side)),
    )
    return int(count)


def candidates_of(reader: Reader, set_id: str, question_id: str) -> tuple[KeptMatch, ...]:
    """Every match that was offered for a question, by id."""
    rows = reader.query(
        "SELECT body FROM reconciliation_match WHERE set_id = ? AND question_id = ? ORDER BY match_id",
        (set_id, question_id),
    )
    return tuple(msgspec.json.decode(row[0], type=KeptMatch) for row in rows)


def settle_items(tx: Transaction, set_id: str, side: Side, item_ids: Sequence[str]) -> None:
    """These have a match that stands."""
    tx.executemany(
        "UPDATE reconciliation_item SET is_settled = 1 WHERE set_id = ? AND side = ? AND item_id = ?",
        [(set_id, str(side), item_id) for item_id in item_ids],
    )


def matches_of(
    reader: Reader, set_id: str, states: Collection[MatchState] = (), *, after: str = "", most: int = 2**62
) -> tuple[KeptMatch, ...]:
    """Matches by id, at most so many behind an id; without states those in any."""
    wanted = [str(state) for state in states or MatchState]
    rows = reader.query_within(
        """SELECT body FROM reconciliation_match WHERE set_id = ? AND match_id > ? AND state IN (?)
           ORDER BY match_id LIMIT ?""",
        (set_id, after, wanted, most),
    )
    return tuple(msgspec.json.decode(row[0], type=KeptMatch) for row in rows)


def matches_with(reader: Reader, set_id: str, match_ids: Collection[str]) -> tuple[KeptMatch, ...]:
    """Those of these matches that there are, by id."""
    rows = reader.query_within(
        "SELECT body FROM reconciliation_match WHERE set_id = ? AND match_id IN (?) ORDER BY match_id",
        (set_id, list(match_ids)),
    )
    return tuple(msgspec.json.decode(row[0], type=KeptMatch) for row in rows)


def currencies_of(reader: Reader, set_id: str, side: Side, item_ids: Sequence[str]) -> dict[str, str]:
    """The currency of each of these records, by id."""
    return {item_id: item.currency for item_id, item in known_items(reader, set_id, side, item_ids).items()}


def forget_offers(tx: Transaction, set_id: str) -> None:
    """Candidates that nobody answered: the next run offers anew."""
    tx.execute("DELETE FROM reconciliation_match WHERE set_id = ? AND state = 'offered'", (set_id,))


def keep_matches(tx: Transaction, set_id: str, matches: Sequence[KeptMatch]) -> None:
    """Matches as they stand now."""
    tx.execute_rows(
        "INSERT INTO reconciliation_match (set_id, match_id, question_id, state, body) {rows} "
        "ON CONFLICT (set_id, match_id) DO UPDATE SET question_id = excluded.question_id, state = excluded.state, "
        "body = excluded.body",
        [(set_id, one.match.match_id, one.question_id, str(one.state), msgspec.json.encode(one)) for one in matches],
    )
