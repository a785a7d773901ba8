"""Leaks of service and of wishes: sources that are slow, services that are closed to some, prices nobody is paid."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from solver.diagnosis.changes import HandOverSooner, LeaveTerm, OpenService
from solver.diagnosis.findings import MOST_EXAMPLES, Finding, Leak
from solver.replay.metrics import PAID, UNFILLED
from solver.replay.outcome import Outcome
from solver.scenario.model import Scenario


def slow_sources(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Sources whose packages come after the promise: half of the time from order to hand-over would do."""
    leads = {one.source_id: one.lead_minutes for one in scenario.sources}
    late: Counter[str] = Counter()
    orders: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        for package in outcome.shipped:
            if package.late_minutes and leads.get(package.source_id):
                late[package.source_id] += package.late_minutes
                orders[package.source_id].append(outcome.order_id)
    return [
        Finding(
            leak=Leak.SLOW_SOURCES,
            subject=source_id,
            evidence={
                "late_packages": len(orders[source_id]),
                "late_minutes": late[source_id],
                "lead_minutes": leads[source_id],
            },
            orders=tuple(dict.fromkeys(orders[source_id]))[:MOST_EXAMPLES],
            change=HandOverSooner(source_id=source_id, lead_minutes=leads[source_id] // 2),
        )
        for source_id in sorted(late, key=lambda one: (-late[one], one))
    ]


def closed_services(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Finding]:
    """Services that only some kinds of source hand over to: what the other kinds pay for freight is at stake."""
    kinds = {one.source_id: one.kind for one in scenario.sources}
    found = []
    for service in scenario.services:
        if not (service.is_active and service.kinds):
            continue
        others = [
            (outcome.order_id, package)
            for outcome in outcomes
            for package in outcome.shipped
            if package.source_id in kinds and kinds[package.source_id] not in service.kinds
        ]
        freight = sum(package.cost_minor.get("freight", 0) for _, package in others)
        if others:
            finding = Finding(
                leak=Leak.CLOSED_SERVICES,
                subject=service.service_id,
                evidence={"packages_of_others": len(others), "freight_of_others_minor": freight},
                orders=tuple(dict.fromkeys(order_id for order_id, _ in others))[:MOST_EXAMPLES],
                change=OpenService(service_id=service.service_id),
            )
            found.append(finding)
    return sorted(found, key=lambda one: (-one.evidence["freight_of_others_minor"], one.subject))


def costly_wishes(outcomes: Sequence[Outcome]) -> list[Finding]:
    """Terms that a policy prices and nobody is paid, such as lateness or splits: what does each wish cost?"""
    cost: Counter[str] = Counter()
    orders: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        for term, minor in outcome.cost_minor.items():
            if minor and term not in PAID and term not in UNFILLED:
                cost[term] += minor
                orders[term].append(outcome.order_id)
    return [
        Finding(
            leak=Leak.COSTLY_WISHES,
            subject=term,
            evidence={"orders": len(orders[term]), "price_minor": cost[term]},
            orders=tuple(orders[term][:MOST_EXAMPLES]),
            change=LeaveTerm(term=term),
        )
        for term in sorted(cost, key=lambda one: (-cost[one], one))
    ]
