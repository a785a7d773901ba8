"""Placing holds: new names together, with as few statements as one takes; what replaces another hold by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from solver.errors import InvalidRequest, StateConflict, StockShort
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Entry, EntryState, Transfer
from solver.stock.expected import promises
from solver.stock.holding.claiming import Shelf
from solver.stock.holding.contents import AWAITED, contents_of, good_places, sites_of
from solver.stock.holding.hold_terms import NO_TERMS, HoldTerms, add_terms, keep_terms
from solver.stock.holding.standing import (
    FirstHold,
    HoldName,
    commit_first,
    known,
    stand,
    stand_first,
    stands_no_more,
    taken_names,
)
from solver.stock.model import Claim, StockHold
from solver.stock.physical.picking import Places
from solver.stock.posting import too_few
from solver.stock.rows import Place
from solver.stock.serving import serve
from solver.stock.sweeping import sweep
from solver.storage.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHold:
    """A hold that a caller wants: under which name, of what, and for how long from now."""

    hold_id: str
    claims: Sequence[Claim]
    hold_for: timedelta
    terms: HoldTerms = NO_TERMS

    @property
    def name(self) -> HoldName:
        """The name in the journal."""
        return HoldName.of_caller(self.hold_id)


HoldRefused: TypeAlias = InvalidRequest | StateConflict | StockShort
Placed: TypeAlias = StockHold | HoldRefused


class Placing:
    """Places holds over one journal."""

    def __init__(self, journal: Journal, places: Places) -> None:
        self._journal = journal
        self._places = places

    def each(self, tx: Transaction, wanted: Sequence[WantedHold]) -> list[Placed]:
        """What became of each, one after the other: the hold as it stands, or why it is refused and changed nothing.

        The errors are those of `Holds.place`.
        """
        sweep(self._journal, self._places, tx)
        taken = taken_names(tx, [one.hold_id for one in wanted])
        placed: list[Placed] = []
        new: dict[str, WantedHold] = {}
        for one in wanted:
            if one.hold_id in taken or one.hold_id in new:
                made = self._new(tx, list(new.values()))
                taken |= {hold.hold_id for hold in made if isinstance(hold, StockHold)}
                placed += made
                new = {}
            if one.hold_id in taken:
                placed.append(self._instead(tx, one))
            else:
                new[one.hold_id] = one
        return [*placed, *self._new(tx, list(new.values()))]

    def committed(self, tx: Transaction, wanted: Sequence[WantedHold]) -> list[StockHold] | None:
        """Holds of names that never had one, placed and confirmed with the statements of one.

        None, and nothing but sweeping is done, where that is not all there is to it: a name is known or stands twice,
        or something of them is not there.
        """
        sweep(self._journal, self._places, tx)
        names = [one.hold_id for one in wanted]
        if not wanted or len(set(names)) < len(names) or taken_names(tx, names):
            return None
        until = self._journal.now(tx)
        shelf = Shelf(self._journal, tx, [claim for one in wanted for claim in one.claims])
        holds: list[FirstHold] = []
        for one in wanted:
            transfers = _taken(shelf, one)
            if not isinstance(transfers, list) or any(moved.credit.kind in AWAITED for moved in transfers):
                return None
            holds.append((one.hold_id, transfers, until + one.hold_for))
        try:
            commit_first(self._journal, tx, holds)
        except (GuardRefused, InvalidRequest):  # nothing was written
            return None
        add_terms(tx, {one.hold_id: one.terms for one in wanted})
        return [
            StockHold(
                hold_id=one.hold_id,
                state=EntryState.CONFIRMED,
                expires_at=expires_at,
                contents=contents_of(transfers, {}),
                channel=one.terms.channel,
                order_id=one.terms.order_id,
            )
            for one, (_, transfers, expires_at) in zip(wanted, holds, strict=True)
        ]

    def _new(self, tx: Transaction, wanted: Sequence[WantedHold]) -> list[Placed]:
        """Holds of names that never had one."""
        if not wanted:
            return []
        now = self._journal.now(tx)
        shelf = Shelf(self._journal, tx, [claim for one in wanted for claim in one.claims])
        found = [_taken(shelf, one) for one in wanted]
        holds = [
            (one.hold_id, transfers, now + one.hold_for)
            for one, transfers in zip(wanted, found, strict=True)
            if isinstance(transfers, list)
        ]
        try:
            entries = iter(stand_first(self._journal, tx, holds) if holds else ())
        except (GuardRefused, InvalidRequest) as refused:  # nothing was written
            if len(wanted) > 1:
                return [placed for one in wanted for placed in self._new(tx, [one])]
            return [_refusal(wanted[0], refused)]
        add_terms(tx, {one.hold_id: one.terms for one, was in zip(wanted, found, strict=True) if isinstance(was, list)})
        return [
            self._standing(tx, one, next(entries), was, noted=False) if isinstance(was, list) else was
            for one, was in zip(wanted, found, strict=True)
        ]

    def _standing(
        self, tx: Transaction, one: WantedHold, entry: Entry, transfers: Sequence[Transfer], *, noted: bool
    ) -> StockHold:
        """The hold that this entry stands for, its promises noted; `noted`: some may have been before."""
        sites = sites_of(tx, transfers)
        awaited = promises.awaited_by(transfers, sites)
        if awaited or noted:
            promises.note(tx, one.name, awaited, entry.entry_id, one.terms.channel)
        assert entry.expires_at is not None
        return StockHold(
            hold_id=one.hold_id,
            state=EntryState.HELD,
            expires_at=entry.expires_at,
            contents=contents_of(transfers, sites),
            channel=one.terms.channel,
            order_id=one.terms.order_id,
        )

    def _instead(self, tx: Transaction, one: WantedHold) -> Placed:
        """A hold of a name that had one: what still stands of it is given back, and does not count against itself."""
        try:
            with tx.attempt():
                return self._replace(tx, one)
        except (InvalidRequest, StateConflict, StockShort) as refused:
            return refused

    def _replace(self, tx: Transaction, one: WantedHold) -> StockHold:
        name, current = one.name, known(self._journal, tx, one.name)
        state = self._journal.state(tx, current.entry.entry_id)
        if state is EntryState.CONFIRMED:
            raise stands_no_more(name, state)
        freed: tuple[Place, ...] = ()
        if state is EntryState.HELD:
            freed = good_places(self._journal.transfers_of_hold(tx, current.entry.entry_id))
            self._journal.release(tx, current.entry.entry_id)
        else:
            promises.keep(tx, name, {})
        transfers = Shelf(self._journal, tx, one.claims).take(one.hold_id, one.claims, one.terms.channel)
        until = self._journal.now(tx) + one.hold_for
        try:
            standing = stand(self._journal, tx, name, current, transfers, until)
        except GuardRefused as refused:
            raise too_few(f"hold {one.hold_id}", refused) from refused
        keep_terms(tx, one.hold_id, one.terms)
        hold = self._standing(tx, one, standing.entry, transfers, noted=True)
        serve(self._journal, self._places, tx, dict.fromkeys(freed, 0), one.hold_id)
        return hold


def _taken(shelf: Shelf, one: WantedHold) -> list[Transfer] | HoldRefused:
    try:
        return shelf.take(one.hold_id, one.claims, one.terms.channel)
    except (InvalidRequest, StockShort) as refused:
        return refused


def _refusal(one: WantedHold, refused: GuardRefused | InvalidRequest) -> HoldRefused:
    return too_few(f"hold {one.hold_id}", refused) if isinstance(refused, GuardRefused) else refused
