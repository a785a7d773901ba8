"""Holding for many plans at once: what they may take is read once, and each leaves less to the next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from solver.errors import StockShort
from solver.journal.journal import Journal
from solver.journal.model import AccountKey, FreeHold, Transfer
from solver.stock.accounts import committed, good
from solver.stock.holding.standing import PLANNED
from solver.stock.layers.entitlement import Layers
from solver.stock.rows import Place, stock_short
from solver.storage.database import Transaction

_Sides: TypeAlias = tuple[AccountKey, AccountKey]  # what a hold debits, and what it credits
_Taken: TypeAlias = tuple["PlannedHold", list[Transfer]]  # a hold that gets what it wants, and what it draws above


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHold:
    """What a plan takes of what is there, at least one unit wherever it takes any, and until when.

    `seller` is the channel it is for, which bounds what it takes.
    """

    hold_id: str
    units: Mapping[Place, int]
    expires_at: datetime
    seller: str = ""


def hold_planned(journal: Journal, tx: Transaction, wanted: Sequence[PlannedHold]) -> list[StockShort | None]:
    """Hold for each plan, one after the other: None, or why nothing is held for it. Sweep before.

    All are written with the statements of one. Raises InvalidRequest and StateConflict as `Journal.hold_each` does;
    nothing is written then.
    """
    sides = {place: (committed(*place), good(*place)) for place in {place: 0 for one in wanted for place in one.units}}
    free_of = journal.free_of(tx, [there for _, there in sides.values()], [promised for promised, _ in sides.values()])
    free = {place: free_of[there] for place, (_, there) in sides.items()}
    layers = Layers(journal, tx, sides)
    found = [_taken(one, free, layers) for one in wanted]
    taken = [(one, drawn) for one, drawn in zip(wanted, found, strict=True) if isinstance(drawn, list)]
    if taken:
        journal.hold_free(tx, PLANNED, list(_holds(taken, sides, journal.opened(tx, _accounts(taken, sides)))))
    return [None if isinstance(one, list) else one for one in found]


def _taken(one: PlannedHold, free: dict[Place, int], layers: Layers) -> list[Transfer] | StockShort:
    """What a hold draws in the layers above, gone from what is `free`; or what it is short of, and nothing is gone."""
    drawn = layers.draw(one.seller, one.units)
    short = drawn.short or [(place, units, free[place]) for place, units in one.units.items() if units > free[place]]
    if short:
        layers.put_back(drawn)
        subject = f"for {one.seller or 'no channel'}" if drawn.short else one.hold_id
        return stock_short("the hold" if drawn.short else "hold", subject, short)
    for place, units in one.units.items():
        free[place] -= units
    return drawn.transfers


def _accounts(taken: Iterable[_Taken], sides: Mapping[Place, _Sides]) -> dict[AccountKey, None]:
    """What the holds move, in the sequence in which they would open it one by one."""
    keys: dict[AccountKey, None] = {}
    met: set[Place] = set()
    for one, drawn in taken:
        for place in one.units:
            if place not in met:
                met.add(place)
                keys.update(dict.fromkeys(sides[place]))
        for transfer in drawn:
            keys[transfer.debit] = keys[transfer.credit] = None
    return keys


def _holds(taken: Iterable[_Taken], sides: Mapping[Place, _Sides], ids: Mapping[AccountKey, int]) -> Iterator[FreeHold]:
    ids_at = {place: (ids[debit], ids[credit]) for place, (debit, credit) in sides.items() if debit in ids}
    for one, drawn in taken:
        moves = [(*ids_at[place], units) for place, units in one.units.items()]
        moves += [(ids[transfer.debit], ids[transfer.credit], transfer.amount) for transfer in drawn]
        yield FreeHold(subject=one.hold_id, moves=moves, expires_at=one.expires_at)
