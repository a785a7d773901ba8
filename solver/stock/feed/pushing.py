"""An adapter to a platform that cannot watch: what shops show is pushed to it in batches, each until it is taken."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from solver.stock.feed.model import FeedMessage, Pair, ShownValue

Push: TypeAlias = Callable[[Sequence[ShownValue]], object]
_LONGEST_REST_SECONDS = 30.0


class PushFailed(Exception):
    """The platform did not take a batch: it is pushed again, a little later."""


class Pusher:
    """Pushes what a feed tells to a platform. `number` is where to resume once this process has ended.

    `push` is given at most `most` values, each pair once, and raises PushFailed where the platform did not take them;
    a batch may then come again, so that taking one twice must do no harm. `shown` is what the platform shows already,
    by shop and SKU: nothing that is equal is pushed, and what the feed lists no longer is delisted there.
    """

    def __init__(
        self,
        push: Push,
        *,
        most: int = 100,
        shown: Mapping[Pair, int] | None = None,
        rest_seconds: float = 0.5,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._push = push
        self._most = most
        self._rest_seconds = rest_seconds
        self._sleep = sleep
        self._shown = dict(shown or {})
        self._changed: dict[Pair, ShownValue] = {}
        self._unheard_of: set[Pair] = set()  # in a snapshot, until it is whole
        self.number: int | None = None

    def run(self, messages: Iterable[FeedMessage]) -> Iterator[int]:
        """Take messages in as long as they come; each number up to which the platform shows what the feed had then.

        While the platform does not take a batch no message is read: the service then leaves out what was superseded.
        """
        for message in messages:
            if self._take(message):
                assert self.number is not None
                yield self.number

    def _take(self, message: FeedMessage) -> bool:
        if message.begins_snapshot:
            self._changed.clear()
            self._unheard_of = set(self._shown)
        for value in message.values:
            pair = (value.shop_id, value.sku)
            self._changed[pair] = value
            self._unheard_of.discard(pair)
        if message.through_number is None:
            return False
        for shop_id, sku in sorted(self._unheard_of):
            self._changed[shop_id, sku] = ShownValue(
                shop_id=shop_id, sku=sku, units=0, is_delisted=True, number=message.through_number
            )
        self._unheard_of = set()
        self._push_all()
        self.number = message.through_number
        return True

    def _push_all(self) -> None:
        wanted = [one for pair, one in self._changed.items() if _units(one) != self._shown.get(pair)]
        for start in range(0, len(wanted), self._most):
            batch = wanted[start : start + self._most]
            self._push_until_taken(batch)
            for one in batch:
                self._note(one)
        self._changed.clear()

    def _push_until_taken(self, batch: Sequence[ShownValue]) -> None:
        rest = self._rest_seconds
        while True:
            try:
                self._push(batch)
            except PushFailed:
                self._sleep(rest)
                rest = min(2 * rest, _LONGEST_REST_SECONDS)
            else:
                return

    def _note(self, value: ShownValue) -> None:
        pair = (value.shop_id, value.sku)
        if value.is_delisted:
            self._shown.pop(pair, None)
        else:
            self._shown[pair] = value.units


def _units(value: ShownValue) -> int | None:
    """As the platform would show it; None: not at all."""
    return None if value.is_delisted else value.units
