"""Dispatch and channels follow the sites: what becomes sellable is shared out, what ceases to be is taken away."""

from collections.abc import Callable, Mapping

from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.layers.accounts import Pool, channel_pool, site_pool
from solver.stock.layers.channel_model import ANYWHERE
from solver.stock.layers.draft import Draft
from solver.stock.layers.pools import Part, come, go
from solver.stock.layers.wanted import Wanted
from solver.stock.rows import Place
from solver.storage.database import Reader

# (logical warehouse, SKU) -> units
ByWarehouse = dict[tuple[str, str], int]


def shared_out(journal: Journal, reader: Reader, changes: Mapping[Place, int]) -> list[Transfer]:
    """What is to be posted in one entry with changes of the sellable units of sites, by site and SKU.

    Nothing where no one shares in them. More than is free is not taken away here: the guards of the sites refuse it.
    """
    skus = {sku for _, sku in changes}
    draft = Draft(journal, reader, skus, {site_id for site_id, _ in changes})
    follow(draft, Wanted.read(reader, skus), changes)
    return draft.moved()


def follow(draft: Draft, wanted: Wanted, changes: Mapping[Place, int]) -> None:
    """Draft what dispatch and channels make of changes of the sellable units of sites. Once for each draft."""
    for (site_id, sku), units in changes.items():
        _follow(draft, site_pool(site_id, sku), wanted.of_site(site_id, sku), units)
    follow_warehouses(draft, wanted.of_pool)
    in_all: dict[str, int] = {}
    for (_, sku), units in changes.items():
        in_all[sku] = in_all.get(sku, 0) + units
    for sku, units in sorted(in_all.items()):
        pool = channel_pool(ANYWHERE, sku)
        _follow(draft, pool, wanted.of_pool(pool), units)


def follow_warehouses(draft: Draft, parts_of: Callable[[Pool], tuple[Part, ...]]) -> None:
    """Channels follow the logical warehouses whose units the draft changes. Call it once, after it changed them."""
    for (logical_id, sku), units in sorted(_changed(draft).items()):
        pool = channel_pool(logical_id, sku)
        _follow(draft, pool, parts_of(pool), units)


def _changed(draft: Draft) -> ByWarehouse:
    changed: ByWarehouse = {}
    for pool in draft.pools(Book.DISPATCH):
        for logical_id in draft.parts(pool):
            key = (logical_id, pool.sku)
            changed[key] = changed.get(key, 0) + draft.change(pool.account(logical_id))
    return changed


def _follow(draft: Draft, pool: Pool, parts: tuple[Part, ...], units: int) -> None:
    if not parts and not draft.is_divided(pool):
        return
    if units > 0:
        come(draft, pool, parts, units)
    elif units < 0:
        go(draft, pool, parts, -units)
