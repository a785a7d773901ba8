"""How units come to a pool, leave it, and are brought back to what its parts are to have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from solver.stock.layers.accounts import REST, Pool
from solver.stock.layers.apportion import PERMILLE, apportioned, by_largest_remainder, served
from solver.stock.layers.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part of a pool is to have: so many units, or a share of what such amounts leave.

    Parts stand in the order in which they are served. A part that is no longer wanted is to have nothing.
    """

    name: str
    permille: int = 0
    units: int = 0
    rebalances: bool = False


def come(draft: Draft, pool: Pool, parts: Sequence[Part], units: int) -> None:
    """Share out units that come to a pool: by the shares, counting all that ever came; what is no one's is the rest's.

    Where a part re-balances, everything free is shared out anew instead.
    """
    shares = [(part.name, part.permille) for part in parts if part.permille]
    names = [name for name, _ in shares] + [REST]
    permilles = [permille for _, permille in shares]
    permilles.append(PERMILLE - sum(permilles))
    before = [-draft.posted(pool.fed(name)) for name in names]
    for name, share in zip(names, by_largest_remainder(units, permilles, before), strict=True):
        draft.move(share, of=pool.fed(name), to=pool.account(name))
    if any(part.rebalances for part in parts):
        rebalance(draft, pool, parts)


def go(draft: Draft, pool: Pool, parts: Sequence[Part], units: int) -> None:
    """Take units that are no longer sellable out of a pool: of the rest first, then of the part that is served last."""
    order = [part.name for part in parts]
    unwanted = [name for name in draft.parts(pool) if name not in order]
    for name in [REST, *unwanted, *reversed(order)]:
        taken = min(units, draft.free(pool.account(name)))
        draft.move(taken, of=pool.account(name), to=pool.fell())
        units -= taken
    # What is still left to take is not free at the site either: its own guard refuses the entry.
    if any(part.rebalances for part in parts):
        rebalance(draft, pool, parts)


def rebalance(draft: Draft, pool: Pool, parts: Sequence[Part], only: Collection[str] | None = None) -> None:
    """Move free units between the parts and the rest until every part has what it is to have, as far as there are any.

    `only`: these parts alone; the others keep what they have. What is held stays where it is held.
    """
    unwanted = [Part(name=name) for name in draft.parts(pool) if name not in {part.name for part in parts}]
    all_parts = [*parts, *unwanted]
    have = [draft.posted(pool.account(part.name)) for part in all_parts]
    wanted = targets(draft.total(pool), all_parts)
    least = [draft.pending(pool.account(part.name)) for part in all_parts]
    for place, part in enumerate(all_parts):
        if only is not None and part.name not in only:
            wanted[place] = least[place] = have[place]
    left = draft.total(pool) - sum(least) - draft.pending(pool.account(REST))
    for part, had, has in zip(all_parts, have, served(left, wanted, least), strict=True):
        account, rest = pool.account(part.name), pool.account(REST)
        if has > had:
            draft.move(has - had, of=rest, to=account)
        else:
            draft.move(had - has, of=account, to=rest)


def targets(total: int, parts: Sequence[Part]) -> list[int]:
    """What each part is to have of so many units: the amounts, and the shares of what they leave."""
    amounts = served(total, [part.units for part in parts], [0] * len(parts))
    shares = apportioned(total - sum(amounts), [part.permille for part in parts])
    return [amount + share for amount, share in zip(amounts, shares, strict=True)]


def remember_shares(draft: Draft, pool: Pool, parts: Sequence[Part]) -> None:
    """Count what came so far as shared out by these shares: new shares owe nobody anything for the past."""
    known = [name for name in draft.parts(pool) if name not in {part.name for part in parts}]
    names = [part.name for part in parts] + known
    came = -sum(draft.posted(pool.fed(name)) for name in [*names, REST])
    shares = apportioned(came, [*(part.permille for part in parts), *(0 for _ in known)])
    for name, share in zip(names, shares, strict=True):
        draft.move(share + draft.posted(pool.fed(name)), of=pool.fed(name), to=pool.fed(REST))
