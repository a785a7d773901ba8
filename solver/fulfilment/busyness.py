"""How busy sources and services are, and how the orders decided so far add to it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from solver.fulfilment.command import ServiceState, SourceState
from solver.network.capacity import IDLE, UNLIMITED, WHOLE_BASIS_POINTS, Left, Load, Work, left_on, load_of, source_load
from solver.network.hours import hand_over_at
from solver.network.model import Service, Source
from solver.network.network import Network
from solver.network.ways import Workload
from solver.sourcing.plan import Package, Plan
from solver.sourcing.problem import Offer

_NO_LOAD = Load(use_basis_points=0, backlog_days=0, left=None)
_ANY = Left(orders=None, units=None, handling_minutes=None)


class Busyness:
    """What sources and services have accepted: as it was stated, and since then by the plans that were counted."""

    def __init__(
        self, network: Network, source_states: Iterable[SourceState], service_states: Iterable[ServiceState]
    ) -> None:
        self._network = network
        self._stated = {state.source_id: state for state in source_states}
        self._added: dict[str, Work] = {}
        self._packages = Counter({state.service_id: state.packages for state in service_states})
        self._grams = Counter({state.service_id: state.grams for state in service_states})
        self._handed: Counter[str] = Counter()
        self._handed_grams: Counter[str] = Counter()

    def count(self, plan: Plan) -> None:
        """Add the work of a plan."""
        for source_id in plan.source_ids:
            source, before = self._network.sources[source_id], self._added.get(source_id, IDLE)
            packages = [package for package in plan.packages if package.source_id == source_id]
            units = sum(packed.units for package in packages for packed in package.contents)
            minutes = len(packages) * source.minutes_per_package + units * source.minutes_per_unit
            self._added[source_id] = Work(
                orders=before.orders + 1,
                units=before.units + units,
                handling_minutes=before.handling_minutes + minutes,
            )
        for package in plan.packages:
            self._count_package(package)

    def handed_to(self, service_id: str) -> tuple[int, int]:
        """Packages and grams that counted plans hand to the service."""
        return self._handed[service_id], self._handed_grams[service_id]

    def backlog_days(self, source: Source, placed_at: datetime) -> int:
        """Working days by which the source is behind."""
        state = self._state(source)
        return self._load(source, placed_at).backlog_days if state.backlog_days is None else state.backlog_days

    def applied(self, offer: Offer, placed_at: datetime) -> Offer:
        """The offer with what is known of its source's load, limits and record."""
        source = self._network.sources[offer.source_id]
        state, added = self._state(source), self._added.get(source.source_id, IDLE)
        facts: dict[str, Any] = {
            "load_basis_points": self._load_basis_points(source, placed_at),
            "rejects": state.rejects,
            "share_excess_basis_points": state.share_excess_basis_points,
            "quota_orders_left": _less(state.quota_orders_left, added.orders),
        }
        left = self._left(source, placed_at)
        for name, stated, consumed, otherwise in (
            ("orders_left", state.orders_left, added.orders, left.orders),
            ("units_left", state.units_left, added.units, left.units),
            ("minutes_left", state.minutes_left, added.handling_minutes, left.handling_minutes),
        ):
            facts[name] = otherwise if stated is None else _less(stated, consumed)
        return replace(offer, **facts)

    def workload(self, source_ids: Iterable[str], placed_at: datetime) -> Workload:
        """The same for the network's lanes."""
        sources = self._network.sources
        services = self._network.services.values()
        behind = {source_id: self.backlog_days(sources[source_id], placed_at) for source_id in source_ids}
        return Workload(
            source_days={source_id: days for source_id, days in behind.items() if days},
            service_days={one.service_id: days for one in services if (days := self._service_days(one))},
            packages_left={
                one.service_id: max(0, one.daily_packages - self._packages[one.service_id])
                for one in services
                if one.daily_packages
            },
            grams_left={
                one.service_id: max(0, one.daily_grams - self._grams[one.service_id])
                for one in services
                if one.daily_grams
            },
        )

    def _count_package(self, package: Package) -> None:
        for packages, grams in ((self._packages, self._grams), (self._handed, self._handed_grams)):
            packages[package.service_id] += 1
            grams[package.service_id] += package.weight_grams

    def _state(self, source: Source) -> SourceState:
        return self._stated.get(source.source_id) or SourceState(source_id=source.source_id)

    def _work(self, source: Source) -> Work:
        stated, added = self._state(source).work, self._added.get(source.source_id, IDLE)
        return Work(
            orders=stated.orders + added.orders,
            units=stated.units + added.units,
            handling_minutes=stated.handling_minutes + added.handling_minutes,
        )

    def _begins_at(self, source: Source, placed_at: datetime) -> datetime:
        days = self._network.work_days[source.source_id]
        begins_at = hand_over_at(
            source.hours, source.time_zone, 0, placed_at, days=days, cut_off_minute=source.cut_off_minute
        )
        return begins_at.astimezone(ZoneInfo(source.time_zone))

    def _load(self, source: Source, placed_at: datetime) -> Load:
        if source.capacity == UNLIMITED:
            return _NO_LOAD
        first_day = self._begins_at(source, placed_at).date()
        return source_load(source.capacity, self._work(source), first_day, self._network.work_days[source.source_id])

    def _load_basis_points(self, source: Source, placed_at: datetime) -> int:
        stated = self._state(source).load_basis_points
        if stated is not None:
            return stated
        load = self._load(source, placed_at)
        return load.backlog_days * WHOLE_BASIS_POINTS + load.use_basis_points

    def _left(self, source: Source, placed_at: datetime) -> Left:
        if source.capacity == UNLIMITED:
            return _ANY
        return left_on(source.capacity, self._work(source), self._begins_at(source, placed_at).date())

    def _service_days(self, service: Service) -> int:
        accepted = (
            (service.daily_packages, self._packages[service.service_id]),
            (service.daily_grams, self._grams[service.service_id]),
        )
        return max(load_of((cap,), consumed).backlog_days for cap, consumed in accepted)


def _less(stated: int | None, consumed: int) -> int | None:
    return None if stated is None else max(0, stated - consumed)
