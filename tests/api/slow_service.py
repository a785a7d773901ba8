"""A server whose one service does as it is told, behind the admission of the product."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from solver.access.caller import Caller, set_caller
from solver.api.admission import Admission, AdmissionLimits
from tests.running import HOST, plain_channel

WORK = "/some.Service/Work"
PLAN = "/xunyuan.sourcing.v1.SourcingService/Promise"
AUDIT = "/xunyuan.ledger.v1.LedgerService/AuditBooks"
CHECK = "/grpc.health.v1.Health/Check"


class CallersByMetadata(grpc.ServerInterceptor):
    """Takes the metadata `caller` for who calls."""

    def intercept_service(self, continuation: Callable[..., Any], details: Any) -> Any:
        named = dict(details.invocation_metadata).get("caller", "local")
        set_caller(Caller(caller_id=named))
        return continuation(details)


class SlowService:
    """Each call sleeps for so many seconds as its message says, or waits for `gate` where it says `wait`."""

    def __init__(self, limits: AdmissionLimits) -> None:
        self.gate = threading.Event()
        self.begun: list[bytes] = []
        self.admission = Admission(limits)
        self._server = grpc.server(ThreadPoolExecutor(1), interceptors=[CallersByMetadata(), self.admission])
        self._server.add_generic_rpc_handlers([_Handlers(self._answer)])
        self.channel = plain_channel(self._server.add_insecure_port(f"{HOST}:0"))
        self._server.start()

    def call(self, message: str, caller: str = "local", method: str = WORK, timeout: float | None = 30.0) -> Any:
        """Begin a call; its future."""
        stub: Any = self.channel.unary_unary(method)
        return stub.future(message.encode(), timeout=timeout, metadata=(("caller", caller),))

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that must come."""
        ends_at = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < ends_at, "it never came"
            time.sleep(0.005)

    def waiting(self) -> int:
        """How many calls wait, in all lanes."""
        return sum(one.waiting for one in self.admission.states())

    def close(self) -> None:
        """End at once."""
        self.gate.set()
        self.channel.close()
        self._server.stop(0).wait()
        self.admission.stop()

    def _answer(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        self.begun.append(request)
        if request.startswith(b"wait"):
            assert self.gate.wait(30)
        else:
            time.sleep(float(request))
        return request


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, answer: Callable[[Any, Any], Any]) -> None:
        self._handler: Any = grpc.unary_unary_rpc_method_handler(answer)

    def service(self, handler_call_details: Any) -> Any:
        return self._handler
