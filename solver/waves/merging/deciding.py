"""Whether orders of one recipient are shipped as one: where it is cheaper, on what the wave has left."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from solver.sourcing.brief import brief
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.at_prices import AtPrices
from solver.waves.left import problem_left, with_wave_costs
from solver.waves.merging.groups import merged_problem, merged_wave, priced_groups
from solver.waves.merging.sharing_out import shared_out
from solver.waves.one_by_one import SecondsLeft, priced_anew, time_for
from solver.waves.plan import Resource
from solver.waves.sharing import Limit, grams_limits, limits_of
from solver.waves.usage import costs_beside, pools_of, usage_of
from solver.waves.wave import Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """The wave with some orders as one, the plans of it by order id, and what each group came to before."""

    wave: Wave
    plans: Mapping[str, Plan]
    chosen: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    alone_minor: Mapping[str, int] = field(default_factory=dict)


def merged_where_cheaper(
    wave: Wave, plans: Mapping[str, Plan], barred: Collection[str], seconds_left: SecondsLeft
) -> Merging:
    """Group after group: shipped as one where all that the wave costs becomes less, and no order is cut in two.

    A group is merged as a whole or not at all, on what all other orders leave. Groups with one of the `barred` orders
    are not, nor those whose order as one could not be priced, as there would be no bound; nor any more once time is up.
    """
    best = Merging(wave=wave, plans=plans)
    groups = list(priced_groups(wave, barred))
    if not groups:
        return best
    shared = _Shared(pools=pools_of(wave), limits=limits_of(wave), most_grams=grams_limits(wave))
    for key, problems in groups:
        if seconds_left() <= 0:
            break
        tried = _with(wave, best, key, problems, shared, seconds_left)
        if tried is not None and _total(tried) < _total(best):
            best = tried
    return best


def gain_of_merging(wave: Wave, prices: Mapping[Resource, int], barred: Collection[str]) -> int:
    """By how much at most, in thousandths, shipping orders as one brings the wave below the bound at these prices.

    At any prices every group costs at least the lesser of what its orders cost each by itself and as one.
    """
    gain, apart = 0, AtPrices(wave, prices)
    for key, problems in priced_groups(wave, barred):
        together = AtPrices(merged_wave(wave, {key: problems}), prices)
        as_one = together.least(brief(merged_problem(key, problems)))
        alone = [apart.least(brief(problem)) for problem in problems]
        assert as_one is not None, "asked by priced_groups"
        gain += max(0, sum(least for least in alone if least is not None) - as_one)
    return gain


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What all orders share, counted once."""

    pools: Mapping[Resource, int]
    limits: Mapping[Resource, Limit]
    most_grams: Mapping[str, int]


def _with(
    wave: Wave,
    before: Merging,
    key: str,
    problems: tuple[Problem, ...],
    shared: _Shared,
    seconds_left: SecondsLeft,
) -> Merging | None:
    chosen = {**before.chosen, key: problems}
    merged = merged_wave(wave, chosen)
    rest = {
        order_id: plan for order_id, plan in before.plans.items() if order_id not in {one.order_id for one in problems}
    }
    problem = merged_problem(key, problems)
    limits = (
        limits_of(merged) if wave.terms.quotas else shared.limits
    )  # orders as one are fewer, and so are their shares
    usage = usage_of(merged, rest, shared.pools)
    seconds = time_for(problem, seconds_left)
    left = with_wave_costs(merged, problem_left(merged, problem, usage, limits), usage)
    plan = decide(left, engine=Engine.EXACT, time_limit_seconds=seconds)
    usage.add(problem, plan)
    if not _keeps_whole(plan, problems) or usage.exceeds(limits, shared.most_grams):
        return None
    plan = priced_anew(problem, plan)
    alone = sum(before.plans[one.order_id].total_minor for one in problems)
    return Merging(
        wave=merged, plans={**rest, key: plan}, chosen=chosen, alone_minor={**before.alone_minor, key: alone}
    )


def _keeps_whole(plan: Plan, problems: tuple[Problem, ...]) -> bool:
    """True when every order that ships complete ships wholly or not at all."""
    for problem, mine in zip(problems, shared_out(plan, problems), strict=True):
        if problem.ships_complete and mine.unfilled_units not in (0, sum(line.quantity for line in problem.lines)):
            return False
    return True


def _total(merging: Merging) -> int:
    used = usage_of(merging.wave, merging.plans).of
    plans = sum(plan.total_minor for plan in merging.plans.values())
    return plans + sum(costs_beside(merging.wave, merging.plans, used).values())
