"""WaveCase -> WaveFinding by parts: split, decided by any executor, priced in common, put together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from solver.sourcing.case import Ints
from solver.units import ceil_div
from solver.waves.case import PRICES_PER_MINOR, WaveCase, WaveFinding
from solver.waves.engine.ascent import Priced
from solver.waves.engine.budget import Budget
from solver.waves.engine.crew import crew_of
from solver.waves.engine.finding import finding_of
from solver.waves.engine.search import search
from solver.waves.limits import Progress, Watch, WaveLimits
from solver.waves.parts.cut import Part, cut, joined_shares
from solver.waves.parts.hands import HERE, Hands
from solver.waves.parts.potential import Potential, potential_of
from solver.waves.parts.prices import Market, combined
from solver.waves.parts.seams import Seams, laid_side_by_side, quick_plan
from solver.waves.parts.sharing import Shared, shared
from solver.waves.parts.split import split
from solver.waves.parts.work import WaveEngine, solve_part
from solver.waves.plan import SplitCost

_TIME_FOR_FIRST_PRICES, _TIME_FOR_PARTS, _TIME_TO_ANSWER, _TIME_FOR_PRICES = 0.15, 0.7, 0.8, 0.9  # of all
_PASSES_PER_ROUND = 2  # of a part's own passes, for each round of common prices
WORTH_SENDING = 500_000  # entries: to price fewer takes less time than to send for it
_MOVES_PER_MOVE = 4  # of a part's own moves, for each across parts


def _ignored(_: SplitCost) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class InParts:
    """An engine of waves that decides parts of at most `most_orders` orders by `engine`, wherever `hands` have it done.

    The same wave, seed and work limits give the same plans with any executor and any number of workers, also when some
    of them die, unless time runs out. What the split cost is told to `tell_cost`. Common prices are found here where
    the wave has fewer entries than are `worth_sending`.
    """

    most_orders: int
    hands: Hands = HERE
    worth_sending: int = WORTH_SENDING
    engine: WaveEngine = search
    tell_cost: Callable[[SplitCost], None] = _ignored

    def __call__(self, case: WaveCase, limits: WaveLimits, watch: Watch) -> WaveFinding:
        """The best plans found, with the bound of the undivided wave."""
        potential = potential_of(case)
        groups = split(case, potential, self.most_orders)
        if len(groups) < 2:
            return self.engine(case, limits, watch)
        return _Work(self, case, [cut(case, orders) for orders in groups], limits, watch).done(potential)


class _Work:
    """One wave in parts."""

    def __init__(self, how: InParts, case: WaveCase, parts: Sequence[Part], limits: WaveLimits, watch: Watch) -> None:
        self._how, self._case, self._parts, self._limits = how, case, parts, limits
        self._budget = Budget(limits, watch)
        self._floors = int(case.order_floor.sum())

    def done(self, potential: Potential) -> WaveFinding:
        """Prices, a quick plan by them, shares by that, plans of the parts within their shares, put together."""
        nothing = np.zeros(self._case.resources, np.int64)
        first = self._priced([nothing], _TIME_FOR_FIRST_PRICES)
        quick = quick_plan(self._case, first.prices, self._limits.seed)
        wave = shared(self._case, self._parts, potential, quick)
        arguments = [partial(self._arguments, part) for part in wave.parts]
        found = self._how.hands.each(solve_part, arguments, lambda: self._budget.is_over(_TIME_TO_ANSWER))
        own = [np.zeros(len(part.resources), np.int64) if one is None else one.prices
               for part, one in zip(wave.parts, found, strict=True)]  # fmt: skip
        several = [first.prices, *combined(self._parts, own, wave.capacity, self._case.resources)]
        return self._joined(wave, found, self._priced(several, _TIME_FOR_PRICES))

    def _arguments(self, part: Part, turns: int) -> tuple[WaveEngine, WaveCase, WaveLimits, Watch]:
        """A part has the time of its turn; only work that is done here can be cancelled on the way."""
        limits, watch = self._limits, self._budget.watch
        if limits.time_limit_seconds is not None:
            left = _TIME_FOR_PARTS * limits.time_limit_seconds - self._budget.seconds
            limits = replace(limits, time_limit_seconds=max(0.0, left / turns))
        is_here = self._how.hands.executor is None
        watch = Watch(clock=watch.clock, is_cancelled=watch.is_cancelled) if is_here else Watch()
        return self._how.engine, part.case, limits, watch

    def _priced(self, several: Sequence[Ints], until: float) -> Priced:
        """The best common prices from these on; without time for many, the first."""
        hands = self._how.hands if len(self._case.entry_cost) >= self._how.worth_sending else HERE
        market = Market(self._case, self._parts, hands, lambda: self._budget.is_over(until))
        best = market.best(several, self._limits.passes // _PASSES_PER_ROUND)
        return best or Market(self._case, self._parts, HERE, lambda: False).at(several[:1])[0]

    def _joined(self, wave: Shared, found: Sequence[WaveFinding | None], priced: Priced) -> WaveFinding:
        case, limits = self._case, self._limits
        pairs = list(zip(wave.parts, found, strict=True))
        plans = laid_side_by_side(case, *joined_shares(case, pairs))
        nobody = np.zeros(0, np.int64)
        undecided = np.concatenate([nobody, *(part.orders for part, one in pairs if one is None)])
        hungry = np.setdiff1d(np.flatnonzero(plans.left > 0), undecided)
        with crew_of(case.orders) as crew:
            seams = Seams(case, plans, priced.prices, crew, hungry=hungry)
            seams.plan(undecided)
            apart = seams.total
            self._tell("plan", apart, priced.bound)
            seams.fill_up()
            if not wave.is_lossless or len(undecided):
                seams.search(limits.moves // _MOVES_PER_MOVE, limits.seed, self._budget)
            self._tell("search", seams.total, priced.bound)
        own_gap = sum(_gap_thousandths(part, one) for part, one in pairs) // PRICES_PER_MINOR
        bound = ceil_div(priced.bound, PRICES_PER_MINOR) - self._floors
        self._how.tell_cost(
            SplitCost(
                parts=len(pairs),
                largest_orders=max(len(part.orders) for part in self._parts),
                is_lossless=wave.is_lossless,
                most_minor=0 if wave.is_lossless else max(0, apart - bound - own_gap),
                recovered_minor=apart - seams.total,
                own_gap_minor=own_gap,
                undecided_orders=len(undecided),
            )
        )
        plans, _ = seams.best
        return finding_of(plans, seams.total, priced.bound, priced.prices, self._reason(seams.total, priced, found))

    def _tell(self, stage: str, total: int, bound: int) -> None:
        self._budget.watch.tell(Progress(stage=stage, total=total, bound=bound, seconds=self._budget.seconds))

    def _reason(self, total: int, priced: Priced, found: Sequence[WaveFinding | None]) -> str:
        if (total + self._floors) * PRICES_PER_MINOR <= priced.bound:
            return "optimal"
        of_parts = {one.reason for one in found if one is not None} & {"time_limit", "cancelled"}
        return self._budget.reason or min(of_parts, default="passes")


def _gap_thousandths(part: Part, found: WaveFinding | None) -> int:
    if found is None:
        return 0
    total = found.total + int(part.case.order_floor.sum())
    return max(0, total * PRICES_PER_MINOR - found.bound)
