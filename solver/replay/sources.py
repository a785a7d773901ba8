"""What each source did in a run, and how the stock of all of them was used."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solver.network.capacity import capacity_on
from solver.network.model import Source, SourceKind
from solver.replay.outcome import Outcome, ReturnedParcel, RunPackage
from solver.replay.run_files import SourceRun
from solver.scenario.model import Horizon, Scenario

_MICROSECOND = timedelta(microseconds=1)


class SourcesSeen:
    """Adds up, order by order."""

    def __init__(self, scenario: Scenario, horizon: Horizon) -> None:
        self._sources = {source.source_id: source for source in scenario.sources}
        self._zones = {source_id: ZoneInfo(source.time_zone) for source_id, source in self._sources.items()}
        self._horizon, self._has_returns = horizon, bool(scenario.returns)
        self._stocked: Counter[tuple[str, str]] = Counter()
        self._unit_micros = 0  # units on hand by the time that they are
        for row in scenario.stock:
            self._stocked[row.source_id, row.sku] += row.units
            self._unit_micros += row.units * self._left_of_horizon(horizon.starts_at)
        for coming in scenario.comings:
            self._stocked[coming.source_id, coming.sku] += coming.units
            self._unit_micros += coming.units * self._left_of_horizon(coming.arrives_at)
        self._otherwise = Counter(self._stocked)  # there, but for what customers send back
        self._shipped: Counter[tuple[str, str]] = Counter()
        self._by_day: dict[str, Counter[date]] = {}
        self._sums: dict[str, Counter[str]] = {source_id: Counter() for source_id in self._sources}
        self._left_units = 0

    def add(self, outcome: Outcome) -> None:
        """One order more."""
        for source_id in {package.source_id for package in outcome.packages if package.ships}:
            self._sums[source_id]["orders"] += 1
        for package in outcome.packages:
            if package.refused:
                self._sums[package.source_id]["refused_packages"] += 1
            if package.ships:
                self._add(package)
        for parcel in outcome.returned:
            self._take_back(parcel)

    def figures(self) -> dict[str, float | None]:
        """By name as in `METRICS`."""
        stocked = sum(self._stocked.values())
        packages = sum(of["packages"] for of in self._sums.values())
        busiest = max((of["packages"] for of in self._sums.values()), default=0)
        dealers = (one for one, source in self._sources.items() if source.kind is SourceKind.DEALER)
        horizon = self._left_of_horizon(self._horizon.starts_at)
        return {
            **self._resold(),
            "stock_turnover": self._left_units * horizon / self._unit_micros if self._unit_micros else None,
            "idle_stock_share": self._idle() / stocked if stocked else None,
            "busiest_source_share": busiest / packages if packages else None,
            "dealer_share": sum(self._sums[one]["packages"] for one in dealers) / packages if packages else None,
        }

    def rows(self) -> tuple[SourceRun, ...]:
        """Of each source, in the scenario's sequence."""
        stocked: dict[str, list[tuple[str, int]]] = {source_id: [] for source_id in self._sources}
        for (source_id, sku), units in self._stocked.items():
            stocked[source_id].append((sku, units))
        return tuple(self._row(source, stocked[source.source_id]) for source in self._sources.values())

    def _add(self, package: RunPackage) -> None:
        source_id, units = package.source_id, sum(package.units.values())
        sums = self._sums[source_id]
        sums["packages"] += 1
        sums["units"] += units
        for sku, count in package.units.items():
            self._shipped[source_id, sku] += count
        day = package.hand_over_at.astimezone(self._zones[source_id]).date()
        self._by_day.setdefault(source_id, Counter())[day] += units
        if package.hand_over_at < self._horizon.ends_at:
            self._left_units += units
            self._unit_micros -= units * self._left_of_horizon(package.hand_over_at)

    def _take_back(self, parcel: ReturnedParcel) -> None:
        """What customers sent back, and what they are sent instead."""
        self._sums[parcel.source_id]["returned_units"] += parcel.units
        for sku, units in parcel.restocked.items():
            self._stocked[parcel.source_id, sku] += units
            self._unit_micros += units * self._left_of_horizon(parcel.returned_at)
        for package in parcel.exchange:
            self._add(package)

    def _row(self, source: Source, stocked: Sequence[tuple[str, int]]) -> SourceRun:
        sums = self._sums[source.source_id]
        by_day: Mapping[date, int] = self._by_day.get(source.source_id, {})
        day = max(by_day, key=lambda one: (by_day[one], -one.toordinal()), default=None)
        return SourceRun(
            source_id=source.source_id,
            kind=source.kind,
            orders=sums["orders"],
            packages=sums["packages"],
            units=sums["units"],
            refused_packages=sums["refused_packages"],
            returned_units=sums["returned_units"],
            stocked_units=sum(units for _, units in stocked),
            idle_units=sum(units for sku, units in stocked if (source.source_id, sku) not in self._shipped),
            busiest_day_units=by_day[day] if day else 0,
            capacity_units=(capacity_on(source.capacity.units, day) or None) if day else None,
        )

    def _resold(self) -> dict[str, float | None]:
        """Where goods come back: what shipped from a place beyond all that lay or came there otherwise."""
        if not self._has_returns:
            return {}
        return {
            "resold_units": float(sum(max(0, units - self._otherwise[place]) for place, units in self._shipped.items()))
        }

    def _idle(self) -> int:
        return sum(units for place, units in self._stocked.items() if place not in self._shipped)

    def _left_of_horizon(self, moment: datetime) -> int:
        return max(0, (self._horizon.ends_at - max(moment, self._horizon.starts_at)) // _MICROSECOND)
