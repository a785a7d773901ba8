"""A call is begun when its message is there; one whose message does not come keeps no thread from others."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from solver.api.arrival import Arrivals, OnArrival
from tests.faults import http2
from tests.running import HOST, SECONDS, plain_channel

WORK = "/some.Service/Work"
MESSAGE = b"\x00\x00\x00\x00\x03abc"  # as gRPC puts "abc" on the wire
WORKERS = 1
END_STREAM = 1
DATA = 0


@dataclass
class Served:
    """A server of one worker, whose only method gives back what it is sent."""

    port: int
    arrivals: Arrivals
    now: float = 0.0
    asked: list[bytes] = field(default_factory=list)

    def ask(self) -> bytes:
        """A call as it should be."""
        with plain_channel(self.port) as channel:
            call: Any = channel.unary_unary(WORK)
            answer: bytes = call(b"whole", timeout=SECONDS)
        return answer


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served(port=0, arrivals=Arrivals(most_seconds=10.0, clock=lambda: made.now))
    server = grpc.server(OnArrival(made.arrivals, ThreadPoolExecutor(max_workers=WORKERS)))

    def work(request: bytes, _: grpc.ServicerContext) -> bytes:
        made.asked.append(request)
        return request

    class Handlers(grpc.GenericRpcHandler):
        def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
            return grpc.unary_unary_rpc_method_handler(work)

    server.add_generic_rpc_handlers([Handlers()])
    made.port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    yield made
    server.stop(0).wait()


def begun(port: int, *, ends: bool = False) -> socket.socket:
    """A connection on which a call is begun, without its message; `ends`: and none is to come."""
    flags = http2.END_HEADERS | (END_STREAM if ends else 0)
    headers = http2.frame(http2.HEADERS, http2.request_headers(WORK), flags=flags, stream=1)
    return http2.connection(port, http2.PREFACE, http2.frame(http2.SETTINGS), headers)


def wait_until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def test_calls_without_their_message_keep_no_thread_from_others(served: Served) -> None:
    half = [begun(served.port) for _ in range(5)]
    wait_until(lambda: len(served.arrivals) == 5)
    assert served.ask() == b"whole"
    for connection in half:
        connection.close()
    wait_until(lambda: len(served.arrivals) == 0)
    assert served.asked == [b"whole"]


def test_a_message_that_comes_late_is_answered(served: Served) -> None:
    connection = begun(served.port)
    wait_until(lambda: len(served.arrivals) == 1)
    assert served.ask() == b"whole"
    http2.send(connection, http2.frame(DATA, MESSAGE, flags=END_STREAM, stream=1))
    wait_until(lambda: served.asked == [b"whole", b"abc"])
    assert len(served.arrivals) == 0
    connection.close()


def test_a_message_that_comes_too_late_is_not_waited_for(served: Served) -> None:
    connection = begun(served.port)
    wait_until(lambda: len(served.arrivals) == 1)
    served.now = 10.5
    assert served.ask() == b"whole"  # whose coming refuses the other
    assert len(served.arrivals) == 0
    http2.send(connection, http2.frame(DATA, MESSAGE, flags=END_STREAM, stream=1))
    assert (http2.HEADERS, http2.END_HEADERS | END_STREAM, 1) in http2.frames(everything_from(connection))
    assert served.asked == [b"whole"]


def test_a_call_that_ends_without_its_message_is_not_begun(served: Served) -> None:
    connection = begun(served.port, ends=True)
    assert served.ask() == b"whole"
    wait_until(lambda: len(served.arrivals) == 0)
    assert served.asked == [b"whole"]
    connection.close()


def everything_from(connection: socket.socket) -> bytes:
    connection.shutdown(socket.SHUT_WR)
    found = b""
    while data := connection.recv(65_536):
        found += data
    connection.close()
    return found
