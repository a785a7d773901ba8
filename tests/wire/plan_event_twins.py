"""Nouns of plan events and webhooks, and the messages that say the same."""

from enum import StrEnum
from typing import Any

from solver.fulfilment.plan_events.model import PlanAudience, PlanEvent, PlanEventKind
from solver.gen.xunyuan.sourcing.v1 import plan_events_pb2
from solver.webhooks.model import DeadLetter, WebhookEndpoint

PLAN_EVENT_TWINS: list[tuple[type[Any], type[Any]]] = [
    (PlanEvent, plan_events_pb2.PlanEvent),
    (WebhookEndpoint, plan_events_pb2.WebhookEndpoint),
    (DeadLetter, plan_events_pb2.DeadLetter),
]
PLAN_EVENT_ALONE = (PlanAudience, plan_events_pb2.PlanAudience)  # sets, which only a request has
PLAN_EVENT_ENUMS: list[tuple[type[StrEnum], Any]] = [(PlanEventKind, plan_events_pb2.PlanEventKind)]
