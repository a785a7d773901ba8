"""What a part of a hold has in the layers above the sites: the transfers there that belong to units of a site."""

from collections import Counter
from collections.abc import Mapping, Sequence

from solver.journal.model import AccountKey, Book, Transfer
from solver.stock.layers.accounts import HAS_TAKEN, TAKEN, pool_and_part, site_pool
from solver.stock.rows import Place


def layer_units(transfers: Sequence[Transfer], part: Mapping[Place, int]) -> list[int]:
    """Of each transfer of a hold in dispatch and channels, how many units belong to so many sellable ones of each site.

    0 for the transfers of other books.
    """
    taken = [0] * len(transfers)
    by_logical: Counter[tuple[str, str]] = Counter()
    by_sku: Counter[str] = Counter()
    for (_, sku), units in part.items():
        by_sku[sku] += units
    left = dict(part)
    for at, one in enumerate(transfers):
        if one.credit.book is Book.DISPATCH:
            pool, logical_id = pool_and_part(one.credit)
            taken[at] = min(one.amount, left.get((pool.of, pool.sku), 0))
            left[pool.of, pool.sku] = left.get((pool.of, pool.sku), 0) - taken[at]
            by_logical[logical_id, pool.sku] += taken[at]
    wanted: dict[tuple[str, ...], int] = {}
    for at, one in enumerate(transfers):
        if one.credit.book is Book.CHANNEL:
            pool, _ = pool_and_part(one.credit)
            group = _group(one)
            due = by_logical[pool.of, pool.sku] if pool.of else by_sku[pool.sku]
            taken[at] = min(one.amount, wanted.get(group, due))
            wanted[group] = wanted.get(group, due) - taken[at]
    return taken


def ceilings_back(held: Sequence[Transfer], given: Sequence[Transfer], place: Place, units: int) -> list[Transfer]:
    """What gives units that a hold took at a site back to the ceilings they count against.

    `held` are all transfers of the hold, `given` those that gave some of it back before.
    """
    before: Counter[AccountKey] = Counter()
    for one in given:
        if one.credit.kind == HAS_TAKEN:
            before[one.credit] += one.amount
    site_id, sku = place
    logical_ids = {
        pool_and_part(one.credit)[1]
        for one in held
        if one.credit.book is Book.DISPATCH and pool_and_part(one.credit)[0] == site_pool(site_id, sku)
    }
    left: dict[tuple[str, bool], int] = {}
    back = []
    for one in held:
        if one.debit.kind != HAS_TAKEN or one.debit.unit != sku:
            continue
        pool, seller = pool_and_part(one.credit)
        if pool.of and pool.of not in logical_ids:
            continue
        already = min(one.amount, before[one.debit])
        before[one.debit] -= already
        group = (seller, bool(pool.of))
        returned = min(one.amount - already, left.get(group, units))
        left[group] = left.get(group, units) - returned
        if returned:
            back.append(Transfer(debit=one.credit, credit=one.debit, amount=returned))
    return back


def _group(transfer: Transfer) -> tuple[str, ...]:
    """Transfers that share out the same units: what is taken from one pool, or what counts against one ceiling."""
    pool, _ = pool_and_part(transfer.credit)
    if transfer.debit.kind == HAS_TAKEN:
        return HAS_TAKEN, pool.of, pool.sku, transfer.debit.holder
    return TAKEN, pool.of, pool.sku
