"""Plans that change, endpoints that want to hear of it, and couriers."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from solver.app import Application
from solver.fulfilment.model import PlanCommand
from solver.settings.webhooks import WebhookSettings
from solver.storage.once import Request, request_for
from solver.webhooks.address import networks_of
from solver.webhooks.courier import Courier
from solver.webhooks.model import EndpointCommand, WebhookEndpoint
from solver.webhooks.sending import Sender
from tests.made_world import order_of
from tests.webhooks.receiver import Receiver

SETTINGS = WebhookSettings(allowed_networks=("127.0.0.0/8",), timeout_seconds=5.0, most_tries=3)
_numbers = count(1)
Opens = Callable[..., Courier]


def sender_of(settings: WebhookSettings) -> Sender:
    return Sender(allowed=networks_of(settings.allowed_networks), timeout_seconds=settings.timeout_seconds)


def asked(method: str) -> Request:
    return request_for(method, f"{method} {next(_numbers)}")


def endpoint(application: Application, url: str, name: str = "shop", **changes: object) -> str:
    """The secret of a new endpoint."""
    command = replace(EndpointCommand(endpoint_id=name, url=url), **changes)  # type: ignore[arg-type]  # by name
    return application.endpoints.upsert(asked("UpsertWebhookEndpoint"), command)[1]


def released(application: Application, order_id: str, **changes: str) -> None:
    """Two events would be one too many: plan and release it."""
    order = order_of(("TEA", 1), order_id=order_id, **changes)
    plan = application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10)
    application.confirming.release(asked("ReleasePlan"), plan.plan_id)


def confirmed_and_cancelled(application: Application, order_id: str) -> None:
    order = order_of(("TEA", 1), order_id=order_id)
    plan = application.planner.plan(asked("PlanFulfillment"), PlanCommand(order=order), seconds_left=10)
    application.confirming.confirm(asked("ConfirmPlan"), plan.plan_id)
    application.committing.cancel(asked("CancelCommitted"), plan_id=plan.plan_id)


def went_round(courier: Courier) -> int:
    begun = courier.round()
    courier.wait()
    return begun


def stands(application: Application) -> WebhookEndpoint:
    [one] = application.endpoints.every()
    return one


def told(receiver: Receiver) -> list[tuple[str, str]]:
    """Type and order of each message."""
    bodies = [json.loads(one.body) for one in receiver.received]
    return [(one["type"], one["data"]["order_id"]) for one in bodies]
