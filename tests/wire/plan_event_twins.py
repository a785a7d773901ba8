"""Nouns of plan events, webhooks and overrides, and the messages that say the same."""

from enum import StrEnum
from typing import Any

from solver.fulfilment.overriding.model import OverriddenPlan, Override, StatedPackage
from solver.fulfilment.plan_events.model import PlanAudience, PlanEvent, PlanEventKind
from solver.fulfilment.policy_tallies import PolicyTally
from solver.gen.xunyuan.policy.v1 import policy_pb2
from solver.gen.xunyuan.sourcing.v1 import overrides_pb2, plan_events_pb2, plan_pb2, recipients_pb2
from solver.persons.model import Recipient
from solver.policies.rollout import Rollout, RolloutStep
from solver.webhooks.model import DeadLetter, WebhookEndpoint

PLAN_EVENT_TWINS: list[tuple[type[Any], type[Any]]] = [
    (PlanEvent, plan_events_pb2.PlanEvent),
    (WebhookEndpoint, plan_events_pb2.WebhookEndpoint),
    (DeadLetter, plan_events_pb2.DeadLetter),
    (StatedPackage, overrides_pb2.StatedPackage),
    (OverriddenPlan, overrides_pb2.OverriddenPlan),
    (Override, plan_pb2.Override),
    (Recipient, recipients_pb2.Recipient),
    (RolloutStep, policy_pb2.RolloutStep),
    (Rollout, policy_pb2.Rollout),
    (PolicyTally, policy_pb2.PolicyTally),
]
PLAN_EVENT_ALONE = (PlanAudience, plan_events_pb2.PlanAudience)  # sets, which only a request has
PLAN_EVENT_ENUMS: list[tuple[type[StrEnum], Any]] = [(PlanEventKind, plan_events_pb2.PlanEventKind)]
