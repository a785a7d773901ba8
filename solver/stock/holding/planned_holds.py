"""Holding for many plans at once: what they may take is read once, and each leaves less to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from solver.errors import StockShort
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, Entry, NewHold, Transfer
from solver.stock.accounts import committed, good
from solver.stock.holding.standing import PLANNED
from solver.stock.layers.entitlement import Layers
from solver.stock.model import Claim
from solver.stock.rows import Place, refuse_invalid, stock_short, sums
from solver.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHold:
    """What a plan takes of what is there, until when; `seller` is the channel it is for, which bounds what it takes."""

    hold_id: str
    claims: Sequence[Claim]
    expires_at: datetime
    seller: str = ""


def hold_planned(journal: Journal, tx: Transaction, wanted: Sequence[PlannedHold]) -> list[Entry | StockShort]:
    """Hold for each plan, one after the other: its entry, or why nothing is held for it. Sweep before.

    All are written with the statements of one. Raises what `Journal.hold_each` raises, and InvalidRequest for claims
    that are not sound; nothing is written then.
    """
    sums_of = [_sums(one) for one in wanted]
    accounts = {place: (good(*place), committed(*place)) for units_of in sums_of for place in units_of}
    free_of = journal.free_of(tx, [there for there, _ in accounts.values()], [there for _, there in accounts.values()])
    free = {place: free_of[there] for place, (there, _) in accounts.items()}
    layers = Layers(journal, tx, accounts)
    found = [_taken(one, units_of, accounts, free, layers) for one, units_of in zip(wanted, sums_of, strict=True)]
    holds = [
        NewHold(subject=one.hold_id, transfers=taken, expires_at=one.expires_at)
        for one, taken in zip(wanted, found, strict=True)
        if isinstance(taken, list)
    ]
    entries = iter(journal.hold_each(tx, PLANNED, holds) if holds else ())
    return [next(entries) if isinstance(taken, list) else taken for taken in found]


def _sums(one: PlannedHold) -> dict[Place, int]:
    if one.claims:
        refuse_invalid("hold", "claims", one.claims, signed=False)
    return dict(sums(one.claims))


def _taken(
    one: PlannedHold,
    units_of: Mapping[Place, int],
    accounts: Mapping[Place, tuple[AccountKey, AccountKey]],
    free: dict[Place, int],
    layers: Layers,
) -> list[Transfer] | StockShort:
    """The transfers of a hold, gone from what is `free`; or what it is short of, and nothing is gone."""
    drawn = layers.draw(one.seller, units_of)
    short = drawn.short or [(place, units, free[place]) for place, units in units_of.items() if units > free[place]]
    if short:
        layers.put_back(drawn)
        subject = f"for {one.seller or 'no channel'}" if drawn.short else one.hold_id
        return stock_short("the hold" if drawn.short else "hold", subject, short)
    taken = []
    for place, units in units_of.items():
        free[place] -= units
        there, promised = accounts[place]
        taken.append(Transfer(debit=promised, credit=there, amount=units))
    return [*taken, *drawn.transfers]
