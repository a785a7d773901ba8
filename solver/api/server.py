"""The gRPC server: every service of the application, health and reflection."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from solver.api.admission import Admission, AdmissionLimits
from solver.api.arrival import on_arrival
from solver.api.entrance import Entrance, Security
from solver.api.gathered_calls import ONE_BY_ONE
from solver.api.grpc_inside import warn_if_unknown
from solver.api.guard import ErrorsToStatuses
from solver.api.services import SERVICES, add_services
from solver.api.sourcing import planned_together
from solver.api.stacked import StackedCalls
from solver.api.watch import Watch, application_sights
from solver.app import Application
from solver.errors import XunyuanError
from solver.settings.watching import WatchingSettings
from solver.watching.lanes import LaneState

# Many at a time, each short but for its commit.
STACKED = frozenset(
    f"/xunyuan.stock.v1.StockService/{method}" for method in ("HoldStock", "ConfirmHold", "ReleaseHold", "ExtendHold")
)

PLANNED_TOGETHER = "/xunyuan.sourcing.v1.SourcingService/PlanFulfillment"
PROMISED_ONE_BY_ONE = "/xunyuan.sourcing.v1.SourcingService/Promise"


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
            {PLANNED_TOGETHER: planned_together(application.planner), PROMISED_ONE_BY_ONE: ONE_BY_ONE},
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
        add_services(self._grpc, application, watchers=limits.watchers)
        self.entrance.add_service(self._grpc)
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
