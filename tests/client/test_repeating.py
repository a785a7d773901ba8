"""What a server that ends left unanswered is sent again, with the same request."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import grpc
import pytest

from solver.client import CallFailed
from solver.client.channel import call, open_channel
from solver.gen.xunyuan.ledger.v1 import ledger_pb2, ledger_pb2_grpc
from tests.running import HOST, SECONDS


class Ending:
    """Ends the first calls with a status, and answers the next one."""

    def __init__(self) -> None:
        self.status, self.ends, self.asked = grpc.StatusCode.CANCELLED, 0, 0

    def audit(self, _: Any, context: grpc.ServicerContext) -> Any:
        """Answer, or end the call."""
        self.asked += 1
        if self.asked <= self.ends:
            self._end(context)
        return ledger_pb2.AuditBooksResponse(books_balance=True)

    def _end(self, context: grpc.ServicerContext) -> NoReturn:
        context.abort(self.status, "the server ends")
        raise AssertionError("abort raises")


@pytest.fixture
def ending() -> Ending:
    return Ending()


@pytest.fixture
def channel(ending: Ending) -> Iterator[grpc.Channel]:
    server = grpc.server(ThreadPoolExecutor(2))
    audit = grpc.unary_unary_rpc_method_handler(
        ending.audit,
        ledger_pb2.AuditBooksRequest.FromString,
        ledger_pb2.AuditBooksResponse.SerializeToString,
    )
    server.add_registered_method_handlers("xunyuan.ledger.v1.LedgerService", {"AuditBooks": audit})
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    with open_channel(f"{HOST}:{port}") as opened:
        yield opened
    server.stop(0).wait()


def asked(channel: grpc.Channel) -> bool:
    stub = ledger_pb2_grpc.LedgerServiceStub(channel)
    return call(stub.AuditBooks, ledger_pb2.AuditBooksRequest(), timeout_seconds=SECONDS).books_balance


@pytest.mark.parametrize("status", [grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED])
def test_a_call_that_an_ending_server_or_a_race_left_undone_is_sent_again(
    ending: Ending, channel: grpc.Channel, status: grpc.StatusCode
) -> None:
    ending.status, ending.ends = status, 2
    assert asked(channel)
    assert ending.asked == 3


def test_a_call_that_was_refused_is_not(ending: Ending, channel: grpc.Channel) -> None:
    ending.status, ending.ends = grpc.StatusCode.FAILED_PRECONDITION, 1
    with pytest.raises(CallFailed, match="the server ends"):
        asked(channel)
    assert ending.asked == 1
