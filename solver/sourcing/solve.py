"""Problem -> solve -> Plan. Pure: the same problem gives the same plan, unless the time limit cuts the search short."""

import time
from dataclasses import replace

from solver.sourcing import baselines
from solver.sourcing.arrival import decide_with_latest_arrival, is_asked
from solver.sourcing.assemble import assemble
from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import Finding
from solver.sourcing.dimensions import all_rules
from solver.sourcing.exact.search import search
from solver.sourcing.explain import explained
from solver.sourcing.mip import solve_by_mip
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.relaxation import stages

LEAST_EXPLAIN_SECONDS = 0.1


def solve(problem: Problem, *, engine: Engine = Engine.EXACT, time_limit_seconds: float | None = None) -> Plan:
    """The best plan for the problem, with its bound, its runner-up and the reason for every unfilled line.

    `engine` EXACT is the compiled search, which hands over to the MIP where a rule leaves its structure and says so in
    the plan's `fallback_reason`. `time_limit_seconds` None takes the policy's limit; it bounds the whole call, and the
    best plan found by then is returned with its gap. The plan is never worse than those of the baselines. Within that
    limit each question of the explanation takes at most as long as the decision did, or LEAST_EXPLAIN_SECONDS; what is
    not proven by then says so. Raises ValueError for the engine BATCH, which decides many orders together.
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
    """`solve` without the explanation: rules are relaxed stage by stage where the order cannot be filled otherwise."""
    until = time.perf_counter() + time_limit_seconds
    best = _decide_strictly(problem, engine, until)
    for policy in stages(problem.policy) if best.unfilled_units else ():
        other = _decide_strictly(replace(problem, policy=policy), engine, until)
        if other.unfilled_units < best.unfilled_units:
            best = replace(other, relaxed_rules=_broken_rules(problem, other))
        if not best.unfilled_units:
            break
    return best


def _broken_rules(problem: Problem, plan: Plan) -> tuple[str, ...]:
    relaxable = (rule for rule in all_rules() if rule.name in problem.policy.relax)
    return tuple(rule.name for rule in relaxable if any(rule.broken(problem, plan)))


def _decide_strictly(problem: Problem, engine: Engine, until: float) -> Plan:
    """Under every rule of the policy."""
    if is_asked(problem.policy.levels):
        return decide_with_latest_arrival(problem, lambda other: _decide_sums(other, engine, until))
    return _decide_sums(problem, engine, until)


def _decide_sums(problem: Problem, engine: Engine, until: float) -> Plan:
    made = brief(problem)
    match engine:
        case Engine.BATCH:
            raise ValueError("the engine batch decides orders together; for one order use exact or mip")
        case Engine.GREEDY:
            return assemble(made, baselines.greedy(made.case), engine=engine, stop=Stop.HEURISTIC)
        case Engine.NEAREST:
            meters = made.facts.of_lanes("distance_meters")
            return assemble(made, baselines.in_order(made.case, meters), engine=engine, stop=Stop.HEURISTIC)
        case Engine.EXACT:
            return _by_exact_search(made, until)
        case Engine.MIP:
            return _by_mip(made, until, reason="")


def _by_exact_search(made: Brief, until: float) -> Plan:
    if any(level.tolerance for level in made.problem.policy.levels):
        return _by_mip(made, until, reason="level_tolerance")
    finding = search(made.case)
    if finding.reason:
        return _by_mip(made, until, reason=finding.reason)
    plan = _assembled(made, finding, Engine.EXACT, Stop.OPTIMAL)
    return plan or _by_mip(made, until, reason="lines_share_a_sku")


def _by_mip(made: Brief, until: float, *, reason: str) -> Plan:
    """The MIP's plan, or the best that needs no solver where that is better; `reason` says why it was asked."""
    left = until - time.perf_counter()
    if left <= 0:
        return replace(_fallback(made), stop=Stop.TIME_LIMIT, fallback_reason=reason)
    finding, stop = solve_by_mip(made.case, tolerances=_tolerances(made), time_limit_seconds=left)
    plan = _assembled(made, finding, Engine.MIP, stop)
    if plan is None or not plan.is_proven:
        other = _fallback(made, bound=finding.bound)
        if plan is None or _values(other) < _values(plan):
            plan = replace(other, stop=Stop.SOLVER_FAILED if plan is None and stop is Stop.OPTIMAL else stop)
    return replace(plan, fallback_reason=reason)


def _tolerances(made: Brief) -> tuple[int, ...]:
    given = {level.measure: level.tolerance for level in made.problem.policy.levels}
    return tuple(given.get(measure, 0) for measure in made.problem.policy.measures)


def _assembled(made: Brief, finding: Finding, engine: Engine, stop: Stop) -> Plan | None:
    """The finding's plan; None where it cannot be read back into one."""
    try:
        return assemble(made, finding, engine=engine, stop=stop)
    except ValueError:
        return None


def _fallback(made: Brief, bound: tuple[int, ...] | None = None) -> Plan:
    """The best of the plans that need no solver; the first named of those that are equal."""
    case = made.case
    findings = [
        baselines.greedy(case),
        baselines.fullest(case),
        baselines.in_order(case, made.facts.of_lanes("distance_meters")),
        baselines.nothing(case),
    ]
    best = min(findings, key=lambda finding: finding.cost)
    if bound is not None:
        best = replace(best, bound=min(bound, best.cost))
    return assemble(made, best, engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def _values(plan: Plan) -> tuple[int, ...]:
    return tuple(level.value for level in plan.levels) or (plan.total_minor,)
