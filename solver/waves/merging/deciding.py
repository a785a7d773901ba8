"""Whether orders of one recipient are shipped as one: where it is cheaper, on what the wave has left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from solver.sourcing.brief import brief
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.at_prices import AtPrices
from solver.waves.case import PRICES_PER_MINOR
from solver.waves.left import problem_left, with_wave_costs
from solver.waves.merging.groups import merged_problem, merged_wave, priced_groups
from solver.waves.merging.sharing_out import shared_out
from solver.waves.one_by_one import SecondsLeft, priced_anew, time_for
from solver.waves.plan import Resource, ResourceKind
from solver.waves.sharing import Limit, grams_limits, limits_of, value_steps
from solver.waves.usage import costs_beside, usage_of
from solver.waves.wave import Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """The wave with some orders as one, the plans of it by order id, and what each group came to before."""

    wave: Wave
    plans: Mapping[str, Plan]
    chosen: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    alone_minor: Mapping[str, int] = field(default_factory=dict)


def merged_where_cheaper(
    wave: Wave, plans: Mapping[str, Plan], gains: Mapping[str, int], barred: Collection[str], seconds_left: SecondsLeft
) -> Merging:
    """Group after group: shipped as one where all that the wave costs becomes less, and no order is cut in two.

    A group is merged as a whole or not at all, on what all other orders leave. Groups with one of the `barred` orders
    are not, nor those whose order as one could not be priced, as there would be no bound; nor any more once time is up:
    those that gain most at the wave's prices, by merge key in `gains`, are looked at first.
    """
    groups = sorted(priced_groups(wave, barred), key=lambda group: -gains.get(group[0], 0))
    if not groups or seconds_left() <= 0:
        return Merging(wave=wave, plans=plans)
    merger = _Merger(wave, plans, dict(groups))
    for key, problems in groups:
        if seconds_left() <= 0:
            break
        merger.look_at(key, problems, seconds_left)
    return merger.found()


def gains_of_merging(
    wave: Wave,
    plans: Mapping[str, Plan],
    prices: Mapping[Resource, int],
    barred: Collection[str],
    seconds_left: SecondsLeft,
) -> dict[str, int]:
    """By merge key, by how much at most in thousandths shipping the orders as one brings the wave below its bound.

    At any prices every group costs at least the lesser of what its orders cost each by itself and as one. Once time is
    up, no group is priced any more: as one they cost 0 at least, and each by itself no more than its plan does.
    """
    apart, gains = AtPrices(wave, prices), {}
    for key, problems in priced_groups(wave, barred):
        if seconds_left() <= 0:
            gains[key] = _most_gained(wave, problems, plans, prices)
            continue
        ids = {one.order_id for one in problems}
        together = AtPrices(merged_wave(_only(wave, problems, ids), {key: problems}), prices)
        as_one = together.least(brief(merged_problem(key, problems)))
        alone = [apart.least(brief(problem)) for problem in problems]
        assert as_one is not None, "asked by priced_groups"
        gains[key] = max(0, sum(least for least in alone if least is not None) - as_one)
    return gains


def _most_gained(
    wave: Wave, problems: Sequence[Problem], plans: Mapping[str, Plan], prices: Mapping[Resource, int]
) -> int:
    """What the orders' plans cost at the prices, and what quotas may pay at most for being given them."""
    usage = usage_of(Wave(orders=tuple(problems), terms=wave.terms), plans)
    priority = {one.order_id: one.priority_minor for one in wave.terms.orders}
    cost = sum(
        plans[one.order_id].total_minor + priority.get(one.order_id, 0) * plans[one.order_id].unfilled_units
        for one in problems
    )
    paid = sum(price * usage.of[resource] for resource, price in prices.items() if price > 0)
    value = sum(units * value_steps(one, sku) for one in problems for sku, units in one.demand_units.items())
    most_of = {ResourceKind.SOURCE_ORDERS: 1, ResourceKind.SOURCE_VALUE: value}
    earned = sum(-price * most_of.get(resource.kind, 0) for resource, price in prices.items() if price < 0)
    return max(0, PRICES_PER_MINOR * cost + paid + earned)


class _Merger:
    """The wave while one group after the other is looked at; what plans use is counted on."""

    def __init__(self, wave: Wave, plans: Mapping[str, Plan], groups: Mapping[str, tuple[Problem, ...]]) -> None:
        self._wave, self._plans = wave, dict(plans)
        self._limits, self._most_grams = limits_of(wave), grams_limits(wave)
        as_one = merged_wave(wave, groups).terms
        self._either = replace(  # what is said of every order, and of those that groups would make
            wave, terms=replace(wave.terms, work=tuple(dict.fromkeys((*wave.terms.work, *as_one.work))))
        )
        self._priority = {one.order_id: one.priority_minor for one in (*as_one.orders, *wave.terms.orders)}
        self._usage = usage_of(self._either, plans)
        self._chosen: dict[str, tuple[Problem, ...]] = {}
        self._alone_minor: dict[str, int] = {}

    def found(self) -> Merging:
        """The wave and its plans as they are now."""
        return Merging(
            wave=merged_wave(self._wave, self._chosen) if self._chosen else self._wave,
            plans=self._plans,
            chosen=self._chosen,
            alone_minor=self._alone_minor,
        )

    def look_at(self, key: str, problems: tuple[Problem, ...], seconds_left: SecondsLeft) -> None:
        """Ship these as one where that is cheaper."""
        usage, chosen = self._usage, {**self._chosen, key: problems}
        alone = [self._plans[one.order_id] for one in problems]
        before = sum(map(self._minor, alone)) + self._beside(self._chosen)
        for one, plan in zip(problems, alone, strict=True):
            usage.add(one, plan, times=-1)
        problem = merged_problem(key, problems)
        plan = self._as_one(problem, chosen, time_for(problem, seconds_left))
        usage.add(problem, plan)
        is_sound = _keeps_whole(plan, problems) and not usage.exceeds(self._limits_with(chosen), self._most_grams)
        plan = priced_anew(problem, plan)
        if is_sound and self._minor(plan) + self._beside(chosen) < before:
            self._chosen, self._plans[key] = chosen, plan
            self._alone_minor[key] = sum(one.total_minor for one in alone)
            for one in problems:
                del self._plans[one.order_id]
            return
        usage.add(problem, plan, times=-1)
        for one, standing in zip(problems, alone, strict=True):
            usage.add(one, standing)

    def _as_one(self, problem: Problem, chosen: Mapping[str, tuple[Problem, ...]], seconds: float) -> Plan:
        left = problem_left(self._either, problem, self._usage, self._limits_with(chosen))
        return decide(with_wave_costs(self._either, left, self._usage), engine=Engine.EXACT, time_limit_seconds=seconds)

    def _minor(self, plan: Plan) -> int:
        """What it costs the wave by itself."""
        return plan.total_minor + self._priority.get(plan.order_id, 0) * plan.unfilled_units

    def _beside(self, chosen: Mapping[str, tuple[Problem, ...]]) -> int:
        """What the wave costs beside that; shares of orders change when some are one."""
        wave = Wave(orders=(), terms=replace(self._wave.terms, orders=(), work=()))
        if self._wave.terms.quotas:
            wave = merged_wave(self._wave, chosen)
        return sum(costs_beside(wave, {}, self._usage.of).values())

    def _limits_with(self, chosen: Mapping[str, tuple[Problem, ...]]) -> Mapping[Resource, Limit]:
        return limits_of(merged_wave(self._wave, chosen)) if self._wave.terms.quotas else self._limits


def _only(wave: Wave, problems: tuple[Problem, ...], ids: Collection[str]) -> Wave:
    """The wave as if there were no other orders."""
    terms = replace(
        wave.terms,
        orders=tuple(one for one in wave.terms.orders if one.order_id in ids),
        work=tuple(one for one in wave.terms.work if one.order_id in ids),
    )
    return Wave(orders=problems, terms=terms)


def _keeps_whole(plan: Plan, problems: tuple[Problem, ...]) -> bool:
    """True when every order that ships complete ships wholly or not at all."""
    for problem, mine in zip(problems, shared_out(plan, problems), strict=True):
        if problem.ships_complete and mine.unfilled_units not in (0, sum(line.quantity for line in problem.lines)):
            return False
    return True
