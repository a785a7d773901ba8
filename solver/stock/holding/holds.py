"""Holds that callers place, confirm and give back themselves, as for a cart, each by its caller's name."""

from collections.abc import Sequence
from datetime import timedelta

from solver.errors import StateConflict
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.stock.expected import promises
from solver.stock.expected.backorders import cover
from solver.stock.expected.coming import COMING_SCHEMA
from solver.stock.expected.promises import PROMISE_SCHEMA
from solver.stock.holding.claiming import claimed
from solver.stock.holding.contents import contents_of, divided, refuse_more, sites_of, slots_of, transfers_and_sites
from solver.stock.holding.hold_changes import HoldChanges
from solver.stock.holding.hold_terms import NO_TERMS, TERMS_SCHEMA, HoldTerms, keep_terms, terms_of
from solver.stock.holding.standing import PLACED, STANDING_SCHEMA, HoldName, find, held, known, stand
from solver.stock.model import Claim, StockHold
from solver.stock.physical.picking import Places
from solver.stock.physical.shortfalls import settle_shortfalls
from solver.stock.posting import too_few
from solver.stock.rows import refuse_invalid
from solver.stock.safety import SAFETY_SCHEMA
from solver.stock.sweeping import sweep
from solver.storage.database import Reader, Transaction

__all__ = ["HOLD_SCHEMA", "PLACED", "Holds"]

HOLD_SCHEMA = SAFETY_SCHEMA + STANDING_SCHEMA + TERMS_SCHEMA + COMING_SCHEMA + PROMISE_SCHEMA


class Holds:
    """Holds by their callers' names. One name is one hold."""

    def __init__(self, journal: Journal, places: Places | None = None) -> None:
        self._journal = journal
        self._places = Places(journal) if places is None else places
        self.changes = HoldChanges(journal)

    def place(
        self,
        tx: Transaction,
        hold_id: str,
        claims: Sequence[Claim],
        hold_for: timedelta,
        terms: HoldTerms = NO_TERMS,
    ) -> None:
        """Hold exactly these claims, for so long from now, all or none; claims on the same site and SKU add up.

        A hold of this name that still stands is replaced, and does not count against itself. What is not there is
        backordered where the site's limit allows it. Raises StockShort naming every short site and SKU, StateConflict
        (HOLD_CONFIRMED) and InvalidRequest; the caller's transaction must then end without effect.
        """
        sweep(self._journal, self._places, tx)
        name = HoldName.of_caller(hold_id)
        current = find(self._journal, tx, name)
        if current is not None:
            state = self._journal.state(tx, current.entry.entry_id)
            if state is EntryState.CONFIRMED:
                raise StateConflict(f"{name} is confirmed already", reason="HOLD_CONFIRMED", metadata=name.metadata)
            if state is EntryState.HELD:
                self._journal.release(tx, current.entry.entry_id)
            else:
                promises.keep(tx, name, {})
        transfers = claimed(self._journal, tx, hold_id, claims, terms.channel)
        try:
            standing = stand(self._journal, tx, name, current, transfers, self._journal.now(tx) + hold_for)
        except GuardRefused as refused:
            raise too_few(f"hold {hold_id}", refused) from refused
        awaited = promises.awaited_by(transfers, sites_of(tx, transfers))
        if awaited or current is not None:
            promises.note(tx, name, awaited, standing.entry.entry_id)
            settle_shortfalls(self._journal, tx)  # a hold that is replaced may leave units free
        if terms != NO_TERMS or current is not None:
            keep_terms(tx, hold_id, terms)

    def confirm(self, tx: Transaction, hold_id: str) -> None:
        """Commit what is held; backordered units are taken from what has come meanwhile, the others stay owed.

        Raises NotFound, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        name = HoldName.of_caller(hold_id)
        entry_id = held(self._journal, tx, name).entry.entry_id
        self._journal.confirm(tx, entry_id)
        contents = contents_of(*transfers_and_sites(self._journal, tx, entry_id))
        cover(self._journal, tx, [(one.site_id, one.sku) for one in contents if one.backordered_units], hold_id)

    def release(self, tx: Transaction, hold_id: str, claims: Sequence[Claim] = ()) -> None:
        """Give these units back and keep the others until the same expiry; no claims: give everything back.

        Units that are not there yet are given back first. Raises InvalidRequest for more than is held, and what
        `confirm` raises; the caller's transaction must then end without effect.
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
        settle_shortfalls(self._journal, tx)

    def find(self, reader: Reader, hold_id: str) -> StockHold:
        """The hold as it stands now. Raises NotFound."""
        standing = known(self._journal, reader, HoldName.of_caller(hold_id))
        terms = terms_of(reader, hold_id)
        return StockHold(
            hold_id=hold_id,
            state=self._journal.state(reader, standing.entry.entry_id),
            expires_at=standing.expires_at,
            contents=contents_of(*transfers_and_sites(self._journal, reader, standing.entry.entry_id)),
            channel=terms.channel,
            order_id=terms.order_id,
        )
