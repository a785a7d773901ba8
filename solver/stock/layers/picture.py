"""Reads one SKU through all five layers."""

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.stock.layers.accounts import REST, Pool, channel_pool, site_pool
from solver.stock.layers.ceilings import taken_of
from solver.stock.layers.channel_rows import channels, quotas
from solver.stock.layers.draft import Draft
from solver.stock.layers.picture_model import (
    CeilingPicture,
    ChannelPicture,
    PartPicture,
    PoolPicture,
    ShopPicture,
    SitePicture,
    StockPicture,
)
from solver.stock.layers.sellable import sellable
from solver.stock.layers.shops import shops
from solver.stock.layers.shown import Shopfront
from solver.stock.model import StockLevel
from solver.stock.physical.states import StockState
from solver.stock.stock import Stock
from solver.storage.database import Reader


def picture(journal: Journal, stock: Stock, shopfront: Shopfront, reader: Reader, sku: str) -> StockPicture:
    """One SKU as it stands now, of one moment. What nothing is known of is empty."""
    draft = Draft(journal, reader, [sku])
    sellers = sorted(channels(reader))
    table = sellable(journal, reader, sellers, [sku])
    return StockPicture(
        sku=sku,
        places=tuple(one for one in stock.places.levels(reader, skus=[sku]) if one.units),
        sites=_sites(journal, stock, reader, draft, sku),
        pools=tuple(_pool(reader, draft, pool) for pool in sorted(draft.pools(Book.CHANNEL), key=lambda one: one.of)),
        channels=tuple(
            ChannelPicture(channel_id=seller, sellable_units=int(units))
            for seller, units in zip(sellers, table[:, 0], strict=True)
        ),
        shops=_shops(shopfront, reader, sku),
    )


def _sites(journal: Journal, stock: Stock, reader: Reader, draft: Draft, sku: str) -> tuple[SitePicture, ...]:
    states: dict[str, dict[str, int]] = {}
    kinds = [str(state) for state in StockState]
    for one in journal.balances(reader, Book.STOCK, kinds, units=[sku]):
        if one.posted or one.account.kind == GOOD:
            states.setdefault(one.account.holder, {})[one.account.kind] = one.posted
    levels = {level.site_id: level for level in stock.levels(reader, skus=[sku])}
    return tuple(_site(levels.get(site_id), site_id, sku, states[site_id], draft) for site_id in sorted(states))


def _site(level: StockLevel | None, site_id: str, sku: str, states: dict[str, int], draft: Draft) -> SitePicture:
    pool = site_pool(site_id, sku)
    divided = draft.is_divided(pool)
    return SitePicture(
        site_id=site_id,
        on_hand=level.on_hand if level else 0,
        available=level.available if level else 0,
        held=level.held if level else 0,
        committed=level.committed if level else 0,
        states=states,
        unallotted=_part(draft, pool, REST) if divided else None,
        allotted=tuple(_part(draft, pool, part) for part in draft.parts(pool)),
    )


def _pool(reader: Reader, draft: Draft, pool: Pool) -> PoolPicture:
    return PoolPicture(
        logical_id=pool.of,
        units=draft.total(pool),
        shared=_part(draft, pool, REST),
        exclusive=tuple(_part(draft, pool, part) for part in draft.parts(pool)),
        ceilings=tuple(
            CeilingPicture(
                seller=one.seller, ceiling_units=one.ceiling_units, taken_units=taken_of(draft, pool, one.seller)
            )
            for one in quotas(reader, [pool.sku])
            if channel_pool(one.logical_id, one.sku) == pool and one.ceiling_units is not None
        ),
    )


def _part(draft: Draft, pool: Pool, part: str) -> PartPicture:
    account = pool.account(part)
    return PartPicture(
        name=part, units=draft.posted(account), held_units=draft.pending(account), free_units=draft.free(account)
    )


def _shops(shopfront: Shopfront, reader: Reader, sku: str) -> tuple[ShopPicture, ...]:
    known, found = shops(reader), shopfront.sellable(reader, shopfront.showing(reader, [sku]))
    return tuple(
        ShopPicture(
            shop_id=shop_id,
            channel_id=known[shop_id].channel_id,
            sku=item,
            sellable_units=units,
            buffer_units=known[shop_id].buffer_units,
            multiple_units=known[shop_id].multiple_units,
            cap_units=known[shop_id].cap_units,
            shown_units=known[shop_id].shows(units),
        )
        for (shop_id, item), units in sorted(found.items())
    )
