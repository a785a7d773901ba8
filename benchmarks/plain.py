"""What a user would write who has no order-sourcing optimiser: rules, an enumeration, and models for a solver.

Each reads the same plain question and answers with units by lane; none knows anything of how this product decides.
`nearest_first` and `by_priority` go down a list of sources. `fewest_splits` tries all single sources, then all pairs,
then all triples ..., as far as the cap that an order-management system publishes for this; of the sets that fill the
order it takes the nearest on average. The models are in `plain_models.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, islice
from math import ceil

from solver.network.lanes import Lane
from solver.sourcing.problem import Line, Offer, Problem

MOST_TRIED, MOST_FOUND = 1_000_000, 10_000  # Salesforce Order Management, "Find Routes with Fewest Splits"
Units = dict[str, int]  # by SKU


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A source with a service to the customer: what a package costs beside its weight, and a unit in it."""

    lane: Lane
    offer: Offer
    package_minor: int

    def minor(self, units: Mapping[str, int], grams: Mapping[str, int], mm3: Mapping[str, int]) -> int | None:
        """What a package with these units costs; None where it is not carried."""
        weight = sum(grams[sku] * count for sku, count in units.items())
        freight = self.lane.freight_minor(weight, sum(mm3[sku] * count for sku, count in units.items()))
        if freight is None:
            return None
        handling = self.offer.handling_per_unit_minor * sum(units.values())
        return self.package_minor + freight + handling + self.offer.handling_per_line_minor * len(units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One order in plain terms."""

    lines: tuple[Line, ...]
    demand: Mapping[str, int]
    grams: Mapping[str, int]
    mm3: Mapping[str, int]
    ways: tuple[Way, ...]
    by_source: Mapping[str, tuple[int, ...]]  # positions in `ways`
    split_minor: int
    unfilled_minor: int
    most_packages: int


@dataclass(slots=True, kw_only=True)
class Answer:
    """Units by way. `bound_minor`: what the method says that nothing costs less than. `capped`: it gave up looking."""

    shipped: dict[int, Units] = field(default_factory=dict)
    bound_minor: float | None = None
    capped: bool = False


def question_of(problem: Problem) -> Question:
    """The order, its stock and its prices. A package's price has its handling, and what being late costs."""
    offers = {offer.key: offer for offer in problem.offers}
    ways = tuple(
        Way(lane=lane, offer=offer, package_minor=offer.handling_per_package_minor + _late_minor(problem, lane))
        for lane in problem.lanes
        if any((offer := offers[lane.source_id, lane.offer_id]).available.values())
    )
    by_source: dict[str, tuple[int, ...]] = {}
    for number, way in enumerate(ways):
        by_source[way.lane.source_id] = (*by_source.get(way.lane.source_id, ()), number)
    return Question(
        lines=problem.lines,
        demand=problem.demand_units,
        grams={sku: item.weight_grams for sku, item in problem.items.items()},
        mm3={sku: item.volume_mm3 for sku, item in problem.items.items()},
        ways=ways,
        by_source=by_source,
        split_minor=problem.policy.split_minor,
        unfilled_minor=problem.policy.unfilled_minor_per_unit,
        most_packages=problem.policy.max_packages,
    )


def _late_minor(problem: Problem, lane: Lane) -> int:
    if problem.promised_at is None:
        return 0
    late = max(0.0, (lane.arrives_at - problem.promised_at).total_seconds())
    return ceil(Fraction(ceil(late / 60), 60)) * problem.policy.lateness_minor_per_hour


def nearest_first(question: Question) -> Answer:
    """The nearest source gives all it has, by its cheapest service; then the next."""
    return _down(question, sorted(question.by_source, key=lambda one: (_meters(question, one), one)))


def by_priority(question: Question) -> Answer:
    """The same in the sequence of a list: by the sources' stated priority, or else by their names."""

    def rank(source_id: str) -> tuple[int, str]:
        return question.ways[question.by_source[source_id][0]].offer.priority or 10**9, source_id

    return _down(question, sorted(question.by_source, key=rank))


def fewest_splits(question: Question) -> Answer:
    """The smallest set of sources that fills the order, the nearest on average of several.

    Where none is found, or none before the cap, the order goes to the nearest sources first.
    """
    stock = {source: _stock(question, source) for source in question.by_source}
    wanted = tuple(question.demand.items())
    tried = 0
    for size in range(1, min(question.most_packages, len(stock)) + 1):
        sets = islice(combinations(stock, size), MOST_TRIED - tried)
        found: list[tuple[str, ...]] = []
        for one in sets:
            tried += 1
            if all(sum(stock[source].get(sku, 0) for source in one) >= units for sku, units in wanted):
                found.append(one)
                if len(found) == MOST_FOUND:
                    break
        if found:
            best = min(found, key=lambda one: (sum(_meters(question, source) for source in one), one))
            return _down(question, sorted(best, key=lambda one: _meters(question, one)))
        if tried >= MOST_TRIED:
            answer = nearest_first(question)
            answer.capped = True
            return answer
    return nearest_first(question)


def _down(question: Question, sources: Iterable[str]) -> Answer:
    """Each source of the list gives what is still wanted, in one package, by the service that is cheapest for it."""
    answer, left = Answer(), dict(question.demand)
    for source in sources:
        if len(answer.shipped) == question.most_packages or not any(left.values()):
            break
        stock = _stock(question, source)
        units = {sku: min(count, stock.get(sku, 0)) for sku, count in left.items() if min(count, stock.get(sku, 0))}
        priced = [
            (minor, number)
            for number in question.by_source[source]
            if units and (minor := question.ways[number].minor(units, question.grams, question.mm3)) is not None
        ]
        if priced:
            answer.shipped[min(priced)[1]] = units
            for sku, count in units.items():
                left[sku] -= count
    return answer


def _stock(question: Question, source_id: str) -> Mapping[str, int]:
    return question.ways[question.by_source[source_id][0]].offer.available


def _meters(question: Question, source_id: str) -> int:
    return min(question.ways[number].lane.distance_meters for number in question.by_source[source_id])


RULES: dict[str, Callable[[Question], Answer]] = {
    "nearest source first": nearest_first,
    "priority list": by_priority,
    "fewest splits, capped": fewest_splits,
}


def filled_lines(question: Question, shipped: Iterable[Mapping[str, int]]) -> Sequence[int]:
    """How many units of each line these packages fill, from the first line on."""
    left: Units = {}
    for units in shipped:
        for sku, count in units.items():
            left[sku] = left.get(sku, 0) + count
    filled = []
    for line in question.lines:
        count = min([line.quantity, *(left.get(part.sku, 0) // part.units for part in line.parts)])
        for part in line.parts:
            left[part.sku] = left.get(part.sku, 0) - count * part.units
        filled.append(count)
    return filled
