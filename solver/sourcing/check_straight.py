"""The judge's short way with orders that are shipped straight from what lies at sources, in full.

It recounts everything that the judge recounts, in one go, and only says whether all of it is sound. Whatever it is not
sure of, the judge looks at himself (`check.py`), who says what is wrong. It shares no code with the engines either.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from solver.network.lanes import Lane
from solver.network.model import Band, Source
from solver.sourcing.check import billable_grams
from solver.sourcing.concerns import concerns_of
from solver.sourcing.plan import Package, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Item, Line, Stage
from solver.sourcing.recounting import begun, half_up_of
from solver.sourcing.rules import (
    carriers_are_allowed,
    lines_ship_together,
    packages_arrive_by_the_promise,
    packages_hold_at_most_the_limit,
    packages_stay_within_the_limit,
    services_are_allowed,
    source_kinds_are_allowed,
    sources_are_near_enough,
    sources_stay_within_the_limit,
)
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.straight import Straight
from solver.sourcing.terms import cross_province, distance, lateness, split

_MINUTE = timedelta(minutes=1)
_NO_LIMIT = 1 << 62
_STATED = ("freight", "handling", "distance", "lateness", "split", "unfilled")  # by every plan, be they 0

_COUNTED_TERMS = {
    "freight", "surcharges", "handling", "packaging", "distance", "lateness", "cross_province", "split",
}  # fmt: skip
# They cost nothing where lanes lead straight from tariffs, all is filled, and only their stock is known of sources.
_SILENT_TERMS = {"lane_price", "soft_rules", "stock_out", "transfer", "unfilled"}
_COUNTED_RULES = {
    "carriers_accept_the_materials", "carriers_are_allowed", "inactive_sources_give_nothing", "items_are_short_enough",
    "lines_ship_together", "packages_arrive_by_the_promise", "packages_fill_at_most_the_limit",
    "packages_hold_at_most_the_limit", "packages_stay_within_the_limit", "packages_weigh_at_most_the_limit",
    "services_are_allowed", "source_kinds_are_allowed", "sources_are_near_enough", "sources_stay_within_the_limit",
}  # fmt: skip
_SILENT_RULES = {
    "dealers_keep_their_reserve", "lines_ship_complete", "orders_ship_complete", "safety_stock_is_kept",
    "services_stay_within_their_capacity", "sources_stay_within_their_capacity", "sources_stay_within_their_quota",
    "stock_keeps_long_enough", "stock_stages_are_allowed",
}  # fmt: skip


class _Held(NamedTuple):
    """What a package holds: distinct SKUs, units, and what they come to."""

    kinds: int
    units: int
    weight_grams: int
    volume_mm3: int


class _Allowed(NamedTuple):
    """Which words a policy allows: none that is blocked, and where it names `only` some, no other."""

    only: tuple[str, ...]
    blocked: tuple[str, ...]

    def lets(self, word: str) -> bool:
        """Whether this one is allowed."""
        return word not in self.blocked and (not self.only or word in self.only)


class StraightJudge:
    """Judges plans under one policy, of orders that some `sources` ship."""

    def __init__(self, policy: Policy, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        concerns = concerns_of(policy)
        terms, rules = ({one.name for one in of} for of in (concerns.terms, concerns.rules))
        self.knows_all = (  # else nothing is sound to it
            terms <= _COUNTED_TERMS | _SILENT_TERMS and rules <= _COUNTED_RULES | _SILENT_RULES and not policy.soft
        )

        def price(term: str, setting: Setting) -> int:
            return setting.of(policy) if term in terms else 0

        def limit(rule: str, setting: Setting, *, unstated: int) -> int:
            stated = setting.of(policy) if rule in rules else _NO_LIMIT
            return stated or unstated

        def allowed(rule: str, only: WordsSetting, blocked: WordsSetting) -> _Allowed:
            return _Allowed(only.of(policy), blocked.of(policy)) if rule in rules else _Allowed((), ())

        kinds, services, carriers = source_kinds_are_allowed, services_are_allowed, carriers_are_allowed
        self._kinds = allowed("source_kinds_are_allowed", kinds.ONLY, kinds.BLOCKED)
        self._services = allowed("services_are_allowed", services.ONLY, services.BLOCKED)
        self._carriers = allowed("carriers_are_allowed", carriers.ONLY, carriers.BLOCKED)
        by = packages_arrive_by_the_promise
        self._grace = timedelta(minutes=by.GRACE.of(policy)) if by.RULE.name in rules and by.SWITCH.of(policy) else None
        self._has_freight, self._has_surcharges = "freight" in terms, "surcharges" in terms
        self._has_handling, self._has_packaging = "handling" in terms, "packaging" in terms
        self._minor_per_km = price("distance", distance.PRICE)
        self._minor_per_late_hour = price("lateness", lateness.PRICE)
        self._minor_per_late_day = price("lateness", lateness.PRICE_PER_DAY)
        self._cross_province_minor = price("cross_province", cross_province.PRICE)
        self._further_package_minor = price("split", split.PACKAGE_PRICE)
        self._further_source_minor = price("split", split.SOURCE_PRICE)
        self._most_packages = limit("packages_stay_within_the_limit", packages_stay_within_the_limit.LIMIT, unstated=0)
        self._most_sources = limit(
            "sources_stay_within_the_limit", sources_stay_within_the_limit.LIMIT, unstated=_NO_LIMIT
        )
        self._most_units = limit(
            "packages_hold_at_most_the_limit", packages_hold_at_most_the_limit.LIMIT, unstated=_NO_LIMIT
        )
        self._most_meters = limit("sources_are_near_enough", sources_are_near_enough.LIMIT, unstated=_NO_LIMIT)
        self._minds_lines = "lines_ship_together" in rules
        self._all_lines = bool(lines_ship_together.ALL_LINES.of(policy))
        self._bundles = bool(lines_ship_together.BUNDLES.of(policy))

    def is_sound(self, straight: Straight, plan: Plan) -> bool:
        """Whether the judge finds no fault; False also where he is to look himself."""
        order = straight.order
        if not self.knows_all or not plan.packages or plan.levels or plan.relaxed_rules:
            return False
        if plan.order_id != order.order_id or plan.currency != order.currency:
            return False
        try:
            held = _held(straight, plan)
            if held is None or not self._is_within_limits(straight, plan):
                return False
            for package, of in zip(plan.packages, held, strict=True):
                if not self._is_sound(straight, package, of):
                    return False
            return self._adds_up(plan)
        except KeyError:  # of what neither order nor network knows
            return False

    def _is_sound(self, straight: Straight, package: Package, held: _Held) -> bool:
        """Whether all that is said of a package that holds this is so."""
        lane, source = straight.lanes[package.source_id, package.service_id], self._sources[package.source_id]
        promised_at, arrives_at = straight.order.promised_at, lane.arrives_at
        late_minutes = 0
        if promised_at is not None and arrives_at > promised_at:
            late_minutes = -((promised_at - arrives_at) // _MINUTE)
            if self._grace is not None and arrives_at - promised_at > self._grace:
                return False
        billed_grams = billable_grams(lane, held.weight_grams, held.volume_mm3)
        return (
            not (package.via_source_id or package.offer_id)
            and package.stage is Stage.ON_HAND
            and held.kinds > 0
            and self._kinds.lets(source.kind)
            and self._services.lets(lane.service_id)
            and self._carriers.lets(lane.carrier_id)
            and lane.packages_left is None
            and lane.grams_left is None
            and package.weight_grams == held.weight_grams
            and package.volume_mm3 == held.volume_mm3
            and package.billable_grams == billed_grams
            and package.carrier_id == lane.carrier_id
            and package.distance_meters == lane.distance_meters
            and package.arrives_at == arrives_at
            and package.crosses_province == lane.crosses_province
            and package.late_minutes == late_minutes
            and held.units <= min(lane.max_units or _NO_LIMIT, self._most_units)
            and held.weight_grams <= (lane.max_weight_grams or _NO_LIMIT)
            and held.volume_mm3 <= (lane.max_volume_mm3 or _NO_LIMIT)
            and lane.distance_meters <= self._most_meters
            and package.cost_minor == self._cost(lane, source, held, billed_grams, late_minutes)
        )

    def _cost(
        self, lane: Lane, source: Source, held: _Held, billed_grams: int, late_minutes: int
    ) -> dict[str, int] | None:
        """What such a package costs by term; None where nothing here may say it."""
        band = _band_of(lane, billed_grams)
        if band is None or not source.is_active or lane.package_minor or lane.unit_minor:
            return None
        steps = begun(max(0, billed_grams - band.from_grams), band.step_grams)
        freight_minor = band.base_minor + steps * band.step_minor
        cost = {
            "freight": freight_minor if self._has_freight else 0,
            "handling": 0,
            "distance": 0,
            "lateness": 0,
        }
        if self._has_handling:
            cost["handling"] = (
                source.handling_per_package_minor
                + held.kinds * source.handling_per_line_minor
                + held.units * source.handling_per_unit_minor
            )
        if self._minor_per_km:
            cost["distance"] = half_up_of(lane.distance_meters * self._minor_per_km, 1000)
        if late_minutes:
            hours, days = begun(late_minutes, 60), begun(late_minutes, 24 * 60)
            cost["lateness"] = hours * self._minor_per_late_hour + days * self._minor_per_late_day
        if source.packaging_minor and self._has_packaging:
            cost["packaging"] = source.packaging_minor
        if lane.crosses_province and self._cross_province_minor:
            cost["cross_province"] = self._cross_province_minor
        if lane.surcharges and self._has_surcharges:
            kilograms = begun(billed_grams, 1000)
            surcharged_minor = sum(
                one.per_package_minor
                + one.per_kg_minor * kilograms
                + half_up_of(freight_minor * one.freight_basis_points, 10_000)
                for one in lane.surcharges
            )
            if surcharged_minor:
                cost["surcharges"] = surcharged_minor
        return cost

    def _is_within_limits(self, straight: Straight, plan: Plan) -> bool:
        """Whether the order is in no more parts than it may be."""
        source_ids = plan.source_ids
        if len(plan.packages) > self._most_packages or len(source_ids) > self._most_sources:
            return False
        return len(source_ids) < 2 or not any(_is_parted(line, plan) for line in straight.lines if self._is_whole(line))

    def _is_whole(self, line: Line) -> bool:
        """Whether the line is to leave from one source."""
        is_bundle = self._bundles and len(line.parts) > 1
        return self._minds_lines and (line.ships_together or self._all_lines or is_bundle)

    def _adds_up(self, plan: Plan) -> bool:
        """Whether the packages, and what falls on the order as a whole, come to what the plan says."""
        cost = dict.fromkeys(_STATED, 0)
        for package in plan.packages:
            for name, minor in package.cost_minor.items():
                cost[name] = cost.get(name, 0) + minor
        source_ids = {package.source_id for package in plan.packages}
        if self._has_handling:
            cost["handling"] += sum([self._sources[one].handling_per_order_minor for one in source_ids])
        cost["split"] += (len(plan.packages) - 1) * self._further_package_minor
        cost["split"] += (len(source_ids) - 1) * self._further_source_minor
        total_minor = sum(cost.values())
        return cost == plan.cost_minor and plan.total_minor == total_minor and 0 <= plan.bound_minor <= total_minor


def _held(straight: Straight, plan: Plan) -> list[_Held] | None:
    """What each package holds; None where they do not hold the very units that the lines ask for, all of them there.

    KeyError for a lane, a line or a SKU that the order does not know.
    """
    lines, items, answers = straight.lines, straight.items, plan.lines
    wanted: dict[tuple[str, str], int] = {}
    for line, answer in zip(lines, answers, strict=False):
        counts = answer.ordered_units, answer.planned_units, answer.unfilled_units, answer.backordered_units
        if (answer.line_id, answer.sku) != (line.line_id, line.sku) or counts != (line.quantity, line.quantity, 0, 0):
            return None
        for part in line.parts:
            if (line.line_id, part.sku) in wanted:
                return None
            wanted[line.line_id, part.sku] = line.quantity * part.units
    if len(lines) != len(answers):
        return None
    held: list[_Held] = []
    taken: dict[tuple[str, str], int] = {}
    for package in plan.packages:
        source_id, lane = package.source_id, straight.lanes[package.source_id, package.service_id]
        units = weight_grams = volume_mm3 = 0
        skus = set()
        for packed in package.contents:
            sku, count, item = packed.sku, packed.units, items[packed.sku]
            wanted[packed.line_id, sku] -= count
            from_here = taken[source_id, sku] = taken.get((source_id, sku), 0) + count
            if count < 1 or from_here > _units_at(source_id, straight.available[sku], straight.on_hand[sku]):
                return None
            if (lane.max_side_mm or lane.refuses_tags) and _refuses(lane, item):
                return None
            units += count
            weight_grams += count * item.weight_grams
            volume_mm3 += count * item.volume_mm3
            skus.add(sku)
        held.append(_Held(len(skus), units, weight_grams, volume_mm3))
    return None if any(wanted.values()) else held


def _units_at(source_id: str, available: Mapping[str, int], on_hand: Mapping[str, int]) -> int:
    """What a source may give of a SKU: nothing where it has none, whatever is said to be available."""
    if on_hand is not available and on_hand.get(source_id, 0) < 1:
        return 0
    return available.get(source_id, 0)


def _is_parted(line: Line, plan: Plan) -> bool:
    """Whether the line leaves from several sources."""
    here = [one.source_id for one in plan.packages if any(packed.line_id == line.line_id for packed in one.contents)]
    return len(set(here)) > 1


def _refuses(lane: Lane, item: Item) -> bool:
    if lane.max_side_mm and item.longest_side_mm > lane.max_side_mm:
        return True
    return any(tag in lane.refuses_tags for tag in item.tags)


def _band_of(lane: Lane, billed_grams: int) -> Band | None:
    """The band of the lane's card that prices this weight; None where it carries nothing so heavy."""
    for band in lane.card.bands:
        if band.up_to_grams is None or billed_grams <= band.up_to_grams:
            return None if band.closed else band
    return None
