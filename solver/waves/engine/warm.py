"""Compilation ahead of the first wave, for a server's start."""

import numpy as np

from solver.waves.case import NEVER, NONE, WaveCase
from solver.waves.engine.search import search
from solver.waves.limits import Watch, WaveLimits


def warm() -> None:
    """Compile, or load from disk, all that any wave runs; without numba there is nothing to do.

    It takes about a minute the first time and about a second afterwards.
    """
    search(_two_want_one(), WaveLimits(passes=2, moves=50, columns=2), Watch())


def _two_want_one() -> WaveCase:
    """Three orders of one SKU and two sources, who have a unit each; the third order wants two units."""
    orders, rows = 3, 6
    return WaveCase(
        part_start=np.arange(orders + 1),
        part_units=np.array([1, 1, 2]),
        part_stride=np.ones(orders, np.int64),
        part_value=np.ones(orders, np.int64),
        leave_start=np.array([0, 2, 4, 7]),
        leave_cost=np.array([0, 90, 0, 90, 0, 90, 180]),
        most_shares=np.array([2, 2, 1], np.int32),
        share_cost=np.ones(orders, np.int64),
        order_floor=np.zeros(orders, np.int64),
        row_start=np.array([0, 2, 4, 6]),
        row_source=np.array([0, 1] * orders, np.int32),
        row_minutes=np.zeros(rows, np.int32),
        row_unit_minutes=np.zeros(rows, np.int32),
        stock_start=np.arange(rows + 1),
        row_stock=np.array([0, 1] * orders, np.int32),
        entry_start=np.arange(rows + 1),
        entry_state=np.ones(rows, np.int32),
        entry_cost=np.array([5, 9, 6, 8, 7, 4]),
        entry_lane=np.zeros(rows, np.int32),
        entry_service=np.full(rows, NONE, np.int32),
        way_start=np.zeros(1, np.int64),
        way_lane=np.zeros(0, np.int32),
        way_state=np.zeros(0, np.int32),
        way_service=np.zeros(0, np.int32),
        capacity=np.ones(2, np.int64),
        least=np.zeros(2, np.int64),
        over_cost=np.full(2, NEVER),
        under_cost=np.zeros(2, np.int64),
        source_orders=np.full(2, NONE, np.int32),
        source_units=np.full(2, NONE, np.int32),
        source_minutes=np.full(2, NONE, np.int32),
        source_value=np.full(2, NONE, np.int32),
        opening_cost=np.zeros(2, np.int64),
    )
