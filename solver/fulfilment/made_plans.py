"""Plans that were made: read as they stand now, found by their ids, and explained."""

import time
from collections.abc import Callable

from solver.errors import NotFound, StateConflict, Violations
from solver.fulfilment import records
from solver.fulfilment.explain import explain
from solver.fulfilment.model import FulfilmentPlan, PlanRecord, PlanState
from solver.fulfilment.plan_keeping import PlanKeeping
from solver.fulfilment.questions import Questions
from solver.sourcing.explanation.model import Explanation
from solver.storage.database import Database, Reader
from solver.validation import check_id

MOST_FOUND = 20


class MadePlans:
    """Reads kept plans; `keeping` knows where each stands, `questions` what it was made from."""

    def __init__(
        self,
        *,
        database: Database,
        keeping: PlanKeeping,
        questions: Questions,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._questions = questions
        self._stopwatch = stopwatch

    def get(self, plan_id: str) -> FulfilmentPlan:
        """A plan as it stands now. Raises NotFound."""
        with self._database.read() as reader:
            record = self.record(reader, plan_id)
            return self._as_it_stands(reader, record)

    def find(self, plan_id_prefix: str) -> list[str]:
        """The ids of plans that begin like this, at most MOST_FOUND. Raises InvalidRequest."""
        violations = Violations()
        check_id(plan_id_prefix, "plan_id_prefix", violations)
        violations.refuse_any("the request to find plans")
        with self._database.read() as reader:
            return records.plan_ids_like(reader, plan_id_prefix, MOST_FOUND)

    def explain(self, plan_id: str, *, seconds_left: float) -> Explanation:
        """Why the plan is as it is, from what was known when it was made.

        Raises NotFound, and StateConflict (NOT_RECORDED) where that was not kept.
        """
        with self._database.read() as reader:
            record = self.record(reader, plan_id)
            question = self._questions.find(reader, plan_id)
        if question is None:
            raise StateConflict(
                f"what plan {plan_id} was made from is not kept: it was forgotten in time, or an older release made it",
                reason="NOT_RECORDED",
                metadata={"plan_id": plan_id},
            )
        return explain(record, question, seconds_left=seconds_left, stopwatch=self._stopwatch)

    def record(self, reader: Reader, plan_id: str) -> PlanRecord:
        """What is kept of a plan. Raises NotFound."""
        record = records.find(reader, plan_id)
        if record is None:
            raise NotFound(f"there is no plan {plan_id!r}", metadata={"plan_id": plan_id[:128]})
        return record

    def _as_it_stands(self, reader: Reader, record: PlanRecord) -> FulfilmentPlan:
        state = self._keeping.state(reader, record.plan_id)
        is_whole = state in (PlanState.HELD, PlanState.CONFIRMED)
        return FulfilmentPlan(
            plan=record.plan,
            state=state,
            plan_id=record.plan_id,
            created_at=record.created_at,
            hold_expires_at=record.hold_expires_at,
            decision_micros=record.decision_micros,
            replaces_plan_id=record.replaces_plan_id,
            replaced_by_plan_id="" if is_whole else records.replacement_of(reader, record),
            exploded=record.exploded,
            override=record.override,
        )
