"""Bring shops to show what they should: any number of shops, each at the pace that its platform allows."""

import threading
from collections.abc import Callable, Mapping, Sequence

from solver.publishing.adapter import Adapter
from solver.publishing.book import ListingBook
from solver.publishing.channel import Channel
from solver.publishing.listing import Listing
from solver.publishing.shop_run import Shop, ShopRun
from solver.publishing.tally import Tally
from solver.publishing.turns import Timer, take_turns

WORKERS = 16


class Publisher:
    """Publishes through the adapters of channels, by channel id."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        adapters: Mapping[str, Adapter],
        book: ListingBook,
        timer: Timer,
        workers: int = WORKERS,
    ) -> None:
        self._channels, self._adapters = channels, adapters
        self._book, self._timer, self._workers = book, timer, workers

    def publish(
        self,
        shops: Sequence[Shop],
        wanted: Callable[[Shop], Mapping[str, Listing]],
        tally: Tally,
        stop: threading.Event,
    ) -> None:
        """Make every shop show the listings wanted of it, changing nothing that stands already.

        Items that are stopped are shown no more. What a shop shows besides is left alone. Set `stop` to end soon: what
        was done is kept, and the next run goes on from there, as it does after a crash.
        """
        stopped = self._book.stopped()
        self._run(shops, wanted, stopped, tally, stop)

    def stop_items(self, shops: Sequence[Shop], item_ids: Sequence[str], tally: Tally, stop: threading.Event) -> None:
        """The stop button (一键下架): no shop shall show these items, now and in later runs until they are resumed."""
        self._book.stop(item_ids)
        self._run(shops, lambda _shop: {}, frozenset(item_ids), tally, stop)

    def _run(
        self,
        shops: Sequence[Shop],
        wanted: Callable[[Shop], Mapping[str, Listing]],
        gone: frozenset[str],
        tally: Tally,
        stop: threading.Event,
    ) -> None:
        steps = [self._run_of(shop, wanted(shop), gone, tally).step for shop in shops]
        take_turns(steps, self._timer, min(self._workers, max(1, len(steps))), stop)

    def _run_of(self, shop: Shop, wanted: Mapping[str, Listing], gone: frozenset[str], tally: Tally) -> ShopRun:
        tally.items += len(wanted) if wanted else len(gone)
        return ShopRun(
            shop,
            wanted,
            gone,
            self._channels[shop.channel_id].items_per_call,
            self._adapters[shop.channel_id],
            self._book,
            tally,
            self._timer,
        )
