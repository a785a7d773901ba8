"""What a wave costs without deciding it together: order after order, each on what the earlier ones left."""

import numpy as np

from solver.network.distance import distances_meters
from solver.sourcing.case import Ints
from solver.sourcing.snapshot import Decision
from solver.waves.case import NEVER, NONE, WaveCase, WaveFinding
from solver.waves.from_snapshot import LaidOrders


def finding(case: WaveCase, entries: list[list[int]], left: list[int]) -> WaveFinding:
    """Plans as an engine's answer, which claims nothing."""
    starts = np.concatenate([[0], np.cumsum([len(one) for one in entries])]).astype(np.int64)
    chosen = np.array([entry for one in entries for entry in one], dtype=np.int64)
    prices = np.zeros(case.resources, dtype=np.int64)
    return WaveFinding(starts, chosen, np.array(left, dtype=np.int64), total=0, bound=0, prices=prices)


def nearest_first(laid: LaidOrders) -> WaveFinding:
    """Every order takes all that it can from its nearest source, the rest from the next nearest, by the cheapest lane.

    Limits that nothing may exceed are kept; those that have a price are exceeded.
    """
    case, stock = laid.case, laid.case.capacity.copy()
    chosen, left = [], []
    for number in range(case.orders):
        rows = np.arange(case.row_start[number], case.row_start[number + 1])
        near = rows[np.argsort(_meters(laid, number)[case.row_source[rows]], kind="stable")]
        entries, rest = _taken_from(case, stock, number, near.tolist())
        chosen.append(entries)
        left.append(rest)
    return finding(case, chosen, left)


def _meters(laid: LaidOrders, number: int) -> Ints:
    network = laid.snapshot.network
    place = network.place(laid.orders[number].destination)
    return distances_meters(place.latitude, place.longitude, network.latitudes, network.longitudes)


def _taken_from(case: WaveCase, stock: Ints, number: int, rows: list[int]) -> tuple[list[int], int]:
    """The entries of an order, row after row, and the state that it leaves; counts the stock down."""
    parts = slice(int(case.part_start[number]), int(case.part_start[number + 1]))
    stride, radix = case.part_stride[parts], case.part_units[parts] + 1
    wanted = radix - 1
    entries: list[int] = []
    for row in rows:
        if not wanted.any() or len(entries) == case.most_shares[number]:
            break
        shelves = case.row_stock[int(case.stock_start[row]) : int(case.stock_start[row + 1])]
        units = np.where(shelves == NONE, 0, np.minimum(wanted, stock[shelves]))
        of_row = np.arange(case.entry_start[row], case.entry_start[row + 1])
        able = of_row[case.entry_state[of_row] == int(units @ stride)]
        services = case.entry_service[able]
        able = able[(services == NONE) | (case.over_cost[services] < NEVER) | (stock[services] > 0)]
        if not units.any() or not len(able):
            continue
        entry = int(able[np.argmin(case.entry_cost[able])])
        entries.append(entry)
        stock[shelves[units > 0]] -= units[units > 0]
        if case.entry_service[entry] != NONE:
            stock[case.entry_service[entry]] -= 1
        wanted = wanted - units
    return entries, int(wanted @ stride)


def as_finding(laid: LaidOrders, decisions: tuple[Decision, ...]) -> WaveFinding:
    """Decisions of one package a source, as entries of the wave; of lanes that cost the same, any."""
    case, network = laid.case, laid.snapshot.network
    services = {service_id: number for number, service_id in enumerate(network.services)}
    number_of = {sku: number for number, sku in enumerate(laid.snapshot.skus)}
    chosen, left = [], []
    for number, decision in enumerate(decisions):
        parts = slice(int(case.part_start[number]), int(case.part_start[number + 1]))
        stride = dict(zip(laid.part_sku[parts].tolist(), case.part_stride[parts].tolist(), strict=True))
        rows = range(int(case.row_start[number]), int(case.row_start[number + 1]))
        row_of = {int(case.row_source[row]): row for row in rows}
        entries, rest = [], int(case.leave_start[number + 1] - case.leave_start[number]) - 1
        for package in decision.packages:
            state = sum(stride[number_of[sku]] * units for sku, units in package.units.items())
            row = row_of[network.source_positions[package.source_id]]
            of_row = np.arange(case.entry_start[row], case.entry_start[row + 1])
            able = of_row[case.entry_state[of_row] == state]
            same = able[case.entry_lane[able] == services[package.service_id]]
            entries.append(int(same[0] if len(same) else able[np.argmin(case.entry_cost[able])]))
            rest -= state
        chosen.append(entries)
        left.append(rest)
    return finding(case, chosen, left)
