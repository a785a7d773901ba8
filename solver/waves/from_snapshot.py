"""A wave from a snapshot's arrays, without a Problem for each order: the same WaveCase as `layout`, far sooner."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.network.distance import distances_meters
from solver.network.model import SourceKind
from solver.orders.model import Order
from solver.sourcing.case import Flags, Ints
from solver.sourcing.snapshot import Snapshot
from solver.sourcing.snapshot.prepared import Prepared
from solver.sourcing.snapshot.words_of_policy import units_kept_by_stores
from solver.waves.case import NEVER, NONE, Numbers, WaveCase
from solver.waves.laying.collected import Asked, Collected, Size, runs
from solver.waves.laying.from_ground import BEYOND_TIMETABLE, NEAR_A_LIMIT, TOO_MANY_STATES, OrderRoom
from solver.waves.laying.room import Room
from solver.waves.laying.shares import DONE, LARGE_COSTS, LINES_COUPLE, MINUTES_COUPLE, PACKAGES_COUPLE, TOO_MANY_WAYS
from solver.waves.layout.registry import Registry
from solver.waves.plan import Resource, ResourceKind
from solver.waves.wave import NO_TERMS, VALUE_STEP_MINOR, Wave, WaveTerms

_REASONS = {
    TOO_MANY_WAYS: "too_many_ways",
    PACKAGES_COUPLE: "packages_stay_within_the_limit",
    LINES_COUPLE: "lines_ship_together",
    MINUTES_COUPLE: "minutes_by_package",
    LARGE_COSTS: "large_costs",
    NEAR_A_LIMIT: "near_a_limit",
    TOO_MANY_STATES: "too_many_states",
    BEYOND_TIMETABLE: "beyond_the_timetable",
}


class NotFromSnapshot(ValueError):
    """The wave's terms, or its policy, ask for something that only Problems say; `solve_wave` takes them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOrders:
    """The arrays, and what their numbers stand for. Sources, and services in place of lanes, are the network's.

    `outside` says why an order has no rows; it is left to a Problem. `part_sku` numbers the snapshot's SKUs; resources
    are the limits of the terms, then stock by `shelf`.
    """

    snapshot: Snapshot
    orders: Sequence[Order]
    terms: WaveTerms
    case: WaveCase
    part_sku: Numbers  # [D]
    limits: tuple[Resource, ...]
    shelf: Ints
    outside: Mapping[int, str]
    groups: Sequence[tuple[Sequence[int], Prepared]]

    def resource(self, number: int) -> Resource:
        """What a resource is."""
        if number < len(self.limits):
            return self.limits[number]
        shelves, at = self.snapshot.shelves, int(self.shelf[number - len(self.limits)])
        sku = int(np.searchsorted(shelves.start, at, side="right")) - 1
        return Resource(
            kind=ResourceKind.STOCK,
            source_id=self.snapshot.network.source_ids[int(shelves.source[at])],
            sku=self.snapshot.skus[sku],
        )


def lay_out_orders(
    snapshot: Snapshot,
    orders: Sequence[Order],
    terms: WaveTerms = NO_TERMS,
    *,
    floor_of: Callable[[int], int] | None = None,
) -> LaidOrders:
    """The orders as a WaveCase. Raises NotFromSnapshot, and KeyError for an unknown region or SKU.

    An order that the arrays cannot say, or that a WaveCase cannot hold, has no rows there; `floor_of` tells what it
    costs at least, by its number (None: the snapshot decides it by itself).
    """
    _refuse(snapshot, terms)
    registry = Registry(Wave(orders=(), terms=terms))
    limits, source_ids = registry.resources(), snapshot.network.source_ids
    groups, others = snapshot.prepared_by_days(orders)
    lane_resource = _lane_resource(snapshot, terms, registry)
    asked = Asked(
        stock=snapshot.shelves.units,
        lane_resource=lane_resource,
        lane_over=np.append(registry.columns(1)[2], 0)[lane_resource],
        counts_packages=_counts_packages(snapshot, registry, source_ids),
        priority=_priorities(orders, terms),
    )
    pools = 1 + max((len(np.unique(row)) for row in np.unique(lane_resource, axis=0)), default=0)
    made = Collected(len(orders), Size.of(groups, np.diff(snapshot.shelves.start), pools))
    for prepared, first, last, offset in runs(groups, len(orders)):
        made.add(prepared, asked, first, last, offset, lambda number: _meters_to(snapshot, orders[number]))
    laid = made.orders
    status = laid.status
    outside = others | {
        number: _REASONS[int(status[number])]
        for number in np.flatnonzero(status != DONE).tolist()
        if number not in others
    }
    shelf, row_stock = _dense(laid.row_shelf, len(snapshot.shelves.units), len(limits))
    floors = _floors(orders, sorted(outside), floor_of or (lambda number: snapshot.decide(orders[number]).bound_minor))
    case = _case(snapshot, orders, terms, registry, laid, made.room, floors, sorted(outside), shelf, row_stock)
    return LaidOrders(
        snapshot=snapshot,
        orders=orders,
        terms=terms,
        case=case,
        part_sku=laid.part_sku,
        limits=limits,
        shelf=shelf,
        outside=outside,
        groups=groups,
    )


def _refuse(snapshot: Snapshot, terms: WaveTerms) -> None:
    """Quotas are shares of goods that only Problems value; days of hand-over and merged orders only they know."""
    if terms.quotas:
        raise NotFromSnapshot("quotas")
    if any(carrier.day is not None for carrier in terms.carriers):
        raise NotFromSnapshot("carriers.day")
    if any(order.merge_key for order in terms.orders):
        raise NotFromSnapshot("orders.merge_key")
    if snapshot.policy.relax:
        raise NotFromSnapshot("policy.relax")


def _lane_resource(snapshot: Snapshot, terms: WaveTerms, registry: Registry) -> Numbers:
    """The resource of which a package of each source and service takes one: the first capacity that counts it."""
    network = snapshot.network
    services = {service_id: number for number, service_id in enumerate(network.services)}
    table = np.full((len(network.source_ids), len(services)), NONE, dtype=np.int32)
    for carrier in reversed(terms.carriers):
        if carrier.service_id not in services:
            continue
        rows = slice(None) if not carrier.source_id else network.source_positions.get(carrier.source_id)
        if rows is not None:
            resource = Resource(kind=ResourceKind.PACKAGES, source_id=carrier.source_id, service_id=carrier.service_id)
            table[rows, services[carrier.service_id]] = registry.number(resource)
    return table


def _counts_packages(snapshot: Snapshot, registry: Registry, source_ids: Sequence[str]) -> Flags:
    limited = registry.of_source(ResourceKind.SOURCE_MINUTES, source_ids) != NONE
    by_package = np.array([source.minutes_per_package > 0 for source in snapshot.network.sources.values()], dtype=bool)
    flags: Flags = limited & by_package
    return flags


def _priorities(orders: Sequence[Order], terms: WaveTerms) -> Ints:
    of_order = {one.order_id: one.priority_minor for one in terms.orders}
    return np.array([of_order.get(order.order_id, 0) for order in orders], dtype=np.int64)


def _meters_to(snapshot: Snapshot, order: Order) -> Ints:
    network = snapshot.network
    place = network.place(order.destination)
    return distances_meters(place.latitude, place.longitude, network.latitudes, network.longitudes)


def _dense(row_shelf: Numbers, shelves: int, first: int) -> tuple[Ints, Numbers]:
    """The shelves that any row takes of, and each row's as resources, numbered from `first` on."""
    is_used = np.zeros(shelves, dtype=bool)
    is_used[row_shelf[row_shelf != NONE]] = True
    number = np.append(np.cumsum(is_used, dtype=np.int32) + np.int32(first - 1), np.int32(NONE))  # NONE finds the last
    np.take(number, row_shelf, out=row_shelf, mode="wrap")  # in place, as there are very many
    return np.flatnonzero(is_used), row_shelf


def _case(
    snapshot: Snapshot,
    orders: Sequence[Order],
    terms: WaveTerms,
    registry: Registry,
    laid: OrderRoom,
    room: Room,
    floors: Ints,
    outside: Sequence[int],
    shelf: Ints,
    row_stock: Numbers,
) -> WaveCase:
    source_ids, row_start = snapshot.network.source_ids, _starts(laid.rows)
    minutes, unit_minutes = _minutes(snapshot, orders, terms, row_start, laid.row_source)
    capacity, least, over_cost, under_cost = registry.columns(1)
    stock = _pool(snapshot, shelf)
    nothing = np.zeros(len(stock), dtype=np.int64)
    opening = {one.source_id: one.opening_cost_minor for one in terms.sources}
    values = np.array([snapshot.catalog.materials[sku].value_minor // VALUE_STEP_MINOR for sku in snapshot.skus])
    return WaveCase(
        part_start=_starts(laid.parts),
        part_units=laid.part_units,
        part_stride=laid.part_stride,
        part_value=values.astype(np.int64)[laid.part_sku],
        leave_start=_starts(np.maximum(1, laid.states)),
        leave_cost=np.insert(laid.leave_cost, _gaps(laid.states, outside), 0),
        most_shares=laid.most_shares,
        share_cost=laid.share_cost,
        order_floor=floors,
        row_start=row_start,
        row_source=laid.row_source,
        row_minutes=minutes,
        row_unit_minutes=unit_minutes,
        stock_start=_starts(np.repeat(laid.parts.astype(np.int32), laid.rows)),
        row_stock=row_stock,
        entry_start=room.entry_start,
        entry_state=room.entry_state,
        entry_cost=room.entry_cost,
        entry_lane=room.entry_lane,
        entry_service=room.entry_resource,
        way_start=room.way_start,
        way_lane=room.way_lane,
        way_state=room.way_state,
        way_service=room.way_resource,
        capacity=np.concatenate([capacity, stock]),
        least=np.concatenate([least, nothing]),
        over_cost=np.concatenate([over_cost, nothing + NEVER]),
        under_cost=np.concatenate([under_cost, nothing]),
        source_orders=registry.of_source(ResourceKind.SOURCE_ORDERS, source_ids),
        source_units=registry.of_source(ResourceKind.SOURCE_UNITS, source_ids),
        source_minutes=registry.of_source(ResourceKind.SOURCE_MINUTES, source_ids),
        source_value=registry.of_source(ResourceKind.SOURCE_VALUE, source_ids),
        opening_cost=np.array([opening.get(source_id, 0) for source_id in source_ids], dtype=np.int64),
    )


def _starts(counts: Ints | Numbers) -> Ints:
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _gaps(states: Ints, outside: Sequence[int]) -> Ints:
    """Where, among the states of the others, the one state of each order outside belongs."""
    gaps: Ints = _starts(states)[list(outside)]
    return gaps


def _minutes(
    snapshot: Snapshot, orders: Sequence[Order], terms: WaveTerms, row_start: Ints, row_source: Numbers
) -> tuple[Numbers, Numbers]:
    """What each row takes of its source's minutes, by share and by unit."""
    sources = snapshot.network.sources.values()
    of_share = _of_rows([source.minutes_per_package for source in sources], row_source)
    of_unit = _of_rows([source.minutes_per_unit for source in sources], row_source)
    numbers = {order.order_id: number for number, order in enumerate(orders)} if terms.work else {}
    for work in terms.work:
        number, source = numbers.get(work.order_id), snapshot.network.source_positions.get(work.source_id)
        if number is None or source is None:
            continue
        rows = np.arange(row_start[number], row_start[number + 1])
        mine = rows[row_source[rows] == source]
        of_share[mine], of_unit[mine] = work.minutes, 0
    return of_share, of_unit


def _of_rows(of_source: Sequence[int], row_source: Numbers) -> Numbers:
    """What each row's source has; where none has any, pages that nothing is written to, which take no memory."""
    if not any(of_source):
        return np.zeros(len(row_source), dtype=np.int32)
    return np.array(of_source, dtype=np.int32)[row_source]


def _pool(snapshot: Snapshot, shelf: Ints) -> Ints:
    """The units of each of these shelves that orders may have."""
    shelves, sources = snapshot.shelves, snapshot.network.sources.values()
    stores = np.array([source.kind == SourceKind.STORE for source in sources], dtype=bool)
    kept = np.where(stores, units_kept_by_stores(snapshot.policy), 0)
    units: Ints = np.maximum(0, shelves.units[shelf].astype(np.int64) - kept[shelves.source[shelf]])
    return units


def _floors(orders: Sequence[Order], outside: Sequence[int], floor_of: Callable[[int], int]) -> Ints:
    floors = np.zeros(len(orders), dtype=np.int64)
    for number in outside:
        floors[number] = floor_of(number)
    return floors
