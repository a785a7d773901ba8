"""What every shop shows of what it lists: a view of what its channel may sell, nothing that is kept."""

from collections.abc import Callable, Collection, Mapping

from solver.catalog.model import Part
from solver.journal.journal import Journal
from solver.stock.layers import shops
from solver.stock.layers.channel_model import seller_of
from solver.stock.layers.channel_rows import changes, channels
from solver.stock.layers.kits import KitIndex, Kits
from solver.stock.layers.sellable import Units, sellable
from solver.stock.layers.shops import Shop
from solver.storage.database import Reader

Pair = tuple[str, str]  # shop id, SKU


class Shopfront:
    """Shops with their listings, over the books of stock. `kits` are the sales items made of several materials.

    What a shop shows of a kit is as many as all of its parts allow: a kit that is sold anywhere lowers its parts, and
    so every kit with the same parts, everywhere.
    """

    def __init__(self, journal: Journal, kits: Callable[[], Kits]) -> None:
        self._journal = journal
        self._kits = KitIndex(kits)

    def revision(self, reader: Reader) -> object:
        """Equal as long as no shop, listing, channel or kit changed in a way that no entry of the journal tells."""
        return changes(reader), self._kits.edition

    def listed(self, reader: Reader) -> Collection[str]:
        """Every SKU that any shop lists."""
        return shops.listed(reader)

    def showing(self, reader: Reader, skus: Collection[str]) -> Collection[str]:
        """The listed SKUs whose units follow from these: they themselves, and the kits that they are parts of."""
        return set(shops.listings(reader, self._kits.with_any(skus).union(skus)))

    def shown(self, reader: Reader, skus: Collection[str]) -> dict[Pair, int]:
        """The units that every listed pair of these SKUs shows."""
        known = shops.shops(reader)
        return {
            (shop_id, sku): known[shop_id].shows(units) for (shop_id, sku), units in self.sellable(reader, skus).items()
        }

    def sellable(self, reader: Reader, skus: Collection[str]) -> dict[Pair, int]:
        """The units that may be sold of every listed pair of these SKUs: of kits, as many as are whole."""
        listings, known = shops.listings(reader, skus), shops.shops(reader)
        made_of = {sku: self._kits.parts(sku) for sku in listings}
        materials = sorted({part.sku for parts in made_of.values() for part in parts})
        columns = {sku: column for column, sku in enumerate(materials)}
        sellers = sorted({_seller(known[shop_id]) for of in listings.values() for shop_id in of})
        rows = {seller: row for row, seller in enumerate(sellers)}
        table = sellable(self._journal, reader, sellers, materials)
        return {
            (shop_id, sku): _whole(table, rows[_seller(known[shop_id])], made_of[sku], columns)
            for sku, of in listings.items()
            for shop_id in of
        }

    def shops(self, reader: Reader) -> dict[str, str]:
        """The channel of every shop, by the shop's id."""
        return {shop.shop_id: shop.channel_id for shop in shops.shops(reader).values()}

    def channels(self, reader: Reader) -> Collection[str]:
        """Every channel, also those without shops."""
        return channels(reader)


def _seller(shop: Shop) -> str:
    return seller_of(shop.channel_id, shop.tier)


def _whole(table: Units, row: int, parts: Collection[Part], columns: Mapping[str, int]) -> int:
    """How many whole kits the parts allow."""
    return min(int(table[row, columns[part.sku]]) // part.units for part in parts)
