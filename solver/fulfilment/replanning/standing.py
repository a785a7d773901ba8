"""The plans that are to be looked at again: each as it stands, what remains of it, and what it has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.errors import NotFound, StateConflict
from solver.fulfilment import plan_losses, plan_packages, records
from solver.fulfilment.model import PlanRecord, PlanState
from solver.fulfilment.questions import Questions
from solver.fulfilment.replanning.model import ReplanCommand
from solver.fulfilment.replanning.owned import Owned, owned
from solver.fulfilment.replanning.remains import Remains, remains_of
from solver.fulfilment.replanning.waits import plans_that_wait_longer
from solver.network.conditions import Conditions
from solver.orders.model import Order
from solver.sourcing.policy import Policy
from solver.stock.holding.commitment_model import Commitment
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.stock import Stock
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """A plan as it stands, and what remains of it."""

    record: PlanRecord
    order: Order
    policy: Policy
    commitment: Commitment | None
    remains: Remains
    owned: Owned

    @property
    def plan_id(self) -> str:
        """Its id."""
        return self.record.plan_id

    @property
    def is_over(self) -> bool:
        """True where nothing of it is open or to be planned anew."""
        return not self.remains.open and not self.remains.lost

    @property
    def awaits(self) -> bool:
        """True where some of what it has is not there yet."""
        return bool(self.owned.awaited) or self.owned.is_late


class StandingPlans:
    """Finds them."""

    def __init__(self, *, stock: Stock, commitments: Commitments, questions: Questions) -> None:
        self._stock = stock
        self._commitments = commitments
        self._questions = questions

    def asked_for(self, reader: Reader, command: ReplanCommand, conditions: Conditions) -> list[Standing]:
        """Those that the command names, or that what it names concerns, the oldest first.

        Raises NotFound, StateConflict (PLAN_ENDED, NOT_RECORDED).
        """
        plan_ids: Sequence[str] = command.plan_ids
        if not plan_ids:
            named = bool(command.service_ids or command.source_ids)
            services = command.service_ids if named else [one.service_id for one in conditions.services]
            sources = command.source_ids if named else [one.source_id for one in conditions.sources]
            now = self._stock.now(reader)
            plan_ids = plan_packages.plans_with(reader, service_ids=services, source_ids=sources, now=now)
            others = [] if named else [*plans_that_wait_longer(reader, now), *plan_losses.plan_ids(reader)]
            plan_ids = list(dict.fromkeys((*plan_ids, *others)))
        found = [self._found(reader, plan_id, must_stand=bool(command.plan_ids)) for plan_id in plan_ids]
        return [one for one in found if one is not None]

    def remains(self, reader: Reader, record: PlanRecord) -> tuple[PlanState, Commitment | None, Remains]:
        """Where a plan stands, what it is committed to (None: it is not confirmed), and what remains of it."""
        state = PlanState.of_hold(self._stock.hold_state(reader, record.plan_id))
        if state is PlanState.HELD:
            contents = self._commitments.held(reader, HoldName.of_plan(record.plan_id))
            return state, None, remains_of(record.plan, contents, {})
        if state is not PlanState.CONFIRMED:
            return state, None, remains_of(replace(record.plan, packages=()), (), {})
        commitment = self._commitments.find(reader, HoldName.of_plan(record.plan_id))
        replanned: Counter[tuple[str, str]] = Counter()
        for later in records.replacements_of(reader, record):
            replanned.update({(one.line_id, one.sku): one.units for one in later.replanned})
        return (
            PlanState.of_commitment(commitment.state),
            commitment,
            remains_of(record.plan, commitment.contents, replanned),
        )

    def _found(self, reader: Reader, plan_id: str, *, must_stand: bool) -> Standing | None:
        record = records.find(reader, plan_id)
        if record is None:
            raise NotFound(f"there is no plan {plan_id!r}", metadata={"plan_id": plan_id[:128]})
        state, commitment, remains = self.remains(reader, record)
        has = owned(reader, plan_id, remains.open, self._stock.now(reader))
        if not must_stand and not remains.open and not remains.lost:
            return None
        if not state.stands and not remains.lost:
            raise StateConflict(
                f"plan {plan_id} is {state}; nothing of it is left to plan anew",
                reason="PLAN_ENDED",
                metadata={"plan_id": plan_id, "state": state},
            )
        asked = self._questions.asked(reader, plan_id)
        if asked is None:
            raise StateConflict(
                f"what plan {plan_id} was made from is not kept: it was forgotten in time, or an older release made it",
                reason="NOT_RECORDED",
                metadata={"plan_id": plan_id},
            )
        return Standing(
            record=record, order=asked[0], policy=asked[1], commitment=commitment, remains=remains, owned=has
        )
