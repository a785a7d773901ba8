"""What the orders of a wave could take of each resource at most, whatever their plans."""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import Flags, Ints
from solver.waves.case import NONE, WaveCase


class Potential(NamedTuple):
    """Pairs of an order and a resource that it can use, each once, ordered by order. N pairs."""

    order: Ints  # [N]
    resource: Ints  # [N]
    most: Ints  # [N]: no plan of the order takes more


def potential_of(case: WaveCase) -> Potential:
    """The pairs of a wave."""
    order_of_row = np.repeat(np.arange(case.orders), np.diff(case.row_start))
    pairs = [_of_stock(case, order_of_row), *_of_sources(case, order_of_row), *_of_services(case, order_of_row)]
    order, resource, most = (np.concatenate([one[at] for one in pairs]).astype(np.int64) for at in range(3))
    there = (resource != NONE) & (most > 0)
    keys, place = np.unique(order[there] * case.resources + resource[there], return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, place, most[there])
    return Potential(keys // max(1, case.resources), keys % max(1, case.resources), sums)


def scarce_resources(case: WaveCase, potential: Potential) -> Flags:
    """Those that orders compete for: not enough for all that could be taken, or something is asked of them at least."""
    most = np.zeros(case.resources, np.int64)
    np.add.at(most, potential.resource, potential.most)
    flags: Flags = (most > case.capacity) | (case.least > 0)
    return flags


def _of_stock(case: WaveCase, order_of_row: Ints) -> tuple[Ints, Ints, Ints]:
    """A part takes no more than it asks, from whichever rows."""
    parts = np.diff(case.part_start)[order_of_row]
    row = np.repeat(np.arange(len(order_of_row)), parts)
    part = case.part_start[order_of_row[row]] + np.arange(len(row)) - case.stock_start[row]
    keys = np.unique(part * (case.resources + 1) + case.row_stock + 1)
    part, resource = keys // (case.resources + 1), keys % (case.resources + 1) - 1
    order = np.searchsorted(case.part_start, part, side="right") - 1
    return order, resource, case.part_units[part]


def _of_sources(case: WaveCase, order_of_row: Ints) -> list[tuple[Ints, Ints, Ints]]:
    """Every row could have a share of the whole order."""
    source = case.row_source
    before = np.concatenate([[0], np.cumsum(case.part_units)])
    units = np.diff(before[case.part_start])[order_of_row]
    before = np.concatenate([[0], np.cumsum(case.part_units * case.part_value)])
    value = np.diff(before[case.part_start])[order_of_row]
    minutes = case.row_minutes + case.row_unit_minutes * units
    return [
        (order_of_row, case.source_orders[source].astype(np.int64), np.ones(len(source), np.int64)),
        (order_of_row, case.source_units[source].astype(np.int64), units),
        (order_of_row, case.source_minutes[source].astype(np.int64), minutes),
        (order_of_row, case.source_value[source].astype(np.int64), value),
    ]


def _of_services(case: WaveCase, order_of_row: Ints) -> list[tuple[Ints, Ints, Ints]]:
    """Every row could hand over as many packages as the widest way has."""
    widest = int(np.diff(case.way_start).max(initial=1))
    row = np.repeat(np.arange(len(order_of_row)), np.diff(case.entry_start))
    way = np.where(case.entry_lane < 0, -1 - case.entry_lane.astype(np.int64), NONE)
    by_way = np.flatnonzero(way != NONE)
    width = np.diff(case.way_start)[way[by_way]]
    package = np.repeat(case.way_start[way[by_way]] - np.cumsum(width) + width, width) + np.arange(int(width.sum()))
    rows = np.concatenate([row, np.repeat(row[by_way], width)])
    services = np.concatenate([case.entry_service, case.way_service[package]]).astype(np.int64)
    keys = np.unique(rows[services != NONE] * case.resources + services[services != NONE])
    rows, services = keys // max(1, case.resources), keys % max(1, case.resources)
    return [(order_of_row[rows], services, np.full(len(rows), widest, np.int64))]
