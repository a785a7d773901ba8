"""What each shop shows, as far as is known: kept before and after every call, so that nothing is listed twice."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import Enum

from solver.clock import Clock, to_micros
from solver.storage.database import Database, Transaction

LISTING_SCHEMA = """
CREATE TABLE IF NOT EXISTS listing (
    shop_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('creating', 'listed', 'refused', 'delisted')),
    digest TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL,
    message TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, item_id)
) STRICT;
CREATE TABLE IF NOT EXISTS listing_stop (
    item_id TEXT NOT NULL PRIMARY KEY,
    stopped_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS listing_claim (
    shop_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    until_micros INTEGER NOT NULL,
    PRIMARY KEY (shop_id, item_id)
) STRICT;
"""

CLAIMED_FOR = timedelta(seconds=30)  # longer than any call to a platform may take


class State(Enum):
    """What became of an item in a shop."""

    CREATING = "creating"  # the platform was asked, or is about to be; whether it did is not known
    LISTED = "listed"
    REFUSED = "refused"
    DELISTED = "delisted"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An item in a shop: the digest of the listing that is shown, or was asked for, or refused."""

    item_id: str
    state: State
    digest: str
    remote_id: str = ""
    field: str = ""
    message: str = ""
    changed_at: int = dataclasses.field(default=0, compare=False)  # microseconds since 1970


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a publisher got of the items that he asked for: how those stand that are his for now, those that another
    publisher has in hand, and those of his that are stopped everywhere.
    """

    standings: Mapping[str, Standing]
    busy: frozenset[str]
    stopped: frozenset[str]


class ListingBook:
    """The standing of every item in every shop, and the items that are stopped everywhere."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of_shop(self, shop_id: str) -> Mapping[str, Standing]:
        """Everything known of a shop, by item."""
        with self._database.read() as reader:
            rows = reader.query(
                "SELECT item_id, state, digest, remote_id, field, message, changed_at FROM listing WHERE shop_id = ?",
                (shop_id,),
            )
        return {row[0]: _standing(row) for row in rows}

    def claim(self, shop_id: str, item_ids: Sequence[str], owner: str) -> Claimed:
        """Take these items of a shop in hand, so that no other publisher writes them, until `note` or `release`.

        One who dies has them for CLAIMED_FOR and no longer.
        """
        now = self._clock.now()

        def act(tx: Transaction) -> Claimed:
            busy = frozenset(
                row[0]
                for row in tx.query_within(
                    "SELECT item_id FROM listing_claim WHERE shop_id = ? AND item_id IN (?) AND owner <> ? "
                    "AND until_micros > ?",
                    (shop_id, item_ids, owner, to_micros(now)),
                )
            )
            mine = [one for one in item_ids if one not in busy]
            tx.execute_rows(
                "INSERT INTO listing_claim (shop_id, item_id, owner, until_micros) {rows} ON CONFLICT "
                "(shop_id, item_id) DO UPDATE SET owner = excluded.owner, until_micros = excluded.until_micros",
                [(shop_id, one, owner, to_micros(now + CLAIMED_FOR)) for one in mine],
            )
            rows = tx.query_within(
                "SELECT item_id, state, digest, remote_id, field, message, changed_at FROM listing "
                "WHERE shop_id = ? AND item_id IN (?)",
                (shop_id, mine),
            )
            stopped = tx.query_within("SELECT item_id FROM listing_stop WHERE item_id IN (?)", (mine,))
            return Claimed(
                standings={row[0]: _standing(row) for row in rows},
                busy=busy,
                stopped=frozenset(row[0] for row in stopped),
            )

        return self._database.run(act)

    def release(self, shop_id: str, item_ids: Sequence[str], owner: str) -> None:
        """Have these items in hand no more; nothing became of them."""
        self._database.run(lambda tx: _release(tx, shop_id, item_ids, owner))

    def note(self, shop_id: str, standings: Iterable[Standing], done_by: str = "") -> None:
        """Keep what is known now; durable on return. With `done_by` these items are no longer in that one's hand."""
        standings = list(standings)
        now = to_micros(self._clock.now())
        rows = [
            (shop_id, one.item_id, one.state.value, one.digest, one.remote_id, one.field, one.message, now)
            for one in standings
        ]

        def act(tx: Transaction) -> None:
            tx.execute_rows(
                "INSERT INTO listing (shop_id, item_id, state, digest, remote_id, field, message, changed_at) {rows} "
                "ON CONFLICT (shop_id, item_id) DO UPDATE SET state = excluded.state, digest = excluded.digest, "
                "remote_id = excluded.remote_id, field = excluded.field, message = excluded.message, "
                "changed_at = excluded.changed_at",
                rows,
            )
            if done_by:
                _release(tx, shop_id, [one.item_id for one in standings], done_by)

        if rows:
            self._database.run(act)

    def stopped(self) -> frozenset[str]:
        """Items that no shop shall show."""
        with self._database.read() as reader:
            return frozenset(row[0] for row in reader.query("SELECT item_id FROM listing_stop"))

    def stop(self, item_ids: Sequence[str]) -> None:
        """From now on no shop shall show them; `resume` ends that."""
        now = to_micros(self._clock.now())
        rows = [(item_id, now) for item_id in dict.fromkeys(item_ids)]
        self._database.run(
            lambda tx: tx.execute_rows(
                "INSERT INTO listing_stop (item_id, stopped_at) {rows} ON CONFLICT (item_id) DO NOTHING", rows
            )
        )

    def resume(self, item_ids: Sequence[str]) -> None:
        """They may be shown again."""
        rows = [(item_id,) for item_id in item_ids]
        self._database.run(lambda tx: tx.executemany("DELETE FROM listing_stop WHERE item_id = ?", rows))

    def counts(self) -> Mapping[str, Mapping[State, int]]:
        """How many items stand how, by shop."""
        with self._database.read() as reader:
            rows = reader.query(
                "SELECT shop_id, state, COUNT(*) FROM listing GROUP BY shop_id, state ORDER BY shop_id, state"
            )
        counted: dict[str, dict[State, int]] = {}
        for shop_id, state, items in rows:
            counted.setdefault(shop_id, {})[State(state)] = items
        return counted

    def refused(self) -> Sequence[tuple[str, Standing]]:
        """What platforms refused, by shop and item."""
        with self._database.read() as reader:
            rows = reader.query(
                "SELECT item_id, state, digest, remote_id, field, message, changed_at, shop_id FROM listing "
                "WHERE state = 'refused' ORDER BY shop_id, item_id"
            )
        return [(row[7], _standing(row)) for row in rows]


def _release(tx: Transaction, shop_id: str, item_ids: Iterable[str], owner: str) -> None:
    tx.executemany(
        "DELETE FROM listing_claim WHERE shop_id = ? AND item_id = ? AND owner = ?",
        [(shop_id, item_id, owner) for item_id in item_ids],
    )


def _standing(row: Sequence[object]) -> Standing:
    item_id, state, digest, remote_id, field, message, changed_at = row[:7]
    assert isinstance(changed_at, int)
    return Standing(
        item_id=str(item_id),
        state=State(state),
        digest=str(digest),
        remote_id=str(remote_id),
        field=str(field),
        message=str(message),
        changed_at=changed_at,
    )
