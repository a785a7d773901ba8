"""Problem -> solve -> Plan. Pure: the same problem gives the same plan, unless the time limit cuts the search short."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from solver.sourcing.arrival import decide_with_latest_arrival, is_asked
from solver.sourcing.assemble import assemble
from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import Case, Finding
from solver.sourcing.counts import may_be_counted, search_by_counts
from solver.sourcing.dimensions import all_rules
from solver.sourcing.exact.search import MOST_LOADS, Limits, search
from solver.sourcing.explain import explained
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.heuristics import baselines
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.reach import search_in_reach
from solver.sourcing.relaxation import stages
from solver.sourcing.tolerance import search_within

LEAST_EXPLAIN_SECONDS = 0.1
MOST_PATIENCES = 3
_NODES_PER_SECOND = 500_000  # of the time allowed, about half goes to the exact search where it does not get through
_LEAST_NODES = 20_000
_LOADS_PER_SECOND = 10_000_000
_LEAST_LOADS = 50_000
_SPLITS_PER_SECOND = 50_000_000
_SEARCHING = 0.6  # of the time allowed; after that the exact search begins nothing large
_LEAST_SPLITS = 10_000_000
_ON_THE_WAY = 0.4  # of the time goes at most to finding the last arrival; even a plan without proof takes some
_AT_ONCE = 0.1  # of the time goes to all levels at once, where they can be counted one after the other
_SECONDS_PER_CELL = 40e-6  # what the rules of thumb take for each lane and line, kept back from the MIP
_MOST_KEPT_BACK = 0.25  # of the time that is left
_MOST_FOR_A_STAGE = 0.35  # of all time is kept back for each further stage of relaxation


def solve(problem: Problem, *, engine: Engine = Engine.EXACT, time_limit_seconds: float | None = None) -> Plan:
    """The best plan for the problem, with its bound, its runner-up and the reason for every unfilled line.

    `engine` EXACT is the compiled search, which hands over to the MIP where a rule leaves its structure and says so in
    the plan's `fallback_reason`. `time_limit_seconds` None takes the policy's limit; it bounds the whole call, and the
    best plan found by then is returned with its gap. The plan is never worse than those of the baselines. Within that
    limit each question of the explanation takes at most as long as the decision did, or LEAST_EXPLAIN_SECONDS, and all
    of them MOST_PATIENCES times as long; what is not proven by then says so. Raises ValueError for the engine BATCH,
    which decides many orders together.
    """
    limit = problem.policy.time_limit_ms / 1000 if time_limit_seconds is None else time_limit_seconds
    begun = time.perf_counter()
    _facts = Facts.of(problem)  # held on to: the questions beside the one that is asked share its arrays
    plan = decide(problem, engine=engine, time_limit_seconds=limit)
    decided = time.perf_counter()
    patience = max(LEAST_EXPLAIN_SECONDS, decided - begun)
    until = min(begun + limit, decided + MOST_PATIENCES * patience)

    def left() -> float:
        return until - time.perf_counter()

    def decide_otherwise(other: Problem) -> Plan:
        return decide(other, engine=engine, time_limit_seconds=min(patience, left()))

    return explained(problem, plan, decide=decide_otherwise, seconds_left=left)


def decide(problem: Problem, *, engine: Engine, time_limit_seconds: float) -> Plan:
    """`solve` without the explanation: rules are relaxed stage by stage where the order cannot be filled otherwise."""
    until = time.perf_counter() + time_limit_seconds
    relaxed = stages(problem.policy)[1:]
    kept_back = _seconds_of_thumb(len(problem.lanes), len(problem.lines), time_limit_seconds * _MOST_FOR_A_STAGE)
    best = _decide_strictly(problem, engine, until - len(relaxed) * kept_back)
    for stage, policy in enumerate(relaxed if best.unfilled_units else (), 1):
        to_come = len(relaxed) - stage
        other = _decide_strictly(replace(problem, policy=policy), engine, until - to_come * kept_back)
        if other.unfilled_units < best.unfilled_units:
            best = replace(other, relaxed_rules=_broken_rules(problem, other))
        if not best.unfilled_units:
            break
    return best


def _seconds_of_thumb(lanes: int, lines: int, most: float) -> float:
    """What the rules of thumb take; at most so much is kept back for them from what is searched before."""
    return min(most, _SECONDS_PER_CELL * lanes * lines)


def _broken_rules(problem: Problem, plan: Plan) -> tuple[str, ...]:
    finished = Finished.of(problem, plan)
    relaxable = (rule for rule in all_rules() if rule.name in problem.policy.relax)
    return tuple(rule.name for rule in relaxable if any(rule.broken(finished)))


def _decide_strictly(problem: Problem, engine: Engine, until: float) -> Plan:
    """Under every rule of the policy."""
    if not is_asked(problem.policy.levels):
        return _decide_sums(problem, engine, until)
    begun = time.perf_counter()
    soon = begun + _ON_THE_WAY * max(0.0, until - begun)

    def step(other: Problem, most: tuple[int, ...] | None) -> Plan:
        is_last = len(other.policy.levels) + 1 == len(problem.policy.levels)
        return _decide_sums(other, engine, until if is_last else soon, most)

    return decide_with_latest_arrival(problem, step)


def _decide_sums(problem: Problem, engine: Engine, until: float, most: tuple[int, ...] | None = None) -> Plan:
    """`most` as in `search`."""
    made = brief(problem)
    match engine:
        case Engine.BATCH:
            raise ValueError("the engine batch decides orders together; for one order use exact or mip")
        case Engine.MANUAL:
            raise ValueError("manual is what a person decided; name an engine that decides")
        case Engine.GREEDY:
            return assemble(made, baselines.greedy(made.case), engine=engine, stop=Stop.HEURISTIC)
        case Engine.NEAREST:
            meters = made.facts.of_lanes("distance_meters")
            return assemble(made, baselines.in_order(made.case, meters), engine=engine, stop=Stop.HEURISTIC)
        case Engine.EXACT:
            return _by_exact_search(made, until, most)
        case Engine.MIP:
            return _by_mip(made, until, reason="")


def _by_exact_search(made: Brief, until: float, most: tuple[int, ...] | None) -> Plan:
    tolerances = _tolerances(made)
    to_come = 1 + sum(tolerance > 0 for tolerance in tolerances)

    def searched(case: Case) -> Finding:
        nonlocal to_come
        seconds = max(0.0, until - time.perf_counter()) / to_come
        to_come -= 1
        return _searched(case, seconds, None if any(tolerances) else most)

    finding = search_within(made.case, tolerances, searched) if any(tolerances) else searched(made.case)
    if finding.reason:
        return _by_mip(made, until, reason=finding.reason, found=None if any(tolerances) else finding)
    plan = _assembled(made, finding, Engine.EXACT, Stop.OPTIMAL)
    return plan or _by_mip(made, until, reason="lines_share_a_sku")


def _searched(case: Case, seconds: float, most: tuple[int, ...] | None) -> Finding:
    """Without what is out of reach."""
    until = time.perf_counter() + seconds

    def searched(one: Case, to_come: int, at_most: tuple[int, ...] | None) -> Finding:
        return _searched_in_reach(one, max(0.0, until - time.perf_counter()) / to_come, at_most)

    return search_in_reach(case, searched, most)


def _searched_in_reach(case: Case, seconds: float, most: tuple[int, ...] | None) -> Finding:
    """By all levels at once; where that takes long, one after the other as far as each is a count."""
    until = time.perf_counter() + seconds
    can_count = may_be_counted(case)
    finding = search(case, limits=_limits(seconds * _AT_ONCE if can_count else seconds), most=most)
    if not finding.reason or not can_count:
        return finding
    counted = search_by_counts(case, lambda one: search(one, limits=_limits(max(0.0, until - time.perf_counter()))))
    return counted if counted is not None and (not counted.reason or counted.cost <= finding.cost) else finding


def _limits(seconds: float) -> Limits:
    """What the exact search may do within so many seconds, of which the program gets what is left."""
    return Limits(
        nodes=min(max(_LEAST_NODES, int(_NODES_PER_SECOND * seconds)), Limits().nodes),
        loads=min(max(_LEAST_LOADS, int(_LOADS_PER_SECOND * seconds)), MOST_LOADS),
        until=time.perf_counter() + _SEARCHING * seconds,
        splits=min(max(_LEAST_SPLITS, int(_SPLITS_PER_SECOND * seconds)), Limits().splits),
    )


def _by_mip(made: Brief, until: float, *, reason: str, found: Finding | None = None) -> Plan:
    """The MIP's plan, or a better one that needs no MIP where it proves nothing; `reason` says why it was asked.

    `found` is what the exact search knew when it gave up: an allowed plan, and a bound that holds for the MIP's too.
    """
    left = until - time.perf_counter()
    if left <= 0:
        return replace(_best(made, _without_mip(made, found), found), stop=Stop.TIME_LIMIT, fallback_reason=reason)
    kept_back = _seconds_of_thumb(made.case.carries.shape[0], len(made.facts.lines), left * _MOST_KEPT_BACK)
    finding, stop = solve_by_mip(made.case, tolerances=_tolerances(made), time_limit_seconds=left - kept_back)
    if found is not None and found.bound > finding.bound:
        finding = replace(finding, bound=min(found.bound, finding.cost))
        stop = Stop.OPTIMAL if finding.is_proven else stop
    plan = _assembled(made, finding, Engine.MIP, stop)
    if plan is None or not plan.is_proven:
        other = _best(made, _without_mip(made, found), finding)
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


def _without_mip(made: Brief, found: Finding | None) -> Iterator[tuple[Engine, Finding]]:
    """The plans that are to be had without the MIP, each with the engine that made it."""
    if found is not None:
        yield Engine.EXACT, found
    case = made.case
    yield Engine.GREEDY, baselines.greedy(case)
    yield Engine.GREEDY, baselines.fullest(case)
    yield Engine.GREEDY, baselines.in_order(case, made.facts.of_lanes("distance_meters"))
    yield Engine.GREEDY, baselines.nothing(case)


def _best(made: Brief, findings: Iterable[tuple[Engine, Finding]], known: Finding | None) -> Plan:
    """The best of the findings, the first named of those that are equal, with the bound that `known` proves."""
    bound = (0,) * made.case.levels if known is None else known.bound
    plans = (
        _assembled(made, replace(finding, bound=min(bound, finding.cost)), engine, Stop.HEURISTIC)
        for engine, finding in findings
    )
    return min((plan for plan in plans if plan is not None), key=_values)


def _values(plan: Plan) -> tuple[int, ...]:
    return tuple(level.value for level in plan.levels) or (plan.total_minor,)
