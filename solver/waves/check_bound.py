"""The bound of a wave recomputed from its prices, in whole numbers, by the judge's own slow pricing.

At prices y (thousandths of a minor unit) no plan of the wave costs less than

    sum over orders of the least of (cost + y * what it takes)
    - sum over resources of y+ * capacity  + sum of y- * least
    + sum over sources that cost something to open of min(0, opening cost - y+ * all that the source has)  in place of
      the second term for what those sources have,

as long as no price of a limit that may be exceeded lies above what exceeding it costs, and none of a least above what
falling short costs: then using more than there is gains nothing. Where each order ships as a whole from one source,
prices of orders may prove more (`check_packing`), and so may the plans of a small wave, parted (`check_branches`).
Strict priorities make one cost by their weights (`check_levels`); with them no orders are shipped as one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.sourcing.brief import Brief, brief
from solver.sourcing.policy import COST
from solver.sourcing.problem import Problem
from solver.units import ceil_div
from solver.waves.at_prices import AtPrices, taken_by
from solver.waves.check_branches import least_of_branches
from solver.waves.check_levels import keep_apart, parted, stated_levels
from solver.waves.check_packing import PackingJudge
from solver.waves.merging.groups import merged_problem, merged_wave, priced_groups
from solver.waves.plan import Resource, ResourceKind, ResourcePrice, ShadowPrice, WavePlan
from solver.waves.recount import units_given
from solver.waves.sharing import Limit, limits_of
from solver.waves.slow_pricing import ONE_LEVEL, leaves_out
from solver.waves.wave import Wave

_PER_MINOR = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenBound:
    """What prices prove, in minor units, and the orders whose floor the judge took on trust, as it cannot price them.

    `levels` are those of strict priorities, money last; then `bound_minor` is what is proven of money, 0 unless nothing
    can be better before it. `bound_minor` None: it is not recomputed, as there are more contents than the judge takes,
    or the weights of the priorities do not keep them apart.
    """

    bound_minor: int | None
    on_trust: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()


def violations_of_bound(wave: Wave, plan: WavePlan) -> list[str]:
    """What is wrong with the bound and its prices, in words."""
    limits = limits_of(wave)
    wrong = list(_of_prices(plan.prices, limits))
    wrong += [fault for branch in plan.branches for fault in _of_prices(branch.prices, limits)]
    proven = proven_bound(wave, plan)
    if proven.bound_minor is not None and proven.bound_minor < plan.bound_minor:
        wrong.append(f"the prices prove a bound of {proven.bound_minor}, not {plan.bound_minor}")
    if proven.levels and proven.levels < stated_levels(plan):
        wrong.append(f"the prices prove priorities of {proven.levels}, not {stated_levels(plan)}")
    return wrong


def proven_bound(wave: Wave, plan: WavePlan) -> ProvenBound:
    """The bound that the plan's prices prove."""
    judge = _Judge(wave, plan)
    total = 0
    for problem in wave.orders:
        least = judge.least_outside(problem) if problem.order_id in judge.floors else judge.least_at_prices(problem)
        if least is None:
            return ProvenBound(bound_minor=None)
        total += least
    if plan.levels:
        return _proven_levels(judge, plan, max(0, ceil_div(total + judge.of_resources(), _PER_MINOR)))
    total += judge.of_resources() - judge.of_merging()
    others = (judge.of_packing(plan), judge.of_branches(plan))
    proven = max([total, *(one for one in others if one is not None)])
    return ProvenBound(bound_minor=ceil_div(proven, _PER_MINOR), on_trust=tuple(judge.on_trust))


def _proven_levels(judge: "_Judge", plan: WavePlan, cost: int) -> ProvenBound:
    """What the one cost of all priorities says of each."""
    if not judge.keeps_levels_apart():
        return ProvenBound(bound_minor=None)
    levels = parted(cost, plan.level_weights)
    before_money = tuple(level.value for level in plan.levels if level.measure != COST)
    money = levels[-1] if levels[:-1] == before_money else 0
    return ProvenBound(bound_minor=money, on_trust=tuple(judge.on_trust), levels=levels)


def _of_prices(prices: Sequence[ShadowPrice | ResourcePrice], limits: Mapping[Resource, Limit]) -> Iterator[str]:
    """Prices for which the formula would not hold."""
    for one in prices:
        resource, price = one.resource, one.price_thousandths
        limit = limits.get(resource, Limit())
        most = None if resource.kind is ResourceKind.STOCK or limit.over_minor is None else limit.over_minor
        if price > 0 and resource.kind is not ResourceKind.STOCK and limit.capacity is None:
            yield f"{resource} has a price of {price} and no limit"
        if most is not None and price > _PER_MINOR * most:
            yield f"{resource} has a price of {price}, though each beyond its limit costs {most}"
        if price < 0 and -price > _PER_MINOR * (limit.short_minor if limit.least else 0):
            yield f"{resource} has a price of {price}, though each short of its least costs {limit.short_minor}"


class _Judge:
    """What the formula needs of every order, and of all of them."""

    def __init__(self, wave: Wave, plan: WavePlan) -> None:
        self._wave = wave
        self._prices = {one.resource: one.price_thousandths for one in plan.prices}
        self._weights = plan.level_weights or ONE_LEVEL
        self._at_prices = AtPrices(wave, self._prices, self._weights)
        self._briefs: list[Brief] = []  # of the orders that are priced
        self._limits = limits_of(wave)
        self._supply: dict[Resource, int] = {}  # units of stock
        self._users: dict[Resource, set[str]] = {}  # sources whose packages count on a service's limit
        self.floors = {one.order_id: one.floor_minor for one in plan.outside}
        self.on_trust: list[str] = []

    def least_at_prices(self, problem: Problem) -> int | None:
        """The least of cost and prices of what it takes, in thousandths."""
        made = brief(problem)
        self._see(made)
        self._briefs.append(made)
        return self._at_prices.least(made)

    def keeps_levels_apart(self) -> bool:
        """True when the stated weights make one cost of which every priority can be read."""
        return keep_apart(self._wave, [made.case for made in self._briefs], self._weights)

    def least_outside(self, problem: Problem) -> int | None:
        """The stated floor, or less where the judge finds less and sees all that limits the order; else on trust."""
        floor = _PER_MINOR * self.floors[problem.order_id]
        if not floor:
            return 0
        made = brief(problem)
        least = AtPrices(self._wave, {}).least(made)
        if least is None or (least < floor and leaves_out(made.case)):
            self.on_trust.append(problem.order_id)
            return floor
        return min(floor, least)

    def of_resources(
        self,
        prices: Mapping[Resource, int] | None = None,
        opened: Collection[str] = (),
        closed: Collection[str] = (),
    ) -> int:
        """What the formula has beside the orders, in thousandths; of a branch, if it opens or closes sources."""
        opening = {one.source_id: _PER_MINOR * one.opening_cost_minor for one in self._wave.terms.sources}
        worth = dict.fromkeys(opening, 0)
        total = 0
        for resource, price in (self._prices if prices is None else prices).items():
            limit = self._limits.get(resource, Limit())
            total += max(0, -price) * limit.least
            capacity = self._supply.get(resource, 0) if resource.kind is ResourceKind.STOCK else limit.capacity or 0
            owner = self._owner(resource)
            if owner in closed:
                continue
            if owner in worth:
                worth[owner] += max(0, price) * capacity
            else:
                total -= max(0, price) * capacity
        for source_id, cost in opening.items():
            if source_id not in closed:
                total += cost - worth[source_id] if source_id in opened else min(0, cost - worth[source_id])
        return total

    def of_packing(self, plan: WavePlan) -> int | None:
        """What prices of orders prove, in thousandths; None where they prove nothing, or it cannot be told."""
        if plan.packing is None or any(priced_groups(self._wave, self.floors)):
            return None
        packing = PackingJudge(self._wave, plan.packing)
        if not all(packing.see(brief(one)) for one in self._wave.orders if one.order_id not in self.floors):
            return None
        floors = sum(self.least_outside(one) or 0 for one in self._wave.orders if one.order_id in self.floors)
        bound = packing.bound(self._strict)
        return None if bound is None else bound + floors

    def of_branches(self, plan: WavePlan) -> int | None:
        """What the branches prove, in thousandths; None where they prove nothing, or it cannot be told."""
        if not plan.branches or any(priced_groups(self._wave, self.floors)):
            return None
        least = least_of_branches(self._wave, plan, self._briefs, self.of_resources)
        floors = sum(self.least_outside(one) or 0 for one in self._wave.orders if one.order_id in self.floors)
        return None if least is None else least + floors

    def _strict(self, resource: Resource) -> int | None:
        """How much there is of a resource, None where a price allows more."""
        if resource.kind is ResourceKind.STOCK:
            return self._supply.get(resource)
        limit = self._limits.get(resource, Limit())
        return limit.capacity if limit.over_minor is None else None

    def of_merging(self) -> int:
        """By how much orders of one recipient might cost less as one, in thousandths."""
        gain = 0
        for key, problems in priced_groups(self._wave, self.floors):
            as_one = AtPrices(merged_wave(self._wave, {key: problems}), self._prices)
            least = as_one.least(brief(merged_problem(key, problems)))
            apart = [self._at_prices.least(brief(problem)) or 0 for problem in problems]
            gain += max(0, sum(apart) - (least or 0))
        return gain

    def _owner(self, resource: Resource) -> str:
        """The only source that takes of a resource; empty: several do."""
        if resource.source_id or resource.kind is not ResourceKind.PACKAGES:
            return resource.source_id
        users = self._users.get(resource, set())
        return next(iter(users)) if len(users) == 1 else ""

    def _see(self, made: Brief) -> None:
        """Note what stock the order sees, and whose packages it could be sent by."""
        case = made.case
        with_lane = np.bincount(case.lane_offer, minlength=len(case.stock)) > 0
        for offer, part in zip(*np.nonzero((case.stock > 0) & with_lane[:, None]), strict=True):
            one, sku = made.facts.offers[offer], made.facts.skus[part]
            resource = Resource(kind=ResourceKind.STOCK, source_id=one.source_id, offer_id=one.offer_id, sku=sku)
            units = units_given(made.problem, (), one, sku)
            self._supply[resource] = max(units, self._supply.get(resource, units))
        for lane in made.facts.lanes:
            self._users.setdefault(taken_by(self._wave, lane), set()).add(lane.source_id)
