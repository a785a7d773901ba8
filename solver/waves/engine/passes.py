"""Passes over all orders at given prices."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.ascent import Priced
from solver.waves.engine.cover import room_for
from solver.waves.engine.crew import Crew
from solver.waves.engine.finding import Plans
from solver.waves.engine.pricing import plan_starts, price_orders
from solver.waves.engine.resources import of_resources, resources_of


class Passes:
    """Prices every order of a wave, chunk by chunk, and remembers the plans of the last pass."""

    def __init__(self, case: WaveCase, crew: Crew) -> None:
        self.resources = resources_of(case)
        self._case = case
        self._crew = crew
        self._rooms = [room_for(case) for _ in crew.chunks]
        self._floors = int(case.order_floor.sum()) * PRICES_PER_MINOR
        self._start = plan_starts(case)
        self._shares = np.full(int(self._start[-1]), NONE, np.int64)
        self._left = np.zeros(case.orders, np.int64)

    def at(self, prices: Ints) -> Priced:
        """The Lagrangian function at these prices, and what the plans there use."""

        def price(chunk: int, begin: int, end: int) -> tuple[int, Ints]:
            used = np.zeros(self._case.resources, np.int64)
            room = self._rooms[chunk]
            total = price_orders(self._case, room, begin, end, prices, used, self._start, self._shares, self._left)
            return int(total), used

        done = self._crew.each(price)
        total = sum(part for part, _ in done)
        bound = total + self._floors + of_resources(self.resources, prices)
        return Priced(prices, bound, sum((used for _, used in done), np.zeros(self._case.resources, np.int64)))

    def plans(self) -> Plans:
        """The orders' best plans at the prices of the last pass; they may use more than there is."""
        return Plans(self._start, self._shares, self._left)
