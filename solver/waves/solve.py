"""Wave -> solve_wave -> WavePlan. Pure: the same wave and work limits give the same plans, if time does not run out."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from solver.sourcing.assemble import assemble
from solver.sourcing.plan import Engine, Plan, Stop
from solver.waves.alone import least_alone
from solver.waves.answer import Decided, answer
from solver.waves.case import WaveCase, WaveFinding
from solver.waves.engine.search import search
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.lay_out import lay_out
from solver.waves.layout.read_back import findings_of
from solver.waves.limits import Watch, WaveLimits
from solver.waves.merging.deciding import gains_of_merging, merged_where_cheaper
from solver.waves.one_by_one import SecondsLeft, decide_one_by_one, floors_of, only_relaxed, take_back_overdrawn
from solver.waves.plan import Resource, WavePlan
from solver.waves.sharing import limits_of
from solver.waves.wave import Wave

WaveEngine: TypeAlias = Callable[[WaveCase, WaveLimits, Watch], WaveFinding]


def solve_wave(
    wave: Wave, *, limits: WaveLimits | None = None, watch: Watch | None = None, engine: WaveEngine = search
) -> WavePlan:
    """The best plan for the wave that was found, with its bound, and what everything scarce is worth.

    Orders that do not fit into the engine's structure are decided one by one on what the others leave, and so are those
    that only relaxed rules can fill. What cannot be filled is an answer, not an error. Raises TwoPrices for limits that
    contradict each other.
    """
    limits, watch = limits or WaveLimits(), watch or Watch()
    begun = watch.clock()
    left = seconds_left(limits, watch)
    laid = lay_out(wave, watch.give_up)
    floors, outside = floors_of(laid, left)
    for number, floor in floors.items():
        laid.case.order_floor[number] = floor
    found = engine(laid.case, within(limits, left()), telling_floors(watch, laid.case))
    plans = _plans(laid, found)
    strict = limits_of(wave)
    decide_one_by_one(wave, take_back_overdrawn(wave, plans), plans, strict, left)
    decide_one_by_one(wave, laid.outside, plans, strict, left)
    decide_one_by_one(wave, only_relaxed(wave, plans), plans, strict, left)
    barred = {one.order_id for one in (outside if len(laid.measures) == 1 else wave.orders)}
    found = cut_short(found) if left() <= 0 else found
    gains = gains_of_merging(wave, plans, _by_resource(laid, found), barred, left)
    decided = Decided(
        laid=laid,
        found=found,
        merging=merged_where_cheaper(wave, plans, gains, barred, left),
        outside=outside,
        gain_thousandths=sum(gains.values()),
    )
    return answer(decided, seconds=watch.clock() - begun)


def _by_resource(laid: LaidOut, found: WaveFinding) -> dict[Resource, int]:
    prices = found.prices.tolist()
    return {resource: price for resource, price in zip(laid.resources, prices, strict=True) if price}


def seconds_left(limits: WaveLimits, watch: Watch) -> SecondsLeft:
    """What is left of the time limit from now on; nothing once the caller has had enough."""
    begun = watch.clock()

    def left() -> float:
        if watch.is_cancelled():
            return 0.0
        return math.inf if limits.time_limit_seconds is None else limits.time_limit_seconds - (watch.clock() - begun)

    return left


def cut_short(found: WaveFinding) -> WaveFinding:
    """The finding of a wave of which not all was done in time, whatever the engine did."""
    return found if found.reason == "cancelled" else found._replace(reason="time_limit")


def telling_floors(watch: Watch, case: WaveCase) -> Watch:
    """The watch, told of the orders outside the structure too, as far as it is known what they cost."""
    floors = int(case.order_floor.sum())
    return replace(watch, tell=lambda one: watch.tell(replace(one, total=one.total + floors))) if floors else watch


def within(limits: WaveLimits, seconds: float) -> WaveLimits:
    """The limits with no more time than this."""
    return limits if limits.time_limit_seconds is None else replace(limits, time_limit_seconds=max(0.0, seconds))


def _plans(laid: LaidOut, found: WaveFinding) -> dict[str, Plan]:
    """By order id, the plans of the orders within the structure."""
    stop = Stop.TIME_LIMIT if found.reason in ("time_limit", "cancelled") else Stop.HEURISTIC
    plans = {}
    for number, finding in findings_of(laid, found, least_alone(laid.case)).items():
        plan = assemble(laid.briefs[number], finding, engine=Engine.BATCH, stop=stop)
        plans[plan.order_id] = replace(plan, stop=Stop.OPTIMAL) if plan.is_proven else plan
    return plans
