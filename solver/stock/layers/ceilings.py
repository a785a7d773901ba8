"""How many units a seller may hold and sell in all."""

from collections.abc import Sequence

from solver.errors import Violations
from solver.stock.layers.accounts import Pool, channel_pool
from solver.stock.layers.channel_model import Quota
from solver.stock.layers.draft import Draft

NO_CEILING = 10**12  # what a seller may take whose ceiling was taken away; far above any stock


def set_ceilings(draft: Draft, rows: Sequence[Quota]) -> None:
    """Draft the ceilings that these quotas say; what is held and sold counts from the first ceiling on, or anew.

    Raises InvalidRequest naming every ceiling that is below what is held and sold.
    """
    violations = Violations()
    for position, one in enumerate(rows):
        pool = channel_pool(one.logical_id, one.sku)
        account, sold = pool.may_take(one.seller), pool.has_taken(one.seller)
        if one.ceiling_units is None and not draft.knows(account):
            continue
        if one.counts_anew:
            draft.move(draft.posted(sold), of=sold, to=pool.leave())
        ceiling = NO_CEILING if one.ceiling_units is None else one.ceiling_units
        used = taken_of(draft, pool, one.seller)
        remedy = f"{one.seller} has {used} of {one.sku} held or sold; give at least that"
        if draft.posted(sold):
            remedy += ", or let it count anew"
        if violations.require(used <= ceiling, f"quotas[{position}].ceiling_units", ceiling, remedy):
            granted = draft.posted(account) + draft.posted(sold)
            draft.move(ceiling - granted, of=pool.leave(), to=account)
    violations.refuse_any("the list of quotas")


def taken_of(draft: Draft, pool: Pool, seller: str) -> int:
    """What counts against a seller's ceiling: held and sold units."""
    return draft.pending(pool.may_take(seller)) + draft.posted(pool.has_taken(seller))
