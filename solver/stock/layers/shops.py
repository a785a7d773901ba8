"""Shops and what they list."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from solver.stock.layers.channel_rows import load_sellers, note_change, put_sellers
from solver.storage.database import Reader, Transaction

SHOPS = "shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop on a platform, which sells through a channel and shows less than the channel may sell.

    It shows what the channel, or its shops of this tier, may still sell, less `buffer_units`, rounded down to a
    multiple of `multiple_units`, and at most `cap_units`; None: without an end. Tier 0: none of its own.
    """

    shop_id: str
    channel_id: str
    name: str = ""
    tier: int = 0
    buffer_units: int = 0
    multiple_units: int = 1
    cap_units: int | None = None

    def shows(self, sellable_units: int) -> int:
        """What it shows where so many may be sold."""
        beyond = max(0, sellable_units - self.buffer_units)
        rounded = beyond - beyond % self.multiple_units
        return rounded if self.cap_units is None else min(rounded, self.cap_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A shop lists a material, or a sales item made of several. `ends`: it lists it no longer."""

    shop_id: str
    sku: str
    ends: bool = False


def shops(reader: Reader) -> dict[str, Shop]:
    """Every shop by id."""
    return {one.shop_id: one for one in load_sellers(reader, SHOPS, Shop)}


def put_shops(tx: Transaction, nouns: Iterable[Shop]) -> None:
    """Write shops over those with the same id."""
    put_sellers(tx, SHOPS, ((one.shop_id, msgspec.json.encode(one)) for one in nouns))


def put_listings(tx: Transaction, rows: Sequence[Listing]) -> None:
    """Begin listings, or end them."""
    tx.executemany(
        "INSERT INTO stock_listing (sku, shop_id) VALUES (?, ?) ON CONFLICT (sku, shop_id) DO NOTHING",
        [(one.sku, one.shop_id) for one in rows if not one.ends],
    )
    tx.executemany(
        "DELETE FROM stock_listing WHERE sku = ? AND shop_id = ?", [(one.sku, one.shop_id) for one in rows if one.ends]
    )
    note_change(tx)


def listings(reader: Reader, skus: Collection[str]) -> dict[str, list[str]]:
    """The shops that list each of these SKUs; what no one lists is left out."""
    found: dict[str, list[str]] = {}
    sql = "SELECT sku, shop_id FROM stock_listing WHERE sku IN (?) ORDER BY sku, shop_id"
    for sku, shop_id in reader.query_within(sql, (skus,)):
        found.setdefault(sku, []).append(shop_id)
    return found


def listed(reader: Reader) -> set[str]:
    """Every SKU that any shop lists."""
    return {sku for (sku,) in reader.query("SELECT DISTINCT sku FROM stock_listing")}
