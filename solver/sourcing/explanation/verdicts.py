"""What became of every source: who ships, who could have, and what kept the others from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from solver.sourcing.brief import brief
from solver.sourcing.dimensions import all_rules
from solver.sourcing.explanation.asking import under, without_rules
from solver.sourcing.explanation.binding import restricting_rules
from solver.sourcing.explanation.model import Candidate, Verdict
from solver.sourcing.mip.candidates import usable_lanes
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem


def verdicts(problem: Problem, plan: Plan) -> tuple[Candidate, ...]:
    """Every source that makes an offer or has a lane, open or closed, by id; without costs of those left out."""
    looked_at = {offer.source_id for offer in problem.offers} | {lane.source_id for lane in problem.closed_lanes}
    shipped = shipped_units(plan)
    exclusions = _Exclusions.of(problem)
    return tuple(_verdict(problem, source_id, shipped, exclusions) for source_id in sorted(looked_at))


def shipped_units(plan: Plan) -> dict[str, int]:
    """Units that each source ships."""
    units: dict[str, int] = {}
    for package in plan.packages:
        packed = sum(content.units for content in package.contents)
        units[package.source_id] = units.get(package.source_id, 0) + packed
    return units


def _verdict(
    problem: Problem, source_id: str, shipped: Mapping[str, int], exclusions: "_Exclusions"
) -> Candidate:  # fmt: skip
    if source_id in shipped:
        return Candidate(source_id=source_id, verdict=Verdict.CHOSEN, units=shipped[source_id])
    if not _has_stock(problem, source_id):
        return Candidate(source_id=source_id, verdict=Verdict.NO_STOCK)
    if not any(lane.source_id == source_id for lane in problem.lanes):
        closures = {str(lane.closure) for lane in problem.closed_lanes if lane.source_id == source_id}
        return Candidate(source_id=source_id, verdict=Verdict.NO_LANE, closures=tuple(sorted(closures)))
    if source_id not in exclusions.able_without_rules:
        return Candidate(source_id=source_id, verdict=Verdict.NOT_CARRIED)
    if source_id not in exclusions.able:
        return Candidate(source_id=source_id, verdict=Verdict.EXCLUDED, rules=exclusions.rules_against(source_id))
    return Candidate(source_id=source_id, verdict=Verdict.DOMINATED)


def _has_stock(problem: Problem, source_id: str) -> bool:
    return any(
        offer.available.get(sku, 0) > 0
        for offer in problem.offers
        if offer.source_id == source_id
        for sku in problem.demand_units
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exclusions:
    """Which sources could ship something under all rules, under none, and under each rule alone."""

    able: frozenset[str]
    able_without_rules: frozenset[str]
    able_under: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, problem: Problem) -> "_Exclusions":
        every = [rule.name for rule in all_rules()]
        restricting = restricting_rules(problem)
        able, free = _able(problem), _able(without_rules(problem, every))
        under: dict[str, frozenset[str]] = {}
        if free - able:
            under = {name: _able(without_rules(problem, set(every) - {name})) for name in restricting}
        return cls(able=able, able_without_rules=free, able_under=under)

    def rules_against(self, source_id: str) -> tuple[str, ...]:
        """Rules of which each alone excludes the source; where there is none, all that forbid anything."""
        alone = tuple(name for name, able in self.able_under.items() if source_id not in able)
        return alone or tuple(self.able_under)


def _able(problem: Problem) -> frozenset[str]:
    """The sources from which some package could ship something, whatever its cost."""
    made = brief(under(problem, replace(problem.policy, levels=())))
    lanes = np.array([one.lane for one in usable_lanes(made.case)], dtype=np.int64)
    sources = np.unique(made.case.offer_source[made.case.lane_offer[lanes]])
    return frozenset(made.facts.source_ids[source] for source in sources)
