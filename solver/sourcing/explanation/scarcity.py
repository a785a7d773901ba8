"""Binding constraints, and what one more unit of what each of them limits would save: by deciding again with it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from solver.sourcing.explanation.asking import Decide, is_better, under, without_rules
from solver.sourcing.explanation.changes import stocked
from solver.sourcing.explanation.model import Limit, LimitKind
from solver.sourcing.plan import Plan
from solver.sourcing.policy import MOST_PACKAGES
from solver.sourcing.problem import Problem

_PACKAGES, _SOURCES = "packages_stay_within_the_limit", "sources_stay_within_the_limit"


def limits_that_bind(
    problem: Problem, plan: Plan, rules: Iterable[str], source_ids: Iterable[str], decide: Decide
) -> tuple[Limit, ...]:
    """One more package, one more source, one more unit at each of these sources, and each of these rules gone.

    `rules` are those that bind, `source_ids` the sources whose stock is looked at: of every SKU of which one has less
    than is ordered.
    """
    found = [
        *_of_counts(problem),
        *_of_stock(problem, source_ids),
        *((Limit(kind=LimitKind.RULE, rule=rule), without_rules(problem, [rule])) for rule in rules),
    ]
    return tuple(
        replace(
            limit,
            saved_minor=plan.total_minor - other.total_minor,
            filled_units=plan.unfilled_units - other.unfilled_units,
        )
        for limit, changed in found
        if is_better(other := decide(changed), plan)
    )


def _of_counts(problem: Problem) -> Iterator[tuple[Limit, Problem]]:
    policy = problem.policy
    if _PACKAGES not in policy.off and policy.max_packages < MOST_PACKAGES:
        more = replace(policy, max_packages=policy.max_packages + 1)
        yield Limit(kind=LimitKind.PACKAGES, rule=_PACKAGES), under(problem, more)
    if _SOURCES not in policy.off and policy.max_sources:
        more = replace(policy, max_sources=policy.max_sources + 1)
        yield Limit(kind=LimitKind.SOURCES, rule=_SOURCES), under(problem, more)


def _of_stock(problem: Problem, source_ids: Iterable[str]) -> Iterator[tuple[Limit, Problem]]:
    reachable = {lane.source_id for lane in problem.lanes}
    offers = [offer for offer in problem.offers if offer.source_id in reachable and offer.source_id in {*source_ids}]
    for source_id in sorted({offer.source_id for offer in offers}):
        for sku, wanted in sorted(problem.demand_units.items()):
            if sum(offer.available.get(sku, 0) for offer in offers if offer.source_id == source_id) < wanted:
                limit = Limit(kind=LimitKind.STOCK, source_id=source_id, sku=sku)
                yield limit, stocked(problem, source_id, {sku: 1})
