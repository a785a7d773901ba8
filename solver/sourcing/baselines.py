"""Plans without a proof: greedy, the optimiser's fallback, and nearest source first, the rule it is measured against.

Both keep a bundle together in one package and never take more packages or sources than the policy allows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from solver.network.lanes import Lane
from solver.sourcing.assemble import ChosenPackage, assemble
from solver.sourcing.costs import opening_minor
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.problem import Line, Problem


def greedy_plan(problem: Problem) -> Plan:
    """Again and again the package that is cheapest per unit, while it costs less than leaving its units unfilled."""
    return assemble(problem, _Packing(problem).greedily(), engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def fullest_plan(problem: Problem) -> Plan:
    """Again and again the package that fills most of what is left, the cheapest of several, while it is worth it.

    Greedy by price may spend the packages that are allowed on small cheap lots; this fills large orders.
    """
    return assemble(problem, _Packing(problem).fullest_first(), engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def nearest_plan(problem: Problem) -> Plan:
    """The nearest source gives all it has, by its cheapest service; then the next, until the order is filled."""
    return assemble(problem, _Packing(problem).nearest_first(), engine=Engine.NEAREST, stop=Stop.HEURISTIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """A package that could be opened now, the units of the order that it fills, and what it costs."""

    package: ChosenPackage
    filled_units: int
    cost_minor: int


def _by_price(offered: _Offered) -> tuple[float, ...]:
    return (offered.cost_minor / offered.filled_units,)


def _by_fill(offered: _Offered) -> tuple[float, ...]:
    return (-offered.filled_units, offered.cost_minor)


class _Packing:
    """What is still wanted and what is still there while packages are filled one after another."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._offers = {offer.source_id: offer for offer in problem.offers}
        self._left = {offer.source_id: dict(offer.available) for offer in problem.offers}
        self._wanted = {line.line_id: line.quantity for line in problem.lines}
        self._lanes = sorted(problem.lanes, key=lambda lane: lane.lane_id)
        self._packages: list[ChosenPackage] = []

    def greedily(self) -> list[ChosenPackage]:
        return self._take_best(self._lanes, _by_price)

    def fullest_first(self) -> list[ChosenPackage]:
        return self._take_best(self._lanes, _by_fill)

    def nearest_first(self) -> list[ChosenPackage]:
        sources: dict[str, list[Lane]] = {}
        for lane in sorted(self._lanes, key=lambda lane: (lane.distance_meters, lane.lane_id)):
            sources.setdefault(lane.source_id, []).append(lane)
        for lanes in sources.values():
            self._take_best(lanes, _by_price)
        return self._packages

    def _take_best(self, lanes: list[Lane], rank: Callable[[_Offered], tuple[float, ...]]) -> list[ChosenPackage]:
        """Take the package of the lowest rank, the first by ids of several, until none is worth it."""
        while best := min(self._offered(lanes), key=rank, default=None):
            self._take(best.package)
        return self._packages

    def _offered(self, lanes: list[Lane]) -> Iterator[_Offered]:
        """Packages that could be opened now and are worth it, in the order of the lanes."""
        policy = self._problem.policy
        if len(self._packages) >= policy.max_packages:
            return
        used = {package.lane.source_id for package in self._packages}
        sources_left = not policy.max_sources or len(used) < policy.max_sources
        split_minor = policy.split_minor if self._packages else 0
        for lane in lanes:
            if not sources_left and lane.source_id not in used:
                continue
            package, filled = self._fill(lane)
            if not filled:
                continue
            cost_minor = split_minor + self._cost_minor(package)
            if cost_minor < filled * policy.unfilled_minor_per_unit:
                yield _Offered(package=package, filled_units=filled, cost_minor=cost_minor)

    def _cost_minor(self, package: ChosenPackage) -> int:
        lane, offer = package.lane, self._offers[package.lane.source_id]
        weight_grams, volume_mm3, units = self._measure(package)
        freight_minor = lane.freight_minor(weight_grams, volume_mm3)
        assert freight_minor is not None, "_fill only packs what the lane carries"
        opening = opening_minor(lane, offer, self._problem.promised_at, self._problem.policy)
        return opening + freight_minor + units * offer.handling_per_unit_minor

    def _measure(self, package: ChosenPackage) -> tuple[int, int, int]:
        weight_grams = volume_mm3 = units = 0
        for (_, sku), packed in package.contents.items():
            weight_grams += packed * self._problem.items[sku].weight_grams
            volume_mm3 += packed * self._problem.items[sku].volume_mm3
            units += packed
        return weight_grams, volume_mm3, units

    def _fill(self, lane: Lane) -> tuple[ChosenPackage, int]:
        """As much of what is wanted as the source has and the lane carries in one package; and the units filled."""
        left = dict(self._left[lane.source_id])
        contents: dict[tuple[str, str], int] = {}
        weight_grams = volume_mm3 = filled = 0
        for line in self._problem.lines:
            unit_grams, unit_mm3 = self._unit_size(line)
            most = min([self._wanted[line.line_id], *(left.get(part.sku, 0) // part.units for part in line.parts)])
            fitting = _most_that_fit(lane, weight_grams, volume_mm3, unit_grams, unit_mm3, most)
            if not fitting:
                continue
            weight_grams += fitting * unit_grams
            volume_mm3 += fitting * unit_mm3
            filled += fitting
            for part in line.parts:
                contents[line.line_id, part.sku] = fitting * part.units
                left[part.sku] -= fitting * part.units
        return ChosenPackage(lane=lane, contents=contents), filled

    def _unit_size(self, line: Line) -> tuple[int, int]:
        items = self._problem.items
        return (
            sum(part.units * items[part.sku].weight_grams for part in line.parts),
            sum(part.units * items[part.sku].volume_mm3 for part in line.parts),
        )

    def _take(self, package: ChosenPackage) -> None:
        left = self._left[package.lane.source_id]
        lines = {line.line_id: line for line in self._problem.lines}
        for (line_id, sku), units in package.contents.items():
            left[sku] -= units
            line = lines[line_id]
            if sku == line.parts[0].sku:
                self._wanted[line_id] -= units // line.parts[0].units
        self._packages.append(package)


def _most_that_fit(lane: Lane, weight_grams: int, volume_mm3: int, unit_grams: int, unit_mm3: int, wanted: int) -> int:
    """The most units, up to `wanted`, that a package already so heavy and big still takes (by bisection)."""
    low, high = 0, wanted
    while low < high:
        middle = (low + high + 1) // 2
        if lane.freight_minor(weight_grams + middle * unit_grams, volume_mm3 + middle * unit_mm3) is None:
            high = middle - 1
        else:
            low = middle
    return low
