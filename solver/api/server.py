"""The gRPC server: every service of the application, health and reflection."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from solver.api.access import ACCESS_PROTOS
from solver.api.admission import Admission, AdmissionLimits
from solver.api.arrival import on_arrival
from solver.api.atp import AtpServicer
from solver.api.batches import BatchServicer
from solver.api.books import BooksServicer
from solver.api.catalog import CatalogServicer
from solver.api.channels import ChannelServicer
from solver.api.combinations import CombinationServicer
from solver.api.commitments import CommitmentServicer
from solver.api.conditions import ConditionServicer
from solver.api.entrance import Entrance, Security
from solver.api.feed import FeedServicer
from solver.api.grpc_inside import warn_if_unknown
from solver.api.guard import ErrorsToStatuses
from solver.api.ledger import LedgerServicer
from solver.api.network import NetworkServicer
from solver.api.overrides import OverrideServicer
from solver.api.plan_events import PlanEventServicer
from solver.api.policies import PolicyServicer
from solver.api.recipients import RecipientServicer
from solver.api.replanning import ReplanningServicer
from solver.api.settling import SETTLING_PROTOS, add_settling_services
from solver.api.shadow import ShadowServicer
from solver.api.sharing import SETTLEMENT_PROTOS, add_settlement_services
from solver.api.sourcing import SourcingServicer
from solver.api.stacked import StackedCalls
from solver.api.stock import StockServicer
from solver.api.stock_values import StockValueServicer
from solver.api.valuation import ValuationServicer
from solver.api.warehouse import WAREHOUSE_PROTOS, add_warehouse_services
from solver.api.warnings import WarningServicer
from solver.api.watch import Watch, application_sights
from solver.app import Application
from solver.errors import XunyuanError
from solver.fulfilment.exploding.desk import CombinationDesk
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, catalog_pb2_grpc, combinations_pb2, combinations_pb2_grpc
from solver.gen.xunyuan.ledger.v1 import (
    books_pb2,
    books_pb2_grpc,
    ledger_pb2,
    ledger_pb2_grpc,
    valuation_pb2,
    valuation_pb2_grpc,
)
from solver.gen.xunyuan.network.v1 import conditions_pb2, conditions_pb2_grpc, network_pb2, network_pb2_grpc
from solver.gen.xunyuan.policy.v1 import policy_pb2, policy_pb2_grpc
from solver.gen.xunyuan.sourcing.v1 import (
    batch_pb2,
    batch_pb2_grpc,
    overrides_pb2,
    overrides_pb2_grpc,
    plan_events_pb2,
    plan_events_pb2_grpc,
    recipients_pb2,
    recipients_pb2_grpc,
    replan_pb2,
    replan_pb2_grpc,
    shadow_pb2,
    shadow_pb2_grpc,
    sourcing_pb2,
    sourcing_pb2_grpc,
    stock_values_pb2,
    stock_values_pb2_grpc,
)
from solver.gen.xunyuan.stock.v1 import (
    atp_pb2,
    atp_pb2_grpc,
    channels_pb2,
    channels_pb2_grpc,
    commitments_pb2,
    commitments_pb2_grpc,
    feed_pb2,
    feed_pb2_grpc,
    stock_pb2,
    stock_pb2_grpc,
    warnings_pb2,
    warnings_pb2_grpc,
)
from solver.ledger.books.desk import LedgerDesk
from solver.settings.watching import WatchingSettings
from solver.watching.lanes import LaneState

SERVICES = tuple(
    descriptor.full_name
    for module in (
        *ACCESS_PROTOS,
        catalog_pb2,
        combinations_pb2,
        books_pb2,
        ledger_pb2,
        valuation_pb2,
        *SETTLEMENT_PROTOS,
        *SETTLING_PROTOS,
        network_pb2,
        conditions_pb2,
        policy_pb2,
        sourcing_pb2,
        replan_pb2,
        plan_events_pb2,
        overrides_pb2,
        recipients_pb2,
        batch_pb2,
        shadow_pb2,
        stock_values_pb2,
        stock_pb2,
        *WAREHOUSE_PROTOS,
        atp_pb2,
        commitments_pb2,
        feed_pb2,
        channels_pb2,
        warnings_pb2,
    )
    for descriptor in module.DESCRIPTOR.services_by_name.values()
)
# Many at a time, each short but for its commit.
STACKED = frozenset(
    f"/xunyuan.stock.v1.StockService/{method}" for method in ("HoldStock", "ConfirmHold", "ReleaseHold", "ExtendHold")
)


class CannotListen(XunyuanError):
    """The address is taken or not ours."""

    reason = "CANNOT_LISTEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one server takes on at most; of admission as `AdmissionLimits` says."""

    workers: int = 8
    heavy_workers: int = 2
    waiting_calls: int = 1000
    waiting_seconds: float = 20.0
    shares: Mapping[str, float] = field(default_factory=dict)
    watchers: int = 100
    concurrent_calls: int = 10_000  # the outermost bound, waiting calls and watchers among them
    request_bytes: int = 16 * 1024 * 1024


class Server:
    """A running server. `port` is the one it listens on, also when 0 was asked for."""

    def __init__(
        self,
        application: Application,
        address: str,
        limits: Limits | None = None,
        security: Security | None = None,
        watch: Watch | None = None,
        *,
        shares_port: bool = False,
    ) -> None:
        limits, security = limits or Limits(), security or Security()
        self.entrance = Entrance(application, address, security)
        self._watch = watch or Watch(WatchingSettings())
        self._health = health.HealthServicer()
        # A few more than watch, so that there is always one that can say that there is no room.
        # Those who watch plans and those who watch what shops show.
        self._streams = ThreadPoolExecutor(max_workers=2 * (limits.watchers + 4), thread_name_prefix="stream")
        self._stack = StackedCalls("hold")
        self._admission = Admission(
            AdmissionLimits(
                workers=limits.workers,
                heavy_workers=limits.heavy_workers,
                waiting_calls=limits.waiting_calls,
                waiting_seconds=limits.waiting_seconds,
                shares=limits.shares,
            ),
            self._watch.turned_away,
        )
        streams = on_arrival(self._admission.arrivals, self._streams)
        self._grpc = grpc.server(
            ThreadPoolExecutor(max_workers=limits.workers, thread_name_prefix="call"),
            interceptors=[
                *self._watch.interceptors,
                self.entrance.guard,
                self._admission,
                ErrorsToStatuses(streams, dict.fromkeys(STACKED, self._stack)),
            ],
            maximum_concurrent_rpcs=limits.concurrent_calls,
            options=[
                ("grpc.max_receive_message_length", limits.request_bytes),
                ("grpc.so_reuseport", int(shares_port)),  # without it a second server on the port is told
            ],
        )
        self._feed, self._plan_events = application.feed, application.plan_events
        _add_services(self._grpc, application)
        self.entrance.add_service(self._grpc)
        feed_pb2_grpc.add_FeedServiceServicer_to_server(FeedServicer(self._feed, limits.watchers), self._grpc)
        plan_events_pb2_grpc.add_PlanEventServiceServicer_to_server(
            PlanEventServicer(self._plan_events, application.endpoints, limits.watchers), self._grpc
        )
        warnings_pb2_grpc.add_WarningServiceServicer_to_server(WarningServicer(application.alerting), self._grpc)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        if security.reflection:
            reflection.enable_server_reflection((*SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME), self._grpc)
        try:
            self.port = self.entrance.open_port(self._grpc, address)
        except RuntimeError as error:
            raise CannotListen(f"cannot listen on {address}: is another server running there?") from error
        self._watch.start(application_sights(application, self._admission))

    def lanes(self) -> list[LaneState]:
        """How the lanes of calls stand."""
        return self._admission.states()

    def start(self) -> None:
        """Take calls, and publish what shops show."""
        warn_if_unknown()
        self._feed.start()
        self._plan_events.start()
        self.entrance.start()
        self._grpc.start()
        self._tell_health(health_pb2.HealthCheckResponse.SERVING)

    def stop(self, grace_seconds: float, notice_seconds: float = 0.0) -> None:
        """Tell clients to go elsewhere, and go on for so long that they notice; let running calls finish, then end."""
        self._tell_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        time.sleep(notice_seconds)
        self._feed.stop()
        self._plan_events.stop()
        self._grpc.stop(grace_seconds).wait()
        self._watch.stop()
        self.entrance.stop()
        self._streams.shutdown()
        self._admission.stop()
        self._stack.shutdown()

    def _tell_health(self, status: Any) -> None:
        for service in ("", *SERVICES):
            self._health.set(service, status)


def _add_services(server: grpc.Server, application: Application) -> None:
    database = application.database
    catalog_pb2_grpc.add_CatalogServiceServicer_to_server(CatalogServicer(application.catalog), server)
    combinations_pb2_grpc.add_CombinationServiceServicer_to_server(
        CombinationServicer(application.combinations, CombinationDesk(application.planner.exploding)), server
    )
    network_pb2_grpc.add_NetworkServiceServicer_to_server(NetworkServicer(application.network), server)
    conditions_pb2_grpc.add_ConditionServiceServicer_to_server(ConditionServicer(application.reports), server)
    replan_pb2_grpc.add_ReplanningServiceServicer_to_server(ReplanningServicer(application.replanner), server)
    recipients_pb2_grpc.add_RecipientServiceServicer_to_server(RecipientServicer(application.vault), server)
    overrides_pb2_grpc.add_OverrideServiceServicer_to_server(OverrideServicer(application.overriding), server)
    shadow_pb2_grpc.add_ShadowServiceServicer_to_server(
        ShadowServicer(application.shadowing, application.clock), server
    )
    stock_values_pb2_grpc.add_StockValueServiceServicer_to_server(
        StockValueServicer(application.planner.valuing), server
    )
    batch_pb2_grpc.add_BatchServiceServicer_to_server(
        BatchServicer(application.batches, application.operations, application.clock), server
    )
    policy_pb2_grpc.add_PolicyServiceServicer_to_server(
        PolicyServicer(application.policies, application.database), server
    )
    stock_pb2_grpc.add_StockServiceServicer_to_server(
        StockServicer(database, application.stockroom, application.stock, application.holding), server
    )
    atp_pb2_grpc.add_AtpServiceServicer_to_server(AtpServicer(application.promising), server)
    commitments_pb2_grpc.add_CommitmentServiceServicer_to_server(CommitmentServicer(application.committing), server)
    channels_pb2_grpc.add_ChannelServiceServicer_to_server(ChannelServicer(application.channels), server)
    add_warehouse_services(server, application.warehouse)
    add_settlement_services(server, application.contracts, application.settlements, application.settled_plans)
    valuation_pb2_grpc.add_ValuationServiceServicer_to_server(ValuationServicer(application.valuation), server)
    books_pb2_grpc.add_BooksServiceServicer_to_server(
        BooksServicer(LedgerDesk(database, application.clock, application.ledger)), server
    )
    add_settling_services(
        server, application.differences, application.invoicing, application.reconciling, application.clock
    )
    ledger_pb2_grpc.add_LedgerServiceServicer_to_server(
        LedgerServicer(database, application.ledger, application.journal, application.stock), server
    )
    sourcing_pb2_grpc.add_SourcingServiceServicer_to_server(
        SourcingServicer(application.planner, application.policies, application.clock), server
    )
