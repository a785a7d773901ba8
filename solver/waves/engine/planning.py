"""Plans for a wave around its prices, better and better."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from solver.sourcing.case import Ints
from solver.waves.case import NONE, PRICES_PER_MINOR, WaveCase
from solver.waves.engine.budget import Budget
from solver.waves.engine.columns import Columns, columns_for, first_columns, joined, list_columns
from solver.waves.engine.cover import room_for
from solver.waves.engine.crew import Crew
from solver.waves.engine.finding import Plans, total_of
from solver.waves.engine.freed import give_back
from solver.waves.engine.holding import Holding, copy_of, emptied, empty_holding, put_down, take_up, take_up_all
from solver.waves.engine.linked import linked_blocks
from solver.waves.engine.master import held_columns, improve
from solver.waves.engine.pricing import plan_starts
from solver.waves.engine.promising import promising_entries
from solver.waves.engine.rounds import BLOCKS, blocks_of, one_round
from solver.waves.engine.settle import settle
from solver.waves.engine.shortlist import Shortlist, extended, opened_sources, shortlist
from solver.waves.limits import WaveLimits

_ROUNDS = 40
_MOST_MOVES = 20  # of an order on average, in one round
_WORTH_PARTING = 3000  # orders; fewer are searched twice by chance instead of in blocks
_WARM, _COOL = 0.05, 0.001  # temperatures, of what an order costs on average
_REMEMBERED, _EVERY = 24, 3  # of the last rounds, every third: their plans become columns
_MOST_OF_FEW, _MOST_OF_MANY = 100, 40  # columns of an order, before those of all orders are compared
_REGRET, _REGRET_OF_FEW = 0.2, 20.0  # up to which plans become columns, of what an order costs on average
_ORDERS_PER_MASTER = 2500
_TIME_FOR_TURN = 0.5  # of what is left, while other blocks wait
_PROGRAMS_END_AT = 0.97  # of all: a program ends a little after it was told, and plans are put into words after that
_NODES = 100
_FILLED_AT_ONCE = 200  # orders whose entries are all looked at: very many would take much memory
_SWEEPS = (0.35, 0.35, 0.5, 0.5, 0.75, 0.75, 1, 1, 1, 1)  # over all blocks: the plans seen, times the limit's columns
_SWEEPS_OF_FEW = (0.35, 0.5, 1, 2, 2, 2)
_FIRST_SWEEPS = 3  # that do without some search in between
_WORTH_ANOTHER = 2e-5  # of the total: a sweep that saves less is the last
_VARIED, _VARIATIONS, _MOVES_TO_VARY = 0.002, 3, 10  # between sweeps: warmth, rounds, moves for each order


def are_few(case: WaveCase) -> bool:
    """Whether the orders are searched as a whole, and put together anew all at once or nearly so."""
    return case.orders < _WORTH_PARTING


class Planning:
    """The plans of a wave at one moment, and the best so far."""

    def __init__(self, case: WaveCase, prices: Ints, bound: int, limits: WaveLimits, crew: Crew) -> None:
        """`bound`: of the orders within the structure at these prices, thousandths."""
        self._case, self._limits, self._crew, self._bound = case, limits, crew, bound
        self._mean = max(1.0, bound / PRICES_PER_MINOR / max(1, case.orders))
        self._rooms = [room_for(case) for _ in range(max(BLOCKS, len(crew.chunks)))]
        self._start = plan_starts(case)
        self._give_back()
        self._s = shortlist(case, promising_entries(case, crew, prices), prices)
        self._prices = extended(prices, opened_sources(case), 0)
        self._h = empty_holding(self._s, self._start)
        self._seen: list[Columns] = []
        self.has_left_out_rounds = False
        self._best: tuple[int, Plans, Ints] | None = None

    def by_prices(self) -> None:
        """Every order after the other at its best, what the others may want counted by its price."""
        rng = np.random.default_rng([self._limits.seed, 1])
        for o in rng.permutation(self._case.orders).tolist():
            count, left = settle(self._s, self._h, self._rooms[0], o, self._prices)
            take_up(self._s, self._h, o, self._rooms[0].shares, count, left)

    def rounds(self, spent: Callable[[], float]) -> Iterator[None]:
        """Local search; `spent` is the part of its time that is gone. Where time is short it leaves out rounds."""
        rng = np.random.default_rng([self._limits.seed, 2])
        slices = max(1, -(-self._limits.moves // (_ROUNDS * _MOST_MOVES)))  # so that time is looked at often enough
        rounds = _ROUNDS * slices
        moves = self._limits.moves / rounds
        cooling = (_COOL / _WARM) ** (1 / rounds)
        several = [self._h, copy_of(self._h)] if are_few(self._case) else [self._h]
        number = 0 if moves else rounds
        while number < rounds and (gone := spent()) < 1:
            self.has_left_out_rounds |= int(gone * rounds) > number
            number = max(number, int(gone * rounds))
            warmth, seed = self._mean * _WARM * cooling**number, (self._limits.seed, 3, number)
            if are_few(self._case):
                self._side_by_side(several, seed, warmth, cooling, moves)
            else:
                self._round(rng, seed, warmth, cooling, moves)
            for self._h in several:
                self.keep_best()
                if self._limits.columns and number >= rounds - _REMEMBERED * slices and number % (_EVERY * slices) == 0:
                    self._seen.append(held_columns(self._h, np.arange(self._case.orders)))
            number += 1
            yield

    def _side_by_side(
        self, several: list[Holding], seed: tuple[int, ...], warmth: float, cooling: float, moves: float
    ) -> None:
        """Search from several plans, each with so many moves for each order."""
        each = max(1, int(moves * self._case.orders))
        everyone = [np.arange(self._case.orders)]

        def search(number: int) -> None:
            one_round(
                self._s,
                several[number],
                self._rooms[number:],
                self._prices,
                everyone,
                self._crew,
                (*seed, number),
                moves=each,
                warmth=warmth,
                cooling=cooling ** (1 / each),
            )

        self._crew.all_of([partial(search, number) for number in range(len(several))])

    def _round(
        self, rng: np.random.Generator, seed: tuple[int, ...], warmth: float, cooling: float, moves: float
    ) -> None:
        """So many moves for each order; the warmth falls by `cooling` over them."""
        alone = are_few(self._case) or bool((self._s.fixed_cost > 0).any())
        blocks = blocks_of(self._case.orders, rng, alone=alone)
        each = max(1, int(moves * self._case.orders) // len(blocks))
        one_round(
            self._s,
            self._h,
            self._rooms,
            self._prices,
            blocks,
            self._crew,
            seed,
            moves=each,
            warmth=warmth,
            cooling=cooling ** (1 / each),
        )

    def masters(self, budget: Budget) -> Iterator[None]:
        """The best plans out of columns: of all orders at once, or of linked ones block by block."""
        self._take_best()
        for sweep, times in enumerate(_SWEEPS_OF_FEW if are_few(self._case) else _SWEEPS):
            if budget.is_over(_PROGRAMS_END_AT):
                return
            if sweep >= _FIRST_SWEEPS:
                self._vary(sweep)
            self._seen = [joined(self._seen)] if self._seen else []
            self._give_back()
            columns, gain = joined([self._listed(times), *self._seen]), 0
            blocks = linked_blocks(self._s, self._prices, _ORDERS_PER_MASTER, (self._limits.seed, 4, sweep))
            turns = len(blocks) if (self._s.fixed_cost > 0).any() else -(-len(blocks) // BLOCKS)
            for turn in range(turns):
                if budget.is_over(_PROGRAMS_END_AT):
                    return
                part = 1.0 if turn == turns - 1 else _TIME_FOR_TURN
                left = budget.left_until(_PROGRAMS_END_AT)
                seconds = None if left is None else part * left
                some = blocks[turn::turns]
                gain -= improve(self._s, self._h, columns, some, self._crew, seconds=seconds, nodes=_NODES)
                self._give_back()
                yield
            if sweep >= _FIRST_SWEEPS and gain < _WORTH_ANOTHER * self.keep_best():
                return

    def _vary(self, sweep: int) -> None:
        """Some search around the best plans, for columns that are new; the best plans stay."""
        kept = self._h
        self._h = copy_of(kept)
        rng = np.random.default_rng([self._limits.seed, 5, sweep])
        for number in range(_VARIATIONS):
            self._round(rng, (self._limits.seed, 6, sweep, number), self._mean * _VARIED, 1.0, _MOVES_TO_VARY)
            self._seen.append(held_columns(self._h, np.arange(self._case.orders)))
        if self.keep_best() < self._total_of(kept):
            self._take_best()
        else:
            self._h = kept

    def _give_back(self) -> None:
        if not are_few(self._case):
            give_back()

    def keep_best(self) -> int:
        """The cost of the best plans so far, those of now included."""
        return self._keep(self._s, self._h)

    def _keep(self, s: Shortlist, h: Holding) -> int:
        plans, used = self._plans_of(s, h), h.used[: self._case.resources]
        total = total_of(self._case, plans, used)
        if self._best is None or total < self._best[0]:
            self._best = total, plans, used.copy()
        return self._best[0]

    def _total_of(self, h: Holding) -> int:
        return total_of(self._case, self._plans_of(self._s, h), h.used[: self._case.resources])

    def _plans_of(self, s: Shortlist, h: Holding) -> Plans:
        shares = np.where(h.shares == NONE, NONE, s.number[h.shares])
        return Plans(self._start, shares, h.left.copy())

    def best(self) -> tuple[Plans, Ints]:
        """The best plans, and what they use."""
        assert self._best is not None
        return self._best[1], self._best[2]

    def fill_up(self) -> None:
        """Look again at what is left unfilled, with everything that could ship it."""
        self._take_best()
        short = np.flatnonzero(self._h.left > 0)
        if not len(short):
            return
        for at in range(0, len(short), _FILLED_AT_ONCE):
            self._fill(short[at : at + _FILLED_AT_ONCE])
        plans, _ = self.best()
        missing = np.setdiff1d(plans.shares[plans.shares != NONE], self._s.number)
        if len(missing):
            entries = np.sort(np.concatenate([self._s.number, missing]))
            del self._s, self._h  # two lists at once would be the most memory of all
            self._give_back()
            self._s = shortlist(self._case, entries, self._prices[: self._case.resources])
        self._h = self._held(self._s, empty_holding(self._s, self._start))

    def _fill(self, orders: Ints) -> None:
        """Settle these orders anew with all their entries."""
        plans, _ = self.best()
        held = plans.shares[plans.shares != NONE]
        rows, starts = self._case.row_start, self._case.entry_start
        every = [np.arange(starts[rows[o]], starts[rows[o + 1]]) for o in orders.tolist()]
        nothing = np.zeros(len(self._s.capacity), np.int64)
        s = shortlist(self._case, np.unique(np.concatenate([held, *every])))
        h = self._held(s, empty_holding(s, self._start))
        for o in orders.tolist():
            put_down(s, h, o)
            count, left = settle(s, h, self._rooms[0], o, nothing)
            take_up(s, h, o, self._rooms[0].shares, count, left)
        self._keep(s, h)

    def _take_best(self) -> None:
        """Go back to the best plans."""
        self.keep_best()
        self._h = self._held(self._s, emptied(self._s, self._h))

    def _held(self, s: Shortlist, h: Holding) -> Holding:
        """The best plans in terms of a list that has all their entries; `h` holds nothing before."""
        plans, _ = self.best()
        there = plans.shares != NONE
        shares = np.full(len(there), NONE, np.int64)
        shares[there] = np.searchsorted(s.number, plans.shares[there])
        take_up_all(s, h, shares, plans.left)
        return h

    def _listed(self, times: float) -> Columns:
        """The plans of the least regret, so many times the limit's columns of each order on average."""
        widest = int(np.diff(self._start).max(initial=1))
        gap = max(
            0, self.keep_best() * PRICES_PER_MINOR - self._bound
        )  # no plan of a greater regret is in a better wave
        within = min(gap, int(self._mean * max(_REGRET, _REGRET_OF_FEW / self._case.orders) * PRICES_PER_MINOR))

        most_of_order = _MOST_OF_FEW if are_few(self._case) else _MOST_OF_MANY

        def collect(chunk: int, begin: int, end: int) -> Columns:
            room = columns_for(end - begin, widest, most_of_order)
            count = list_columns(self._s, self._rooms[chunk], begin, end, self._prices, within, most_of_order, room)
            most = int(times * self._limits.columns * (end - begin))
            return first_columns(room, np.sort(np.argsort(room.regret[:count], kind="stable")[:most]))

        return Columns(*(np.concatenate(values) for values in zip(*self._crew.each(collect), strict=True)))
