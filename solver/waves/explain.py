"""Why an order of a wave is planned as it is: as for an order alone, and what the other orders have to do with it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from solver.sourcing.explanation.fully import explain_fully
from solver.sourcing.explanation.model import Explanation
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide
from solver.waves.left import problem_left, with_wave_costs
from solver.waves.merging.groups import merged_wave
from solver.waves.plan import Resource, ResourceKind, WavePlan
from solver.waves.sharing import limits_of
from solver.waves.usage import Usage, stock_of, usage_of
from solver.waves.wave import Wave

MOST_HOLDERS = 3  # so many of the orders that have what another wants are asked what it is worth to them
_QUESTION_SECONDS = 1.0


def explain_in_wave(wave: Wave, answer: WavePlan, order_id: str, *, seconds_left: Callable[[], float]) -> Explanation:
    """The explanation of one order's plan on what all others leave, with what it would have had by itself.

    Orders that are shipped as one are explained as one. Raises KeyError for an order that the answer does not have.
    """
    return _Inquiry(wave, answer, seconds_left).explanation(order_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holder:
    """Another order, and by how much it would be dearer if it gave way."""

    order_id: str
    extra_minor: int


class _Inquiry:
    def __init__(self, wave: Wave, answer: WavePlan, seconds_left: Callable[[], float]) -> None:
        of_order = {problem.order_id: problem for problem in wave.orders}
        chosen = {merge.merge_key: tuple(of_order[one] for one in merge.order_ids) for merge in answer.merges}
        self._key_of = {one: merge.merge_key for merge in answer.merges for one in merge.order_ids}
        self._wave = merged_wave(wave, chosen) if chosen else wave
        self._problems = {problem.order_id: problem for problem in self._wave.orders}
        self._plans = {plan.order_id: plan for plan in answer.plans if plan.order_id not in self._key_of}
        self._plans |= {merge.merge_key: merge.plan for merge in answer.merges}
        self._limits = limits_of(self._wave)
        self._usage = usage_of(self._wave, self._plans)
        self._seconds_left = seconds_left

    def explanation(self, order_id: str) -> Explanation:
        own_id = self._key_of.get(order_id, order_id)
        problem, plan = self._problems[own_id], self._plans[own_id]
        left = self._left_for(own_id)
        explained = explain_fully(left, self._proven(left, plan), self._decide, seconds_left=self._seconds_left)
        words = list(self._beside(problem, plan, left))
        return replace(
            explained,
            order_id=order_id,
            why=" ".join([explained.why, *(english for english, _ in words)]).strip(),
            why_zh="".join([explained.why_zh, *(chinese for _, chinese in words)]),
        )

    def _proven(self, left: Problem, plan: Plan) -> Plan:
        """The plan with the bound that holds on what the others leave."""
        if self._seconds_left() <= 0:
            return plan
        again = self._decide(left)
        return replace(plan, bound_minor=max(plan.bound_minor, min(again.bound_minor, plan.total_minor)))

    def _decide(self, problem: Problem) -> Plan:
        return decide(problem, engine=Engine.EXACT, time_limit_seconds=min(_QUESTION_SECONDS, self._seconds_left()))

    def _left_for(self, order_id: str, but: Counter[Resource] | None = None) -> Problem:
        """The order's problem on what the others leave, when so much more of some resources is gone."""
        usage = self._used_by_others(order_id)
        for resource, amount in (but or {}).items():
            usage.use_more(resource, amount)
        left = problem_left(self._wave, self._problems[order_id], usage, self._limits)
        return with_wave_costs(self._wave, left, usage, self._plans[order_id].source_ids)

    def _used_by_others(self, order_id: str) -> Usage:
        usage = self._usage.copy()
        usage.add(self._problems[order_id], self._plans[order_id], times=-1)
        return usage

    def _beside(self, problem: Problem, plan: Plan, left: Problem) -> Iterator[tuple[str, str]]:
        """What it would have been by itself, and who has what it then would have taken."""
        if self._seconds_left() <= 0:
            return
        others = self._used_by_others(problem.order_id)
        alone = self._decide(with_wave_costs(self._wave, problem, others, plan.source_ids))
        less = plan.total_minor - alone.total_minor
        if less <= 0:
            return
        places = ", ".join(alone.source_ids)
        yield (
            f"By itself it would ship from {places} for {plan.money(less)} less.",
            f"单独决策时由 {places} 发货，可省 {plan.money(less)}。",
        )
        for resource, units in self._wanted(alone, left):
            yield from self._given(problem.order_id, resource, units, plan)

    def _wanted(self, alone: Plan, left: Problem) -> Iterator[tuple[Resource, int]]:
        """What its plan by itself takes that the others have: units of stock, and orders of sources that are full."""
        there = {offer.key: offer.available for offer in left.offers}
        taken: Counter[tuple[str, str, str]] = Counter()
        for package in alone.packages:
            for packed in package.contents:
                taken[package.source_id, package.offer_id, packed.sku] += packed.units
        for (source_id, offer_id, sku), units in sorted(taken.items()):
            short = units - there[source_id, offer_id].get(sku, 0)
            if short > 0:
                yield stock_of(source_id, offer_id, sku), short
        still = {lane.source_id for lane in left.lanes}
        for source_id in alone.source_ids:
            limit = self._limits.get(Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=source_id))
            if source_id not in still and limit is not None:
                yield Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=source_id), 1

    def _given(self, order_id: str, resource: Resource, units: int, plan: Plan) -> Iterator[tuple[str, str]]:
        """To whom a resource went, and what it is worth there."""
        holders = [self._holder(other, resource, units) for other in self._holders(order_id, resource)]
        known = [one for one in holders if one is not None]
        if not known:
            return
        least = min(known, key=lambda one: (one.extra_minor, one.order_id))
        dearer = plan.money(least.extra_minor)
        if resource.kind is ResourceKind.STOCK:
            yield (
                f"{resource.sku} at {resource.source_id} went to order {least.order_id}, "
                f"which would pay {dearer} more without it.",
                f"{resource.source_id} 的 {resource.sku} 给了订单 {least.order_id}，否则后者要多付 {dearer}。",
            )
        else:
            yield (
                f"{resource.source_id} takes no more orders; order {least.order_id}, which it serves, "
                f"would pay {dearer} more elsewhere.",
                f"{resource.source_id} 已满；它所服务的订单 {least.order_id} 若改由别处发货要多付 {dearer}。",
            )

    def _holders(self, order_id: str, resource: Resource) -> list[str]:
        """Other orders that take of the resource, the first few by id."""
        found = []
        for other, plan in sorted(self._plans.items()):
            takes = any(
                package.source_id == resource.source_id
                and (
                    resource.kind is ResourceKind.SOURCE_ORDERS
                    or (
                        package.offer_id == resource.offer_id
                        and any(one.sku == resource.sku for one in package.contents)
                    )
                )
                for package in plan.packages
            )
            if takes and other != order_id:
                found.append(other)
        return found[:MOST_HOLDERS]

    def _holder(self, order_id: str, resource: Resource, units: int) -> _Holder | None:
        if self._seconds_left() <= 0:
            return None
        without = self._decide(self._left_for(order_id, Counter({resource: units})))
        extra_minor = without.total_minor - self._plans[order_id].total_minor
        return _Holder(order_id=order_id, extra_minor=max(0, extra_minor))
