"""Cuts: prices of room that were found for some loads never rule out others that the limit pays for."""

import random
from itertools import product

import numpy as np

from solver.network.model import Band, RateCard
from solver.sourcing.case import Tariff
from solver.sourcing.exact.cuts import add_cut, is_cut_off, no_cuts
from solver.sourcing.exact.loads import Loads
from solver.sourcing.exact.room_prices import Openings
from solver.sourcing.exact.stowing import priced_openings, priced_room
from tests.sourcing.exact.cases import plain_case
from tests.sourcing.exact.test_room_prices import least_cost, loads

STEPS = RateCard(bands=(Band(up_to_grams=None, base_minor=8, from_grams=200, step_grams=200, step_minor=3),))
LIMIT = 200


def random_loads(rng: random.Random) -> Loads | None:
    """Two parts from two offers, each of which is cheaper for one of them."""
    demand = [rng.randint(2, 4), rng.randint(2, 4)]
    return loads(
        plain_case(
            [[rng.randint(1, units) for units in demand] for _ in range(2)],
            [rng.randint(1, 9), rng.randint(1, 9)],
            demand,
            tariffs=(Tariff(cards=(STEPS,)),),
            unit_grams=np.array([rng.choice((70, 100, 150)), rng.choice((70, 210))]),
            unit_cost=np.array([[[rng.randint(0, 20), rng.randint(0, 20)] for _ in range(2)]]),
            most_packages=2,
        )
    )


def pairs_within(
    a: Loads, begin: np.ndarray[tuple[int], np.dtype[np.int64]], end: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> list[tuple[list[int], int]]:
    """Every load of the first lane with every load of the second into which all units go, and what that costs."""
    pairs = ([one, other] for one in range(begin[0], end[0]) for other in range(begin[1], end[1]))
    costs = ((pair, least_cost(a, pair)) for pair in pairs)
    return [(pair, best + int(a.cost[pair].sum())) for pair, best in costs if best is not None]


def test_prices_for_all_that_packages_may_be_opened_as_cut_off_none_that_the_limit_pays_for(seed: int) -> None:
    rng = random.Random(seed)
    bounded = cut_off = 0
    for _ in range(60):
        a = random_loads(rng)
        if a is None or len(a.lane_number) < 2:
            continue
        listed = np.arange(len(a.lane))
        begin, end = np.searchsorted(a.lane, [0, 1]), np.searchsorted(a.lane, [0, 1], side="right")
        within = pairs_within(a, begin, end)
        if not within:
            continue
        cuts, least = no_cuts(2), min(total for _, total in within)
        add_cut(
            a, cuts, priced_openings(a, Openings(listed, begin, end), np.arange(2), 2, LIMIT, LIMIT), listed, begin, end
        )
        assert not is_cut_off(a, cuts, listed, begin, -1, least)
        cut_off += is_cut_off(a, cuts, listed, begin, -1, least * 3 // 4)
        for pair, total in within:
            assert not is_cut_off(a, cuts, listed, np.array(pair), 1, total)
            assert not is_cut_off(a, cuts, listed, np.array(pair), 0, total)
        bounded += 1
    assert bounded > 20
    assert cut_off > 5


def test_no_packages_are_cut_off_that_the_limit_pays_for(seed: int) -> None:
    rng = random.Random(seed)
    allowed = cut_off = 0
    for _ in range(60):
        a = random_loads(rng)
        if a is None or len(a.lane_number) < 2:
            continue
        listed = np.arange(len(a.lane))
        begin, end = np.searchsorted(a.lane, [0, 1]), np.searchsorted(a.lane, [0, 1], side="right")
        failed = np.array([rng.randrange(first, last) for first, last in zip(begin, end, strict=True)])
        cuts = no_cuts(2)
        add_cut(a, cuts, priced_room(a, failed, np.arange(2), 2, LIMIT)[0], listed, begin, end)
        for pair in product(range(begin[0], end[0]), range(begin[1], end[1])):
            at, best = np.array(pair), least_cost(a, list(pair))
            if best is not None and best <= LIMIT:
                total = best + int(a.cost[at].sum())
                assert not is_cut_off(a, cuts, listed, at, 1, total)
                assert not is_cut_off(a, cuts, listed, at, 0, total)
                cut_off += is_cut_off(a, cuts, listed, at, 1, total // 2)
                allowed += 1
    assert allowed > 20
    assert cut_off > 5
