"""From events to messages: what each endpoint wants waits for it, in the transaction that moves its place on."""

from datetime import datetime

import msgspec

from solver.fulfilment.plan_events.model import PlanEvent
from solver.fulfilment.plan_events.rows import events_after, last_number
from solver.storage.database import Reader, Transaction
from solver.webhooks import rows
from solver.webhooks.model import WebhookEndpoint

EVENTS_AT_ONCE = 500


def message_id(number: int) -> str:
    """The same for every try, so that a receiver can tell what it has."""
    return f"plan-event-{number}"


def body_of(event: PlanEvent) -> bytes:
    """What is sent: as Standard Webhooks proposes, with the event as data."""
    return msgspec.json.encode(
        {"type": f"plan.{event.kind.value}", "timestamp": event.at, "data": event}, order="deterministic"
    )


def is_behind(reader: Reader, endpoint: WebhookEndpoint) -> bool:
    """True where there are events that it was not asked about."""
    return endpoint.queued_number < last_number(reader)


def queue_next(tx: Transaction, endpoint_id: str, at: datetime) -> int:
    """Let the next events wait for an endpoint; how many were looked at. An endpoint that is gone wants none."""
    endpoint = next((one for one in rows.endpoints(tx) if one.endpoint_id == endpoint_id), None)
    if endpoint is None or endpoint.disabled:
        return 0
    found = events_after(tx, endpoint.queued_number, EVENTS_AT_ONCE)
    if found:
        messages = [(one.number, one.order_id, body_of(one)) for one in found if endpoint.audience.wants(one)]
        rows.queue(tx, endpoint_id, messages, found[-1].number, at)
    return len(found)
