"""Laying out a wave: every order's Problem becomes rows and entries, what they share becomes resources."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import NO_LIMIT, Case, Ints
from solver.sourcing.exact.arrays import arrays_of, prepared
from solver.sourcing.exact.levels import Scale
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.tables import PriceTables
from solver.sourcing.problem import Problem
from solver.waves.layout.columns import Columns
from solver.waves.layout.laid_out import LaidOut
from solver.waves.layout.levels import ONE_LEVEL, are_common, common_measures, common_scale
from solver.waves.layout.lots import in_units, is_one_lot, unit_arrays
from solver.waves.layout.registry import Registry
from solver.waves.layout.rows import OrderRows, rows_of
from solver.waves.layout.structure import (
    Why,
    has_too_many_states,
    limits_what_sources_ship,
    sources_of_several_offers,
)
from solver.waves.plan import Resource, ResourceKind
from solver.waves.sharing import grams_limits
from solver.waves.wave import OrderTerms, Wave


def lay_out(wave: Wave, give_up: Callable[[], None] = lambda: None) -> LaidOut:
    """The wave's arrays. Raises TwoPrices where a source has two limits that cannot be said as one.

    `give_up` is asked order by order, and may raise.
    """
    return _Layout(wave, give_up).laid_out()


class _Layout:
    def __init__(self, wave: Wave, give_up: Callable[[], None]) -> None:
        self._wave = wave
        self._give_up = give_up
        self._terms = {one.order_id: one for one in wave.terms.orders}
        self._work = {(one.order_id, one.source_id): one.minutes for one in wave.terms.work}
        self._registry = Registry(wave)
        self._measures = common_measures(wave.orders)
        self._briefs = {
            number: self._brief(problem)
            for number, problem in enumerate(wave.orders)
            if are_common(problem.policy, self._measures)
        }
        self._most_grams = grams_limits(wave)
        self._grams = self._grams_by_service() if self._most_grams else Counter[str]()
        self._source_ids = tuple(sorted({offer.source_id for problem in wave.orders for offer in problem.offers}))

    def laid_out(self) -> LaidOut:
        ready, outside = self._prepared()
        scale = self._scale(ready)
        if scale is None:
            outside |= dict.fromkeys(ready, Why.LEVELS)
            ready, scale = {}, ONE_LEVEL
        money = scale.multipliers[-1]
        columns = Columns(self._registry, self._source_ids, self._work)
        for number in range(len(self._wave.orders)):
            self._give_up()
            if number not in ready:
                columns.add_nothing()
                continue
            made, (tables, _) = self._briefs[number], ready[number]
            one_lot = is_one_lot(made.case)
            c = arrays_of(made.case, tables, scale, made.case.demand if one_lot else np.ones_like(made.case.demand))
            priority = self._terms.get(made.problem.order_id, _NO_CLAIM).priority_minor * money
            taken = self._registry.taken_by(made)
            found = rows_of(made.case, c, taken, priority)
            if isinstance(found, OrderRows) and one_lot:
                c, found = unit_arrays(made.case, c), in_units(made.case, found)
            if isinstance(found, OrderRows) and self._counts_by_package(made, found):
                found = Why.MINUTES_BY_PACKAGE
            if isinstance(found, OrderRows):
                columns.add(made, c, found, taken)
            else:
                outside[number] = found
                columns.add_nothing()
        return LaidOut(
            wave=self._wave,
            case=columns.case(money, self._opening(money)),
            briefs={number: made for number, made in self._briefs.items() if number not in outside},
            scale=scale,
            measures=self._measures,
            resources=self._registry.resources(),
            source_ids=self._source_ids,
            outside=outside,
        )

    def _brief(self, problem: Problem) -> Brief:
        self._give_up()
        return brief(problem)

    def _prepared(self) -> tuple[dict[int, tuple[PriceTables, Ints]], dict[int, Why]]:
        """By number, the price tables of the orders that may be within the structure; and why others are not."""
        ready: dict[int, tuple[PriceTables, Ints]] = {}
        outside = {number: Why.LEVELS for number in range(len(self._wave.orders)) if number not in self._briefs}
        for number, made in self._briefs.items():
            why = self._why_outside(made)
            tables = None if why else prepared(made.case)
            if why or tables is None:
                outside[number] = why or Why.TOO_MANY_PRICES
            elif isinstance(tables, GaveUp):
                outside[number] = Why.LEVELS if tables is GaveUp.LEVELS_OVERFLOW else Why.TOO_MANY_PRICES
            else:
                ready[number] = tables[0], tables[0].prices.max(axis=(1, 2), initial=0)
        return ready, outside

    def _why_outside(self, made: Brief) -> Why | None:
        case = made.case
        if has_too_many_states(case) and not is_one_lot(case):
            return Why.TOO_MANY_STATES
        several = sources_of_several_offers(case)
        if several.any() and (limits_what_sources_ship(case, several) or self._counts_orders(made, several)):
            return Why.SEVERAL_OFFERS
        return Why.SERVICES_STAY_WITHIN_THEIR_CAPACITY if self._is_short_of_service(made) else None

    def _counts_orders(self, made: Brief, several: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> bool:
        """True when how many orders one of these sources serves is limited, or its minutes are by order."""
        order_id = made.problem.order_id
        ids = [made.facts.source_ids[source] for source in np.flatnonzero(several)]
        orders = self._registry.of_source(ResourceKind.SOURCE_ORDERS, ids)
        return bool((orders >= 0).any()) or any((order_id, source_id) in self._work for source_id in ids)

    def _is_short_of_service(self, made: Brief) -> bool:
        """True when a service's weight may run short in the wave, or this order alone may not take as many packages."""
        if any(self._grams[one] > self._most_grams.get(one, self._grams[one]) for one in made.facts.service_ids):
            return True
        units = int(made.case.demand.sum())
        if (made.case.service_most_packages >= units).all():
            return False
        taken = self._registry.taken_by(made)
        for number, lane in enumerate(made.facts.lanes):
            alone = int(made.case.service_most_packages[made.case.lane_service[number]])
            own = self._registry.number(Resource(kind=ResourceKind.PACKAGES, service_id=lane.service_id))
            if 0 < alone < units and (own < 0 or own != taken[number]):
                return True
        return False

    def _grams_by_service(self) -> Counter[str]:
        """What the orders that each service could carry weigh together."""
        grams: Counter[str] = Counter()
        for problem in self._wave.orders:
            weight = sum(units * problem.items[sku].weight_grams for sku, units in problem.demand_units.items())
            grams.update(dict.fromkeys({lane.service_id for lane in problem.lanes}, weight))
        return grams

    def _counts_by_package(self, made: Brief, found: OrderRows) -> bool:
        """True when a source whose minutes are limited might pack several packages at so many minutes each."""
        for row in found.rows:
            source = int(made.case.offer_source[row.offer])
            source_id = made.facts.source_ids[source]
            limited = self._registry.number(Resource(kind=ResourceKind.SOURCE_MINUTES, source_id=source_id)) >= 0
            by_norm = (made.problem.order_id, source_id) not in self._work
            several = any(len(entry.packages) > 1 for entry in row.entries)
            if limited and by_norm and several and made.case.source_package_minutes[source]:
                return True
        return False

    def _scale(self, ready: Mapping[int, tuple[PriceTables, Ints]]) -> Scale | None:
        if len(self._measures) == 1:
            return ONE_LEVEL
        cases: Sequence[tuple[Case, Ints]] = [(self._briefs[number].case, most) for number, (_, most) in ready.items()]
        return common_scale(cases, len(self._measures), self._most_beside_minor())

    def _most_beside_minor(self) -> int:
        """The wave's own terms come to no more."""
        units = sum(sum(problem.demand_units.values()) for problem in self._wave.orders)
        minutes = max((offer.minutes_per_package + offer.minutes_per_unit for problem in self._wave.orders
                       for offer in problem.offers), default=0)  # fmt: skip
        work = sum(self._work.values())
        value = sum(item.value_minor for problem in self._wave.orders for item in problem.items.values())
        most = units * (1 + minutes) + work + value * units
        _, _, over, short = self._registry.columns(1)
        dearest = max((int(cost) for cost in (*over, *short) if cost < NO_LIMIT), default=0)
        priority = max((one.priority_minor for one in self._wave.terms.orders), default=0) * units
        return int(sum(self._opening(1))) + 2 * dearest * most * max(1, len(over)) + priority

    def _opening(self, money: int) -> Ints:
        stated = {one.source_id: one.opening_cost_minor for one in self._wave.terms.sources}
        return np.array([stated.get(source_id, 0) * money for source_id in self._source_ids], dtype=np.int64)


_NO_CLAIM = OrderTerms(order_id="")
