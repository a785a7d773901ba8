"""What gRPC hands to an executor is what admission takes it for."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import grpc

from solver.access.caller import LOCAL
from solver.api.handed_over import answer_with, caller_id_of, deadline_of
from tests.running import HOST, plain_channel


class Noting(ThreadPoolExecutor):
    """Keeps what it is handed, and answers it by `act`."""

    def __init__(self, act: Callable[..., None]) -> None:
        super().__init__(max_workers=1)
        self.handed: list[tuple[Any, tuple[Any, ...]]] = []
        self._act = act

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.handed.append((fn, args))
        self._act(fn, args)
        future: Future[Any] = Future()
        future.set_result(None)
        return future


def called(act: Callable[..., None], timeout: float | None) -> tuple[Noting, grpc.Call]:
    """A call at a server whose executor acts so; the executor and the failed call."""
    noting = Noting(act)
    server = grpc.server(noting)

    class Handlers(grpc.GenericRpcHandler):
        def service(self, handler_call_details: Any) -> Any:
            return grpc.unary_unary_rpc_method_handler(lambda request, context: request)

    server.add_generic_rpc_handlers([Handlers()])
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    with plain_channel(port) as channel:
        stub: Any = channel.unary_unary("/some.Service/Work")
        call = stub.future(b"", timeout=timeout)
        call.exception(30)
    server.stop(0).wait()
    return noting, call


def refuse(run: Callable[..., Any], parts: tuple[Any, ...]) -> None:
    status = type("Status", (grpc.Status,), {})()
    status.code, status.details = grpc.StatusCode.RESOURCE_EXHAUSTED, "not now"
    status.trailing_metadata = (("why", "because"),)
    answer_with(status, run, parts)


def test_the_deadline_and_the_caller_are_known_and_a_status_answers_without_the_message() -> None:
    noting, call = called(refuse, timeout=20.0)
    [(run, parts)] = noting.handed
    assert 0 < deadline_of(parts) - time.time() < 21.0  # gRPC rounds
    assert caller_id_of(run) == LOCAL.caller_id
    assert (call.code(), call.details()) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "not now")
    assert ("why", "because") in [(key, value) for key, value in call.trailing_metadata()]


def test_a_call_without_a_deadline_has_one_beyond_all_waiting() -> None:
    noting, _ = called(refuse, timeout=None)
    assert deadline_of(noting.handed[0][1]) > 1e12
