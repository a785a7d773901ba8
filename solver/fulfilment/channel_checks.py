"""What callers send of logical warehouses, channels, quotas and shops, checked against what exists."""

from collections.abc import Mapping, Sequence

from solver.catalog.catalog import Catalog
from solver.errors import Violations
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota, channel_of
from solver.stock.layers.dividing_check import MOST_TIERS, check_seller_id
from solver.stock.layers.shops import Listing, Shop
from solver.validation import MOST_UNITS, Known, check_between, check_id, check_reference, check_unique


def check_warehouses(nouns: Sequence[LogicalWarehouse], sites: Known, materials: Known, violations: Violations) -> None:
    """Their feeds are of sites and SKUs that exist; what the feeds may say is checked where they are set."""
    for position, one in enumerate(nouns):
        path = f"warehouses[{position}]"
        check_between(one.rank, 0, MOST_TIERS, f"{path}.rank", violations)
        for number, feed in enumerate(one.feeds):
            at = f"{path}.feeds[{number}]"
            check_reference(feed.site_id, sites, "source", f"{at}.site_id", violations)
            if feed.sku:
                check_reference(feed.sku, materials, "material", f"{at}.sku", violations)


def check_channels(
    nouns: Sequence[Channel], known: Mapping[str, Channel], warehouses: Known, violations: Violations
) -> None:
    """They sell from warehouses that exist, and overflow into channels that exist or are sent with them."""
    known_ids = {*known, *(one.channel_id for one in nouns)}
    check_unique([one.channel_id for one in nouns], "channels", violations)
    for position, one in enumerate(nouns):
        path = f"channels[{position}]"
        check_seller_id(one.channel_id, f"{path}.channel_id", violations)
        check_between(one.tier, 0, MOST_TIERS, f"{path}.tier", violations)
        check_unique(one.logical_ids, f"{path}.logical_ids", violations)
        check_unique(one.overflow, f"{path}.overflow", violations)
        for number, logical_id in enumerate(one.logical_ids):
            at = f"{path}.logical_ids[{number}]"
            check_reference(logical_id, warehouses, "logical warehouse", at, violations)
        for number, seller in enumerate(one.overflow):
            check_reference(channel_of(seller), known_ids, "channel", f"{path}.overflow[{number}]", violations)


def check_quotas(rows: Sequence[Quota], materials: Known, violations: Violations) -> None:
    """They are of SKUs that exist; what quotas may say is checked where they are set."""
    for position, one in enumerate(rows):
        check_reference(one.sku, materials, "material", f"quotas[{position}].sku", violations)


def check_shops(nouns: Sequence[Shop], channels: Known, violations: Violations) -> None:
    """They sell through channels that exist, and show figures that make sense."""
    check_unique([one.shop_id for one in nouns], "shops", violations)
    for position, one in enumerate(nouns):
        path = f"shops[{position}]"
        check_id(one.shop_id, f"{path}.shop_id", violations)
        check_reference(one.channel_id, channels, "channel", f"{path}.channel_id", violations)
        check_between(one.tier, 0, MOST_TIERS, f"{path}.tier", violations)
        check_between(one.buffer_units, 0, MOST_UNITS, f"{path}.buffer_units", violations)
        check_between(one.multiple_units, 1, MOST_UNITS, f"{path}.multiple_units", violations)
        check_between(one.cap_units or 0, 0, MOST_UNITS, f"{path}.cap_units", violations)


def check_listings(rows: Sequence[Listing], shops: Known, catalog: Catalog, violations: Violations) -> None:
    """They are of shops, materials and sales items that exist, each pair once."""
    check_unique([f"{one.shop_id}\0{one.sku}" for one in rows], "listings", violations)
    for position, one in enumerate(rows):
        path = f"listings[{position}]"
        check_reference(one.shop_id, shops, "shop", f"{path}.shop_id", violations)
        if not one.ends:
            check_reference(one.sku, catalog, "material or sales item", f"{path}.sku", violations)
