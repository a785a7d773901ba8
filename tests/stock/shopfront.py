"""Shops that show what all sites have together, less a buffer; kits show what their scarcest part allows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.feed.model import Pair
from solver.storage.database import Reader


@dataclass
class PlainShopfront:
    """`listings`: (shop, SKU) -> buffer. A shop `c1-x` is of channel `c1`. `kits`: SKU -> part -> units."""

    journal: Journal
    listings: dict[Pair, int]
    kits: dict[str, dict[str, int]] = field(default_factory=dict)
    changes: int = 0
    asked: list[str] = field(default_factory=list)

    def list_pair(self, pair: Pair, buffer: int | None) -> None:
        """List a pair, change its buffer, or end its listing (None)."""
        self.listings.pop(pair, None)
        if buffer is not None:
            self.listings[pair] = buffer
        self.changes += 1

    def revision(self, reader: Reader) -> object:
        return self.changes

    def listed(self, reader: Reader) -> Collection[str]:
        return {sku for _, sku in self.listings}

    def showing(self, reader: Reader, skus: Collection[str]) -> Collection[str]:
        kits = {kit for kit, parts in self.kits.items() if not parts.keys().isdisjoint(skus)}
        return {sku for _, sku in self.listings} & (set(skus) | kits)

    def shown(self, reader: Reader, skus: Collection[str]) -> Mapping[Pair, int]:
        self.asked.extend(skus)
        parts = {part for sku in skus for part in self.kits.get(sku, {sku: 1})}
        by_site = self.journal.available(reader, Book.STOCK, GOOD, parts)
        there = {part: sum(by_site[part].values()) for part in parts}
        return {
            (shop, sku): max(
                0, min(there[part] // units for part, units in self.kits.get(sku, {sku: 1}).items()) - buffer
            )
            for (shop, sku), buffer in self.listings.items()
            if sku in skus
        }

    def shops(self, reader: Reader) -> Mapping[str, str]:
        return {shop: shop.partition("-")[0] for shop, _ in self.listings}

    def channels(self, reader: Reader) -> Collection[str]:
        return set(self.shops(reader).values())
