"""Small waves of orders that ship whole from one source, by chance."""

import numpy as np

from solver.waves.case import NEVER, NONE, WaveCase


def single_source_case(
    seed: int, *, orders: int = 5, sources: int = 3, slack: float = 1.2, opening: bool = True, leave: int = 5000
) -> WaveCase:
    """Orders of one unit with minutes by order and source; all capacity is `slack` times what the orders ask for."""
    rng = np.random.default_rng(seed)
    places = orders * sources
    minutes = rng.integers(1, 10, places).astype(np.int32)
    asked = minutes.reshape(orders, sources).mean(axis=1).sum()
    capacity = np.maximum(1, rng.dirichlet(np.full(sources, 5.0)) * asked * slack).astype(np.int64)
    by_order = np.zeros(orders, dtype=np.int64)
    of_places = np.full(places, NONE, dtype=np.int32)
    of_sources = np.full(sources, NONE, dtype=np.int32)
    return WaveCase(
        part_start=np.arange(orders + 1),
        part_units=by_order + 1,
        part_stride=by_order + 1,
        part_value=by_order,
        leave_start=2 * np.arange(orders + 1),
        leave_cost=np.tile(np.array([0, leave]), orders),
        most_shares=np.ones(orders, dtype=np.int32),
        share_cost=by_order,
        order_floor=by_order,
        row_start=sources * np.arange(orders + 1),
        row_source=np.tile(np.arange(sources, dtype=np.int32), orders),
        row_minutes=minutes,
        row_unit_minutes=np.zeros(places, dtype=np.int32),
        stock_start=np.arange(places + 1),
        row_stock=of_places,
        entry_start=np.arange(places + 1),
        entry_state=np.ones(places, dtype=np.int32),
        entry_cost=rng.integers(10, 100, places),
        entry_lane=np.zeros(places, dtype=np.int32),
        entry_service=of_places,
        way_start=np.zeros(1, dtype=np.int64),
        way_lane=np.zeros(0, dtype=np.int32),
        way_state=np.zeros(0, dtype=np.int32),
        way_service=np.zeros(0, dtype=np.int32),
        capacity=capacity,
        least=np.zeros(sources, dtype=np.int64),
        over_cost=np.full(sources, NEVER),
        under_cost=np.zeros(sources, dtype=np.int64),
        source_orders=of_sources,
        source_units=of_sources,
        source_minutes=np.arange(sources, dtype=np.int32),
        source_value=of_sources,
        opening_cost=rng.integers(20, 200, sources) * int(opening),
    )
