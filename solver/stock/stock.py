"""Stock as a view over the journal: every unit moves by a transfer, every figure is a balance."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from solver.errors import NotFound, StockShort
from solver.journal.errors import GuardRefused
from solver.journal.journal import Journal
from solver.journal.model import Balance, Book, ByUnit, Discrepancy, Entry, EntryState, Transfer
from solver.stock import receipts
from solver.stock.accounts import BACKORDERABLE, BACKORDERED, COMMITTED, GOOD, committed, good
from solver.stock.audit import audit_places
from solver.stock.expected import promises
from solver.stock.expected.backorders import set_limits
from solver.stock.expected.later_claims import LaterClaim, later_transfers
from solver.stock.expected.promise_audit import audit_promises
from solver.stock.holding.commitment_model import CommitmentState
from solver.stock.holding.commitment_view import commitment_state_of, confirmed
from solver.stock.holding.contents import good_places, sites_of
from solver.stock.holding.planned_holds import PlannedHold, hold_planned
from solver.stock.holding.standing import HoldName, find
from solver.stock.layers import entitlement
from solver.stock.layers.audit import audit_layers
from solver.stock.model import BackorderLimit, Claim, Movement, StockLevel
from solver.stock.physical.lots import Frozen
from solver.stock.physical.picking import Places
from solver.stock.physical.sides import SHORTFALL
from solver.stock.physical.states import StockState
from solver.stock.rows import Place, UnitsBySite, refuse_invalid, stock_short, sums
from solver.stock.serving import Freed, serve, serve_all
from solver.stock.sourcing_facts import SourcingFacts, sourcing_facts
from solver.stock.sweeping import is_due, is_to_withdraw, look_ahead, sweep, withdraw_if_due
from solver.storage.database import Database, Reader, Transaction

HELD = "stock_held"


class Stock:
    """What lies where, what is promised, and what may still be promised."""

    def __init__(self, journal: Journal, places: Places | None = None) -> None:
        self._journal = journal
        self.places = Places(journal) if places is None else places

    def receive(self, tx: Transaction, movements: Sequence[Movement], reference: str) -> Entry:
        """Book units in; confirmed backorders are served from them first.

        Raises InvalidRequest when there are none, units are not positive, or a lot is not sound.
        """
        return receipts.receive(self._journal, self.places, tx, movements, reference, "movements")

    def adjust(self, tx: Transaction, movements: Sequence[Movement], reference: str) -> Entry:
        """Correct what is on hand, up or down; confirmed backorders are served from what is found.

        Raises StockShort naming every site and SKU where the fall exceeds what is available, and InvalidRequest when
        there are no movements or they cancel out; nothing is adjusted then.
        """
        self.sweep(tx)
        return receipts.adjust(self._journal, self.places, tx, movements, reference)

    def limit_backorders(self, tx: Transaction, limits: Sequence[BackorderLimit], reference: str) -> None:
        """Say how much each site may have promised beyond what is there. Raises what `backorders.set_limits` raises."""
        self.sweep(tx)
        set_limits(self._journal, tx, limits, reference)

    def hold(
        self,
        tx: Transaction,
        hold_id: str,
        claims: Sequence[Claim],
        expires_at: datetime,
        seller: str = "",
        later: Sequence[LaterClaim] = (),
    ) -> Entry:
        """Set every claim aside or none; claims on the same site and SKU add up. No claims make an empty hold.

        `seller` is the channel it is for, which bounds what it may take; `later` is what is not there yet. Sweeps due
        holds first. Raises StockShort naming every short site and SKU with wanted and available;
        StateConflict (HOLD_EXISTS); InvalidRequest when units are not positive or `expires_at` is not later than `now`.
        Nothing is held then.
        """
        if claims:
            refuse_invalid("hold", "claims", claims, signed=False)
        self.sweep(tx)
        wanted = dict(sums(claims))
        transfers = [
            Transfer(debit=committed(site_id, sku), credit=good(site_id, sku), amount=units)
            for (site_id, sku), units in wanted.items()
        ]
        transfers += entitlement.transfers(self._journal, tx, seller, wanted)
        transfers += later_transfers(self._journal, tx, hold_id, later)
        try:
            entry = self._journal.hold(tx, HELD, hold_id, transfers, expires_at)
        except GuardRefused as refused:
            raise _short("hold", hold_id, refused) from refused
        if later:
            awaited = promises.awaited_by(transfers, sites_of(tx, transfers))
            promises.note(tx, HoldName.of_plan(hold_id), awaited, entry.entry_id, seller)
        return entry

    def hold_each(self, tx: Transaction, wanted: Sequence[PlannedHold]) -> list[StockShort | None]:
        """`hold` for each plan that takes nothing that is not there yet, one after the other, with few statements.

        None, or why nothing is held for it. Raises the other errors of `hold`, with nothing held at all.
        """
        self.sweep(tx)
        return hold_planned(self._journal, tx, wanted)

    def confirm(self, tx: Transaction, hold_id: str) -> Entry:
        """Commit what was held. Raises NotFound, or StateConflict: HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED."""
        entry = self._journal.confirm(tx, self._entry_id(tx, hold_id))
        awaited = [one.awaited for one in promises.of_hold(tx, HoldName.of_plan(hold_id))]
        self.serve(tx, {(site, sku): 0 for consignment_id, site, sku in awaited if not consignment_id}, hold_id)
        return entry

    def sourcing_facts(self, reader: Reader, skus: Collection[str]) -> SourcingFacts | None:
        """What a decision may want to know of these SKUs beside what is available; None: nothing."""
        return sourcing_facts(self._journal, self.places, reader, skus)

    def release(self, tx: Transaction, hold_id: str) -> None:
        """Give back what was held, first to whom it is owed. Raises what `confirm` raises."""
        self.serve(tx, self.give_back(tx, hold_id), hold_id)

    def give_back(self, tx: Transaction, hold_id: str) -> Freed:
        """`release` for who holds anew in the same transaction: nobody gets the units before he asks to `serve` them.

        Returns what to serve from.
        """
        entry_id = self._entry_id(tx, hold_id)
        places = good_places(self._journal.transfers_of_hold(tx, entry_id))
        self._journal.release(tx, entry_id)
        return dict.fromkeys(places, 0)

    def serve(self, tx: Transaction, freed: Freed, reference: str) -> None:
        """Give what is free at these places to counts, backorders and dealers. See `serving.serve`."""
        serve(self._journal, self.places, tx, freed, reference)

    def serve_all(self, tx: Transaction, reference: str) -> None:
        """`serve` wherever backorders wait: what their channels may take has changed."""
        serve_all(self._journal, self.places, tx, reference)

    def hold_state(self, reader: Reader, hold_id: str) -> EntryState:
        """Where the hold stands now. Raises NotFound."""
        return self._journal.state(reader, self._entry_id(reader, hold_id))

    def commitment_state(self, reader: Reader, hold_id: str) -> CommitmentState:
        """What became of what a confirmed hold committed. Raises NotFound, StateConflict."""
        standing = confirmed(self._journal, reader, HoldName.of_plan(hold_id))
        return commitment_state_of(self._journal, reader, standing)

    def now(self, reader: Reader) -> datetime:
        """The journal's time: holds expire by this, so count their expiry from this."""
        look_ahead(reader)
        return self._journal.now(reader)

    def expire_due(self, tx: Transaction) -> tuple[str, ...]:
        """Void every hold whose expiry has come; returns their ids, earliest expiry first."""
        return self.sweep(tx)[0]

    def sweep(self, tx: Transaction) -> tuple[tuple[str, ...], tuple[Frozen, ...]]:
        """Void holds that are due and take expired lots out of sale; returns the holds' ids and what was frozen."""
        return sweep(self._journal, self.places, tx)

    def sweep_if_due(self, database: Database) -> tuple[str, ...]:
        """`expire_due` in a transaction of its own, at the cost of three indexed reads when nothing is due."""
        with database.read() as reader:
            if not is_due(self._journal, self.places, reader):
                return ()
        return database.run(self.expire_due)

    def is_to_withdraw(self, reader: Reader) -> bool:
        """Whether units are counted as available that are not to be sold any more; two indexed reads where not."""
        return is_to_withdraw(self._journal, self.places, reader)

    def withdraw_if_due(self, database: Database) -> None:
        """Take expired and stale units out of sale before a view is read; two indexed reads where there are none."""
        withdraw_if_due(self._journal, self.places, database)

    def audit(self, reader: Reader) -> tuple[Discrepancy, ...]:
        """Every rule between the books of stock that is broken; `Journal.audit` checks each book by itself."""
        return (
            *audit_places(self._journal, reader),
            *audit_layers(self._journal, reader),
            *audit_promises(self._journal, reader),
        )

    def available(self, reader: Reader, skus: Collection[str]) -> ByUnit:
        """sku -> site -> units that may still be promised; sites that never had the SKU are left out.

        Holds that are due do not count, swept or not. Fast enough for every decision.
        """
        return self._journal.available(reader, Book.STOCK, GOOD, skus)

    def entitled(
        self,
        reader: Reader,
        seller: str,
        there: UnitsBySite,
        wanted: Mapping[str, int],
        before: Sequence[tuple[str, Mapping[Place, int]]] = (),
    ) -> UnitsBySite:
        """Of what is available, how much a seller may take who wants so many units. See `entitlement.available`."""
        return entitlement.available(self._journal, reader, seller, there, wanted, before)

    def layers(self, reader: Reader, places: Collection[Place]) -> entitlement.Layers:
        """What dispatch and channels have for holds at these places, of which one after the other can be drawn."""
        return entitlement.Layers(self._journal, reader, places)

    def held(self, reader: Reader, skus: Collection[str]) -> ByUnit:
        """sku -> site -> units held by anyone; sites with none are left out. Tells "held by others" from "none"."""
        return self._journal.held(reader, Book.STOCK, GOOD, skus)

    def levels(
        self, reader: Reader, *, skus: Collection[str] | None = None, site_ids: Collection[str] | None = None
    ) -> tuple[StockLevel, ...]:
        """The level of every SKU at every site that ever had it, within the filters given, ordered by SKU and site."""
        kinds = (COMMITTED, BACKORDERABLE, BACKORDERED, SHORTFALL, *StockState)
        of: dict[Place, dict[str, Balance]] = {}
        for balance in self._journal.balances(reader, Book.STOCK, kinds, site_ids, skus):
            of.setdefault((balance.account.holder, balance.account.unit), {})[balance.account.kind] = balance
        return tuple(_level(place, of[place]) for place in sorted(of, key=lambda place: (place[1], place[0])))

    def _entry_id(self, reader: Reader, hold_id: str) -> int:
        standing = find(self._journal, reader, HoldName.of_plan(hold_id))
        if standing is None:
            raise NotFound(f"there is no hold {hold_id}", metadata={"hold_id": hold_id})
        return standing.entry.entry_id


def _level(place: Place, of: Mapping[str, Balance]) -> StockLevel:
    def figure(kind: str, name: str) -> int:
        return getattr(of[kind], name) if kind in of else 0

    site_id, sku = place
    return StockLevel(
        site_id=site_id,
        sku=sku,
        on_hand=figure(GOOD, "posted") + figure(COMMITTED, "posted") + figure(SHORTFALL, "posted"),
        held=figure(GOOD, "credits_pending"),
        committed=figure(COMMITTED, "posted"),
        available=figure(GOOD, "available"),
        backordered=figure(BACKORDERABLE, "credits_pending") + figure(BACKORDERED, "posted"),
        backorderable=figure(BACKORDERABLE, "available"),
        missing=-figure(SHORTFALL, "posted"),
        defective=figure(StockState.DEFECTIVE, "posted"),
        frozen=figure(StockState.FROZEN, "posted"),
        inspection=figure(StockState.INSPECTION, "posted"),
        reserved=figure(StockState.RESERVED, "posted"),
        stale=figure(StockState.STALE, "posted"),
    )


def _short(what: str, subject: str, refused: GuardRefused) -> StockShort:
    shortages = (((one.account.holder, one.account.unit), one.wanted, one.available) for one in refused.shortages)
    return stock_short(what, subject, shortages)
