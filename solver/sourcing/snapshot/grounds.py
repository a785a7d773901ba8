"""The arrays that the inner loops read, put together as orders ask for them, and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock

import numpy as np

from solver.network.model import SourceKind
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.case import Ints, Tariff
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.geography import Geography
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.materials import Materials
from solver.sourcing.snapshot.places import Door, Places, ViewKey
from solver.sourcing.snapshot.rates import Surcharges, branch_rates, distance_rates, priced, prices_of, rates_of
from solver.sourcing.snapshot.shelves import Shelves
from solver.sourcing.snapshot.stack import Stack
from solver.sourcing.snapshot.timetable import Timetable, no_timetable, timetable_of
from solver.sourcing.snapshot.view import Ask, Unknown, View, ViewCharge, view_of
from solver.sourcing.snapshot.words_of_policy import near_limits, policy_words, units_kept_by_stores

_LEAST_GRAMS_BITS, _LEAST_MM3_BITS = 15, 27  # a parcel's; lighter orders share the tables
_MOST_KEPT = 64
NO_BLOCK = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """The arrays, and the tariffs that they number."""

    arrays: g.Ground
    tariffs: tuple[Tariff, ...]

    def stocked(self, shelves: Shelves) -> "Ground":
        """The same over other shelves."""
        known = self.arrays
        if known.stock_start is shelves.start and known.stock_value is shelves.value:
            return self
        policy = known.policy
        if shelves.most_value:
            policy = policy.copy()
            dearest = shelves.most_value * int(policy[g.VALUE_PERMILLE]) // 1000 + 1
            policy[g.DEAREST] = min(2**61, int(policy[g.DEAREST]) + dearest)
        arrays = known._replace(
            policy=policy, stock_start=shelves.start, stock_source=shelves.source, stock_value=shelves.value
        )
        return Ground(arrays=arrays, tariffs=self.tariffs)


class Grounds:
    """A network under one policy; views, branches, price tables and timetables are made at first use."""

    def __init__(self, network: Network, materials: Materials, shelves: Shelves, policy: Policy, ask: Ask) -> None:
        self._network, self._materials, self._shelves = network, materials, shelves
        self._policy, self._ask = policy, ask
        self._rates = rates_of(network)
        self.geography = Geography.of(network, [limit for limit in near_limits(policy) if limit])
        self._distance_rates = distance_rates(network, self._rates, self.geography)
        self._numbers: dict[ViewKey, int] = {}
        self._views: list[View] = []
        self._surcharges: list[Surcharges] = []
        self._view_surcharges: list[int] = []
        self._by_region = any(zoning.pairs for zoning in network.zonings.values())
        self._branches = Stack(np.zeros((len(network.sources), len(network.services)), dtype=np.int64))
        self._branch_of: dict[str, int] = {}
        self._settings: dict[tuple[int, int], int] = {}
        self._patterns = Stack(np.zeros(len(network.sources), dtype=np.int64))
        self._clocks = clocks_of(network)
        self._timetables: dict[int, Timetable] = {NO_BLOCK: no_timetable(network, self._rates)}
        self._kept: dict[tuple[int, ...], Ground] = {}
        self.policy_words = policy_words(policy)
        self._making = RLock()  # what is kept is made by one caller at a time

    @property
    def zones(self) -> dict[str, int]:
        """The number of every time zone."""
        return self._timetables[NO_BLOCK].zones

    def view(self, places: Places, order: Order, door: Door) -> int:
        """The number of the order's view. Raises Unknown."""
        key = places.view_key(order, door)
        if key not in self._numbers:
            with self._making:
                self._add_view(key, order)
        return self._numbers[key]

    def _add_view(self, key: ViewKey, order: Order) -> None:
        if key in self._numbers:
            return
        view = view_of(self._network, self._ask, order, self._materials, self._policy)
        known = self._views[0] if self._views else view
        if (view.lane_limits != known.lane_limits).any() or (view.apart != known.apart).any():
            raise Unknown("limits that differ between destinations")
        if key[-1] not in self._surcharges:
            self._surcharges.append(key[-1])
        self._view_surcharges.append(self._surcharges.index(key[-1]))
        self._views.append(view)
        self._numbers[key] = len(self._views) - 1

    def charges(self, view: int) -> Mapping[str, ViewCharge]:
        """What each term charges in a view."""
        return self._views[view].charges

    def closes_lanes(self, view: int) -> bool:
        """Whether a rule of the view closes any lane."""
        return self._views[view].closes_lanes

    def branch(self, door: Door) -> int:
        """The number of the rates that the door's regions say."""
        region_id = door.place.region_ids[0] if self._by_region else ""
        if region_id not in self._branch_of:
            with self._making:
                table = branch_rates(self._network, self._rates, door.place.region_ids)
                self._branch_of[region_id] = self._branches.number(table)
        return self._branch_of[region_id]

    def setting(self, view: int, branch: int) -> int:
        """The number of a view and a branch together."""
        if (view, branch) not in self._settings:
            with self._making:
                pattern = self._pattern(self._views[view], self._branches.rows[branch])
                self._settings[view, branch] = self._patterns.number(pattern)
        return self._settings[view, branch]

    def _pattern(self, view: View, branch: Ints) -> Ints:
        """Sources with the same number are alike in all that prices a lane, but for an amount on all their lanes."""
        beyond = np.where(view.lane_cost == g.CLOSED, g.CLOSED, view.lane_cost - lane_base(view)[:, None])
        near = self._source_facts(view)[g.NEAR_CLASS][:, None]
        _, pattern = np.unique(
            np.concatenate([beyond, branch, near, self._clocks], axis=1), axis=0, return_inverse=True
        )
        return pattern.reshape(-1).astype(np.int64)

    def ground(self, *, grams: int, mm3: int, block: int) -> Ground:
        """The arrays for orders up to this weight and volume, placed in this block of days. Raises Unknown."""
        grams_bits, mm3_bits = max(grams.bit_length(), _LEAST_GRAMS_BITS), max(mm3.bit_length(), _LEAST_MM3_BITS)
        key = (grams_bits, mm3_bits, block, len(self._views), len(self._branches), len(self._patterns))
        found = self._kept.get(key)
        if found is not None:
            return found
        with self._making:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._made(1 << grams_bits, 1 << mm3_bits, block)
        return found

    def _made(self, grams: int, mm3: int, block: int) -> Ground:
        rates, views = self._rates, self._views
        of_surcharges = [
            priced(self._network, rates, one, self._policy, grams=grams, mm3=mm3) for one in self._surcharges
        ]
        tariffs = tuple(tariff for one in of_surcharges for tariff in one.tariffs)
        tables = prices_of(tariffs, grams=grams, mm3=mm3)
        if tables is None:
            raise Unknown("too_many_prices")
        price_tables, prices = tables
        if block not in self._timetables:
            self._timetables[block] = timetable_of(self._network, rates, block)
        times = self._timetables[block]
        lane_shut = np.stack([view.lane_shut for view in views])
        arrays = g.Ground(
            policy=self._words(prices),
            xyz=self.geography.xyz,
            chords=self.geography.chords,
            cuts_meters=self.geography.cuts_meters,
            lane_cost=np.stack([view.lane_cost for view in views]),
            lane_shut=lane_shut if lane_shut.any() else lane_shut[:, :, :, :0],
            source_facts=np.stack([self._source_facts(view) for view in views]),
            lane_limits=views[0].lane_limits,
            apart=views[0].apart,
            branch_rate=self._branches.rows,
            pattern=self._patterns.rows,
            patterns=self._patterns.rows.max(axis=1, initial=0) + 1,
            lane_base=np.stack([lane_base(view) for view in views]),
            distance_rate=self._distance_rates,
            rate_tariff=np.array([np.arange(len(rates)) + one * len(rates) for one in self._view_surcharges]),
            rate_cost=np.stack([of_surcharges[one].cost for one in self._view_surcharges]),
            tariff_group=price_tables.tariff_group,
            tariff_column=price_tables.tariff_column,
            group_volumetric=price_tables.group_volumetric,
            group_cuts=price_tables.group_cuts,
            cuts=price_tables.cuts,
            prices=prices,
            sku_facts=self._materials.facts,
            stock_start=self._shelves.start,
            stock_source=self._shelves.source,
            stock_value=self._shelves.value,
            source_times=times.source_times,
            pick_up_table=times.pick_up_table,
            arrival_table=times.arrival_table,
            transit_micros=times.transit_micros,
            table_start=times.table_start,
            table_at=times.table_at,
            table_to=times.table_to,
            table_slope=times.table_slope,
        )
        return Ground(arrays=arrays, tariffs=tariffs)

    def _words(self, prices: Ints) -> Ints:
        words = self.policy_words.copy()
        facts = [self._source_facts(view) for view in self._views]
        of_sources = [int(one[column].max(initial=0)) for one in facts for column in _COSTS]
        finite = prices[prices < g.NEVER]
        words[g.DEAREST] = min(
            2**61,
            int(finite.max(initial=0))
            + len(_COSTS) * max(of_sources, default=0)
            + int(words[g.FURTHER_PACKAGE] + words[g.FURTHER_SOURCE]),
        )
        has_source_costs = any(one[g.SOURCE_COST].any() for one in facts)
        words[g.BY_SOURCE] = int(has_source_costs or words[g.FURTHER_SOURCE] > 0)
        return words

    def _source_facts(self, view: View) -> Ints:
        stores = np.array([source.kind == SourceKind.STORE for source in self._network.sources.values()], dtype=bool)
        near, store_near = (self._class_within(limit) for limit in near_limits(self._policy))
        return np.stack(
            [
                view.kind_cost,
                view.unit_cost,
                view.source_cost,
                view.source_most_units,
                np.where(stores, units_kept_by_stores(self._policy), 0),
                np.where(stores, min(near, store_near), near),
            ]
        )

    def _class_within(self, limit: int) -> int:
        """The farthest class of distances that is within a limit."""
        cuts = self.geography.cuts_meters
        return int(np.searchsorted(cuts, limit)) if limit else len(cuts)


_COSTS = (g.KIND_COST, g.UNIT_COST, g.SOURCE_COST)


def lane_base(view: View) -> Ints:
    """The least cost of each source's open lanes, [S]; 0 where it has none."""
    is_open = view.lane_cost != g.CLOSED
    least: Ints = np.where(is_open, view.lane_cost, g.NEVER).min(axis=1, initial=g.NEVER)
    return np.where(is_open.any(axis=1), least, 0)


def clocks_of(network: Network) -> Ints:
    """Sources with the same number hand over at the same times, [S, 1]."""
    numbers: dict[object, int] = {}
    rows = [
        (one.hours, one.time_zone, one.cut_off_minute, one.lead_minutes, one.calendar_id)
        for one in network.sources.values()
    ]
    return np.array([[numbers.setdefault(row, len(numbers))] for row in rows], dtype=np.int64).reshape(-1, 1)
