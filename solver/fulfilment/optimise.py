"""The optimiser alone: a whole problem comes in, plans go out, nothing is read or kept."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from solver.errors import DeadlineTooShort
from solver.fulfilment.check_command import refuse_invalid
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.desk import Desk
from solver.fulfilment.preference import Kept
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import solve

_NOTHING: Kept = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedOrder:
    """An order's problem, its checked plan, and the microseconds that both took."""

    problem: Problem
    plan: Plan
    decision_micros: int


def optimize(command: OptimizeCommand, *, seconds_left: Callable[[], float], kept: Kept = _NOTHING) -> tuple[Plan, ...]:
    """The plans of `decided_in_turn`, which raises what this raises."""
    return tuple(one.plan for one in decided_in_turn(command, seconds_left=seconds_left, kept=kept))


def decided_in_turn(
    command: OptimizeCommand,
    *,
    seconds_left: Callable[[], float],
    kept: Kept = _NOTHING,
    stopwatch: Callable[[], float] = time.perf_counter,
) -> Iterator[DecidedOrder]:
    """Decide the orders one after the other, each at its best on what the earlier ones left.

    `kept` has the policies that the command may name, and those that are chosen from where it brings none. Raises
    InvalidRequest with every violation, and DeadlineTooShort when `seconds_left()` runs out before the last.
    """
    policies = refuse_invalid(command, kept)
    desk = Desk(command)
    for number, (order, policy) in enumerate(zip(command.orders, policies, strict=True)):
        limit = min(policy.time_limit_ms / 1000, seconds_left())
        if limit <= 0:
            raise DeadlineTooShort(f"the deadline passed after {number} of {len(command.orders)} orders")
        begun = stopwatch()
        problem = desk.problem(order, policy)
        plan = solve(problem, engine=command.engine, time_limit_seconds=limit)
        check(problem, plan)
        micros = round((stopwatch() - begun) * 1_000_000)
        desk.count_down(order, policy, plan)
        yield DecidedOrder(problem=problem, plan=plan, decision_micros=micros)
