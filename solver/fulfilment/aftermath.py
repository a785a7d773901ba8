"""What follows for a plan when something becomes of what it committed."""

from collections.abc import Callable, Iterable
from datetime import datetime

from solver.fulfilment import plan_losses, plan_packages, records
from solver.fulfilment.charging import take_back
from solver.fulfilment.costing.sales import Sales
from solver.fulfilment.exploding import gifts_given
from solver.fulfilment.model import PlanState
from solver.fulfilment.plan_events import stuck
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.fulfilment.plan_events.rows import note
from solver.fulfilment.replanning.remains import remains_of
from solver.ledger.ledger import Ledger
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.stock import Stock
from solver.storage.database import Reader, Transaction


class Aftermath:
    """A confirmed plan owes for the packages that leave, and uses nothing once nothing of it is open.

    `counted_since` tells how far back the limits of reports count; None: there are none.
    """

    def __init__(
        self,
        *,
        stock: Stock,
        commitments: Commitments,
        ledger: Ledger,
        sales: Sales,
        counted_since: Callable[[], datetime | None],
    ) -> None:
        self._stock = stock
        self._commitments = commitments
        self._ledger = ledger
        self._sales = sales
        self._counted_since = counted_since

    def follow(self, tx: Transaction, plan_id: str, kind: PlanEventKind | None = None) -> None:
        """Ask in the transaction in which something was shipped, short, refused or given back; `kind` is told."""
        record = records.find(tx, plan_id)
        if record is None:
            return
        commitment = self._commitments.find(tx, HoldName.of_plan(plan_id))
        if kind is not None:
            note(tx, kind, record, PlanState.of_commitment(commitment.state), self._stock.now(tx))
        remains = remains_of(record.plan, commitment.contents, {})
        self._sales.follow(tx, record, commitment.contents, self._stock.now(tx).date())
        take_back(self._ledger, tx, record, remains.leaving)
        if remains.lost:
            plan_losses.note(tx, [plan_id])
        if remains.open:
            return
        stuck.end(tx, plan_id)
        now = self._stock.now(tx)
        if remains.has_shipped:
            plan_packages.end(tx, plan_id, now)
        else:
            plan_packages.forget(tx, [plan_id])
            gifts_given.give_back(tx, [plan_id])
        plan_packages.sweep(tx, self._counted_since() or now, now)

    def miss(self, tx: Transaction, plan_ids: Iterable[str]) -> None:
        """Note in the transaction of a consignment that it does not bring units which these plans await."""
        missing = sorted(set(plan_ids))
        plan_losses.note(tx, missing)
        for plan_id in missing:
            record = records.find(tx, plan_id)
            if record is not None:
                note(tx, PlanEventKind.ARRIVED_SHORT, record, self.state(tx, plan_id), self._stock.now(tx))

    def state(self, reader: Reader, plan_id: str) -> PlanState:
        """Where a plan stands now."""
        state = PlanState.of_hold(self._stock.hold_state(reader, plan_id))
        if state is not PlanState.CONFIRMED:
            return state
        return PlanState.of_commitment(self._commitments.find(reader, HoldName.of_plan(plan_id)).state)
