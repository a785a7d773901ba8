"""Keeps the feed's rows equal to what shops show: follows the journal and recomputes only what may have changed.

What changes faster than it can be published is published once, at its latest; writers of stock never wait for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from solver.clock import Clock, to_micros
from solver.errors import StateConflict
from solver.journal.archived import archived_through, is_archived
from solver.journal.changes import account_keys, effects, standing_holds, tail
from solver.journal.following import ENTRIES_AT_ONCE, Follower
from solver.journal.model import Book
from solver.stock.feed.model import MOST_VALUES, Pair, Shopfront, ShownValue
from solver.stock.feed.recent import RecentValues
from solver.stock.feed.rows import FeedState, keep_state, prune, publish, published, published_skus, state
from solver.storage.database import Database, Reader, Transaction

CHANGED_AT_ONCE = 50  # SKUs of a round
BACKLOG_AT_ONCE = 20  # fewer, so that what changes meanwhile does not wait long
RETENTION = timedelta(days=7)
MOST_ENTRIES_TO_REPEAT = 100_000  # further behind than this, everything is recomputed in no special order
_NOT_SHOWN = frozenset({Book.MONEY, Book.PLACES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a round did: values published; the feed's last number; SKUs that are still to be looked at."""

    values: int
    last_number: int
    skus_to_recompute: int


class Publisher:
    """Publishes round by round. For one thread; several processes may publish into one database.

    It begins with a backlog of everything listed, so that whatever was missed while none ran is made good; what the
    journal says has changed goes before the backlog.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        shopfront: Shopfront,
        *,
        retention: timedelta = RETENTION,
        recent: RecentValues | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._shopfront = shopfront
        self._retention = retention
        self.recent = recent or RecentValues()
        self._skus: dict[int, str | None] = {}  # by account; None: shops do not see it
        self._changed: dict[str, None] = {}  # in the order in which they are to be recomputed
        self._backlog: dict[str, None] = {}
        with database.read() as reader:
            self._follower = Follower(reader, clock)
            self._revision = shopfront.revision(reader)
            self._mark(self._changed, self._missed(reader), reader)
            self._mark_everything(reader)

    @property
    def entry_id(self) -> int:
        """The last entry of the journal that was looked at."""
        return self._follower.entry_id

    def round(self) -> Progress:
        """Look at what is new, then recompute some SKUs and publish the values that differ."""
        with self._database.read() as reader:
            self._look(reader)
            queue, most = (self._changed, CHANGED_AT_ONCE) if self._changed else (self._backlog, BACKLOG_AT_ONCE)
            skus = list(islice(queue, most))
            now = state(reader)
            portions = list(_portions(self._differences(reader, skus))) if skus else []
        values = 0
        for number, some in enumerate(portions, start=1):
            complete = number == len(portions) and len(self._changed) <= CHANGED_AT_ONCE
            after = self._publish(some, now, complete=complete)
            if after is None:  # another process published since: look again
                return Progress(values=values, last_number=now.last_number, skus_to_recompute=self._to_recompute())
            self.recent.keep(_values(some, now.last_number), after.last_number, self._revision)
            now, values = after, values + len(some)
        self.recent.keep((), now.last_number, self._revision)
        for sku in skus:
            del queue[sku]
        return Progress(values=values, last_number=now.last_number, skus_to_recompute=self._to_recompute())

    def prune(self) -> None:
        """Drop tombstones that are older than the retention; who stands before them gets a snapshot."""
        before_us = to_micros(self._clock.now() - self._retention)

        def act(tx: Transaction) -> int:
            pruned = prune(tx, before_us, MOST_VALUES)
            if pruned:
                now = state(tx)
                keep_state(tx, replace(now, pruned_number=max(now.pruned_number, *pruned)))
            return len(pruned)

        while self._database.run(act) == MOST_VALUES:
            pass

    def _to_recompute(self) -> int:
        return len(self._changed) + len(self._backlog)

    def _look(self, reader: Reader) -> None:
        """Note which SKUs may have changed since the last look."""
        revision = self._shopfront.revision(reader)
        if revision != self._revision:
            self._revision = revision
            self._mark_everything(reader)
        try:
            touched = list(self._follower.advance(reader).available)
        except StateConflict as error:
            if not is_archived(error):
                raise
            self._follower, touched = Follower(reader, self._clock), []  # it stood so far behind
            self._mark_everything(reader)
        if touched:
            self._mark(self._changed, self._skus_of(reader, touched), reader)

    def _mark(self, queue: dict[str, None], skus: Iterable[str], reader: Reader) -> None:
        queue.update(dict.fromkeys(sorted(self._shopfront.showing(reader, set(skus)))))

    def _mark_everything(self, reader: Reader) -> None:
        self._backlog.update(dict.fromkeys(sorted({*self._shopfront.listed(reader), *published_skus(reader)})))

    def _skus_of(self, reader: Reader, account_ids: Sequence[int]) -> set[str]:
        unknown = [account_id for account_id in account_ids if account_id not in self._skus]
        for account_id, key in account_keys(reader, unknown).items():
            self._skus[account_id] = None if key.book in _NOT_SHOWN else key.unit
        return {sku for account_id in account_ids if (sku := self._skus[account_id]) is not None}

    def _missed(self, reader: Reader) -> set[str]:
        """SKUs that entries moved since the feed was last complete, or that a hold has which may have lapsed since."""
        # What was archived since is published with everything else.
        since, last = max(state(reader).entry_id, archived_through(reader)), tail(reader).entry_id
        touched = {
            account_id for *_, debit_id, credit_id, _ in standing_holds(reader) for account_id in (debit_id, credit_id)
        }
        if last - since <= MOST_ENTRIES_TO_REPEAT:
            for start in range(since, last, ENTRIES_AT_ONCE):
                for *_, debit_id, credit_id, _ in effects(reader, start, min(start + ENTRIES_AT_ONCE, last)):
                    touched |= {debit_id, credit_id}
        return self._skus_of(reader, sorted(touched))

    def _differences(self, reader: Reader, skus: Sequence[str]) -> dict[Pair, int | None]:
        """What these SKUs show now where it is not what was published; None for what is listed no longer."""
        shown, known = self._shopfront.shown(reader, skus), published(reader, skus)
        changed: dict[Pair, int | None] = {pair: units for pair, units in shown.items() if known.get(pair, -1) != units}
        gone = (pair for pair, units in known.items() if units is not None and pair not in shown)
        return {**dict(sorted(changed.items())), **dict.fromkeys(sorted(gone))}

    def _publish(self, changes: Mapping[Pair, int | None], now: FeedState, *, complete: bool) -> FeedState | None:
        """Write values in one transaction; None, with nothing written, where the feed does not stand as thought.

        `complete`: with them all that the journal says has changed is published.
        """
        at_us = to_micros(self._clock.now())
        entry_id = self._follower.entry_id if complete else 0

        def act(tx: Transaction) -> FeedState | None:
            found = state(tx)
            if found.last_number != now.last_number:
                return None
            last_number = publish(tx, changes, found.last_number, at_us)
            after = replace(found, last_number=last_number, entry_id=max(found.entry_id, entry_id))
            keep_state(tx, after)
            return after

        return self._database.run(act)


def _portions(changes: Mapping[Pair, int | None]) -> Iterable[dict[Pair, int | None]]:
    """The changes in transactions of their own, so that writers of stock get in between."""
    rows = iter(changes.items())
    while some := dict(islice(rows, MOST_VALUES)):
        yield some


def _values(changes: Mapping[Pair, int | None], last_number: int) -> list[ShownValue]:
    """The changes as they were published after `last_number`."""
    return [
        ShownValue(shop_id=shop_id, sku=sku, units=units or 0, is_delisted=units is None, number=number)
        for number, ((shop_id, sku), units) in enumerate(changes.items(), start=last_number + 1)
    ]
