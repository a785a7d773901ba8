"""One receiver's way through the feed: from a number, or from a snapshot, to the present and on.

Every message is read in a short snapshot of its own, so that a slow receiver holds nothing up. A value that changes
between two pages of a group appears again under its later number; so when a page comes back short, the receiver has
what the feed has in that snapshot, and only then is it told the number.
"""

from solver.errors import Violations
from solver.stock.feed.audience import check_audience, shops_for
from solver.stock.feed.model import MOST_VALUES, Audience, FeedMessage, Pair, Shopfront
from solver.stock.feed.recent import RecentValues
from solver.stock.feed.rows import state, values_after, values_from
from solver.storage.database import Database, Reader

_FIRST: Pair = ("", "")
_NONE_YET = object()


class Watch:
    """Says message by message what a receiver must learn. For one thread. With `recent` it spares the database.

    `after_number`: all up to it is known already; None begins with a snapshot. Raises InvalidRequest for a number that
    the feed has not reached, and for an audience of channels or shops that do not exist.
    """

    def __init__(
        self,
        database: Database,
        shopfront: Shopfront,
        *,
        after_number: int | None = None,
        audience: Audience | None = None,
        most_values: int = MOST_VALUES,
        recent: RecentValues | None = None,
    ) -> None:
        self._database = database
        self._recent = recent
        self._edition: object = _NONE_YET  # of the recent values, when the shops were last looked up
        self._shopfront = shopfront
        self._audience = audience or Audience()
        self._most = most_values
        self._told = -1  # the number that ended the last group
        self._page: Pair | None = _FIRST  # how far a snapshot has come; None: there is none under way
        self.number = 0
        with database.read() as reader:
            self._begin(reader, after_number)
            self._shops = shops_for(self._audience, shopfront, reader)

    def take(self) -> FeedMessage | None:
        """The next message; None when there is nothing to tell until the feed stands beyond `number`."""
        found = self._from_memory()
        if found is not None:
            message, self.number = found
            return self._worth_telling(message)
        edition = _NONE_YET if self._recent is None else self._recent.edition
        with self._database.read() as reader:
            shops, self._edition = shops_for(self._audience, self._shopfront, reader), edition
            if shops != self._shops or (self._page is None and self.number < state(reader).pruned_number):
                # Other shops are asked for now, or this receiver was so slow that tombstones are gone: begin again.
                self._shops, self._page = shops, _FIRST
            return self._changes(reader) if self._page is None else self._snapshot(reader, self._page)

    def sign_of_life(self) -> FeedMessage:
        """What to send when there was nothing to tell for a while."""
        self._told = self.number
        return FeedMessage(through_number=self.number)

    def _begin(self, reader: Reader, after_number: int | None) -> None:
        now, violations = state(reader), Violations()
        check_audience(self._audience, self._shopfront, reader, violations)
        if after_number is not None:
            violations.require(after_number >= 0, "after_number", after_number, "give 0 or more")
            violations.require(
                after_number <= now.last_number,
                "after_number",
                after_number,
                f"the feed stands at {now.last_number}: resume from at most that, or leave it out for a snapshot",
            )
        violations.refuse_any("the watch")
        if after_number is not None:
            self.number = after_number
            self._page = None if after_number >= now.pruned_number else _FIRST

    def _snapshot(self, reader: Reader, after: Pair) -> FeedMessage:
        last_number = state(reader).last_number
        if after == _FIRST:
            self.number = last_number  # what changes from here on is told again when the pages end
        values = values_from(reader, after, self._shops, self._most)
        ended = len(values) < self._most
        self._page = None if ended else (values[-1].shop_id, values[-1].sku)
        through = self.number if ended and last_number == self.number else None
        self._told = -1 if through is None else through
        return FeedMessage(values=tuple(values), begins_snapshot=after == _FIRST, through_number=through)

    def _changes(self, reader: Reader) -> FeedMessage | None:
        # Shops are chosen here, not in SQL: so the cost is that of what is new, whichever index a store would take.
        while True:
            page = values_after(reader, self.number, self._most)
            wanted = tuple(value for value in page if self._shops is None or value.shop_id in self._shops)
            if len(page) < self._most:
                self.number = state(reader).last_number
                return self._worth_telling(FeedMessage(values=wanted, through_number=self.number))
            self.number = page[-1].number
            if wanted:
                return self._worth_telling(FeedMessage(values=wanted))

    def _from_memory(self) -> tuple[FeedMessage, int] | None:
        """What is new and how far that goes, for one who keeps up; None: the database must be asked."""
        if self._recent is None or self._page is not None or self._recent.edition != self._edition:
            return None
        return self._recent.after(self.number, self._shops, self._most)

    def _worth_telling(self, message: FeedMessage) -> FeedMessage | None:
        if not message.values and (self._told >= 0 or message.through_number is None):
            return None
        self._told = -1 if message.through_number is None else message.through_number
        return message
