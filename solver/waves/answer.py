"""From the plans of a wave and what its engine proved to the WavePlan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from solver.sourcing.plan import Engine, LevelValue, Plan, Stop
from solver.sourcing.policy import COST
from solver.units import ceil_div
from solver.waves.case import PRICES_PER_MINOR, WaveFinding
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.registry import NO_CAPACITY
from solver.waves.plan import Outside, QuotaAnswer, Resource, ResourceKind, ShadowPrice, WavePlan, WaveTerm
from solver.waves.sharing import limits_of, quota_between, quota_resource
from solver.waves.unfilled import Unfilled
from solver.waves.usage import costs_beside, quota_minor, usage_of
from solver.waves.wording import price_text, price_text_zh


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decided:
    """A wave with a plan for each order, by order id, and what the engine found for those within the structure."""

    laid: LaidOut
    found: WaveFinding
    plans: Mapping[str, Plan]
    outside: tuple[Outside, ...]


def answer(decided: Decided, *, seconds: float) -> WavePlan:
    """The whole answer."""
    wave, found = decided.laid.wave, decided.found
    usage = usage_of(wave, decided.plans)
    used = usage.of
    cost: dict[str, int] = {WaveTerm.ORDERS: sum(plan.total_minor for plan in decided.plans.values())}
    cost |= costs_beside(wave, decided.plans, used)
    total = sum(cost.values())
    proven = decided.laid.scale.parted(max(0, ceil_div(found.bound, PRICES_PER_MINOR)))
    levels = _levels(decided, total, proven)
    bound = min(proven[-1], total) if not levels or all(one.value == one.bound for one in levels[:-1]) else 0
    prices = _prices(decided, used)
    unfilled = Unfilled(wave, usage, limits_of(wave), prices)
    first = wave.orders[0] if wave.orders else None
    return WavePlan(
        currency=first.currency if first else "",
        plans=tuple(unfilled.with_reasons(problem, decided.plans[problem.order_id]) for problem in wave.orders),
        cost_minor=cost,
        total_minor=total,
        bound_minor=bound,
        seconds=seconds,
        engine=Engine.BATCH,
        stop=_stop(found, is_proven=total == bound),
        levels=levels,
        prices=prices,
        opened=tuple(
            one.source_id
            for one in wave.terms.sources
            if one.opening_cost_minor and used[Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=one.source_id)]
        ),
        quotas=_quotas(decided, used, prices),
        outside=decided.outside,
        money_decimals=first.money_decimals if first else None,
    )


def _stop(found: WaveFinding, *, is_proven: bool) -> Stop:
    if is_proven:
        return Stop.OPTIMAL
    return Stop.TIME_LIMIT if found.reason in ("time_limit", "cancelled") else Stop.HEURISTIC


def _levels(decided: Decided, total: int, proven: tuple[int, ...]) -> tuple[LevelValue, ...]:
    """The values of the common priorities; orders with others of their own count for money alone."""
    measures = decided.laid.measures
    if len(measures) == 1:
        return ()
    values: Counter[str] = Counter()
    for plan in decided.plans.values():
        if tuple(level.measure for level in plan.levels) == measures:
            values.update({level.measure: level.value for level in plan.levels if level.measure != COST})
    values[COST] = total
    return tuple(
        LevelValue(measure=measure, value=values[measure], bound=min(bound, values[measure]))
        for measure, bound in zip(measures, proven, strict=True)
    )


def _prices(decided: Decided, used: Counter[Resource]) -> tuple[ShadowPrice, ...]:
    """What is scarce, the dearest first."""
    case, laid = decided.laid.case, decided.laid
    problem = laid.wave.orders[0] if laid.wave.orders else None
    found = []
    for number, resource in enumerate(laid.resources):
        price = int(decided.found.prices[number])
        if price and problem is not None:
            capacity = int(case.capacity[number])
            found.append(
                ShadowPrice(
                    resource=resource,
                    price_thousandths=price,
                    used=used[resource],
                    capacity=None if capacity == NO_CAPACITY else capacity,
                    least=int(case.least[number]),
                    text=price_text(resource, price, problem) if len(laid.measures) == 1 else "",
                    text_zh=price_text_zh(resource, price, problem) if len(laid.measures) == 1 else "",
                )
            )
    return tuple(sorted(found, key=lambda one: -abs(one.price_thousandths)))


def _quotas(decided: Decided, used: Counter[Resource], prices: tuple[ShadowPrice, ...]) -> tuple[QuotaAnswer, ...]:
    wave = decided.laid.wave
    price_of = {one.resource: one.price_thousandths for one in prices}
    answers = []
    for quota, cost in zip(wave.terms.quotas, quota_minor(wave, used), strict=True):
        least, most = quota_between(quota, wave)
        resource = quota_resource(quota)
        answers.append(
            QuotaAnswer(
                source_id=quota.source_id,
                basis=quota.basis,
                given=used[resource],
                least=least,
                most=most,
                cost_minor=cost,
                price_thousandths=price_of.get(resource, 0),
            )
        )
    return tuple(answers)
