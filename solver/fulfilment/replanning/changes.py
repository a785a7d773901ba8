"""What became of a plan, as it is told."""

from collections.abc import Sequence

from solver.fulfilment.replanning.model import PlanChange, ReplanOutcome
from solver.fulfilment.replanning.moves import moves_between
from solver.fulfilment.replanning.standing import Standing
from solver.fulfilment.replanning.words import sentence
from solver.sourcing.plan import Package, Plan
from solver.sourcing.terms.change import TERM


def changed(
    standing: Standing,
    outcome: ReplanOutcome,
    because: tuple[str, str],
    *,
    plan: Plan | None = None,
    new_plan_id: str = "",
    shortfall: Plan | None = None,
) -> PlanChange:
    """The outcome with what moves, what it costs before and after, and why; `plan` takes the place of what stands.

    `shortfall` is the best plan there would be for one that is stuck: its reasons are told.
    """
    record, remains = standing.record, standing.remains
    before = _cost(remains.open)
    after = before if plan is None else _cost(plan.packages)
    moves = () if plan is None else moves_between(remains.open, plan.packages)
    why, why_zh = sentence(outcome, because, moves, after - before, record.plan.money, shortfall)
    return PlanChange(
        order_id=record.plan.order_id,
        plan_id=record.plan_id,
        outcome=outcome,
        new_plan_id=new_plan_id,
        before_minor=before,
        after_minor=after,
        moves=moves,
        why=why,
        why_zh=why_zh,
    )


def _cost(packages: Sequence[Package]) -> int:
    """What the packages cost by themselves, but for the price of change."""
    return sum(minor for package in packages for name, minor in package.cost_minor.items() if name != TERM.name)
