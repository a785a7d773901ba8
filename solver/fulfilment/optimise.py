"""The optimiser alone: a whole problem comes in, plans go out, nothing is read or kept."""

from collections.abc import Callable

from solver.errors import DeadlineTooShort
from solver.fulfilment.check_command import refuse_invalid
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.desk import Desk
from solver.fulfilment.preference import Kept
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.solve import solve

_NOTHING: Kept = {}


def optimize(command: OptimizeCommand, *, seconds_left: Callable[[], float], kept: Kept = _NOTHING) -> tuple[Plan, ...]:
    """Decide the orders one after the other, each at its best on what the earlier ones left.

    `kept` has the policies that the command may name, and those that are chosen from where it brings none. Raises
    InvalidRequest with every violation, and DeadlineTooShort when `seconds_left()` runs out before the last.
    """
    policies = refuse_invalid(command, kept)
    desk = Desk(command)
    plans: list[Plan] = []
    for order, policy in zip(command.orders, policies, strict=True):
        limit = min(policy.time_limit_ms / 1000, seconds_left())
        if limit <= 0:
            raise DeadlineTooShort(f"the deadline passed after {len(plans)} of {len(command.orders)} orders")
        problem = desk.problem(order, policy)
        plan = solve(problem, engine=command.engine, time_limit_seconds=limit)
        check(problem, plan)
        desk.count_down(order, policy, plan)
        plans.append(plan)
    return tuple(plans)
