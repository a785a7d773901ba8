"""The work queue: standing plans that wait for a service that is down or a source that is closed, or lost units."""

from collections.abc import Callable, Iterator

from solver.fulfilment import plan_losses, plan_packages
from solver.fulfilment.model import PlanRecord
from solver.fulfilment.replanning.model import ExceptionKind, PlanException
from solver.fulfilment.replanning.remains import Remains
from solver.fulfilment.replanning.words import report_words
from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.stock.stock import Stock
from solver.storage.database import Reader

RemainsOf = Callable[[Reader, str], tuple[PlanRecord, Remains]]


def exceptions(reader: Reader, stock: Stock, conditions: Conditions, remains_of: RemainsOf) -> list[PlanException]:
    """Every plan that has something open with what takes nothing, or lost units that are not planned anew, by plan.

    `remains_of` tells what remains of a plan.
    """
    found = [*_waiting(reader, stock, conditions, remains_of), *_lacking(reader, remains_of)]
    return sorted(found, key=lambda one: (one.plan_id, one.kind, one.subject_id))


def _waiting(reader: Reader, stock: Stock, conditions: Conditions, remains_of: RemainsOf) -> Iterator[PlanException]:
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
    for kind, subject_id, report in reports:
        of_services = {subject_id} if kind is ExceptionKind.SERVICE_DOWN else set()
        of_sources = {subject_id} if kind is ExceptionKind.SOURCE_CLOSED else set()
        english, chinese = report_words(report)
        for plan_id in plan_packages.plans_with(reader, service_ids=of_services, source_ids=of_sources, now=now):
            record, remains = remains_of(reader, plan_id)
            if any(subject_id in (one.service_id, one.source_id) for one in remains.open):
                yield PlanException(
                    plan_id=plan_id,
                    order_id=record.plan.order_id,
                    kind=kind,
                    subject_id=subject_id,
                    why=f"{english}, and the plan waits for it: plan it anew, or wait",
                    why_zh=f"{chinese}，而方案在等待它：请改派，或等待恢复",
                )


def _lacking(reader: Reader, remains_of: RemainsOf) -> Iterator[PlanException]:
    for plan_id in plan_losses.plan_ids(reader):
        record, remains = remains_of(reader, plan_id)
        for sku in sorted({sku for _, sku in remains.lost}):
            units = sum(count for (_, of), count in remains.lost.items() if of == sku)
            yield PlanException(
                plan_id=plan_id,
                order_id=record.plan.order_id,
                kind=ExceptionKind.UNITS_LOST,
                subject_id=sku,
                why=f"{units} of {sku} were short, refused or never came: plan the order anew, or tell its customer",
                why_zh=f"{sku} {units} 件缺货、被拒或未到：请改派，或通知客户",
            )
