"""Stock at many sites, and shops that list a part of it: what the feed is measured on."""

import random
from dataclasses import dataclass
from pathlib import Path

from solver.clock import SystemClock
from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.journal.schema import JOURNAL_SCHEMA
from solver.stock.accounts import good, supply
from solver.stock.feed.rows import FEED_SCHEMA
from solver.stock.layers.channel_model import Channel
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA, put_channels
from solver.stock.layers.shops import Listing, Shop, put_listings, put_shops
from solver.stock.layers.shown import Shopfront
from solver.storage.database import Database
from solver.storage.url import open_database

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`stocked_percent` of the pairs of site and SKU have stock, `listed_percent` of those of shop and SKU are listed.

    Every channel has one shop.
    """

    sites: int
    channels: int
    skus: int
    stocked_percent: int
    listed_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A database with a size's stock and shops. `units`: of every SKU, at all sites together."""

    database: Database
    clock: SystemClock
    journal: Journal
    shopfront: Shopfront
    skus: tuple[str, ...]
    units: dict[str, int]
    accounts: int
    listings: int


def make_world(folder: Path, size: Size, seed: int) -> World:
    """Ten units wherever there is stock."""
    chance = random.Random(seed)
    clock = SystemClock()
    journal = Journal(clock)
    database = open_database(folder / "feed.db", [JOURNAL_SCHEMA, CHANNEL_SCHEMA, FEED_SCHEMA])
    skus = tuple(f"sku-{number:05}" for number in range(size.skus))
    sites = [f"site-{number:04}" for number in range(size.sites)]
    at_sites = max(1, size.sites * size.stocked_percent // 100)
    stocked = [(site, sku) for sku in skus for site in chance.sample(sites, at_sites)]
    for begin in range(0, len(stocked), ROWS_AT_ONCE):
        transfers = [
            Transfer(debit=good(site, sku), credit=supply(sku), amount=10)
            for site, sku in stocked[begin : begin + ROWS_AT_ONCE]
        ]
        with database.write() as tx:
            journal.post(tx, "stock_received", "opening", transfers)
    shops = [f"shop-{number:02}" for number in range(size.channels)]
    in_shops = max(1, size.channels * size.listed_percent // 100)
    listings = [Listing(shop_id=shop, sku=sku) for sku in skus for shop in chance.sample(shops, in_shops)]
    with database.write() as tx:
        put_channels(tx, [Channel(channel_id=f"channel-{shop}") for shop in shops])
        put_shops(tx, [Shop(shop_id=shop, channel_id=f"channel-{shop}") for shop in shops])
        put_listings(tx, listings)
    return World(
        database=database,
        clock=clock,
        journal=journal,
        shopfront=Shopfront(journal, dict),
        skus=skus,
        units=dict.fromkeys(skus, 10 * at_sites),
        accounts=len(stocked),
        listings=len(listings),
    )
