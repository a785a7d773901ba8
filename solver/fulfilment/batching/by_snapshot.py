"""Questions of many orders as those of one snapshot, where one is ready that can say them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn

from solver.fulfilment.batching.rooms import Rooms
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.sourcing.exact.search import Limits
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.shelves import MinorBySource, UnitsBySource
from solver.waves.from_snapshot import NotFromSnapshot
from solver.waves.solve_orders import Orders
from solver.waves.wave import WaveTerms

NOT_KNOWN: Mapping[int, Decision] = {}


def orders_of(questions: Sequence[Question], readiness: Readiness, terms: WaveTerms) -> Orders | None:
    """The orders on the stock that their questions see; None where no snapshot can say them.

    That is so where they go by different policies, know more of the stock than how much there is, were asked from
    different channels that see different stock, or where nothing like one of them was seen to.
    """
    first = questions[0]
    briefly = readiness.briefly(first.network, first.catalog, first.policy)
    if briefly is None or first.policy.relax or not all(_is_alike(one, first) for one in questions):
        return None
    available, values = _seen_by_all(questions), _valued_by_all(questions)
    if available is None or values is None or not all(briefly.strict.has_seen(one.order) for one in questions):
        return None
    shelves = briefly.strict.shelves_of(available, values)
    snapshot = briefly.strict.restocked(shelves, ask=_decline, limits=Limits())

    def problem_of(number: int, source_ids: Collection[str] | None) -> Problem:
        question = questions[number]
        return question.problem() if source_ids is None else question.problem_of(source_ids)

    return Orders(snapshot=snapshot, orders=[one.order for one in questions], problem_of=problem_of, terms=terms)


def plainly_contend(asked: Orders, rooms: Rooms, known: Mapping[int, Decision] = NOT_KNOWN) -> bool:
    """True where what is best for each order alone is known to be more than there is for all. Cheap, and not proven.

    `known` is what was decided on some of them already, by their numbers.
    """
    snapshot = asked.snapshot
    taken: Counter[int] = Counter()
    packages: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    try:
        for number, order in enumerate(asked.orders):
            decision = known.get(number) or snapshot.decide(order)
            packages.update(one.service_id for one in decision.packages)
            orders.update({one.source_id for one in decision.packages})
            for one in decision.packages:
                for sku, units in one.units.items():
                    taken[snapshot.place_of(sku, one.source_id)] += units
    except NotFromSnapshot:
        return False
    there = snapshot.shelves.units
    return not rooms.hold(packages, orders) or any(units > int(there[place]) for place, units in taken.items())


def _is_alike(one: Question, first: Question) -> bool:
    catalog, other = one.catalog, first.catalog
    same_catalog = catalog.materials is other.materials and catalog.sales_items is other.sales_items
    same_policy = one.policy is first.policy or one.policy == first.policy
    return one.is_plain and same_policy and one.network is first.network and same_catalog


def _seen_by_all(questions: Sequence[Question]) -> UnitsBySource | None:
    """What every order sees that asks for a SKU; None where those of different channels see different units."""
    seen: dict[str, Mapping[str, int]] = {}
    differs, is_valued = False, any(question.values or question.landed_costs for question in questions)
    for question in questions:
        for sku, of in question.available.items():
            if sku not in seen:
                seen[sku] = of
            elif seen[sku] is not of and seen[sku] != of:
                differs = True  # somebody took some between two questions
                seen[sku] = {one: min(units, of.get(one, 0)) for one, units in seen[sku].items()}
    if differs and is_valued:  # each counts value above the least of what it sees
        return None
    return None if differs and len({question.order.channel for question in questions}) > 1 else seen


def _valued_by_all(questions: Sequence[Question]) -> MinorBySource | None:
    """What units left behind are worth, or cost, to every order; None where two questions say it differently."""
    if len({question.values_version for question in questions}) > 1:
        return None
    seen: dict[str, Mapping[str, int]] = {}
    for question in questions:
        for sku, of in question.landed_costs.items():
            if seen.setdefault(sku, of) != of:  # the commission of one order is not that of another
                return None
    return seen or {sku: of for question in questions for sku, of in question.values.items()}


def _decline(*_: object) -> NoReturn:
    raise NotFromSnapshot("a Problem")
