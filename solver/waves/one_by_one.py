"""The orders of a wave that are decided by themselves, on what the others leave."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import Finding, Ints, Shipment
from solver.sourcing.plan import Engine, Package, Plan
from solver.sourcing.policy import COST, LATEST_ARRIVAL
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.layout.laid_out import LaidOut
from solver.waves.left import problem_left, with_wave_costs
from solver.waves.plan import Outside, Resource
from solver.waves.sharing import Limit, grams_limits
from solver.waves.usage import Usage, stock_of, stock_taken_by, usage_of
from solver.waves.wave import Wave

SecondsLeft: TypeAlias = Callable[[], float]


def floors_of(laid: LaidOut, seconds_left: SecondsLeft) -> tuple[dict[int, int], tuple[Outside, ...]]:
    """What each order outside the structure costs at least, with everything to itself: by number, and as answers.

    A floor is 0 where the order's priorities are not those of the wave, and where there is no time left to ask.
    """
    joined, answers = {}, []
    for number, why in sorted(laid.outside.items()):
        problem = laid.wave.orders[number]
        floor_minor = 0
        if problem.policy.measures == laid.measures == (COST,) and not problem.policy.relax and seconds_left() > 0:
            plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=time_for(problem, seconds_left))
            floor_minor = joined[number] = plan.bound_minor
        answers.append(Outside(order_id=problem.order_id, reason=why, floor_minor=floor_minor))
    return joined, tuple(answers)


def decide_one_by_one(
    wave: Wave,
    numbers: Iterable[int],
    plans: dict[str, Plan],
    limits: Mapping[Resource, Limit],
    seconds_left: SecondsLeft,
) -> None:
    """Decide these orders, those of higher priority first, each on what all others leave, and bring `plans` up to date.

    An order that has a plan already gives it back first, and gets the better of the two.
    """
    priority = {one.order_id: one.priority_minor for one in wave.terms.orders}
    usage = usage_of(wave, plans)
    for number in sorted(numbers, key=lambda one: -priority.get(wave.orders[one].order_id, 0)):
        problem = wave.orders[number]
        known = plans.get(problem.order_id)
        if known is not None:
            usage.add(problem, known, times=-1)
        found = _decided(wave, problem, usage, limits, time_for(problem, seconds_left))
        best = found if known is None or found.unfilled_units < known.unfilled_units else known
        plans[problem.order_id] = best
        usage.add(problem, best)


def take_back_overdrawn(wave: Wave, plans: dict[str, Plan]) -> list[int]:
    """The orders whose plans take of stock of which some together take more than they see; the plans are taken back.

    The engine counts a pile as those see it that see most of it: where others see less, they may have too much. Who
    lacks units, and might have some of that stock, is among these orders.
    """
    short = usage_of(wave, plans).overdrawn()
    numbers = list[int]()
    for number, problem in enumerate(wave.orders if short else ()):
        plan = plans.get(problem.order_id)
        if plan is not None and not short.isdisjoint(_wanted_by(problem, plan)):
            numbers.append(number)
            del plans[problem.order_id]
    return numbers


def _wanted_by(problem: Problem, plan: Plan) -> set[Resource]:
    """The stock that the plan takes of, and where units are unfilled all that it might."""
    if not plan.unfilled_units:
        return stock_taken_by(plan)
    return {stock_of(offer.source_id, offer.offer_id, sku) for offer in problem.offers for sku in offer.available}


def only_relaxed(wave: Wave, plans: Mapping[str, Plan]) -> list[int]:
    """The orders with unfilled units that their policy would drop rules for."""
    return [
        number
        for number, problem in enumerate(wave.orders)
        if problem.policy.relax and problem.order_id in plans and plans[problem.order_id].unfilled_units
    ]


def time_for(problem: Problem, seconds_left: SecondsLeft) -> float:
    """What an order's own policy allows for it, and the wave has left; 0: a rule of thumb answers."""
    return max(0.0, min(problem.policy.time_limit_ms / 1000, seconds_left()))


def _decided(wave: Wave, problem: Problem, usage: Usage, limits: Mapping[Resource, Limit], seconds: float) -> Plan:
    """On what is left; nothing ships where that would break a strict limit that the order's problem cannot state."""
    left = problem_left(wave, problem, usage, limits)
    priced = with_wave_costs(wave, left, usage)
    plan = decide(priced, engine=Engine.EXACT, time_limit_seconds=seconds)
    usage.add(problem, plan)
    breaks = usage.exceeds(limits, grams_limits(wave))
    usage.add(problem, plan, times=-1)
    if breaks:
        plan = decide(replace(left, lanes=()), engine=Engine.EXACT, time_limit_seconds=seconds)
    return priced_anew(problem, plan)


def priced_anew(problem: Problem, plan: Plan) -> Plan:
    """The same packages priced as the order's own problem sees them: some terms look at how much stock there is."""
    by_arrival = LATEST_ARRIVAL in problem.policy.measures
    summed = replace(problem, policy=replace(problem.policy, levels=())) if by_arrival else problem
    made = brief(summed)
    lanes = {lane.lane_id: number for number, lane in enumerate(made.facts.lanes)}
    shipments = tuple(Shipment(lane=lanes[package.lane_id], units=_units(made, package)) for package in plan.packages)
    unfilled = np.array([line.unfilled_units for line in plan.lines], dtype=np.int64)
    nothing = (0,) * made.case.levels
    finding = Finding(shipments=shipments, unfilled=unfilled, cost=nothing, bound=nothing)
    anew = assemble(made, finding, engine=plan.engine, stop=plan.stop)
    levels = tuple(replace(level, value=anew.total_minor) if level.measure == COST else level for level in plan.levels)
    return replace(
        anew,
        relaxed_rules=plan.relaxed_rules,
        fallback_reason=plan.fallback_reason,
        levels=levels if by_arrival else anew.levels,
        bound_minor=0,
    )


def _units(made: Brief, package: Package) -> Ints:
    units = np.zeros(len(made.facts.skus), dtype=np.int64)
    for packed in package.contents:
        units[made.facts.part_of[packed.sku]] += packed.units
    return units
