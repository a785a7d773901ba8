"""What the plans of a wave take together, counted anew from packages; and the limits that this must keep to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from fractions import Fraction
from math import ceil, floor

from solver.network.lanes import Lane
from solver.network.model import SourceKind
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem, Stage
from solver.waves.plan import Resource, ResourceKind, WaveTerm
from solver.waves.wave import VALUE_STEP_MINOR, CarrierCapacity, Quota, QuotaBasis, Wave

_WHOLE = 10_000


class Recount:
    """Everything that is counted over all orders."""

    def __init__(self, wave: Wave, plans: Sequence[Plan]) -> None:
        self._wave = wave
        self._pairs = list(zip(wave.orders, plans, strict=True))
        self.taken: Counter[tuple[str, str, str]] = Counter()  # units by source, offer and SKU
        self.orders: Counter[str] = Counter()  # by source, as the next three
        self.units: Counter[str] = Counter()
        self.minutes: Counter[str] = Counter()
        self.value: Counter[str] = Counter()
        self.handed: list[tuple[Lane, Package]] = []
        for problem, plan in self._pairs:
            self._count(problem, plan)

    def _count(self, problem: Problem, plan: Plan) -> None:
        stated = {one.source_id: one.minutes for one in self._wave.terms.work if one.order_id == problem.order_id}
        lanes = {lane.lane_id: lane for lane in problem.lanes}
        for source_id in {package.source_id for package in plan.packages}:
            self.orders[source_id] += 1
            self.minutes[source_id] += stated.get(source_id, 0)
        for package in plan.packages:
            offer = next(one for one in problem.offers if one.source_id == package.source_id)
            units = sum(packed.units for packed in package.contents)
            self.handed.append((lanes[package.lane_id], package))
            self.units[package.source_id] += units
            if package.source_id not in stated:
                self.minutes[package.source_id] += offer.minutes_per_package + units * offer.minutes_per_unit
            for packed in package.contents:
                self.taken[package.source_id, package.offer_id, packed.sku] += packed.units
                self.value[package.source_id] += packed.units * _steps(problem, packed.sku)

    def of_stock(self) -> Iterator[str]:
        """What orders that see no more than so many take together beyond that, less what their policies keep back."""
        seen: dict[tuple[str, str, str], list[tuple[int, str, int]]] = {}
        for problem, plan in self._pairs:
            offers = {offer.key: offer for offer in problem.offers}
            mine: Counter[tuple[str, str, str]] = Counter()
            for package in plan.packages:
                for packed in package.contents:
                    mine[package.source_id, package.offer_id, packed.sku] += packed.units
            for (source_id, offer_id, sku), units in mine.items():
                gives = units_given(problem, plan.relaxed_rules, offers[source_id, offer_id], sku)
                seen.setdefault((source_id, offer_id, sku), []).append((gives, problem.order_id, units))
        for (source_id, _, sku), takers in sorted(seen.items()):
            for gives, order_id, _ in sorted(takers):
                taken = sum(units for of, _, units in takers if of <= gives)
                if taken > gives:
                    yield f"all orders take {taken} of {sku} at {source_id}, order {order_id} sees {gives}"

    def of_limits(self) -> Iterator[str]:
        """What is taken beyond strict limits of offers, lanes, and the wave's terms."""
        yield from dict.fromkeys([*self._of_offers(), *self._of_lanes()])
        for terms in self._wave.terms.sources:
            for noun, used, most, over in (
                ("orders", self.orders, terms.most_orders, terms.over_order_minor),
                ("units", self.units, terms.most_units, terms.over_unit_minor),
                ("minutes", self.minutes, terms.most_minutes, terms.over_minute_minor),
            ):
                if most is not None and over is None and used[terms.source_id] > most:
                    yield f"{terms.source_id} takes {used[terms.source_id]} {noun}, at most {most} in the wave"
        for carrier in self._wave.terms.carriers:
            packages = self.packages_on(carrier)
            if carrier.over_package_minor is None and packages > carrier.most_packages:
                yield f"{carrier.service_id} takes {packages} packages, at most {carrier.most_packages} in the wave"
        for quota in self._wave.terms.quotas:
            if quota.over_minor is None and self._given(quota) > self._agreed(quota)[1]:
                yield f"{quota.source_id} is given {self._given(quota)} {quota.basis}, at most {self._agreed(quota)[1]}"

    def costs(self) -> dict[str, int]:
        """What the wave costs, by WaveTerm."""
        terms = self._wave.terms
        priority = {one.order_id: one.priority_minor for one in terms.orders}
        beyond = [
            max(0, used[one.source_id] - most) * over
            for one in terms.sources
            for used, most, over in (
                (self.orders, one.most_orders, one.over_order_minor),
                (self.units, one.most_units, one.over_unit_minor),
                (self.minutes, one.most_minutes, one.over_minute_minor),
            )
            if most is not None and over is not None
        ]
        beyond += [
            max(0, self.packages_on(carrier) - carrier.most_packages) * (carrier.over_package_minor or 0)
            for carrier in terms.carriers
        ]
        return {
            WaveTerm.ORDERS: sum(plan.total_minor for _, plan in self._pairs),
            WaveTerm.OPENING: sum(one.opening_cost_minor for one in terms.sources if self.orders[one.source_id]),
            WaveTerm.OVER_CAPACITY: sum(beyond),
            WaveTerm.QUOTA: sum(self._quota_cost(quota) for quota in terms.quotas),
            WaveTerm.PRIORITY: sum(
                priority.get(plan.order_id, 0) * sum(line.unfilled_units for line in plan.lines)
                for _, plan in self._pairs
            ),
        }

    def opened(self) -> tuple[str, ...]:
        """Sources with an opening cost that ship."""
        return tuple(
            one.source_id for one in self._wave.terms.sources if one.opening_cost_minor and self.orders[one.source_id]
        )

    def quotas(self) -> list[tuple[str, QuotaBasis, int, int, int, int]]:
        """Of every quota: source, basis, what is given, the least and the most agreed, the cost."""
        return [
            (quota.source_id, quota.basis, self._given(quota), *self._agreed(quota), self._quota_cost(quota))
            for quota in self._wave.terms.quotas
        ]

    def packages_on(self, carrier: CarrierCapacity) -> int:
        """How many packages count on a capacity."""
        return sum(
            lane.service_id == carrier.service_id
            and (not carrier.source_id or carrier.source_id == lane.source_id)
            and (carrier.day is None or (lane.hand_over_at and lane.hand_over_at.astimezone(UTC).date()) == carrier.day)
            for lane, _ in self.handed
        )

    def used_of(self, resource: Resource) -> int:
        """How much of a source's or a service's resource is used."""
        if resource.kind is ResourceKind.PACKAGES:
            limit = CarrierCapacity(
                service_id=resource.service_id, source_id=resource.source_id, day=resource.day, most_packages=0
            )
            return self.packages_on(limit)
        by_source = {
            ResourceKind.SOURCE_ORDERS: self.orders,
            ResourceKind.SOURCE_UNITS: self.units,
            ResourceKind.SOURCE_MINUTES: self.minutes,
            ResourceKind.SOURCE_VALUE: self.value,
        }
        return by_source[resource.kind][resource.source_id]

    def _of_offers(self) -> Iterator[str]:
        stated = {one.source_id: one for one in self._wave.terms.sources}
        for problem, plan in self._pairs:
            for offer in problem.offers:
                terms = stated.get(offer.source_id)
                for rule, noun, used, left, instead in (
                    ("capacity", "orders", self.orders, offer.orders_left, terms and terms.most_orders),
                    ("capacity", "units", self.units, offer.units_left, terms and terms.most_units),
                    ("capacity", "minutes", self.minutes, offer.minutes_left, terms and terms.most_minutes),
                    ("quota", "orders", self.orders, offer.quota_orders_left, terms and terms.most_orders),
                ):
                    if left is None or instead is not None or used[offer.source_id] <= max(0, left):
                        continue
                    if _holds(problem.policy, plan.relaxed_rules, f"sources_stay_within_their_{rule}"):
                        yield f"{offer.source_id} takes {used[offer.source_id]} {noun} and has {left} left"

    def _of_lanes(self) -> Iterator[str]:
        stated = {carrier.service_id for carrier in self._wave.terms.carriers}
        packages = Counter(package.service_id for _, package in self.handed)
        grams: Counter[str] = Counter()
        for _, package in self.handed:
            grams[package.service_id] += package.weight_grams
        for problem, plan in self._pairs:
            if not _holds(problem.policy, plan.relaxed_rules, "services_stay_within_their_capacity"):
                continue
            for lane in problem.lanes:
                service = lane.service_id
                if service in stated:
                    continue
                if lane.packages_left is not None and packages[service] > lane.packages_left:
                    yield f"{service} takes {packages[service]} packages and has {lane.packages_left} left"
                if lane.grams_left is not None and grams[service] > lane.grams_left:
                    yield f"{service} takes {grams[service]} g and has {lane.grams_left} g left"

    def _given(self, quota: Quota) -> int:
        return (self.orders if quota.basis is QuotaBasis.ORDERS else self.value)[quota.source_id]

    def _agreed(self, quota: Quota) -> tuple[int, int]:
        base = len(self._pairs)
        if quota.basis is QuotaBasis.VALUE:
            base = sum(
                line.quantity * part.units * _steps(problem, part.sku)
                for problem, _ in self._pairs
                for line in problem.lines
                for part in line.parts
            )
        least, most = (Fraction(base * share, _WHOLE) for share in (quota.least_basis_points, quota.most_basis_points))
        return ceil(least), floor(most)

    def _quota_cost(self, quota: Quota) -> int:
        given, (least, most) = self._given(quota), self._agreed(quota)
        return max(0, least - given) * quota.short_minor + max(0, given - most) * (quota.over_minor or 0)


def _steps(problem: Problem, sku: str) -> int:
    return problem.items[sku].value_minor // VALUE_STEP_MINOR


def _holds(policy: Policy, relaxed: tuple[str, ...], rule: str) -> bool:
    return rule not in (*policy.off, *policy.soft, *relaxed)


def units_given(problem: Problem, relaxed: tuple[str, ...], offer: Offer, sku: str) -> int:
    """What all orders together may take of an offer, as this order's policy without its relaxed rules sees it."""
    policy, there = problem.policy, offer.available.get(sku, 0)
    kept = 0
    if _holds(policy, relaxed, "safety_stock_is_kept"):
        kept = max(kept, offer.safety.get(sku, 0))
    if _holds(policy, relaxed, "dealers_keep_their_reserve"):
        kept = max(kept, offer.reserve.get(sku, 0))
    on_shelf = offer.kind is SourceKind.STORE and offer.stage is Stage.ON_HAND
    if on_shelf and _holds(policy, relaxed, "stores_keep_their_last_units"):
        kept = max(kept, policy.settings.get("store_keeps_units", 0))
    gives = max(0, there - kept)
    lots = offer.lots.get(sku, ())
    if lots and _holds(policy, relaxed, "stock_keeps_long_enough"):
        least_days = policy.settings.get("min_days_to_expiry", 0)
        gives = min(gives, sum(lot.units for lot in lots if lot.days_to_expiry >= least_days))
    return gives
