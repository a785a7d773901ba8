"""Orders of a snapshot -> solve_orders -> WavePlan: as `solve_wave`, with Problems only of the sources that ship."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from solver.orders.model import Order
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.policy import COST
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.restated import plan_of
from solver.sourcing.solve import decide
from solver.waves.alone import least_alone
from solver.waves.answer import Decided, answer
from solver.waves.case import WaveFinding
from solver.waves.decisions import decisions_of
from solver.waves.engine.search import search
from solver.waves.from_snapshot import LaidOrders, lay_out_orders
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.levels import ONE_LEVEL
from solver.waves.limits import Watch, WaveLimits
from solver.waves.merging.deciding import Merging
from solver.waves.one_by_one import SecondsLeft, decide_one_by_one, time_for
from solver.waves.plan import Outside, WavePlan
from solver.waves.sharing import limits_of
from solver.waves.solve import WaveEngine, cut_short, seconds_left, telling_floors, within
from solver.waves.wave import NO_TERMS, Wave, WaveTerms

ProblemOf: TypeAlias = Callable[[int, Collection[str] | None], Problem]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orders:
    """The orders of a wave on the stock of a snapshot.

    `problem_of` states the Problem of an order, by number, as if there were no other sources than these; None: of all.
    """

    snapshot: Snapshot
    orders: Sequence[Order]
    problem_of: ProblemOf
    terms: WaveTerms = NO_TERMS


def solve_orders(
    asked: Orders, *, limits: WaveLimits | None = None, watch: Watch | None = None, engine: WaveEngine = search
) -> tuple[Wave, WavePlan]:
    """The best plan that was found, as `solve_wave` has it, and the wave by which it is to be checked.

    That wave has Problems of all sources where units stay unfilled, where rules may close lanes, and of orders that the
    arrays cannot say; of the others there are only the sources that ship. Raises NotFromSnapshot.
    """
    limits, watch = limits or WaveLimits(), watch or Watch()
    begun = watch.clock()
    left = seconds_left(limits, watch)
    floors = _Floors(asked, left)
    laid = lay_out_orders(asked.snapshot, asked.orders, asked.terms, floor_of=floors)
    found = engine(laid.case, within(limits, left()), telling_floors(watch, laid.case))
    problems, plans = _plans(asked, laid, found)
    problems |= {number: floors.problems[number] for number in laid.outside}
    wave = Wave(orders=tuple(problems[number] for number in range(len(asked.orders))), terms=asked.terms)
    decide_one_by_one(wave, laid.outside, plans, limits_of(wave), left)
    outside = tuple(
        Outside(order_id=asked.orders[number].order_id, reason=why, floor_minor=int(laid.case.order_floor[number]))
        for number, why in sorted(laid.outside.items())
    )
    found = cut_short(found) if left() <= 0 else found
    decided = Decided(laid=_named(wave, laid), found=found, merging=Merging(wave=wave, plans=plans), outside=outside)
    return wave, answer(decided, seconds=watch.clock() - begun)


class _Floors:
    """What orders outside the arrays cost at least, with everything to themselves; keeps their Problems."""

    def __init__(self, asked: Orders, left: SecondsLeft) -> None:
        self._asked, self._left = asked, left
        self.problems: dict[int, Problem] = {}

    def __call__(self, number: int) -> int:
        problem = self.problems[number] = self._asked.problem_of(number, None)
        if self._left() <= 0:
            return 0
        return decide(problem, engine=Engine.EXACT, time_limit_seconds=time_for(problem, self._left)).bound_minor


def _plans(asked: Orders, laid: LaidOrders, found: WaveFinding) -> tuple[dict[int, Problem], dict[str, Plan]]:
    """The Problems of the orders within the structure, by number, and their plans, by order id."""
    stop = Stop.TIME_LIMIT if found.reason in ("time_limit", "cancelled") else Stop.HEURISTIC
    problems: dict[int, Problem] = {}
    plans: dict[str, Plan] = {}
    for number, decision in decisions_of(laid, found, least_alone(laid.case)).items():
        of_all = any(decision.unfilled) or asked.snapshot.may_close_lanes(asked.orders[number])
        sources = None if of_all else {one.source_id for one in decision.packages}
        problem = problems[number] = asked.problem_of(number, sources)
        plan = plan_of(problem, decision)
        plans[plan.order_id] = replace(plan, engine=Engine.BATCH, stop=Stop.OPTIMAL if plan.is_proven else stop)
    return problems, plans


def _named(wave: Wave, laid: LaidOrders) -> LaidOut:
    """What the arrays' numbers stand for, as the answer wants it."""
    return LaidOut(
        wave=wave,
        case=laid.case,
        briefs={},
        scale=ONE_LEVEL,
        measures=(COST,),
        resources=tuple(laid.resource(number) for number in range(laid.case.resources)),
        source_ids=laid.snapshot.network.source_ids,
        outside={},
    )
