"""A stated problem decided as one wave: all its orders together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from solver.errors import DeadlineTooShort, FieldViolation, InvalidRequest
from solver.fulfilment.check_command import refuse_invalid
from solver.fulfilment.command import OptimizeCommand
from solver.fulfilment.desk import Desk
from solver.fulfilment.optimise import DecidedOrder
from solver.fulfilment.piles import on_one_pile
from solver.fulfilment.preference import Kept
from solver.fulfilment.unsound_orders import first_by_order, terms_without
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.waves.check import check_wave
from solver.waves.limits import Watch, WaveLimits
from solver.waves.parts.in_parts import InParts
from solver.waves.plan import Refused, SplitCost, WavePlan
from solver.waves.sharing import TwoPrices
from solver.waves.solve import solve_wave
from solver.waves.wave import Wave

_NOTHING: Kept = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedWave:
    """The wave's answer, and each order with its problem and its plan."""

    wave: Wave
    plan: WavePlan
    orders: tuple[DecidedOrder, ...]


def decided_together(
    command: OptimizeCommand,
    *,
    seconds_left: Callable[[], float],
    kept: Kept = _NOTHING,
    watch: Watch | None = None,
    parts: InParts | None = None,
    stopwatch: Callable[[], float] = time.perf_counter,
) -> DecidedWave:
    """Decide all orders of the problem together, and check every plan.

    Every order sees stock, load and capacity as they are stated; what they share is counted for all of them. `parts`
    says how a wave is decided in parts, and who decides them. Raises
    InvalidRequest with every violation (with `skip_unsound_orders` only for those that are not of single orders), and
    DeadlineTooShort where no time is left at all.
    """
    begun = stopwatch()
    command, policies, refused = _sound_part(command, kept)
    left = seconds_left()
    if left <= 0:
        raise DeadlineTooShort("no time is left to decide the wave")
    desk = Desk(command)
    alone = [desk.problem(order, policy) for order, policy in zip(command.orders, policies, strict=True)]
    problems = on_one_pile(alone, command.stock)
    wave = Wave(orders=problems, terms=command.wave)
    try:
        plan = _solved(wave, _within(command.wave_limits, left), watch, parts)
    except TwoPrices as error:
        violation = FieldViolation(field="wave", value=error.resource.source_id, remedy=str(error))
        raise InvalidRequest("the problem", [violation]) from error
    check_wave(wave, plan)
    micros = round((stopwatch() - begun) * 1_000_000) // max(1, len(problems))
    orders = tuple(_decided(problem, index, plan, micros) for index, problem in enumerate(problems))
    return DecidedWave(wave=wave, plan=replace(plan, refused=refused), orders=orders)


def _solved(wave: Wave, limits: WaveLimits, watch: Watch | None, parts: InParts | None) -> WavePlan:
    if parts is None:
        return solve_wave(wave, limits=limits, watch=watch)
    costs: list[SplitCost] = []
    plan = solve_wave(wave, limits=limits, watch=watch, engine=replace(parts, tell_cost=costs.append))
    return plan if plan.levels or not costs else replace(plan, split=costs[-1])  # levels: its unit is no money


def _decided(problem: Problem, index: int, plan: WavePlan, micros: int) -> DecidedOrder:
    return DecidedOrder(problem=problem, plan=plan.plans[index], decision_micros=micros)


def _within(limits: WaveLimits, seconds: float) -> WaveLimits:
    stated = limits.time_limit_seconds
    most = seconds if stated is None else min(seconds, stated)
    return limits if most == float("inf") else replace(limits, time_limit_seconds=most)


def _sound_part(
    command: OptimizeCommand, kept: Kept
) -> tuple[OptimizeCommand, tuple[Policy, ...], tuple[Refused, ...]]:
    """The command without its unsound orders, where it asks for that."""
    try:
        return command, refuse_invalid(command, kept), ()
    except InvalidRequest as invalid:
        wrong = first_by_order(invalid.violations)
        if not command.skip_unsound_orders or not wrong or len(wrong) == len(command.orders):
            raise
        sound = _without(command, set(wrong))
        refused = tuple(
            Refused(order_id=command.orders[number].order_id, field=one.field, reason=f"{one.value}: {one.remedy}")
            for number, one in sorted(wrong.items())
        )
        return sound, refuse_invalid(sound, kept), refused


def _without(command: OptimizeCommand, numbers: set[int]) -> OptimizeCommand:
    orders = tuple(order for number, order in enumerate(command.orders) if number not in numbers)
    gone = {command.orders[number].order_id for number in numbers} - {order.order_id for order in orders}
    terms = terms_without(command.wave, gone)
    lanes = tuple(lane for lane in command.lanes if lane.order_id not in gone or not lane.order_id)
    return replace(command, orders=orders, lanes=lanes, wave=terms)
