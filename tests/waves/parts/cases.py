"""Cases of waves for the tests of parts, and engines that workers can import."""

import os
import time
from functools import partial
from pathlib import Path

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NEVER, NONE, WaveCase, WaveFinding
from solver.waves.engine.search import search
from solver.waves.limits import Watch, WaveLimits
from solver.waves.parts.work import WaveEngine

WORK = WaveLimits(passes=40, moves=60, columns=0)
LEAVE = 1000
_PATIENCE_SECONDS = 180.0


def single_unit_case(costs: Ints, capacity: Ints, *, opening: int = 0) -> WaveCase:
    """Orders of one unit each; `costs` [O, S] of shipping it, -1 where a source may not; `capacity` [S] units."""
    orders, sources = costs.shape
    order, source = np.nonzero(costs >= 0)
    rows = np.bincount(order, minlength=orders)
    count = len(order)
    steps = np.arange(orders + 1, dtype=np.int64)
    return WaveCase(
        part_start=steps,
        part_units=np.ones(orders, np.int64),
        part_stride=np.ones(orders, np.int64),
        part_value=np.zeros(orders, np.int64),
        leave_start=2 * steps,
        leave_cost=np.tile(np.array([0, LEAVE], np.int64), orders),
        most_shares=np.ones(orders, np.int32),
        share_cost=np.zeros(orders, np.int64),
        order_floor=np.zeros(orders, np.int64),
        row_start=np.concatenate([[0], np.cumsum(rows)]).astype(np.int64),
        row_source=source.astype(np.int32),
        row_minutes=np.zeros(count, np.int32),
        row_unit_minutes=np.zeros(count, np.int32),
        stock_start=np.arange(count + 1, dtype=np.int64),
        row_stock=source.astype(np.int32),
        entry_start=np.arange(count + 1, dtype=np.int64),
        entry_state=np.ones(count, np.int32),
        entry_cost=costs[order, source].astype(np.int64),
        entry_lane=np.zeros(count, np.int32),
        entry_service=np.full(count, NONE, np.int32),
        way_start=np.zeros(1, np.int64),
        way_lane=np.zeros(0, np.int32),
        way_state=np.zeros(0, np.int32),
        way_service=np.zeros(0, np.int32),
        capacity=capacity.astype(np.int64),
        least=np.zeros(sources, np.int64),
        over_cost=np.full(sources, NEVER, np.int64),
        under_cost=np.zeros(sources, np.int64),
        source_orders=np.full(sources, NONE, np.int32),
        source_units=np.full(sources, NONE, np.int32),
        source_minutes=np.full(sources, NONE, np.int32),
        source_value=np.full(sources, NONE, np.int32),
        opening_cost=np.full(sources, opening, np.int64),
    )


def same_answer(one: WaveFinding, other: WaveFinding) -> bool:
    """Whether two answers are equal, number by number."""
    return all(np.array_equal(np.asarray(mine), np.asarray(yours)) for mine, yours in zip(one, other, strict=True))


def _held(folder: Path, case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
    (folder / f"begun-{os.getpid()}").touch()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (folder / "hold").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return search(case, limits, watch)


def held_engine(folder: Path) -> WaveEngine:
    """The engine, which says in the folder who works, and does not finish while there is a file `hold`."""
    return partial(_held, folder)


def _mortal(folder: Path, case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
    try:
        (folder / "died").touch(exist_ok=False)
    except FileExistsError:
        return search(case, limits, watch)
    os._exit(1)


def mortal_engine(folder: Path) -> WaveEngine:
    """The engine, but the first process that works with it dies."""
    return partial(_mortal, folder)
