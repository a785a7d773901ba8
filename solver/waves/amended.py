"""A wave's answer when some of its orders got other plans afterwards, as what was decided could not all be held."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from solver.sourcing.explanation import chinese, english
from solver.sourcing.plan import LevelValue, Plan, Stop
from solver.sourcing.policy import COST
from solver.waves.plan import QuotaAnswer, Resource, ResourceKind, WavePlan, WaveTerm
from solver.waves.sharing import limits_of, quota_between, quota_resource
from solver.waves.unfilled import Unfilled
from solver.waves.usage import costs_beside, quota_minor, usage_of
from solver.waves.wave import Wave


def amended(wave: Wave, answer: WavePlan, plans: Mapping[str, Plan]) -> WavePlan:
    """The answer with these plans, by order id, each order shipped by itself: all sums and reasons anew.

    `wave` is what the orders see now. Its bound stays: they see no more than before.
    """
    usage = usage_of(wave, plans)
    used = usage.of
    cost: dict[str, int] = {WaveTerm.ORDERS: sum(plan.total_minor for plan in plans.values())}
    cost |= costs_beside(wave, plans, used)
    total = sum(cost.values())
    bound = min(answer.bound_minor, total)
    prices = tuple(replace(one, used=used[one.resource]) for one in answer.prices)
    unfilled = Unfilled(wave, usage, limits_of(wave), prices)
    explained = (unfilled.with_reasons(problem, plans[problem.order_id]) for problem in wave.orders)
    return replace(
        answer,
        plans=tuple(
            one if one.why else replace(one, why=english.why(one), why_zh=chinese.why(one)) for one in explained
        ),
        cost_minor=cost,
        total_minor=total,
        bound_minor=bound,
        stop=answer.stop if answer.stop is not Stop.OPTIMAL or total == bound else Stop.HEURISTIC,
        levels=_levels(answer, plans, total),
        prices=prices,
        opened=tuple(
            one.source_id
            for one in wave.terms.sources
            if one.opening_cost_minor and used[Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=one.source_id)]
        ),
        quotas=_quotas(wave, answer, used),
        merges=(),
    )


def _levels(answer: WavePlan, plans: Mapping[str, Plan], total: int) -> tuple[LevelValue, ...]:
    measures = tuple(level.measure for level in answer.levels)
    values: Counter[str] = Counter()
    for plan in plans.values():
        if tuple(level.measure for level in plan.levels) == measures:
            values.update({level.measure: level.value for level in plan.levels})
    values[COST] = total
    return tuple(
        replace(level, value=values[level.measure], bound=min(level.bound, values[level.measure]))
        for level in answer.levels
    )


def _quotas(wave: Wave, answer: WavePlan, used: Counter[Resource]) -> tuple[QuotaAnswer, ...]:
    found = []
    for quota, before, cost in zip(wave.terms.quotas, answer.quotas, quota_minor(wave, used), strict=True):
        least, most = quota_between(quota, wave)
        found.append(replace(before, given=used[quota_resource(quota)], least=least, most=most, cost_minor=cost))
    return tuple(found)
