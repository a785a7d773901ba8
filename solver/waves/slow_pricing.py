"""The least that one order costs at given prices: a plain dynamic program over the order's Case, for the judge alone.

It shares nothing with the engines but the Case: contents are states in mixed radix (`slow_contents`), a source's
packages are put together offer by offer, the order source by source. Slow, and exact but for limits of a service on the
order's own packages, limits of a source over several offers, and lines that leave from one source but share parts with
others: those it leaves out, and what it finds may then lie below the order's least, never above.

Letters in shapes: M states, C = what is counted (packages, sources), N offers, L lanes, S sources, D parts.
"""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints
from solver.waves.slow_contents import Contents, contents_of
from solver.waves.slow_tariffs import FAR, weight_costs

ONE_LEVEL = (1,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What the order pays for what it takes, beside its costs; may be negative. In thousandths of a cost unit."""

    unit: Ints  # [N, D], a unit from an offer
    order: Ints  # [S], being served by a source
    unit_of_source: Ints  # [S]
    minute: Ints  # [S]
    minutes: Ints  # [S], of the order at the source, -1: by its packages and units
    package: Ints  # [L]
    left_unit: int  # of a line, that is not shipped
    level_weights: tuple[int, ...] = ONE_LEVEL  # of what each level counts in the one cost that all of them make


def least_thousandths(case: Case, prices: Prices) -> int | None:
    """The least cost of shipping and leaving the order, in thousandths; None where it has too many contents.

    None too where the case has other levels than the prices are for.
    """
    contents = _contents(case, prices)
    return None if contents is None else PricedOrder(case, prices, contents).least()


def leaves_out(case: Case) -> bool:
    """Whether a limit may bind that `least_thousandths` does not see, so that it may find too little."""
    units = int(case.demand.sum())
    wants = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
    shared = wants & (wants.sum(axis=0) > 1)
    of_services = bool((case.service_most_packages[case.lane_service] < min(units, case.most_packages)).any())
    return of_services or bool((case.source_most_minutes < NO_LIMIT).any()) or bool(shared[case.together].any())


def whole_thousandths(case: Case, prices: Prices) -> tuple[int, Ints] | None:
    """What leaving all of the order costs, and shipping all of it from each source, [S], in thousandths; FAR: never.

    None where the order may ship in part or from several sources, or has too many contents.
    """
    contents = _contents(case, prices)
    if contents is None:
        return None
    wanted = case.line_quantity > 0
    is_one_line = np.count_nonzero(wanted) == 1 and case.together[wanted].all()
    if not (is_one_line or min(int(case.demand.sum()), case.most_sources, case.most_packages) <= 1):
        return None
    return PricedOrder(case, prices, contents).whole()


def _contents(case: Case, prices: Prices) -> Contents | None:
    """What is looked at; what were paid for being used might be used for nothing."""
    if case.levels != len(prices.level_weights):
        return None
    pays_nobody = all(bool((one >= 0).all()) for one in (prices.package, prices.minute, prices.order))
    return contents_of(case, may_be_one_lot=pays_nobody)


class PricedOrder:
    """One order at prices, over the contents that are looked at."""

    def __init__(self, case: Case, prices: Prices, contents: Contents) -> None:
        self._case = case
        self._prices = prices
        self._weights = np.array(prices.level_weights, dtype=np.int64)
        self._digits, self._ones, self._twos = contents.digits, contents.ones, contents.twos
        self._stride, self._is_one_lot = contents.stride, contents.is_one_lot
        self._units = self._digits.sum(axis=1)
        most = int(case.demand.sum())
        self._counts = case.most_packages < most, case.most_sources < most  # whether packages and sources are counted

    def least(self) -> int:
        """The least of shipping and leaving."""
        case = self._case
        whole = self._nothing()
        for source in range(case.source_cost.shape[1]):
            mine = self._of_source(source)
            if (mine < FAR).any():
                whole = np.minimum(whole, self._joined(whole, mine, self._may_meet()))
        shipped = whole.min(axis=(0, 1))
        shipped[1:] -= self._first()
        leave = self._leaving()
        total = shipped + leave[::-1]
        return int(total.min())

    def whole(self) -> tuple[int, Ints] | None:
        """What leaving all and shipping all from each source costs; None where part of it may stay."""
        leave = self._leaving()
        if (leave[1:-1] < FAR).any():
            return None
        costs = np.array([self._of_source(one)[..., -1].min() for one in range(self._case.source_cost.shape[1])])
        return int(leave[-1]), np.where(costs < FAR, costs - self._first(), FAR)

    def _joined_levels(self, costs: Ints) -> Ints:
        """One cost of those whose first axis is the level."""
        joined: Ints = np.tensordot(self._weights, costs, axes=1)
        return joined

    def _first(self) -> int:
        """What the first package and the first source do not cost, though they are counted as further ones."""
        case = self._case
        return 1000 * int(self._joined_levels(case.further_package_cost + case.further_source_cost))

    def _nothing(self) -> Ints:
        shape = (
            _numbers(self._counts[0], self._case.most_packages),
            _numbers(self._counts[1], self._case.most_sources),
        )
        whole = np.full((*shape, len(self._digits)), FAR, dtype=np.int64)
        whole[0, 0, 0] = 0
        return whole

    def _may_meet(self) -> Flags:
        """Which splits part no line that leaves from one source between the two; lines that share parts are let off."""
        case = self._case
        may = np.ones(len(self._ones), dtype=np.bool_)
        wants = (case.line_units > 0) & (case.line_quantity > 0)[:, None]
        for line in np.flatnonzero(case.together & (case.line_quantity > 0)):
            if (wants[line] & (wants.sum(axis=0) > 1)).any():
                continue
            has: Flags = np.any(self._digits[:, case.line_units[line] > 0] > 0, axis=1)
            may &= ~(has[self._ones] & has[self._twos])
        return may

    def _joined(self, one: Ints, two: Ints, may: Flags) -> Ints:
        """Both together, by what is counted and state."""
        ones, twos = self._ones[may], self._twos[may]
        both = np.full_like(one, FAR)
        for p, s in np.ndindex(one.shape[:2]):
            for q, t in np.ndindex(two.shape[:2]):
                if p + q < one.shape[0] and s + t < one.shape[1] and (two[q, t] < FAR).any():
                    np.minimum.at(both[p + q, s + t], ones + twos, np.minimum(FAR, one[p, s][ones] + two[q, t][twos]))
        return both

    def _of_source(self, source: int) -> Ints:
        """What a source can ship, and at what cost, all its offers together."""
        case, prices = self._case, self._prices
        every = np.ones(len(self._ones), dtype=np.bool_)
        mine = self._nothing()
        for offer in np.flatnonzero(case.offer_source == source).tolist():
            mine = np.minimum(mine, self._joined(mine, self._of_offer(offer), every))
        mine[0, 0, 0] = FAR
        own = self._joined_levels(case.source_cost[:, source] + case.further_source_cost)
        mine = np.where(mine < FAR, mine + 1000 * own + prices.order[source], FAR)
        mine += np.where(mine < FAR, self._units * prices.unit_of_source[source], 0)
        if prices.minutes[source] >= 0:
            mine = np.where(mine < FAR, mine + prices.minutes[source] * prices.minute[source], FAR)
        mine[..., self._units > case.source_most_units[source]] = FAR
        if self._counts[1]:  # one source, whatever it packs
            mine = np.concatenate([np.full_like(mine[:, :1], FAR), mine[:, :-1]], axis=1)
        return mine

    def _of_offer(self, offer: int) -> Ints:
        """What an offer can ship in any number of packages, with its stairs and the prices of its units."""
        case = self._case
        within = (self._digits <= case.stock[offer]).all(axis=1)
        single = self._package(offer)
        single[~within] = FAR
        several = self._nothing()
        one = self._nothing()
        one[...] = FAR
        one[min(1, one.shape[0] - 1), 0] = single
        every = np.ones(len(self._ones), dtype=np.bool_)
        while True:
            more = np.minimum(several, self._joined(several, one, every))
            more[..., ~within] = FAR
            if (more == several).all():
                break
            several = more
        beyond = np.zeros(len(self._digits), dtype=np.int64)
        for stair in np.flatnonzero(case.stair_offer == offer):
            units = self._digits[:, case.stair_part[stair]]
            each = self._joined_levels(case.stair_cost[:, stair])
            beyond += np.maximum(0, units - case.stair_after_units[stair]) * each
        taken = 1000 * beyond + self._digits @ self._prices.unit[offer]
        return np.where(several < FAR, several + taken, FAR)

    def _package(self, offer: int) -> Ints:
        """The least cost of one package of every state, on any lane of the offer, with what packages pay."""
        case, prices = self._case, self._prices
        source = int(case.offer_source[offer])
        best = np.full(len(self._digits), FAR, dtype=np.int64)
        grams, mm3 = self._digits @ case.unit_grams, self._digits @ case.unit_mm3
        parts = (self._digits > 0).astype(np.int64)
        barred = ((parts @ case.apart.astype(np.int64)) * parts).any(axis=1)
        minutes = np.zeros(len(best), dtype=np.int64)
        if prices.minutes[source] < 0:
            minutes = case.source_package_minutes[source] + self._units * case.source_unit_minutes[source]
        too_long = (
            case.source_package_minutes[source] + self._units * case.source_unit_minutes[source]
            > case.source_most_minutes[source]
        )
        for lane in np.flatnonzero(case.lane_offer == offer).tolist():
            if case.service_most_packages[case.lane_service[lane]] <= 0:
                continue
            weight = weight_costs(case.tariffs[int(case.lane_tariff[lane])], grams, mm3, self._weights)
            can = ~barred & ~too_long & (parts @ (~case.carries[lane]).astype(np.int64) == 0) & (weight < FAR)
            can &= (grams <= case.package_most_grams[lane]) & (mm3 <= case.package_most_mm3[lane])
            can &= self._units <= case.package_most_units[lane]
            own = self._joined_levels(case.package_cost[:, lane] + case.further_package_cost)
            cost = own + np.minimum(weight, FAR // 2000)
            cost = cost + parts.sum(axis=1) * self._joined_levels(case.kind_cost[:, lane])
            cost = cost + self._digits @ self._joined_levels(case.unit_cost[:, lane])
            paid = 1000 * cost + prices.package[lane] + minutes * prices.minute[source]
            best = np.minimum(best, np.where(can, paid, FAR))
        best[0] = FAR
        return best

    def _leaving(self) -> Ints:
        """The least cost of leaving every content, FAR where that cannot be."""
        case = self._case
        leave = np.full(len(self._digits), FAR, dtype=np.int64)
        leave[0] = 0
        each = 1000 * self._joined_levels(case.unfilled_cost) + self._prices.left_unit
        if self._is_one_lot:
            leave[-1] = case.line_quantity @ each
            return leave
        for line, quantity in enumerate(case.line_quantity.tolist()):
            step = int(case.line_units[line] @ self._stride)
            before = leave.copy()
            for times in [quantity] if case.complete_lines[line] else range(1, quantity + 1):
                if times and step:
                    rest = before[: len(leave) - times * step]
                    least = np.minimum(FAR, rest + times * int(each[line]))
                    leave[times * step :] = np.minimum(leave[times * step :], least)
        if case.complete:
            leave[1:-1] = FAR
        return leave


def _numbers(counted: bool, most: int) -> int:  # noqa: FBT001 - reads as a sentence
    """How many numbers there are to count up to, 0 included; 1 where nothing is counted."""
    return min(most, NO_LIMIT) + 1 if counted else 1
