"""The feed's last values in memory: who keeps up is told from here, and asks the database for nothing."""

import threading
from collections.abc import Collection, Sequence

from solver.stock.feed.model import FeedMessage, Pair, ShownValue

MOST_KEPT = 20_000


class RecentValues:
    """Every value after a number, up to the present; kept by the publisher, read by any number of watchers.

    Numbers without a gap; where another process published in between, it begins anew. `edition` is another one after
    every change of shops and listings.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._base: int | None = None  # the number before the first value; None: nothing is known yet
        self._values: list[ShownValue] = []
        self.edition: object = None

    def keep(self, values: Sequence[ShownValue], last_number: int, edition: object) -> None:
        """Add what was just published; with it the feed stands at `last_number`."""
        with self._lock:
            self.edition = edition
            if self._base is None or self._base + len(self._values) + len(values) != last_number:
                self._base, self._values = last_number - len(values), []
            self._values.extend(values)
            if len(self._values) > MOST_KEPT:
                dropped = len(self._values) - MOST_KEPT // 2
                self._base, self._values = self._base + dropped, self._values[dropped:]

    def after(self, number: int, shop_ids: Collection[str] | None, most: int) -> tuple[FeedMessage, int] | None:
        """What was published after a number, and how far that goes; None where that is not known here.

        At most so many values are looked at; each pair stands once, with its latest among them.
        """
        with self._lock:
            if self._base is None or not self._base <= number <= self._base + len(self._values):
                return None
            begin = number - self._base
            values = self._values[begin : begin + most]
            ends = begin + len(values) == len(self._values)
        reached = number + len(values)
        latest: dict[Pair, ShownValue] = {}
        for value in values:
            if shop_ids is None or value.shop_id in shop_ids:
                latest.pop((value.shop_id, value.sku), None)
                latest[value.shop_id, value.sku] = value
        return FeedMessage(values=tuple(latest.values()), through_number=reached if ends else None), reached
