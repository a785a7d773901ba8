"""Problem -> solve -> Plan. Pure: the same problem gives the same plan, unless the time limit cuts the search short."""

import time
from dataclasses import replace

from solver.sourcing.assemble import assemble
from solver.sourcing.baselines import fullest_plan, greedy_plan, nearest_plan
from solver.sourcing.candidates import candidates
from solver.sourcing.explain import explained
from solver.sourcing.formulation import Formulation, formulate
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.program import Outcome, Solution

LEAST_EXPLAIN_SECONDS = 0.1


def solve(problem: Problem, *, engine: Engine = Engine.MIP, time_limit_seconds: float | None = None) -> Plan:
    """The best plan for the problem, with its bound, its runner-up and the reason for every unfilled line.

    `time_limit_seconds` None takes the policy's limit; it bounds the whole call, and the best plan found by then is
    returned with its gap. The plan never costs more than greedy's or nearest source first's. Within that limit each
    question of the explanation takes at most as long as the decision did, or LEAST_EXPLAIN_SECONDS; what is not proven
    by then says so.
    """
    limit = problem.policy.time_limit_ms / 1000 if time_limit_seconds is None else time_limit_seconds
    begun = time.perf_counter()
    plan = decide(problem, engine=engine, time_limit_seconds=limit)
    decided = time.perf_counter()
    patience = max(LEAST_EXPLAIN_SECONDS, decided - begun)

    def decide_otherwise(other: Problem) -> Plan:
        left = begun + limit - time.perf_counter()
        return decide(other, engine=engine, time_limit_seconds=min(patience, left))

    return explained(problem, plan, decide=decide_otherwise)


def decide(problem: Problem, *, engine: Engine, time_limit_seconds: float) -> Plan:
    """`solve` without the explanation."""
    match engine:
        case Engine.NEAREST:
            return nearest_plan(problem)
        case Engine.GREEDY:
            return greedy_plan(problem)
        case Engine.MIP if time_limit_seconds <= 0:
            return replace(_fallback(problem), stop=Stop.TIME_LIMIT)
        case Engine.MIP:
            return _best_by_mip(problem, time_limit_seconds)


def _fallback(problem: Problem) -> Plan:
    """The cheapest of the plans that need no solver; the first named of those that cost the same."""
    plans = (greedy_plan(problem), fullest_plan(problem), nearest_plan(problem))
    return min(plans, key=lambda plan: plan.total_minor)


def _best_by_mip(problem: Problem, time_limit_seconds: float) -> Plan:
    formulation = formulate(problem, candidates(problem))
    solution = formulation.program.solve(time_limit_seconds=time_limit_seconds)
    plan = _plan_of(problem, formulation, solution)
    if plan is not None and plan.is_proven:
        return plan
    fallback = _fallback(problem)
    if plan is not None and plan.total_minor <= fallback.total_minor:
        return plan
    stop = Stop.SOLVER_FAILED if plan is None and solution.outcome is Outcome.OPTIMAL else _stop(solution)
    return replace(fallback, stop=stop, bound_minor=min(solution.bound_minor, fallback.total_minor))


def _plan_of(problem: Problem, formulation: Formulation, solution: Solution) -> Plan | None:
    """The solution's plan; None without one, or where rounding made a package too heavy for its lane."""
    if not solution.values:
        return None
    chosen = formulation.chosen(solution)
    try:
        return assemble(problem, chosen, engine=Engine.MIP, stop=_stop(solution), bound_minor=solution.bound_minor)
    except ValueError:
        return None


def _stop(solution: Solution) -> Stop:
    match solution.outcome:
        case Outcome.OPTIMAL:
            return Stop.OPTIMAL
        case Outcome.FEASIBLE | Outcome.NOTHING:
            return Stop.TIME_LIMIT
        case Outcome.FAILED:
            return Stop.SOLVER_FAILED
