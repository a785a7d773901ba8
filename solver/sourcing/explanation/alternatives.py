"""The best plan without the source that ships most."""

from solver.sourcing.explanation.asking import Decide, main_source_id, without_source
from solver.sourcing.plan import Plan, RunnerUp
from solver.sourcing.problem import Problem


def runner_up_of(problem: Problem, plan: Plan, decide: Decide) -> RunnerUp | None:
    """None where nothing is shipped."""
    source_id = main_source_id(plan)
    if source_id is None:
        return None
    other = decide(without_source(problem, source_id))
    return RunnerUp(
        without_source_id=source_id,
        source_ids=other.source_ids,
        total_minor=other.total_minor,
        extra_minor=other.total_minor - plan.total_minor,
        unfilled_units=other.unfilled_units,
        proven=other.is_proven,
    )
