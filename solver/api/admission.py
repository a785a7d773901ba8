"""Every call is let in, kept waiting, or turned away before any work is done for it."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import grpc

from solver.admission.lanes import Lane, lane_of
from solver.admission.model import LineLimits, WaitingCall
from solver.api import grpc_inside
from solver.api.arrival import Arrivals, OnArrival
from solver.api.crew import Crew
from solver.api.gathered_calls import GatheredCalls, Together
from solver.api.lane_calls import LaneCalls, TellTurnedAway
from solver.api.later import concluded
from solver.api.stacked import MOST_STACKED, StackedCalls
from solver.watching.lanes import LaneState

VITAL_WORKERS = 2
LAST_SECONDS = 1.0
_STACK_AHEAD = 2  # times as many calls are begun as stand one upon another, so that the next is always there
_NONE_TOGETHER: Mapping[str, Together] = {}

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionLimits:
    """What a server lets in.

    `workers` light calls and as many decisions on orders run at once, `heavy_workers` heavy calls; in each lane so many
    may wait, none much longer than `waiting_seconds`. `shares` says how much more a caller may have than others.
    """

    workers: int = 8
    heavy_workers: int = 2
    waiting_calls: int = 1000
    waiting_seconds: float = 20.0
    shares: Mapping[str, float] = field(default_factory=dict)


class Admission(grpc.ServerInterceptor):
    """Gives every unary call to the line of its lane.

    Calls that have an executor of their own get a line before it; those of methods in `together` are worked on so.
    Streams pass: they have places of their own. All pass
    where gRPC is not as it is known (`grpc_inside`): then its own threads and its own bound are what there is.
    """

    def __init__(
        self,
        limits: AdmissionLimits,
        tell: TellTurnedAway = lambda *_: None,
        together: Mapping[str, Together] = _NONE_TOGETHER,
    ) -> None:
        self._limits = limits
        self._tell = tell
        self._crews: list[Crew[WaitingCall] | GatheredCalls] = []
        heavy = min(limits.heavy_workers, limits.workers)
        workers = {Lane.VITAL: VITAL_WORKERS, Lane.HEAVY: heavy}
        self._lanes = {
            lane: self._manned(
                lane,
                workers.get(lane, limits.workers),
                {method: how for method, how in together.items() if lane_of(method) is lane},
            )
            for lane in Lane
        }
        self._stacks: dict[StackedCalls, LaneCalls] = {}
        self._handlers: dict[str, Handler] = {}
        self.arrivals = Arrivals()

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Handler], details: grpc.HandlerCallDetails
    ) -> Handler:
        """The handler with the executor of its lane; what stands within is asked once for every method."""
        handler = self._handlers.get(details.method)
        if handler is None:
            handler = continuation(details)
            if handler is None:
                return None
            if handler.unary_unary is not None and grpc_inside.is_known():
                handler = self._admitted(handler, details.method)
            self._handlers[details.method] = handler
        return handler

    def states(self) -> list[LaneState]:
        """How the lanes stand."""
        return [lane.state() for lane in (*self._lanes.values(), *self._stacks.values())]

    def stop(self, within_seconds: float = LAST_SECONDS) -> None:
        """End the workers, after what they were given; calls that were cut off already are not waited for long."""
        for crew in self._crews:
            crew.stop(within_seconds)

    def _admitted(self, handler: Any, method: str) -> Handler:
        answer = handler.unary_unary
        lane = self._lane(getattr(answer, "experimental_thread_pool", None), method)
        took = lane.took

        def timed(request: Any, context: grpc.ServicerContext) -> Any:
            begun = time.perf_counter()
            return concluded(lambda: answer(request, context), lambda _: took(method, time.perf_counter() - begun))

        timed.experimental_thread_pool = OnArrival(self.arrivals, _MethodCalls(lane, method))  # type: ignore[attr-defined]  # where gRPC looks for one
        return grpc.unary_unary_rpc_method_handler(timed, handler.request_deserializer, handler.response_serializer)

    def _lane(self, own: object, method: str) -> LaneCalls:
        if not isinstance(own, StackedCalls):
            return self._lanes[lane_of(method)]
        if own not in self._stacks:
            self._stacks[own] = self._stacked(own)
        return self._stacks[own]

    def _manned(self, name: str, workers: int, together: Mapping[str, Together]) -> LaneCalls:
        """A lane with a crew, beside which each of these methods has a thread that works on its calls together."""
        lane = self._new_lane(name, workers)
        gathered: dict[str, GatheredCalls] = {}

        def carry_out(call: WaitingCall) -> WaitingCall | None:
            following = lane.carry_out(call)
            if following is None or following.method not in gathered:
                return following
            gathered[following.method].start(following)
            return None

        def answer(call: WaitingCall) -> None:
            following = lane.carry_out(call)
            if following is not None:
                lane.start(following)

        crew = Crew(f"{name} call", workers, carry_out)
        for method, how in together.items():
            gathered[method] = GatheredCalls(f"{name} calls together", how, answer=answer, aside=crew.start)
        lane.start = lambda call: gathered.get(call.method, crew).start(call)
        self._crews += (*gathered.values(), crew)
        return lane

    def _stacked(self, stack: StackedCalls) -> LaneCalls:
        lane = self._new_lane(stack.name, MOST_STACKED * _STACK_AHEAD)

        def carry_out(call: WaitingCall) -> None:
            following = lane.carry_out(call)
            if following is not None:
                stack.submit(carry_out, following)

        lane.start = lambda call: stack.submit(carry_out, call)
        return lane

    def _new_lane(self, name: str, workers: int) -> LaneCalls:
        limits = self._limits
        most = LineLimits(workers=workers, waiting_calls=limits.waiting_calls, waiting_seconds=limits.waiting_seconds)
        return LaneCalls(name, most, limits.shares, self._tell)


class _MethodCalls(ThreadPoolExecutor):
    """The executor that gRPC finds at a method; it only hands over. gRPC takes no other kind of executor."""

    def __init__(self, lane: LaneCalls, method: str) -> None:
        super().__init__(max_workers=1)
        self._enter = lane.enter
        self._method = method

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> "Future[Any]":
        """See Executor."""
        return self._enter(self._method, fn, args)
