"""What plans use of everything that a wave shares, and what that costs beside the plans themselves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from solver.network.lanes import Lane
from solver.sourcing.plan import Package, Plan
from solver.sourcing.problem import Offer, Problem
from solver.waves.plan import Resource, ResourceKind, WaveTerm
from solver.waves.recount import units_given
from solver.waves.sharing import Limit, counts_on, quota_between, quota_resource, resource_of, value_steps
from solver.waves.wave import Wave


class Usage:
    """How much of every resource plans take, added up plan by plan."""

    def __init__(self, wave: Wave) -> None:
        self._wave = wave
        self._minutes = {(one.order_id, one.source_id): one.minutes for one in wave.terms.work}
        self.of: Counter[Resource] = Counter()
        self.grams: Counter[str] = Counter()  # handed to each service
        self._by_view: dict[Resource, Counter[int]] = {}  # units of stock, by how many who took them may take

    def add(self, problem: Problem, plan: Plan, times: int = 1) -> None:
        """Count a plan; `times` -1 takes it back."""
        lanes = {lane.lane_id: lane for lane in problem.lanes}
        offers = {offer.source_id: offer for offer in problem.offers}
        offers_by_key = {offer.key: offer for offer in problem.offers}
        for source_id in plan.source_ids:
            packages = [package for package in plan.packages if package.source_id == source_id]
            for kind, amount in self._of_source(problem, offers[source_id], packages):
                self.of[Resource(kind=kind, source_id=source_id)] += times * amount
        for package in plan.packages:
            self.of[self._taken(package, lanes[package.lane_id])] += times
            self.grams[package.service_id] += times * package.weight_grams
            for packed in package.contents:
                stock = stock_of(package.source_id, package.offer_id, packed.sku)
                self.of[stock] += times * packed.units
                view = units_given(
                    problem, plan.relaxed_rules, offers_by_key[package.source_id, package.offer_id], packed.sku
                )
                self._by_view.setdefault(stock, Counter())[view] += times * packed.units

    def left_of(self, stock: Resource, view: int) -> int:
        """Units that are left for an order that sees `view` of them: those that see no more than so many share these.

        So that all find what they take, whoever comes first, that holds at every number of units that some order sees.
        """
        by_view: Mapping[int, int] = self._by_view.get(stock, {})
        taken = sum(units for seen, units in by_view.items() if seen <= view)
        least = view - taken
        for seen in sorted(seen for seen, units in by_view.items() if seen > view and units):
            taken += by_view[seen]
            least = min(least, seen - taken)
        return max(0, least)

    def use_more(self, resource: Resource, amount: int) -> None:
        """Count so much of a resource as used by somebody else."""
        self.of[resource] += amount
        if resource.kind is ResourceKind.STOCK:
            self._by_view.setdefault(resource, Counter())[0] += amount

    def copy(self) -> "Usage":
        """The same count, to be counted on by itself."""
        other = Usage(self._wave)
        other.of, other.grams = self.of.copy(), self.grams.copy()
        other._by_view = {stock: by_view.copy() for stock, by_view in self._by_view.items()}
        return other

    def overdrawn(self) -> set[Resource]:
        """Stock of which some orders that see no more than so many units take more than that together."""
        found = set()
        for stock, by_view in self._by_view.items():
            taken = 0
            for seen in sorted(by_view):
                taken += by_view[seen]
                if taken > seen and by_view[seen]:
                    found.add(stock)
        return found

    def exceeds(self, limits: Mapping[Resource, Limit], most_grams: Mapping[str, int]) -> bool:
        """True when a strict limit is broken."""
        return any(
            limit.over_minor is None and limit.capacity is not None and self.of[resource] > limit.capacity
            for resource, limit in limits.items()
        ) or any(self.grams[service_id] > grams for service_id, grams in most_grams.items())

    def _of_source(
        self, problem: Problem, offer: Offer, packages: Sequence[Package]
    ) -> Iterable[tuple[ResourceKind, int]]:
        contents = [packed for package in packages for packed in package.contents]
        units = sum(packed.units for packed in contents)
        norm = len(packages) * offer.minutes_per_package + units * offer.minutes_per_unit
        yield ResourceKind.SOURCE_ORDERS, 1
        yield ResourceKind.SOURCE_UNITS, units
        yield ResourceKind.SOURCE_MINUTES, self._minutes.get((problem.order_id, offer.source_id), norm)
        yield ResourceKind.SOURCE_VALUE, sum(packed.units * value_steps(problem, packed.sku) for packed in contents)

    def _taken(self, package: Package, lane: Lane) -> Resource:
        for carrier in self._wave.terms.carriers:
            if counts_on(carrier, lane.source_id, lane.service_id, lane.hand_over_at):
                return resource_of(carrier)
        return Resource(kind=ResourceKind.PACKAGES, service_id=package.service_id)


def stock_of(source_id: str, offer_id: str, sku: str) -> Resource:
    """The units of a SKU in an offer."""
    return Resource(kind=ResourceKind.STOCK, source_id=source_id, offer_id=offer_id, sku=sku)


def stock_taken_by(plan: Plan) -> set[Resource]:
    """Whatever stock the plan takes units of."""
    return {
        stock_of(package.source_id, package.offer_id, packed.sku)
        for package in plan.packages
        for packed in package.contents
    }


def usage_of(wave: Wave, plans: Mapping[str, Plan]) -> Usage:
    """What the plans, by order id, use together."""
    usage = Usage(wave)
    for problem in wave.orders:
        if problem.order_id in plans:
            usage.add(problem, plans[problem.order_id])
    return usage


def costs_beside(wave: Wave, plans: Mapping[str, Plan], used: Counter[Resource]) -> dict[str, int]:
    """What the wave costs beside its orders' plans, by WaveTerm."""
    priority = {one.order_id: one.priority_minor for one in wave.terms.orders}
    return {
        WaveTerm.OPENING: sum(
            one.opening_cost_minor
            for one in wave.terms.sources
            if used[Resource(kind=ResourceKind.SOURCE_ORDERS, source_id=one.source_id)]
        ),
        WaveTerm.OVER_CAPACITY: sum(over_capacity_minor(wave, used)),
        WaveTerm.QUOTA: sum(quota_minor(wave, used)),
        WaveTerm.PRIORITY: sum(priority.get(order_id, 0) * plan.unfilled_units for order_id, plan in plans.items()),
    }


def over_capacity_minor(wave: Wave, used: Counter[Resource]) -> Iterable[int]:
    """What goes beyond limits that have a price, limit by limit."""
    for terms in wave.terms.sources:
        for kind, most, over in (
            (ResourceKind.SOURCE_ORDERS, terms.most_orders, terms.over_order_minor),
            (ResourceKind.SOURCE_UNITS, terms.most_units, terms.over_unit_minor),
            (ResourceKind.SOURCE_MINUTES, terms.most_minutes, terms.over_minute_minor),
        ):
            if most is not None and over is not None:
                yield over * max(0, used[Resource(kind=kind, source_id=terms.source_id)] - most)
    for carrier in wave.terms.carriers:
        if carrier.over_package_minor is not None:
            yield carrier.over_package_minor * max(0, used[resource_of(carrier)] - carrier.most_packages)


def quota_minor(wave: Wave, used: Counter[Resource]) -> Iterable[int]:
    """What every quota costs, in the sequence of the wave's terms."""
    for quota in wave.terms.quotas:
        least, most = quota_between(quota, wave)
        given = used[quota_resource(quota)]
        over = max(0, given - most) * (quota.over_minor or 0)
        yield max(0, least - given) * quota.short_minor + over
