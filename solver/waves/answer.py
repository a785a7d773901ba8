"""From the plans of a wave and what its engine proved to the WavePlan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from solver.sourcing.explanation import chinese, english
from solver.sourcing.plan import Engine, LevelValue, Plan, Stop
from solver.sourcing.policy import COST
from solver.units import ceil_div
from solver.waves.case import PRICES_PER_MINOR, WaveFinding
from solver.waves.case import Branch as FoundBranch
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.registry import NO_CAPACITY
from solver.waves.merging.deciding import Merging
from solver.waves.merging.sharing_out import shared_out
from solver.waves.plan import (
    Branch,
    Merge,
    OrderAtSource,
    OrderPrice,
    Outside,
    Packing,
    QuotaAnswer,
    Resource,
    ResourceKind,
    ResourcePrice,
    ShadowPrice,
    WavePlan,
    WaveTerm,
)
from solver.waves.sharing import limits_of, quota_between, quota_resource
from solver.waves.unfilled import Unfilled
from solver.waves.usage import costs_beside, quota_minor, usage_of
from solver.waves.wording import price_text, price_text_zh


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decided:
    """A wave with a plan for each order, by order id, and what the engine found for those within the structure.

    `merging` has the wave and the plans when some orders are one; `gain_thousandths` by how much that may bring the
    wave below the engine's bound.
    """

    laid: LaidOut
    found: WaveFinding
    merging: Merging
    outside: tuple[Outside, ...]
    gain_thousandths: int = 0


def answer(decided: Decided, *, seconds: float) -> WavePlan:
    """The whole answer."""
    wave, plans, found = decided.merging.wave, decided.merging.plans, decided.found
    usage = usage_of(wave, plans)
    used = usage.of
    cost: dict[str, int] = {WaveTerm.ORDERS: sum(plan.total_minor for plan in plans.values())}
    cost |= costs_beside(wave, plans, used)
    total = sum(cost.values())
    branches = _branches(decided)
    packing = None if branches else _packing(decided)
    proven_thousandths = found.packed_bound if packing else found.bound - decided.gain_thousandths
    proven_thousandths = found.branched_bound if branches else proven_thousandths
    proven = decided.laid.scale.parted(max(0, ceil_div(proven_thousandths, PRICES_PER_MINOR)))
    levels = _levels(decided, total, proven)
    bound = min(proven[-1], total) if not levels or all(one.value == one.bound for one in levels[:-1]) else 0
    prices = _prices(decided, used)
    unfilled = Unfilled(wave, usage, limits_of(wave), prices)
    explained = {
        problem.order_id: _told(unfilled.with_reasons(problem, plans[problem.order_id])) for problem in wave.orders
    }
    first = wave.orders[0] if wave.orders else None
    return WavePlan(
        currency=first.currency if first else "",
        plans=_of_every_order(decided, explained),
        cost_minor=cost,
        total_minor=total,
        bound_minor=bound,
        seconds=seconds,
        engine=Engine.BATCH,
        stop=_stop(found, is_proven=total == bound),
        levels=levels,
        level_weights=decided.laid.scale.multipliers if levels else (),
        prices=prices,
        opened=tuple(
            one.source_id
            for one in wave.terms.sources
            if one.opening_cost_minor and used[Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=one.source_id)]
        ),
        quotas=_quotas(decided, used, prices),
        merges=_merges(decided, explained),
        outside=decided.outside,
        money_decimals=first.money_decimals if first else None,
        packing=packing,
        branches=branches,
    )


def _packing(decided: Decided) -> Packing | None:
    """Prices of orders where they prove more than those of what is scarce, and hold for all that the wave may do."""
    laid, found = decided.laid, decided.found
    may_merge = any(one.merge_key for one in laid.wave.terms.orders)
    resources = tuple(laid.resources[one] for one in found.packed.tolist())
    by_package = any(one.kind in (ResourceKind.PACKAGES, ResourceKind.SOURCE_VALUE) for one in resources)
    if found.packed_bound <= found.bound or may_merge or by_package or len(laid.measures) > 1:
        return None
    prices = found.order_prices.tolist()
    return Packing(
        order_prices=tuple(
            OrderPrice(order_id=problem.order_id, price_thousandths=price)
            for number, (problem, price) in enumerate(zip(laid.wave.orders, prices, strict=True))
            if number not in laid.outside
        ),
        resources=resources,
    )


def _branches(decided: Decided) -> tuple[Branch, ...]:
    """The parts of all plans where they prove more, and orders of one recipient are not shipped as one."""
    laid, found = decided.laid, decided.found
    if found.branched_bound <= found.bound or any(one.merge_key for one in laid.wave.terms.orders):
        return ()
    return tuple(_branch(laid, one) for one in found.branches) if len(laid.measures) == 1 else ()


def _branch(laid: LaidOut, branch: FoundBranch) -> Branch:
    def named(pairs: tuple[tuple[int, int], ...]) -> tuple[OrderAtSource, ...]:
        return tuple(
            OrderAtSource(order_id=laid.wave.orders[order].order_id, source_id=laid.source_ids[source])
            for order, source in pairs
        )

    prices = zip(laid.resources, branch.prices.tolist(), strict=True)
    return Branch(
        opened=tuple(laid.source_ids[one] for one in branch.opened),
        closed=tuple(laid.source_ids[one] for one in branch.closed),
        served=named(branch.served),
        unserved=named(branch.unserved),
        prices=tuple(ResourcePrice(resource=one, price_thousandths=price) for one, price in prices if price),
    )


def _told(plan: Plan) -> Plan:
    """The plan in one sentence. Its runner-up and the rules that bind are worked out on demand only."""
    return plan if plan.why else replace(plan, why=english.why(plan), why_zh=chinese.why(plan))


def _of_every_order(decided: Decided, plans: Mapping[str, Plan]) -> tuple[Plan, ...]:
    """In the sequence of the wave's orders; those that are shipped as one have their parts of that plan."""
    parts = {
        plan.order_id: plan
        for key, problems in decided.merging.chosen.items()
        for plan in shared_out(plans[key], problems)
    }
    return tuple(parts.get(one.order_id) or plans[one.order_id] for one in decided.laid.wave.orders)


def _merges(decided: Decided, plans: Mapping[str, Plan]) -> tuple[Merge, ...]:
    merging = decided.merging
    return tuple(
        Merge(
            merge_key=key,
            order_ids=tuple(one.order_id for one in problems),
            plan=plans[key],
            alone_minor=merging.alone_minor[key],
            saving_minor=merging.alone_minor[key] - plans[key].total_minor,
        )
        for key, problems in merging.chosen.items()
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
    for plan in decided.merging.plans.values():
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
    wave = decided.merging.wave
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
