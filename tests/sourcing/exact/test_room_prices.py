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


def one_load_each(a: Loads, lanes: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The only load of each of these lanes."""
    loads = {int(lane): load for load, lane in enumerate(a.lane)}
    return np.array([loads[lane] for lane in lanes])


def test_costs_that_all_differ_by_two_are_not_looked_for_in_between() -> None:
    """Fractions of units would cost 5,364.67. Of 1,900 units at 1 or 3 each, all ways cost an even number."""
    a = loads(
        plain_case(
            [[261, 0, 0], [0, 1059, 580], [0, 1059, 0]],
            [0, 0, 0],
            [261, 1059, 580],
            unit_grams=np.array([30, 60, 70]),
            unit_cost=np.array([[[3, 3, 3], [1, 1, 1], [5, 5, 5]]]),
            package_most_grams=np.array([7_980, 20_000, 45_000]),
            most_packages=5,
        )
    )
    assert a is not None
    picked = one_load_each(a, [0, 1, 1, 1, 2])
    least, _, left = stow(a, picked, np.array([2, 1, 0]), 5, 5_365, 1_000)
    assert (least, left > 0) == (NEVER, True)
    assert stow(a, picked, np.array([2, 1, 0]), 5, 5_366, ENOUGH)[0] == 5_366


def test_grams_that_nothing_left_can_fill_are_seen_before_the_lightest_parts_are_tried() -> None:
    """260 g of 557.9 kg stay empty; parts of 30 g split over two packages in millions of ways that do not fit."""
    a = loads(
        plain_case(
            [
                [168, 1956, 1026, 624, 254, 1437, 0],
                [0, 0, 0, 0, 0, 1437, 0],
                [0, 0, 0, 624, 0, 0, 0],
                [0, 0, 0, 0, 0, 0, 1238],
            ],
            [0, 0, 0, 0],
            [168, 1956, 1026, 624, 254, 1437, 1238],
            unit_grams=np.array([30, 30, 30, 260, 70, 85, 130]),
            unit_cost=np.array([[[1] * 7, [3] * 7, [3] * 7, [3] * 7]]),
            package_most_grams=np.array([70_000, 94_945, 161_980, 160_940]),
            most_packages=5,
        )
    )
    assert a is not None
    parts = np.lexsort((-a.each[:, 1], -a.each[:, 0]))
    assert stow(a, one_load_each(a, [0, 0, 1, 2, 3]), parts, 5, 12_666, 100_000)[0] == 12_653


def test_a_stowing_near_the_cheapest_fractions_is_found_though_not_every_one_is_tried() -> None:
    """Fractions of three thousand units in five packages would cost 44,816.67, and all ways differ by 20."""
    a = loads(
        plain_case(
            [[339, 489, 200], [475, 0, 0], [0, 0, 280], [407, 587, 240], [204, 294, 120]],
            [0, 0, 0, 0, 0],
            [1355, 1028, 798],
            unit_grams=np.array([60, 130, 30]),
            unit_cost=np.array([[[10] * 3, [30] * 3, [30] * 3, [10] * 3, [10] * 3]]),
            package_most_grams=np.array([50_000, 24_960, 7_980, 107_000, 50_000]),
            most_packages=5,
        )
    )
    assert a is not None
    picked, parts = one_load_each(a, list(range(5))), np.array([1, 0, 2])
    prices, worth = priced_room(a, picked, parts, 5, 45_290)
    assert 44_816 < (int(prices.base[0]) - worth) / (1 << prices.shift) < 44_817
    assert np.allclose(prices.share.sum(axis=0), a.demand)
    assert (prices.share @ a.each <= a.caps[picked] + 1e-6).all()
    least, units, _ = stow(a, picked, parts, 5, 45_290, 100_000)
    assert least == 44_850
    assert (units.sum(axis=0) == a.demand).all()
