"""Whose values a receiver asks for."""

from solver.errors import Violations
from solver.stock.feed.model import Audience, Shopfront
from solver.storage.database import Reader


def check_audience(audience: Audience, shopfront: Shopfront, reader: Reader, violations: Violations) -> None:
    """Channels and shops must exist: one that is misspelt would stay silent for ever."""
    known = (
        ("channel_ids", audience.channel_ids, shopfront.channels),
        ("shop_ids", audience.shop_ids, shopfront.shops),
    )
    for path, wanted, existing in known:
        if wanted:
            noun = path.removesuffix("_ids")
            for one in sorted(wanted.difference(existing(reader))):
                violations.add(path, one, f"there is no such {noun}; name one that exists, or add it first")


def shops_for(audience: Audience, shopfront: Shopfront, reader: Reader) -> frozenset[str] | None:
    """The ids of the shops that an audience wants now; None: all."""
    if not audience.channel_ids and not audience.shop_ids:
        return None
    if not audience.channel_ids:
        return audience.shop_ids
    channel_of = shopfront.shops(reader)
    return audience.shop_ids.union(shop for shop, channel in channel_of.items() if channel in audience.channel_ids)
