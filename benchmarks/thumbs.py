"""Is a plan worse than a rule of thumb's, in its policy's own objective?"""

from dataclasses import replace

from solver.sourcing.arrival import arrival_minutes
from solver.sourcing.check import violations_of
from solver.sourcing.plan import LevelValue, Plan
from solver.sourcing.policy import COST, LATEST_ARRIVAL
from solver.sourcing.problem import Problem
from tests.sourcing.comparison import RULES_OF_THUMB, is_better, values_of
from tests.sourcing.least import without_last_arrival


def better_rules(problem: Problem, plan: Plan) -> list[str]:
    """The rules of thumb (greedy, nearest first, priority list, fewest packages) that beat the plan; none should.

    A rule looks at sums only; when its last package arrives is looked up on its plan. An unproven plan is compared
    priority by priority with what it comes to itself.
    """
    return [name for name in RULES_OF_THUMB if _beats(problem, _plan(problem, name), plan)]


def _beats(problem: Problem, plan: Plan, best: Plan) -> bool:
    return is_better(problem, plan, best) if best.is_proven else values_of(plan) < values_of(best)


def _plan(problem: Problem, name: str) -> Plan:
    """The rule's plan, which obeys every rule of the policy, with the values of all priorities in their sequence."""
    asked = without_last_arrival(problem)
    plan = RULES_OF_THUMB[name](asked)
    broken = violations_of(asked, plan)
    assert not broken, (problem.order_id, name, broken)
    if LATEST_ARRIVAL not in problem.policy.measures:
        return plan
    known = {level.measure: level for level in plan.levels} | {
        COST: LevelValue(measure=COST, value=plan.total_minor, bound=0),
        LATEST_ARRIVAL: LevelValue(measure=LATEST_ARRIVAL, value=arrival_minutes(problem, plan), bound=0),
    }
    return replace(plan, levels=tuple(known[measure] for measure in problem.policy.measures))
