"""What every shop shall show, and what stands in the way: articles as listings, by channel and by shop."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.catalog.catalog import Catalog
from solver.publishing.articles import article_of, items_of
from solver.publishing.channel import Channel
from solver.publishing.fault import Fault
from solver.publishing.listing import Listing, list_article
from solver.publishing.mapping import ChannelMapping
from solver.publishing.publisher import Assortment
from solver.publishing.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a shop shall show, and the faults of what cannot be shown as it is."""

    assortment: Assortment
    faults: tuple[Fault, ...]


class Assortments:
    """The assortments of shops. Shops of which nothing special is said share one of their channel."""

    def __init__(
        self, catalog: Catalog, channels: Mapping[str, Channel], mappings: Mapping[str, ChannelMapping]
    ) -> None:
        self._catalog, self._channels, self._mappings = catalog, channels, mappings
        self._own = {item.channel for item in catalog.channel_items.values()}
        self._made: dict[str, Checked] = {}

    def of(self, shop: Shop) -> Checked:
        """The assortment of a shop. What is paused, retired or not yet effective is to be hidden."""
        mapping = self._mappings[shop.channel_id]
        is_special = shop.shop_id in self._own or shop.shop_id in mapping.shops
        key = f"shop {shop.shop_id}" if is_special else f"channel {shop.channel_id}"
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(shop, shop.shop_id if is_special else "")
        return made

    def _make(self, shop: Shop, shop_id: str) -> Checked:
        channel, mapping = self._channels[shop.channel_id], self._mappings[shop.channel_id]
        show: dict[str, Listing] = {}
        hide: set[str] = set()
        faults: list[Fault] = []
        for code, item in items_of(self._catalog, shop).items():
            if self._catalog.refusal(item.channel, code):
                hide.add(code)
                continue
            listed = list_article(article_of(item, self._catalog), channel, mapping, shop_id)
            faults.extend(listed.faults)
            if listed.listing is not None:
                show[code] = listed.listing
        return Checked(assortment=Assortment(show=show, hide=frozenset(hide)), faults=tuple(faults))
