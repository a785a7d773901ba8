"""A server in this process, stubs on a channel that never retries, and refusals taken apart."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from solver.api.server import Limits, Server
from solver.app import Application
from solver.clock import Clock
from solver.gen.xunyuan.catalog.v1 import catalog_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import ledger_pb2, ledger_pb2_grpc
from solver.gen.xunyuan.network.v1 import network_pb2_grpc
from solver.gen.xunyuan.policy.v1 import policy_pb2_grpc
from solver.gen.xunyuan.sourcing.v1 import order_pb2, plan_pb2, sourcing_pb2, sourcing_pb2_grpc
from solver.gen.xunyuan.stock.v1 import (
    atp_pb2_grpc,
    channels_pb2_grpc,
    commitments_pb2_grpc,
    stock_pb2,
    stock_pb2_grpc,
)
from solver.orders.model import Order
from solver.settings.persons import PersonSettings
from solver.sourcing.policy import Policy
from solver.wire.codec import fill_proto, to_proto
from tests.warehouse_stubs import WarehouseStubs

HOST = "127.0.0.1"
SECONDS = 30.0  # a call that hangs must fail the test, not the run
Contents = dict[str, list[tuple[Any, ...]]]
_numbers = itertools.count(1)
_NO_PERSONS = PersonSettings()


def fresh_id() -> str:
    """A request id that no other call of the run has."""
    return f"request-{next(_numbers)}"


def plain_channel(port: int) -> grpc.Channel:
    """A channel that shows every failure to the test."""
    return grpc.insecure_channel(f"{HOST}:{port}", options=[("grpc.enable_retries", 0)])


class Stubs:
    """Every service of one server."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self.catalog = catalog_pb2_grpc.CatalogServiceStub(channel)
        self.ledger = ledger_pb2_grpc.LedgerServiceStub(channel)
        self.network = network_pb2_grpc.NetworkServiceStub(channel)
        self.policies = policy_pb2_grpc.PolicyServiceStub(channel)
        self.sourcing = sourcing_pb2_grpc.SourcingServiceStub(channel)
        self.stock = stock_pb2_grpc.StockServiceStub(channel)
        self.warehouse = WarehouseStubs(channel)
        self.channels = channels_pb2_grpc.ChannelServiceStub(channel)
        self.atp = atp_pb2_grpc.AtpServiceStub(channel)
        self.commitments = commitments_pb2_grpc.CommitmentServiceStub(channel)

    def plan(self, request: sourcing_pb2.PlanFulfillmentRequest) -> plan_pb2.Plan:
        """Plan; the answer's plan."""
        return self.sourcing.PlanFulfillment(request, timeout=SECONDS).plan

    def state(self, plan_id: str) -> str:
        """Where a plan stands, such as HELD."""
        plan = self.sourcing.GetPlan(sourcing_pb2.GetPlanRequest(plan_id=plan_id), timeout=SECONDS).plan
        return plan_pb2.PlanState.Name(plan.state).removeprefix("PLAN_STATE_")

    def confirm(self, plan_id: str, request_id: str = "") -> sourcing_pb2.ConfirmPlanResponse:
        """Confirm a plan."""
        request = sourcing_pb2.ConfirmPlanRequest(request_id=request_id or fresh_id(), plan_id=plan_id)
        return self.sourcing.ConfirmPlan(request, timeout=SECONDS)

    def release(self, plan_id: str, request_id: str = "") -> sourcing_pb2.ReleasePlanResponse:
        """Release a plan."""
        request = sourcing_pb2.ReleasePlanRequest(request_id=request_id or fresh_id(), plan_id=plan_id)
        return self.sourcing.ReleasePlan(request, timeout=SECONDS)

    def levels(self, *skus: str) -> dict[tuple[str, str], tuple[int, int, int]]:
        """(site, SKU) -> (available, held, committed); on hand must be their sum."""
        answer = self.stock.ListStockLevels(stock_pb2.ListStockLevelsRequest(skus=skus), timeout=SECONDS)
        assert answer.next_page_token == ""
        for level in answer.levels:
            assert level.on_hand == level.available + level.held + level.committed
        return {(level.site_id, level.sku): (level.available, level.held, level.committed) for level in answer.levels}

    def discrepancies(self) -> list[str]:
        """What the audit of the books finds."""
        answer = self.ledger.AuditBooks(ledger_pb2.AuditBooksRequest(), timeout=SECONDS)
        assert answer.books_balance == (not answer.discrepancies)
        return list(answer.discrepancies)


class Running(Stubs):
    """An application on a folder or URL behind a server on a free port."""

    def __init__(
        self,
        where: Path | str,
        clock: Clock,
        limits: Limits | None = None,
        *,
        port: int = 0,
        persons: PersonSettings = _NO_PERSONS,
    ) -> None:
        self.application = Application.open(where, clock, persons=persons)
        self.server = Server(self.application, f"{HOST}:{port}", limits)
        self.server.start()
        super().__init__(plain_channel(self.server.port))

    def close(self) -> None:
        """Stop at once."""
        self.channel.close()
        self.server.stop(0)
        self.application.close()

    def contents(self) -> Contents:
        """Every row of every table, to prove that a refusal changed nothing."""
        with self.application.database.read() as reader:
            names = reader.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return {name: sorted(reader.query(f"SELECT * FROM {name}"), key=repr) for (name,) in names}


def plan_request(
    order: Order, *, request_id: str | None = None, policy: Policy | None = None, validate_only: bool = False
) -> sourcing_pb2.PlanFulfillmentRequest:
    """The message that asks for a plan."""
    request = sourcing_pb2.PlanFulfillmentRequest(
        request_id=fresh_id() if request_id is None else request_id,
        order=to_proto(order, order_pb2.Order),
        validate_only=validate_only,
    )
    if policy is not None:
        fill_proto(policy, request.policy)
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A failed call: the status code's name, and every detail."""

    code: str
    text: str
    reason: str = ""
    domain: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    retry_ms: int | None = None


def refusal(call: Callable[[], object]) -> Refusal:
    """The refusal of a call that must fail."""
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return refusal_of(raised.value)


def refusal_of(error: grpc.RpcError) -> Refusal:
    """A failed call, taken apart."""
    assert isinstance(error, grpc.Call)
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    status = rpc_status.from_call(error)
    has_retry = False
    for detail in status.details if status is not None else ():
        detail.Unpack(info)
        detail.Unpack(bad)
        has_retry |= detail.Unpack(retry)
    return Refusal(
        code=error.code().name,
        text=error.details() or "",
        reason=info.reason,
        domain=info.domain,
        metadata=dict(info.metadata),
        fields={one.field: one.description for one in bad.field_violations},
        retry_ms=retry.retry_delay.ToMilliseconds() if has_retry else None,
    )
