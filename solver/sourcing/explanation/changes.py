"""What would have to be different for a source that the plan leaves out to ship: the least change of each kind.

A cheaper source or one with more stock only adds to what plans may do, so whether the change suffices never goes back:
bisection finds the least one, and each answer is a decision of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from solver.network.model import Band, RateCard
from solver.sourcing.explanation.asking import Decide, is_better, without_rules
from solver.sourcing.explanation.model import Change, ChangeKind
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem, Stage

_FREE_PERCENT = 100


def changes_for(
    problem: Problem, plan: Plan, source_id: str, rules: Iterable[str], decide: Decide
) -> tuple[Change, ...]:
    """The changes that would each make the source part of a plan that is better than `plan`; `rules` are those to drop.

    Where no number of units of a single SKU suffices, having all that is ordered is asked about as well (`sku` empty,
    `units` what it lacks in all).
    """
    asked = _Asked(problem, plan, source_id, decide)
    return (*asked.cheaper_freight(), *asked.more_stock(), *asked.without_each(rules))


def without_each_rule(
    problem: Problem, plan: Plan, source_id: str, rules: Iterable[str], decide: Decide
) -> tuple[Change, ...]:
    """Those of the rules without which, each alone, the source would be part of a better plan."""
    return tuple(_Asked(problem, plan, source_id, decide).without_each(rules))


class _Asked:
    """Questions about one source."""

    def __init__(self, problem: Problem, plan: Plan, source_id: str, decide: Decide) -> None:
        self._problem = problem
        self._plan = plan
        self._source_id = source_id
        self._decide = decide

    def cheaper_freight(self) -> Iterator[Change]:
        def ask(percent: int) -> int | None:
            return self._gain(cheaper(self._problem, self._source_id, percent))

        least = _least(_FREE_PERCENT, ask)
        if least is not None:
            percent, gain_minor = least
            yield Change(
                source_id=self._source_id, kind=ChangeKind.CHEAPER_FREIGHT, percent=percent, gain_minor=gain_minor
            )

    def more_stock(self) -> Iterator[Change]:
        missing = lacking(self._problem, self._source_id)
        found = [change for sku in missing if (change := self._more_of(sku, missing[sku])) is not None]
        yield from found
        if len(missing) > 1 and not found:
            gain_minor = self._gain(stocked(self._problem, self._source_id, missing))
            if gain_minor is not None:
                yield Change(
                    source_id=self._source_id,
                    kind=ChangeKind.MORE_STOCK,
                    units=sum(missing.values()),
                    gain_minor=gain_minor,
                )

    def _more_of(self, sku: str, missing: int) -> Change | None:
        def ask(units: int) -> int | None:
            return self._gain(stocked(self._problem, self._source_id, {sku: units}))

        least = _least(missing, ask)
        if least is None:
            return None
        units, gain_minor = least
        return Change(
            source_id=self._source_id, kind=ChangeKind.MORE_STOCK, sku=sku, units=units, gain_minor=gain_minor
        )

    def without_each(self, rules: Iterable[str]) -> Iterator[Change]:
        for rule in rules:
            gain_minor = self._gain(without_rules(self._problem, [rule]))
            if gain_minor is not None:
                yield Change(source_id=self._source_id, kind=ChangeKind.WITHOUT_RULE, rule=rule, gain_minor=gain_minor)

    def _gain(self, other: Problem) -> int | None:
        """How much better in money the changed problem's plan is; None where it is no better, or without the source."""
        plan = self._decide(other)
        if is_better(plan, self._plan) and self._source_id in plan.source_ids:
            return self._plan.total_minor - plan.total_minor
        return None


def _least(most: int, ask: Callable[[int], int | None]) -> tuple[int, int] | None:
    """The least number from 1 to `most` that `ask` answers with a gain, and that gain; None where `most` is too few."""
    gain = ask(most) if most >= 1 else None
    if gain is None:
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        found = ask(middle)
        if found is None:
            low = middle + 1
        else:
            high, gain = middle, found
    return high, gain


def cheaper(problem: Problem, source_id: str, percent: int) -> Problem:
    """The same problem with the source's freight lower by so many percent: every amount, rounded half up."""
    lanes = tuple(
        replace(lane, card=_cheaper_card(lane.card, percent)) if lane.source_id == source_id else lane
        for lane in problem.lanes
    )
    return replace(problem, lanes=lanes)


def _cheaper_card(card: RateCard, percent: int) -> RateCard:
    return RateCard(bands=tuple(_cheaper_band(band, percent) for band in card.bands))


def _cheaper_band(band: Band, percent: int) -> Band:
    left = _FREE_PERCENT - percent
    return replace(
        band,
        base_minor=(band.base_minor * left + _FREE_PERCENT // 2) // _FREE_PERCENT,
        step_minor=(band.step_minor * left + _FREE_PERCENT // 2) // _FREE_PERCENT,
    )


def lacking(problem: Problem, source_id: str) -> dict[str, int]:
    """Units of each SKU that the source lacks of what is ordered, by SKU."""
    has: dict[str, int] = {}
    for offer in problem.offers:
        if offer.source_id == source_id:
            for sku, units in offer.available.items():
                has[sku] = has.get(sku, 0) + units
    missing = {sku: wanted - has.get(sku, 0) for sku, wanted in sorted(problem.demand_units.items())}
    return {sku: units for sku, units in missing.items() if units > 0}


def stocked(problem: Problem, source_id: str, added: dict[str, int]) -> Problem:
    """The same problem with so many more units of each SKU at the source: in what lies there, if it has that offer."""
    offers = [offer for offer in problem.offers if offer.source_id == source_id]
    grown = min(offers, key=lambda offer: (offer.stage is not Stage.ON_HAND, offer.offer_id))
    more = replace(
        grown,
        available={**grown.available, **{sku: grown.available.get(sku, 0) + units for sku, units in added.items()}},
        on_hand={**grown.on_hand, **{sku: grown.on_hand.get(sku, 0) + units for sku, units in added.items()}},
    )
    return replace(problem, offers=tuple(more if offer is grown else offer for offer in problem.offers))
