"""Orders of large quantities: the best plan by searching what packages are opened as, not how many units they hold."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from solver.sourcing.case import Case, Ints, Shipment
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.sourcing.exact.load_prices import best_load_prices, least_excess
from solver.sourcing.exact.loading import GRAIN, Excess, least_covering, load, off_scale, on_scale
from solver.sourcing.exact.loads import GRAMS, MM3, Loads, loads_of, may_be_loaded
from solver.sourcing.exact.slices import FEW_NODES, next_slice

_MOST_PACKAGES = 8  # every set of them is looked at
_SCALE_BITS = 40  # of a cost on the scale of the prices
_WORTH_BITS = 44
_FIRST_STEP_SHIFT = 7  # the first limit is a 128th above the bound
_NEXT_STEP_SHIFT = 1
_BACK_SHIFT = 2  # the next limit is so much nearer to the bound where one gave more to search than there were nodes
_MANY_SHIFT = 1  # and no farther from it where one took half of them
_COARSE_SHIFT = 8  # prices are found again where a plan costs so much less than the one that they were scaled by
_EFFORT, _EFFORT_SHIFT = 10_000, 4  # nodes for stowing one set of loads, and how much more where they did not suffice


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loaded:
    """What the search found below a known cost, if anything, and what no plan undercuts."""

    total: int  # the known cost where nothing cheaper was found
    bound: int
    shipments: tuple[Shipment, ...]
    left: Ints  # [D]: units that do not ship


def best_loads(case: Case, c: Arrays, *, known: int, bound: int, nodes: int, until: float) -> Loaded | None:
    """The cheapest plan that costs less than `known`, which some plan costs; None where the case is not of this kind,
    or too wide for the time.

    No plan costs less than `bound`; `until` is a moment of `perf_counter`. `c` counts in units; its states may be too
    many to number.
    """
    if not may_be_loaded(case):
        return None
    loads = loads_of(case, c)
    search = None if loads is None else _Search.of(case, c, loads, known, until)
    if loads is None or search is None:
        return None
    rough, left = search.found(known, bound, nodes, until, enough=known >> _COARSE_SHIFT)
    if rough.bound == rough.total or rough.total > known >> _COARSE_SHIFT:
        return rough
    search = _Search.of(case, c, loads, rough.total, until)
    if search is None:
        return rough
    fine, _ = search.found(rough.total, rough.bound, left, until)
    return fine if fine.total < rough.total else replace(rough, bound=fine.bound)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """Loads with prices. Excess and worth are on the scale of the prices."""

    loads: Loads
    parts: Ints  # [D]: the heaviest first
    prices: Ints  # [D]
    excess: Ints  # [J]
    source_cost: Ints  # [S]
    unused: int  # what a package costs that is not opened
    most: int  # packages
    is_every: bool  # no plan has more
    least_unit: Ints  # [D]: what a unit costs at least, shipped or left
    base: int  # what the order's units cost at least
    leaving: int  # the least excess of a unit left, of those that loading knows
    locked: int  # and of those that it does not
    shift: int
    spared: int

    @classmethod
    def of(cls, case: Case, c: Arrays, loads: Loads, known: int, until: float) -> "_Search | None":
        """The search of a case; None where there is no time to find prices for it."""
        packages = min(loads.most_packages, int(case.demand.sum()))
        is_every = packages <= _MOST_PACKAGES
        shift = _SCALE_BITS - max(1, known).bit_length()

        def scaled(costs: Ints) -> Ints:
            most = np.minimum(costs, known + c.spared + 1)  # what costs more is in no plan that is looked for
            return np.left_shift(most, shift) if shift >= 0 else np.right_shift(most, -shift)

        line_units = _units_left(case)
        leave = np.full(len(loads.demand), float(known)) if case.complete else _leave(line_units, c)
        wanted = best_load_prices(loads, leave, float(packages if is_every else 1 << 30), until)
        if wanted is None:
            return None
        most_worth = (1 << _WORTH_BITS) // np.maximum(1, case.demand)
        prices = np.clip(np.floor(np.ldexp(np.maximum(wanted[:-1], 0), shift)), 0, most_worth).astype(np.int64)
        line_cost = scaled(c.line_cost)
        if not case.complete:
            prices = _affordable(prices, line_units, line_cost)
        least_unit = _least_unit(loads, known)
        unused = int(np.ldexp(max(0.0, -wanted[-1]), shift)) if is_every else 0
        cost, unit_cost = scaled(loads.cost), scaled(loads.unit_cost)
        left = line_cost - line_units @ prices
        is_known = (line_units * (loads.leave_cost < NEVER)).any(axis=1)
        asked = (case.line_quantity > 0) & (not case.complete)
        return cls(
            loads=loads,
            parts=np.lexsort((-loads.each[:, MM3], -loads.each[:, GRAMS])),
            prices=prices,
            excess=least_excess(loads, prices, cost, unit_cost) + unused,
            source_cost=scaled(loads.source_cost),
            unused=unused,
            most=min(packages, _MOST_PACKAGES),
            is_every=is_every,
            least_unit=least_unit,
            base=min(known, sum(int(each) * int(n) for each, n in zip(least_unit, loads.demand, strict=True))),
            leaving=int(left[asked & is_known].min(initial=NEVER)),
            locked=int(left[asked & ~is_known].min(initial=NEVER)),
            shift=shift,
            spared=c.spared,
        )

    @property
    def worth(self) -> int:
        """Of the order, less what its packages are worth."""
        return int(self.prices @ self.loads.demand) - self.unused * self.most

    def found(self, known: int, bound: int, nodes: int, until: float, enough: int = 0) -> tuple[Loaded, int]:
        """Ask for plans a little above the bound, and for dearer ones while there are none. And the nodes left.

        A few nodes are given first: how long they take tells how many more there is time for. It ends at a plan that
        costs no more than `enough`.
        """
        bound = min(known, max(bound, self._bound(0)))
        last = min(known, self._beyond()) - 1
        step, effort, slice_ = max(1, bound >> _FIRST_STEP_SHIFT), _EFFORT, FEW_NODES
        total, chosen, units = known, np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.int64)
        while bound <= last and nodes > 0 and slice_ > 0 and total > enough:
            limit, given, begun = min(last, bound + step), min(nodes, slice_), perf_counter()
            best, loads, stowed, cut, left = self._within(limit, effort, given)
            nodes -= given - max(0, left)
            if best != NEVER:
                total, chosen, units, last = best, loads, stowed, best - 1
            if left < 0:
                slice_, step = next_slice(given, begun, until), max(1, (limit - bound) >> _BACK_SHIFT)
            elif cut <= min(limit, last):
                bound, effort = max(bound, cut), effort << _EFFORT_SHIFT
            else:
                bound = min(limit, last) + 1
                step <<= _NEXT_STEP_SHIFT if given - left < given >> _MANY_SHIFT else 0
        return self._loaded(total, bound, chosen, units), nodes

    def _bound(self, more: int) -> int:
        """What a plan costs at least that has so much more excess."""
        least = min(self.unused, int(self.excess.min(initial=NEVER)))
        return max(0, off_scale(self.worth + self.most * least + more, self.shift) - self.spared)

    def _beyond(self) -> int:
        """What plans cost at least that this search does not look at."""
        beyond = NEVER if self.locked == NEVER else self._bound(self.locked)
        if not self.is_every:
            further = max(0, int(self.excess.min(initial=NEVER)))
            beyond = min(beyond, self._bound((self.most + 1) * further))
        return beyond

    def _within(self, limit: int, effort: int, nodes: int) -> tuple[int, Ints, Ints, int, int]:
        """As `loading.load`."""
        room = on_scale(limit + self.spared, self.shift) - self.worth
        others = (self.most - 1) * min(self.unused, int(self.excess.min(initial=NEVER)))
        kept = np.flatnonzero((self.excess + others <= room) & (self.loads.cost <= limit + self.spared))
        kept, lanes, first = self._by_lane(kept)
        step_grams = max(1, -(-int(self.loads.demand @ self.loads.each[:, GRAMS]) // GRAIN))
        grams = self.loads.caps[kept, GRAMS]
        least, cheapest = _undercut_by_none(self.excess[kept], grams), _undercut_by_none(self.loads.cost[kept], grams)
        e = Excess(
            loads=kept,
            excess=self.excess[kept],
            lanes=lanes,
            first=first,
            least=np.minimum.reduceat(self.excess[kept], first[:-1]) if len(kept) else kept,
            cost=np.minimum.reduceat(self.loads.cost[kept], first[:-1]) if len(kept) else kept,
            grams=np.maximum.reduceat(grams, first[:-1]) if len(kept) else kept,
            stock=self.loads.stock.max(axis=0, initial=0),
            source_cost=self.source_cost,
            covering=least_covering(self.excess[kept][least], grams[least], self.most, self.unused, step_grams),
            covering_cost=least_covering(self.loads.cost[kept][cheapest], grams[cheapest], self.most, 0, step_grams),
            base=self.base,
            step_grams=step_grams,
            worth=self.worth,
            shift=self.shift,
        )
        return load(self.loads, e, self.parts, self._most_left(limit), self.spared, limit, effort, nodes)

    def _by_lane(self, kept: Ints) -> tuple[Ints, Ints, Ints]:
        """The loads lane by lane, the lane of the least excess first; the lanes; where the loads of each begin."""
        lane = self.loads.lane[kept]
        least = np.full(len(self.loads.lane_number), NEVER)
        np.minimum.at(least, lane, self.excess[kept])
        order = np.lexsort((kept, lane, least[lane]))
        begins = np.flatnonzero(np.diff(lane[order], prepend=-1))
        return kept[order], lane[order][begins], np.append(begins, len(kept))

    def _most_left(self, limit: int) -> Ints:
        """How many units of each part a plan within the limit leaves at most, [D]."""
        loads = self.loads
        if self.leaving == NEVER or self._bound(self.leaving) > limit:
            return np.zeros_like(loads.demand)
        spare = max(0, limit + self.spared - self.base)
        can = loads.leave_cost < NEVER
        more = np.where(can, loads.leave_cost - self.least_unit, 1)
        units: Ints = np.where(more > 0, np.minimum(loads.demand, spare // np.maximum(1, more)), loads.demand)
        return units * can

    def _loaded(self, total: int, bound: int, chosen: Ints, units: Ints) -> Loaded:
        lanes = self.loads.lane_number[self.loads.lane[chosen]].tolist()
        shipments = (Shipment(lane=lane, units=held) for lane, held in zip(lanes, units, strict=False) if held.any())
        left = units[len(chosen) :].sum(axis=0) if len(units) else np.zeros_like(self.loads.demand)
        return Loaded(total=total, bound=min(bound, total), shipments=tuple(shipments), left=left)


def _undercut_by_none(cost: Ints, grams: Ints) -> Ints:
    """The loads than which none that carries as much costs as little."""
    order = np.lexsort((cost, -grams))
    before = np.append(NEVER, np.minimum.accumulate(cost[order])[:-1])
    kept: Ints = order[cost[order] < before] if len(order) else order
    return kept


def _least_unit(loads: Loads, known: int) -> Ints:
    """What a unit of each part costs at least, wherever it comes from, or if it is left."""
    cost = np.where(loads.can, loads.unit_cost, NEVER).min(axis=0, initial=NEVER)
    least: Ints = np.minimum(np.minimum(cost, loads.leave_cost), known)
    return least


def _units_left(case: Case) -> Ints:
    """What leaving takes away, a row for each line: a unit of it, or the whole line where that is all there is."""
    units: Ints = case.line_units * np.where(case.complete_lines, case.line_quantity, 1)[:, None]
    return units


def _leave(line_units: Ints, c: Arrays) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What leaving a unit of each part alone may cost, by its dearest line."""
    of_line = np.where(line_units > 0, c.line_cost[:, None] / np.maximum(1, line_units), 0.0)
    cost: np.ndarray[tuple[int], np.dtype[np.float64]] = of_line.max(axis=0, initial=0.0)
    return cost


def _affordable(prices: Ints, line_units: Ints, line_cost: Ints) -> Ints:
    """The prices, where need be lower, so that no leaving of a line costs less than what is left is worth."""
    for units, cost in zip(line_units, line_cost, strict=True):
        worth = sum(int(price) * int(count) for price, count in zip(prices, units, strict=True))
        if worth > cost:
            lower = np.array([int(price) * int(cost) // worth for price in prices], dtype=np.int64)
            prices = np.where(units > 0, lower, prices)
    return prices
