"""What is noted for whoever watches calls: plans that a call has made."""

from collections.abc import Iterable

from solver.fulfilment.model import FulfilmentPlan
from solver.watching.call_notes import Phase, PlanFacts, lap, notes_of_call


def note_plans(standing: Iterable[FulfilmentPlan]) -> None:
    """The call has made these plans and holds their stock."""
    lap(Phase.HOLD)
    notes = notes_of_call()
    if notes is not None:
        notes.plans.extend(_facts(one) for one in standing)


def _facts(standing: FulfilmentPlan) -> PlanFacts:
    plan = standing.plan
    return PlanFacts(
        order_id=plan.order_id,
        plan_id=standing.plan_id,
        engine=plan.engine.value,
        currency=plan.currency,
        cost_minor=plan.total_minor,
        gap_minor=plan.gap_minor,
        fallback_reason=plan.fallback_reason,
        sources=len({package.source_id for package in plan.packages}),
        unfilled_units=plan.unfilled_units,
    )
