"""A hold that is extended, split or passed on. Its units are never free meanwhile and keep their place in the line."""

from collections.abc import Sequence
from datetime import timedelta

from solver.errors import StateConflict, Violations
from solver.journal.journal import Journal
from solver.journal.model import EntryState
from solver.stock.expected import promises
from solver.stock.holding.contents import contents_of, divided, refuse_more, slots_of, transfers_and_sites
from solver.stock.holding.hold_terms import HoldTerms, keep_terms, terms_of
from solver.stock.holding.standing import HoldName, Standing, find, held, stand
from solver.stock.model import Claim
from solver.stock.rows import refuse_invalid
from solver.storage.database import Transaction


class HoldChanges:
    """Changes of standing holds, which are known by their callers' names."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def extend(self, tx: Transaction, hold_id: str, hold_for: timedelta) -> None:
        """Let a hold stand for so long from now; one that stands for longer already stays as it is.

        Raises NotFound, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        current = held(self._journal, tx, HoldName.of_caller(hold_id))
        until = self._journal.now(tx) + hold_for
        if until <= current.expires_at:
            return
        transfers = self._journal.transfers_of_hold(tx, current.entry.entry_id)
        self._journal.release(tx, current.entry.entry_id)
        stand(self._journal, tx, current.name, current, transfers, until)

    def split(self, tx: Transaction, hold_id: str, to_hold_id: str, claims: Sequence[Claim], order_id: str) -> None:
        """Move these units to a new hold with the same expiry and channel; units that are there are moved first.

        Raises InvalidRequest for more than is held or for the same name, StateConflict (HOLD_EXISTS: the other name has
        a hold that stands or is confirmed), and what `extend` raises.
        """
        giver, taker = HoldName.of_caller(hold_id), HoldName.of_caller(to_hold_id)
        current = held(self._journal, tx, giver)
        before = self._vacant(tx, giver, taker)
        transfers, sites = transfers_and_sites(self._journal, tx, current.entry.entry_id)
        refuse_invalid("split", "claims", claims, signed=False)
        refuse_more("the split", claims, contents_of(transfers, sites))
        moved, kept = divided(transfers, sites, slots_of(claims), real_first=True)
        self._journal.release(tx, current.entry.entry_id)
        if kept:
            stand(self._journal, tx, giver, current, kept, current.expires_at)
        stand(self._journal, tx, taker, before, moved, current.expires_at)
        promises.hand_over(tx, giver, taker, promises.awaited_by(moved, sites))
        keep_terms(tx, to_hold_id, HoldTerms(channel=terms_of(tx, hold_id).channel, order_id=order_id))

    def transfer(self, tx: Transaction, hold_id: str, to_hold_id: str, order_id: str) -> None:
        """Pass all that a hold has on to another name, to another order, or both; expiry and channel stay.

        The same name changes the order alone. Raises what `split` raises.
        """
        giver, taker = HoldName.of_caller(hold_id), HoldName.of_caller(to_hold_id)
        current = held(self._journal, tx, giver)
        terms = HoldTerms(channel=terms_of(tx, hold_id).channel, order_id=order_id)
        if giver != taker:
            before = self._vacant(tx, giver, taker)
            transfers, sites = transfers_and_sites(self._journal, tx, current.entry.entry_id)
            self._journal.release(tx, current.entry.entry_id)
            stand(self._journal, tx, taker, before, transfers, current.expires_at)
            promises.hand_over(tx, giver, taker, promises.awaited_by(transfers, sites))
        keep_terms(tx, to_hold_id, terms)

    def _vacant(self, tx: Transaction, giver: HoldName, taker: HoldName) -> Standing | None:
        """What stood for a name that is free to be given to a hold."""
        violations = Violations()
        violations.require(giver != taker, "to_hold_id", taker.name, "give another name than the hold's own")
        violations.refuse_any("the split")
        before = find(self._journal, tx, taker)
        if before is None:
            return None
        state = self._journal.state(tx, before.entry.entry_id)
        if state in (EntryState.HELD, EntryState.CONFIRMED):
            raise StateConflict(
                f"{taker} exists and is {state}; give another name", reason="HOLD_EXISTS", metadata=taker.metadata
            )
        promises.keep(tx, taker, {})
        return before
