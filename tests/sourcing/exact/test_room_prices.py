"""What stowing costs at least where parts want the same room: never more than the best of all ways to stow."""

import random
from itertools import product

import numpy as np

from solver.sourcing.case import Case
from solver.sourcing.exact.arrays import NEVER, arrays_of, prepared
from solver.sourcing.exact.loads import Loads, loads_of
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.stowing import priced_room, stow
from tests.sourcing.exact.cases import plain_case

ENOUGH = 1_000_000  # nodes


def loads(case: Case) -> Loads | None:
    """The loads of a case, if it has any."""
    ready = prepared(case)
    assert not isinstance(ready, GaveUp)
    return loads_of(case, arrays_of(case, *ready, np.ones_like(case.demand)))


def random_loads(rng: random.Random) -> Loads | None:
    """Two or three parts of up to four units, in packages that hold a few; sources have some of each."""
    parts, offers = rng.randint(2, 3), rng.randint(2, 3)
    demand = [rng.randint(1, 4) for _ in range(parts)]
    most = np.array([rng.choice((3, 5, 8, 12)) * 100 for _ in range(offers)])
    return loads(
        plain_case(
            [[rng.randint(0, units) for units in demand] for _ in range(offers)],
            [rng.randint(1, 9) for _ in range(offers)],
            demand,
            unit_grams=np.array([rng.choice((70, 100, 150, 210)) for _ in range(parts)]),
            unit_cost=np.array([[[rng.randint(0, 20) for _ in range(parts)] for _ in range(offers)]]),
            package_most_grams=most,
            package_most_units=np.array([rng.randint(3, 6) for _ in range(offers)]),
            most_packages=4,
        )
    )


def least_cost(a: Loads, chosen: list[int]) -> int | None:
    """Of all ways to put every unit into one of the loads; None where there is none."""
    ways = [
        [split for split in product(range(units + 1), repeat=len(chosen)) if sum(split) == units]
        for units in a.demand.tolist()
    ]
    costs = []
    for way in product(*ways):
        units = np.array(way).T  # [W, D]
        lanes = a.lane[chosen]
        taken = {int(offer): units[a.offer[lanes] == offer].sum(axis=0) for offer in a.offer[lanes]}
        fits = (units @ a.each <= a.caps[chosen]).all() and not (units > 0)[~a.can[lanes]].any()
        if fits and all((total <= a.stock[offer]).all() for offer, total in taken.items()):
            costs.append(int((units * a.unit_cost[lanes]).sum()))
    return min(costs, default=None)


def test_no_way_to_stow_costs_less_than_prices_of_room_say(seed: int) -> None:
    rng = random.Random(seed)
    stowed = 0
    for _ in range(150):
        a = random_loads(rng)
        if a is None:
            continue
        chosen = [rng.randrange(len(a.lane)) for _ in range(rng.randint(2, 3))]
        best = least_cost(a, chosen)
        picked, parts, limit = np.array(chosen), np.arange(len(a.demand)), 200
        prices, worth = priced_room(a, picked, parts, len(chosen), limit)
        least, _, left = stow(a, picked, parts, len(chosen), limit, ENOUGH)
        assert left > 0
        assert (best if best is not None and best <= limit else NEVER) == least
        if best is not None:
            assert int(prices.base[0]) - worth <= best << prices.shift
            stowed += 1
    assert stowed > 20


def test_what_is_dear_to_keep_out_of_a_full_package_is_seen_before_it_is_tried() -> None:
    """Of 606.2 kg, 600 go into three packages at 1 a unit; 207 units of 30 g or more are for the one that asks 3."""
    a = loads(
        plain_case(
            [[1020, 390, 1090, 1540], [0, 390, 0, 0]],
            [500, 55],
            [1020, 390, 1090, 1540],
            unit_grams=np.array([30, 30, 150, 260]),
            unit_cost=np.array([[[1, 1, 1, 1], [3, 3, 3, 3]]]),
            package_most_grams=np.array([200_000, 9_900]),
            most_packages=4,
        )
    )
    assert a is not None
    lane = {int(offer): load for load, offer in enumerate(a.offer[a.lane])}
    picked = np.array([lane[0]] * 3 + [lane[1]])
    prices, worth = priced_room(a, picked, np.arange(4), 4, 4_453)
    # 6,200 g too much are 206.7 units, each 2 dearer.
    assert (int(prices.base[0]) - worth) / (1 << prices.shift) > 4_040 + 413
    assert stow(a, picked, np.array([3, 2, 0, 1]), 4, 4_453, 1_000)[0] == NEVER
