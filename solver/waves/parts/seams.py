"""Plans of parts put together: what one part left is offered to the orders of the others."""

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, WaveCase, WaveFinding
from solver.waves.engine.budget import Budget
from solver.waves.engine.cover import room_for
from solver.waves.engine.crew import Crew, crew_of
from solver.waves.engine.finding import Plans, finding_of, total_of
from solver.waves.engine.holding import empty_holding, put_down, take_up
from solver.waves.engine.pricing import plan_starts
from solver.waves.engine.promising import promising_entries
from solver.waves.engine.rounds import one_round
from solver.waves.engine.settle import settle
from solver.waves.engine.shortlist import Shortlist, ranked_by, shortlist

_ROUNDS = 6
_WARM, _COOL = 0.01, 0.001  # temperatures, of what an order costs on average: the plans are good already


class Seams:
    """The plans of all parts as those of one wave, at one moment of their mending.

    Hungry orders choose among all that they could have, the others among what promises much at the prices.
    """

    def __init__(self, case: WaveCase, plans: Plans, prices: Ints, crew: Crew, *, hungry: Ints) -> None:
        self._case, self._crew = case, crew
        self._rooms = [room_for(case) for _ in crew.chunks]
        self._mean = max(1.0, float(total_of(case, plans, np.zeros(case.resources, np.int64))) / max(1, case.orders))
        self._s = shortlist(case, self._worth_looking_at(plans, prices, hungry), prices)
        self._prices = np.concatenate([prices, np.zeros(len(self._s.capacity) - case.resources, np.int64)])
        self._h = empty_holding(self._s, plans.start)
        for o in range(case.orders):
            shares = plans.shares[plans.start[o] : plans.start[o + 1]]
            shares = np.searchsorted(self._s.number, shares[shares != NONE])
            take_up(self._s, self._h, o, shares, len(shares), int(plans.left[o]))
        self._best = self._now()

    @property
    def total(self) -> int:
        """What the best plans so far cost, minor units."""
        return self._best[0]

    @property
    def best(self) -> tuple[Plans, Ints]:
        """The best plans so far, and what they use."""
        return self._best[1], self._best[2]

    def plan(self, orders: Ints) -> None:
        """These orders, one after the other, have their best at the prices on what the others leave."""
        self._settle(self._s, orders, self._prices)

    def fill_up(self) -> None:
        """Orders that a part could not fill look at what the others left, whatever it is worth to them."""
        nothing = np.zeros(len(self._prices), np.int64)
        self._settle(ranked_by(self._s, nothing), np.flatnonzero(self._h.left > 0), nothing)

    def _settle(self, s: Shortlist, orders: Ints, prices: Ints) -> None:
        for o in orders.tolist():
            put_down(s, self._h, o)
            count, left = settle(s, self._h, self._rooms[0], o, prices)
            take_up(s, self._h, o, self._rooms[0].shares, count, left)
        self._keep_better()

    def search(self, moves_per_order: int, seed: int, budget: Budget) -> None:
        """Local search across all parts, with so many moves; stops between its rounds."""
        orders = np.arange(self._case.orders)
        moves = moves_per_order * self._case.orders // _ROUNDS
        cooling = (_COOL / _WARM) ** (1 / max(1, _ROUNDS * moves))
        for number in range(_ROUNDS if moves else 0):
            if budget.is_over():
                break
            one_round(
                self._s,
                self._h,
                self._rooms,
                self._prices,
                [orders],
                self._crew,
                (seed, 5, number),
                moves=moves,
                warmth=self._mean * _WARM * cooling ** (number * moves),
                cooling=cooling,
            )
            self._keep_better()

    def _keep_better(self) -> None:
        now = self._now()
        if now[0] < self._best[0]:
            self._best = now

    def _now(self) -> tuple[int, Plans, Ints]:
        h, resources = self._h, self._case.resources
        shares = np.where(h.shares == NONE, NONE, self._s.number[h.shares]) if len(self._s.number) else h.shares.copy()
        plans, used = Plans(h.plan_start, shares, h.left.copy()), h.used[:resources].copy()
        return total_of(self._case, plans, used), plans, used

    def _worth_looking_at(self, plans: Plans, prices: Ints, hungry: Ints) -> Ints:
        """What the plans have, what promises much at the prices, and all that hungry orders could have; ascending."""
        case = self._case
        starts = case.entry_start[case.row_start]
        every = [np.arange(starts[o], starts[o + 1]) for o in hungry.tolist()]
        held = plans.shares[plans.shares != NONE]
        return np.unique(np.concatenate([held, *every, promising_entries(case, self._crew, prices)]))


def laid_side_by_side(case: WaveCase, start: Ints, entries: Ints, left: Ints) -> Plans:
    """Shares one after the other as plans with room for as many as any plan can have."""
    plan_start = plan_starts(case)
    shares = np.full(int(plan_start[-1]), NONE, np.int64)
    width = np.diff(start)
    places = np.repeat(plan_start[:-1] - start[:-1], width) + np.arange(int(start[-1]))
    shares[places] = entries
    return Plans(plan_start, shares, left)


def quick_plan(case: WaveCase, prices: Ints, seed: int) -> WaveFinding:
    """Every order after the other at its best at these prices on what the others leave; proves nothing."""
    whole = np.diff(case.leave_start) - 1
    none = laid_side_by_side(case, np.zeros(case.orders + 1, np.int64), np.zeros(0, np.int64), whole)
    with crew_of(case.orders) as crew:
        seams = Seams(case, none, prices, crew, hungry=np.zeros(0, np.int64))
        seams.plan(np.random.default_rng([seed, 6]).permutation(case.orders))
        seams.fill_up()
        plans, _ = seams.best
        return finding_of(plans, seams.total, 0, prices, "")
