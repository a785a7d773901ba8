"""Holds that callers place, confirm and give back themselves, as for a cart, each by its caller's name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from solver.errors import NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import Entry, EntryState
from solver.stock.expected import promises
from solver.stock.expected.coming import COMING_SCHEMA
from solver.stock.expected.promises import PROMISE_SCHEMA
from solver.stock.holding.contents import (
    contents_of,
    divided,
    good_places,
    refuse_more,
    sites_of,
    slots_of,
    transfers_and_sites,
)
from solver.stock.holding.hold_changes import HoldChanges
from solver.stock.holding.hold_terms import NO_TERMS, TERMS_SCHEMA, HoldTerms, terms_of, terms_of_each
from solver.stock.holding.placing import Placed, Placing, WantedHold
from solver.stock.holding.standing import (
    PLACED,
    STANDING_SCHEMA,
    HoldName,
    Standing,
    find_each,
    held,
    known,
    not_there,
    stand,
    stands_no_more,
)
from solver.stock.model import Claim, HeldUnits, StockHold
from solver.stock.physical.picking import Places
from solver.stock.rows import Place, refuse_invalid
from solver.stock.safety import SAFETY_SCHEMA
from solver.stock.serving import serve
from solver.storage.database import Reader, Transaction

__all__ = ["HOLD_SCHEMA", "PLACED", "Holds"]

HOLD_SCHEMA = SAFETY_SCHEMA + STANDING_SCHEMA + TERMS_SCHEMA + COMING_SCHEMA + PROMISE_SCHEMA

Confirmed: TypeAlias = StockHold | NotFound | StateConflict


class Holds:
    """Holds by their callers' names. One name is one hold."""

    def __init__(self, journal: Journal, places: Places | None = None) -> None:
        self._journal = journal
        self._places = Places(journal) if places is None else places
        self._placing = Placing(journal, self._places)
        self.changes = HoldChanges(journal)

    def place(
        self,
        tx: Transaction,
        hold_id: str,
        claims: Sequence[Claim],
        hold_for: timedelta,
        terms: HoldTerms = NO_TERMS,
    ) -> StockHold:
        """Hold exactly these claims, for so long from now, all or none; claims on the same site and SKU add up.

        A hold of this name that still stands is replaced, and does not count against itself. What is not there is
        backordered where the site's limit allows it. Raises StockShort naming every short site and SKU, StateConflict
        (HOLD_CONFIRMED) and InvalidRequest; no hold is changed then.
        """
        wanted = WantedHold(hold_id=hold_id, claims=claims, hold_for=hold_for, terms=terms)
        [placed] = self.place_each(tx, [wanted])
        if isinstance(placed, Exception):
            raise placed
        return placed

    def place_each(self, tx: Transaction, wanted: Sequence[WantedHold]) -> list[Placed]:
        """`place` for each, one after the other: the hold, or the error of one that is refused and changed nothing.

        New names share their statements, so that many holds cost little more than one.
        """
        return self._placing.each(tx, wanted)

    def commit_each(self, tx: Transaction, wanted: Sequence[WantedHold]) -> list[Placed | Confirmed]:
        """`place_each` and then `confirm_each` of what was placed: the same entries, and each balance moves once."""
        committed = self._placing.committed(tx, wanted)
        if committed is not None:
            return list(committed)
        placed = self.place_each(tx, wanted)
        confirmed = iter(self.confirm_each(tx, [one.hold_id for one in placed if isinstance(one, StockHold)]))
        return [next(confirmed) if isinstance(one, StockHold) else one for one in placed]

    def confirm(self, tx: Transaction, hold_id: str) -> StockHold:
        """Commit what is held; backordered units are taken from what is free meanwhile, the others stay owed.

        Returns the hold as it stands then.
        Raises NotFound, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        [made] = self.confirm_each(tx, [hold_id])
        if isinstance(made, Exception):
            raise made
        return made

    def confirm_each(self, tx: Transaction, hold_ids: Sequence[str]) -> list[Confirmed]:
        """`confirm` for each, one after the other: the hold, or the error of one that is refused and changed nothing.

        They share their statements, so that many cost little more than one.
        """
        standing = find_each(self._journal, tx, hold_ids)
        contents = self._contents_of_each(tx, list(standing.values()))
        terms = terms_of_each(tx, standing)
        states: list[Entry | EntryState | None] = []
        for batch in _batches(hold_ids, contents):
            known = [standing[hold_id].entry.entry_id for hold_id in batch if hold_id in standing]
            made = iter(self._journal.confirm_each(tx, known))
            states += [next(made) if hold_id in standing else None for hold_id in batch]
            if isinstance(states[-1], Entry):
                serve(self._journal, self._places, tx, _waits(contents[batch[-1]]), batch[-1])
        confirmed: list[Confirmed] = []
        for hold_id, state in zip(hold_ids, states, strict=True):
            name = HoldName.of_caller(hold_id)
            if state is None:
                confirmed.append(not_there(name))
            elif isinstance(state, EntryState):
                confirmed.append(stands_no_more(name, state))
            else:
                of = terms.get(hold_id, NO_TERMS)
                confirmed.append(_told(standing[hold_id], EntryState.CONFIRMED, contents[hold_id], of))
        return confirmed

    def release(self, tx: Transaction, hold_id: str, claims: Sequence[Claim] = ()) -> StockHold:
        """Give these units back and keep the others until the same expiry; no claims: give everything back.

        Units that are not there yet are given back first. Returns the hold as it stands then. Raises InvalidRequest for
        more than is held, and what `confirm` raises; the caller's transaction must then end without effect.
        """
        name = HoldName.of_caller(hold_id)
        current = held(self._journal, tx, name)
        transfers, sites = transfers_and_sites(self._journal, tx, current.entry.entry_id)
        if claims:
            refuse_invalid("release", "claims", claims, signed=False)
            refuse_more("the release", claims, contents_of(transfers, sites))
        self._journal.release(tx, current.entry.entry_id)
        kept = divided(transfers, sites, slots_of(claims), real_first=False)[1] if claims else []
        if kept:
            stand(self._journal, tx, name, current, kept, current.expires_at)
        promises.keep(tx, name, promises.awaited_by(kept, sites))
        serve(self._journal, self._places, tx, dict.fromkeys(good_places(transfers), 0), hold_id)
        if kept:
            return self.find(tx, hold_id)
        return self._told(tx, current, EntryState.RELEASED, contents_of(transfers, sites))

    def find(self, reader: Reader, hold_id: str) -> StockHold:
        """The hold as it stands now. Raises NotFound."""
        standing = known(self._journal, reader, HoldName.of_caller(hold_id))
        state = self._journal.state(reader, standing.entry.entry_id)
        contents = contents_of(*transfers_and_sites(self._journal, reader, standing.entry.entry_id))
        return self._told(reader, standing, state, contents)

    def _told(
        self, reader: Reader, standing: Standing, state: EntryState, contents: tuple[HeldUnits, ...]
    ) -> StockHold:
        return _told(standing, state, contents, terms_of(reader, standing.name.name))

    def _contents_of_each(self, reader: Reader, standing: Sequence[Standing]) -> dict[str, tuple[HeldUnits, ...]]:
        transfers = self._journal.transfers_of_holds(reader, [one.entry.entry_id for one in standing])
        sites = sites_of(reader, (one for of_hold in transfers.values() for one in of_hold))
        return {one.name.name: contents_of(transfers[one.entry.entry_id], sites) for one in standing}


def _batches(hold_ids: Sequence[str], contents: Mapping[str, Sequence[HeldUnits]]) -> Iterator[list[str]]:
    """In their order, holds that are confirmed together; one that is owed units is the last of its batch."""
    batch: list[str] = []
    for hold_id in hold_ids:
        batch.append(hold_id)
        if _waits(contents.get(hold_id, ())):
            yield batch
            batch = []
    if batch:
        yield batch


def _waits(contents: Iterable[HeldUnits]) -> dict[Place, int]:
    """Where the hold is owed units, for `serve`."""
    return {(one.site_id, one.sku): 0 for one in contents if one.backordered_units}


def _told(standing: Standing, state: EntryState, contents: tuple[HeldUnits, ...], terms: HoldTerms) -> StockHold:
    return StockHold(
        hold_id=standing.name.name,
        state=state,
        expires_at=standing.expires_at,
        contents=contents,
        channel=terms.channel,
        order_id=terms.order_id,
    )
