"""Saying what logical warehouses and channels are to have, beginning to divide what lies there, and re-balancing."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from solver.journal.changes import tail
from solver.journal.journal import Journal
from solver.journal.model import Book, Transfer
from solver.stock.accounts import GOOD
from solver.stock.layers.accounts import ALLOTTED, REST, Pool, channel_pool, pool_and_part, site_pool
from solver.stock.layers.allotment import follow_warehouses
from solver.stock.layers.ceiling_rows import note_counts
from solver.stock.layers.ceilings import set_ceilings
from solver.stock.layers.channel_model import ANYWHERE, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import channels, put_quotas, put_warehouses, quotas, warehouses
from solver.stock.layers.dividing_check import (
    refuse_bad_quotas,
    refuse_bad_warehouses,
    refuse_unmet_feeds,
    refuse_unmet_quotas,
)
from solver.stock.layers.draft import Draft
from solver.stock.layers.pools import rebalance, remember_shares
from solver.stock.layers.wanted import Wanted
from solver.stock.physical.shortfalls import settle_shortfalls
from solver.stock.rows import Place
from solver.storage.database import Reader, Transaction

BEGUN = "stock_division_begun"
DIVIDED = "stock_divided"
REBALANCED = "stock_rebalanced"


def set_warehouses(journal: Journal, tx: Transaction, nouns: Sequence[LogicalWarehouse], reference: str) -> None:
    """Let sites feed logical warehouses as said, in place of what was said of these warehouses before.

    Free units move at once; what is held stays where it is held. One without feeds is given up. Raises InvalidRequest
    naming every wrong field: shares of a site that sum to more than 1000, amounts above what is there.
    """
    _expire(journal, tx)
    before = warehouses(tx)
    refuse_bad_warehouses(nouns, before)
    put_warehouses(tx, nouns)
    changed = {one.logical_id for one in nouns}
    feeds = [feed for one in (*nouns, *before.values()) if one.logical_id in changed for feed in one.feeds]
    good = _good_of(journal, tx, feeds)
    skus = {sku for _, sku in good}
    wanted = Wanted.read(tx, skus)
    fed = [place for place in good if wanted.of_site(*place)]
    _begin(journal, tx, {site_pool(*place): good[place] for place in fed}, reference)
    draft = Draft(journal, tx, skus)
    for place in good:
        pool, parts = site_pool(*place), wanted.of_site(*place)
        if draft.is_divided(pool):
            rebalance(draft, pool, parts, changed)
            remember_shares(draft, pool, parts)
    refuse_unmet_feeds(draft, nouns)
    follow_warehouses(draft, wanted.of_pool)
    _post(journal, tx, DIVIDED, reference, draft.moved())


def set_quotas(journal: Journal, tx: Transaction, rows: Sequence[Quota], reference: str) -> None:
    """Give channels what is said, in place of what was said for the same channel, tier, warehouse and SKU before.

    Free units move at once; what is held stays held, and counts. Raises InvalidRequest naming every wrong field:
    unknown channels, shares above 1000, exclusive units above what is there, a ceiling below what is held and sold.
    """
    _expire(journal, tx)
    skus = {one.sku for one in rows}
    refuse_bad_quotas(rows, quotas(tx, skus), channels(tx), warehouses(tx))
    put_quotas(tx, rows)
    wanted = Wanted.read(tx, skus)
    changed: dict[Pool, set[str]] = {}
    for one in rows:
        changed.setdefault(channel_pool(one.logical_id, one.sku), set()).add(one.seller)
    _begin(journal, tx, _totals(journal, tx, changed), reference)
    _open_ceilings(journal, tx, rows, reference)
    draft = Draft(journal, tx, skus)
    for pool, sellers in changed.items():
        if draft.is_divided(pool):
            rebalance(draft, pool, wanted.of_pool(pool), sellers)
            remember_shares(draft, pool, wanted.of_pool(pool))
    refuse_unmet_quotas(draft, rows)
    set_ceilings(draft, rows)
    _post(journal, tx, DIVIDED, reference, draft.moved())
    note_counts(tx, [one for one in rows if one.counts_anew], tail(tx).entry_id)


def rebalance_all(
    journal: Journal,
    tx: Transaction,
    reference: str,
    skus: Collection[str] | None = None,
    site_ids: Collection[str] | None = None,
) -> int:
    """Bring free units of these SKUs (None: all) back to what was said, at these sites and in every channel.

    Returns how many units moved.
    """
    _expire(journal, tx)
    known = journal.units(tx, Book.DISPATCH) | journal.units(tx, Book.CHANNEL) if skus is None else set(skus)
    wanted, draft = Wanted.read(tx, known), Draft(journal, tx, known)
    for pool in draft.pools(Book.DISPATCH):
        if site_ids is None or pool.of in site_ids:
            rebalance(draft, pool, wanted.of_site(pool.of, pool.sku))
    follow_warehouses(draft, wanted.of_pool)
    for pool in draft.pools(Book.CHANNEL):
        rebalance(draft, pool, wanted.of_pool(pool))
    moved = draft.moved()
    _post(journal, tx, REBALANCED, reference, moved)
    return sum(one.amount for one in moved if one.debit.guarded and one.credit.guarded)


def _expire(journal: Journal, tx: Transaction) -> None:
    """What due holds give back is owed to shortfalls first."""
    if journal.expire_due(tx):
        settle_shortfalls(journal, tx)


def _good_of(journal: Journal, reader: Reader, feeds: Iterable[Feed]) -> dict[Place, int]:
    """The sellable units of what these feeds may be of: sites and SKUs."""
    of_sites: dict[str, set[str]] = {}
    for feed in feeds:
        of_sites.setdefault(feed.site_id, set()).add(feed.sku)
    return {
        (one.account.holder, one.account.unit): one.posted
        for one in journal.balances(reader, Book.STOCK, (GOOD,), holders=of_sites)
        if {"", one.account.unit} & of_sites[one.account.holder]
    }


def _totals(journal: Journal, reader: Reader, pools: Collection[Pool]) -> dict[Pool, int]:
    """What there is to divide in each of these pools of channels."""
    skus = {pool.sku for pool in pools}
    totals = dict.fromkeys(pools, 0)
    for one in journal.balances(reader, Book.STOCK, (GOOD,), units=skus):
        pool = channel_pool(ANYWHERE, one.account.unit)
        if pool in totals:
            totals[pool] += one.posted
    for one in journal.balances(reader, Book.DISPATCH, (ALLOTTED,), units=skus):
        pool = channel_pool(pool_and_part(one.account)[1], one.account.unit)
        if pool in totals:
            totals[pool] += one.posted
    return totals


def _begin(journal: Journal, tx: Transaction, totals: Mapping[Pool, int], reference: str) -> None:
    """Open pools that are not divided yet: all is no one's, and what is held is held in them as well."""
    draft = Draft(journal, tx, {pool.sku for pool in totals})
    begun = {pool: units for pool, units in totals.items() if units and not draft.is_divided(pool)}
    for pool, units in begun.items():
        draft.move(units, of=pool.fed(REST), to=pool.account(REST))
    _post(journal, tx, BEGUN, reference, draft.moved())
    for entry_id, transfers in _held_already(journal, tx, begun).items():
        journal.hold_alongside(tx, entry_id, transfers)


def _open_ceilings(journal: Journal, tx: Transaction, rows: Sequence[Quota], reference: str) -> None:
    """Open the accounts of new ceilings by a unit, which is then set right: one of 0 would leave none."""
    draft = Draft(journal, tx, {one.sku for one in rows})
    for one in rows:
        pool = channel_pool(one.logical_id, one.sku)
        if one.ceiling_units is not None and not draft.knows(pool.may_take(one.seller)):
            draft.move(1, of=pool.leave(), to=pool.may_take(one.seller))
    _post(journal, tx, BEGUN, reference, draft.moved())


def _held_already(journal: Journal, reader: Reader, begun: Collection[Pool]) -> dict[int, list[Transfer]]:
    """By hold, what it is to hold in pools that begin, as nobody's."""
    skus = {pool.sku for pool in begun}
    held: dict[int, list[Transfer]] = {}
    for one in journal.set_aside(reader, Book.STOCK, GOOD, skus):
        for pool in (site_pool(one.holder, one.unit), channel_pool(ANYWHERE, one.unit)):
            if pool in begun:
                held.setdefault(one.entry_id, []).append(_nobodys(pool, one.amount))
    for one in journal.set_aside(reader, Book.DISPATCH, ALLOTTED, skus):
        pool = channel_pool(one.holder.partition("@")[0], one.unit)
        if pool in begun:
            held.setdefault(one.entry_id, []).append(_nobodys(pool, one.amount))
    return held


def _nobodys(pool: Pool, units: int) -> Transfer:
    return Transfer(debit=pool.taken(""), credit=pool.account(REST), amount=units)


def _post(journal: Journal, tx: Transaction, kind: str, reference: str, transfers: Sequence[Transfer]) -> None:
    if transfers:
        journal.post(tx, kind, reference, transfers)
