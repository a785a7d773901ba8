"""Which lanes another one makes superfluous: whatever is shipped from where, their packages can travel by it instead.

Lane j makes lane i superfluous when no plan gets worse at any level, and none breaks a rule that it kept, by sending
every package of i by j. That holds when
- j may hold every part that i can hold, in packages as heavy, as large and of as many units,
- j's billable weight is never higher, and its prices never fall with weight,
- j's package costs no more at any level, at every break of both tariffs; nor do its kinds and its units,
- both ship from one offer; or j's offer alone has the whole order's demand of every part that i can hold, no stair of
  it rises on them, and its source has room for the whole order,
- both use one service, or j's takes all packages that the order may have.
Where j ships from another source, one of these must hold besides:
- every lane of i's source that is left goes this way at once, and j's source costs no more: then one source takes the
  place of the other, and lines that ship together still do,
- what the source of j and a further source cost is made up for by a single package; no line that i could carry a part
  of ships together; and the limit on sources cannot bind.
Lanes are dropped one winner after the other: those that are the cheapest for the whole order first, of equal ones the
first. "More stock" and "nearer" are not safe: with a quantity of two or more, both of two sources may be needed.
"""

from collections.abc import Iterable

import numpy as np

from solver.network.volumetric import Volumetric
from solver.sourcing.case import Case, Flags, Ints
from solver.sourcing.prices import NOT_CARRIED, never_falls, tariff_prices


def undominated(case: Case, lanes: Ints, reach: Ints) -> list[int]:
    """The positions of the lanes [U] that are not superfluous, ascending; `reach` is what each can carry, [U, D]."""
    comparison = _Comparison(case, lanes, reach)
    remaining = np.ones(len(lanes), dtype=bool)
    for winner in comparison.sequence():
        if remaining[winner]:
            superfluous = comparison.superfluous_beside(winner, remaining)
            superfluous[winner] = False
            remaining &= ~superfluous
    return [int(position) for position in np.flatnonzero(remaining)]


class _Comparison:
    """Arrays over all usable lanes (letter U in shapes), so that one is compared with all others at once."""

    def __init__(self, case: Case, lanes: Ints, reach: Ints) -> None:
        self._case = case
        self._offer = case.lane_offer[lanes]
        self._source = case.offer_source[self._offer]
        self._service = case.lane_service[lanes]
        self._has = reach > 0  # [U, D]
        self._has_all = reach >= case.demand
        self._package = case.package_cost[:, lanes]  # [P, U]
        self._kind = case.kind_cost[:, lanes]
        self._unit = case.unit_cost[:, lanes]  # [P, U, D]
        self._source_cost = case.source_cost[:, self._source]
        self._contents = _contents(case, lanes, reach)  # [U, 3]
        self._room = _room(case, lanes)
        numbers, self._tariff_of = np.unique(case.lane_tariff[lanes], return_inverse=True)
        tariffs = numbers.tolist()
        rules = [case.tariffs[number].volumetric for number in tariffs]
        self._lighter = np.array([[one.is_never_above(other) for other in rules] for one in rules])  # [T, T]
        most_grams = max(int(self._contents[:, 0].max()), _most_volumetric(self._contents[:, 1], rules))
        self._prices = tariff_prices(case, tariffs, most_grams)  # [P, T, breaks]
        self._roomy_source, self._roomy_service = self._roomy()
        self._steep = _steep(case)[self._offer]  # [U, D]
        self._together = (self._has & (case.line_units[case.together] > 0).any(axis=0)).any(axis=1)
        packages = min(case.most_packages, int(case.demand.sum()))
        self._sources_are_free = case.most_sources >= min(packages, len(np.unique(self._source)))

    def sequence(self) -> list[int]:
        """Winners in turn, the cheapest for the heaviest package first, level by level; of equal ones the first."""
        if self._prices is None:
            return []
        cost = self._prices[:, self._tariff_of, -1] + self._package + self._source_cost
        return [int(position) for position in np.lexsort(cost[::-1])]

    def superfluous_beside(self, winner: int, remaining: Flags) -> Flags:
        """For each lane: does `winner` make it superfluous, as long as only the `remaining` ones are used?"""
        excess = self._excess(winner)
        by_itself = self._may_take_over(winner) & (excess <= 0).all(axis=0)
        same_source = self._source == self._source[winner]
        blocked = np.unique(self._source[remaining & ~by_itself])
        dearer = (self._source_cost[:, [winner]] > self._source_cost).any(axis=0)
        replaced = ~np.isin(self._source, blocked) & ~dearer
        opening = self._source_cost[:, winner] + self._case.further_source_cost
        alone = (excess + opening[:, None] <= 0).all(axis=0) & ~self._together & self._sources_are_free
        superfluous: Flags = by_itself & (same_source | replaced | alone)
        return superfluous

    def _may_take_over(self, winner: int) -> Flags:
        """Where no rule but those on sources stands in the way, and neither units nor kinds get dearer."""
        covers = (~self._has | (self._has_all[winner] & ~self._steep[winner])).all(axis=1)
        same_source = self._source == self._source[winner]
        from_there = (self._offer == self._offer[winner]) | (covers & (same_source | self._roomy_source[winner]))
        holds = (~self._has | self._has[winner]).all(axis=1) & (self._room[winner] >= self._contents).all(axis=1)
        by_service = (self._service == self._service[winner]) | self._roomy_service[winner]
        units = (~self._has | (self._unit[:, [winner]] <= self._unit)).all(axis=(0, 2))
        kinds = (self._kind[:, [winner]] <= self._kind).all(axis=0)
        lighter = self._lighter[self._tariff_of[winner], self._tariff_of]
        may: Flags = from_there & holds & by_service & units & kinds & lighter
        return may

    def _excess(self, winner: int) -> Ints:
        """The most by which a package by the winner costs more than one by each lane, by level, [P, U]."""
        assert self._prices is not None, "without prices there is no winner"
        mine = self._prices[:, [self._tariff_of[winner]]]
        if not all(never_falls(prices) for prices in mine[:, 0]):
            return np.full(self._package.shape, NOT_CARRIED, dtype=np.int64)
        freight = np.where(self._prices < NOT_CARRIED, mine - self._prices, -NOT_CARRIED).max(axis=2)
        excess: Ints = freight[:, self._tariff_of] + self._package[:, [winner]] - self._package
        return excess

    def _roomy(self) -> tuple[Flags, Flags]:
        """Whether each lane's source, and its service, can take the whole order in as many packages as are allowed."""
        case, units = self._case, int(self._case.demand.sum())
        packages = min(case.most_packages, units)
        minutes = case.source_package_minutes * packages + case.source_unit_minutes * units
        roomy_source = (case.source_most_units >= units) & (case.source_most_minutes >= minutes)
        return roomy_source[self._source], (case.service_most_packages >= packages)[self._service]


def _contents(case: Case, lanes: Ints, reach: Ints) -> Ints:
    """The most grams, mm3 and units that a package of each lane could hold, [U, 3]."""
    sums = np.stack([reach @ case.unit_grams, reach @ case.unit_mm3, reach.sum(axis=1)], axis=1)
    contents: Ints = np.minimum(sums, _room(case, lanes))
    return contents


def _room(case: Case, lanes: Ints) -> Ints:
    return np.stack(
        [case.package_most_grams[lanes], case.package_most_mm3[lanes], case.package_most_units[lanes]], axis=1
    )


def _most_volumetric(mm3: Ints, rules: Iterable[Volumetric]) -> int:
    """What the largest of these volumes weighs at most by any of the rules."""
    largest = int(mm3.max())
    return max((rule.grams_of(largest) for rule in set(rules)), default=0)


def _steep(case: Case) -> Flags:
    """Whether further units of a part from an offer cost more at any level, [N, D]."""
    steep = np.zeros(case.stock.shape, dtype=bool)
    rises = (case.stair_cost > 0).any(axis=0) & (case.stair_after_units < case.demand[case.stair_part])
    steep[case.stair_offer[rises], case.stair_part[rises]] = True
    return steep
