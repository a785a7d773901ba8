"""Which of the sources that a plan leaves out are most likely to come next: those worth the dearer questions."""

from collections.abc import Iterable

from solver.sourcing.explanation.model import Candidate, Verdict
from solver.sourcing.plan import RunnerUp
from solver.sourcing.problem import Problem

_NEVER = 2**62


def promising(problem: Problem, candidates: Iterable[Candidate], runner_up: RunnerUp | None, most: int) -> list[str]:
    """The runner-up's sources first; then those that could give most units, at the least freight; at most so many."""
    left_out = [one.source_id for one in candidates if one.verdict is Verdict.DOMINATED]
    next_best = {*runner_up.source_ids} if runner_up else set()
    given = {source_id: _could_give(problem, source_id) for source_id in left_out}

    def rank(source_id: str) -> tuple[bool, int, int, str]:
        units = given[source_id]
        return (source_id not in next_best, -sum(units.values()), _freight(problem, source_id, units), source_id)

    return sorted(left_out, key=rank)[:most]


def _could_give(problem: Problem, source_id: str) -> dict[str, int]:
    offers = [offer for offer in problem.offers if offer.source_id == source_id]
    return {
        sku: min(wanted, sum(offer.available.get(sku, 0) for offer in offers))
        for sku, wanted in problem.demand_units.items()
    }


def _freight(problem: Problem, source_id: str, units: dict[str, int]) -> int:
    """What one package with all of it costs on the source's cheapest lane."""
    grams = sum(problem.items[sku].weight_grams * count for sku, count in units.items())
    mm3 = sum(problem.items[sku].volume_mm3 * count for sku, count in units.items())
    prices = [lane.freight_minor(grams, mm3) for lane in problem.lanes if lane.source_id == source_id]
    return min((price for price in prices if price is not None), default=_NEVER)
