"""How a held plan ends: it is confirmed, which commits its stock and posts what is owed, or it is released."""

from collections.abc import Callable

from solver.clock import Clock
from solver.fulfilment import held_no_more, plan_packages
from solver.fulfilment.charging import charges_of
from solver.fulfilment.exploding import gifts_given
from solver.fulfilment.made_plans import MadePlans
from solver.fulfilment.model import FulfilmentPlan, PlanState
from solver.fulfilment.plan_events import stuck
from solver.fulfilment.plan_events.model import PlanEventKind
from solver.fulfilment.plan_events.rows import note
from solver.ledger.ledger import Ledger
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once


class Confirming:
    """Confirms and releases plans. `follow` is told of a confirmed one that awaits goods: they may never have come."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        stock: Stock,
        ledger: Ledger,
        made: MadePlans,
        follow: Callable[[Transaction, str], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._stock = stock
        self._ledger = ledger
        self._made = made
        self._follow = follow

    def confirm(self, request: Request, plan_id: str) -> tuple[FulfilmentPlan, str]:
        """Commit the stock and post what is owed; the plan and its voucher's id (empty: nothing is owed).

        Raises NotFound, RequestIdReused, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """

        def commit(tx: Transaction) -> bytes:
            record = self._made.record(tx, plan_id)
            with held_no_more.to_confirm(self._ledger, tx, plan_id):
                self._stock.confirm(tx, plan_id)
            plan_packages.confirm(tx, plan_id)
            gifts_given.confirm(tx, plan_id)
            voucher = self._ledger.post_plan_confirmed(tx, charges_of(record))
            if any(package.offer_id for package in record.plan.packages):
                self._follow(tx, plan_id)
            note(tx, PlanEventKind.CONFIRMED, record, PlanState.CONFIRMED, self._stock.now(tx))
            return voucher.voucher_id.encode() if voucher else b""

        answer = once(self._database, self._clock, request, commit)
        return self._made.get(plan_id), answer.body.decode()

    def release(self, request: Request, plan_id: str) -> FulfilmentPlan:
        """Give the stock back. Raises what `confirm` raises."""

        def give_back(tx: Transaction) -> bytes:
            record = self._made.record(tx, plan_id)
            with held_no_more.to_release(plan_id):
                self._stock.release(tx, plan_id)
            plan_packages.forget(tx, [plan_id])
            gifts_given.give_back(tx, [plan_id])
            stuck.end(tx, plan_id)
            note(tx, PlanEventKind.RELEASED, record, PlanState.RELEASED, self._stock.now(tx))
            return b""

        once(self._database, self._clock, request, give_back)
        return self._made.get(plan_id)
