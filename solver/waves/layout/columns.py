"""The columns of a WaveCase, order by order."""

from collections.abc import Mapping, Sequence

import numpy as np

from solver.sourcing.brief import Brief
from solver.sourcing.case import Ints
from solver.sourcing.exact.arrays import Arrays
from solver.waves.case import NONE, Numbers, WaveCase
from solver.waves.layout.registry import Registry
from solver.waves.layout.rows import Entry, OrderRows, Row
from solver.waves.plan import ResourceKind
from solver.waves.sharing import value_steps


class Columns:
    """What has been added so far."""

    def __init__(self, registry: Registry, source_ids: Sequence[str], work: Mapping[tuple[str, str], int]) -> None:
        self._registry = registry
        self._source_ids = tuple(source_ids)
        self._source_number = {source_id: number for number, source_id in enumerate(source_ids)}
        self._work = work
        self._part_start, self._leave_start = [0], [0]
        self._parts: list[tuple[int, int, int]] = []  # units, stride, value
        self._leave: list[Ints] = []
        self._orders: list[tuple[int, int]] = []  # most shares, share cost
        self._row_start, self._stock_start, self._entry_start = [0], [0], [0]
        self._rows: list[tuple[int, int, int]] = []  # source, minutes, minutes of a unit
        self._row_stock: list[int] = []
        self._entries: list[tuple[int, int, int, int]] = []  # state, cost, lane, service
        self._way_start = [0]
        self._way_packages: list[tuple[int, int, int]] = []  # lane, state, service

    def add_nothing(self) -> None:
        """An order without parts or rows, of which nothing can be left."""
        self._leave.append(np.zeros(1, dtype=np.int64))
        self._orders.append((0, 0))
        self._end_order()

    def add(self, made: Brief, c: Arrays, found: OrderRows, taken: Ints) -> None:
        """The next order; `taken` has the resource that a package of each lane takes one of."""
        values = [value_steps(made.problem, sku) for sku in made.facts.skus]
        self._parts += zip(made.case.demand.tolist(), c.stride.tolist(), values, strict=True)
        self._leave.append(found.leave)
        self._orders.append((found.most_shares, found.share_cost))
        offered, by_lane = made.offered(), taken.tolist()
        for row in found.rows:
            self._add_row(made, c, row, offered[row.offer], by_lane)
        self._end_order()

    def case(self, money: int, opening_cost: Ints) -> WaveCase:
        """All of it."""
        capacity, least, over_cost, under_cost = self._registry.columns(money)
        parts, orders = _table(self._parts, 3), _table(self._orders, 2)
        rows, entries, ways = _table(self._rows, 3), _table(self._entries, 4), _table(self._way_packages, 3)
        return WaveCase(
            part_start=_ints(self._part_start),
            part_units=parts[:, 0].copy(),
            part_stride=parts[:, 1].copy(),
            part_value=parts[:, 2].copy(),
            leave_start=_ints(self._leave_start),
            leave_cost=np.concatenate([*self._leave, np.zeros(0, dtype=np.int64)]),
            most_shares=_numbers(orders[:, 0]),
            share_cost=orders[:, 1].copy(),
            order_floor=np.zeros(len(orders), dtype=np.int64),
            row_start=_ints(self._row_start),
            row_source=_numbers(rows[:, 0]),
            row_minutes=_numbers(rows[:, 1]),
            row_unit_minutes=_numbers(rows[:, 2]),
            stock_start=_ints(self._stock_start),
            row_stock=_numbers(_ints(self._row_stock)),
            entry_start=_ints(self._entry_start),
            entry_state=_numbers(entries[:, 0]),
            entry_cost=entries[:, 1].copy(),
            entry_lane=_numbers(entries[:, 2]),
            entry_service=_numbers(entries[:, 3]),
            way_start=_ints(self._way_start),
            way_lane=_numbers(ways[:, 0]),
            way_state=_numbers(ways[:, 1]),
            way_service=_numbers(ways[:, 2]),
            capacity=capacity,
            least=least,
            over_cost=over_cost,
            under_cost=under_cost,
            source_orders=self._registry.of_source(ResourceKind.SOURCE_ORDERS, self._source_ids),
            source_units=self._registry.of_source(ResourceKind.SOURCE_UNITS, self._source_ids),
            source_minutes=self._registry.of_source(ResourceKind.SOURCE_MINUTES, self._source_ids),
            source_value=self._registry.of_source(ResourceKind.SOURCE_VALUE, self._source_ids),
            opening_cost=opening_cost,
        )

    def _end_order(self) -> None:
        self._part_start.append(len(self._parts))
        self._leave_start.append(self._leave_start[-1] + len(self._leave[-1]))
        self._row_start.append(len(self._rows))

    def _add_row(self, made: Brief, c: Arrays, row: Row, offered: Ints, taken: Sequence[int]) -> None:
        offer = made.facts.offers[row.offer]
        source = int(made.case.offer_source[row.offer])
        minutes = self._work.get((made.problem.order_id, offer.source_id))
        norm = (int(made.case.source_package_minutes[source]), int(made.case.source_unit_minutes[source]))
        self._rows.append((self._source_number[offer.source_id], *(norm if minutes is None else (minutes, 0))))
        for part, sku in enumerate(made.facts.skus):
            has = bool(c.blocks[row.offer, part] > 0)
            key = (offer.source_id, offer.offer_id, sku)
            self._row_stock.append(self._registry.stock(key, int(offered[part])) if has else NONE)
        self._stock_start.append(len(self._row_stock))
        for entry in row.entries:
            self._add_entry(entry, taken)
        self._entry_start.append(len(self._entries))

    def _add_entry(self, entry: Entry, taken: Sequence[int]) -> None:
        if len(entry.packages) == 1:
            lane = entry.packages[0][0]
            self._entries.append((entry.state, entry.cost, lane, taken[lane]))
            return
        self._entries.append((entry.state, entry.cost, -len(self._way_start), NONE))
        self._way_packages += [(lane, state, taken[lane]) for lane, state in entry.packages]
        self._way_start.append(len(self._way_packages))


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _numbers(values: Ints) -> Numbers:
    return values.astype(np.int32)


def _table(rows: Sequence[tuple[int, ...]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, width)
