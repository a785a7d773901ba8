"""Bring shops to show what they should: any number of shops, each at the pace that its platform allows."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from solver.publishing.adapter import Adapter
from solver.publishing.book import ListingBook
from solver.publishing.channel import Channel
from solver.publishing.listing import Listing
from solver.publishing.pace import Pace
from solver.publishing.shop import Shop
from solver.publishing.shop_run import ShopRun
from solver.publishing.tally import Tally
from solver.publishing.turns import Timer, take_turns

WORKERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """What a shop shall show, by our keys, and what it shall show no more."""

    show: Mapping[str, Listing]
    hide: frozenset[str] = frozenset()


class Publisher:
    """Publishes through the adapters of channels, by channel id; `paces` are those of channels whose limit is known.

    Any number of publishers may share a book: what one has in hand the others leave until he is done. `owner` is a
    name that no other of them has.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        adapters: Mapping[str, Adapter],
        book: ListingBook,
        timer: Timer,
        workers: int = WORKERS,
        paces: Mapping[str, Pace] | None = None,
        *,
        owner: str,
    ) -> None:
        self._channels, self._adapters = channels, adapters
        self._book, self._timer, self._workers = book, timer, workers
        self._paces = paces or {}
        self._owner = owner

    def publish(
        self, shops: Sequence[Shop], assortment: Callable[[Shop], Assortment], tally: Tally, stop: threading.Event
    ) -> None:
        """Make every shop show what it shall, changing nothing that stands already.

        Items that are stopped are shown no more. What a shop shows besides is left alone. Set `stop` to end soon: what
        was done is kept, and the next run goes on from there, as it does after a crash.
        """
        stopped = self._book.stopped()
        self._run(shops, lambda shop: _without(assortment(shop), stopped), tally, stop)

    def stop_items(self, shops: Sequence[Shop], item_ids: Sequence[str], tally: Tally, stop: threading.Event) -> None:
        """The stop button (一键下架): no shop shall show these items, now and in later runs until they are resumed."""
        self._book.stop(item_ids)
        nothing = Assortment(show={}, hide=frozenset(item_ids))
        self._run(shops, lambda _shop: nothing, tally, stop)

    def _run(
        self, shops: Sequence[Shop], assortment: Callable[[Shop], Assortment], tally: Tally, stop: threading.Event
    ) -> None:
        steps = [self._run_of(shop, assortment(shop), tally).step for shop in shops]
        take_turns(steps, self._timer, min(self._workers, max(1, len(steps))), stop)

    def _run_of(self, shop: Shop, assortment: Assortment, tally: Tally) -> ShopRun:
        tally.items += len(assortment.show)
        return ShopRun(
            shop,
            assortment.show,
            assortment.hide,
            self._channels[shop.channel_id].items_per_call,
            self._adapters[shop.channel_id],
            self._book,
            tally,
            self._timer,
            self._paces.get(shop.channel_id, Pace()),
            self._owner,
        )


def _without(assortment: Assortment, stopped: frozenset[str]) -> Assortment:
    if not stopped:
        return assortment
    show = {item_id: listing for item_id, listing in assortment.show.items() if item_id not in stopped}
    return Assortment(show=show, hide=assortment.hide | stopped)
