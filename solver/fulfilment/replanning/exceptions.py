"""The work queue: standing plans that wait for a service that is down or a source that is closed."""

from collections.abc import Callable, Sequence

from solver.fulfilment import plan_packages, records
from solver.fulfilment.replanning.model import ExceptionKind, PlanException
from solver.fulfilment.replanning.words import report_words
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.sourcing.plan import Package
from solver.stock.stock import Stock
from solver.storage.database import Reader

OpenOf = Callable[[Reader, str], Sequence[Package]]


def exceptions(reader: Reader, stock: Stock, conditions: Conditions, open_of: OpenOf) -> list[PlanException]:
    """Every plan that has something open with what takes nothing, by plan; `open_of` tells what a plan has open."""
    now = stock.now(reader)
    reports: list[tuple[ExceptionKind, str, CarrierHealth | SourceStatus]] = [
        *(
            (ExceptionKind.SERVICE_DOWN, one.service_id, one)
            for one in conditions.services
            if one.state is CarrierState.DOWN
        ),
        *(
            (ExceptionKind.SOURCE_CLOSED, one.source_id, one)
            for one in conditions.sources
            if one.state is SourceCondition.CLOSED
        ),
    ]
    found = []
    for kind, subject_id, report in reports:
        of_services = {subject_id} if kind is ExceptionKind.SERVICE_DOWN else set()
        of_sources = {subject_id} if kind is ExceptionKind.SOURCE_CLOSED else set()
        english, chinese = report_words(report)
        for plan_id in plan_packages.plans_with(reader, service_ids=of_services, source_ids=of_sources, now=now):
            if not any(subject_id in (one.service_id, one.source_id) for one in open_of(reader, plan_id)):
                continue
            record = records.find(reader, plan_id)
            assert record is not None
            found.append(
                PlanException(
                    plan_id=plan_id,
                    order_id=record.plan.order_id,
                    kind=kind,
                    subject_id=subject_id,
                    why=f"{english}, and the plan waits for it: plan it anew, or wait",
                    why_zh=f"{chinese}，而方案在等待它：请改派，或等待恢复",
                )
            )
    return sorted(found, key=lambda one: (one.plan_id, one.kind, one.subject_id))
